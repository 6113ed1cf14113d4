"""ENC-05: messages, artifacts and repositories use customer-managed keys."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full, partial
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, indeterminate
from groundplan_policies.rules.encryption.keys import expect_keys, reads_of
from groundplan_policies.rules.encryption.uses import MESSAGES, REPOSITORIES

_KEYS = expect_keys({**MESSAGES, **REPOSITORIES})
_MODE = Path("mode")


def _artifacts(resource: Resource, context: Context) -> Outcome:
    """A virtual repository keeps nothing: it passes on what others hold."""
    mode = _MODE.one(resource)
    if mode.text == "VIRTUAL_REPOSITORY":
        return NOT_APPLICABLE
    outcome = _KEYS["artifactregistry.Repository"](resource, context)
    if outcome is PASS or mode.state in {State.KNOWN, State.ABSENT, State.EMPTY}:
        return outcome
    return indeterminate("cannot be read: a virtual repository needs no key, others do", mode.path)


CONTROL = Control(
    id="ENC-05",
    title="Messages, artifacts and repositories use customer-managed keys",
    why=(
        "Queued messages are data in transit that rests for up to a month; images and packages hold models and code. "
        "A repository takes its key when it is made and never again. Virtual repositories of Artifact Registry keep "
        "nothing, so they do not count; a remote one caches, and does. A default key that a Dataform configuration "
        "gives to later repositories is not looked for: name the key at the repository."
    ),
    remedy="Use ImageRepository with `keys`, or set `kms_key_name`.",
    severity=Severity.HIGH,
    objectives=("2.1.e", "4.1.c", "5.2.b"),
    clauses=(
        full("google-ai", "PS-CO-6.1"),
        partial("google-ai", "COM-CO-2.3", "Other services, for which ENC-01 to ENC-08 and ENC-15 stand."),
    ),
    reads=(
        *reads_of(_KEYS),
        Read.aside("artifactregistry.Repository", _MODE.text),
    ),
    checks={**_KEYS, "artifactregistry.Repository": _artifacts},
    settings=("key_projects",),
)
