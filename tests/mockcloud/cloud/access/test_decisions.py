"""Who may: members, inheritance, conditions, denials, and what is remembered of all that."""

from datetime import timedelta
from typing import Any

import pytest

from mockcloud.cloud.access.members import canonical, names_of, project_member, project_of_account
from mockcloud.cloud.callers import NOBODY, Caller
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.groups import NoSuchMember
from mockcloud.cloud.organisations import ORGANISATION, ensure
from mockcloud.cloud.store import Record
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ALICE, BOB, PROJECT, RESOURCE_MANAGER, ask, grant, status

UPLOAD = "aiplatform.models.upload"
MODELS = f"{PROJECT}/locations/europe-west4/models"
URL = f"aiplatform.googleapis.com/v1/{MODELS}"


@pytest.fixture
def cloud() -> Cloud:
    made = new_cloud("strict", off=["enablement"])
    ensure(made, "folders/7")
    made.projects.ensure("acme", parent="folders/7")
    return made


def may(cloud: Cloud, caller: Caller, permission: str = UPLOAD, api: str = "aiplatform", name: str = MODELS) -> bool:
    return cloud.access.allows(caller, permission, api, name)


@pytest.mark.parametrize(
    "member",
    [
        "user:alice@acme.test",
        "user:ALICE@acme.test",
        "group:ml@acme.test",
        "group:all@acme.test",
        "domain:acme.test",
        "allUsers",
        "allAuthenticatedUsers",
    ],
)
def test_a_person_is_meant_in_every_form(cloud: Cloud, member: str) -> None:
    cloud.groups.add("ml@acme.test", ALICE)
    cloud.groups.add("all@acme.test", "group:ml@acme.test")
    assert not may(cloud, Caller(ALICE))
    grant(cloud, "roles/aiplatform.user", member)
    assert may(cloud, Caller(ALICE))


@pytest.mark.parametrize(
    "member", ["user:bob@acme.test", "group:none@acme.test", "domain:evil.test", "deleted:user:alice@acme.test?uid=1"]
)
def test_others_are_not_meant(cloud: Cloud, member: str) -> None:
    grant(cloud, "roles/aiplatform.user", member)
    assert not may(cloud, Caller(ALICE))


def test_nobody_is_meant_by_all_users_alone(cloud: Cloud) -> None:
    grant(cloud, "roles/aiplatform.user", "allAuthenticatedUsers")
    assert not may(cloud, NOBODY)
    grant(cloud, "roles/aiplatform.user", "allUsers")
    assert may(cloud, NOBODY)


def test_a_workload_is_meant_by_its_attributes_its_groups_and_its_project(cloud: Cloud) -> None:
    pool = f"iam.googleapis.com/projects/{cloud.projects.number_of('acme')}/locations/global/workloadIdentityPools/p"
    caller = Caller(
        f"principal://{pool}/subject/s", claims={"attribute.repo": "acme/m", "google.groups": ["g"], "other": "x"}
    )
    found = names_of(cloud, caller)
    assert {
        f"principal://{pool}/subject/s",
        f"principalSet://{pool}/*",
        f"principalSet://{pool}/group/g",
        f"principalSet://{pool}/attribute.repo/acme/m",
        f"principalSet://cloudresourcemanager.googleapis.com/projects/{cloud.projects.number_of('acme')}",
        "principalSet://cloudresourcemanager.googleapis.com/folders/7",
        f"principalSet://cloudresourcemanager.googleapis.com/{ORGANISATION}",
    } <= found
    assert not any("other" in each for each in found)
    grant(cloud, "roles/aiplatform.user", f"principalSet://{pool}/attribute.repo/acme/m")
    assert may(cloud, caller)
    assert not may(cloud, Caller(caller.member, claims={"attribute.repo": "evil/m"}))
    assert names_of(cloud, Caller("principal://goog/subject/x"))


def test_an_account_belongs_to_a_project(cloud: Cloud) -> None:
    number = cloud.projects.number_of("acme")
    assert project_of_account(cloud, "a@acme.iam.gserviceaccount.com") == "acme"
    assert project_of_account(cloud, f"service-{number}@gcp-sa-aiplatform.iam.gserviceaccount.com") == "acme"
    assert project_of_account(cloud, f"{number}-compute@developer.gserviceaccount.com") == "acme"
    assert project_of_account(cloud, "x@other.iam.gserviceaccount.com") == "other"
    assert project_of_account(cloud, "x@example.test") == ""
    member = f"principalSet://cloudresourcemanager.googleapis.com/projects/{number}"
    assert member in names_of(cloud, Caller("serviceAccount:a@acme.iam.gserviceaccount.com"))
    assert canonical("serviceAccount:A@B") == "serviceAccount:a@b"
    assert project_member("projectViewer:acme") == ("roles/viewer", "acme")


