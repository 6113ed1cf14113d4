"""Sinks of logs: what they take in, and where it goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import is_absent, is_false, unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.projects import home, is_id
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.data.targets import bucket, dataset

SINK: Final = "logging.ProjectSink"
LOG_BUCKET: Final = "logging.ProjectBucketConfig"
WIDE: Final = ("logging.FolderSink", "logging.OrganizationSink")
DESTINATION: Final = Path("destination")

ON = is_false("disabled")
WHOLE = is_absent("filter", "some entries only")
NOTHING_LEFT_OUT = is_absent("exclusions", "entries to be left out")

_TARGETS: Final = (LOG_BUCKET, "storage.Bucket", "bigquery.Dataset", "pubsub.Topic")
_LOGGING: Final = "logging.googleapis.com/"
_DATASET: Final = re.compile(r"bigquery\.googleapis\.com/projects/([^/]+)/datasets/([^/]+)")
_TOPIC: Final = re.compile(r"pubsub\.googleapis\.com/(projects/[^/]+/topics/[^/]+)")


def takes_all(sink: Resource, context: Context) -> Outcome:
    """Ask that a sink is on, and takes in every entry."""
    return all_of([ON(sink, context), WHOLE(sink, context), NOTHING_LEFT_OUT(sink, context)])


def target(graph: Graph, sink: Resource) -> Resource | None:
    """Give what this document makes and a sink sends entries to; None if it is something else, or not known."""
    reading = DESTINATION.one(sink)
    if reading.state is State.UNKNOWN:
        made = [each for each in graph.origins(sink, reading) if short_name(each.type) in _TARGETS]
        return made[0] if len(made) == 1 else None
    name = reading.text.removeprefix("//")
    if name.startswith(_LOGGING):
        return graph.once(log_buckets).get(name.removeprefix(_LOGGING))
    if (found := _DATASET.fullmatch(name)) is not None:
        return dataset(graph, found[1], found[2])
    if (found := _TOPIC.fullmatch(name)) is not None:
        return graph.once(topics).get(found[1])
    return bucket(graph, sink, reading._replace(value=name)) if name.startswith("storage.googleapis.com/") else None


def log_buckets(graph: Graph) -> Mapping[str, Resource]:
    """Give the log buckets of this document by their full names, as far as they are known."""
    found: dict[str, Resource] = {}
    for each in graph.of(LOG_BUCKET):
        place, name, project = each.inputs.get("location"), each.inputs.get("bucketId"), home(graph, each)
        if isinstance(place, str) and isinstance(name, str) and UNKNOWN not in place + name and is_id(project):
            found[f"projects/{project}/locations/{place}/buckets/{name}"] = each
    return found


def topics(graph: Graph) -> Mapping[str, Resource]:
    """Give the topics of this document by their full names, as far as they are known."""
    found: dict[str, Resource] = {}
    for each in graph.of("pubsub.Topic"):
        name, project = each.inputs.get("name"), home(graph, each)
        if isinstance(name, str) and UNKNOWN not in name and is_id(project):
            found[f"projects/{project}/topics/{name}"] = each
    return found


def goes_somewhere(sink: Resource, context: Context) -> Outcome:
    """Ask that entries go to what this document makes, or to what the settings name."""
    reading = DESTINATION.one(sink)
    if target(context.graph, sink) is not None:
        return PASS
    missing = unreadable(reading, absent=fail("is absent; expected is where entries go", reading.path))
    if missing is not None:
        return missing
    if not reading.text:
        return wrong_type(reading, "a text")
    if reading.text in (context.parameters.log_destinations or ()):
        return PASS
    if context.parameters.log_destinations is None:
        return indeterminate("is made elsewhere, and the settings name no destinations", reading.path)
    return fail("is neither made by this document nor named by the settings", reading.path)


def complete(graph: Graph) -> Mapping[str, tuple[Resource, ...]]:
    """Give the sinks that are on and take in every entry, by the project that they are in."""
    context = Context(graph)
    found: dict[str, list[Resource]] = {}
    for sink in graph.of(SINK):
        if takes_all(sink, context).verdict is Verdict.PASS:
            found.setdefault(home(graph, sink), []).append(sink)
    return {project: tuple(each) for project, each in found.items()}
