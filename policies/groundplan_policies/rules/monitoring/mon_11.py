"""MON-11: load balancers log their requests."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, full, partial
from groundplan_policies.engine.expect import every, is_number, is_true, unreadable, wrong_type
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict

_NO_REQUESTS: Final = frozenset({"TCP", "SSL", "UDP", "UNSPECIFIED"})
"""Protocols of backends to which connections or packets go, and no requests."""
_PASSED_THROUGH: Final = frozenset({"INTERNAL", "EXTERNAL"})
"""Schemes of regional backends that forward packets, and see no requests. A backend without one is internal."""

_PROTOCOL, _SCHEME = Path("protocol"), Path("loadBalancingScheme")
_ENABLED = is_true("logConfig.enable")
_ALL = is_number("logConfig.sampleRate", at_least=1, at_most=1, absent=Verdict.PASS)
_logged: Check = every(_ENABLED, _ALL)


def _http(resource: Resource, context: Context) -> Outcome:
    protocol = _PROTOCOL.one(resource)
    missing = unreadable(protocol, absent=_logged(resource, context))
    if missing is not None:
        return missing
    if not protocol.text:
        return wrong_type(protocol, "a text")
    return NOT_APPLICABLE if protocol.text.upper() in _NO_REQUESTS else _logged(resource, context)


def _regional(resource: Resource, context: Context) -> Outcome:
    scheme = _SCHEME.one(resource)
    missing = unreadable(scheme, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not scheme.text:
        return wrong_type(scheme, "a text")
    return NOT_APPLICABLE if scheme.text.upper() in _PASSED_THROUGH else _http(resource, context)


_BACKEND, _REGIONAL = "compute.BackendService", "compute.RegionBackendService"

CONTROL = Control(
    id="MON-11",
    title="Load balancers log their requests",
    why=(
        "The log of a load balancer shows who tried what before a model was stolen or a service fell. A backend writes "
        "none unless it is told to, and then every request unless it is told to sample. Backends that forward packets "
        "or connections see no requests, so there is nothing to say of them. A backend that names no protocol has HTTP."
    ),
    remedy="Set `log_config` with `enable`, and leave out `sample_rate`.",
    severity=Severity.MEDIUM,
    objectives=("6.1.a",),
    clauses=(
        full("cis-gcp-5.0", "2.17"),
        partial("nist-800-53-r5", "AU-2", "Events other than requests to load balancers."),
    ),
    reads=(
        *(each.reads(type_) for type_ in (_BACKEND, _REGIONAL) for each in (_ENABLED, _ALL)),
        *(Read(type_, "protocol", absent=Verdict.PASS, empty=Verdict.PASS) for type_ in (_BACKEND, _REGIONAL)),
        Read(_REGIONAL, "loadBalancingScheme", absent=Verdict.NOT_APPLICABLE, empty=Verdict.NOT_APPLICABLE),
    ),
    checks={_BACKEND: _http, _REGIONAL: _regional},
)
