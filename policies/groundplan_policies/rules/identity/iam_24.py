"""IAM-24: organisation policies hold what single resources could undo."""

from groundplan_policies.engine.control import Control, Evidence, full, partial
from groundplan_policies.engine.expect import is_one_of
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.rules.identity.constraints import Constraints, reads

_CLAUSES = {
    "IAM-CO-4.1": "iam.automaticIamGrantsForDefaultServiceAccounts",
    "IAM-CO-4.2": "iam.disableServiceAccountKeyCreation",
    "IAM-CO-4.3": "iam.disableServiceAccountKeyUpload",
    "COM-CO-2.2": "gcp.restrictCmekCryptoKeyProjects",
    "COM-CO-4.1": "iam.allowedPolicyMemberDomains",
    "RM-CO-4.1": "gcp.restrictServiceUsage",
    "RM-CO-4.2": "gcp.resourceLocations",
    "GCS-CO-4.1": "storage.publicAccessPrevention",
    "GCS-CO-4.2": "storage.uniformBucketLevelAccess",
    "VPC-CO-6.2": "compute.vmExternalIpAccess",
    "VPC-CO-6.6": "compute.disableNestedVirtualization",
}
"""Google's recommended controls -> the constraint that each of them asks for."""

_WITH_VALUES = {
    "COM-CO-1.1": ("gcp.restrictTLSVersion", "Which versions are denied."),
    "COM-CO-2.3": ("gcp.restrictNonCmekServices", "Which services are named."),
    "CBD-CO-6.3": ("compute.vmExternalIpAccess", "Whether the policy leaves no machine an address."),
}
"""Those that ask for certain values of a constraint: that it restricts is seen, to what is not."""

_ACTION = is_one_of("action", "DEPRIVILEGE", "DISABLE", "DELETE")

CONTROL = Control(
    id="IAM-24",
    title="Organisation policies hold what single resources could undo",
    why=(
        "Everything else here judges what this program makes. A constraint holds for what anybody makes in the "
        "project, by hand too: no keys of accounts, no members from elsewhere, no other regions, no data without own "
        "keys. The settings list the constraints of the tier, and policies are judged as in IAM-18. What is done to "
        "default accounts once does not stop the next grant, so it is no substitute for the constraint; where it is "
        "done it must take the rights away. Only `orgpolicy.Policy` is read, not the older resources for the same."
    ),
    remedy="Use OrganizationPolicies, or add an `orgpolicy.Policy` for each constraint.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    clauses=(
        *(full("google-ai", clause, organization_constraints=(each,)) for clause, each in _CLAUSES.items()),
        *(
            partial("google-ai", clause, missing, organization_constraints=(each,))
            for clause, (each, missing) in _WITH_VALUES.items()
        ),
        partial("cis-gcp-5.0", "1.1.4", "Policies that are set elsewhere, and exceptions further down."),
    ),
    reads=(*reads(), _ACTION.reads("projects.DefaultServiceAccounts")),
    checks={"projects.DefaultServiceAccounts": _ACTION},
    stack=Constraints("organization_constraints"),
    settings=("organization", "organization_constraints"),
)
