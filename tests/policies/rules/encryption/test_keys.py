"""What a value that should name a key may be. Buckets stand for every type that names one."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.encryption.enc_01 import CONTROL
from groundplan_policies.rules.encryption.keys import Key, named_key, parse_key
from tests.policies.rules.encryption.samples import FOREIGN, KEY, KEY_URN, NAME, OWN, PLACE, RING, RING_URN
from tests.policies.rules.harness import R, context, outcome, verdict

PATH = "encryption.defaultKmsKeyName"


def bucket(value: object, *origins: str) -> R:
    return R("storage.Bucket", {"encryption": {"defaultKmsKeyName": value}}, origins={PATH: origins})


def with_(key: R, **inputs: object) -> R:
    return replace(key, inputs={**key.inputs, **inputs})


def says(
    value: object, *others: R, projects: tuple[str, ...] | None = ("acme-keys",), origins: tuple[str, ...] = ()
) -> Outcome:
    return outcome(CONTROL, bucket(value, *origins), *others, parameters=Parameters(key_projects=projects))


@pytest.mark.parametrize("before", ["", "//cloudkms.googleapis.com/", "https://cloudkms.googleapis.com/v1/"])
def test_a_key_of_an_allowed_project_passes(before: str) -> None:
    assert says(before + NAME).verdict is Verdict.PASS


def test_a_key_of_another_project_fails_at_the_property() -> None:
    found = says(FOREIGN)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(PATH, "")]


def test_whose_keys_may_be_used_is_for_the_settings_to_say() -> None:
    assert says(NAME, projects=None).verdict is Verdict.INDETERMINATE
    assert says(NAME, projects=()).verdict is Verdict.FAIL


def test_a_project_by_its_number_may_be_an_allowed_one() -> None:
    numbered = NAME.replace("acme-keys", "123456")
    assert says(numbered).verdict is Verdict.INDETERMINATE
    assert says(numbered, projects=("123456",)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "value",
    [
        f"{NAME}/cryptoKeyVersions/1",
        f"{OWN}/cryptoKeyVersions/1",
        NAME.rpartition("/cryptoKeys/")[0],
        f"{NAME}/",
        f"/{NAME}",
        f" {NAME}",
        f"{NAME}\n",
        f"x{NAME}",
        NAME.replace("main", "m" * 64),
        NAME.replace("/data", "/" + "d" * 64),
        NAME.replace("europe-west4", "Europe West"),
        NAME.replace("acme-keys", ""),
        NAME.replace("keyRings", "keyrings"),
        "data",
        "google-managed",
        " ",
    ],
)
def test_nothing_but_the_full_name_of_a_key_passes(value: str) -> None:
    assert says(value, KEY).verdict is Verdict.FAIL


def test_a_version_is_told_from_other_wrong_names() -> None:
    assert "version" in says(f"{NAME}/cryptoKeyVersions/1").reasons[0].message
    assert "full name" in says("data").reasons[0].message


def test_the_longest_names_are_names() -> None:
    assert says(NAME.replace("main", "m" * 63).replace("/data", "/" + "d" * 63)).verdict is Verdict.PASS


def test_a_key_of_this_document_passes_by_its_name() -> None:
    assert says(OWN).verdict is Verdict.FAIL
    assert says(OWN, KEY).verdict is Verdict.PASS
    assert says(OWN, KEY, projects=None).verdict is Verdict.PASS


def test_the_name_of_a_key_is_put_together_from_its_ring() -> None:
    key = replace(with_(KEY, keyRing=UNKNOWN), origins={"keyRing": RING_URN})
    assert says(OWN, key, RING).verdict is Verdict.PASS
    assert says(OWN.replace("/own/", "/other/"), key, RING).verdict is Verdict.FAIL
    assert says(OWN.replace(PLACE, "us-east1"), key, RING).verdict is Verdict.FAIL
    assert says(OWN.replace("/main/", "/other/"), key, RING).verdict is Verdict.FAIL
    assert says(OWN.replace("/data", "/other"), key, RING).verdict is Verdict.FAIL


def test_the_project_of_a_ring_may_be_its_providers() -> None:
    provider = R("Provider", {"project": "own"}, "gcp")
    ring = R("kms.KeyRing", {"location": PLACE, "name": "main"}, "ring", record={"provider": f"{provider.urn}::id"})
    key = replace(with_(KEY, keyRing=UNKNOWN), origins={"keyRing": RING_URN})
    assert says(OWN, key, ring, provider).verdict is Verdict.PASS


@pytest.mark.parametrize("part", ["project", "location", "name"])
def test_a_name_that_may_be_that_of_an_own_key_is_left_open(part: str) -> None:
    ring = with_(RING, **{part: UNKNOWN})
    key = replace(with_(KEY, keyRing=UNKNOWN), origins={"keyRing": RING_URN})
    assert says(OWN, key, ring).verdict is Verdict.INDETERMINATE
    assert says(OWN.replace("/data", "/other"), key, ring).verdict is Verdict.FAIL


def test_a_key_without_a_name_may_be_any_of_its_ring() -> None:
    key = R("kms.CryptoKey", {"keyRing": KEY.inputs["keyRing"]}, "key")
    assert says(OWN, key).verdict is Verdict.INDETERMINATE
    assert says(OWN.replace("/main/", "/other/"), key).verdict is Verdict.FAIL
    assert says(NAME, key).verdict is Verdict.PASS


def test_a_key_whose_ring_nobody_knows_may_be_any_of_its_name() -> None:
    key = with_(KEY, keyRing=UNKNOWN)
    assert says(OWN, key).verdict is Verdict.INDETERMINATE
    assert says(OWN.replace("/data", "/other"), key).verdict is Verdict.FAIL


def test_the_identifier_of_a_state_is_the_name() -> None:
    key = R("kms.CryptoKey", {"keyRing": UNKNOWN}, "key", record={"id": OWN})
    assert says(OWN, key).verdict is Verdict.PASS
    assert says(OWN.replace("/data", "/other"), key).verdict is Verdict.FAIL


def test_an_unknown_value_passes_if_it_comes_from_a_key() -> None:
    assert says(UNKNOWN, KEY, origins=(KEY_URN,)).verdict is Verdict.PASS
    assert says(UNKNOWN, KEY, RING, origins=(KEY_URN, RING_URN)).verdict is Verdict.PASS


def test_an_unknown_value_from_elsewhere_is_left_open() -> None:
    other, bucket_ = replace(KEY, name="other"), R("storage.Bucket", {"encryption": {"defaultKmsKeyName": NAME}}, "b")
    for origins in ((), (RING_URN,), (bucket_.urn,), (KEY_URN, bucket_.urn), (KEY_URN, other.urn)):
        assert says(UNKNOWN, KEY, RING, other, bucket_, origins=origins).verdict is Verdict.INDETERMINATE, origins


def test_a_text_around_an_unknown_part_is_no_key() -> None:
    found = says(f"{UNKNOWN}/cryptoKeyVersions/1", KEY, origins=(KEY_URN,))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, PATH)
    assert says(f"{UNKNOWN}/x", KEY, origins=(KEY_URN,)).verdict is Verdict.INDETERMINATE
    assert says(f"projects/{UNKNOWN}/x", KEY, origins=(KEY_URN,)).verdict is Verdict.INDETERMINATE


def test_where_a_known_name_was_made_does_not_count() -> None:
    assert says(FOREIGN, KEY, origins=(KEY_URN,)).verdict is Verdict.FAIL


@pytest.mark.parametrize("value", [UNKNOWN, OWN])
def test_an_own_key_must_be_for_encrypting_data(value: str) -> None:
    def of(**inputs: object) -> Outcome:
        return says(value, with_(KEY, **inputs), origins=(KEY_URN,) if value == UNKNOWN else ())

    assert of(purpose="ENCRYPT_DECRYPT").verdict is Verdict.PASS
    assert of(purpose=None).verdict is Verdict.PASS
    signing = of(purpose="ASYMMETRIC_SIGN")
    assert (signing.verdict, signing.reasons[0].shown) == (Verdict.FAIL, "ASYMMETRIC_SIGN")
    assert signing.reasons[0].path == PATH
    values: list[object] = [UNKNOWN, 7, "", []]
    for unclear in values:
        assert of(purpose=unclear).verdict is Verdict.INDETERMINATE, unclear


def test_a_key_that_is_only_looked_up_counts_by_its_project() -> None:
    def looked_up(name: str) -> R:
        return R("kms.CryptoKey", {}, "key", record={"external": True, "id": name})

    assert says(UNKNOWN, looked_up(NAME), origins=(KEY_URN,)).verdict is Verdict.PASS
    assert says(UNKNOWN, looked_up(FOREIGN), origins=(KEY_URN,)).verdict is Verdict.FAIL
    assert says(UNKNOWN, looked_up(""), origins=(KEY_URN,)).verdict is Verdict.INDETERMINATE
    assert says(FOREIGN, looked_up(FOREIGN)).verdict is Verdict.FAIL
    assert says(FOREIGN, looked_up("")).verdict is Verdict.FAIL


def test_every_value_must_pass() -> None:
    two = R("storage.Bucket", {"encryption": [{"defaultKmsKeyName": NAME}, {"defaultKmsKeyName": FOREIGN}]})
    found = outcome(CONTROL, two)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["encryption[1].defaultKmsKeyName"]


def test_unknown_values_in_lists_are_found_by_their_place() -> None:
    inputs = {"encryption": [{"defaultKmsKeyName": UNKNOWN}]}
    listed = R("storage.Bucket", inputs, origins={"encryption[0].defaultKmsKeyName": KEY_URN})
    assert verdict(CONTROL, listed, KEY) is Verdict.PASS


def test_the_key_that_a_value_names() -> None:
    world = context(bucket(UNKNOWN, KEY_URN), KEY)
    resource = world.graph.document[bucket(UNKNOWN).urn]
    key = named_key(resource, Path(PATH).one(resource), world)
    assert key is not None
    assert (key.project, key.location, key.is_own, key.is_good) == ("own", PLACE, True, True)


def test_parse_key() -> None:
    assert parse_key(NAME) == Key(("acme-keys", "europe-west4", "main", "data"))
    assert parse_key("") is None
