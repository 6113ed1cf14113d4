"""SUP-14: tokens that are given inline are never in clear."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, fail

_TOKENS: Final[Mapping[str, Path]] = {
    "vertex.AiEndpointWithModelGardenDeployment": Path("modelConfig.huggingFaceAccessToken"),
    "developerconnect.AccountConnector": Path("customOauthConfig.clientSecret"),
}
"""Short name of the type -> what it takes inline, without a way to name a version of a secret instead."""


def _hidden(path: Path) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
        reading = path.one(resource)
        if reading.state is State.SECRET:
            return PASS
        missing = unreadable(reading, absent=PASS)
        return missing or fail("is in clear, so that it stands in the program, the plan and the state", reading.path)

    return check


CONTROL = Control(
    id="SUP-14",
    title="Tokens that are given inline are never in clear",
    why=(
        "Google takes a token for Hugging Face, and the secret of an OAuth client, inline and not by a reference to "
        "Secret Manager. Pulumi encrypts it in its state where the program marks it as a secret, and only then; "
        "otherwise it stands there for everybody who may read the state, and in every plan. One that is known only "
        "after the deployment may be either: indeterminate."
    ),
    remedy="Take it from the configuration with `require_secret`, or leave it out.",
    severity=Severity.HIGH,
    objectives=("4.1.c",),
    clauses=(partial("nist-800-53-r5", "IA-5", "Where the token is kept before it comes into the program."),),
    reads=tuple(
        Read(type_, path.text, absent=Verdict.PASS, empty=Verdict.PASS, wrong=Verdict.FAIL, secret=Verdict.PASS)
        for type_, path in _TOKENS.items()
    ),
    checks={type_: _hidden(path) for type_, path in _TOKENS.items()},
)
