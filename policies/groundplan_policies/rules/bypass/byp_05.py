"""BYP-05: providers talk to Google's own cloud."""

from collections.abc import Iterable, Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail
from groundplan_policies.rules.bypass.options import without_provider

_ENDPOINT: Final = "CustomEndpoint"
_UNIVERSE: Final = Path("universeDomain")
_GOOGLE: Final = "googleapis.com"
_BILLING: Final = Path("billingProject")
_VARIABLES: Final = Path("__internal.envVarMappings")
"""Where Pulumi keeps the mapping in a provider's inputs (pulumi `pkg/resource/deploy/providers/registry.go`)."""


def _check(resource: Resource, context: Context) -> Outcome:
    return all_of([PASS, *_endpoints(resource, context), _billing(resource, context), _variables(resource, context)])


def _endpoints(resource: Resource, context: Context) -> Iterator[Outcome]:
    allowed = context.parameters.custom_endpoints or ()
    for key in resource.inputs:
        if key.endswith(_ENDPOINT):
            yield _listed(Path(key).one(resource), allowed, "sends the calls, and the credentials, elsewhere")
    universe = _UNIVERSE.one(resource)
    yield _listed(universe, {*allowed, _GOOGLE}, "is another cloud than Google's public one")


def _listed(reading: Reading, allowed: Iterable[str], message: str) -> Outcome:
    unclear = unreadable(reading, absent=PASS)
    if unclear is not None:
        return unclear
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    listed = {each.rstrip("/") for each in allowed}
    return PASS if reading.value.rstrip("/") in listed else fail(message, reading.path)


def _billing(resource: Resource, context: Context) -> Outcome:
    reading = _BILLING.one(resource)
    if reading.state is State.UNKNOWN and context.graph.made(resource, reading, "organizations.Project"):
        return PASS
    own = {*(context.parameters.custom_endpoints or ()), *context.graph.once(_projects)}
    return _listed(reading, own, "has another project than this deployment's own pay for, and count, its calls")


def _projects(graph: Graph) -> frozenset[str]:
    """Give the ids of the projects that are this deployment's: its providers' own, and those that it makes."""
    named = [each.inputs.get("project") for each in graph.of("Provider")]
    made = [each.inputs.get("projectId") for each in graph.of("organizations.Project") if not each.external]
    return frozenset(each for each in (*named, *made) if isinstance(each, str) and each)


def _variables(resource: Resource, context: Context) -> Outcome:
    reading = _VARIABLES.one(resource)
    unclear = unreadable(reading, absent=PASS)
    if unclear is not None:
        return unclear
    if not isinstance(reading.value, dict):
        return wrong_type(reading, "an object")
    allowed = context.parameters.provider_variables or ()
    targets = [read_value(value, f"{reading.path}[{index}]")[0] for index, value in enumerate(reading.value.values())]
    message = "gives the provider an environment variable that the settings do not allow"
    return all_of(_listed(each, allowed, message) for each in targets)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    yield from without_provider(context, "may point at another cloud")


CONTROL = Control(
    id="BYP-05",
    title="Providers talk to Google's own cloud",
    why=(
        "A custom endpoint or another universe sends every call, with the credentials in it, to a server of somebody "
        "else's choice, and what the controls read is true of that place only. Every property that ends in "
        "CustomEndpoint counts. Endpoints of Google's own fail too, until the settings list them: nobody should have "
        "to tell a look-alike apart. A billing project that is no project of this deployment's own providers, and "
        "none that it makes, sees which calls are made. Mapped environment variables can set all of this, and the "
        "credentials. Endpoints in the environment of whoever deploys are in no document."
    ),
    remedy="Leave these out; list what must stay in the settings, under `custom_endpoints` and `provider_variables`.",
    severity=Severity.CRITICAL,
    objectives=("6.1.a",),
    clauses=(
        partial("nist-800-53-r5", "SC-7", "Endpoints that are set by environment variables."),
        partial("nist-800-53-r5", "AC-4", "Endpoints that are set by environment variables."),
    ),
    reads=(
        *(
            Read("Provider", path, absent=Verdict.PASS, empty=Verdict.PASS)
            for path in (
                *("vertexAiCustomEndpoint", "storageCustomEndpoint", "kmsCustomEndpoint", "iamCustomEndpoint"),
                "secretManagerCustomEndpoint",
                *("universeDomain", "billingProject", "__internal.envVarMappings"),
            )
        ),
    ),
    checks={"Provider": _check},
    stack=_stack,
    settings=("custom_endpoints", "provider_variables"),
    waivable=False,
)
