"""Functions take what their signatures say, and give all of it; those of a type's name read resources of the type."""

import base64
import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.answers import Telling, answer_of, with_secrets
from mockcloud.pulumi.api import Api
from mockcloud.pulumi.functions import NoFunction, WrongCall, read_by_name
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.properties import function_tokens, read, signature_of
from mockcloud.pulumi.provider import Provider, ProviderError
from mockcloud.pulumi.rows import row_of
from mockcloud.pulumi.templates import parse, variables
from mockcloud.pulumi.values import SECRET, SIGNATURE, plain
from mockcloud.simulator import new_cloud
from tests.mockcloud.pulumi.lives import SETTINGS, Example, World, examples, world
from tests.mockcloud.pulumi.test_lookup_rows import Told
from tests.mockcloud.pulumi.test_lookups import ask, make

UNKNOWN = "gcp:oracledatabase/getDbServers:getDbServers"
"""A function of an API that the mock cloud does not have."""


@pytest.fixture
def here() -> World:
    return world()


def reading() -> Iterator[tuple[str, Example]]:
    """Give the functions that read a type of their name by its row, each with an example of the type."""
    first = {each.token: each for each in reversed(list(examples().values())) if not each.support}
    for token in function_tokens():
        kind = read_by_name(token)
        if kind in first:
            yield token, first[kind]


@pytest.mark.parametrize(("token", "example"), [pytest.param(*each, id=each[0].split(":")[1]) for each in reading()])
def test_it_reads_the_type_of_its_name(token: str, example: Example, here: World) -> None:
    here.make(example.key)
    state, row, signature = here.made[example.key], row_of(example.token), signature_of(token)
    assert row is not None
    assert signature is not None
    known = {**state.outputs, **(parse(row.self, state.id) or parse(row.id, state.id) or {})}
    words = {*variables(row.self), *variables(row.id), "location", "region", "zone"}
    takes = {name for name, each in signature.items() if each.required or (name in words and not each.output)}
    given = {name: plain(known[name]) for name in takes if name in known}

    answer = here.provider.invoke(token, given)

    assert answer["id"] == state.id
    assert {name for name, each in signature.items() if each.output} - answer.keys() <= objects(signature)
    for name in ("name", "selfLink", "createTime", "displayName", "description"):
        if name in signature and isinstance(state.outputs.get(name), str):
            assert plain(answer[name]) == state.outputs[name]


def objects(signature: Mapping[str, Any]) -> set[str]:
    return {name for name, each in signature.items() if each.kind in {"object", "any"} and not each.repeated}


class TestCalls:
    @pytest.mark.parametrize(
        ("token", "arguments", "given"),
        [
            ("storage/getBucket", {}, "name: a value is required"),
            ("storage/getBucket", {"name": "a", "colour": "red"}, "colour: getBucket has no property colour"),
            ("storage/getBucket", {"name": ["a"]}, "name: a list is given where a string is taken"),
            ("storage/getBucket", {"name": "a", "url": "gs://a"}, "url is set by Google Cloud"),
            ("organizations/getIAMPolicy", {"bindings": [{"role": "roles/viewer"}]}, "bindings[0].members: a value is"),
        ],
    )
    def test_wrong_arguments_are_refused_by_name(
        self, token: str, arguments: dict[str, Any], given: str, here: World
    ) -> None:
        with pytest.raises(WrongCall, match=re.escape(given)) as refused:
            ask(here, token, **arguments)

        assert refused.value.what.endswith("are wrong")
        assert refused.value.allowed
        assert refused.value.remedy

    def test_a_function_that_there_is_not_is_refused_with_those_like_it(self, here: World) -> None:
        with pytest.raises(WrongCall, match="no function gcp:storage/getBuket:getBuket") as refused:
            ask(here, "storage/getBuket", name="a")

        assert "gcp:storage/getBucket:getBucket" in refused.value.allowed

    def test_what_is_not_given_is_nothing(self, here: World) -> None:
        assert ask(here, "storage/getBuckets").keys() == {"id", "buckets", "project"}

    def test_what_is_not_there_is_named(self, here: World) -> None:
        for token, arguments, missing in (
            ("kms/getKMSKeyRing", {"name": "none", "location": "europe-west4"}, "keyRings/none"),
            ("compute/getInterconnectLocation", {"name": "none"}, "interconnectLocations/none"),
            (
                "datacatalog/getTaxonomy",
                {"displayName": "None", "region": "europe-west4"},
                "taxonomies with displayName None",
            ),
        ):
            with pytest.raises(ProviderError, match=missing):
                ask(here, token, **arguments)

    def test_of_an_access_policy_and_the_keys_of_a_zone_the_provider_tells_nothing(self, here: World) -> None:
        assert ask(here, "accesscontextmanager/getAccessPolicy", parent="organizations/1")["name"] == ""
        assert ask(here, "dns/getKeys", managedZone="none")["keySigningKeys"] == []

    def test_several_that_fit_are_refused_but_for_the_newest(self, here: World) -> None:
        for name in ("one", "two"):
            make(here, "compute/instanceTemplate:InstanceTemplate", name=name, machineType="e2-micro", disks=[{}])

        with pytest.raises(ProviderError, match="2 fit any name"):
            ask(here, "compute/getInstanceTemplate")
        assert ask(here, "compute/getInstanceTemplate", mostRecent=True)["name"] == "two"
        one = ask(here, "compute/getInstanceTemplate", name="one")
        unique = f"{one['selfLink']}?uniqueId=7"
        assert ask(here, "compute/getInstanceTemplate", selfLinkUnique=unique)["id"] == one["id"]


