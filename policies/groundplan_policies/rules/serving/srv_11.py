"""SRV-11: what agents retrieve keeps its permissions."""

import re
from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import is_true, unreadable
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    fail,
    indeterminate,
)

_STORE = "discoveryengine.DataStore"
_ENGINE = "discoveryengine.SearchEngine"
_CORPUS = "vertex.AiRagCorpus"
_KEPT = is_true("aclEnabled")
_CONTENT = Path("contentConfig")
_PUBLIC: Final = "PUBLIC_WEBSITE"
_SEARCH = Path("vertexAiSearchConfig.servingConfig")
_NAME: Final = re.compile(
    r"projects/([^/]+)/locations/([^/]+)/(?:collections/[^/]+/)?(engines|dataStores)/([^/]+)/servingConfigs/[^/]+"
)
_STORE_ID, _STORE_IDS, _ENGINE_ID = Path("dataStoreId"), Path("dataStoreIds"), Path("engineId")


def _store(resource: Resource, context: Context) -> Outcome:
    return NOT_APPLICABLE if _CONTENT.one(resource).value == _PUBLIC else _KEPT(resource, context)


def _corpus(resource: Resource, context: Context) -> Outcome:
    reading = _SEARCH.one(resource)
    nothing = indeterminate(
        "is absent, so the corpus gives all of its documents to everybody who may ask it, and whose they are is not in "
        "this document",
        reading.path,
    )
    missing = unreadable(reading, absent=nothing)
    if missing is not None:
        return missing
    stores = list(_stores(reading, context))
    if not stores or None in stores:
        return indeterminate("leads to a store that is not in this document", reading.path)
    answers = [_store(each, context).verdict for each in stores if each is not None]
    if set(answers) <= {Verdict.PASS, Verdict.NOT_APPLICABLE}:
        return PASS
    worst = fail if Verdict.FAIL in answers else indeterminate
    return worst("leads to a store that does not keep permissions, as far as can be told", reading.path)


def _stores(reading: Reading, context: Context) -> Iterator[Resource | None]:
    """Give the stores that a serving configuration searches, None for each that this document does not hold."""
    found = _NAME.fullmatch(reading.text)
    if found is None:
        return
    project, location, kind, name = found.groups()
    if kind == "dataStores":
        yield _one(_STORE, _STORE_ID, name, project, location, context)
        return
    engine = _one(_ENGINE, _ENGINE_ID, name, project, location, context)
    for each in entries(_STORE_IDS.one(engine)) if engine is not None else ():
        if each.state is State.UNKNOWN and engine is not None:
            yield context.graph.resolve(engine, each, _STORE)
        else:
            yield _one(_STORE, _STORE_ID, each.text, project, location, context) if each.text else None


def _one(short: str, path: Path, name: str, project: str, location: str, context: Context) -> Resource | None:
    """Give the resource of a type with an id in a place, where both are known."""
    matching = [
        each
        for each in context.graph.of(short)
        if path.one(each).text == name
        and each.inputs.get("location") == location
        and context.graph.effective(each, "project").text == project
    ]
    return matching[0] if len(matching) == 1 else None


CONTROL = Control(
    id="SRV-11",
    title="What agents retrieve keeps its permissions",
    why=(
        "An index of documents answers with what is in them, whoever may read the originals. A store with access "
        "control keeps the permissions that came with each document. Stores carry no label that says of which class "
        "their documents are, so they count as of the strictest; sites that are public are let be. A corpus keeps no "
        "permissions itself: it is in order if what it searches does; else who may see its documents is not in this "
        "document, and the answer indeterminate."
    ),
    remedy="Set `acl_enabled` when the store is made, as it cannot be changed, and let corpora search such a store.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("1.2.a", "2.1.e", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "AC-4", "Flows other than what is retrieved for agents."),),
    reads=(
        _KEPT.reads(_STORE),
        Read.aside(_STORE, _CONTENT.text),
        Read(_CORPUS, _SEARCH.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
    ),
    checks={_STORE: _store, _CORPUS: _corpus},
)
