"""DAT-15: de-identification templates are sound."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.data.transformations import ALL, UNSEEN, info_types, keys

_TEMPLATE = "dataloss.PreventionDeidentifyTemplate"
_TRIGGER = "dataloss.PreventionJobTrigger"
_CONFIG = Path("deidentifyConfig")
_TRANSFORMATION = "inspectJob.actions.deidentify.transformationConfig"
_USES = tuple(
    Path(f"{_TRANSFORMATION}.{name}")
    for name in ("deidentifyTemplate", "structuredDeidentifyTemplate", "imageRedactTemplate")
)
_IN_THE_CLEAR = tuple(
    f"deidentifyConfig.{way}.primitiveTransformation.cryptoDeterministicConfig.cryptoKey.unwrapped"
    for way in ("infoTypeTransformations.transformations", "recordTransformations.fieldTransformations")
)


def _check(resource: Resource, context: Context) -> Outcome:
    config = _CONFIG.one(resource)
    missing = unreadable(config, absent=fail("transforms nothing", config.path))
    if missing is not None or not isinstance(config.value, dict):
        return missing or wrong_type(config, "an object")
    return all_of([*keys(resource), _transforms(resource, context), _is_used(resource, context)])


def _transforms(resource: Resource, context: Context) -> Outcome:
    personal, done = context.parameters.personal_info_types, info_types(resource)
    if not done:
        return fail("transforms nothing", _CONFIG.text)
    if personal is None:
        return indeterminate("the settings do not say which info types are personal", _CONFIG.text)
    left = sorted({each.upper() for each in personal} - done)
    if ALL in done or not left:
        return PASS
    if UNSEEN in done:
        return indeterminate("transforms what cannot be told by info type", _CONFIG.text, ", ".join(left))
    return fail("leaves personal info types as they are", _CONFIG.text, ", ".join(left))


def _is_used(resource: Resource, context: Context) -> Outcome:
    used = context.graph.once(_used)
    if resource.urn in used:
        return PASS
    if not context.complete or "" in used:
        return indeterminate("may be used by a job that this document does not tell")
    return fail("is used by no job of this document")


def _used(graph: Graph) -> frozenset[str]:
    """URNs of the templates that jobs use; "" stands for one that cannot be told."""
    found: set[str] = set()
    for trigger in graph.of(_TRIGGER):
        for reading in (each for path in _USES for each in path.read(trigger)):
            template = graph.resolve(trigger, reading, _TEMPLATE) if isinstance(reading.value, str) else None
            if template is not None:
                found.add(template.urn)
            elif reading.state not in {State.ABSENT, State.EMPTY, State.KNOWN}:
                found.add("")
    return frozenset(found)


def _clear(path: str) -> Read:
    fails = Verdict.FAIL
    return Read(_TEMPLATE, path, absent=Verdict.PASS, empty=fails, wrong=fails, secret=fails, unknown=fails)


CONTROL = Control(
    id="DAT-15",
    title="De-identification templates are sound",
    why=(
        "A template that leaves one kind of identifier, or whose key stands in it, only looks as if it made people "
        "unknown: whoever may read the template can turn its work round. A key that is made for one request and thrown "
        "away is as good as one that Cloud KMS wraps. A transformation without info types is for all of them; one of "
        "named fields tells no info types, and one with a condition spares records. One that masks some characters "
        "only, or skips some, may leave what matters; one that is switched off, or has no buckets, does nothing. A "
        "template that no job of this document uses protects nothing here; where a pipeline names it, that needs a "
        "waiver."
    ),
    remedy="Transform each personal info type, use `kms_wrapped` keys, and name the template in a job's `deidentify`.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("2.1.c", "2.1.e"),
    clauses=(partial("google-ai", "COM-CO-5.1", "That personal data is looked for at all: DAT-13."),),
    reads=(Read(_TEMPLATE, "deidentifyConfig"), *map(_clear, _IN_THE_CLEAR)),
    checks={_TEMPLATE: _check},
    settings=("personal_info_types",),
)
