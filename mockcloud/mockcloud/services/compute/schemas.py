"""What the description says of compute's resources beside their fields."""

import base64
import hashlib
import json
from functools import cache
from typing import Final

from mockcloud.cloud.store import Body
from mockcloud.discovery.documents import document

EMPTY: Final = "42WmSpB8rSM="
"""The fingerprint of what holds nothing. Compute's own is the same for everybody."""


@cache
def kind(version: str, schema: str) -> str:
    """Give the `kind` of a message: `compute#network`; "" where it has none."""
    found: str = (
        document("compute", version)["schemas"][schema].get("properties", {}).get("kind", {}).get("default", "")
    )
    return found


_TAKEN: Final = {"InstanceGroupManager": frozenset({"namedPorts"})}
"""Fields that compute takes although it says that it only gives them: Google's own clients send them."""


@cache
def output_only(version: str, schema: str) -> frozenset[str]:
    """Give the fields that a client cannot set. Compute says so in prose."""
    fields = document("compute", version)["schemas"][schema].get("properties", {})
    return frozenset(
        name
        for name, field in fields.items()
        if field.get("readOnly") or field.get("description", "").lstrip().startswith(("[Output Only]", "Output only"))
    ) - _TAKEN.get(schema, frozenset())


def fingerprint(content: object) -> str:
    """Give the fingerprint of labels, tags, metadata, or of a whole resource."""
    if not content:
        return EMPTY
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:8]).decode()


def of_resource(body: Body) -> str:
    """Give the fingerprint of a resource: of all but itself."""
    return fingerprint({key: each for key, each in body.items() if key != "fingerprint"})
