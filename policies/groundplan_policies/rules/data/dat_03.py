"""DAT-03: data stays in allowed regions."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.data.places import (
    AUTOMATIC,
    COPIES,
    PLACES,
    copies_of,
    place_reads,
    places_of,
    region,
    usual_places,
)

_SECRET = "secretmanager.Secret"  # noqa: S105 - a resource type


def _with_copies(resource: Resource, context: Context) -> Outcome:
    return all_of([_placed(resource, context), *(_judge(each, context) for each in copies_of(resource))])


def _placed(resource: Resource, context: Context) -> Outcome:
    usual, allowed = usual_places(resource), context.parameters.allowed_regions
    if usual and allowed and all(region(place) in allowed for place in usual):
        return PASS
    return all_of([_judge(place, context) for place in places_of(resource, context)])


def _judge(place: Reading, context: Context) -> Outcome:
    if place.state is State.ABSENT:
        return indeterminate("is absent here and of the provider, so Google chooses the place", place.path)
    if place.state is not State.KNOWN or not place.text:
        return indeterminate("does not tell where the data is", place.path)
    if place.text == AUTOMATIC:
        return _automatic(place, context)
    allowed = context.parameters.allowed_regions
    if allowed is None:
        return indeterminate("the settings do not say where data may be", place.path)
    here = region(place.text)
    return PASS if here in allowed else fail("is no region where data may be", place.path, here)


def _automatic(place: Reading, context: Context) -> Outcome:
    bound = context.parameters.residency
    if bound is None:
        return indeterminate("the settings do not say whether data must stay in its regions", place.path)
    return fail("lets Google choose the regions", place.path) if bound else PASS


CONTROL = Control(
    id="DAT-03",
    title="Data stays in allowed regions",
    why=(
        "Law and contracts name the places where data may be, and a resource never moves: it is made again. What "
        "counts is the location that Google uses: the resource's own, else the provider's region, except for buckets "
        "and BigQuery datasets, for which Google takes the United States. A zone counts as its region; a multi-region "
        "must be allowed by its own name; a bucket that names its two regions is judged by those. Beside buckets, "
        "datasets, endpoints and secrets, every type is read that keeps data at a place of its own; tables and pools "
        "are where their dataset or cluster is. A place that is named for backups, or for the work of a pipeline, "
        "counts too; where Cloud SQL keeps backups and none is named, Google takes the nearest multi-region."
    ),
    remedy="Use constructs with an Environment of an allowed region, or set `location`; give a secret its `replicas`.",
    severity=Severity.HIGH,
    objectives=("2.1.a", "2.1.e"),
    clauses=(partial("google-ai", "RM-CO-4.2", "What workloads make, and services that have no location."),),
    reads=(
        *(read for type_ in PLACES if type_ != _SECRET for read in place_reads(type_)),
        *(
            Read(type_, path, absent=Verdict.PASS, empty=Verdict.INDETERMINATE)
            for type_, paths in COPIES.items()
            for path in paths
        ),
        Read.aside("container.NodePool", "cluster"),
        Read(_SECRET, PLACES[_SECRET][0], absent=Verdict.PASS),
        Read(_SECRET, PLACES[_SECRET][1], absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
    ),
    checks={**dict.fromkeys(PLACES, _placed), **dict.fromkeys(COPIES, _with_copies)},
    settings=("allowed_regions", "residency"),
)
