"""BYP-02: what is deleted does not stay in the cloud."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.names import PROVIDER, token
from groundplan_policies.engine.paths import Path, Reading, State
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
from groundplan_policies.rules.bypass.options import EVERY, GOOGLE, option, without_provider

_ABANDON: Final = "ABANDON"
_USUAL: Final = ("PREVENT", "DELETE")
_POLICY: Final = Path("deletionPolicy")
_PROJECT: Final = token("organizations.Project")
_HOLDERS: Final[Mapping[str, tuple[str, ...]]] = {
    token(short): paths
    for short, paths in {
        "storage.Bucket": ("bucket",),
        "bigquery.Dataset": ("datasetId",),
        "healthcare.Dataset": ("dataset",),
        "container.Cluster": ("cluster",),
        "alloydb.Cluster": ("cluster",),
        "sql.DatabaseInstance": ("instance",),
        "spanner.Instance": ("instance",),
        "bigtable.Instance": ("instance", "instanceName"),
        "artifactregistry.Repository": ("repository",),
        "secretmanager.Secret": ("secret", "secretId"),
    }.items()
}
"""What takes with it what is in it -> the inputs by which that names it, in types of the same module."""


def _check(resource: Resource, context: Context) -> Outcome:
    if resource.external:
        return NOT_APPLICABLE
    if _plain(resource, context):
        return PASS
    outcomes = [_policy(resource, context)]
    if resource.retain_on_delete:
        outcomes.append(fail("`retainOnDelete` is set, so that it stays in the cloud where nobody looks any more"))
    if resource.deleted_with:
        outcomes.append(_deleted_with(resource, context))
    return PASS if outcomes == [PASS] else all_of(outcomes)


def _plain(resource: Resource, context: Context) -> bool:
    """Whether nothing is said at all, or one of the usual policies: answered at once."""
    if resource.retain_on_delete or resource.deleted_with:
        return False
    if _POLICY.text in resource.inputs:
        return resource.inputs[_POLICY.text] in _USUAL
    provider = context.graph.provider(resource)
    return provider is not None and _POLICY.text not in provider.inputs


def _policy(resource: Resource, context: Context) -> Outcome:
    own = _POLICY.one(resource)
    if resource.type == PROVIDER:
        return _judge(own, "lets go of what is deleted, wherever a resource says nothing else")
    if not resource.type.startswith(GOOGLE):
        return PASS
    if own.state is not State.ABSENT:
        return _judge(own, "lets go of the resource instead of deleting it")
    if context.graph.provider(resource) is None:
        return NOT_APPLICABLE  # said once, of the stack
    return _judge(context.graph.effective(resource, _POLICY.text), "comes from the provider, and lets go of it")


def _judge(reading: Reading, message: str) -> Outcome:
    unclear = unreadable(reading, absent=PASS)
    if unclear is not None:
        return unclear
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    return fail(message, reading.path, _ABANDON) if reading.value.strip().upper() == _ABANDON else PASS


def _deleted_with(resource: Resource, context: Context) -> Outcome:
    """Judge who is said to take the resource along: something that it is made in, so that it names it as such."""
    holder = context.graph.document.get(resource.deleted_with)
    if holder is not None and not holder.external:
        module = holder.type.partition("/")[0]
        inputs = _HOLDERS.get(holder.type, ()) if resource.type.partition("/")[0] == module else ()
        named = ("project",) if holder.type == _PROJECT else inputs
        if any(holder.urn in resource.property_dependencies.get(each, ()) for each in named):
            return PASS
    return indeterminate("`deletedWith` names a resource of which nothing says that this one goes with it")


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    yield from without_provider(context, "may let go of what is deleted")


CONTROL = Control(
    id="BYP-02",
    title="What is deleted does not stay in the cloud",
    why=(
        "A resource that leaves the program but not the cloud keeps its data, keys and grants where no control looks "
        "again. A resource's own deletion policy comes before the provider's; absent means that it is deleted, or that "
        "deletion is refused. `deletedWith` spares the deletion of what goes with another resource: Pulumi believes "
        "it, so it passes only where that resource is what holds this one: its project, or the bucket, dataset, "
        "cluster, instance, repository or secret that an input names. An input that comes from another kind, such as a "
        "key, says nothing of the sort. A provider that the document lacks is said once, of the stack as a whole. What "
        "is only read is not deleted."
    ),
    remedy=(
        "Leave out `retain_on_delete`, and `deletion_policy` or use PREVENT; to hand a resource over, import it into "
        "the other stack first."
    ),
    severity=Severity.MEDIUM,
    clauses=(partial("nist-800-53-r5", "CM-8", "What was made or left behind past this program."),),
    reads=(
        option("document:external"),
        option("document:retainOnDelete"),
        option("document:deletedWith"),
        Read("*", _POLICY.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read("Provider", _POLICY.text, absent=Verdict.PASS, empty=Verdict.PASS),
    ),
    checks={EVERY: _check},
    stack=_stack,
    waivable=False,
)
