"""What the tests of the controls on ways around others have in common."""

from collections.abc import Mapping, Sequence
from typing import Any

from groundplan_policies.engine import Document
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.look import look
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict
from tests.policies.rules.harness import STACK, R, document

PROVIDER = R("Provider", {"project": "acme-ml", "version": "10.2.0"}, "google")
REFERENCE = f"{PROVIDER.urn}::id"
MANAGED: Mapping[str, Any] = {"provider": REFERENCE}
"""Fields of a resource that `PROVIDER` manages."""


def reader(identifier: str, type_: str, *paths: str, **verdicts: Verdict) -> Control:
    """Make a control that reads properties of a type."""
    return Control(
        id=identifier,
        title="It reads",
        why="",
        remedy="",
        severity=Severity.HIGH,
        reads=tuple(Read(type_, path, **verdicts) for path in paths),
        checks={type_: lambda resource, context: PASS},
    )


ASKED = (
    reader("NET-90", "storage.Bucket", "location", "encryption.defaultKmsKeyName"),
    reader("NET-91", "storage.Bucket", "location"),
    reader("BYP-90", "storage.Bucket", "labels"),
    reader("IAM-90", "bigquery.Dataset", "accesses.role"),
    reader("SUP-90", "sql.User", "password", secret=Verdict.PASS),
)
"""Controls that the tests ask. The one of the family BYP never counts as a reader."""


def component(name: str, type_: str = "groundplan:data:DataBucket", **fields: Any) -> dict[str, Any]:
    """Make the record of a component."""
    return {"urn": f"urn:pulumi:dev::shop::{type_}::{name}", "type": type_, "custom": False, "parent": STACK, **fields}


def world(
    *resources: R,
    components: Sequence[Mapping[str, Any]] = (),
    parameters: Parameters | None = None,
    asked: Sequence[Control] = ASKED,
    member: Mapping[str, Any] | None = None,
    **context: Any,
) -> Context:
    """Make what a check is given; with components, which stand before the resources, and any fields of the member."""
    said = member or {}
    made = _with_components(resources, components, said) if components else document(*resources, **said)
    return Context(Graph(made), parameters or Parameters(), asked=asked, **context)


def _with_components(
    resources: Sequence[R], components: Sequence[Mapping[str, Any]], member: Mapping[str, Any]
) -> Document:
    records = [{"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False}, *components]
    records += [
        {"urn": each.urn, "type": each.urn.split("::")[2], "custom": True, "parent": STACK, "inputs": dict(each.inputs)}
        | dict(each.record)
        for each in resources
    ]
    provenance = {each.urn: dict(each.origins) for each in resources if each.origins}
    return Document.read(
        {
            "version": 3,
            "deployment": {"resources": records},
            "groundplan": {"profile": "preview", "engine": "embedded", "provenance": provenance, **member},
        }
    )


def answers(control: Control, context: Context) -> dict[str, Outcome]:
    """Give what a control says of each resource, by its name; of the stack as a whole under ""."""
    found: dict[str, Outcome] = {}
    for resource, outcome in look(control, context):
        name = resource.name if resource is not None else ""
        assert name not in found, f"{control.id} speaks twice of {name or 'the stack'}"
        found[name] = outcome
    return found


def answer(control: Control, resource: R, *others: R, **more: Any) -> Outcome:
    """Give what a control says of one resource."""
    return answers(control, world(*others, resource, **more))[resource.name]


def paths(outcome: Outcome) -> list[str]:
    """Give the places of an outcome's reasons."""
    return [each.path for each in outcome.reasons]


def messages(outcome: Outcome) -> str:
    """Give the messages of an outcome in one text."""
    return "\n".join(each.message for each in outcome.reasons)
