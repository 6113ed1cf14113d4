"""From paths to methods."""

import pytest

from mockcloud.discovery.catalogue import api_of_host, find, verbs, versions
from mockcloud.discovery.routes import Match


def meant(verb: str, host: str, path: str) -> Match:
    found = find(verb, host, path)
    assert found is not None
    return found.match


@pytest.mark.parametrize(
    ("host", "api"),
    [
        ("aiplatform.googleapis.com", "aiplatform"),
        ("europe-west4-aiplatform.googleapis.com", "aiplatform"),
        ("AIPLATFORM.googleapis.com:443", "aiplatform"),
        ("aiplatform.mtls.googleapis.com", "aiplatform"),
        ("aiplatform.europe-west4.rep.googleapis.com", "aiplatform"),
        ("123.europe-west4-997.prediction.vertexai.goog", "aiplatform"),
        ("translation.googleapis.com", "translate"),
        ("www.googleapis.com", None),
        ("example.com", None),
        ("aiplatform.googleapis.com.example.com", None),
    ],
)
def test_a_host_says_which_api(host: str, api: str | None) -> None:
    assert api_of_host(host) == api


def test_versions_of_an_api() -> None:
    assert versions("aiplatform")[0] == "v1"
    assert versions("unheard") == ()


def test_a_path_gives_method_and_variables() -> None:
    match = meant("GET", "aiplatform.googleapis.com", "v1/projects/p/locations/l/endpoints/7")
    assert match.method.full_id == "aiplatform.projects.locations.endpoints.get"
    assert match.variables == {"projectsId": "p", "locationsId": "l", "endpointsId": "7"}


def test_a_verb_stands_behind_a_colon_and_names_may_hold_one() -> None:
    predict = meant("POST", "aiplatform.googleapis.com", "v1/projects/p/locations/l/endpoints/7:predict")
    assert predict.method.verb == "predict"
    get = meant("GET", "iam.googleapis.com", "v1/projects/p/serviceAccounts/a:b")
    assert get.variables["serviceAccountsId"] == "a:b"


def test_an_encoded_slash_stays_one_in_a_name_of_several_segments() -> None:
    package = "v1/projects/p/locations/l/repositories/r/packages/%40scope%2fname"
    match = meant("GET", "artifactregistry.googleapis.com", package)
    assert match.variables["packagesId"] == "@scope%2Fname"


def test_an_encoded_slash_is_one_in_the_name_of_an_object() -> None:
    match = meant("GET", "storage.googleapis.com", "storage/v1/b/bucket/o/a%2Fb%20c")
    assert match.variables == {"bucket": "bucket", "object": "a/b c"}


@pytest.mark.parametrize("front", ["aiplatform/", "us-central1-aiplatform.googleapis.com/", ""])
def test_where_the_host_says_nothing_the_path_may(front: str) -> None:
    match = meant("GET", "", f"{front}v1/projects/p/locations/l/endpoints")
    assert match.method.full_id == "aiplatform.projects.locations.endpoints.list"


def test_an_api_that_is_named_and_has_no_such_path_is_not_the_last_try() -> None:
    assert find("GET", "", "storage/v1/b") is not None
    assert find("GET", "", "storage/v1/nothing/here") is None
    assert find("GET", "", "no/such/path") is None


def test_go_clients_poll_operations_elsewhere() -> None:
    match = meant("GET", "us-central1-aiplatform.googleapis.com", "ui/projects/p/locations/l/operations/5")
    assert match.method.full_id == "aiplatform.projects.locations.operations.get"


def test_a_path_says_which_verbs_it_takes() -> None:
    assert verbs("secretmanager.googleapis.com", "v1/projects/p/secrets/s") == ["DELETE", "GET", "PATCH"]
    assert verbs("secretmanager.googleapis.com", "v1/nothing") == []


def test_an_empty_segment_names_nothing() -> None:
    assert find("GET", "secretmanager.googleapis.com", "v1/projects//secrets") is None


def test_long_paths_are_found_too() -> None:
    path = f"v1/projects/p/secrets/{'s' * 2000}"
    assert meant("GET", "secretmanager.googleapis.com", path).variables["secretsId"] == "s" * 2000


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("v1/projects/p/locations/l/memberships/m/bindings/", True),
        ("v1/projects/p/locations/l/memberships/m/bindings//", False),
        ("v1/projects/p/locations/l/memberships/m/", False),
    ],
)
def test_a_slash_may_follow_a_collection_only(path: str, found: bool) -> None:
    assert (find("GET", "gkehub.googleapis.com", path) is not None) == found
