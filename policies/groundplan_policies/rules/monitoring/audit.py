"""What is audited: which services log which kinds of access, for whom."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.projects import home
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, all_of, fail

PROJECT: Final = "projects.IAMAuditConfig"
WIDE: Final = ("folder.IamAuditConfig", "organizations.IamAuditConfig")
"""What holds for every project below a folder or an organisation."""

ALL: Final = "allServices"
KINDS: Final = ("ADMIN_READ", "DATA_READ", "DATA_WRITE")
CONFIGS: Final = Path("auditLogConfigs")
_SERVICE, _EXEMPT = Path("service"), Path("auditLogConfigs.exemptedMembers")


class Audited(NamedTuple):
    """What is said of one service.

    Attributes:
        service: The service's name, `allServices` among them; "" if it is not known.
        kinds: The kinds of access that are logged, as far as they are known.
        exempt: Whether somebody is exempt, or may be.
    """

    service: str
    kinds: frozenset[str]
    exempt: bool


def kinds(resource: Resource, wanted: tuple[str, ...]) -> Outcome:
    """Ask that kinds of access are logged."""
    listed = CONFIGS.one(resource)
    missing = unreadable(listed, absent=fail("is absent, so that nothing more is logged", listed.path))
    if missing is not None:
        return missing
    found = [_kind(each) for each in entries(listed)]
    unclear = all_of([outcome for each in found if (outcome := _readable(each)) is not PASS])
    left = [each for each in wanted if each not in {reading.text for reading in found}]
    if not left:
        return PASS
    return unclear if unclear.reasons else fail(f"does not log {', '.join(left)}", listed.path)


def _kind(entry: Reading) -> Reading:
    return read_value(entry.value, entry.path, "logType")[0] if isinstance(entry.value, dict) else entry


def _readable(kind: Reading) -> Outcome:
    missing = unreadable(kind, absent=fail("is absent; expected is a kind of access", kind.path))
    return missing or (PASS if kind.text else wrong_type(kind, "a kind of access"))


def service_of(resource: Resource) -> Reading:
    """Give the service that a configuration is about."""
    return _SERVICE.one(resource)


def audited(graph: Graph) -> Mapping[str, tuple[Audited, ...]]:
    """Give what is said of services in each project, as `home` gives it; under "*" what holds in all of them."""
    found: dict[str, list[Audited]] = {}
    for type_ in (PROJECT, *WIDE):
        for resource in graph.of(type_):
            where = home(graph, resource) if type_ == PROJECT else "*"
            exempt = any(each.state not in {State.ABSENT, State.EMPTY} for each in _EXEMPT.read(resource))
            said = frozenset(_kind(each).text for each in entries(CONFIGS.one(resource))) - {""}
            found.setdefault(where, []).append(Audited(service_of(resource).text, said, exempt))
    return {where: tuple(each) for where, each in found.items()}


def logs_access(graph: Graph, project: str, service: str) -> bool:
    """Whether a project logs who reads and writes the data of a service, without exemptions."""
    said = [
        each
        for where in (project, "*")
        for each in graph.once(audited).get(where, ())
        if each.service in {service, ALL, ""}
    ]
    logged = {kind for each in said if each.service for kind in each.kinds}
    return {"DATA_READ", "DATA_WRITE"} <= logged and not any(each.exempt for each in said)
