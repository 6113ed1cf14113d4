"""The evidence as JSON, of a documented and versioned form: all of it, without any cuts."""

import json
from importlib.resources import files
from typing import Final

from groundplan_policies.engine.values import Value
from groundplan_policies.evidence.flow_view import LANES, Link, Stop
from groundplan_policies.evidence.model import Access, Boundary, Bundle, Coverage, Declaration, Item, Task
from groundplan_policies.evidence.words import CLAIM, CLAUSES, GAPS, headline, verdict
from groundplan_policies.reports.json_report import content as report_content
from groundplan_policies.reports.json_report import place, to_json
from groundplan_policies.reports.safe import plain

FORMAT: Final = "groundplan-evidence/1"
"""Name and version of the form. Fields are added within a version, and none is removed or changes its meaning."""


def evidence_schema() -> dict[str, Value]:
    """Give the JSON Schema (2020-12) of the evidence. What it calls `report` has a schema of its own."""
    text = files("groundplan_policies.evidence").joinpath("evidence.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Value] = json.loads(text)
    return schema


def as_json(bundle: Bundle) -> str:
    """Write the evidence as JSON."""
    return to_json(_content(bundle))


def _content(bundle: Bundle) -> dict[str, Value]:
    return {
        "format": FORMAT,
        "watermark": bundle.reach.watermark,
        "level": {"id": bundle.reach.id, "title": bundle.reach.title, "proves": bundle.reach.proves},
        "summary": {
            "verdict": verdict(bundle),
            "headline": headline(bundle),
            "clean": bundle.report.clean,
            "resources": len(bundle.inventory),
        },
        "report": report_content(bundle.report),
        "passes": {each.control: [*each.passes] for each in bundle.results},
        "person": [_task(each) for each in bundle.tasks],
        "declared": [_declaration(each) for each in bundle.declarations],
        "flow": {
            "lanes": [*LANES],
            "nodes": [_stop(each) for each in bundle.flow.stops],
            "edges": [_link(each) for each in bundle.flow.links],
        },
        "access": {"entries": [_access(each) for each in bundle.access], "notSeen": [*bundle.unseen]},
        "boundaries": [_boundary(each) for each in bundle.boundaries],
        "frameworks": {"claim": CLAIM, "listed": [_coverage(each) for each in bundle.coverage]},
        "inventory": [_item(each) for each in bundle.inventory],
        "inputs": [
            {"id": each.id, "title": each.title, "value": each.value, "note": each.note} for each in bundle.inputs
        ],
    }


def _task(task: Task) -> Value:
    return {"kind": task.kind, "title": task.title, "todo": task.todo, "count": task.count}


def _declaration(each: Declaration) -> Value:
    return {
        "kind": each.kind,
        "name": each.name,
        "by": each.by,
        "facts": [{"what": word, "said": said} for word, said in each.facts],
        "urn": each.urn,
        "source": place(each.source),
        "control": each.control,
    }


def _stop(stop: Stop) -> Value:
    return {
        "key": stop.key,
        "name": stop.name,
        "type": stop.type,
        "role": stop.role,
        "lane": LANES[stop.lane],
        "project": stop.project,
        "place": stop.place,
        "encryptedWith": stop.key_name,
        "network": stop.network,
        "dataClass": stop.data_class,
        "source": place(stop.source),
        "idle": stop.idle,
    }


def _link(link: Link) -> Value:
    return {
        "from": link.source,
        "to": link.target,
        "bothWays": link.both,
        "why": link.why,
        "through": link.through,
        "declared": link.declared,
        "masked": link.masked,
        "sure": link.sure,
    }


def _access(each: Access) -> Value:
    return {
        "data": {"urn": each.urn, "name": each.data, "type": each.type},
        "who": {"name": each.who, "kind": each.kind},
        "can": each.can,
        "role": each.role,
        "on": each.where,
        "actingAs": [*each.as_whom],
        "through": [*each.through],
        "condition": each.condition,
        "sure": each.sure,
        "source": place(each.source),
    }


def _boundary(each: Boundary) -> Value:
    return {
        "boundary": each.boundary,
        "what": each.what,
        "says": each.says,
        "watch": each.watch,
        "urn": each.urn,
        "source": place(each.source),
    }


def _coverage(each: Coverage) -> Value:
    return {
        "id": each.id,
        "title": each.title,
        "clauses": [
            {
                "clause": clause.clause,
                "title": plain(clause.title),
                "stands": CLAUSES[clause.state],
                "gap": clause.state in GAPS,
                "controls": [*clause.controls],
                "missing": plain(clause.note),
            }
            for clause in each.clauses
        ],
    }


def _item(item: Item) -> Value:
    return {
        "urn": item.urn,
        "name": item.name,
        "type": item.type,
        "partOf": item.part_of,
        "project": item.project,
        "place": item.place,
        "encryptedWith": item.key,
        "dataClass": item.data_class,
        "source": place(item.source),
        "against": [*item.failed],
        "proven": item.passed,
        "lookedAt": plain(item.looked_at),
    }
