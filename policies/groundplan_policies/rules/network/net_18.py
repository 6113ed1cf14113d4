"""NET-18: Kubernetes clusters enforce network policies, and show traffic inside of nodes."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, full, partial
from groundplan_policies.engine.expect import every, is_false, is_one_of, is_true
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict
from groundplan_policies.engine.ways import one_way, other_way

_CLUSTER = "container.Cluster"
_AUTOPILOT = is_true("enableAutopilot")
_DATAPATH = is_one_of("datapathProvider", "ADVANCED_DATAPATH")
_POLICY = is_true("networkPolicy.enabled")
_ADD_ON = is_false("addonsConfig.networkPolicyConfig.disabled")
_POLICIES = one_way(_DATAPATH, _POLICY, _AUTOPILOT)
_VISIBLE = is_true("enableIntranodeVisibility")
_VISIBLE_ANYWAY = is_true("enableIntranodeVisibility", absent=Verdict.PASS)


def _add_on(resource: Resource, context: Context) -> Outcome:
    """Ask that the add-on is not turned off where it is what enforces policies."""
    outcome = _ADD_ON(resource, context)
    if outcome.verdict is not Verdict.FAIL:
        return outcome
    built_in = _DATAPATH(resource, context) is PASS or _AUTOPILOT(resource, context) is PASS
    return PASS if built_in else outcome


def _visible(resource: Resource, context: Context) -> Outcome:
    autopilot = _AUTOPILOT.path.plain(resource.inputs) is True
    return (_VISIBLE_ANYWAY if autopilot else _VISIBLE)(resource, context)


CONTROL = Control(
    id="NET-18",
    title="Kubernetes clusters enforce network policies, and show traffic inside of nodes",
    why=(
        "Without enforcement a policy is a wish: every pod reaches every other, one team's notebook another's "
        "database. Dataplane V2 and Autopilot enforce by themselves; otherwise policies must be on, and the add-on "
        "that enforces them not turned off. Traffic between pods of one node passes the network's firewall and logs "
        "only with intranode visibility, which Autopilot has unless it is turned off and others lack by default."
    ),
    remedy="Use TrainingCluster, or set `datapath_provider` to `ADVANCED_DATAPATH` and `enable_intranode_visibility`.",
    severity=Severity.MEDIUM,
    objectives=("3.2.c",),
    clauses=(
        full("cis-gke-1.6", "4.3.1"),
        partial("cis-gke-1.6", "5.6.1", "The flow logs of the subnet, which are a property of the subnet."),
    ),
    reads=(
        _DATAPATH.reads(_CLUSTER),
        other_way(_POLICY.reads(_CLUSTER)),
        other_way(_AUTOPILOT.reads(_CLUSTER)),
        _ADD_ON.reads(_CLUSTER),
        _VISIBLE.reads(_CLUSTER),
    ),
    checks={_CLUSTER: every(_POLICIES, _add_on, _visible)},
)
