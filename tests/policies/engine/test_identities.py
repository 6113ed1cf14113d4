"""Which resource a name means: its own project, region and dataset decide, and what is only read is somebody's."""

from typing import Any

import pytest

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import token
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import UNKNOWN
from tests.policies.rules.harness import R, document, urn

HERE = {"project": "acme-ml"}
THERE = {"project": "elsewhere"}


def meant(referrer: R, path: str, named: R, *others: R) -> bool:
    """Whether a property of one resource is taken to name another."""
    graph = Graph(document(referrer, named, *others))
    found = {each.urn: each for each in graph.document.resources}
    resource = found[referrer.urn]
    return graph.resolve(resource, Path(path).one(resource), named.type) is found[named.urn]


def network(**inputs: Any) -> R:
    return R("compute.Network", {"name": "core", **inputs}, "core")


def firewall(named: str = "core", **inputs: Any) -> R:
    return R("compute.Firewall", {"network": named, **inputs})


@pytest.mark.parametrize(
    ("its", "own", "expected"),
    [(HERE, HERE, True), ({}, {}, True), (THERE, HERE, False), ({}, HERE, False), (THERE, {}, False)],
)
def test_a_bare_name_means_one_of_the_same_project(its: dict[str, str], own: dict[str, str], expected: bool) -> None:
    assert meant(firewall(**its), "network", network(**own)) is expected


def test_a_project_that_is_not_known_is_no_project() -> None:
    assert not meant(firewall(project=UNKNOWN), "network", network(project=UNKNOWN))


def test_the_project_of_a_provider_counts() -> None:
    providers = [R("Provider", inputs, name) for name, inputs in (("here", HERE), ("there", THERE))]
    for provider, expected in zip(providers, (True, False), strict=True):
        record = {"provider": f"{provider.urn}::{UNKNOWN}"}
        given = R("compute.Firewall", {"network": "core"}, record=record)
        assert meant(given, "network", network(**HERE), *providers) is expected


def test_a_name_in_full_needs_no_project_of_its_giver() -> None:
    held = R("compute.Network", {"name": "core"}, "core", record={"id": "projects/acme-ml/global/networks/core"})
    assert meant(firewall("projects/acme-ml/global/networks/core", **THERE), "network", held)
    assert not meant(firewall("projects/elsewhere/global/networks/core", **HERE), "network", held)


def test_names_of_buckets_are_unique_beyond_projects() -> None:
    bucket = R("storage.Bucket", {"name": "logs", **HERE}, "logs")
    assert meant(R("storage.BucketObject", {"bucket": "logs", **THERE}), "bucket", bucket)


@pytest.mark.parametrize(
    ("its", "own", "expected"),
    [
        ("europe-west4", "europe-west4", True),
        ("europe-west1", "europe-west4", False),
        (UNKNOWN, "europe-west4", False),
        (UNKNOWN, UNKNOWN, False),
        (None, "europe-west4", True),
        (7, "europe-west4", False),
    ],
)
def test_a_bare_name_means_one_of_the_same_region(its: object, own: object, expected: bool) -> None:
    subnet = R("compute.Subnetwork", {"name": "core", "region": own, **HERE}, "core")
    given = {"subnetwork": "core", "region": its, **HERE}
    assert meant(R("compute.Address", given), "subnetwork", subnet) is expected


def test_a_bare_name_means_one_of_the_same_dataset() -> None:
    table = R("bigquery.Table", {"datasetId": "a", "tableId": "t"}, "t")
    for dataset, expected in (("a", True), ("projects/acme-ml/datasets/a", True), ("b", False)):
        assert meant(R("bigquery.IamMember", {"datasetId": dataset, "tableId": "t"}), "tableId", table) is expected


def test_datasets_that_are_not_known_are_the_same_if_both_come_of_one() -> None:
    inputs = {"datasetId": UNKNOWN, "tableId": "t"}
    one, other = (urn("bigquery.Dataset", name) for name in ("one", "other"))
    sets = [R("bigquery.Dataset", {}, name) for name in ("one", "other")]
    table = R("bigquery.Table", inputs, "t", {"datasetId": one})
    for origin, expected in ((one, True), (other, False)):
        given = R("bigquery.IamMember", inputs, origins={"datasetId": origin})
        assert meant(given, "tableId", table, *sets) is expected


def read_only(short: str, id_: str, **inputs: Any) -> R:
    return R(short, inputs, "read", record={"external": True, "id": id_})


@pytest.mark.parametrize(
    ("id_", "expected"), [("projects/elsewhere/global/networks/core", "elsewhere"), ("core", ""), ("", "")]
)
def test_what_is_only_read_is_in_the_project_of_its_id(id_: str, expected: str) -> None:
    provider = R("Provider", HERE, "here")
    given = R(
        "compute.Network", {"name": "core"}, record={"external": True, "id": id_, "provider": f"{provider.urn}::x"}
    )
    graph = Graph(document(provider, given))
    assert graph.effective(_of(graph, given), "project").text == expected


def test_what_is_only_read_is_not_made() -> None:
    project = read_only("organizations.Project", "projects/elsewhere", projectId="elsewhere")
    given = R("compute.Network", {"project": UNKNOWN}, origins={"project": project.urn})
    graph = Graph(document(project, given))
    resource = _of(graph, given)
    reading = Path("project").one(resource)
    assert graph.resolve(resource, reading, project.type) is _of(graph, project)
    assert graph.made(resource, reading, project.type) is None


def test_a_project_is_not_known_by_its_name_for_people() -> None:
    project = R("organizations.Project", {"projectId": "acme-shared", "name": "shared"}, "shared")
    for named, expected in (("acme-shared", True), ("shared", False)):
        assert meant(R("projects.IAMMember", {"project": named}), "project", project) is expected


def _of(graph: Graph, resource: R) -> Resource:
    (found,) = (each for each in graph.of(token(resource.type)) if each.urn == resource.urn)
    return found
