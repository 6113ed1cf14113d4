"""Inputs are checked and completed as the real provider does."""

import pytest

from mockcloud.pulumi.checks import Checked, check
from mockcloud.pulumi.naming import DEFAULTS, Naming
from mockcloud.pulumi.properties import properties_of
from mockcloud.pulumi.values import SECRET, SIGNATURE, UNKNOWN

BUCKET = "gcp:storage/bucket:Bucket"
NETWORK = "gcp:compute/network:Network"
FIREWALL = "gcp:compute/firewall:Firewall"


def checked(token: str, given: dict[str, object], old: dict[str, object] | None = None, **naming: object) -> Checked:
    properties = properties_of(token)
    assert properties is not None
    return check(token, properties, given, old or {}, Naming("core", b"seed", **naming))  # type: ignore[arg-type]


def failures(token: str, given: dict[str, object]) -> dict[str, str]:
    return {each.path: each.reason for each in checked(token, given).failures}


def test_what_is_right_passes_and_gets_the_defaults() -> None:
    found = checked(BUCKET, {"name": "acme", "location": "EU"})

    assert found.failures == []
    assert found.inputs["forceDestroy"] is False
    assert found.inputs["storageClass"] == "STANDARD"
    assert found.inputs[DEFAULTS] == ["forceDestroy", "storageClass"]


def test_defaults_inside_of_an_object_are_set_only_where_it_is_given() -> None:
    assert checked(BUCKET, {"name": "a", "location": "EU", "retentionPolicy": {"retentionPeriod": "60"}}).inputs[
        "retentionPolicy"
    ] == {"retentionPeriod": "60", "isLocked": False}
    assert "retentionPolicy" not in checked(BUCKET, {"name": "a", "location": "EU"}).inputs


@pytest.mark.parametrize(
    ("given", "path", "says"),
    [
        ({"name": "a"}, "location", "required"),
        ({"name": "a", "location": "EU", "lables": {}}, "lables", "did you mean labels"),
        ({"name": "a", "location": "EU", "selfLink": "x"}, "selfLink", "set by Google Cloud"),
        ({"name": "a", "location": "EU", "forceDestroy": "maybe"}, "forceDestroy", "a string is given where a boolean"),
        ({"name": "a", "location": "EU", "labels": "x"}, "labels", "where a mapping to strings"),
        ({"name": "a", "location": "EU", "cors": {}}, "cors", "where a list of objects"),
        ({"name": "a", "location": "EU", "versioning": True}, "versioning", "where an object is taken, with enabled"),
        ({"name": "a", "location": "EU", "versioning": {}}, "versioning.enabled", "required"),
        ({"name": "a", "location": "EU", "cors": [{"methodes": []}]}, "cors[0].methodes", "did you mean methods"),
    ],
)
def test_each_thing_that_is_wrong_is_named_with_what_is_right(given: dict[str, object], path: str, says: str) -> None:
    found = failures(BUCKET, given)

    assert list(found) == [path]
    assert says in found[path]


def test_a_word_that_the_api_does_not_have_is_refused_with_those_that_it_has() -> None:
    found = failures(NETWORK, {"networkFirewallPolicyEnforcementOrder": "LAST"})

    assert "AFTER_CLASSIC_FIREWALL, BEFORE_CLASSIC_FIREWALL" in found["networkFirewallPolicyEnforcementOrder"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert set(failures(BUCKET, {"colour": 1, "forceDestroy": []})) == {"colour", "forceDestroy", "location"}


def test_a_scalar_in_another_form_is_read() -> None:
    found = checked(BUCKET, {"name": 7, "location": "EU", "forceDestroy": "true"})

    assert (found.inputs["name"], found.inputs["forceDestroy"], found.failures) == ("7", True, [])


@pytest.mark.parametrize("value", [UNKNOWN, {SIGNATURE: SECRET, "value": UNKNOWN}])
def test_what_is_unknown_may_be_anything(value: object) -> None:
    assert failures(BUCKET, {"name": "a", "location": "EU", "labels": value, "versioning": value}) == {}


def test_a_secret_is_checked_and_stays_one() -> None:
    secret = {SIGNATURE: SECRET, "value": "true"}
    found = checked(BUCKET, {"name": "a", "location": "EU", "forceDestroy": secret})

    assert found.inputs["forceDestroy"] == {SIGNATURE: SECRET, "value": True}
    assert "forceDestroy" in failures(BUCKET, {"name": "a", "location": "EU", "forceDestroy": {**secret, "value": []}})


def test_a_type_has_a_name_of_its_own_in_the_messages() -> None:
    assert "Firewall has no property colour" in failures(FIREWALL, {"network": "n", "colour": 1})["colour"]