@pytest.mark.parametrize("place", [PROJECT, "folders/7", ORGANISATION])
def test_a_grant_holds_for_what_is_below(cloud: Cloud, place: str) -> None:
    grant(cloud, "roles/aiplatform.user", ALICE, name=place)
    assert may(cloud, Caller(ALICE))
    assert not may(cloud, Caller(ALICE), name="projects/other/locations/l/models")


def test_a_grant_on_a_resource_holds_for_it_alone(cloud: Cloud) -> None:
    grant(cloud, "roles/aiplatform.user", ALICE, name=f"{MODELS}/1", api="aiplatform")
    assert may(cloud, Caller(ALICE), "aiplatform.models.get", name=f"{MODELS}/1")
    assert may(cloud, Caller(ALICE), "aiplatform.modelEvaluations.list", name=f"{MODELS}/1/evaluations")
    assert not may(cloud, Caller(ALICE), "aiplatform.models.get", name=f"{MODELS}/2")


def test_the_owners_of_a_project_are_members_too(cloud: Cloud) -> None:
    cloud.store.put(Record("storage", "b/data", {"projectNumber": cloud.projects.number_of("acme")}))
    grant(cloud, "roles/storage.legacyBucketReader", "projectViewer:acme", name="b/data", api="storage")
    assert not may(cloud, Caller(ALICE), "storage.objects.list", "storage", "b/data")
    grant(cloud, "roles/viewer", ALICE)
    assert may(cloud, Caller(ALICE), "storage.objects.list", "storage", "b/data")


def test_a_custom_role_allows_until_it_is_deleted(cloud: Cloud) -> None:
    role = cloud.create(Record("iam", f"{PROJECT}/roles/uploader", {"includedPermissions": [UPLOAD]}))
    grant(cloud, role.name, ALICE)
    assert may(cloud, Caller(ALICE))
    cloud.change(role, {**role.body, "deleted": True})
    assert not may(cloud, Caller(ALICE))
    grant(cloud, f"{PROJECT}/roles/nothing", BOB)
    assert not may(cloud, Caller(BOB))


def test_a_role_without_a_row_names_itself_only_where_it_would_matter(cloud: Cloud) -> None:
    grant(cloud, "roles/unheard.of", ALICE)
    assert not may(cloud, Caller(BOB))
    with pytest.raises(ApiError, match=r"roles/unheard\.of") as refused:
        may(cloud, Caller(ALICE))
    assert refused.value.code == 501
    grant(cloud, "roles/aiplatform.user", ALICE)
    assert may(cloud, Caller(ALICE))


def conditional(cloud: Cloud, expression: str, role: str = "roles/aiplatform.user", **place: str) -> None:
    binding = {"role": role, "members": [ALICE], "condition": {"title": "t", "expression": expression}}
    key = (place.get("api", RESOURCE_MANAGER), place.get("name", PROJECT))
    cloud.store.policies[key] = {"version": 3, "bindings": [binding]}


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        (f"resource.name.startsWith('{PROJECT}/locations/europe-west4')", True),
        ("resource.name.startsWith('projects/other')", False),
        ("resource.type == 'aiplatform.googleapis.com/Location'", True),
        ("resource.service == 'aiplatform.googleapis.com'", True),
        ("request.time < timestamp('2026-02-01T00:00:00Z')", True),
        ("request.time < timestamp('2025-02-01T00:00:00Z')", False),
        ("request.auth.nothing == 'x'", False),
    ],
)
def test_a_condition_decides(cloud: Cloud, expression: str, holds: bool) -> None:
    conditional(cloud, expression)
    assert may(cloud, Caller(ALICE)) is holds


def test_a_condition_on_time_is_asked_each_time(cloud: Cloud) -> None:
    conditional(cloud, "request.time < timestamp('2026-01-02T00:00:00Z')")
    assert may(cloud, Caller(ALICE))
    cloud.advance(timedelta(days=2))
    assert not may(cloud, Caller(ALICE))


def test_a_condition_that_is_not_known_is_named(cloud: Cloud) -> None:
    conditional(cloud, "frob(resource.name)")
    with pytest.raises(ApiError, match=r"frob") as refused:
        may(cloud, Caller(ALICE))
    assert refused.value.code == 501


