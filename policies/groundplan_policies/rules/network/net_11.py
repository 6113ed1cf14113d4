"""NET-11: TPU slices have no external address and stand in a network of your own."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import Expectation, every, is_false
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, all_of
from groundplan_policies.engine.ways import when_given
from groundplan_policies.rules.network.named import NamedNetwork


def _parts(block: str) -> tuple[Expectation, NamedNetwork]:
    return is_false(f"{block}.enableExternalIps"), NamedNetwork(block, ("subnetwork", "network"))


_ONE = _parts("networkConfig")
_SEVERAL = _parts("networkConfigs")
_QUEUED = _parts("tpu.nodeSpecs.node.networkConfig")

_ALONE = every(*_ONE)
_GIVEN = (when_given("networkConfig", _ALONE), when_given("networkConfigs", every(*_SEVERAL)))


def _slice(resource: Resource, context: Context) -> Outcome:
    outcome = all_of([each(resource, context) for each in _GIVEN])
    return _ALONE(resource, context) if outcome is NOT_APPLICABLE else outcome


CONTROL = Control(
    id="NET-11",
    title="TPU slices have no external address and stand in a network of your own",
    why=(
        "A slice with an external address is a fleet of root machines on the internet, with the training data in "
        "reach. Absent means none at Google. A slice that is told no network stands in the default one, so an absent "
        "block fails; where several blocks are given, each is judged."
    ),
    remedy="Use TpuSlice, or set `network` and `subnetwork` in `network_config` and leave out `enable_external_ips`.",
    severity=Severity.HIGH,
    objectives=("3.3.a", "3.3.b"),
    clauses=(partial("google-ai", "VPC-CO-6.2", "The organisation policy that forbids such addresses everywhere."),),
    reads=(
        *(_ONE[0].reads("tpu.V2Vm"), *_ONE[1].reads("tpu.V2Vm")),
        *(_SEVERAL[0].reads("tpu.V2Vm"), *_SEVERAL[1].reads("tpu.V2Vm")),
        *(_QUEUED[0].reads("tpu.V2QueuedResource"), *_QUEUED[1].reads("tpu.V2QueuedResource")),
    ),
    checks={"tpu.V2Vm": _slice, "tpu.V2QueuedResource": every(*_QUEUED)},
)
