"""IAM-10: who builds does not approve."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, partial
from groundplan_policies.engine.paths import Reading
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity
from groundplan_policies.rules.identity.duties import Duties, separated
from groundplan_policies.rules.identity.forms import WIDE, grant_reads, iam_types
from groundplan_policies.rules.identity.roles import role_name

_APPROVES: Final = frozenset(
    {"roles/clouddeploy.approver", "roles/clouddeploy.admin", "roles/cloudbuild.builds.approver"}
)
_BUILDS: Final = frozenset(
    {
        "roles/aiplatform.user",
        "roles/aiplatform.admin",
        "roles/cloudbuild.builds.builder",
        "roles/cloudbuild.builds.editor",
        "roles/cloudbuild.workerpooluser",
        "roles/clouddeploy.developer",
        "roles/clouddeploy.releaser",
        "roles/ml.admin",
        "roles/ml.developer",
        "roles/notebooks.runner",
    }
)


def _approves(role: Reading) -> bool:
    return role_name(role) in _APPROVES


def _builds(role: Reading) -> bool:
    return role_name(role) in _BUILDS


_DUTIES: Final = Duties(_approves, _builds, ("clouddeploy",), "approves and also runs training, builds or releases")


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    yield from separated(_DUTIES, context)


_TYPES: Final = (*WIDE, *iam_types("clouddeploy.DeliveryPipelineIam", "clouddeploy.TargetIam"))

CONTROL = Control(
    id="IAM-10",
    title="Who builds does not approve",
    why=(
        "An approval by the one who asked for it is none: whoever trains a model, starts a build or makes a release "
        "must not be able to let it pass. Google's role for administering Cloud Deploy approves too. Both duties count "
        "wherever in this document they are granted. A group is one principal; that one person is in two groups "
        "cannot be seen. What is judged is the grant of the approval."
    ),
    remedy="Name other people as `approvers` of MlDelivery than those who train and build.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("5.2.b", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "AC-5", "Members of two groups, custom roles, and grants made elsewhere."),),
    reads=grant_reads(_TYPES),
    stack=_stack,
)
