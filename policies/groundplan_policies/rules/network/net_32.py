"""NET-32: public DNS zones are signed."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full, partial
from groundplan_policies.engine.expect import is_one_of, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, all_of, fail

_STATE = is_one_of("dnssecConfig.state", "on")
_VISIBILITY = Path("visibility")
_ALGORITHM = Path("dnssecConfig.defaultKeySpecs.algorithm")
_BROKEN = "rsasha1"


def _judge(resource: Resource, context: Context) -> Outcome:
    visibility = _VISIBILITY.one(resource)
    if visibility.text == "private" and visibility.state is State.KNOWN:
        return NOT_APPLICABLE
    return all_of([_STATE(resource, context), _algorithms(resource)])


def _algorithms(resource: Resource) -> Outcome:
    """Judge the keys that are asked for. Google's own choice, where nothing is said, is a sound one."""
    outcomes: list[Outcome] = []
    for reading in _ALGORITHM.read(resource):
        missing = unreadable(reading, absent=PASS)
        if missing is not None:
            outcomes.append(missing)
        elif not isinstance(reading.value, str):
            outcomes.append(wrong_type(reading, "an algorithm"))
        elif reading.value.lower() == _BROKEN:
            outcomes.append(fail("signs with SHA-1, which can be forged", reading.path, reading.value))
        else:
            outcomes.append(PASS)
    return all_of(outcomes)


CONTROL = Control(
    id="NET-32",
    title="Public DNS zones are signed",
    why=(
        "Without signatures whoever stands on the way answers for your names, and certificates follow names. A zone is "
        "public unless it says that it is private, so one whose visibility is not known is judged as public."
    ),
    remedy="Set `dnssec_config` with `state` of `on`, and leave the algorithms to Google.",
    severity=Severity.LOW,
    objectives=("6.1.a",),
    clauses=(
        full("cis-gcp-5.0", "3.3"),
        full("cis-gcp-5.0", "3.4"),
        full("cis-gcp-5.0", "3.5"),
        partial("google-ai", "DNS-CO-6.1", "The registrar and the resolvers, where signatures must be on as well."),
        partial("nist-800-53-r5", "SC-20", "The registrar, and names outside of Cloud DNS."),
    ),
    reads=(
        _STATE.reads("dns.ManagedZone"),
        Read("dns.ManagedZone", _ALGORITHM.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read.aside("dns.ManagedZone", _VISIBILITY.text),
    ),
    checks={"dns.ManagedZone": _judge},
)
