"""IAM-18: organisation policies keep notebooks as they were meant."""

from groundplan_policies.engine.control import Control, Evidence, full
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.rules.identity.constraints import Constraints, reads

_IN_ORDER = (
    *("accessMode", "disableFileDownloads", "disableRootAccess", "disableTerminal", "environmentOptions"),
    *("requireAutoUpgradeSchedule", "restrictPublicIp", "restrictVpcNetworks"),
)
"""The constraints as Google's recommended controls number them, from VAI-CO-4.1."""

CONTROL = Control(
    id="IAM-18",
    title="Organisation policies keep notebooks as they were meant",
    why=(
        "What this program sets on a notebook, its owner can make otherwise in the console a minute later, or make "
        "another notebook. A constraint forbids it to everybody. The settings list the constraints of the tier. Those "
        "that are on or off must be enforced; three of the eight take values, and must restrict them. A rule with a "
        "condition, one that allows everything, a reset, and a policy that is only in dry run fail. Allowed values "
        "that inherit may allow more than they say, so they fail as well. Values that are denied restrict only where "
        "that is how the constraint is meant; elsewhere they leave every other, so they are indeterminate. A "
        "constraint counts for a project if it is set for that, or for a folder or the organisation. Policies that are "
        "set elsewhere are not seen, so missing ones fail; where the settings do not say whether there is an "
        "organisation, they are indeterminate."
    ),
    remedy="Use OrganizationPolicies, or add an `orgpolicy.Policy` for each constraint.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.2.b", "6.1.a"),
    clauses=tuple(
        full("google-ai", f"VAI-CO-4.{number}", notebook_constraints=(f"ainotebooks.{name}",))
        for number, name in enumerate(_IN_ORDER, start=1)
    ),
    reads=reads(),
    stack=Constraints("notebook_constraints"),
    settings=("organization", "notebook_constraints"),
)
