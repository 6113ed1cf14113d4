"""IAM-15: providers carry no static credentials."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate

_STATIC = (Path("credentials"), Path("accessToken"))
_TOKEN = Path("externalCredentials.identityToken")


def _judge(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    readings = [each for path in _STATIC for each in path.read(resource)]
    return all_of([*map(_judge_static, readings), *map(_judge_token, _TOKEN.read(resource))])


def _judge_static(reading: Reading) -> Outcome:
    match reading.state:
        case State.ABSENT | State.EMPTY:
            return PASS
        case State.UNKNOWN:
            return indeterminate("is known only after the deployment; nothing is expected there", reading.path)
        case _:
            return fail("is a credential that is given to the provider; nothing is expected there", reading.path)


def _judge_token(reading: Reading) -> Outcome:
    """Judge the token of a federated run. It is exchanged at once and lives for minutes, if nobody wrote it down."""
    if reading.state is State.KNOWN:
        return fail("is a token in the clear, in the program or its state", reading.path)
    if reading.state is State.WRONG:
        return indeterminate("is not what the provider takes there", reading.path)
    return PASS


CONTROL = Control(
    id="IAM-15",
    title="Providers carry no static credentials",
    why=(
        "A provider's credentials end up in the settings and the state of a stack, and work for whoever reads those. "
        "That they are a secret there does not help: it is the key file itself which must not be. The provider finds "
        "its caller's own credentials without being told, and may impersonate an account. A token of federation "
        "passes if it is a secret or comes at run time, as it lives for minutes; in the clear it fails. Defaults from "
        "`gcp:` settings are inputs of the default provider, where the document holds it."
    ),
    remedy="Leave out `credentials` and `access_token`; set `impersonate_service_account`, or sign in by federation.",
    severity=Severity.HIGH,
    objectives=("5.3.a",),
    clauses=(
        partial("google-ai", "IAM-CO-4.2", "Keys that no provider of this program carries: IAM-06 and IAM-24."),
        partial("nist-800-53-r5", "IA-5", "Authenticators other than the provider's own."),
    ),
    reads=(
        *(
            Read(
                "Provider", path.text, absent=Verdict.PASS, empty=Verdict.PASS, wrong=Verdict.FAIL, secret=Verdict.FAIL
            )
            for path in _STATIC
        ),
        Read(
            "Provider",
            _TOKEN.text,
            absent=Verdict.PASS,
            empty=Verdict.PASS,
            wrong=Verdict.FAIL,
            secret=Verdict.PASS,
            unknown=Verdict.PASS,
        ),
    ),
    checks={"Provider": _judge},
)
