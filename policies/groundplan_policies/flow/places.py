"""Which buckets, datasets and tables of this document a value means, in the ways in which Google's APIs name them."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Reading, State, read_value
from groundplan_policies.engine.projects import home as home_of
from groundplan_policies.engine.projects import is_same
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_unknown, without_unknown
from groundplan_policies.rules.data.targets import bucket, dataset, dataset_of

DATASET: Final = "bigquery.Dataset"
TABLE: Final = "bigquery.Table"
BUCKET: Final = "storage.Bucket"

_SCHEME: Final = "bq://"
_BARE: Final = re.compile(r"\w+")
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
    if _BARE.fullmatch(reading.text):
        return _with_tables(graph, made) if made is not None else ()
    project, home, table = _parts(graph, resource, reading.text)
    return named(graph, project, home, table)


def by_parts(
    graph: Graph,
    resource: Resource,
    reading: Reading,
    keys: tuple[str, str, str] = ("projectId", "datasetId", "tableId"),
) -> tuple[Resource, ...] | None:
    """Give the table or, with all its tables, the dataset of a block that names project, dataset and table apart.

    A table alone may be named in full. Nothing for what is elsewhere, None where nobody can tell.

    Args:
        graph: The deployment.
        resource: The resource that has the block.
        reading: The block.
        keys: Names of its properties for the three.
    """
    if reading.state in {State.ABSENT, State.EMPTY}:
        return ()
    if not isinstance(reading.value, dict):
        return None
    project, home, table = (_part(reading, key) for key in keys)
    if home.state in {State.ABSENT, State.EMPTY}:
        return in_warehouse(graph, resource, table)
    if table.state is State.UNKNOWN:
        made = graph.resolve(resource, table, TABLE)
        return None if made is None else (made,)
    found = _home(graph, resource, project, home)
    if found is not None:
        return _in(graph, found, table.text)
    known = home.state is State.KNOWN and project.state is not State.UNKNOWN
    return () if known and not _cannot_tell(graph, project.text, home.text) else None


def _part(block: Reading, key: str) -> Reading:
    return read_value(block.value, block.path, key)[0]


def _home(graph: Graph, resource: Resource, project: Reading, home: Reading) -> Resource | None:
    made = graph.resolve(resource, home, DATASET) if graph.origins(resource, home) else None
    if made is not None or home.state is not State.KNOWN:
        return made
    where = graph.effective(resource, "project") if project.state in {State.ABSENT, State.EMPTY} else project
    full = _RESOURCE.fullmatch(home.text)
    return _dataset(graph, full[1], full[2]) if full is not None else _dataset(graph, where.text, home.text)


def _dataset(graph: Graph, project: str, name: str) -> Resource | None:
    """Give a dataset by its name and the id of its project, or the number where this document tells whose it is."""
    found = dataset(graph, project, name)
    return found or next((each for each in _of_number(graph, project, name) if _is_in(graph, project, each)), None)


def _cannot_tell(graph: Graph, project: str, name: str) -> bool:
    """Whether a dataset of this name is in a project of which only the id is known, and the number is given."""
    return any(_is_in(graph, project, each) is None for each in _of_number(graph, project, name))


def _of_number(graph: Graph, project: str, name: str) -> Iterator[Resource]:
    return (each for each in graph.of(DATASET) if project.isdigit() and each.inputs.get("datasetId") == name)


def _is_in(graph: Graph, project: str, found: Resource) -> bool | None:
    return is_same(graph, project, home_of(graph, found))


def named(graph: Graph, project: str, home: str, table: str) -> tuple[Resource, ...] | None:
    """Give the table of a name, or the dataset with all its tables where the name has none, or one not made here.

    None where nobody can tell whether the project is the one of a dataset of this name.
    """
    found = _dataset(graph, project, home)
    if found is None:
        return None if _cannot_tell(graph, project, home) else ()
    return _in(graph, found, table)


def _in(graph: Graph, found: Resource, table: str) -> tuple[Resource, ...]:
    """Give a table of a dataset; without a name, all of them with the dataset; for one not made here, the dataset."""
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
    named_here = [_of_words(graph, resource, words) for words in _names(text)]
    found = {each.urn: each for several in named_here for each in several or ()}
    return None if is_unknown(text) or None in named_here else tuple(found.values())


def _names(text: str) -> Iterator[tuple[str, ...]]:
    for name in _WORDS.findall(without_unknown(text)):
        yield tuple(name.replace("`", "").split("."))


def _of_words(graph: Graph, resource: Resource, words: tuple[str, ...]) -> tuple[Resource, ...] | None:
    match words:
        case (project, home, table):
            return named(graph, project, home, table)
        case (home, table):
            return named(graph, graph.effective(resource, "project").text, home, table)
    return ()
