"""Rows behind feature views: those of BigQuery tables in the same mock cloud."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Body, Record
from mockcloud.services.aiplatform import values
from mockcloud.services.aiplatform.api import API
from mockcloud.services.aiplatform.features import groups_of
from mockcloud.services.references import resolve

SEPARATOR: Final = "\x1f"
"""What joins the parts of a key in the store; a table's text does not hold it."""
ROWS: Final = "aiplatform.rows"
"""Part of the cloud with rows that a test registers."""
_USUAL_KEY: Final = ("entity_id",)
_TIME: Final = "feature_timestamp"

Row = Mapping[str, Any]


class Tables:
    """Rows of tables by their BigQuery name, as a test gives them."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[Row, ...]] = {}

    def snapshot(self) -> "Tables":
        """Give a copy that later changes do not reach."""
        copy = Tables()
        copy.rows = dict(self.rows)
        return copy


def register(cloud: Cloud, uri: str, rows: Sequence[Row]) -> None:
    """Say what a table holds, without a BigQuery table in the cloud.

    Args:
        cloud: The cloud.
        uri: The table: `bq://PROJECT.DATASET.TABLE`.
        rows: Its rows, each from column to value.
    """
    with cloud.lock:
        part = cloud.parts.get(ROWS)
        tables = part if isinstance(part, Tables) else Tables()
        tables.rows[uri] = tuple(dict(each) for each in rows)
        cloud.parts[ROWS] = tables


def _rows(cloud: Cloud, uri: str) -> Sequence[Row]:
    part = cloud.parts.get(ROWS)
    registered = part.rows.get(uri) if isinstance(part, Tables) else None
    return registered if registered is not None else _of_bigquery(cloud, uri)


def _of_bigquery(cloud: Cloud, uri: str) -> list[Row]:
    """Give the rows of a table of the cloud; none where there is no such table, or it is a view."""
    parts = uri.removeprefix("bq://").split(".")
    if len(parts) != len(("project", "dataset", "table")):
        return []
    record = resolve(cloud, "projects/{}/datasets/{}/tables/{}".format(*parts), "bigquery")
    if record is None:
        return []
    # Only a view of a table that is there needs the other service.
    from mockcloud.services.bigquery.showing import for_export
    from mockcloud.services.bigquery.tables import fields_of, rows_of

    fields = fields_of(record)
    whole = {each["name"] for each in fields if each["type"] == "INTEGER"}
    return [
        {name: _whole(value) if name in whole else value for name, value in for_export(fields, row).items()}
        for row in rows_of(record)
    ]


def _whole(value: object) -> object:
    """Give whole numbers, which BigQuery writes as text, as numbers."""
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, str) else value


def served(cloud: Cloud, view: Record) -> dict[str, Body]:
    """Give what a view serves once it is synchronised: features by name, each by the key of its entity."""
    found: dict[str, Body] = {}
    for uri, keys, columns in _sources(cloud, view):
        ordered = sorted(_rows(cloud, uri), key=lambda row: str(row.get(_TIME, "")))
        for row in ordered:
            key = SEPARATOR.join(str(row.get(each, "")) for each in keys)
            names = columns or {each: each for each in row if each not in {*keys, _TIME}}
            features = {name: values.wrapped(row[column]) for name, column in names.items() if column in row}
            found[key] = {**found.get(key, {}), **features}
    return found


def _sources(cloud: Cloud, view: Record) -> Iterator[tuple[str, Sequence[str], Mapping[str, str]]]:
    """Give the tables of a view: name, columns of the key, and columns by the feature that each stands for."""
    table = view.body.get("bigQuerySource")
    if table:
        yield table.get("uri", ""), table.get("entityIdColumns") or _USUAL_KEY, {}
    location = view.name.rpartition("/featureOnlineStores/")[0]
    for each in groups_of(view.body):
        group = cloud.store.get(API, f"{location}/featureGroups/{each.get('featureGroupId', '')}")
        if group is None:
            continue
        source = group.body.get("bigQuery", {})
        columns = {}
        for name in each.get("featureIds", []):
            feature = cloud.store.get(API, f"{group.name}/features/{name}")
            columns[name] = feature.body.get("versionColumnName", name) if feature is not None else name
        yield source.get("bigQuerySource", {}).get("inputUri", ""), source.get("entityIdColumns") or _USUAL_KEY, columns
