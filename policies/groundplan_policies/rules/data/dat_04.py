"""DAT-04: messages persist in allowed regions."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_true, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.classes import is_restricted

_REGIONS = Path("messageStoragePolicy.allowedPersistenceRegions")
_IN_TRANSIT = is_true("messageStoragePolicy.enforceInTransit")


def _topic(resource: Resource, context: Context) -> Outcome:
    regions = [_region(entry, context) for reading in _REGIONS.read(resource) for entry in entries(reading)]
    return all_of([*regions, _in_transit(resource, context)])


def _region(reading: Reading, context: Context) -> Outcome:
    if reading.state is State.KNOWN and reading.text.lower() in (context.parameters.allowed_regions or ()):
        return PASS
    absent = fail("is absent: messages may rest in any region", reading.path)
    missing = unreadable(reading, absent=absent, empty=fail("is empty: it names no region", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a region")
    allowed = context.parameters.allowed_regions
    if allowed is None:
        return indeterminate("the settings do not say where data may be", reading.path)
    here = reading.value.lower()
    return PASS if here in allowed else fail("is no region where data may be", reading.path, here)


def _in_transit(resource: Resource, context: Context) -> Outcome:
    """The regions bind where messages rest; publishers and subscribers elsewhere only if this is on."""
    outcome = _IN_TRANSIT(resource, context)
    if outcome is PASS:
        return PASS
    restricted = is_restricted(resource, context)
    if restricted is None:
        return indeterminate("the settings do not say which classes are restricted", _IN_TRANSIT.path.text)
    return outcome if restricted else NOT_APPLICABLE


CONTROL = Control(
    id="DAT-04",
    title="Messages persist in allowed regions",
    why=(
        "Pub/Sub keeps a message in the region nearest to its publisher, wherever that is, unless the topic names "
        "regions. Each that it names must be allowed. Restricted data must not even pass through another region: its "
        "topics must enforce the same list in transit. A topic without a class counts as restricted."
    ),
    remedy=(
        "Set `message_storage_policy.allowed_persistence_regions` to allowed regions, and `enforce_in_transit` to true "
        "for restricted data."
    ),
    severity=Severity.MEDIUM,
    objectives=("2.1.a", "2.1.e"),
    clauses=(partial("google-ai", "PS-CO-4.1", "The organisation policy that binds topics of other programs."),),
    reads=(
        Read("pubsub.Topic", _REGIONS.text),
        _IN_TRANSIT.reads("pubsub.Topic"),
        Read.aside("pubsub.Topic", "labels"),
    ),
    checks={"pubsub.Topic": _topic},
    settings=("allowed_regions", "restricted_classes", "classifications"),
)
