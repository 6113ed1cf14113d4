"""The optional `groundplan` member of a document: the profile, and where each value came from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from groundplan_policies.engine.errors import DocumentError
from groundplan_policies.engine.fields import Fields
from groundplan_policies.engine.values import Value

MEMBER = "groundplan"
"""The key beside Pulumi's `version` and `deployment`. Pulumi skips keys that it does not know."""


@dataclass(frozen=True, slots=True)
class Member:
    """What a document says beyond Pulumi's format. All of it is empty for a document that Pulumi wrote.

    Attributes:
        profile: `preview` or `state`; "" if the member does not say.
        engine: `embedded` or `pulumi`; "" if the member does not say.
        provenance: URN -> property path of a leaf of the inputs -> URNs whose outputs the leaf was made of.
        requests: URN -> fields of the registration that the state does not keep.
    """

    profile: str = ""
    engine: str = ""
    provenance: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    requests: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


def member_schema() -> dict[str, Value]:
    """Give the JSON Schema (2020-12) of the member, for whoever writes documents."""
    text = files("groundplan_policies.engine").joinpath("groundplan-member.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Value] = json.loads(text)
    return schema


def read_member(raw: Mapping[str, Value]) -> Member:
    """Read the member of a whole document.

    Raises:
        DocumentError: The member has fields of another type, or a profile that does not exist.
    """
    fields = Fields(Fields(raw, "The document").mapping(MEMBER), "The `groundplan` member")
    profile = fields.text("profile")
    if profile not in {"", "preview", "state"}:
        raise DocumentError(
            "The document is of a profile that is not known",
            given=f"profile {profile!r}",
            allowed="preview, state",
            remedy="update groundplan, which may be older than the document",
        )
    provenance = Fields(fields.mapping("provenance"), "The `groundplan` member's provenance")
    requests = Fields(fields.mapping("requests"), "The `groundplan` member's requests")
    return Member(
        profile=profile,
        engine=fields.text("engine"),
        provenance={urn: provenance.texts_by_key(urn) for urn in fields.mapping("provenance")},
        requests={urn: requests.mapping(urn) for urn in fields.mapping("requests")},
    )
