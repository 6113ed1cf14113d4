"""Values: labels, names, ids and members look as Google allows, beyond what descriptions say for programs."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import yaml

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.discovery.bodies import bound
from mockcloud.discovery.methods import Kind, Method
from mockcloud.discovery.names import singular, snake
from mockcloud.discovery.schemas import Violation

_MOST_LABELS: Final = 64
_LONGEST_LABEL: Final = 63
"""Characters of a key, and of a value."""
_LABEL_CATEGORIES: Final = frozenset({"Ll", "Lo", "Lm", "Mn", "Mc", "Nd", "Nl", "No"})
"""Unicode's categories of characters in labels, beside `-` and `_`: letters that are not upper case, and digits."""

_MEMBER: Final = re.compile(
    r"allUsers|allAuthenticatedUsers|(?:user|group):[^@\s]+@[^@\s]+|domain:[^@\s]+"
    r"|serviceAccount:(?:[^@\s]+@[^@\s]+|[^\s\[]+\.(?:svc|hub)\.id\.goog\[[^\]]+\])|project(?:Owner|Editor|Viewer):[^\s]+"
    r"|principal(?:Set)?://[^\s]+|deleted:(?:user|group|serviceAccount|principal|principalSet):[^\s]+",
    re.IGNORECASE,
)
"""The forms of https://cloud.google.com/iam/docs/principal-identifiers, and what remains of the deleted."""
_OF_PROJECTS: Final = ("projectOwner:", "projectEditor:", "projectViewer:")
_ROLE: Final = re.compile(
    r"(?:projects/[^/\s]+|organizations/\d+)/roles/[A-Za-z0-9_.]+"
    r"|roles/(?:[A-Za-z0-9_]+\.[A-Za-z0-9_.]+|owner|editor|viewer|browser|reader|writer|admin)"
)
"""Custom roles, and predefined ones: those of a service have its name before a dot, the basic ones have none."""


def check(call: Call) -> None:
    """Hold values to their forms.

    Raises:
        ApiError: 400, for the first that has another.
    """
    held = _held(call.method)
    if held.request_id and (given := call.text("requestId")):
        _hold_request_id(given)
    if held.policy:
        _hold_policy(call)
    if held.form is not None:
        _hold_id(call, held)
    if not call.body:
        return
    if held.labels or held.longest:
        _hold_resource(held, held.sent_as, call.body)
        wrapped = call.body.get(held.wrapped)
        if isinstance(wrapped, Mapping):
            _hold_resource(held, held.wrapped, wrapped)


# Which methods
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Held:
    """What of a method's requests is held to a form.

    Attributes:
        labels: Field with labels; "" for none.
        longest: The most characters of a display name; 0 for any.
        form: What a new id must match whole; None for anything.
        at: Field of the body that holds it, such as `cluster.name`; "" where the query or the name does.
        request_id: Whether the request may have an id, which is a UUID.
        policy: Whether the request is a policy.
        sent_as: Field of the request that the body is; "" where it is the request itself.
        wrapped: Field of the body that may hold the resource.
    """

    labels: str = ""
    longest: int = 0
    form: re.Pattern[str] | None = None
    at: str = ""
    request_id: bool = False
    policy: bool = False
    sent_as: str = ""
    wrapped: str = ""


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    with Path(__file__).with_suffix(".yaml").open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.safe_load(file)
    return found


@cache
def _held(method: Method) -> _Held:
    table, name = _table(), method.full_id
    writes = method.kind in {Kind.CREATE, Kind.PATCH, Kind.UPDATE} or name.endswith((".upload", ".setLabels"))
    labels = [field for field, apis in table["labels"].items() if method.api in apis]
    longest = [most for start, most in table["display_names"].items() if f"{name}.".startswith(f"{start}.")]
    row = table["ids"].get(name)
    told = " ".join(str(method.parameters.get("requestId", {}).get("description", "")).split())
    return _Held(
        labels=labels[0] if writes and labels else "",
        longest=longest[0] if writes and longest else 0,
        form=re.compile(row["form"]) if row else None,
        at=row.get("at", "") if row else "",
        request_id="must be a valid UUID" in told,
        policy=method.kind is Kind.SET_IAM_POLICY,
        sent_as=bound(method),
        wrapped=singular(method.resource),
    )


@cache
def _path(*fields: str) -> str:
    return ".".join(snake(each) for each in fields if each)


