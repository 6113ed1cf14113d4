"""Names are made up as the real provider does, and free a name first where it does."""

from importlib.resources import files

import pytest
import yaml

from mockcloud.pulumi.checks import Checked, check
from mockcloud.pulumi.naming import DEFAULTS, Naming, goes_first, names_of
from mockcloud.pulumi.properties import Properties, properties_of

ACCOUNT = "gcp:serviceaccount/account:Account"
BUCKET = "gcp:storage/bucket:Bucket"
NETWORK = "gcp:compute/network:Network"
PROJECT = "gcp:organizations/project:Project"
SECRET = "gcp:secretmanager/secret:Secret"
TEMPLATE = "gcp:compute/instanceTemplate:InstanceTemplate"
TOPIC = "gcp:pubsub/topic:Topic"

TABLE = yaml.safe_load(files("mockcloud.pulumi").joinpath("naming.yaml").read_text(encoding="utf-8"))


def properties(token: str) -> Properties:
    found = properties_of(token)
    assert found is not None
    return found


def checked(
    token: str, given: dict[str, object], old: dict[str, object] | None = None, naming: Naming | None = None
) -> Checked:
    return check(token, properties(token), given, old or {}, naming or Naming("core", b"seed"))


def made(token: str, naming: Naming) -> dict[str, str]:
    return dict(names_of(token, properties(token), {}, {}, naming).names)


class TestTable:
    @pytest.mark.parametrize("token", TABLE["made_up"])
    def test_every_name_is_one_that_a_program_may_leave_out(self, token: str) -> None:
        for name in TABLE["made_up"][token]:
            each = properties(f"gcp:{token}")[name]
            assert each.made_up, name
            assert not each.required, name

    @pytest.mark.parametrize("token", [*TABLE["delete_first"], *TABLE["free_by_name"]])
    def test_every_other_type_is_one(self, token: str) -> None:
        assert properties(f"gcp:{token}")


def test_a_name_is_made_of_the_resources_own_and_seven_digits_of_the_seed() -> None:
    first, second = checked(NETWORK, {}), checked(NETWORK, {})

    assert first.inputs["name"] == second.inputs["name"]
    assert first.inputs["name"].startswith("core-")
    assert len(first.inputs["name"]) == len("core-") + 7
    assert "name" in first.inputs[DEFAULTS]


def test_one_that_is_given_is_taken() -> None:
    found = checked(NETWORK, {"name": "mine"})

    assert found.inputs["name"] == "mine"
    assert "name" not in found.inputs[DEFAULTS]


def test_one_that_was_made_up_stays() -> None:
    assert checked(NETWORK, {}, {"name": "core-1234567", DEFAULTS: ["name"]}).inputs["name"] == "core-1234567"


def test_one_that_was_given_and_is_no_more_does_not() -> None:
    assert checked(NETWORK, {}, {"name": "mine", DEFAULTS: []}).inputs["name"] != "mine"


@pytest.mark.parametrize(
    ("token", "name", "length"),
    [
        (ACCOUNT, "accountId", 30),
        (NETWORK, "name", 63),
        ("gcp:cloudrunv2/service:Service", "name", 50),
        (BUCKET, "name", 222),
        (TOPIC, "name", 255),
        (SECRET, "secretId", 255),
    ],
)
def test_one_that_is_too_long_is_refused_and_not_cut(token: str, name: str, length: int) -> None:
    fits = Naming("n" * (length - 8), b"seed")
    found = names_of(token, properties(token), {}, {}, Naming("n" * (length - 7), b"seed"))

    assert len(made(token, fits)[name]) == length
    assert name not in found.names
    assert [path for path, _ in found.failures] == [name]
    assert f"has {length + 1} characters" in found.failures[0][1]
    assert f"takes at most {length} in {name}; set {name}, or give the resource a shorter" in found.failures[0][1]


def test_what_is_refused_is_a_failure_of_the_check() -> None:
    found = checked(ACCOUNT, {}, naming=Naming("n" * 23, b"seed"))

    assert [each.path for each in found.failures] == ["accountId"]
    assert "accountId" not in found.inputs


def test_capital_letters_stay_but_where_google_takes_none() -> None:
    assert made(NETWORK, Naming("Core", b"seed"))["name"].startswith("core-")
    assert made(TOPIC, Naming("Core", b"seed"))["name"].startswith("Core-")


def test_a_projects_name_is_the_resources_own_and_its_id_is_made_of_it() -> None:
    found = made(PROJECT, Naming("Lab", b"seed"))

    assert found["name"] == "Lab"
    assert found["projectId"].startswith("lab-")
    assert len(found["projectId"]) == len("lab-") + 7


def test_the_name_of_a_record_is_never_made_up() -> None:
    assert made("gcp:dns/recordSet:RecordSet", Naming("core")) == {}


def test_no_name_is_made_up_beside_a_prefix() -> None:
    assert "name" not in checked(TEMPLATE, {"namePrefix": "a-", "machineType": "e2-small", "disks": [{}]}).inputs


class TestEngine:
    def test_it_may_propose_one(self) -> None:
        assert made(NETWORK, Naming("core", proposed="Acme-Core"))["name"] == "acme-core"

    def test_what_it_proposes_may_be_too_long(self) -> None:
        found = names_of(ACCOUNT, properties(ACCOUNT), {}, {}, Naming("core", proposed="p" * 31))

        assert [path for path, _ in found.failures] == ["accountId"]

    def test_it_may_insist_on_one(self) -> None:
        assert made(NETWORK, Naming("core", proposed="A" * 70, strict=True))["name"] == "A" * 70

    def test_it_may_forbid_it(self) -> None:
        assert [each.path for each in checked(NETWORK, {}, naming=Naming("core", strict=True)).failures] == ["name"]


class TestGoingFirst:
    @pytest.mark.parametrize(
        ("token", "old", "new", "first"),
        [
            (BUCKET, {"name": "a"}, {"name": "a"}, True),
            # The provider does not ask whether the other name is free.
            (BUCKET, {"name": "a"}, {"name": "b"}, True),
            (BUCKET, {"name": "a-1", DEFAULTS: ["name"]}, {"name": "a-1", DEFAULTS: ["name"]}, False),
            (ACCOUNT, {"accountId": "robot"}, {"accountId": "robot"}, True),
            (ACCOUNT, {"accountId": "r-1"}, {"accountId": "r-1", DEFAULTS: ["accountId"]}, False),
            # Its id is no name that the provider would make up: the new one is made while the old one is there.
            ("gcp:bigquery/dataset:Dataset", {"datasetId": "a"}, {"datasetId": "a"}, False),
            ("gcp:bigquery/table:Table", {"tableId": "a"}, {"tableId": "a"}, True),
            (SECRET, {"secretId": "a"}, {"secretId": "a-1", DEFAULTS: ["secretId"]}, True),
            ("gcp:projects/iAMMember:IAMMember", {}, {}, True),
            (TEMPLATE, {"name": "a"}, {"name": "a"}, True),
            (TEMPLATE, {"name": "a"}, {"name": "b"}, False),
            (TEMPLATE, {"name": "a-1"}, {"name": "a-1", DEFAULTS: ["name"]}, False),
            ("gcp:compute/regionInstanceTemplate:RegionInstanceTemplate", {}, {"namePrefix": "a-"}, False),
        ],
    )
    def test_what_may_have_one_name_does(
        self, token: str, old: dict[str, object], new: dict[str, object], *, first: bool
    ) -> None:
        assert goes_first(token, properties(token), old, new) is first