class TestUnmodelled:
    def test_in_the_strict_profile_it_is_refused(self, here: World) -> None:
        with pytest.raises(NoFunction, match="does not model the function"):
            here.provider.invoke(UNKNOWN, {"location": "l", "cloudExadataInfrastructure": "x"})

    def test_else_it_is_answered_without_a_cloud_and_named(self) -> None:
        provider = Provider(Place(Api(InProcess(new_cloud())), SETTINGS))
        arguments = {"location": "l", "cloudExadataInfrastructure": "x"}

        answer = provider.invoke(UNKNOWN, arguments)

        assert provider.opaque == {UNKNOWN}
        assert answer == provider.invoke(UNKNOWN, arguments)
        assert answer["id"] != provider.invoke(UNKNOWN, {**arguments, "location": "m"})["id"]
        assert (answer["location"], answer["dbServers"]) == ("l", [])

    def test_so_it_is_where_the_cloud_does_not_have_the_method(self) -> None:
        place = Place(Api(Told({}, missing=501)), SETTINGS)

        with pytest.raises(NoFunction, match="does not model the function"):
            Provider(place, strict=True).invoke("gcp:storage/getBuckets:getBuckets", {})


class TestAnswers:
    def test_one_object_is_a_list_of_one_and_what_is_missing_is_empty(self) -> None:
        signature = read(
            {
                "id": "string=",
                "settings": ["[object]=", {"tier": "string", "port": "integer", "tags": "{string}"}],
                "size": "integer=",
                "ready": "boolean=",
                "names": "[string]=",
            }
        )

        assert answer_of(signature, {"setting": {"tier": "a"}, "name": "x"}, {}) == {
            "id": "",
            "settings": [{"tier": "a", "port": 0, "tags": {}}],
            "size": 0,
            "ready": False,
            "names": ["x"],
        }

    def test_fields_are_told_by_rows(self) -> None:
        signature = read({"items": ["[object]=", {"key": "string", "name": "string"}], "none": "string="})
        telling = Telling({"items.key": "meta.id", "none": ""}, frozenset({"items.name"}))

        found = answer_of(signature, {"items": [{"meta": {"id": 7}, "name": "a/b/c"}], "none": "x"}, {}, telling)

        assert found == {"items": [{"key": "7", "name": "c"}], "none": ""}

    def test_labels_are_all_labels(self) -> None:
        signature = read({"labels": "{string}=", "effectiveLabels": "{string}=", "pulumiLabels": "{string}="})

        found = answer_of(signature, {"labels": {"a": "b"}, "effectiveLabels": {"a": "b", "c": "d"}}, {})

        assert all(each == {"a": "b", "c": "d"} for each in found.values())

    def test_secrets_are_marked_however_deep(self) -> None:
        signature = read({"auths": ["[object]=", {"user": "string", "password": "string$"}], "token": "string=$"})

        found = with_secrets(signature, {"auths": [{"user": "a", "password": "b"}], "token": ""})

        assert found == {"auths": [{"user": "a", "password": {SIGNATURE: SECRET, "value": "b"}}], "token": ""}

    def test_a_secret_of_the_cloud_stays_one(self, here: World) -> None:
        secret = make(here, "secretmanager/secret:Secret", secretId="s", replication={"auto": {}})
        make(here, "secretmanager/secretVersion:SecretVersion", secret=secret["id"], secretData="hush")

        found = here.provider.invoke("gcp:secretmanager/getSecretVersion:getSecretVersion", {"secret": "s"})

        assert found["secretData"] == {SIGNATURE: SECRET, "value": "hush"}

    def test_a_parameter_is_told_as_it_was_written(self) -> None:
        place = Place(Api(Told({"v": {"payload": {"data": base64.b64encode(b"secret").decode()}}})), SETTINGS)
        token = "gcp:parametermanager/getRegionalParameterVersion:getRegionalParameterVersion"

        found = Provider(place).invoke(token, {"parameter": "p", "parameterVersionId": "v", "location": "europe-west4"})

        assert found["parameterData"] == {SIGNATURE: SECRET, "value": "secret"}


