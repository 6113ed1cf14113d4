"""ENC-09: keys rotate."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, fail, indeterminate
from groundplan_policies.rules.encryption.durations import DAY, seconds
from groundplan_policies.rules.encryption.keys import ENCRYPT

_PURPOSE, _PERIOD = Path("purpose"), Path("rotationPeriod")


def _key(resource: Resource, context: Context) -> Outcome:
    if resource.inputs.get(_PURPOSE.text, ENCRYPT) == ENCRYPT:
        return _period(resource, context)
    purpose = _PURPOSE.one(resource)
    nothing = indeterminate("is empty, so that nobody can say what the key is for", purpose.path)
    opaque = unreadable(purpose, absent=PASS, empty=nothing)
    if opaque is not None and opaque is not PASS:
        return opaque
    if purpose.state is State.KNOWN and not purpose.text:
        return wrong_type(purpose, "a text")
    return NOT_APPLICABLE if purpose.text else _period(resource, context)


def _period(resource: Resource, context: Context) -> Outcome:
    days = context.parameters.key_rotation_days
    usual = seconds(resource.inputs.get(_PERIOD.text))
    if usual is not None and days is not None and DAY <= usual <= days * DAY:
        return PASS
    reading = _PERIOD.one(resource)
    missing = unreadable(reading, absent=fail("is absent: the key never rotates by itself", reading.path))
    if missing is not None:
        return missing
    period = seconds(reading.value)
    if period is None:
        return indeterminate("is no duration in seconds, such as 7776000s", reading.path)
    if period < DAY:
        return fail("is shorter than a day, which Google does not take", reading.path, reading.text)
    if days is None:
        return indeterminate("the settings do not say after how many days keys rotate", reading.path)
    return fail(f"is longer than {days} days", reading.path, reading.text)


CONTROL = Control(
    id="ENC-09",
    title="Keys rotate",
    why=(
        "Rotation bounds how much data one version of a key opens, and shows that replacing it works before it must. "
        "Google rotates symmetric keys only, and only if a period of at least a day is set. How long it may be is the "
        "tier's to say: CIS asks for 90 days, and a tier with more earns no credit for that clause. Keys for signing "
        "are replaced by people, since everybody who verifies must learn the new one: they do not count. Imported and "
        "external keys fail, as Google cannot rotate them: a waiver with a date is the place to say who does."
    ),
    remedy="Use KeyRing with `rotation_days`, or set `rotation_period`, such as 7776000s.",
    severity=Severity.MEDIUM,
    objectives=("2.1.e",),
    clauses=(
        full("cis-gcp-5.0", "1.11", key_rotation_days=90),
        full("google-ai", "COM-CO-2.7", key_rotation_days=90),
    ),
    reads=(
        Read("kms.CryptoKey", _PERIOD.text),
        Read("kms.CryptoKey", _PURPOSE.text, absent=Verdict.PASS, empty=Verdict.INDETERMINATE),
    ),
    checks={"kms.CryptoKey": _key},
    settings=("key_rotation_days",),
)
