"""Which controls a drift breaks: the guardrails on the state as it is, against those on the state as recorded."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from groundplan_cli.drift.comparing import Difference
from groundplan_cli.drift.reading import Seen
from groundplan_cli.guardrails.rules import Guardrails
from groundplan_cli.run import LIBRARIES
from groundplan_policies.engine import Document, Value
from groundplan_policies.engine.results import Finding
from groundplan_policies.engine.verdicts import Verdict


def actual_state(raw: Mapping[str, Value], drifted: Iterable[tuple[Seen, Difference]]) -> dict[str, Any]:
    """Give a state with what the cloud really has.

    Args:
        raw: The state, as `pulumi stack export` prints it.
        drifted: What differs: the resources, and their properties that do.
    """
    found: dict[str, Any] = copy.deepcopy(dict(raw))
    records = found["deployment"]["resources"]
    by_urn = {each["urn"]: each for each in records if not each.get("delete")}
    gone = set()
    for seen, differs in drifted:
        if not seen.there:
            gone.add(seen.resource.urn)
            continue
        record = by_urn[seen.resource.urn]
        for kind, real in (("inputs", seen.inputs), ("outputs", seen.outputs)):
            _put(record.setdefault(kind, {}), real, differs.names)
        # What the program leaves to the cloud, and the cloud now has otherwise, is what a rule is to look at.
        left_out = (differs.names - seen.resource.inputs.keys()) | differs.beside
        _put(record["inputs"], seen.outputs, left_out)
    gone -= {each.get("parent") for each in records}
    found["deployment"]["resources"] = [_without(each, gone) for each in records if each["urn"] not in gone]
    return found


def broken(guardrails: Guardrails, raw: Mapping[str, Value], actual: Mapping[str, Value]) -> tuple[Finding, ...]:
    """Give the findings of the state as it really is that the state as recorded does not have."""
    before = {_key(each) for each in guardrails.judge(Document.read(raw, libraries=LIBRARIES)).findings}
    after = guardrails.judge(Document.read(actual, libraries=LIBRARIES)).findings
    return tuple(each for each in after if each.verdict is not Verdict.DECLARED and _key(each) not in before)


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.control, finding.urn, finding.verdict, finding.reasons


def _put(values: dict[str, Any], real: Mapping[str, Any], names: Iterable[str]) -> None:
    for name in names:
        if real.get(name) is not None:
            values[name] = real[name]
        else:
            values.pop(name, None)


def _without(record: dict[str, Any], gone: set[Any]) -> dict[str, Any]:
    """Give a record without references to resources that are gone."""
    if not gone:
        return record
    kept = {**record, "dependencies": [each for each in record.get("dependencies") or () if each not in gone]}
    if record.get("propertyDependencies"):
        kept["propertyDependencies"] = {
            name: [each for each in urns or () if each not in gone]
            for name, urns in record["propertyDependencies"].items()
        }
    if record.get("deletedWith") in gone:
        del kept["deletedWith"]
    return kept
