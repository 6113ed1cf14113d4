"""How data flows through a deployment: from stores, through accounts and references, to training and serving."""

from groundplan_policies.flow.build import data_flow
from groundplan_policies.flow.model import SERVING, Edge, Flow, Kind, Node, Role

__all__ = ["SERVING", "Edge", "Flow", "Kind", "Node", "Role", "data_flow"]
