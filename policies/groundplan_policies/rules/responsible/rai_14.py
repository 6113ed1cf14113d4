"""RAI-14: a human approves between evaluation and deployment."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, State, entries
from groundplan_policies.engine.principals import Kind, Principal
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    declared,
    fail,
    indeterminate,
)
from groundplan_policies.rules.identity.roles import custom_permissions, is_custom, role_name
from groundplan_policies.rules.responsible.declarations import REVIEW, person, review_of
from groundplan_policies.rules.responsible.deployers import Deployer, deployers

_TRIGGER: Final = "cloudbuild.Trigger"
_TARGET: Final = "clouddeploy.Target"
_APPROVAL: Final = {_TRIGGER: Path("approvalConfig.approvalRequired"), _TARGET: Path("requireApproval")}
"""Short name of a type -> where it says that a person must approve before it runs."""
_APPROVERS, _BUILDERS = Path("review.approval.approvers"), Path("review.approval.builders")
_APPROVE: Final = frozenset(
    {"roles/cloudbuild.builds.approver", "roles/clouddeploy.approver", "roles/clouddeploy.admin"}
)
_OF_PEOPLE: Final = "workforcePools/"
"""What the names of people have who come from another provider of identities."""
_PERMISSIONS: Final = frozenset({"cloudbuild.builds.approve", "clouddeploy.rollouts.approve"})


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    for endpoint in context.graph.of("vertex.AiEndpoint"):
        found = all_of([*map(_crosses, deployers(endpoint, context)), *_people(endpoint, context), PASS])
        yield endpoint, declared("is deployed to after an approval, as far as it shows") if found is PASS else found


def _crosses(deployer: Deployer) -> Outcome:
    """Judge one who can deploy: by a build or a target that a person must approve first, and in no other way."""
    who = deployer.grant.principal
    if who.kind is not Kind.SERVICE_ACCOUNT:
        return _no_account(deployer)
    if not deployer.sure:
        return indeterminate("may be deployed to by an account of whose role nobody can tell what it allows")
    if not deployer.work:
        return fail("can be deployed to by an account of which nobody sees what runs as it", "", _name(deployer))
    return all_of([_own(deployer), *(_approved(each) for each in deployer.work)])


def _own(deployer: Deployer) -> Outcome:
    """Judge whether none but its work is the account: whoever can become it passes the approval by."""
    if deployer.taken_over is None:
        return indeterminate("may be deployed to by whoever acts as an account with the right to")
    sentence = "can be deployed to by whoever acts as an account with the right to, past every approval"
    return fail(sentence, "", _name(deployer)) if deployer.taken_over else PASS


def _no_account(deployer: Deployer) -> Outcome:
    """A person who can deploy by hand passes every approval by; a public member is everybody."""
    if deployer.grant.principal.kind is Kind.UNKNOWN:
        return indeterminate("may be deployed to by somebody who cannot be told")
    sure = fail("can be deployed to by people by hand, past every approval", "", _name(deployer))
    return sure if deployer.sure else indeterminate("may be deployed to by people by hand")


def _name(deployer: Deployer) -> str:
    """Give the role that gives the right: it can be no secret."""
    role = deployer.grant.role
    return role.text if role.state is State.KNOWN else ""


def _approved(work: Resource) -> Outcome:
    approval = _APPROVAL.get(short_name(work.type))
    if approval is None:
        return fail("can be deployed to by work that no person approves", "", work.name)
    needed = approval.one(work)
    if needed.value is True:
        return PASS
    if needed.state in {State.UNKNOWN, State.SECRET, State.WRONG}:
        return indeterminate("is deployed to by a build or a target of which nobody can tell whether it is approved")
    return fail("is deployed to by a build or a target that no person approves", "", work.name)


def _people(endpoint: Resource, context: Context) -> Iterator[Outcome]:
    """Who approves is nobody who builds: by the review, and by the grants of this document."""
    review = review_of(endpoint, context.graph)
    if review is not None:
        yield _disjoint(review)
    for grant in context.graph.grants:
        who = grant.principal
        people = who.person or _OF_PEOPLE in who.name
        if not who.agent and not people and _approves(grant, context):
            yield _no_person(who)


def _approves(grant: Grant, context: Context) -> bool:
    name = role_name(grant.role)
    return name in _APPROVE or bool(is_custom(name) and _PERMISSIONS & (custom_permissions(name, context) or set()))


def _no_person(who: Principal) -> Outcome:
    if who.kind is Kind.UNKNOWN:
        return indeterminate("may be approved by somebody who cannot be told")
    return fail("can be approved by an account or by everybody, and not by a person alone")


def _disjoint(review: Resource) -> Outcome:
    approvers, builders = (
        {person(each) for reading in path.read(review) for each in entries(reading)} for path in (_APPROVERS, _BUILDERS)
    )
    if not approvers - {""} or "" in approvers | builders:
        return fail("answers to a review that does not say who approves, and who builds")
    return fail("answers to a review whose approver builds, too") if approvers & builders else PASS


CONTROL = Control(
    id="RAI-14",
    title="A human approves between evaluation and deployment",
    why=(
        "Numbers can be good for the wrong reason, and whoever built a model is the last to see it. Whatever can put a "
        "model behind an endpoint is a build, or a target of Cloud Deploy, that a person must approve: an account with "
        "the right to deploy, on the "
        "endpoint, its project or above, runs as nothing else, and nobody is granted to act as it; people have no such "
        "right by hand; nothing but people may approve. `roles/aiplatform.user` holds that right, so a pipeline that "
        "has it on the project passes the approval by. The review says who approves and who builds, and no one is "
        "both. Members of groups are not seen, so that a pass is declared. Rights to act as the accounts of a whole "
        "project are judged by IAM-04, targets of Cloud Deploy as such by SUP-12. A grant on a project that is named "
        "by its number where the endpoint's has its id, or the other way round, may be on the same: indeterminate."
    ),
    remedy="Use MlDelivery for deployment, and give accounts of training rights that do not deploy.",
    ask="See in the history of builds who approved the last release, and that they did not build it.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("5.3.a", "6.1.b"),
    clauses=(
        evidence("eu-ai-act", "14", "Oversight while the model is in use."),
        evidence("nist-ai-rmf-1.0", "MAP 3.5", "What the person who approves looks at."),
        evidence("iso-42001-2023", "A.9.2", "What the person who approves looks at."),
    ),
    reads=(
        Read(REVIEW, "review.approval.approvers", wrong=Verdict.FAIL, secret=Verdict.FAIL, unknown=Verdict.FAIL),
        Read(REVIEW, "review.approval.builders", wrong=Verdict.FAIL, secret=Verdict.FAIL, unknown=Verdict.FAIL),
        *(Read(type_, path.text, wrong=Verdict.FAIL) for type_, path in _APPROVAL.items()),
    ),
    stack=_stack,
)
