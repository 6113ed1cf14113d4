"""Custom methods that set fields, such as `setMachineType`; which ones and how is a table."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Handler
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.methods import Method
from mockcloud.services.compute import hold, operations
from mockcloud.services.compute.errors import stale
from mockcloud.services.compute.links import V1, normalised
from mockcloud.services.compute.schemas import fingerprint
from mockcloud.services.compute.standard import behaviour, change, found, hold_fingerprint

API: Final = "compute"


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, Any]]:
    with (Path(__file__).parent / "setters.yaml").open(encoding="utf-8") as file:
        rows: dict[str, dict[str, Any]] = yaml.safe_load(file)
    return rows


def handler(method: Method) -> Handler | None:
    """Give what a method does that sets something; None for another one."""
    verb = method.id.rpartition(".")[2]
    if verb == "setLabels":
        return set_labels
    row = _table().get(method.id) or _table().get(verb)
    return set_fields if row is not None else None


def set_labels(call: Call) -> Answer | Body:
    """Replace the labels, where the fingerprint is that of the labels that are."""
    record = found(call)
    current = record.body.get("labelFingerprint", fingerprint(record.body.get("labels")))
    given = call.body.get("labelFingerprint")
    if given and given != current:
        raise stale("Labels")
    labels = call.body.get("labels", {})
    body = {**record.body, "labels": labels, "labelFingerprint": fingerprint(labels)}
    call.cloud.change(record, body)
    return operations.start(call, record.name, "setLabels")


def set_fields(call: Call) -> Answer | Body:
    """Set what the table says."""
    verb = call.method.id.rpartition(".")[2]
    row = _table().get(call.method.id) or _table()[verb]
    record = found(call)
    sent = normalised(call.cloud, call.body, call.project)
    hold.references(call, sent, record.name)
    body = {**record.body, **_set(call, record, sent, row)}
    for path, name in row.get("query", {}).items():
        if call.text(path):
            body[name] = _read(call.text(path))
    _change(call, record, body)
    return operations.start(call, record.name, verb)


def _change(call: Call, record: Record, body: dict[str, Any]) -> None:
    name = body.get("name", record.id)
    known = behaviour(call)
    if call.method.id.endswith(".setName") and name != record.id:
        renamed = f"{record.parent}/{name}"
        call.cloud.delete(record)
        call.cloud.create(Record(API, renamed, {**body, "selfLink": V1 + renamed}, record.hidden))
        return
    change(call, record, body, known)


def _set(call: Call, record: Record, sent: dict[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    new: dict[str, Any] = {}
    if field := row.get("whole"):
        new[field] = _printed(record, field, sent)
    if field := row.get("merge"):
        new[field] = merged(record.body.get(field, {}), sent)
    if "set" in row:
        hold_fingerprint(record, sent)
    for theirs, ours in row.get("set", {}).items():
        if theirs in sent:
            new[ours] = sent[theirs]
        elif theirs in call.schemas.fields(call.method.request):
            new[ours] = _emptied(record.body.get(ours))
    for theirs, ours in row.get("add", {}).items():
        old = list(record.body.get(ours, []))
        new[ours] = [*old, *(each for each in _entries(sent, theirs) if each not in old)]
    for theirs, ours in row.get("remove", {}).items():
        gone = set(_entries(sent, theirs))
        new[ours] = [each for each in record.body.get(ours, []) if each not in gone]
    return new


def _entries(sent: Mapping[str, Any], field: str) -> list[str]:
    """Give the entries of a list: texts, or messages with one text (`{"instance": LINK}`)."""
    return [next(iter(each.values()), "") if isinstance(each, dict) else each for each in sent.get(field, [])]


def _emptied(value: object) -> object:
    return [] if isinstance(value, list) else "" if isinstance(value, str) else value


def _printed(record: Record, field: str, sent: dict[str, Any]) -> dict[str, Any]:
    """Give metadata or tags with their new fingerprint, where the one that was sent is that of what is."""
    if field not in {"metadata", "tags", "commonInstanceMetadata"}:
        return sent
    current = record.body.get(field, {}).get("fingerprint")
    given = sent.get("fingerprint")
    if given and current and given != current:
        raise stale("Supplied")
    content = {key: each for key, each in sent.items() if key not in {"fingerprint", "kind"}}
    kind = {} if field == "tags" else {"kind": "compute#metadata"}
    return {**content, "fingerprint": fingerprint(content.get("items")), **kind}


def _read(text: str) -> object:
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    try:
        return float(text)
    except ValueError:
        return text
