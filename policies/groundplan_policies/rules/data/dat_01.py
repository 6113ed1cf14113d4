"""DAT-01: data resources carry a classification."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, declared, fail, indeterminate
from groundplan_policies.rules.data.classes import LABEL

_TYPES: Final = ("storage.Bucket", "bigquery.Dataset", "vertex.AiDataset", "pubsub.Topic", "vertex.AiFeatureGroup")
_CLASS = Path(f"labels.{LABEL}")
_LABELLED: Final = declared("says what kind of data this is", _CLASS.text)


def _labelled(resource: Resource, context: Context) -> Outcome:
    known = context.parameters.classifications
    label = _CLASS.plain(resource.inputs)
    if known and isinstance(label, str) and label in known:
        return _LABELLED
    reading = _CLASS.one(resource)
    absent = fail("is absent: nobody said what kind of data this holds", reading.path)
    missing = unreadable(reading, absent=absent)
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    if known is None:
        return indeterminate("the settings do not say which classes there are", reading.path)
    return fail("is no class that the settings know", reading.path)


CONTROL = Control(
    id="DAT-01",
    title="Data resources carry a classification",
    why=(
        "What must be encrypted, expire and stay in a region hangs on what the data is, and only people know that. A "
        "label is their word: the controls that ask for more from some classes take what has none for the strictest. "
        "The label must be the resource's own. One that the provider gives to all its resources says nothing about "
        "this one, and does not count. Labels of Google hold lower case only, so another case is another word."
    ),
    remedy="Use DataBucket, Warehouse or FeatureGroup with `data_class`, or set the label `classification`.",
    ask="Look into some of the data: is it of the kind that its label says?",
    severity=Severity.MEDIUM,
    evidence=Evidence.DECLARATION,
    objectives=("2.1.a", "2.1.b", "2.1.e"),
    clauses=(
        partial("google-ai", "GCS-CO-6.18", "Whether the label is true."),
        partial("cis-gcp-5.0", "7.4", "That the class was found by inspection, for which DAT-13 stands."),
    ),
    reads=tuple(Read(type_, _CLASS.text) for type_ in _TYPES),
    checks=dict.fromkeys(_TYPES, _labelled),
    settings=("classifications",),
)
