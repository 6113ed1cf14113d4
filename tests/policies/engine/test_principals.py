"""Who gets access."""

from collections.abc import Sequence

import pytest

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.principals import Kind, Principal, is_agent, is_default, project_of
from groundplan_policies.engine.values import UNKNOWN
from tests.policies.rules.harness import R, document, secret, urn


def principal(member: object, *others: R, origin: str | Sequence[str] = ()) -> Principal:
    grant = R("projects.IAMMember", {"project": "acme-ml", "member": member}, origins={"member": origin})
    (found,) = Graph(document(*others, grant)).grants
    return found.principal


@pytest.mark.parametrize(
    ("member", "kind", "name", "domain"),
    [
        ("user:Ann@Acme.test", Kind.USER, "Ann@Acme.test", "acme.test"),
        ("group:ml@acme.test", Kind.GROUP, "ml@acme.test", "acme.test"),
        ("domain:Acme.test", Kind.DOMAIN, "Acme.test", "acme.test"),
        ("serviceAccount:a@p.iam.gserviceaccount.com", Kind.SERVICE_ACCOUNT, "a@p.iam.gserviceaccount.com", None),
        ("allUsers", Kind.ALL_USERS, "", ""),
        (" ALLUSERS ", Kind.ALL_USERS, "", ""),
        ("allAuthenticatedUsers", Kind.ALL_AUTHENTICATED_USERS, "", ""),
        ("principalSet://goog/public:all", Kind.ALL_USERS, "all", ""),
        ("principalSet://goog/public:allAuthenticatedUsers", Kind.ALL_AUTHENTICATED_USERS, "", ""),
        ("principal://goog/subject/ann@acme.test", Kind.USER, "ann@acme.test", "acme.test"),
        ("principalSet://goog/group/ml@acme.test", Kind.GROUP, "ml@acme.test", "acme.test"),
        ("principalSet://goog/cloudIdentityCustomerId/C0", Kind.PRINCIPAL_SET, "goog/cloudIdentityCustomerId/C0", ""),
        ("principal://iam.googleapis.com/x", Kind.PRINCIPAL, "iam.googleapis.com/x", ""),
        ("projectOwner:acme-ml", Kind.PROJECT_OWNER, "acme-ml", ""),
        ("projectEditor:acme-ml", Kind.PROJECT_EDITOR, "acme-ml", ""),
        ("projectViewer:acme-ml", Kind.PROJECT_VIEWER, "acme-ml", ""),
        ("deleted:user:ann@acme.test?uid=1", Kind.DELETED, "user:ann@acme.test?uid=1", "acme.test?uid=1"),
        ("ann@acme.test", Kind.UNKNOWN, "ann@acme.test", "acme.test"),
        ("USER:ann@acme.test", Kind.USER, "ann@acme.test", "acme.test"),
    ],
)
def test_kinds(member: str, kind: Kind, name: str, domain: str | None) -> None:
    found = principal(member)
    assert (found.kind, found.name) == (kind, name)
    assert found.domain == ("p.iam.gserviceaccount.com" if domain is None else domain)
    assert found.public is (kind in {Kind.ALL_USERS, Kind.ALL_AUTHENTICATED_USERS})
    assert found.person is (kind in {Kind.USER, Kind.GROUP, Kind.DOMAIN})
    assert bool(found.identity) is (kind is not Kind.UNKNOWN)


@pytest.mark.parametrize("member", [7, "", secret(), UNKNOWN, f"all{UNKNOWN}", f"principal{UNKNOWN}"])
def test_what_nobody_can_tell(member: object) -> None:
    found = principal(member)
    assert (found.kind, found.agent, found.identity) == (Kind.UNKNOWN, False, "")


@pytest.mark.parametrize(
    "email",
    [
        "service-1@gcp-sa-aiplatform.iam.gserviceaccount.com",
        "service-1@compute-system.iam.gserviceaccount.com",
        "service-1@cloud-ml.google.com.iam.gserviceaccount.com",
        "service-org-1@gcp-sa-cloudkms.iam.gserviceaccount.com",
        "cmek-p1@gcp-sa-logging.iam.gserviceaccount.com",
        "bq-1@bigquery-encryption.iam.gserviceaccount.com",
        "bqcx-1-a1b2@gcp-sa-bigquery-condel.iam.gserviceaccount.com",
        "p1-a2@gcp-sa-cloud-sql.iam.gserviceaccount.com",
        "project-1@storage-transfer-service.iam.gserviceaccount.com",
        "1@cloudservices.gserviceaccount.com",
        "cloud-logs@system.gserviceaccount.com",
    ],
)
def test_service_agents_of_google(email: str) -> None:
    assert is_agent(email)
    assert not is_default(email)
    assert principal(f"serviceAccount:{email}").agent
    assert project_of(email) == ("" if email.startswith("cloud-logs") else "1")


@pytest.mark.parametrize(
    "email",
    [
        "service-1@acme-ml.iam.gserviceaccount.com",
        "service-1@gcp-sa-aiplatform.example.com",
        "trainer@gcp-sa-acme.iam.gserviceaccount.com",
        "service-1@my-compute-system.iam.gserviceaccount.com",
        "service-1@notgoogle.com.iam.gserviceaccount.com",
        "service-1@gcp-sa-x.iam.gserviceaccount.com.acme.test",
        "1-compute@developer.gserviceaccount.com",
        "ann@acme.test",
    ],
)
def test_no_service_agents_of_google(email: str) -> None:
    assert not is_agent(email)


