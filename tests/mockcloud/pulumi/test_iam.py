"""Grants: every type of every kind of thing that has a policy, and what changes a policy beside the provider."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from mockcloud.discovery.methods import Kind
from mockcloud.pulumi.accesses import Accesses
from mockcloud.pulumi.api import Api, Refused
from mockcloud.pulumi.lifecycle import Lifecycle, Place
from mockcloud.pulumi.policies import call_of, guarded
from mockcloud.pulumi.properties import properties_of
from mockcloud.pulumi.special import lifecycle_of
from mockcloud.pulumi.specials.iam import spelled
from tests.mockcloud.pulumi.lives import SETTINGS

_ROLE, _MEMBER = "roles/viewer", "user:eve@acme.test"
_DATASET = "bigquery/datasetIam"


@dataclass
class Kept:
    """A cloud that keeps policies, whatever they are of."""

    policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    faster: int = 0
    """How many writers come between a read and its write."""
    asked: list[str] = field(default_factory=list)

    def send(
        self, verb: str, host: str, path: str, query: str, body: bytes, media: str = "application/json"
    ) -> tuple[int, bytes]:
        assert media == "application/json"
        self.asked.append(f"{verb} {host}{path}{'?' if query else ''}{query}")
        name = re.sub(r"(:|/)(get|set)IamPolicy$|/iam$", "", path)
        told = json.loads(body) if body else {}
        kept = self.policies.setdefault(name, {"etag": "0"})
        if "setIamPolicy" in path or verb == "PUT":
            policy = told.get("policy", told)
            if self.faster or policy["etag"] != kept["etag"]:
                self.faster -= 1
                self.policies[name] = {**kept, "etag": f"{kept['etag']}+"}
                return 409, b'{"error": {"status": "ABORTED", "message": "Concurrent change"}}'
            self.policies[name] = {**policy, "etag": f"{kept['etag']}+"}
        elif verb == "PATCH":
            self.policies[name] = {**kept, **told}
        return 200, json.dumps(self.policies[name]).encode()

    def wait(self, seconds: float) -> None:
        self.asked.append(f"waited {seconds}")

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def cloud() -> Kept:
    return Kept()


@pytest.fixture
def place(cloud: Kept) -> Place:
    return Place(Api(cloud), SETTINGS)


def life_of(stem: str, form: str) -> tuple[str, Lifecycle]:
    name = stem.partition("/")[2] + form
    token = f"gcp:{stem}{form}:{name[0].upper()}{name[1:]}"
    found = lifecycle_of(token)
    assert found is not None
    return token, found


def inputs_of(token: str) -> dict[str, Any]:
    """Give what says which one has the policy: all short names."""
    known = properties_of(token)
    assert known is not None, token
    others = {"role", "member", "members", "condition", "policyData", "etag", "project", "region", "location", "zone"}
    full = {"parent": "projects/acme-dev"}
    return {name: full.get(name, name.lower()) for name in known if name not in others} | (
        {"project": "acme-dev"} if token.startswith("gcp:projects/") else {}
    )


@pytest.mark.parametrize("stem", sorted(guarded()))
def test_every_kind_has_calls_that_read_and_set_a_policy(stem: str) -> None:
    if stem != _DATASET:
        assert call_of(guarded()[stem], Kind.GET_IAM_POLICY)
        assert call_of(guarded()[stem], Kind.SET_IAM_POLICY)


@pytest.mark.parametrize("stem", sorted(guarded()))
def test_a_member_lives(stem: str, cloud: Kept, place: Place) -> None:
    token, life = life_of(stem, "Member")
    given = inputs_of(token)
    # Names that are full ones for the provider tell what no property does.
    stores = dict.fromkeys(("dicomStoreId", "fhirStoreId", "hl7V2StoreId"), "l/d")
    full = {"cryptoKeyId": "l/r", "keyRingId": "l", "policyTag": "p/l/t", "entitytype": "", **stores}
    for name, above in full.items():
        if name in given and above:
            given[name] = f"{above}/{given[name]}"
    for name, value in {"featurestore": "projects/p/locations/l/featurestores/f", "name": "l/n/s"}.items():
        if stem.startswith(("servicedirectory/", "vertex/aiFeatureStoreEntityType")) and name in given:
            given[name] = value if not stem.startswith("servicedirectory/namespace") else "l/n"
    inputs = {**given, "role": _ROLE, "member": _MEMBER}

    state = life.create(place, inputs)

    assert state.id.endswith(f"/{_ROLE}/{_MEMBER}")
    assert {**state.outputs, **inputs} == state.outputs
    assert life.read(place, state.id, inputs, state.outputs) == state
    first = state.id.removesuffix(f"/{_ROLE}/{_MEMBER}")
    imported = life.read(place, f"{first} {_ROLE} {_MEMBER}", {}, {})
    assert imported is not None
    assert imported.id == state.id
    life.delete(place, state)
    assert life.read(place, state.id, inputs, state.outputs) is None


@pytest.mark.parametrize("form", ["Binding", "Policy"])
def test_all_kinds_have_bindings_and_policies(form: str) -> None:
    assert all(life_of(stem, form) for stem in guarded())


def test_a_policy_that_another_writer_changed_is_read_anew(cloud: Kept, place: Place) -> None:
    _, life = life_of("projects/iAM", "Member")
    cloud.faster = 2

    life.create(place, {"project": "acme-dev", "role": _ROLE, "member": _MEMBER})

    assert cloud.policies["/v1/projects/acme-dev"]["bindings"] == [{"role": _ROLE, "members": [_MEMBER]}]
    assert cloud.asked.count("waited 2.0") == 2


def test_a_writer_that_is_always_late_gives_up(cloud: Kept, place: Place) -> None:
    _, life = life_of("projects/iAM", "Member")
    cloud.faster = 1000

    with pytest.raises(Refused, match="Concurrent change"):
        life.create(place, {"project": "acme-dev", "role": _ROLE, "member": _MEMBER})


def test_members_of_one_role_stay_apart_by_their_conditions(cloud: Kept, place: Place) -> None:
    _, life = life_of("projects/iAM", "Member")
    condition = {"title": "soon", "description": "", "expression": "false"}
    base = {"project": "acme-dev", "role": _ROLE}
    plain = life.create(place, {**base, "member": _MEMBER})
    held = life.create(place, {**base, "member": _MEMBER, "condition": condition})

    assert held.id == f"acme-dev/{_ROLE}/{_MEMBER}/soon//false"
    life.delete(place, plain)
    assert cloud.policies["/v1/projects/acme-dev"]["bindings"] == [
        {"role": _ROLE, "members": [_MEMBER], "condition": condition}
    ]
    assert life.read(place, f"acme-dev {_ROLE} {_MEMBER}", {}, {}) is None
    found = life.read(place, f"acme-dev {_ROLE} {_MEMBER} soon", {}, {})
    assert found is not None
    assert found.outputs["condition"] == condition


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("user:Eve@Acme.test", "user:eve@acme.test"),
        ("deleted:user:Eve@Acme.test?uid=1", "deleted:user:eve@acme.test?uid=1"),
        ("principalSet://iam.googleapis.com/Pool/*", "principalSet://iam.googleapis.com/Pool/*"),
        ("allUsers", "allUsers"),
        ("projectOwner:Acme", "projectOwner:acme"),
    ],
)
def test_members_are_spelled_as_google_keeps_them(given: str, kept: str) -> None:
    assert spelled(given) == kept


def test_a_member_in_other_letters_is_the_same(cloud: Kept, place: Place) -> None:
    _, life = life_of("projects/iAM", "Member")
    inputs = {"project": "acme-dev", "role": _ROLE, "member": "user:Eve@acme.test"}

    state = life.create(place, inputs)

    assert state.id == f"acme-dev/{_ROLE}/{_MEMBER}"
    assert state.outputs["member"] == "user:Eve@acme.test"
    assert life.read(place, state.id, inputs, state.outputs) == state


def test_a_binding_holds_its_role_alone(cloud: Kept, place: Place) -> None:
    _, life = life_of("pubsub/topicIAM", "Binding")
    cloud.policies["/v1/projects/acme-dev/topics/news"] = {
        "etag": "0",
        "bindings": [{"role": _ROLE, "members": ["user:old@acme.test"]}, {"role": "roles/owner", "members": [_MEMBER]}],
    }
    inputs = {"topic": "news", "role": _ROLE, "members": [_MEMBER]}

    state = life.create(place, inputs)

    assert cloud.policies["/v1/projects/acme-dev/topics/news"]["bindings"] == [
        {"role": "roles/owner", "members": [_MEMBER]},
        {"role": _ROLE, "members": [_MEMBER]},
    ]
    cloud.policies["/v1/projects/acme-dev/topics/news"]["bindings"][1]["members"].append("user:bob@acme.test")
    drifted = life.read(place, state.id, inputs, state.outputs)
    assert drifted is not None
    assert drifted.outputs["members"] == ["user:bob@acme.test", _MEMBER]
    life.delete(place, state)
    assert len(cloud.policies["/v1/projects/acme-dev/topics/news"]["bindings"]) == 1


def test_a_whole_policy_takes_away_what_it_does_not_say(cloud: Kept, place: Place) -> None:
    _, life = life_of("storage/bucketIAM", "Policy")
    cloud.policies["/storage/v1/b/models"] = {"etag": "0", "bindings": [{"role": "roles/owner", "members": [_MEMBER]}]}
    told = json.dumps({"bindings": [{"role": _ROLE, "members": [_MEMBER, "user:Bob@acme.test"]}]})
    inputs = {"bucket": "models", "policyData": told}

    state = life.create(place, inputs)

    assert state.id == "b/models"
    assert [each["role"] for each in cloud.policies["/storage/v1/b/models"]["bindings"]] == [_ROLE]
    cloud.policies["/storage/v1/b/models"]["bindings"] = [
        {"role": _ROLE, "members": ["user:bob@acme.test"]},
        {"role": _ROLE, "members": [_MEMBER]},
    ]
    split = life.read(place, state.id, inputs, state.outputs)
    assert split is not None
    assert split.outputs["policyData"] == told
    cloud.policies["/storage/v1/b/models"]["bindings"].pop()
    drifted = life.read(place, state.id, inputs, state.outputs)
    assert drifted is not None
    assert json.loads(drifted.outputs["policyData"])["bindings"][0]["members"] == ["user:bob@acme.test"]


@pytest.mark.parametrize(
    ("stem", "given", "path"),
    [
        ("storage/bucketIAM", {"bucket": "b/models"}, "/storage/v1/b/models"),
        ("pubsub/topicIAM", {"topic": "projects/other/topics/news"}, "/v1/projects/other/topics/news"),
        (
            "compute/subnetworkIAM",
            {"subnetwork": "https://www.googleapis.com/compute/v1/projects/host/regions/europe-west1/subnetworks/a"},
            "/compute/v1/projects/host/regions/europe-west1/subnetworks/a",
        ),
        (
            "logging/logViewIam",
            {"bucket": "projects/acme-dev/locations/eu/buckets/audit", "name": "all", "parent": "projects/acme-dev"},
            "/v2/projects/acme-dev/locations/eu/buckets/audit/views/all",
        ),
        ("folder/iAM", {"folder": "folders/4711"}, "/v3/folders/4711"),
        (
            "serviceaccount/iAM",
            {"serviceAccountId": "//iam.googleapis.com/projects/p/serviceAccounts/a@p.iam.gserviceaccount.com"},
            "/v1/projects/p/serviceAccounts/a@p.iam.gserviceaccount.com",
        ),
    ],
)
def test_what_has_the_policy_may_be_named_in_full(
    stem: str, given: dict[str, str], path: str, cloud: Kept, place: Place
) -> None:
    _, life = life_of(stem, "Member")

    life.create(place, {**given, "role": _ROLE, "member": _MEMBER})

    assert cloud.policies[path]["bindings"]


def test_what_is_not_there_has_no_grants(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    _, life = life_of("pubsub/topicIAM", "Member")
    monkeypatch.setattr(Kept, "send", lambda *_: (404, b'{"error": {"status": "NOT_FOUND", "message": "No topic"}}'))
    known = {"topic": "news", "role": _ROLE, "member": _MEMBER}

    assert life.read(place, "news", known, known) is None
    assert life.read(place, "a/b/c/d/e", {}, {}) is None


def test_what_is_logged_of_other_services_stays(cloud: Kept, place: Place) -> None:
    life = lifecycle_of("gcp:folder/iamAuditConfig:IamAuditConfig")
    assert life is not None
    cloud.policies["/v3/folders/4711"] = {
        "etag": "0",
        "auditConfigs": [{"service": "allServices", "auditLogConfigs": [{"logType": "ADMIN_READ"}]}],
    }
    inputs = {"folder": "folders/4711", "service": "iam.googleapis.com", "auditLogConfigs": [{"logType": "DATA_READ"}]}

    state = life.create(place, inputs)

    assert state.id == "folders/4711/audit_config/iam.googleapis.com"
    assert len(cloud.policies["/v3/folders/4711"]["auditConfigs"]) == 2
    life.delete(place, state)
    assert [each["service"] for each in cloud.policies["/v3/folders/4711"]["auditConfigs"]] == ["allServices"]
    assert life.read(place, state.id, inputs, state.outputs) is None


def test_a_dataset_keeps_grants_as_accesses(cloud: Kept, place: Place) -> None:
    view = {"view": {"projectId": "p", "datasetId": "d", "tableId": "v"}}
    path = "/bigquery/v2/projects/acme-dev/datasets/features"
    cloud.policies[path] = {"etag": "1", "access": [{"role": "OWNER", "specialGroup": "projectOwners"}, view]}
    _, life = life_of(_DATASET, "Member")
    base = {"datasetId": "features"}

    for role, member in [
        ("roles/bigquery.dataViewer", "group:ml@acme.test"),
        ("roles/bigquery.dataEditor", "serviceAccount:trainer@acme-dev.iam.gserviceaccount.com"),
        ("roles/bigquery.metadataViewer", "domain:acme.test"),
        ("roles/bigquery.dataViewer", "allAuthenticatedUsers"),
    ]:
        state = life.create(place, {**base, "role": role, "member": member})
        assert state.id == f"projects/acme-dev/datasets/features/{role}/{member}"

    assert cloud.policies[path]["access"] == [
        {"role": "OWNER", "specialGroup": "projectOwners"},
        {"role": "WRITER", "userByEmail": "trainer@acme-dev.iam.gserviceaccount.com"},
        {"role": "roles/bigquery.metadataViewer", "domain": "acme.test"},
        {"role": "READER", "groupByEmail": "ml@acme.test"},
        {"role": "READER", "iamMember": "allAuthenticatedUsers"},
        view,
    ]
    policy = Accesses(guarded()[_DATASET]).get(place, {"project": "acme-dev", "datasetId": "features"})
    assert {"role": "roles/bigquery.dataOwner", "members": ["specialGroup:projectOwners"]} in policy["bindings"]
