"""SRV-10: callers of private endpoints are authorised."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_true, unreadable
from groundplan_policies.engine.grants import Grant, Level
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.flow.model import Role
from groundplan_policies.flow.work import work
from groundplan_policies.rules.identity.members import is_machine
from groundplan_policies.rules.identity.roles import custom_permissions, is_custom, role_name

_ENDPOINT = "vertex.AiEndpoint"
_CONNECT = Path("privateServiceConnectConfig")
_SECURE = is_true("privateServiceConnectConfig.enableSecurePrivateServiceConnect")
_PREDICT: Final = "aiplatform.endpoints.predict"
_PREDICTING: Final = frozenset(
    f"roles/aiplatform.{each}"
    for each in ("user", "admin", "expressuser", "expressadmin", "serviceagent", "customcodeserviceagent")
)
_WIDE: Final = (Level.PROJECT, Level.FOLDER, Level.ORGANIZATION)
_GARDEN = "vertex.AiEndpointWithModelGardenDeployment"
_GARDEN_CONNECT = Path("endpointConfig.privateServiceConnectConfig")
_PEERED = Path("network")
_NOBODY: Final = "lets everybody in who reaches it, and asks nobody who they are"


def _check(resource: Resource, context: Context) -> Outcome:
    """Judge an endpoint in a network. A public one asks IAM; one in a peered network has no way to."""
    if _CONNECT.one(resource).state is State.ABSENT:
        peered = _PEERED.one(resource)
        return unreadable(peered, absent=NOT_APPLICABLE) or fail(
            f"is a network by peering, which {_NOBODY}", _PEERED.text
        )
    return all_of([_SECURE(resource, context), *_from_project(resource, context)])


def _garden(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    """Judge an endpoint that is made with its model, for which the provider has no secure form."""
    connected = _GARDEN_CONNECT.one(resource)
    return unreadable(connected, absent=NOT_APPLICABLE) or fail(
        f"has no secure form here, so it {_NOBODY}", connected.path
    )


def _from_project(endpoint: Resource, context: Context) -> Iterator[Outcome]:
    """Judge the roles on the whole project with which machines ask this endpoint as much as any other."""
    project = context.graph.effective(endpoint, "project")
    trainers = context.graph.once(_trainers)
    for grant in context.graph.grants:
        told = grant.level is Level.PROJECT and grant.target.state is project.state is State.KNOWN
        elsewhere = told and grant.target.text.removeprefix("projects/") != project.text
        if grant.level not in _WIDE or elsewhere or not is_machine(grant.principal):
            continue
        if not grant.principal.identity or grant.principal.identity not in trainers:
            yield _granted(grant, context)


def _granted(grant: Grant, context: Context) -> Outcome:
    name = role_name(grant.role)
    if is_custom(name):
        held = custom_permissions(name, context)
        if held is None:
            return indeterminate("nobody can tell whether a custom role on the whole project may ask the endpoint")
        return fail("a custom role on the whole project may ask every endpoint") if _PREDICT in held else PASS
    return fail("a role on the whole project may ask every endpoint", "", name) if name in _PREDICTING else PASS


def _trainers(graph: Graph) -> frozenset[str]:
    """Give the identities as which training runs, and nothing else does."""
    told = [(role, who.identity) for _, role, accounts in work(graph) for who in accounts if who.identity]
    others = {identity for role, identity in told if role is not Role.TRAINING}
    return frozenset(identity for role, identity in told if role is Role.TRAINING and identity not in others)


CONTROL = Control(
    id="SRV-10",
    title="Callers of private endpoints are authorised",
    why=(
        "Private Service Connect without its secure form asks for no identity: who reaches the address gets answers. "
        "So does an endpoint in a peered network, and one that is made with a model of the garden. With it IAM "
        "decides, and then a machine with aiplatform.user, or another role that predicts, on the whole project, or on "
        "what is above it, may ask every endpoint, today's and tomorrow's. What runs training needs such a role, as "
        "Vertex AI has no narrower one to start jobs with, so accounts that only train are let be; so are people, "
        "whose work it is to start jobs. Basic roles are IAM-03's matter. Agents have no such setting."
    ),
    remedy="Use OnlineEndpoint and its `grant_predict`, or set `enable_secure_private_service_connect`.",
    severity=Severity.MEDIUM,
    objectives=("4.2.b", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "AC-3", "Access to all else: these are endpoints alone."),),
    reads=(
        _SECURE.reads(_ENDPOINT),
        Read(_ENDPOINT, _CONNECT.text, absent=Verdict.NOT_APPLICABLE),
        Read.aside(_ENDPOINT, _PEERED.text),
    ),
    checks={_ENDPOINT: _check, _GARDEN: _garden},
)
