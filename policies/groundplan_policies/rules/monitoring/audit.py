"""What is audited: which services log which kinds of access, for whom."""

from typing import Final, NamedTuple

from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.projects import home
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, all_of, fail
from groundplan_policies.rules.monitoring.above import reaches

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
        project: The project, as `home` gives it; "" for what is above projects, or if it is not known.
        above: What says it above projects; None for what a project says.
    """

    service: str
    kinds: frozenset[str]
    exempt: bool
    project: str
    above: Resource | None


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


def audited(graph: Graph) -> tuple[Audited, ...]:
    """Give what is said of services in each project, and above projects."""
    found: list[Audited] = []
    for type_ in (PROJECT, *WIDE):
        for resource in graph.of(type_):
            exempt = any(each.state not in {State.ABSENT, State.EMPTY} for each in _EXEMPT.read(resource))
            said = frozenset(_kind(each).text for each in entries(CONFIGS.one(resource))) - {""}
            project, above = (home(graph, resource), None) if type_ == PROJECT else ("", resource)
            found.append(Audited(service_of(resource).text, said, exempt, project, above))
    return tuple(found)


def logs_access(graph: Graph, project: str, service: str) -> bool:
    """Whether a project logs who reads and writes the data of a service, without exemptions."""
    about = [each for each in graph.once(audited) if each.service in {service, ALL, ""}]
    said = [(each, _is_for(graph, each, project)) for each in about]
    logged = {kind for each, sure in said if each.service and sure for kind in each.kinds}
    return {"DATA_READ", "DATA_WRITE"} <= logged and not any(each.exempt for each, sure in said if sure is not False)


def _is_for(graph: Graph, said: Audited, project: str) -> bool | None:
    return said.project == project if said.above is None else reaches(graph, (said.above,), project)
