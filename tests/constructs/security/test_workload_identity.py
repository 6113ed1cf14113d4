"""WorkloadIdentity: who is let in, as whom they may act, and that nothing stands for more than one workload."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan

POOL = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool"
PROVIDER = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider"
GRANT = "gcp:serviceaccount/iAMMember:IAMMember"
OURS = gp.Project(id="acme-ml-dev", number="123456789012")
POOL_NAME = "projects/123456789012/locations/global/workloadIdentityPools/gp-ci"
TENANT = "0f6b1a2c-0000-4000-8000-000000000001"
MACHINE = "0f6b1a2c-0000-4000-8000-000000000002"

GITHUB = gp.GitHub(owner="acme", repositories=("models",), branches=("main",))
ISSUERS: dict[str, gp.Issuer] = {
    "github": GITHUB,
    "gitlab": gp.GitLab(group="acme/ml", projects=("models",), branches=("main",)),
    "jenkins": gp.Jenkins(url="https://jenkins.acme.test", jobs=("ml/train",)),
    "aws": gp.Aws(account_id="123456789012", roles=("trainer",)),
    "azure": gp.Azure(tenant_id=TENANT, audience="api://groundplan", identities=(MACHINE,)),
    "oidc": gp.Oidc(issuer="https://cluster.acme.test", subjects=("system:serviceaccount:ml:trainer",)),
}


def federation(issuer: gp.Issuer = GITHUB, tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.WorkloadIdentity:
    args: dict[str, Any] = {"env": environment(tier), "issuer": issuer, **more}
    return gp.WorkloadIdentity("ci", gp.WorkloadIdentityArgs(**args))


def provider(issuer: gp.Issuer) -> dict[str, Any]:
    return dict(plan(lambda: federation(issuer)).one(PROVIDER).inputs)


@pytest.mark.parametrize("tier", [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED])
@pytest.mark.parametrize("name", ISSUERS)
def test_each_tier_and_issuer_has_a_pool_with_one_provider(tier: gp.Tier, name: str) -> None:
    planned = plan(lambda: federation(ISSUERS[name], tier))
    assert planned.inventory() == {POOL: 1, PROVIDER: 1}
    assert planned.one(POOL).inputs["workloadIdentityPoolId"] == "gp-ci"
    assert planned.one(PROVIDER).inputs["workloadIdentityPoolProviderId"] == "gp-ci"


EXPECTED: dict[str, tuple[str, dict[str, Any]]] = {
    "github": (
        (
            "assertion.repository_owner == 'acme' && assertion.repository == 'acme/models' && "
            "assertion.ref == 'refs/heads/main' && assertion.event_name != 'pull_request_target'"
        ),
        {"oidc": {"issuerUri": "https://token.actions.githubusercontent.com"}},
    ),
    "gitlab": (
        (
            "assertion.project_path == 'acme/ml/models' && assertion.ref_type == 'branch' && "
            "assertion.ref == 'main' && assertion.ref_protected == 'true'"
        ),
        {"oidc": {"issuerUri": "https://gitlab.com"}},
    ),
    "jenkins": (
        "assertion.sub == 'https://jenkins.acme.test/job/ml/job/train/'",
        {"oidc": {"issuerUri": "https://jenkins.acme.test/oidc"}},
    ),
    "aws": (
        "assertion.account == '123456789012' && attribute.aws_role == 'arn:aws:sts::123456789012:assumed-role/trainer'",
        {"aws": {"accountId": "123456789012"}},
    ),
    "azure": (
        f"assertion.tid == '{TENANT}' && assertion.sub == '{MACHINE}'",
        {"oidc": {"issuerUri": f"https://sts.windows.net/{TENANT}", "allowedAudiences": ["api://groundplan"]}},
    ),
    "oidc": (
        "assertion.sub == 'system:serviceaccount:ml:trainer'",
        {"oidc": {"issuerUri": "https://cluster.acme.test"}},
    ),
}


@pytest.mark.parametrize("name", ISSUERS)
def test_a_token_is_compared_with_literals(name: str) -> None:
    inputs = provider(ISSUERS[name])
    condition, issuer = EXPECTED[name]
    assert inputs["attributeCondition"] == condition
    assert {key: inputs[key] for key in ("oidc", "aws") if key in inputs} == issuer
    assert inputs["attributeMapping"]["google.subject"]


WORKLOADS = [
    ("github", "acme/models", "principalSet", "attribute.repository/acme/models"),
    ("github", "acme/models@refs/heads/main", "principalSet", "attribute.run/acme/models@refs/heads/main"),
    ("gitlab", "acme/ml/models", "principalSet", "attribute.project_path/acme/ml/models"),
    ("gitlab", "acme/ml/models@branch:main", "principalSet", "attribute.run/acme/ml/models@branch:main"),
    ("jenkins", "ml/train", "principal", "subject/job/ml/job/train/"),
    ("aws", "trainer", "principalSet", "attribute.aws_role/arn:aws:sts::123456789012:assumed-role/trainer"),
    ("azure", MACHINE, "principal", f"subject/{MACHINE}"),
    ("oidc", "system:serviceaccount:ml:trainer", "principal", "subject/system:serviceaccount:ml:trainer"),
]


@pytest.mark.parametrize(("name", "workload", "kind", "below"), WORKLOADS)
def test_one_workload_may_act_as_one_account(name: str, workload: str, kind: str, below: str) -> None:
    def program() -> None:
        builder = gp.ServiceIdentity("builder", gp.ServiceIdentityArgs(env=environment(), purpose="builds"))
        pool = federation(ISSUERS[name])
        assert pool.grant_act_as(builder, workload) is pool.grant_act_as(builder, workload)

    granted = plan(program).one(GRANT)
    assert granted.inputs["role"] == "roles/iam.workloadIdentityUser"
    assert granted.inputs["member"] == f"{kind}://iam.googleapis.com/{POOL_NAME}/{below}"
    assert granted.inputs["serviceAccountId"].startswith("projects/acme-ml-dev/serviceAccounts/gp-builder@")
    waits_for = {urn.rsplit("::", 1)[1] for urn in granted.options["dependencies"]}
    assert waits_for == {"builder-account", "ci-pool"}


@pytest.mark.parametrize("name", ISSUERS)
def test_every_attribute_that_a_grant_names_is_mapped(name: str) -> None:
    trust = ISSUERS[name].trust()
    named = {place.split("/", 1)[0] for place in trust.workloads.values()}
    assert named <= {"subject", *trust.mapping}


def test_many_names_are_a_list_of_literals() -> None:
    issuer = gp.GitHub(
        owner="acme",
        owner_id="4711",
        repositories=("models", "features"),
        branches=("main",),
        tags=("v1",),
        environments=("production",),
        host="git.acme.test",
        audiences=("https://acme.test",),
    )
    inputs = provider(issuer)
    assert inputs["attributeCondition"] == (
        "assertion.repository_owner == 'acme' && assertion.repository_owner_id == '4711' && "
        "assertion.repository in ['acme/models', 'acme/features'] && "
        "(assertion.ref in ['refs/heads/main', 'refs/tags/v1'] || "
        "has(assertion.environment) && assertion.environment == 'production') && "
        "assertion.event_name != 'pull_request_target'"
    )
    assert inputs["oidc"] == {
        "issuerUri": "https://git.acme.test/_services/token",
        "allowedAudiences": ["https://acme.test"],
    }
    assert issuer.trust().workloads["acme/models@environment:production"] == (
        "attribute.deployment/acme/models@production"
    )


def test_an_environment_alone_pins_github() -> None:
    condition = provider(gp.GitHub(owner="acme", repositories=("models",), environments=("production",)))
    assert (
        "&& has(assertion.environment) && assertion.environment == 'production' &&" in condition["attributeCondition"]
    )


def test_an_own_gitlab_and_unprotected_tags() -> None:
    issuer = gp.GitLab(
        group="acme",
        projects=("models", "ml/features"),
        branches=("main",),
        tags=("v1", "v2"),
        protected_only=False,
        host="git.acme.test",
        jwks='{"keys": []}',
    )
    inputs = provider(issuer)
    assert inputs["attributeCondition"] == (
        "assertion.project_path in ['acme/models', 'acme/ml/features'] && "
        "(assertion.ref_type == 'branch' && assertion.ref == 'main' || "
        "assertion.ref_type == 'tag' && assertion.ref in ['v1', 'v2'])"
    )
    assert inputs["oidc"] == {"issuerUri": "https://git.acme.test", "jwksJson": '{"keys": []}'}


def test_a_folder_of_jenkins_has_an_issuer_of_its_own() -> None:
    issuer = gp.Jenkins(
        url="https://acme.test/jenkins", jobs=("release",), issuer="https://acme.test/jenkins/job/ml/oidc"
    )
    inputs = provider(issuer)
    assert inputs["oidc"] == {"issuerUri": "https://acme.test/jenkins/job/ml/oidc"}
    assert inputs["attributeMapping"] == {"google.subject": "assertion.sub.extract('https://acme.test/jenkins/{job}')"}


@pytest.mark.parametrize("workload", ["*", "acme/*", "acme/other", "acme/model", ""])
def test_a_whole_pool_or_an_unnamed_workload_is_never_given_access(workload: str) -> None:
    def program() -> None:
        account = gp.ServiceIdentity.from_existing("builder@acme-ml-dev.iam.gserviceaccount.com", project=OURS)
        federation().grant_act_as(account, workload)

    with pytest.raises(gp.ArgumentError) as caught:
        plan(program)
    assert caught.value.problems[0].field == "workload"
    assert "acme/models" in caught.value.problems[0].allowed


def test_a_whole_pool_cannot_be_given_access_by_hand_either() -> None:
    def program() -> None:
        account = gp.ServiceIdentity.from_existing("builder@acme-ml-dev.iam.gserviceaccount.com", project=OURS)
        account.grant_federated(f"principalSet://iam.googleapis.com/{POOL_NAME}/*")

    with pytest.raises(gp.ArgumentError, match="never the public or a whole pool"):
        plan(program)


def test_the_outputs_are_what_the_other_side_is_configured_with() -> None:
    def program() -> None:
        pool = federation()
        pulumi.export("provider", pool.provider_name)
        pulumi.export("pool", pool.pool_name)

    outputs = plan(program).outputs
    assert outputs == {"pool": POOL_NAME, "provider": f"{POOL_NAME}/providers/gp-ci"}


def test_the_pool_is_in_the_build_project_or_where_it_is_put() -> None:
    build = gp.Project(id="acme-build", number="210987654321")
    projects = gp.Projects(workload=OURS, network=OURS, keys=OURS, logs=OURS, build=build)
    planned = plan(lambda: federation(env=environment(projects=projects)))
    assert {planned.one(t).inputs["project"] for t in (POOL, PROVIDER)} == {"acme-build"}
    assert "gcp-acme-build" in planned.one(POOL).options["provider"]
    assert plan(lambda: federation(project=build)).one(POOL).inputs["project"] == "acme-build"


def test_a_number_that_is_not_given_is_looked_up() -> None:
    env = gp.Environment(project="acme-ml-dev", region="europe-west4", tier=gp.Tier.TEAM)

    def program() -> None:
        pulumi.export("pool", federation(env=env).pool_name)

    answers = {"gcp:organizations/getProject:getProject": {"number": "123456789012", "id": "x"}}
    assert plan(program, invokes=answers).outputs["pool"] == POOL_NAME


def test_a_new_generation_has_new_names() -> None:
    planned = plan(lambda: federation(env=environment(generation=2)))
    assert planned.one(POOL).inputs["workloadIdentityPoolId"] == "gp-ci-g2"
    assert planned.one(PROVIDER).inputs["workloadIdentityPoolProviderId"] == "gp-ci-g2"


@pytest.mark.parametrize("name", ["a", "the-builders-of-a-department-with-a-very-long-name"])
def test_names_of_any_length_fit_and_stay_the_same(name: str) -> None:
    def program() -> object:
        return gp.WorkloadIdentity(name, gp.WorkloadIdentityArgs(env=environment(), issuer=GITHUB))

    first, again = plan(program), plan(program)
    assert first.one(POOL).inputs == again.one(POOL).inputs
    assert 4 <= len(first.one(POOL).inputs["workloadIdentityPoolId"]) <= 32


def test_a_name_that_google_keeps_for_itself_is_refused() -> None:
    with pytest.raises(gp.ArgumentError, match=r"gives a pool name that Google refuses(?s:.*)not beginning with gcp-"):
        plan(lambda: federation(env=environment(prefix="gcp")))


def test_an_override_is_merged_last_and_written_down() -> None:
    planned = plan(lambda: federation(overrides={"provider": {"disabled": True}, "pool": {"displayName": "CI"}}))
    assert planned.one(PROVIDER).inputs["disabled"] is True
    assert planned.one("groundplan:security:WorkloadIdentity").inputs["overrides"] == {
        "provider": ["disabled"],
        "pool": ["displayName"],
    }


def existing(managed: bool) -> Plan:
    def program() -> None:
        project = gp.Project(id="acme-shared", number="123456789012", managed=managed)
        pool = gp.WorkloadIdentity.from_existing(POOL_NAME, "github", issuer=GITHUB, project=project)
        assert pool.provider_name == f"{POOL_NAME}/providers/github"
        account = gp.ServiceIdentity.from_existing("builder@acme-shared.iam.gserviceaccount.com", project=project)
        pool.grant_act_as(account, "acme/models")
        pulumi.export("requests", gp.requests())

    return plan(program)


def test_a_pool_that_is_there_is_used_as_one_of_ours() -> None:
    granted = existing(managed=True).one(GRANT)
    assert granted.inputs["member"] == (
        f"principalSet://iam.googleapis.com/{POOL_NAME}/attribute.repository/acme/models"
    )


def test_an_account_of_somebody_elses_project_is_requested() -> None:
    planned = existing(managed=False)
    assert planned.inventory() == {}
    assert planned.outputs["requests"][0]["command"] == (
        "gcloud iam service-accounts add-iam-policy-binding builder@acme-shared.iam.gserviceaccount.com"
        f" --member=principalSet://iam.googleapis.com/{POOL_NAME}/attribute.repository/acme/models"
        " --role=roles/iam.workloadIdentityUser"
    )


@pytest.mark.parametrize(
    ("pool", "provider_id", "field"),
    [
        ("gp-ci", "github", "pool"),
        ("projects/acme/locations/global/workloadIdentityPools/gp-ci", "github", "pool"),
        (POOL_NAME, "projects/x", "provider"),
    ],
)
def test_a_pool_that_is_there_is_named_in_full(pool: str, provider_id: str, field: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        gp.WorkloadIdentity.from_existing(pool, provider_id, issuer=GITHUB, project=OURS)
    assert caught.value.problems[0].field == field


def github(**wrong: Any) -> gp.Issuer:
    return gp.GitHub(**{"owner": "acme", "repositories": ("models",), "branches": ("main",), **wrong})


def gitlab(**wrong: Any) -> gp.Issuer:
    return gp.GitLab(**{"group": "acme", "projects": ("models",), "branches": ("main",), **wrong})


def jenkins(**wrong: Any) -> gp.Issuer:
    return gp.Jenkins(**{"url": "https://jenkins.acme.test", "jobs": ("train",), **wrong})


def aws(**wrong: Any) -> gp.Issuer:
    return gp.Aws(**{"account_id": "123456789012", "roles": ("trainer",), **wrong})


def azure(**wrong: Any) -> gp.Issuer:
    return gp.Azure(**{"tenant_id": TENANT, "audience": "api://groundplan", "identities": (MACHINE,), **wrong})


def oidc(**wrong: Any) -> gp.Issuer:
    return gp.Oidc(**{"issuer": "https://cluster.acme.test", "subjects": ("ml:trainer",), **wrong})


@pytest.mark.parametrize(
    ("issuer", "field"),
    [
        (github(owner="*"), "issuer.owner"),
        (github(owner="acme' || true || 'x' == 'x"), "issuer.owner"),
        (github(repositories=()), "issuer.repositories"),
        (github(repositories=("*",)), "issuer.repositories[0]"),
        (github(repositories=("acme/models",)), "issuer.repositories[0]"),
        (github(repositories="models"), "issuer.repositories"),
        (github(repositories=("models", "models")), "issuer.repositories"),
        (github(branches=()), "issuer.branches"),
        (github(branches=("release/*",)), "issuer.branches[0]"),
        (github(tags=("v*",)), "issuer.tags[0]"),
        (github(environments=("pro'd",)), "issuer.environments[0]"),
        (github(branches=("b" * 100,), repositories=("m" * 60,)), "issuer.repositories"),
        (github(owner_id="acme"), "issuer.owner_id"),
        (github(host="https://git.acme.test"), "issuer.host"),
        (github(audiences=("a b",)), "issuer.audiences[0]"),
        (github(audiences=tuple(f"a{n}" for n in range(11))), "issuer.audiences"),
        (github(repositories=tuple(f"repository-number-{n}" for n in range(200))), "issuer"),
        (gitlab(group="acme/*"), "issuer.group"),
        (gitlab(projects=()), "issuer.projects"),
        (gitlab(projects=("../other",)), "issuer.projects[0]"),
        (gitlab(branches=()), "issuer.branches"),
        (gitlab(branches=("*",)), "issuer.branches[0]"),
        (gitlab(protected_only="no"), "issuer.protected_only"),
        (gitlab(host="gitlab"), "issuer.host"),
        (gitlab(projects=("p" * 120,)), "issuer.projects"),
        (jenkins(url="http://jenkins.acme.test"), "issuer.url"),
        (jenkins(url="https://jenkins.acme.test/"), "issuer.url"),
        (jenkins(jobs=()), "issuer.jobs"),
        (jenkins(jobs=("*",)), "issuer.jobs[0]"),
        (jenkins(jobs=("j" * 130,)), "issuer.jobs"),
        (jenkins(issuer="https://x.test/?a=b"), "issuer.issuer"),
        (aws(account_id="1234"), "issuer.account_id"),
        (aws(roles=()), "issuer.roles"),
        (aws(roles=("*",)), "issuer.roles[0]"),
        (azure(tenant_id="common"), "issuer.tenant_id"),
        (azure(audience="*"), "issuer.audience[0]"),
        (azure(identities=()), "issuer.identities"),
        (azure(identities=("trainer",)), "issuer.identities[0]"),
        (oidc(issuer="http://cluster.acme.test"), "issuer.issuer"),
        (oidc(subjects=()), "issuer.subjects"),
        (oidc(subjects=("system:serviceaccount:*",)), "issuer.subjects[0]"),
        (oidc(subjects=("a' || true",)), "issuer.subjects[0]"),
        ("github", "issuer"),
    ],
)
def test_an_issuer_that_lets_in_more_than_it_names_is_refused(issuer: Any, field: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        plan(lambda: federation(issuer))
    assert caught.value.problems[0].field == field
    assert all(part in str(caught.value) for part in ('WorkloadIdentity "ci"', "given:", "allowed:", "do:"))


def test_a_project_must_be_one() -> None:
    with pytest.raises(gp.ArgumentError, match="project: is of the wrong type"):
        plan(lambda: federation(project="acme-build"))
