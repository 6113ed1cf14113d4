"""Lists whose entries may be resources of their own, so that the list in the program is only what it began with."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.values import Value, is_unknown

KEPT_APART: Final[Mapping[str, Mapping[str, str]]] = {
    "gcp:bigquery/dataset:Dataset": {"accesses": "bigquery.DatasetAccess"},
}
"""Such lists by type token, each with the short name of the type of its entries. The provider demands that changes of
the list be ignored then (`bigquery.DatasetAccess`: "so they don't fight"); BYP-01 says who does so."""


def kept_apart(type_token: str, entry: str) -> str:
    """Give the short name of the type that keeps the entries of a list apart from it; "" for anything else."""
    return KEPT_APART.get(type_token, {}).get(entry, "")


def as_kept(
    type_token: str, ignored: tuple[str, ...], inputs: Mapping[str, Value], outputs: Mapping[str, Value]
) -> Mapping[str, Value]:
    """Give the inputs of a resource with the lists that the cloud has, where those of the program are only the first.

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
    """Whether the cloud's own list is among the outputs."""
    value = outputs.get(entry)
    return bool(kept_apart(type_token, entry)) and value is not None and not is_unknown(value)
