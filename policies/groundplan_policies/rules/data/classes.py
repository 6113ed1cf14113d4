"""The class of data: what a resource's own label says of it, or the label of what the resource belongs to.

A class is a declaration. What carries none, or one that the settings do not know, counts as of the strictest class:
a label that somebody forgot or mistyped must not switch a control off.
"""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.names import short_name, token
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import SIGNATURE

LABEL = "classification"
"""The label that names the class."""

_LABELS = Path("labels")
_OTHER_LABELS = {
    token("container.Cluster"): Path("resourceLabels"),
    token("container.NodePool"): Path("nodeConfig.resourceLabels"),
    token("sql.DatabaseInstance"): Path("settings.userLabels"),
}

_OWNERS = {
    "bigquery.Table": (Path("datasetId"), "bigquery.Dataset"),
    "bigquery.Routine": (Path("datasetId"), "bigquery.Dataset"),
    "bigquery.RowAccessPolicy": (Path("datasetId"), "bigquery.Dataset"),
    "bigquery.DatasetAccess": (Path("datasetId"), "bigquery.Dataset"),
    "bigquery.DatasetIamMember": (Path("datasetId"), "bigquery.Dataset"),
    "storage.BucketObject": (Path("bucket"), "storage.Bucket"),
    "storage.BucketIAMMember": (Path("bucket"), "storage.Bucket"),
    "container.NodePool": (Path("cluster"), "container.Cluster"),
    "vertex.AiFeatureGroupFeature": (Path("featureGroup"), "vertex.AiFeatureGroup"),
    "vertex.AiFeatureOnlineStoreFeatureview": (Path("featureOnlineStore"), "vertex.AiFeatureOnlineStore"),
}
"""For what has no label, or leaves it out: the property that names the owner, and the owner's type."""


def labels_path(resource: Resource) -> Path:
    """Give the place of a resource's own labels. What a provider adds to each of its resources is not among them."""
    return _OTHER_LABELS.get(resource.type, _LABELS)


def owner_of(resource: Resource, context: Context) -> Resource | None:
    """Give the dataset of a table, the bucket of an object and the like; None if this document does not hold it.

    A name in common is not enough where the two may be in different projects. One that is known only after the
    deployment and comes from the owner is, unless the projects are known to differ.
    """
    place = _OWNERS.get(short_name(resource.type))
    if place is None:
        return None
    path, owner_type = place
    reading = path.one(resource)
    owner = context.graph.resolve(resource, reading, owner_type)
    if owner is None:
        return None
    if reading.state is State.UNKNOWN:
        return owner if context.graph.same_project(resource, owner) is not False else None
    return owner if context.graph.same_project(resource, owner) else None


def class_of(resource: Resource, context: Context) -> str:
    """Give the class of a resource as labels say; "" where no label can be read.

    The label's value is as it stands: whether the settings know such a class is another question.
    """
    path = labels_path(resource)
    plain = path.plain(resource.inputs)
    if isinstance(plain, dict) and SIGNATURE not in plain and isinstance(plain.get(LABEL), str):
        return str(plain[LABEL])  # the usual case at once
    labels = path.one(resource)
    if labels.state not in {State.KNOWN, State.ABSENT, State.EMPTY}:
        return ""
    label = labels.value.get(LABEL) if isinstance(labels.value, dict) else labels.value
    if label is not None:
        return label if isinstance(label, str) and isinstance(labels.value, dict) else ""
    owner = owner_of(resource, context)
    return class_of(owner, context) if owner is not None else ""


def is_restricted(resource: Resource, context: Context) -> bool | None:
    """Whether a resource holds restricted data; None if the settings do not say which classes are restricted."""
    return _is(resource, context, context.parameters.restricted_classes)


def is_personal(resource: Resource, context: Context) -> bool | None:
    """Whether a resource holds data about people; None if the settings do not say which classes are."""
    return _is(resource, context, context.parameters.personal_classes)


def _is(resource: Resource, context: Context, strict: tuple[str, ...] | None) -> bool | None:
    if strict is None:
        return None
    found = class_of(resource, context)
    if not found or found in strict:
        return True
    known = context.parameters.classifications
    return None if known is None else found not in known
