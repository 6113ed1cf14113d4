"""The class of data of a resource."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.rules.data.classes import class_of, is_personal, is_restricted, owner_of
from tests.policies.rules.harness import R, context, put, secret, urn

CLASSES = Parameters(
    classifications=("public", "restricted", "personal"),
    restricted_classes=("restricted", "personal"),
    personal_classes=("personal",),
)

OWNED = [
    ("bigquery.Table", "datasetId", "bigquery.Dataset"),
    ("bigquery.Routine", "datasetId", "bigquery.Dataset"),
    ("bigquery.RowAccessPolicy", "datasetId", "bigquery.Dataset"),
    ("bigquery.DatasetAccess", "datasetId", "bigquery.Dataset"),
    ("bigquery.DatasetIamMember", "datasetId", "bigquery.Dataset"),
    ("storage.BucketObject", "bucket", "storage.Bucket"),
    ("storage.BucketIAMMember", "bucket", "storage.Bucket"),
    ("container.NodePool", "cluster", "container.Cluster"),
    ("vertex.AiFeatureGroupFeature", "featureGroup", "vertex.AiFeatureGroup"),
    ("vertex.AiFeatureOnlineStoreFeatureview", "featureOnlineStore", "vertex.AiFeatureOnlineStore"),
]


def labelled(class_: object, **more: Any) -> dict[str, Any]:
    return {"labels": {"classification": class_}, **more}


def read(resource: R, *others: R) -> str:
    world = context(resource, *others)
    return class_of(world.graph.document[resource.urn], world)


def restricted(class_: object, parameters: Parameters = CLASSES) -> bool | None:
    world = context(R("storage.Bucket", labelled(class_)), parameters=parameters)
    return is_restricted(world.graph.document[urn("storage.Bucket", "it")], world)


def personal(class_: object, parameters: Parameters = CLASSES) -> bool | None:
    world = context(R("storage.Bucket", labelled(class_)), parameters=parameters)
    return is_personal(world.graph.document[urn("storage.Bucket", "it")], world)


@pytest.mark.parametrize(
    ("type_", "path"),
    [
        ("storage.Bucket", "labels"),
        ("container.Cluster", "resourceLabels"),
        ("container.NodePool", "nodeConfig.resourceLabels"),
        ("sql.DatabaseInstance", "settings.userLabels"),
    ],
)
def test_the_own_label_is_the_class(type_: str, path: str) -> None:
    assert read(R(type_, put({}, path, {"classification": "personal"}))) == "personal"
    assert read(R(type_, put({}, path, {"owner": "data"}))) == ""
    assert read(R(type_)) == ""


@pytest.mark.parametrize(("type_", "path", "owner"), OWNED)
def test_what_has_no_label_takes_its_owners(type_: str, path: str, owner: str) -> None:
    place = "resourceLabels" if owner == "container.Cluster" else "labels"
    holder = R(owner, {place: {"classification": "personal"}}, "owner")
    part = R(type_, {path: UNKNOWN}, origins={path: holder.urn})
    assert read(part, holder) == "personal"
    assert read(part) == ""


def test_the_own_label_comes_first() -> None:
    dataset = R("bigquery.Dataset", labelled("personal", datasetId="sales"), "ds")
    assert read(R("bigquery.Table", labelled("public", datasetId="sales")), dataset) == "public"
    assert read(R("bigquery.Table", {"labels": {}, "datasetId": "sales"}), dataset) == "personal"
    assert read(R("bigquery.Table", {"labels": {"owner": "data"}, "datasetId": "sales"}), dataset) == "personal"


@pytest.mark.parametrize(
    "labels", [UNKNOWN, secret(), "personal", 7, {"classification": 7}, {"classification": secret()}]
)
def test_a_label_that_cannot_be_read_is_not_replaced_by_the_owners(labels: object) -> None:
    dataset = R("bigquery.Dataset", labelled("public", datasetId="sales"), "ds")
    assert read(R("bigquery.Table", {"labels": labels, "datasetId": "sales"}), dataset) == ""


def test_a_name_in_common_is_not_enough() -> None:
    dataset = R("bigquery.Dataset", labelled("public", datasetId="sales", project="p"), "ds")
    assert read(R("bigquery.Table", {"datasetId": "sales", "project": "p"}), dataset) == "public"
    assert read(R("bigquery.Table", {"datasetId": "sales", "project": "q"}), dataset) == ""
    assert read(R("bigquery.Table", {"datasetId": "other", "project": "p"}), dataset) == ""


@pytest.mark.parametrize(
    ("own", "its", "expected"),
    [("p", "p", "public"), ("p", "q", ""), ("p", None, "public"), (None, "p", "public"), (UNKNOWN, "p", "public")],
)
def test_an_unknown_name_is_trusted_unless_the_projects_differ(own: str | None, its: str | None, expected: str) -> None:
    dataset = R("bigquery.Dataset", labelled("public", datasetId="sales", project=its), "ds")
    table = R("bigquery.Table", {"datasetId": UNKNOWN, "project": own}, origins={"datasetId": dataset.urn})
    assert read(table, dataset) == expected
    known = R("bigquery.Table", {"datasetId": "sales", "project": own})
    assert read(known, dataset) == ("public" if own == its else "")


def test_most_types_have_no_owner() -> None:
    world = context(R("storage.Bucket"))
    assert owner_of(world.graph.document[urn("storage.Bucket", "it")], world) is None


def test_classes_are_as_the_settings_say() -> None:
    assert [restricted(each) for each in ("public", "restricted", "personal")] == [False, True, True]
    assert [personal(each) for each in ("public", "restricted", "personal")] == [False, False, True]


@pytest.mark.parametrize("class_", [None, "", "Public", "publc", UNKNOWN, 7, secret()])
def test_what_has_no_known_class_counts_as_the_strictest(class_: object) -> None:
    assert restricted(class_) is True
    assert personal(class_) is True


def test_without_settings_nobody_can_say() -> None:
    assert restricted("personal", Parameters()) is None
    assert personal("personal", Parameters()) is None
    some = Parameters(restricted_classes=("personal",), personal_classes=("personal",))
    assert restricted("personal", some) is True
    assert restricted("public", some) is None
    assert restricted(None, some) is True
    assert restricted("personal", Parameters(personal_classes=("personal",))) is None