@pytest.mark.parametrize(
    ("email", "project"),
    [
        ("1-compute@developer.gserviceaccount.com", "1"),
        ("acme-ml@appspot.gserviceaccount.com", "acme-ml"),
        ("1@cloudbuild.gserviceaccount.com", "1"),
    ],
)
def test_default_accounts(email: str, project: str) -> None:
    found = principal(f"serviceAccount:{email}")
    assert found.default
    assert not found.agent
    assert found.project == project


@pytest.mark.parametrize(
    ("email", "project"),
    [
        ("a@acme-ml.iam.gserviceaccount.com", "acme-ml"),
        ("a@acme-ml.acme.test.iam.gserviceaccount.com", "acme.test:acme-ml"),
        ("acme-ml.svc.id.goog[ns/app]", "acme-ml"),
        ("a@acme.test", ""),
        ("a@b@acme-ml.iam.gserviceaccount.com", ""),
        ("1@developer.gserviceaccount.com", ""),
    ],
)
def test_projects_of_accounts(email: str, project: str) -> None:
    assert project_of(email) == project


ACCOUNT = R("serviceaccount.Account", {"accountId": "trainer", "project": "acme-ml"}, "trainer")
IDENTITY = R("projects.ServiceIdentity", {"service": "aiplatform.googleapis.com", "project": "acme-ml"}, "agent")
SINK = R("logging.ProjectSink", {"project": "acme-ml"}, "sink")
OWN_SINK = R("logging.ProjectSink", {"project": "acme-ml", "customWriterIdentity": "serviceAccount:x"}, "sink")
PROJECT = R("organizations.Project", {"projectId": "acme-ml"}, "project")


@pytest.mark.parametrize("member", [UNKNOWN, f"serviceAccount:{UNKNOWN}"])
def test_an_unknown_member_is_judged_by_its_source(member: str) -> None:
    found = principal(member, ACCOUNT, origin=ACCOUNT.urn)
    assert (found.kind, found.agent, found.project) == (Kind.SERVICE_ACCOUNT, False, "acme-ml")
    assert found.identity == ACCOUNT.urn
    assert found.source is not None
    agent = principal(member, IDENTITY, origin=IDENTITY.urn)
    assert (agent.kind, agent.agent, agent.project) == (Kind.SERVICE_ACCOUNT, True, "acme-ml")
    assert principal(member, SINK, origin=SINK.urn).agent
    assert not principal(member, OWN_SINK, origin=OWN_SINK.urn).agent


def test_a_source_says_nothing_beside_another_or_behind_another_kind() -> None:
    both = principal(UNKNOWN, ACCOUNT, IDENTITY, origin=[ACCOUNT.urn, IDENTITY.urn])
    assert (both.kind, both.source) == (Kind.UNKNOWN, None)
    assert principal(f"user:{UNKNOWN}", ACCOUNT, origin=ACCOUNT.urn).kind is Kind.USER
    assert principal(f"x{UNKNOWN}", ACCOUNT, origin=ACCOUNT.urn).kind is Kind.UNKNOWN
    elsewhere = principal(f"serviceAccount:{UNKNOWN}@other.iam.gserviceaccount.com", ACCOUNT, origin=ACCOUNT.urn)
    assert (elsewhere.source, elsewhere.project, elsewhere.identity) == (None, "other", "")
    assert principal(f"serviceAccount:x{UNKNOWN}", ACCOUNT, origin=ACCOUNT.urn).source is None
    assert principal(UNKNOWN, PROJECT, origin=PROJECT.urn).kind is Kind.UNKNOWN


def test_an_agent_of_a_project_of_this_document() -> None:
    member = f"serviceAccount:service-{UNKNOWN}@gcp-sa-aiplatform.iam.gserviceaccount.com"
    found = principal(member, PROJECT, origin=PROJECT.urn)
    assert (found.agent, found.project) == (True, "")
    assert found.source is not None
    assert principal(member).agent
    assert principal(member).source is None


@pytest.mark.parametrize(
    ("member", "domain", "email"),
    [
        (f"user:{UNKNOWN}@acme.test", "acme.test", ""),
        (f"user:ann@{UNKNOWN}", "", ""),
        (f"user:ann@acme.test{UNKNOWN}", "", ""),
        (f"domain:{UNKNOWN}.test", "", ""),
        ("user:Ann@acme.test", "acme.test", "ann@acme.test"),
        ("domain:acme.test", "acme.test", ""),
    ],
)
def test_what_is_known_of_an_address(member: str, domain: str, email: str) -> None:
    found = principal(member)
    assert (found.domain, found.email) == (domain, email)


@pytest.mark.parametrize(
    ("member", "pool"),
    [
        (
            "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/attribute.r/x",
            "projects/1/locations/global/workloadIdentityPools/p",
        ),
        (
            "principal://iam.googleapis.com/locations/global/workforcePools/p/subject/x",
            "locations/global/workforcePools/p",
        ),
        (f"principal://iam.googleapis.com/locations/global/workforcePools/{UNKNOWN}/subject/x", ""),
        ("principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount", ""),
        ("user:ann@acme.test", ""),
    ],
)
def test_pools(member: str, pool: str) -> None:
    assert principal(member).pool == pool


def test_an_account_of_the_document_is_found_by_its_address() -> None:
    address = "serviceAccount:trainer@acme-ml.iam.gserviceaccount.com"
    assert principal(address, ACCOUNT).identity == urn("serviceaccount.Account", "trainer")
    state = R("serviceaccount.Account", {"accountId": "x"}, "a", record={"outputs": {"email": address[15:]}})
    assert principal(address, state).identity == urn("serviceaccount.Account", "a")
    assert principal(address).source is None