@pytest.mark.parametrize(
    ("api", "name", "kind", "shown"),
    [
        ("storage", "b/data/o/a/b.csv", "storage.googleapis.com/Object", "projects/_/buckets/data/objects/a/b.csv"),
        ("storage", "b/data", "storage.googleapis.com/Bucket", "projects/_/buckets/data"),
        ("secretmanager", f"{PROJECT}/secrets/s/versions/1", "secretmanager.googleapis.com/SecretVersion", "NUMBER"),
        (
            "compute",
            f"{PROJECT}/zones/z/instances/i",
            "compute.googleapis.com/Instance",
            f"{PROJECT}/zones/z/instances/i",
        ),
        ("aiplatform", PROJECT, "cloudresourcemanager.googleapis.com/Project", PROJECT),
        ("pubsub", "topics", "", ""),
    ],
)
def test_conditions_know_resources_by_type_and_name(cloud: Cloud, api: str, name: str, kind: str, shown: str) -> None:
    from mockcloud.cloud.access.attributes import described

    number = f"projects/{cloud.projects.number_of('acme')}/secrets/s/versions/1"
    assert described(cloud, api, name) == (kind, number if shown == "NUMBER" else shown)


def test_who_may_grant_what_can_be_limited(cloud: Cloud) -> None:
    only = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/viewer'])"
    conditional(cloud, only, "roles/resourcemanager.projectIamAdmin")
    url = f"cloudresourcemanager.googleapis.com/v3/{PROJECT}:setIamPolicy"
    kept = cloud.store.policies[RESOURCE_MANAGER, PROJECT]["bindings"]

    def put(role: str) -> int:
        bindings = [*kept, {"role": role, "members": [BOB]}]
        return status(cloud, ALICE, "POST", url, {"policy": {"version": 3, "bindings": bindings}})

    assert put("roles/owner") == 403
    assert put("roles/viewer") == 200


def deny(cloud: Cloud, place: str = PROJECT, **rule: Any) -> None:
    body = {"rules": [{"denyRule": {"deniedPermissions": ["aiplatform.googleapis.com/models.*"], **rule}}, {}]}
    cloud.create(Record("iam", f"policies/{place}/denypolicies/d", body))


@pytest.mark.parametrize("place", [PROJECT, "folders/7", ORGANISATION])
def test_what_is_denied_is_not_granted(cloud: Cloud, place: str) -> None:
    grant(cloud, "roles/aiplatform.user", ALICE, BOB)
    deny(
        cloud,
        place,
        deniedPrincipals=["principalSet://goog/public:all"],
        exceptionPrincipals=["principal://goog/subject/bob@acme.test"],
        exceptionPermissions=["aiplatform.googleapis.com/models.get"],
    )
    assert not may(cloud, Caller(ALICE))
    assert may(cloud, Caller(BOB))
    assert may(cloud, Caller(ALICE), "aiplatform.models.get")
    assert may(cloud, Caller(ALICE), "aiplatform.datasets.create")


def test_a_denial_can_have_a_condition(cloud: Cloud) -> None:
    grant(cloud, "roles/aiplatform.user", ALICE)
    deny(
        cloud,
        deniedPrincipals=["principal://goog/subject/alice@acme.test"],
        denialCondition={"expression": "resource.matchTag('1/env', 'prod')"},
    )
    assert may(cloud, Caller(ALICE))
    cloud.store.put(Record(RESOURCE_MANAGER, "tagKeys/1", {"namespacedName": "1/env", "parent": ORGANISATION}))
    cloud.store.put(Record(RESOURCE_MANAGER, "tagValues/2", {"shortName": "prod", "parent": "tagKeys/1"}))
    bound = {"parent": f"//cloudresourcemanager.googleapis.com/{ORGANISATION}", "tagValue": "tagValues/2"}
    cloud.store.put(Record(RESOURCE_MANAGER, "tagBindings/1", bound))
    assert not may(cloud, Caller(ALICE))


def test_a_changed_policy_can_take_time_to_count(cloud: Cloud) -> None:
    cloud.access.delay = timedelta(minutes=2)
    url = f"cloudresourcemanager.googleapis.com/v3/{PROJECT}:setIamPolicy"
    policy = {"policy": {"bindings": [{"role": "roles/aiplatform.user", "members": [ALICE]}]}}
    assert ask(cloud, "POST", url, policy)[0] == 200
    assert not may(cloud, Caller(ALICE))
    cloud.advance(119)
    assert not may(cloud, Caller(ALICE))
    cloud.advance(1)
    assert may(cloud, Caller(ALICE))


