"""Small controls, as the tests of the engine need them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from groundplan_policies.engine import Resource
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.expect import is_one_of
from groundplan_policies.engine.registry import collect
from groundplan_policies.engine.results import Evaluation
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, fail
from groundplan_policies.settings.model import Settings
from tests.policies.rules.harness import R, document

DAY = date(2026, 6, 15)

PREVENTION = is_one_of("publicAccessPrevention", "enforced")
PRIVATE = {"location": "EU", "publicAccessPrevention": "enforced"}
PUBLIC = {"location": "EU", "publicAccessPrevention": "inherited"}


def control(**changes: Any) -> Control:
    """Give a control on buckets, with some fields changed."""
    return Control(
        **{
            "id": "TST-01",
            "title": "Buckets are private",
            "why": "Or else.",
            "remedy": "Mend it.",
            "severity": Severity.HIGH,
            "reads": (PREVENTION.reads("storage.Bucket"),),
            "checks": {"storage.Bucket": PREVENTION},
            **changes,
        }
    )


def _has_a_bucket(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    if next(context.graph.of("storage.Bucket"), None) is None:
        yield None, fail("has no bucket")
    else:
        yield None, PASS


HAS_A_BUCKET = control(
    id="TST-02",
    title="There is a bucket",
    severity=Severity.MEDIUM,
    reads=(Read("storage.Bucket", "location"),),
    checks={},
    stack=_has_a_bucket,
)


def evaluated(
    *resources: R,
    controls: tuple[Control, ...] = (control(),),
    settings: Settings | None = None,
    waivers: tuple[Any, ...] = (),
    as_of: date = DAY,
    **member: Any,
) -> Evaluation:
    """Evaluate some resources."""
    return evaluate(
        document(*resources, **member),
        settings or Settings(),
        controls=by_id(*controls),
        waivers=waivers,
        as_of=as_of,
    )


def by_id(*controls: Control) -> Mapping[str, Control]:
    return collect(controls)
