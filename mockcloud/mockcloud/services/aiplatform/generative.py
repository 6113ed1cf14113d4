"""Around generative models: cached contents that expire, agents and their sessions, corpora with files.

A small local simulation: agents answer by a function that a test registers; corpora are searched by shared words.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import files, generation, predictors
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, collection, found, need, shown, start

_LIFE: Final = timedelta(hours=1)
"""How long contents are cached unless the caller says (CachedContent.ttl)."""
_EXPIRE: Final = "cachedContent.expire"
_ENGINES: Final = f"{LOCATION}.reasoningEngines"
_TOP: Final = 10


# Cached contents
# ---------------------------------------------------------------------------------------------------------------------


def _cached(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Give contents with the moment when they expire, however the caller says it."""
    if "ttl" in body:
        until = call.cloud.clock.now + timedelta(seconds=float(body["ttl"].removesuffix("s")))
        body = {key: value for key, value in body.items() if key != "ttl"}
        return {**body, "expireTime": stamp(until)}
    return {"expireTime": stamp(call.cloud.clock.now + _LIFE), **body}


def _cache_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    return _cached(call, body)


def _cache_changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del record
    return _cached(call, body)


def _plan(call: Call, record: Record) -> None:
    call.cloud.plans.cancel(API, record.name)
    seconds = (parse_stamp(record.body["expireTime"]) - call.cloud.clock.now).total_seconds()
    call.cloud.plan(max(seconds, 0.0), record, _EXPIRE, recurring=True)


collection(
    "cachedContents",
    created=_cache_created,
    changed=_cache_changed,
    after_create=_plan,
    after_change=_plan,
    required=("model",),
)