def test_a_decision_is_forgotten_when_what_it_depends_on_changes(cloud: Cloud) -> None:
    assert not may(cloud, Caller(ALICE))
    cloud.groups.add("ml@acme.test", ALICE)
    grant(cloud, "roles/aiplatform.user", "group:ml@acme.test", name="folders/7")
    assert may(cloud, Caller(ALICE))
    cloud.groups.remove("ml@acme.test", ALICE)
    assert not may(cloud, Caller(ALICE))
    cloud.groups.add("ml@acme.test", ALICE)
    kept = cloud.snapshot()
    project = cloud.projects.get("acme")
    assert project is not None
    cloud.change(project, {**project.body, "parent": ORGANISATION})
    assert not may(cloud, Caller(ALICE))
    cloud.restore(kept)
    assert may(cloud, Caller(ALICE))


def test_addresses_in_groups_do_not_tell_cases_apart(cloud: Cloud) -> None:
    cloud.groups.add("ml@acme.test", "user:Alice@Acme.test")
    cloud.groups.add("all@acme.test", "group:ML@acme.test")
    grant(cloud, "roles/aiplatform.user", "group:All@acme.test")
    assert may(cloud, Caller(ALICE))
    assert not may(cloud, Caller(BOB))


def test_identities_of_other_providers_have_not_signed_in_with_google(cloud: Cloud) -> None:
    grant(cloud, "roles/aiplatform.user", "allAuthenticatedUsers")
    assert may(cloud, Caller(ALICE))
    assert not may(cloud, Caller("principal://iam.googleapis.com/projects/1/x/workloadIdentityPools/p/subject/s"))
    assert not may(cloud, Caller(""))


def test_only_permissions_can_be_tested(cloud: Cloud) -> None:
    url = f"cloudresourcemanager.googleapis.com/v3/{PROJECT}:testIamPermissions"
    asked = {"permissions": ["resourcemanager.projects.get", "resourcemanager.projects.setIamPolicy"]}
    assert ask(cloud, "POST", url, asked)[1] == asked
    grant(cloud, "roles/viewer", ALICE)
    held = ask(cloud, "POST", url, asked, token="mock.user:alice@acme.test")
    assert held == (200, {"permissions": ["resourcemanager.projects.get"]})
    for wrong in ("storage.*", "resourcemanager.projects.frobnicate", "nothing"):
        refused = ask(cloud, "POST", url, {"permissions": [wrong]})
        assert (refused[0], refused[1]["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_a_group_takes_members_only(cloud: Cloud) -> None:
    with pytest.raises(NoSuchMember, match=r"alice@acme\.test"):
        cloud.groups.add("ml@acme.test", "alice@acme.test")
    assert cloud.groups.members("none@acme.test") == []


def test_a_refusal_says_what_is_missing_and_where(cloud: Cloud) -> None:
    from tests.mockcloud.cloud.asking import reason

    refused = ask(cloud, "GET", URL, token="mock.user:alice@acme.test")
    assert refused[0] == 403
    assert reason(refused) == "IAM_PERMISSION_DENIED"
    assert "aiplatform.models.list" in refused[1]["error"]["message"]
    cloud.rules.switch("access", on=False)
    assert ask(cloud, "GET", URL, token="mock.user:alice@acme.test")[0] == 200


def test_what_was_decided_holds_until_a_policy_changes_that_it_follows_from(cloud: Cloud) -> None:
    assert not may(cloud, Caller(ALICE))
    remembered = dict(cloud.access._decided)
    grant(cloud, "roles/aiplatform.user", ALICE, name=f"{MODELS}/other", api="aiplatform")
    assert not may(cloud, Caller(ALICE))
    assert cloud.access._decided == remembered
    kept = cloud.snapshot()
    grant(cloud, "roles/aiplatform.user", ALICE, name="folders/7")
    assert may(cloud, Caller(ALICE))
    cloud.restore(kept)
    assert not may(cloud, Caller(ALICE))


def test_what_was_decided_by_a_role_in_a_project_holds_until_that_changes(cloud: Cloud) -> None:
    cloud.projects.ensure("other")
    cloud.store.policies["storage", "b/x"] = {
        "bindings": [{"role": "roles/storage.legacyBucketReader", "members": ["projectViewer:other"]}]
    }
    asked = Caller(ALICE), "storage.buckets.get", "storage", "b/x"
    assert not may(cloud, *asked)
    grant(cloud, "roles/viewer", ALICE, name="projects/other")
    assert may(cloud, *asked)
