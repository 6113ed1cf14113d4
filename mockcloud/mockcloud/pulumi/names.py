"""Names of resources as programs give them: links, full names, and short ones that the provider expands."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.templates import fill

_LINK: Final = re.compile(r"^(?:https?:)?//[\w.-]*googleapis\.com/(?:(?:[a-z]+/)?(?:v\d\w*|beta|alpha)/)?")
_PLACES: Final = frozenset({"global", "regions", "zones"})
"""Words with which a name begins that leaves its project out."""
_IMAGE: Final = re.compile(r"(?:(?:projects/)?(?P<owner>[^/]+)/)?(?:global/images/)?(?:family/)?(?P<name>[^/]+)")
_ADDRESS: Final = re.compile(r"(?:^|/)addresses/[^/]+$")
_SCOPE: Final = "https://www.googleapis.com/auth/"
_SCOPES: Final = {
    "cloud-source-repos": "source.full_control",
    "cloud-source-repos-ro": "source.read_only",
    "compute-ro": "compute.readonly",
    "compute-rw": "compute",
    "logging-write": "logging.write",
    "monitoring-read": "monitoring.read",
    "monitoring-write": "monitoring.write",
    "service-control": "servicecontrol",
    "service-management": "service.management.readonly",
    "sql": "sqlservice",
    "sql-admin": "sqlservice.admin",
    "storage-full": "devstorage.full_control",
    "storage-ro": "devstorage.read_only",
    "storage-rw": "devstorage.read_write",
    "trace": "trace.append",
    "useraccounts-ro": "cloud.useraccounts.readonly",
    "useraccounts-rw": "cloud.useraccounts",
    "userinfo-email": "userinfo.email",
}
"""Scopes that have short names of their own: gcloud's, which the provider knows, too."""


def with_full_names(refs: Mapping[str, str], inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give inputs with full names where a program may give short ones.

    Args:
        refs: Property path -> template of the full name, as rows have them.
        inputs: The inputs, with the values of variables.

    Raises:
        Missing: A variable has no value.
    """
    found = inputs
    for path, template in refs.items():
        top, _, below = path.partition(".")
        if found.get(top) is not None:
            found = {**found, top: _full_names(found[top], below, template, inputs)}
    return found


def _full_names(value: Any, below: str, template: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Give a property's value with full names at a path below it."""
    if isinstance(value, list):
        return [_full_names(each, below, template, values) for each in value]
    if isinstance(value, dict) and below:
        top, _, rest = below.partition(".")
        return {**value, top: _full_names(value[top], rest, template, values)} if top in value else value
    return full_name(template, value, values) if isinstance(value, str) else value


def named(text: str) -> str:
    """Give what a link names: `projects/acme/global/networks/core`. Other texts stay."""
    return _LINK.sub("", text)


def full_name(template: str, text: str, values: Mapping[str, object]) -> str:
    """Give the full name for which a text stands: a name's last part, or one that leaves its project out.

    Args:
        template: The full name, with `{}` for the last part.
        text: A last part, a name without project, a full name or a link.
        values: Values by variable.

    Raises:
        Missing: A variable has no value.
    """
    if not text or text.startswith(("projects/", "http", "//")):
        return text
    above, _, below = template.partition("{}")
    if above == _SCOPE:
        return above + _SCOPES.get(text, text)
    if text.partition("/")[0] in _PLACES:
        return f"{fill('projects/{project}', values)}/{text}"
    last = text.rpartition("/")[2] if "/" in text else text
    return f"{fill(above, values)}{last}{below}"


def alike(given: str, value: str) -> bool:
    """Whether a name that a program gives stands for what the API gives.

    A link for its name, a port for its range, a reserved address for its number, a scope for its link, an image's
    family, or the first words of its name, for the image.
    """
    if value == f"{given}-{given}" and given.isdigit():
        # A range of one port.
        return True
    if named(value) == named(given) or (_ADDRESS.search(given) is not None and "/" not in value):
        return True
    if value.startswith(_SCOPE):
        return value == _SCOPE + _SCOPES.get(given, given)
    return "/images/" in value and _is_of_image(named(given), named(value))


def _is_of_image(given: str, value: str) -> bool:
    wanted, found = _IMAGE.fullmatch(given), _IMAGE.fullmatch(value)
    if wanted is None or found is None or wanted["owner"] not in {None, "family", found["owner"]}:
        return False
    return found["name"] == wanted["name"] or found["name"].startswith(f"{wanted['name']}-")
