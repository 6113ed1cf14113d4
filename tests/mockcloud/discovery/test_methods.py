"""Methods as descriptions tell them."""

import pytest

from mockcloud.discovery.catalogue import description
from mockcloud.discovery.documents import NoDescription, document
from mockcloud.discovery.methods import Kind, Method
from mockcloud.discovery.names import camel, singular, snake, without_version


def method(api: str, identifier: str, version: str = "v1") -> Method:
    return description(api, version).routes.by_id[identifier]


@pytest.mark.parametrize(
    ("api", "identifier", "kind"),
    [
        ("secretmanager", "projects.secrets.create", Kind.CREATE),
        ("secretmanager", "projects.secrets.get", Kind.GET),
        ("secretmanager", "projects.secrets.list", Kind.LIST),
        ("secretmanager", "projects.secrets.patch", Kind.PATCH),
        ("secretmanager", "projects.secrets.delete", Kind.DELETE),
        ("secretmanager", "projects.secrets.getIamPolicy", Kind.GET_IAM_POLICY),
        ("secretmanager", "projects.secrets.addVersion", Kind.CUSTOM),
        ("compute", "instances.aggregatedList", Kind.AGGREGATED_LIST),
        ("compute", "instances.insert", Kind.CREATE),
        ("compute", "instances.update", Kind.UPDATE),
    ],
)
def test_the_kind_is_read_from_name_and_shape(api: str, identifier: str, kind: Kind) -> None:
    assert method(api, identifier).kind is kind


def test_what_a_method_is() -> None:
    create = method("aiplatform", "projects.locations.endpoints.create")
    assert create.full_id == "aiplatform.projects.locations.endpoints.create"
    assert create.collection == "projects.locations.endpoints"
    assert create.resource == "endpoints"
    assert create.id_parameter == "endpointId"
    assert create.prefix == "v1"
    assert create.long_running
    assert create.writes
    assert create.reserved
    assert not create.merges


def test_reading_changes_nothing() -> None:
    assert not method("aiplatform", "projects.locations.endpoints.list").writes
    assert method("aiplatform", "projects.locations.endpoints.predict").writes


def test_a_patch_without_a_mask_merges() -> None:
    assert method("storage", "buckets.patch").merges
    assert not method("secretmanager", "projects.secrets.patch").merges
    assert not method("storage", "buckets.get").merges


def test_media_is_told() -> None:
    insert = method("storage", "objects.insert")
    assert set(insert.upload) == {"simple", "resumable"}
    assert method("storage", "objects.get").download
    assert not insert.reserved


def test_a_lone_parameter_that_ends_in_id_is_the_new_resources() -> None:
    assert method("storage", "buckets.insert").id_parameter == ""
    assert method("cloudkms", "projects.locations.keyRings.create").id_parameter == "keyRingId"


def test_an_api_that_is_not_described_says_so() -> None:
    with pytest.raises(NoDescription, match="There is no description of this API"):
        document("unheard", "v1")


@pytest.mark.parametrize(
    ("collection", "one"),
    [("endpoints", "endpoint"), ("repositories", "repository"), ("indexes", "index"), ("addresses", "address")],
)
def test_singulars(collection: str, one: str) -> None:
    assert singular(collection) == one


def test_spellings() -> None:
    assert snake("displayName") == "display_name"
    assert camel("display_name") == "displayName"
    assert without_version("compute/beta/projects/p") == "projects/p"
    assert without_version("v1beta1/projects/p") == "projects/p"
    assert without_version("projects/p") == "projects/p"
