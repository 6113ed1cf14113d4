"""Vector search in a view: an index over a column of embeddings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import pulumi_gcp as gcp

from groundplan.core.validation import Checks
from groundplan.data.columns import Column
from groundplan.features.source import check_column

_DISTANCES: Final = {
    "dot_product": "DOT_PRODUCT_DISTANCE",
    "cosine": "COSINE_DISTANCE",
    "squared_l2": "SQUARED_L2_DISTANCE",
}


@dataclass(frozen=True, kw_only=True)
class VectorSearch:
    """How a view of an Optimized store finds the entities whose embeddings are nearest."""

    embedding_column: str
    """Column of the source that holds the embeddings."""
    dimensions: int
    """Numbers in an embedding."""
    distance: Literal["dot_product", "cosine", "squared_l2"] = "dot_product"
    """What near means."""
    exact: bool = False
    """Whether every embedding is compared (for small sets, and to measure how much an index misses) instead of an index
    of the kind Tree-AH being searched."""
    leaf_embeddings: int | None = None
    """Embeddings in a leaf of the index; by default Google's 1,000."""
    filter_columns: tuple[str, ...] = ()
    """Columns by which a search can be narrowed."""
    crowding_column: str | None = None
    """Column of which no more than a given number of results may share a value."""

    def check(self, checks: Checks, field: str, known: Mapping[str, Column] | None) -> None:
        """Record what is wrong with the settings, in a view of a source whose columns may be known."""
        check_column(checks, f"{field}.embedding_column", self.embedding_column, known)
        checks.one_of(f"{field}.distance", self.distance, _DISTANCES)
        _check_positive(checks, f"{field}.dimensions", self.dimensions)
        for index, column in enumerate(self.filter_columns):
            check_column(checks, f"{field}.filter_columns[{index}]", column, known)
        checks.unique(f"{field}.filter_columns", (str(column) for column in self.filter_columns), "column")
        if self.crowding_column is not None:
            check_column(checks, f"{field}.crowding_column", self.crowding_column, known)
        if self.leaf_embeddings is not None:
            _check_positive(checks, f"{field}.leaf_embeddings", self.leaf_embeddings)
            checks.that(
                not self.exact,
                f"{field}.leaf_embeddings",
                "describes an index, and an exact search has none",
                given=self.leaf_embeddings,
                allowed="leaf_embeddings without exact",
                do="leave one of the two out",
            )

    def arguments(self) -> gcp.vertex.AiFeatureOnlineStoreFeatureviewVectorSearchConfigArgs:
        """Return the settings as the provider takes them."""
        kinds = gcp.vertex
        args = kinds.AiFeatureOnlineStoreFeatureviewVectorSearchConfigArgs(
            embedding_column=self.embedding_column,
            embedding_dimension=self.dimensions,
            distance_measure_type=_DISTANCES[self.distance],
            filter_columns=list(self.filter_columns) or None,
            crowding_column=self.crowding_column,
        )
        if self.exact:
            brute_force = kinds.AiFeatureOnlineStoreFeatureviewVectorSearchConfigBruteForceConfigArgs()  # type: ignore[no-untyped-call] # the provider's
            args.brute_force_config = brute_force
            return args
        leaf = str(self.leaf_embeddings) if self.leaf_embeddings is not None else None
        args.tree_ah_config = kinds.AiFeatureOnlineStoreFeatureviewVectorSearchConfigTreeAhConfigArgs(
            leaf_node_embedding_count=leaf
        )
        return args


def _check_positive(checks: Checks, field: str, value: object) -> None:
    checks.that(
        type(value) is int and value > 0,
        field,
        "is no number of anything",
        given=value,
        allowed="a whole number from 1 on",
        do="say how many",
    )
