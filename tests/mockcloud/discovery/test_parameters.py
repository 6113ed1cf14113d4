"""Queries held to their methods."""

import pytest

from mockcloud.discovery.catalogue import description, find
from mockcloud.discovery.methods import Method
from mockcloud.discovery.parameters import Query, read_query, wrong_variables


def method(api: str, version: str, identifier: str) -> Method:
    return description(api, version).routes.by_id[identifier]


LIST = method("aiplatform", "v1", "projects.locations.models.list")
DELETE = method("aiplatform", "v1", "projects.locations.featurestores.delete")


def read(of: Method, *pairs: tuple[str, str]) -> Query:
    return read_query(of, pairs)


def test_names_come_in_either_spelling() -> None:
    assert read(LIST, ("page_size", "5"), ("pageToken", "x")).values == {"pageSize": "5", "pageToken": "x"}


def test_what_every_method_takes_may_have_a_dollar_in_front() -> None:
    found = read(
        LIST, ("$alt", "json;enum-encoding=int"), ("$.xgafv", "1"), ("prettyPrint", "true"), ("$pretty_print", "1")
    )
    assert found.values == {"alt": "json;enum-encoding=int", "$.xgafv": "1", "prettyPrint": "1"}
    assert not found.violations


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("true", "true"),
        ("True", "true"),
        ("1", "true"),
        ("y", "true"),
        ("false", "false"),
        ("0", "false"),
        ("", "false"),
    ],
)
def test_truths_come_in_one_spelling(text: str, wanted: str) -> None:
    assert read(DELETE, ("force", text)).values == {"force": wanted}


def test_enumerations_come_by_name_or_number() -> None:
    get = method("pubsub", "v1", "projects.schemas.get")
    assert read(get, ("view", "FULL")).values == {"view": "FULL"}
    assert read(get, ("view", "2")).values == {"view": "FULL"}
    assert read(get, ("view", "")).values == {"view": ""}
    assert read(get, ("view", "9")).violations
    assert read(get, ("view", "9" * 5000)).violations


def test_several_values_of_one_are_a_list_where_the_method_takes_several() -> None:
    iam = method("storage", "v1", "buckets.testIamPermissions")
    found = read(iam, ("permissions", "a"), ("permissions", "b"), ("permissions", "c"))
    assert found.values == {"permissions": ["a", "b", "c"]}
    assert read(LIST, ("filter", "a"), ("filter", "b")).violations[0].description == (
        "Invalid value at 'filter'. Proto field is not repeating, cannot start list."
    )


@pytest.mark.parametrize(
    ("name", "text", "field", "words"),
    [
        ("page_size", "many", "page_size", "Invalid value at 'page_size' (TYPE_INT32), \"many\""),
        (
            "foo",
            "1",
            "",
            (
                'Invalid JSON payload received. Unknown name "foo": Cannot bind query parameter. '
                "Field 'foo' could not be found in request message."
            ),
        ),
    ],
)
def test_what_is_wrong_is_said_as_google_says_it(name: str, text: str, field: str, words: str) -> None:
    assert [tuple(each) for each in read(LIST, (name, text)).violations] == [(field, words)]


def test_a_truth_is_no_other_word() -> None:
    assert "TYPE_BOOL" in read(DELETE, ("force", "maybe")).violations[0].description


def test_a_long_name_is_cut_in_the_answer() -> None:
    assert len(read(LIST, ("x" * 5000, "1")).violations[0].description) < 500


def test_storage_passes_over_what_it_does_not_know() -> None:
    get = method("storage", "v1", "buckets.get")
    assert read(get, ("foo", "1")) == Query({}, [])


def test_what_is_required_must_be_there() -> None:
    buckets = method("storage", "v1", "buckets.list")
    assert [each.field for each in read(buckets).violations] == ["project"]
    assert not read(buckets, ("project", "acme")).violations


def test_variables_of_the_path_are_no_parameters() -> None:
    found = find("GET", "aiplatform.googleapis.com", "v1/projects/p/locations/l/models")
    assert found is not None
    assert read(found.match.method, ("parent", "x")).violations


def test_what_services_take_beyond_their_descriptions_passes() -> None:
    assert not read(LIST, ("returnPartialSuccess", "true")).violations


def test_variables_of_a_path_are_held_to_their_patterns() -> None:
    get = method("compute", "v1", "instances.get")
    good = {"project": "acme", "zone": "europe-west4-a", "instance": "web-1"}
    assert wrong_variables(get, good) == []
    assert wrong_variables(get, {**good, "project": "acme.test:web", "instance": "123"}) == []
    found = wrong_variables(get, {**good, "instance": "Web_1"})
    assert [each.field for each in found] == ["instance"]
    assert found[0].description.startswith("Invalid value for field 'instance': \"Web_1\". Must be a match of regex '")
    assert wrong_variables(LIST, {"projectsId": "..", "locationsId": "x"}) == []
