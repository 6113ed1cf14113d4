"""SRV-09: prediction from outside is limited."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import is_true, unreadable, wrong_type
from groundplan_policies.engine.look import trusted
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
from groundplan_policies.rules.network.balancers import DEFAULTS, SCHEME, is_internal
from groundplan_policies.rules.responsible.declarations import served
from groundplan_policies.rules.serving.throttling import POLICY, finite, limits_each_client

_QUOTA = "serviceusage.ConsumerQuotaOverride"
_KNOWN = is_true("iap.enabled")
_SERVICE, _VALUE, _METRIC = Path("service"), Path("overrideValue"), Path("metric")
_ASKED: Final = ("predict", "generate", "request", "token", "query")
"""Words in the names of quotas on what models are asked: others are on training, or on what there may be."""
_MODELS: Final = "aiplatform.googleapis.com"


def _backend(resource: Resource, context: Context) -> Outcome:
    if is_internal(resource) or next(served(context.graph), None) is None:
        return NOT_APPLICABLE
    return all_of([_KNOWN(resource, context), limits_each_client(resource, context), _bounded(resource, context)])


def _bounded(service: Resource, context: Context) -> Outcome:
    """Ask for a quota of this document that bounds what the project's models are asked."""
    answers = [
        _quota(each, context).verdict
        for each in context.graph.of(_QUOTA)
        if context.graph.same_project(service, each) is not False
    ]
    if Verdict.PASS in answers:
        return PASS
    if Verdict.INDETERMINATE in answers:
        return indeterminate("nobody can tell whether a quota bounds what models are asked")
    return trusted(fail("no quota of this document bounds what models are asked"), context)


def _quota(resource: Resource, _: Context) -> Outcome:
    service = _SERVICE.one(resource)
    if service.state is State.KNOWN and isinstance(service.value, str) and service.value != _MODELS:
        return NOT_APPLICABLE
    metric = _METRIC.one(resource)
    if metric.text and metric.state is State.KNOWN and not any(each in metric.text.lower() for each in _ASKED):
        return NOT_APPLICABLE
    found = finite(_VALUE.one(resource))
    if found is PASS and not metric.text:
        return unreadable(metric, absent=indeterminate("is absent; it may be a quota on anything", metric.path)) or (
            wrong_type(metric, "the name of a quota")
        )
    if found is PASS and metric.state is State.UNKNOWN:
        return indeterminate("may be a quota on something else", metric.path)
    if found is PASS and service.value != _MODELS:
        return indeterminate("may be a quota of another service", service.path)
    return found


CONTROL = Control(
    id="SRV-09",
    title="Prediction from outside is limited",
    why=(
        "Whoever may ask without end copies a model answer by answer, or runs up a bill that stops everything else. "
        "What a load balancer on the internet leads to is asked by those who signed in, each client has a limit of its "
        "own, and a quota bounds all of them together. A rule that counts everybody as one, is only a preview, or "
        "stands behind one that lets everybody through limits nobody, and a quota on something else, such as training, "
        "bounds no questions. Which backend leads to a model is not always to be seen, so in a deployment that serves "
        "models each external one counts. That there is a policy at all is NET-33's matter too, that endpoints "
        "themselves are private NET-05's."
    ),
    remedy=(
        "Set `iap.enabled`, a `security_policy` with a rule `throttle` by IP, and a ConsumerQuotaOverride of "
        "aiplatform.googleapis.com."
    ),
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("4.2.b", "4.2.d", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "SC-5", "Denial of service of all else: this is what leads to models."),),
    reads=(
        *(_KNOWN.reads(type_) for type_ in DEFAULTS),
        *(Read(type_, POLICY.text) for type_ in DEFAULTS),
        Read.aside("compute.BackendService", SCHEME.text),
        Read("compute.RegionBackendService", SCHEME.text, *[Verdict.NOT_APPLICABLE] * 2, *[Verdict.PASS] * 3),
        Read(_QUOTA, _VALUE.text),
        Read(_QUOTA, _METRIC.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read(_QUOTA, _SERVICE.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
    ),
    checks={**dict.fromkeys(DEFAULTS, _backend), _QUOTA: _quota},
)
