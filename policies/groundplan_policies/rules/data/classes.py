"""The data class of a resource: its own label `classification`, or that of the bucket or dataset to which it belongs.

A resource without a class, or with one that the settings do not know, may hold anything: rules that ask for more from
some classes cannot judge it. DAT-01 says what to do about that.
"""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import wrong_type
from groundplan_policies.engine.names import token
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, indeterminate
from groundplan_policies.rules.data.places import dataset_of

LABEL: Final = "labels.classification"
"""Property path of the label that tells the class."""

_LABEL = Path(LABEL)
_HOLDERS: Final = {
    token("storage.BucketObject"): (Path("bucket"), "storage.Bucket"),
    token("storage.Folder"): (Path("bucket"), "storage.Bucket"),
    token("storage.ManagedFolder"): (Path("bucket"), "storage.Bucket"),
    token("pubsub.Subscription"): (Path("topic"), "pubsub.Topic"),
    token("vertex.AiFeatureGroupFeature"): (Path("featureGroup"), "vertex.AiFeatureGroup"),
    token("vertex.AiFeatureOnlineStoreFeatureview"): (Path("featureOnlineStore"), "vertex.AiFeatureOnlineStore"),
}
"""Which property of a type names the resource whose class counts where it has none of its own."""


def class_of(resource: Resource, context: Context) -> Reading:
    """Read the class of a resource, in lower case where it is known.

    Its own label comes first, as a table may hold less than its dataset; else that of what it belongs to.
    """
    own = _LABEL.one(resource)
    if own.state in {State.ABSENT, State.EMPTY}:
        holder = _holder(resource, context)
        if holder is not None:
            own = _LABEL.one(holder)
    return Reading(own.path, own.state, own.text.lower()) if own.state is State.KNOWN and own.text else own


def is_personal(resource: Resource, context: Context) -> Outcome | bool:
    """Say whether a resource holds data of a class that is about people, or why nobody can say (indeterminate)."""
    return _is_of(resource, context, context.parameters.personal_classes, "are about people")


def is_restricted(resource: Resource, context: Context) -> Outcome | bool:
    """Say whether a resource holds data of a restricted class, or why nobody can say (indeterminate)."""
    return _is_of(resource, context, context.parameters.restricted_classes, "are restricted")


def _holder(resource: Resource, context: Context) -> Resource | None:
    if resource.type in _HOLDERS:
        path, short = _HOLDERS[resource.type]
        return context.graph.resolve(resource, path.one(resource), short)
    return dataset_of(resource, context.graph)


def _is_of(resource: Resource, context: Context, classes: tuple[str, ...] | None, what: str) -> Outcome | bool:
    if classes is None:
        return indeterminate(f"the settings do not say which classes {what}")
    if not classes:
        return False
    found = class_of(resource, context)
    if not found.text:
        return _unclassified(found)
    if found.text in {each.lower() for each in classes}:
        return True
    known = context.parameters.classifications
    if known is not None and found.text not in {each.lower() for each in known}:
        return indeterminate("is no class of the settings, so that nobody can say what is held here", found.path)
    return False


def _unclassified(found: Reading) -> Outcome:
    if found.state in {State.ABSENT, State.EMPTY}:
        return indeterminate("carries no classification, so that nobody can say what it holds", LABEL)
    if found.state is State.KNOWN:
        return wrong_type(found, "a text")
    return indeterminate("cannot be read, so that nobody can say what is held here", found.path)
