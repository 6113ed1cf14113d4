"""MON-10: the asset inventory is on, and Google knows whom to tell."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, full
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.projects import home, homes, is_same
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, any_of, fail
from groundplan_policies.rules.monitoring.above import reaches
from groundplan_policies.rules.monitoring.everywhere import SETTING, lacking

_SERVICE, _FEED, _CONTACT = "projects.Service", "cloudasset.ProjectFeed", "essentialcontacts.Contact"
_WIDE_FEEDS: Final = ("cloudasset.FolderFeed", "cloudasset.OrganizationFeed")
_API: Final = "cloudasset.googleapis.com"
_NEEDED: Final = frozenset({"LEGAL", "SECURITY", "SUSPENSION", "TECHNICAL"})
_MATTERS: Final = "legal matters, security, suspension and technical matters"
_UNFED: Final = "sends no changes of its assets anywhere"
_NAME, _PARENT = Path("service"), Path("parent")
_TYPES, _NAMES = Path("assetTypes"), Path("assetNames")
_CATEGORIES: Final = Path("notificationCategorySubscriptions")


def _feed(resource: Resource, _: Context) -> Outcome:
    return any_of([_named(_TYPES.one(resource)), _named(_NAMES.one(resource))])


def _named(listed: Reading) -> Outcome:
    missing = unreadable(listed, absent=fail("is absent, so that no change is sent", listed.path))
    if missing is not None:
        return missing
    texts = isinstance(listed.value, list) and all(each.text for each in entries(listed))
    return PASS if texts else wrong_type(listed, "a list of assets")


def _contact(resource: Resource, _: Context) -> Outcome:
    listed = _CATEGORIES.one(resource)
    missing = unreadable(listed, absent=fail("is absent, so that the contact hears of nothing", listed.path))
    if missing is not None:
        return missing
    if not isinstance(listed.value, list):
        return wrong_type(listed, "a list of categories")
    return all_of(
        unreadable(each, absent=PASS) or (PASS if each.text else wrong_type(each, "a text")) for each in entries(listed)
    )


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    graph = context.graph
    projects = graph.once(homes)
    if not projects:
        return
    on = {home(graph, each) for each in graph.of(_SERVICE) if _NAME.one(each).text == _API}
    feeds = {home(graph, each) for each in graph.of(_FEED)}
    above = {each: reaches(graph, graph.of(*_WIDE_FEEDS), each) for each in projects.keys() - feeds}
    told = graph.once(_told)
    unreached = [each for each in projects if not _is_enough(_hears(graph, told, each, sure=True))]
    unsure = any(_is_enough(_hears(graph, told, each, sure=False)) for each in unreached)
    outcomes = [
        lacking(projects.keys() - on, "does not enable the API of the asset inventory", context, unclear="" in on),
        lacking([each for each in above if above[each] is False], _UNFED, context, unclear="" in feeds),
        lacking([each for each in above if above[each] is None], _UNFED, context, unclear=True),
        lacking(unreached, f"has no contacts for {_MATTERS}", context, unclear=unsure),
    ]
    yield None, all_of(outcomes)


def _hears(graph: Graph, told: Mapping[str, frozenset[str]], project: str, *, sure: bool) -> frozenset[str]:
    """Give of what somebody hears for a project: surely, or as far as nobody can rule it out."""
    found = (
        each for where, each in told.items() if _is_for(graph, where, project) in ((True,) if sure else (True, None))
    )
    return frozenset().union(*found)


def _is_for(graph: Graph, where: str, project: str) -> bool | None:
    if where == "*":
        return True
    return None if where in {"", "folder"} else is_same(graph, where, project)


def _is_enough(categories: frozenset[str]) -> bool:
    return "ALL" in categories or categories >= _NEEDED


def _told(graph: Graph) -> Mapping[str, frozenset[str]]:
    """The categories that contacts hear of, by project.

    Under "*" are those of the organisation, under "folder" those of folders, under "" those of what is not known.
    """
    found: dict[str, set[str]] = {}
    for contact in graph.of(_CONTACT):
        parent = _PARENT.one(contact)
        kind, _, name = parent.text.partition("/")
        where = name if kind == "projects" else "folder" if kind == "folders" else "*" if name else ""
        if parent.state is State.UNKNOWN:
            made = [each for each in graph.origins(contact, parent) if each.type.endswith(":Project")]
            where = made[0].urn if len(made) == 1 else ""
        found.setdefault(where, set()).update(each.text for each in entries(_CATEGORIES.one(contact)))
    return {where: frozenset(each) for where, each in found.items()}


CONTROL = Control(
    id="MON-10",
    title="The asset inventory is on, and Google knows whom to tell",
    why=(
        "What nobody knows of nobody protects: the asset inventory lists what there is in a project, and a feed sends "
        "its changes as they happen. Google writes to contacts when a project is about to be suspended, leaks a key or "
        "breaks a law; without contacts it writes to owners, who may have left. Each project in which this deployment "
        "runs has the API, a feed that names assets, and contacts for the four matters, or its folder or organisation "
        "has feeds and contacts for it."
    ),
    remedy="Use ProjectFoundation with `security_contacts`, and SecurityAlerts with `feeds`.",
    severity=Severity.LOW,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    clauses=(full("cis-gcp-5.0", "2.14"), full("cis-gcp-5.0", "1.17")),
    reads=(
        *(Read(each, "assetTypes") for each in (_FEED, *_WIDE_FEEDS)),
        *(Read.aside(each, "assetNames") for each in (_FEED, *_WIDE_FEEDS)),
        Read(_CONTACT, _CATEGORIES.text),
        Read(_CONTACT, "parent", *[Verdict.PASS] * 5),
        Read(_SERVICE, "service", *[Verdict.NOT_APPLICABLE] * 5),
    ),
    checks={**dict.fromkeys((_FEED, *_WIDE_FEEDS), _feed), _CONTACT: _contact},
    stack=_stack,
    settings=(SETTING,),
)
