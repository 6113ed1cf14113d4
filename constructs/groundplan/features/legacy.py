"""The legacy Feature Store, which is not built here."""

from __future__ import annotations

import re
from typing import Final

import pulumi_gcp as gcp

from groundplan.core.validation import Checks

_NAME: Final = re.compile(r"(?:^|/)(?:featurestores|entityTypes)(?:/|$)")
_KINDS: Final = (
    gcp.vertex.AiFeatureStore,
    gcp.vertex.AiFeatureStoreEntityType,
    gcp.vertex.AiFeatureStoreEntityTypeFeature,
)


def check_not_legacy(checks: Checks, field: str, value: object) -> bool:
    """Refuse what belongs to the legacy Feature Store, by its name or as a resource; say what takes its place."""
    legacy = isinstance(value, _KINDS) or (isinstance(value, str) and _NAME.search(value) is not None)
    return checks.that(
        not legacy,
        field,
        "belongs to the legacy Feature Store, which Google has replaced",
        given=value if isinstance(value, str) else type(value).__name__,
        allowed="feature groups, online stores and feature views",
        do="register the values with FeatureGroup, in BigQuery; serve them with OnlineStore and FeatureView",
    )
