"""NET-33: load balancers on the internet are hardened."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full, partial
from groundplan_policies.engine.expect import every, is_one_of, is_set, unreadable
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, fail, indeterminate
from groundplan_policies.rules.network.balancers import DEFAULTS, SCHEME, is_internal, says_scheme
from groundplan_policies.rules.network.links import named_by

_ARMOUR = is_set(
    "securityPolicy", "compute.SecurityPolicy", "compute.RegionSecurityPolicy", expected="a security policy"
)
_PROXIES: Final = ("compute.TargetHttpsProxy", "compute.RegionTargetHttpsProxy", "compute.TargetSSLProxy")
_POLICIES: Final = ("compute.SSLPolicy", "compute.RegionSslPolicy")
_TAKES: Final = dict(zip(_PROXIES, (_POLICIES[0], _POLICIES[1], _POLICIES[0]), strict=True))
"""A proxy of a region takes policies of its region, and the others global ones."""
_POLICY: Final = Path("sslPolicy")
_VERSION = is_one_of("minTlsVersion", "TLS_1_2", "TLS_1_3")
_PROFILE = is_one_of("profile", "MODERN", "RESTRICTED")


def _backend(resource: Resource, context: Context) -> Outcome:
    if is_internal(resource):
        return NOT_APPLICABLE
    outcome = _ARMOUR(resource, context)
    if outcome.verdict is not Verdict.FAIL or not says_scheme(resource):
        return outcome
    return unreadable(SCHEME.one(resource), absent=outcome) or outcome


def _proxy(resource: Resource, context: Context) -> Outcome:
    """Ask for a policy of this document, which is judged itself. What another one allows cannot be seen."""
    reading = _POLICY.one(resource)
    missing = fail("is absent or empty, so that TLS 1.0 and weak ciphers are taken", reading.path)
    if reading.state in {State.ABSENT, State.EMPTY}:
        return missing
    if named_by(resource, reading, context, _TAKES[short_name(resource.type)]):
        return PASS
    return unreadable(reading, absent=missing) or indeterminate(
        "names a policy that is not of this document", reading.path
    )


CONTROL = Control(
    id="NET-33",
    title="Load balancers on the internet are hardened",
    why=(
        "What answers the internet meets floods and probes; a security policy of Cloud Armor can stop them, and only "
        "if there is one. A global backend service is external by default, a regional one internal. Without a policy "
        "of TLS a proxy takes TLS 1.0 and ciphers that are broken. The profile must be MODERN or RESTRICTED: a custom "
        "list, or one that is not known here, is not judged and fails. A proxy does not say whether it is internal, "
        "so each is held to it; the policy that it names must be of this document, where it is judged itself, and "
        "a name alone means one of the proxy's own project and region."
    ),
    remedy="Set `security_policy` on the backend service and `ssl_policy` on the proxy, with TLS_1_2 and MODERN.",
    severity=Severity.HIGH,
    objectives=("4.2.b", "6.1.a"),
    clauses=(
        full("cis-gcp-5.0", "3.11"),
        partial("nist-800-53-r5", "SC-8", "Connections that end elsewhere than at a load balancer."),
    ),
    reads=(
        *(_ARMOUR.reads(type_) for type_ in DEFAULTS),
        Read.aside("compute.BackendService", SCHEME.text),
        Read(
            "compute.RegionBackendService",
            SCHEME.text,
            *[Verdict.NOT_APPLICABLE] * 2,
            *[Verdict.PASS] * 3,
        ),
        *(Read(type_, _POLICY.text) for type_ in _PROXIES),
        *(each.reads(type_) for type_ in _POLICIES for each in (_VERSION, _PROFILE)),
    ),
    checks={
        **dict.fromkeys(DEFAULTS, _backend),
        **dict.fromkeys(_PROXIES, _proxy),
        **dict.fromkeys(_POLICIES, every(_VERSION, _PROFILE)),
    },
)
