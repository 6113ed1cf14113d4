"""ENC-10: keys have the purpose, algorithm and protection that they should."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.encryption.keys import ENCRYPT

_PURPOSE = Path("purpose")
_LEVEL, _ALGORITHM = Path("versionTemplate.protectionLevel"), Path("versionTemplate.algorithm")
_SIGNING: Final = {"ASYMMETRIC_SIGN", "MAC"}
_SYMMETRIC: Final = "GOOGLE_SYMMETRIC_ENCRYPTION"
_OUTSIDE: Final = {"EXTERNAL", "EXTERNAL_VPC"}
_SYMMETRIC_OUTSIDE: Final = "EXTERNAL_SYMMETRIC_ENCRYPTION"


def _key(resource: Resource, context: Context) -> Outcome:
    purpose = _text(_PURPOSE.one(resource), ENCRYPT)
    level = _text(_LEVEL.one(resource), "SOFTWARE")
    return all_of((_algorithm(resource, purpose, level, context), _protection(level, context)))


def _text(reading: Reading, default: str) -> str | Outcome:
    """Give a word, or Google's default where it is absent; else why it cannot be read."""
    if reading.state is State.ABSENT:
        return default
    if reading.state is State.KNOWN:
        return reading.text or wrong_type(reading, "a text")
    unclear = indeterminate("is empty where a word is expected", reading.path)
    return unreadable(reading, absent=unclear, empty=unclear) or unclear


def _algorithm(resource: Resource, purpose: str | Outcome, level: str | Outcome, context: Context) -> Outcome:
    if isinstance(purpose, Outcome):
        return purpose
    if purpose != ENCRYPT and purpose not in _SIGNING:
        return fail("is neither for encrypting data at rest nor for signing", _PURPOSE.text, purpose)
    expected = _SYMMETRIC_OUTSIDE if level in _OUTSIDE else _SYMMETRIC
    algorithm = _text(_ALGORITHM.one(resource), expected if purpose == ENCRYPT else "")
    if isinstance(algorithm, Outcome):
        return algorithm
    if purpose == ENCRYPT:
        return PASS if algorithm == expected else fail(f"is not {expected}", _ALGORITHM.text, algorithm)
    allowed = context.parameters.signing_algorithms
    if allowed is None:
        return indeterminate("the settings do not say which algorithms may sign", _ALGORITHM.text)
    return PASS if algorithm in allowed else fail("is no algorithm that may sign", _ALGORITHM.text, algorithm)


def _protection(level: str | Outcome, context: Context) -> Outcome:
    if isinstance(level, Outcome):
        return level
    allowed = context.parameters.key_protection
    if allowed is None:
        return indeterminate("the settings do not say how keys must be protected", _LEVEL.text)
    return PASS if level in allowed else fail("is no level of protection that keys may have", _LEVEL.text, level)


CONTROL = Control(
    id="ENC-10",
    title="Keys have the purpose, algorithm and protection that they should",
    why=(
        "A key that can do more than it is for, or whose material lies in software where a module was promised, is "
        "weaker than the people who rely on it think. Keys are for data at rest or for signing, which includes "
        "message authentication codes; any other purpose is for an application to explain in a waiver. Google's "
        "defaults count where a property is absent: symmetric encryption, in software. A key that is kept outside of "
        "Google has an algorithm of its own name, which is as good. Protection is asked of signing keys as well."
    ),
    remedy="Use KeyRing or ImageAttestor, or set `purpose` and both properties of `version_template`.",
    severity=Severity.MEDIUM,
    objectives=("2.1.e",),
    clauses=(
        full("google-ai", "COM-CO-2.4"),
        partial("google-ai", "COM-CO-2.5", "Keys for signing, which pass."),
        full("google-ai", "COM-CO-2.6"),
        partial("nist-800-53-r5", "SC-13", "Cryptography outside of Cloud KMS."),
    ),
    reads=(
        Read("kms.CryptoKey", _PURPOSE.text, absent=Verdict.PASS, empty=Verdict.INDETERMINATE),
        Read("kms.CryptoKey", _ALGORITHM.text, absent=Verdict.PASS, empty=Verdict.INDETERMINATE),
        Read("kms.CryptoKey", _LEVEL.text, absent=Verdict.FAIL, empty=Verdict.INDETERMINATE),
    ),
    checks={"kms.CryptoKey": _key},
    settings=("key_protection", "signing_algorithms"),
)
