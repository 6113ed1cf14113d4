"""Which buckets, datasets and tables of this document a value means, in the ways in which Google's APIs name them."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_unknown, without_unknown
from groundplan_policies.rules.data.targets import bucket, dataset, dataset_of

DATASET: Final = "bigquery.Dataset"
TABLE: Final = "bigquery.Table"
BUCKET: Final = "storage.Bucket"

_SCHEME: Final = "bq://"
_RESOURCE: Final = re.compile(r"(?:.*/)?projects/([^/]+)/datasets/([^/]+)(?:/tables/([^/]+))?")
_PART: Final = r"(?:`[^`]+`|[A-Za-z_][\w-]*)"
_WORDS: Final = re.compile(rf"{_PART}(?:\.{_PART})*")


def tables_of(graph: Graph) -> Mapping[str, tuple[Resource, ...]]:
    """Give the tables of each dataset, by its URN; under "" those of which nobody knows the dataset."""
    return graph.once(_tables)


def _tables(graph: Graph) -> Mapping[str, tuple[Resource, ...]]:
    found: dict[str, list[Resource]] = {}
    for table in graph.of(TABLE):
        home = dataset_of(table, graph)
        found.setdefault(home.urn if home is not None else "", []).append(table)
    return {urn: tuple(each) for urn, each in found.items()}


def in_storage(graph: Graph, resource: Resource, reading: Reading) -> tuple[Resource, ...] | None:
    """Give the bucket that a value names; nothing for one of elsewhere, None where nobody can tell."""
    if reading.state in {State.ABSENT, State.EMPTY}:
        return ()
    found = bucket(graph, resource, reading)
    if found is not None:
        return (found,)
    return () if reading.state is State.KNOWN and isinstance(reading.value, str) else None


def in_warehouse(graph: Graph, resource: Resource, reading: Reading) -> tuple[Resource, ...] | None:
    """Give the table or, with all its tables, the dataset that a value names: `bq://project.dataset.table`.

    Nothing for what is elsewhere, None where nobody can tell.
    """
    if reading.state in {State.ABSENT, State.EMPTY}:
        return ()
    made = graph.resolve(resource, reading, TABLE, DATASET)
    if made is not None and reading.state is State.UNKNOWN:
        return _with_tables(graph, made)
    if reading.state is not State.KNOWN or not isinstance(reading.value, str):
        return None
    project, home, table = _parts(graph, resource, reading.text)
    return named(graph, project, home, table)


def named(graph: Graph, project: str, home: str, table: str) -> tuple[Resource, ...]:
    """Give the table of a name, or the dataset with all its tables where the name has none, or one not made here."""
    found = dataset(graph, project, home)
    if found is None:
        return ()
    tables = tables_of(graph).get(found.urn, ())
    same = tuple(each for each in tables if table and each.inputs.get("tableId") == table)
    return same or _with_tables(graph, found, only_dataset=bool(table))


def _with_tables(graph: Graph, found: Resource, *, only_dataset: bool = False) -> tuple[Resource, ...]:
    if found.type != "gcp:bigquery/dataset:Dataset" or only_dataset:
        return (found,)
    return (found, *tables_of(graph).get(found.urn, ()))


def _parts(graph: Graph, resource: Resource, text: str) -> tuple[str, str, str]:
    full = _RESOURCE.fullmatch(text)
    if full is not None:
        return full[1], full[2], full[3] or ""
    words = text.removeprefix(_SCHEME).replace(":", ".").split(".")
    if len(words) == 2 and not text.startswith(_SCHEME):  # noqa: PLR2004 - dataset and table
        words.insert(0, graph.effective(resource, "project").text)
    project, home, table, *_ = (*words, "", "", "")
    return project, home, table


def in_sql(graph: Graph, resource: Resource, text: Value) -> tuple[Resource, ...] | None:
    """Give the tables of this document that a query names; None where a part of it is not known.

    What merely looks like a name of one of them counts: whoever asks wants none to be missed.
    """
    if not isinstance(text, str):
        return None
    found = {each.urn: each for words in _names(text) for each in _of_words(graph, resource, words)}
    return None if is_unknown(text) else tuple(found.values())


def _names(text: str) -> Iterator[tuple[str, ...]]:
    for name in _WORDS.findall(without_unknown(text)):
        yield tuple(name.replace("`", "").split("."))


def _of_words(graph: Graph, resource: Resource, words: tuple[str, ...]) -> tuple[Resource, ...]:
    match words:
        case (project, home, table):
            return named(graph, project, home, table)
        case (home, table):
            return named(graph, graph.effective(resource, "project").text, home, table)
    return ()