# What is held
# ---------------------------------------------------------------------------------------------------------------------


def _wrong(message: str, field: str, why: str) -> ApiError:
    return invalid(message, Violation(field, why), reason="invalid")


def _hold_resource(held: _Held, within: str, resource: Mapping[str, Any]) -> None:
    labels = resource.get(held.labels)
    if isinstance(labels, Mapping):
        _hold_labels(_path(within, held.labels), labels)
    name = resource.get("displayName")
    if held.longest and isinstance(name, str) and len(name) > held.longest:
        why = f"It has {len(name)} characters, and may have {held.longest}."
        raise _wrong(f"The display name is too long: '{name[:50]}…'.", _path(within, "displayName"), why)


def _hold_labels(field: str, labels: Mapping[str, Any]) -> None:
    if len(labels) > _MOST_LABELS:
        why = f"There are {len(labels)} labels, and may be {_MOST_LABELS}."
        raise _wrong(f"A resource has at most {_MOST_LABELS} labels.", field, why)
    for key, value in labels.items():
        if not is_label_key(key):
            why = "A key begins with a lower-case letter, and has up to 63 of them, digits, '_' and '-'."
            raise _wrong(f"Invalid label key: '{key[:100]}'. {why}", f"{field}.{key[:100]}", why)
        if isinstance(value, str) and not is_label_value(value):
            why = "A value has up to 63 lower-case letters, digits, '_' and '-'."
            raise _wrong(f"Invalid value of label '{key}': '{value[:100]}'. {why}", f"{field}.{key}", why)


@lru_cache(maxsize=4096)
def is_label_key(text: str) -> bool:
    """Whether a text may be the key of a label. Services have keys of their own with a domain before a slash."""
    if "/" in text:
        return True
    return is_label_value(text) and text != "" and unicodedata.category(text[0]) in {"Ll", "Lo", "Lm"}


@lru_cache(maxsize=4096)
def is_label_value(text: str) -> bool:
    """Whether a text may be the value of a label."""
    return len(text) <= _LONGEST_LABEL and all(
        each in "-_" or unicodedata.category(each) in _LABEL_CATEGORIES for each in text
    )


def _hold_id(call: Call, held: _Held) -> None:
    given: object = call.body
    if held.at:
        for part in held.at.split("."):
            given = given.get(part, "") if isinstance(given, Mapping) else ""
    else:
        given = call.text(call.method.id_parameter) if call.method.id_parameter else ""
        given = given or str(call.body.get("name", "")).rpartition("/")[2]
    if isinstance(given, str) and given and held.form is not None and held.form.fullmatch(given) is None:
        why = f"It must match '{held.form.pattern}'."
        raise _wrong(
            f"Invalid id: '{given[:100]}'. {why}",
            _path(*held.at.split(".")) or snake(call.method.id_parameter) or "name",
            why,
        )


def _hold_request_id(given: str) -> None:
    try:
        is_one = UUID(given).int != 0
    except ValueError:
        is_one = False
    if not is_one:
        why = "It must be a UUID, and not that of zeros."
        raise _wrong(f"Invalid value for field 'requestId': '{given[:100]}'. {why}", "request_id", why)


def _hold_policy(call: Call) -> None:
    policy = call.body.get("policy", call.body)
    bindings = policy.get("bindings") if isinstance(policy, Mapping) else None
    for each in bindings if isinstance(bindings, list) else ():
        role, members = each.get("role", ""), each.get("members", [])
        if role and not _ROLE.fullmatch(role):
            why = "A role is roles/NAME, projects/ID/roles/NAME or organizations/NUMBER/roles/NAME."
            raise _wrong(f"Role ({role[:100]}) is invalid. {why}", "policy.bindings.role", why)
        for member in members:
            if not _is_member(call, member):
                why = "It has no form that a member may have here, such as user:ADDRESS or serviceAccount:ADDRESS."
                raise _wrong(f"Invalid member: '{str(member)[:100]}'. {why}", "policy.bindings.members", why)


def _is_member(call: Call, member: object) -> bool:
    if not isinstance(member, str) or not _MEMBER.fullmatch(member):
        return False
    # Who has a basic role on a project is a member for data in it, not for the project itself.
    return not (call.api == "cloudresourcemanager" and member.startswith(_OF_PROJECTS))
