"""IAM-11: federated identities are held to an organisation or a repository."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.identity.pins import Pins, pins

_CONDITION, _MAPPING, _ISSUER = Path("attributeCondition"), Path("attributeMapping"), Path("oidc.issuerUri")
_ANYBODY = "so that whoever can get a token from the issuer is let in"


def _judge(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    return all_of([_condition(resource), _issuer(resource)])


def _condition(resource: Resource) -> Outcome:
    reading = _CONDITION.one(resource)
    missing = unreadable(reading, absent=fail(f"is absent, {_ANYBODY}", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "an expression")
    mapping = _MAPPING.one(resource)
    known = mapping.value if mapping.state is State.KNOWN and isinstance(mapping.value, dict) else {}
    match pins(reading.value, known):
        case Pins.YES:
            return PASS
        case Pins.NO:
            return fail(
                f"compares no claim of an organisation or repository with a whole name, {_ANYBODY}", reading.path
            )
        case Pins.UNCLEAR:
            return indeterminate(
                "is written in a form that is not understood; expected is a claim compared with a text", reading.path
            )


def _issuer(resource: Resource) -> Outcome:
    """Ask for an issuer that nobody on the way can replace. Providers without one are of another kind."""
    reading = _ISSUER.one(resource)
    missing = unreadable(reading, absent=PASS, empty=fail("is empty; expected is an https address", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "an address")
    if reading.value.startswith("https://"):
        return PASS
    return fail("is no https address", reading.path)


CONTROL = Control(
    id="IAM-11",
    title="Federated identities are held to an organisation or a repository",
    why=(
        "Issuers such as GitHub sign tokens for everybody. A provider without a condition lets anybody's workflow in, "
        "and only the grants stand between it and the project. The condition must compare a claim that names an owner, "
        "a repository or an account with a whole name: equal, one of a list, or beginning with a name up to its end: "
        "`acme/` of a repository, `repo:acme/` of GitHub's subject. Which beginning is a whole owner depends on the "
        "claim; one that is not known, such as `org/` of a subject, fails. Parts of a name, patterns that match "
        "everything, and comparisons of other claims alone fail; in an alternative each branch has to hold. What is "
        "written in another way is indeterminate. Providers of one's own issuer, of AWS and of SAML are held to the "
        "same: the next tenant comes without notice."
    ),
    remedy="Use WorkloadIdentity, or set `attribute_condition` to `assertion.repository == 'owner/name'` or the like.",
    severity=Severity.CRITICAL,
    objectives=("5.2.b", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "AC-3", "What the grants give to those who are let in: IAM-21."),),
    reads=(
        Read("iam.WorkloadIdentityPoolProvider", _CONDITION.text),
        Read.aside("iam.WorkloadIdentityPoolProvider", _MAPPING.text),
        Read("iam.WorkloadIdentityPoolProvider", _ISSUER.text, absent=Verdict.PASS),
    ),
    checks={"iam.WorkloadIdentityPoolProvider": _judge},
)
