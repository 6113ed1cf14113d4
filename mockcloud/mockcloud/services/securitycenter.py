"""Security Command Center: sources and their findings, mute rules, notifications. Nothing is scanned here.

Behaviour as https://cloud.google.com/security-command-center/docs/reference/rest tells it (2026-11).
"""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, invalid, not_found
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.masks import apply_mask, read_mask
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

_API: Final = "securitycenter"
_PARENTS: Final = ("organizations", "folders", "projects")
_LONGEST_ID: Final = 32

SERVICE = Service(_API)
SERVICE.collection("organizations.sources", required=("displayName",), orphans=True, state=None)

_AGENT: Final = {"organizations": "service-org-{}", "folders": "service-folder-{}", "projects": "service-{}"}
"""How the account is called that publishes findings, by what it publishes of."""


def _notification(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Name the account that publishes, which must be given the right to."""
    kind, owner, _ = name.split("/", 2)
    number = call.cloud.projects.number_of(owner) if kind == "projects" else owner
    address = f"{_AGENT[kind].format(number)}@gcp-sa-scc-notification.iam.gserviceaccount.com"
    return {**body, "name": name, "serviceAccount": address}


for _parent in _PARENTS:
    SERVICE.collection(f"{_parent}.notificationConfigs", created=_notification, state=None)


def _methods(verb: str) -> tuple[str, ...]:
    bases = (f"{parent}.sources{where}.findings" for parent in _PARENTS for where in ("", ".locations"))
    return tuple(f"{each}.{verb}" for each in bases)


def _found(call: Call, name: str = "") -> Record:
    record = call.cloud.store.get(_API, name or call.name)
    if record is None:
        raise not_found(name or call.name, what="Finding")
    return record


@SERVICE.method(*_methods("create"))
def create(call: Call) -> Answer | Body:
    """Make a finding."""
    identifier = call.text("findingId")
    if not identifier.isalnum() or len(identifier) > _LONGEST_ID:
        raise invalid("The finding's id has 1 to 32 letters and digits.", Violation("finding_id", "It has not."))
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(_API, name) is not None:
        raise already_exists(name, what="Finding")
    now = call.cloud.clock.tick()
    body = {"state": "ACTIVE", "eventTime": now, "mute": "UNDEFINED", **call.body}
    kept = {"name": name, "parent": call.name.removesuffix("/findings"), "createTime": now, "canonicalName": name}
    return call.cloud.create(Record(_API, name, {**body, **kept})).body


@SERVICE.method(*_methods("patch"))
def patch(call: Call) -> Answer | Body:
    """Change a finding, or make it."""
    record = call.cloud.store.get(_API, call.name)
    if record is None:
        made = {"state": "ACTIVE", "mute": "UNDEFINED", "createTime": call.cloud.clock.tick(), **call.body}
        return call.cloud.create(Record(_API, call.name, {**made, "name": call.name})).body
    mask = call.text("updateMask") or ",".join(call.body)
    new: dict[str, Any] = apply_mask(record.body, call.body, read_mask(mask, call.schemas, "Finding"))
    kept = {key: record.body[key] for key in ("name", "parent", "createTime", "canonicalName") if key in record.body}
    return call.cloud.change(record, {**new, **kept}).body


@SERVICE.method(*_methods("setState"))
def set_state(call: Call) -> Answer | Body:
    """Say that a finding is active or not."""
    record = _found(call)
    changes = {"state": call.body.get("state", "ACTIVE"), "eventTime": call.body.get("startTime", "")}
    return call.cloud.change(record, {**record.body, **{key: value for key, value in changes.items() if value}}).body


@SERVICE.method(*_methods("setMute"))
def set_mute(call: Call) -> Answer | Body:
    """Mute a finding, or let it be heard again."""
    record = _found(call)
    now = call.cloud.clock.tick()
    changes = {"mute": call.body.get("mute", "MUTED"), "muteUpdateTime": now, "muteInitiator": call.caller.member}
    return call.cloud.change(record, {**record.body, **changes}).body


@SERVICE.method(*_methods("updateSecurityMarks"))
def update_marks(call: Call) -> Answer | Body:
    """Change the marks of a finding."""
    record = _found(call, call.name.removesuffix("/securityMarks"))
    marks = {**record.body.get("securityMarks", {}).get("marks", {}), **call.body.get("marks", {})}
    new = {"name": f"{record.name}/securityMarks", "marks": marks}
    call.cloud.change(record, {**record.body, "securityMarks": new})
    return new


def _all(call: Call) -> list[Record]:
    """Give the findings of a source, or of all (`-`), that pass the filter."""
    source = call.name.split("/findings")[0]
    keep = matcher(call.text("filter") or str(call.body.get("filter", "")))
    every = source.endswith("/sources/-")
    start = source.removesuffix("-") if every else f"{source}/"
    return [
        each
        for each in sorted(call.cloud.store.of(_API), key=lambda record: record.name)
        if "/findings/" in each.name and each.name.startswith(start) and (keep is None or keep(each.body))
    ]


@SERVICE.method(*_methods("list"))
def list_(call: Call) -> Answer | Body:
    """Give findings."""
    found = _all(call)
    chosen, token = slice_page(call, found)
    results = [{"finding": each.body, "resource": {"name": each.body.get("resourceName", "")}} for each in chosen]
    shown = {"listFindingsResults": results} if results else {}
    return {**shown, "totalSize": len(found), **({"nextPageToken": token} if token else {})}


@SERVICE.method(*_methods("group"))
def group(call: Call) -> Answer | Body:
    """Count findings by fields."""
    fields = [each.strip() for each in call.body.get("groupBy", "").split(",") if each.strip()]
    if not fields:
        raise invalid("The fields to group by must be set.", Violation("group_by", "They are not set."))
    counts: dict[tuple[str, ...], int] = {}
    for each in _all(call):
        key = tuple(str(each.body.get(field, "")) for field in fields)
        counts[key] = counts.get(key, 0) + 1
    found = [
        {"properties": dict(zip(fields, key, strict=True)), "count": str(count)}
        for key, count in sorted(counts.items())
    ]
    chosen, token = slice_page(call, found)
    shown = {"groupByResults": chosen} if chosen else {}
    return {**shown, "totalSize": sum(counts.values()), **({"nextPageToken": token} if token else {})}