@SERVICE.on_event(_EXPIRE)
def expire(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Forget contents whose time is over."""
    del data
    cloud.delete(record)


# Agents
# ---------------------------------------------------------------------------------------------------------------------

collection("reasoningEngines", children="force", seconds=120.0)


@SERVICE.method(f"{_ENGINES}.query")
def query(call: Call) -> Answer | Body:
    """Ask an agent, for which a function stands that is registered with `predictions`.

    It gets a list of one instance: `{"classMethod": …, "input": …}`; and gives a list of one output.
    """
    engine = found(call)
    predictor = predictors.find(call.cloud, engine.name)
    asked = {"classMethod": call.body.get("classMethod") or "query", "input": call.body.get("input", {})}

    def said() -> Body:
        outputs = predictors.answers(predictor, [asked], None)
        return {"output": outputs[0] if outputs else None}

    return predictors.outside(said)


@SERVICE.method(f"{_ENGINES}.streamQuery")
def stream_query(call: Call) -> Answer | Body:
    """Ask an agent as `query` does, for all of the outputs, one a line."""
    engine = found(call)
    predictor = predictors.find(call.cloud, engine.name)
    asked = {"classMethod": call.body.get("classMethod") or "stream_query", "input": call.body.get("input", {})}

    def said() -> Answer:
        lines = [json.dumps(each) for each in predictors.answers(predictor, [asked], None)]
        return Answer(content="".join(f"{each}\n" for each in lines).encode(), content_type="application/json")

    return predictors.outside(said)


@SERVICE.method(f"{_ENGINES}.memories.retrieve")
def retrieve_memories(call: Call) -> Answer | Body:
    """Give the memories of a scope; where something is searched for, those that share most words with it first."""
    parent = need(call.cloud, call.name.removesuffix("/memories"), "ReasoningEngine")
    scope = call.body.get("scope", {})
    rows = [
        each.body
        for each in call.cloud.store.page(API, f"{parent.name}/memories")
        if each.body.get("scope", {}) == scope
    ]
    search = call.body.get("similaritySearchParams", {})
    if search.get("searchQuery"):
        wanted = {each.lower() for each in generation.words(search["searchQuery"])}
        far = {each["name"]: _distance(wanted, each.get("fact", "")) for each in rows}
        rows = sorted(rows, key=lambda each: (far[each["name"]], each["name"]))[: search.get("topK") or _TOP]
        return {"retrievedMemories": [{"memory": each, "distance": far[each["name"]]} for each in rows]}
    chosen, token = slice_page(call, [{"memory": each} for each in rows])
    return {**({"retrievedMemories": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


def _distance(wanted: set[str], text: str) -> float:
    return 1 - len(wanted & {each.lower() for each in generation.words(text)}) / len(wanted) if wanted else 1.0


@SERVICE.method(f"{_ENGINES}.sessions.appendEvent")
def append_event(call: Call) -> Answer | Body:
    """Add an event to a session."""
    session = found(call)
    name = f"{session.name}/events/{call.cloud.ids.numeric('aiplatform/events')}"
    call.cloud.create(Record(API, name, {**call.body, "name": shown(call.cloud, name)}))
    changes = call.body.get("actions", {}).get("stateDelta", {})
    if changes:
        state = {**session.body.get("sessionState", {}), **changes}
        call.cloud.change(session, {**session.body, "sessionState": state})
    return {}


# Corpora
# ---------------------------------------------------------------------------------------------------------------------


def _corpus_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    return {**body, "corpusStatus": {"state": "ACTIVE"}}


collection("ragCorpora", created=_corpus_created, required=("displayName",), children="force")
collection("ragCorpora.ragFiles")


def add_file(cloud: Cloud, corpus: str, display_name: str, text: str) -> str:
    """Put a text in a corpus, as an upload would.

    Args:
        cloud: The cloud.
        corpus: Full name of the corpus.
        display_name: Name of the file.
        text: What it holds.

    Returns:
        Full name of the file.
    """
    with cloud.lock:
        record = need(cloud, corpus, "RagCorpus")
        return str(_file(cloud, record, {"displayName": display_name, "directUploadSource": {}}, text).body["name"])


def _file(cloud: Cloud, corpus: Record, given: Mapping[str, Any], text: str) -> Record:
    name = f"{corpus.name}/ragFiles/{cloud.ids.numeric('aiplatform/ragFiles')}"
    moment = stamp(cloud.clock.now)
    body = {
        **given,
        "name": shown(cloud, name),
        "sizeBytes": str(len(text.encode())),
        "fileStatus": {"state": "ACTIVE"},
        "createTime": moment,
        "updateTime": moment,
    }
    record = cloud.create(Record(API, name, body, {"text": text}))
    count = len(cloud.store.page(API, f"{corpus.name}/ragFiles"))
    current = need(cloud, corpus.body["name"])
    cloud.change(current, {**current.body, "ragFilesCount": count})
    return record


@SERVICE.method(f"{LOCATION}.ragCorpora.ragFiles.import")
def import_files(call: Call) -> Answer | Body:
    """Import files from storage. Those that are there are read as text; the others are listed only."""
    corpus = need(call.cloud, call.name.removesuffix("/ragFiles"), "RagCorpus")
    uris = call.body.get("importRagFilesConfig", {}).get("gcsSource", {}).get("uris", [])
    count = 0
    for uri in uris:
        for each, content in list(files.contents(call.cloud, [uri])) or [(uri, b"")]:
            given = {"displayName": each.rpartition("/")[2], "gcsSource": {"uris": [each]}}
            _file(call.cloud, corpus, given, content.decode(errors="replace"))
            count += 1
    return start(call, corpus.name, {"importedRagFilesCount": str(count)}, seconds=60, back={})


@SERVICE.method("media.upload")
def upload_file(call: Call) -> Answer | Body:
    """Put a file of text into a corpus."""
    corpus = need(call.cloud, call.name.removesuffix("/ragFiles"), "RagCorpus")
    text = (call.request.content or b"").decode(errors="replace")
    given = {**call.body.get("ragFile", {}), "directUploadSource": {}}
    return {"ragFile": _file(call.cloud, corpus, given, text).body}


@SERVICE.method(f"{LOCATION}.retrieveContexts")
def retrieve(call: Call) -> Answer | Body:
    """Give the texts that share most words with a question."""
    asked = call.body.get("query", {})
    store = call.body.get("vertexRagStore", {})
    corpora = [each.get("ragCorpus", "") for each in store.get("ragResources", [])] or store.get("ragCorpora", [])
    if not corpora or not asked.get("text"):
        raise invalid("A question and a corpus are needed.", Violation("vertex_rag_store", "Both are required."))
    wanted = {each.lower() for each in generation.words(asked["text"])}
    top = asked.get("ragRetrievalConfig", {}).get("topK") or asked.get("similarityTopK") or _TOP
    hits = [
        (len(wanted & shared) / len(wanted), file)
        for each in corpora
        for file in call.cloud.store.page(API, f"{need(call.cloud, each, 'RagCorpus').name}/ragFiles")
        if (shared := {one.lower() for one in generation.words(file.hidden.get("text", ""))}) & wanted
    ]
    hits.sort(key=lambda hit: (-hit[0], hit[1].name))
    contexts = [
        {
            "sourceUri": next(iter(file.body.get("gcsSource", {}).get("uris", [])), file.body.get("displayName", "")),
            "sourceDisplayName": file.body.get("displayName", ""),
            "text": file.hidden["text"],
            "score": score,
        }
        for score, file in hits[:top]
    ]
    return {"contexts": {"contexts": contexts}}
