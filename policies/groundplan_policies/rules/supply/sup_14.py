"""SUP-14: tokens for Hugging Face are never in clear."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, fail

_DEPLOYED: Final = "vertex.AiEndpointWithModelGardenDeployment"
_TOKEN = Path("modelConfig.huggingFaceAccessToken")


def _judge(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    reading = _TOKEN.one(resource)
    if reading.state is State.SECRET:
        return PASS
    missing = unreadable(reading, absent=PASS)
    return missing or fail("is in clear, so that it stands in the program, the plan and the state", reading.path)


CONTROL = Control(
    id="SUP-14",
    title="Tokens for Hugging Face are never in clear",
    why=(
        "Google takes the token inline, and no reference to Secret Manager. Pulumi encrypts it in its state where the "
        "program marks it as a secret, and only then; otherwise it stands there for everybody who may read the state, "
        "and in every plan. One that is known only after the deployment may be either: indeterminate."
    ),
    remedy="Leave out `hugging_face_access_token`, or take it from the configuration with `require_secret`.",
    severity=Severity.HIGH,
    objectives=("4.1.c",),
    clauses=(partial("nist-800-53-r5", "IA-5", "Where the token is kept before it comes into the program."),),
    reads=(
        Read(
            _DEPLOYED,
            _TOKEN.text,
            absent=Verdict.PASS,
            empty=Verdict.PASS,
            wrong=Verdict.FAIL,
            secret=Verdict.PASS,
        ),
    ),
    checks={_DEPLOYED: _judge},
)