class TestPlaces:
    def test_a_group_tells_its_machines(self, here: World) -> None:
        here.make("compute/instanceGroupManager:InstanceGroupManager")

        machines = ask(here, "compute/getInstanceGroup", name="workers")["instances"]

        assert len(machines) == 2
        assert all("/zones/europe-west4-a/instances/worker-" in each for each in machines)

    def test_addresses_are_of_one_region_or_of_all(self, here: World) -> None:
        for region in ("europe-west1", "europe-west4"):
            make(here, "compute/address:Address", name="out", region=region)

        assert len(ask(here, "compute/getAddresses")["addresses"]) == 2
        (one,) = ask(here, "compute/getAddresses", region="europe-west1")["addresses"]
        assert one["region"] == "europe-west1"

    def test_ranges_of_google_without_those_of_its_cloud_are_what_is_left(self, here: World) -> None:
        left = ask(here, "compute/getNetblockIPRanges", rangeType="default-domains-netblocks")["cidrBlocks"]

        assert "8.8.8.0/24" in left
        assert not set(left) & set(ask(here, "compute/getNetblockIPRanges")["cidrBlocks"])
        with pytest.raises(ProviderError, match="Unknown range_type: none"):
            ask(here, "compute/getNetblockIPRanges", rangeType="none")

    def test_what_stands_above_a_project_is_told_from_below(self, here: World) -> None:
        folder = make(here, "organizations/folder:Folder", displayName="ML", parent="organizations/123456789012")
        make(here, "organizations/project:Project", projectId="acme-below", name="Below", folderId=folder["id"])

        found = ask(here, "projects/getAncestry", project="acme-below")

        assert [each["type"] for each in found["ancestors"]] == ["project", "folder", "organization"]
        assert (found["parentType"], found["orgId"]) == ("folder", "123456789012")

    def test_images_are_found_by_tag_by_digest_and_by_name(self) -> None:
        above = "projects/p/locations/l/repositories/r/dockerImages"
        images = [{"name": f"{above}/a%2Fapi@sha256:{each}", "uri": each, "tags": [each]} for each in ("aa", "bb")]
        here = World(Provider(Place(Api(Told({"dockerImages": {"dockerImages": images}})), SETTINGS)))

        def found(name: str) -> str:
            told = ask(here, "artifactregistry/getDockerImage", location="l", repositoryId="r", imageName=name)
            return str(told["selfLink"])

        assert [found("a/api"), found("a/api:bb"), found("a/api@sha256:bb")] == ["aa", "bb", "bb"]
        with pytest.raises(ProviderError, match="dockerImages/api:none"):
            found("api:none")


class TestKeys:
    def test_what_was_encrypted_for_a_key_is_decrypted(self, here: World) -> None:
        key = "kms/cryptoKey:CryptoKey"
        ring = make(here, "kms/keyRing:KeyRing", name="ring", location="europe-west4")
        made = make(here, key, name="key", keyRing=ring["id"])

        sealed = ask(here, "kms/getKMSSecretCiphertext", cryptoKey=made["id"], plaintext="hush")

        assert (
            ask(here, "kms/getKMSSecret", cryptoKey=made["id"], ciphertext=sealed["ciphertext"])["plaintext"] == "hush"
        )

    def test_a_ciphertext_that_is_not_whole_is_refused(self, here: World) -> None:
        sealed = base64.b64encode(b"sealed").decode()

        with pytest.raises(ProviderError, match="crc32 is 0, and that of the ciphertext is"):
            ask(here, "kms/getKMSSecretAsymmetric", cryptoKeyVersion="projects/p/x", ciphertext=sealed, crc32="0")

    def test_a_token_is_signed_that_ends_when_it_is_said(self, here: World) -> None:
        make(here, "serviceaccount/account:Account", accountId="trainer")
        account = "trainer@acme-dev.iam.gserviceaccount.com"

        found = ask(
            here, "serviceaccount/getAccountJwt", targetServiceAccount=account, payload='{"sub": "a"}', expiresIn=60
        )

        payload = found["jwt"].split(".")[1]
        told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        ends = int(here.provider.place.api.transport.now().timestamp()) + 60
        assert (told["sub"], ends - 5 <= told["exp"] <= ends) == ("a", True)


def test_every_function_of_the_package_has_a_signature() -> None:
    source = importlib.util.find_spec("pulumi_gcp")
    assert source is not None
    assert source.origin is not None
    calls = re.compile(r"runtime\.invoke_output\('([^']+)'")
    texts = (each.read_text(encoding="utf-8") for each in Path(source.origin).parent.glob("*/*.py"))

    found = {token for text in texts for token in calls.findall(text)}

    assert found == set(function_tokens()), "Run: python -m tools.pulumi_functions"
