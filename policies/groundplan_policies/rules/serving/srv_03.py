"""SRV-03: traffic splits are valid."""

import json
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, fail

_ENDPOINT = "vertex.AiEndpoint"
_SPLIT = Path("trafficSplit")
_WHOLE: Final = 100


def _check(resource: Resource, _: Context) -> Outcome:
    reading = _SPLIT.one(resource)
    shares = _shares(reading.value) if isinstance(reading.value, str) else None
    if shares is not None:
        return _judge(shares, reading)
    missing = unreadable(reading, absent=NOT_APPLICABLE, empty=fail("is empty", reading.path))
    if missing is not None:
        return missing
    return fail("is no JSON object", reading.path) if reading.text else wrong_type(reading, "a JSON object as text")


def _shares(text: str) -> list[tuple[str, object]] | None:
    """Give what each model gets. Ids may be unknown, and several of them look the same then."""
    try:
        found = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        return None
    return found if text.lstrip().startswith("{") else None


def _judge(shares: list[tuple[str, object]], reading: Reading) -> Outcome:
    known = [model for model, _ in shares if not is_unknown(model)]
    if len(set(known)) < len(known):
        return fail("names a model twice, and only the last counts", reading.path)
    numbers = [share for _, share in shares if isinstance(share, int) and not isinstance(share, bool)]
    if len(numbers) < len(shares) or any(not 0 <= each <= _WHOLE for each in numbers):
        return fail("has a share that is no whole number from 0 to 100", reading.path)
    total = sum(numbers)
    return PASS if total == _WHOLE else fail("does not add up to 100", reading.path, str(total))


CONTROL = Control(
    id="SRV-03",
    title="Traffic splits are valid",
    why=(
        "A split that does not add up to 100 is refused at the moment of a rollout, when somebody is in a hurry, and a "
        "model that is named twice gets another share than it says. Which of the models is the new one is not in the "
        "document, so how much a canary may get is not judged here: that there is a way back is RAI-20's matter. An "
        "endpoint without a split gets it when a model is deployed."
    ),
    remedy="Give whole numbers that add up to 100, each model once, or leave `traffic_split` to the rollout.",
    ask="Look in Vertex AI at the split that the endpoint has now.",
    severity=Severity.MEDIUM,
    objectives=("4.1.d",),
    clauses=(partial("nist-800-53-r5", "CM-3", "Changes of all else: this is how traffic is shared out."),),
    reads=(Read(_ENDPOINT, _SPLIT.text, absent=Verdict.NOT_APPLICABLE),),
    checks={_ENDPOINT: _check},
)
