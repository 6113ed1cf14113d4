"""Whether a doubt is the plan's own: the value is computed by the deployment, so no policy can know it yet."""

from collections.abc import Iterable

from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown, leaves
from groundplan_policies.engine.verdicts import Reason

_BELOW = (".", "[")


def hangs_on_the_deployment(reasons: Iterable[Reason], resource: Resource) -> bool:
    """Whether each of these reasons is about a property of the resource that is known only after the deployment."""
    unknown = [path for path, leaf in leaves(resource.inputs) if is_unknown(leaf)]
    paths = [each.path for each in reasons]
    return bool(paths) and all(path and any(_holds(path, leaf) for leaf in unknown) for path in paths)


def _holds(path: str, leaf: str) -> bool:
    """Whether a leaf is at a path, or below it."""
    return leaf == path or (leaf.startswith(path) and leaf[len(path) :].startswith(_BELOW))
