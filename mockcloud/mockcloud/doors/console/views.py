"""What the console shows of a cloud, as JSON."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any, Final, TypeVar

from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.journal import Called, Changed
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Record

Json = dict[str, Any]
Entry = TypeVar("Entry", Called, Changed)

MOST: Final = 500
"""The most entries of one answer."""


def about(cloud: Cloud) -> Json:
    """Say what cloud this is, and where it stands."""
    return {
        "version": version("groundplan-mockcloud"),
        "now": stamp(cloud.clock.now),
        "profile": cloud.rules.profile.value,
        "rules": {rule.value: cloud.rules.on(rule) for rule in Rule},
        "waits": cloud.waits,
        "era": cloud.journal.era,
        "seed": cloud.ids.seed,
        "data": str(cloud.keeper.directory) if cloud.keeper is not None else "",
        "resources": len(cloud.store),
        "calls": cloud.journal.calls[-1].number if cloud.journal.calls else 0,
        "changes": len(cloud.journal.changes),
        "faults": len(cloud.faults),
    }


def state(cloud: Cloud) -> Json:
    """Count the resources, but for operations: by API and collection, and by project."""
    services: dict[str, Counter[str]] = {}
    projects: Counter[str] = Counter()
    found = [each for each in cloud.store if not is_operation(each)]
    for each in found:
        services.setdefault(each.api, Counter())[kind(each.name)] += 1
        if project := project_of(each.name):
            projects[project] += 1
    return {
        "resources": len(found),
        "services": [
            {"api": api, "collections": dict(sorted(kinds.items()))} for api, kinds in sorted(services.items())
        ],
        "projects": [
            {"project": project, "number": cloud.projects.number_of(project), "resources": number}
            for project, number in sorted(projects.items())
        ],
    }


def resources(cloud: Cloud, query: Mapping[str, str]) -> Json:
    """Give a page of the resources that fit, but for operations, in the order of their names.

    Args:
        cloud: The cloud.
        query: `api`, `kind`, `project`, `q` (words of its names), `after` (the last one of the page before), `size`.
    """
    words = query.get("q", "").lower().split()
    api, wanted, project = query.get("api", ""), query.get("kind", ""), query.get("project", "")

    def fits(record: Record) -> bool:
        return (
            not is_operation(record)
            and (not api or record.api == api)
            and (not project or project_of(record.name) == project)
            and (not wanted or kind(record.name) == wanted)
            and all(word in f"{record.api} {record.name} {_title(record)}".lower() for word in words)
        )

    found = sorted((each for each in cloud.store if fits(each)), key=_key)
    after = query.get("after", "")
    behind = [each for each in found if f"{each.api}/{each.name}" > after] if after else found
    size = number(query, "size", 100)
    return {"total": len(found), "resources": [_line(each) for each in behind[:size]], "more": len(behind) > size}


def _key(record: Record) -> str:
    return f"{record.api}/{record.name}"


def _title(record: Record) -> str:
    return str(record.body.get("displayName", ""))


def _line(record: Record) -> Json:
    return {
        "api": record.api,
        "name": record.name,
        "title": _title(record),
        "kind": kind(record.name),
        "project": project_of(record.name),
        "state": next(
            (str(record.body[each]) for each in ("state", "status", "lifecycleState") if each in record.body), ""
        ),
        "updated": record.updated,
    }


def resource(cloud: Cloud, api: str, name: str) -> Json | None:
    """Give one resource with its policy, what is planned for it and what happened to it; None for none."""
    record = cloud.store.get(api, name)
    if record is None:
        return None
    return {
        **_line(record),
        "body": record.body,
        "created": record.created,
        "revision": record.revision,
        "policy": cloud.store.policies.get((api, name)),
        "planned": [{"at": stamp(each.at), "event": each.event} for each in cloud.plans.of(api, name)],
        "changes": [each._asdict() for each in cloud.journal.changes if (each.api, each.name) == (api, name)][-MOST:],
    }


def operations(cloud: Cloud) -> Json:
    """Give the operations, the youngest first."""
    found = sorted((each for each in cloud.store if is_operation(each)), key=lambda each: each.created, reverse=True)
    due = {(each.api, each.name): stamp(each.at) for each in cloud.plans}
    return {
        "total": len(found),
        "operations": [
            {
                **_line(each),
                "created": each.created,
                "done": bool(each.body.get("done")) or each.body.get("status") == "DONE",
                "error": each.body.get("error"),
                "due": due.get((each.api, each.name), ""),
            }
            for each in found[:MOST]
        ],
    }


def is_operation(record: Record) -> bool:
    """Whether a resource is a long-running operation."""
    return record.parent.rpartition("/")[2] == "operations"


def calls(cloud: Cloud, query: Mapping[str, str]) -> Json:
    """Give the calls behind a number, the oldest first; without one, the last ones."""
    return {"calls": list(_behind(cloud.journal.calls, query, lambda each: each.number))}


def changes(cloud: Cloud, query: Mapping[str, str]) -> Json:
    """Give the changes behind a number, the oldest first; without one, the last ones."""
    return {"changes": list(_behind(cloud.journal.changes, query, lambda each: each.number))}


def violations(cloud: Cloud, query: Mapping[str, str]) -> Json:
    """Give what rules in dry run would have refused, the oldest first; the last ones."""
    found = list(cloud.journal.violations)[-number(query, "size", 100) :]
    return {"violations": [each._asdict() for each in found]}


def _behind(entries: Iterable[Entry], query: Mapping[str, str], of: Callable[[Entry], int]) -> Iterator[Json]:
    since, size = number(query, "since", -1, low=-1, most=2**53), number(query, "size", 100)
    found = [each for each in entries if of(each) > since]
    yield from (each._asdict() for each in (found[:size] if since >= 0 else found[-size:]))


def number(query: Mapping[str, str], name: str, usual: int, *, low: int = 1, most: int = MOST) -> int:
    """Read a whole number of a query; what is none is the usual one."""
    text = query.get(name, "")
    return max(low, min(int(text), most)) if text.lstrip("-").isdecimal() and len(text) < 17 else usual  # noqa: PLR2004 - int64


def kind(name: str) -> str:
    """Give the words of a name that name its collection: `projects.locations.endpoints`."""
    parts = name.split("/")
    if parts[2:3] == ["global"]:  # where Compute Engine has what is a whole project's: a word without an id
        parts.insert(3, "")
    return ".".join(parts[::2])


def project_of(name: str) -> str:
    """Give the id of the project in a name; "" for none."""
    parts = name.split("/", 2)
    return parts[1] if parts[0] == "projects" and len(parts) > 1 else ""
