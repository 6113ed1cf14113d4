"""Properties that others keep, so that the program holds only what they began with.

Most are lists whose entries may be resources of their own; one is changed by every rollout.
"""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.values import Value, is_unknown

ROLLOUTS: Final = "rollouts"
"""What keeps a property that no resource keeps: whoever brings out a new version."""
KEPT_APART: Final[Mapping[str, Mapping[str, str]]] = {
    "gcp:bigquery/dataset:Dataset": {"accesses": "bigquery.DatasetAccess"},
    "gcp:vertex/aiEndpoint:AiEndpoint": {"trafficSplit": ROLLOUTS},
}
"""Such properties by type token, each with the short name of the type of a list's entries. The provider demands that
changes of the list be ignored then (`bigquery.DatasetAccess`: "so they don't fight"); BYP-01 says who does so. How
traffic is shared out is keyed by ids that a model has once it is deployed, so that no program can hold it."""


def kept_apart(type_token: str, entry: str) -> str:
    """Give the short name of the type that keeps the entries of a list apart from it, or `ROLLOUTS`; "" for others."""
    return KEPT_APART.get(type_token, {}).get(entry, "")


def as_kept(
    type_token: str, ignored: tuple[str, ...], inputs: Mapping[str, Value], outputs: Mapping[str, Value]
) -> Mapping[str, Value]:
    """Give the inputs of a resource with what the cloud has, where what the program holds is only the first.

    A state knows them, from the last refresh or deployment. Where it does not, the inputs stay as they are.

    Args:
        type_token: The type.
        ignored: Property paths of which changes are ignored.
        inputs: What the program asked for.
        outputs: What the provider answered.
    """
    if not ignored or type_token not in KEPT_APART:
        return inputs
    return {**inputs, **{name: outputs[name] for name in ignored if is_kept(type_token, name, outputs)}}


def is_kept(type_token: str, entry: str, outputs: Mapping[str, Value]) -> bool:
    """Whether what the cloud has is among the outputs."""
    value = outputs.get(entry)
    return bool(kept_apart(type_token, entry)) and value is not None and not is_unknown(value)
