"""SourceConnection: each host by each connector, tokens as secrets, protected branches, grants, what is refused."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan
from tests.constructs.workbench.brownfield import KEY, keys

CONNECTION = "gcp:cloudbuildv2/connection:Connection"
REPOSITORY = "gcp:cloudbuildv2/repository:Repository"
CONNECTION_MEMBER = "gcp:cloudbuildv2/connectionIAMMember:ConnectionIAMMember"
DEV_CONNECTION = "gcp:developerconnect/connection:Connection"
DEV_LINK = "gcp:developerconnect/gitRepositoryLink:GitRepositoryLink"
HOST = "gcp:securesourcemanager/instance:Instance"
HOSTED = "gcp:securesourcemanager/repository:Repository"
RULE = "gcp:securesourcemanager/branchRule:BranchRule"
HOST_MEMBER = "gcp:securesourcemanager/instanceIamMember:InstanceIamMember"
HOSTED_MEMBER = "gcp:securesourcemanager/repositoryIamMember:RepositoryIamMember"
SECRET = "gcp:secretmanager/secret:Secret"
SECRET_VERSION = "gcp:secretmanager/secretVersion:SecretVersion"
SECRET_MEMBER = "gcp:secretmanager/secretIamMember:SecretIamMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
TIERS = (gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED)
BUILD_AGENT = "serviceAccount:service-123456789012@gcp-sa-cloudbuild.iam.gserviceaccount.com"
VERSION = "projects/acme-ml-dev/secrets/git-token/versions/3"
DEVELOPER_CONNECT = gp.SourceConnector.DEVELOPER_CONNECT
DEVS = "group:devs@acme.test"


def token(name: str = "git-token", project: str = "acme-ml-dev") -> gp.SourceToken:
    return gp.SourceToken(version=f"projects/{project}/secrets/{name}/versions/3")


def github(**more: Any) -> gp.GitHubSource:
    return gp.GitHubSource(**{"app_installation": 4711, "token": token(), **more})


def gitlab(**more: Any) -> gp.GitLabSource:
    given = {"api_token": token("api"), "read_token": token("read"), "webhook_secret": token("hook")}
    return gp.GitLabSource(**{**given, **more})


def connection_args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.SourceConnectionArgs:
    given: dict[str, Any] = {
        "env": environment(tier),
        "source": github(),
        "repositories": ("acme/churn",),
        "keys": keys() if tier.defaults.customer_managed_keys else None,
    }
    return gp.SourceConnectionArgs(**{**given, **more})


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    def program() -> None:
        made = gp.SourceConnection("code", connection_args(tier, **more))
        pulumi.export("requests", gp.requests())
        pulumi.export("ids", {name: r.repository_id for name, r in made.repositories.items()})

    return plan(program)


def hosted(tier: gp.Tier = gp.Tier.TEAM, *, repositories: tuple[str, ...] = ("churn",), **more: Any) -> Plan:
    return planned(tier, source=gp.HostedSource(**more), repositories=repositories)


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def waits_for(found: Plan, type_token: str) -> set[str]:
    return {urn.rsplit("::", 1)[-1] for urn in found.one(type_token).options["dependencies"]}


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_github_by_cloud_build_reads_one_secret(tier: gp.Tier) -> None:
    found = planned(tier)
    assert found.inventory() == {CONNECTION: 1, REPOSITORY: 1, SECRET_MEMBER: 1}
    made = found.one(CONNECTION)
    assert made.inputs["githubConfig"] == {
        "appInstallationId": 4711,
        "authorizerCredential": {"oauthTokenSecretVersion": VERSION},
    }
    assert made.options["protect"] is tier.defaults.deletion_protection
    granted = found.one(SECRET_MEMBER)
    assert granted.inputs == {
        "project": "acme-ml-dev",
        "secretId": "git-token",
        "role": "roles/secretmanager.secretAccessor",
        "member": BUILD_AGENT,
    }
    assert granted.name in waits_for(found, CONNECTION)
    link = found.one(REPOSITORY).inputs
    assert link["remoteUri"] == "https://github.com/acme/churn.git"
    assert link["parentConnection"] == "gp-code"
    assert found.outputs["ids"] == {
        "acme/churn": "projects/acme-ml-dev/locations/europe-west4/connections/gp-code/repositories/gp-code-acme-churn"
    }


def test_gitlab_by_cloud_build_has_three_tokens() -> None:
    found = planned(source=gitlab(), repositories=("acme/ml/churn", "acme/data"))
    assert found.inventory() == {CONNECTION: 1, REPOSITORY: 2, SECRET_MEMBER: 3}
    config = found.one(CONNECTION).inputs["gitlabConfig"]
    assert "hostUri" not in config
    assert config["authorizerCredential"]["userTokenSecretVersion"].endswith("/api/versions/3")
    assert config["readAuthorizerCredential"]["userTokenSecretVersion"].endswith("/read/versions/3")
    assert config["webhookSecretSecretVersion"].endswith("/hook/versions/3")
    assert "githubConfig" not in found.one(CONNECTION).inputs
    assert sorted(r.inputs["remoteUri"] for r in found.of(REPOSITORY)) == [
        "https://gitlab.com/acme/data.git",
        "https://gitlab.com/acme/ml/churn.git",
    ]


def test_gitlab_of_ones_own_is_reached_privately() -> None:
    service = "projects/acme-ml-dev/locations/europe-west4/namespaces/git/services/gitlab"
    own = gitlab(host="https://git.acme.test", service_directory=service, certificate="-----BEGIN CERTIFICATE-----")
    config = planned(source=own).one(CONNECTION).inputs["gitlabConfig"]
    assert config["hostUri"] == "https://git.acme.test"
    assert config["serviceDirectoryConfig"] == {"service": service}
    assert config["sslCa"] == "-----BEGIN CERTIFICATE-----"
    made = planned(source=own, connector=DEVELOPER_CONNECT).one(DEV_CONNECTION).inputs
    assert made["gitlabEnterpriseConfig"]["hostUri"] == "https://git.acme.test"
    assert made["gitlabEnterpriseConfig"]["serviceDirectoryConfig"] == {"service": service}
    assert made["gitlabEnterpriseConfig"]["sslCaCertificate"] == "-----BEGIN CERTIFICATE-----"
    plain = gitlab(host="https://git.acme.test")
    assert "serviceDirectoryConfig" not in planned(source=plain).one(CONNECTION).inputs["gitlabConfig"]


def test_developer_connect_encrypts_what_it_keeps() -> None:
    found = planned(connector=DEVELOPER_CONNECT)
    assert found.inventory() == {
        DEV_CONNECTION: 1,
        DEV_LINK: 1,
        SECRET_MEMBER: 1,
        AGENT: 1,
        PROJECT_MEMBER: 1,
        KEY_GRANT: 1,
    }
    made = found.one(DEV_CONNECTION)
    assert made.inputs["cryptoKeyConfig"] == {"keyReference": KEY}
    assert made.inputs["githubConfig"] == {
        "githubApp": "DEVELOPER_CONNECT",
        "appInstallationId": "4711",
        "authorizerCredential": {"oauthTokenSecretVersion": VERSION},
    }
    assert {found.one(KEY_GRANT).name, found.one(SECRET_MEMBER).name} <= waits_for(found, DEV_CONNECTION)
    assert found.one(DEV_LINK).inputs["cloneUri"] == "https://github.com/acme/churn.git"
    assert found.outputs["ids"]["acme/churn"].endswith("/connections/gp-code/gitRepositoryLinks/gp-code-acme-churn")


def test_developer_connect_of_a_learner_has_no_key() -> None:
    found = planned(gp.Tier.LEARNER, connector=DEVELOPER_CONNECT, source=gitlab(), repositories=("acme/churn",))
    assert found.inventory() == {DEV_CONNECTION: 1, DEV_LINK: 1, SECRET_MEMBER: 3, AGENT: 1, PROJECT_MEMBER: 1}
    made = found.one(DEV_CONNECTION).inputs
    assert "cryptoKeyConfig" not in made
    assert made["gitlabConfig"]["readAuthorizerCredential"]["userTokenSecretVersion"].endswith("/read/versions/3")


def test_token_given_by_value_becomes_a_secret_of_our_own() -> None:
    def program() -> None:
        value = gp.SourceToken(value=pulumi.Output.secret("hunter2"))
        gp.SourceConnection("code", connection_args(source=github(token=value)))

    found = plan(program)
    assert found.inventory() == {
        CONNECTION: 1,
        REPOSITORY: 1,
        SECRET: 1,
        SECRET_VERSION: 1,
        SECRET_MEMBER: 1,
        AGENT: 1,
        KEY_GRANT: 1,
    }
    secret = found.one(SECRET)
    assert secret.inputs["secretId"] == "gp-code-token"
    assert secret.inputs["replication"] == {
        "userManaged": {"replicas": [{"location": "europe-west4", "customerManagedEncryption": {"kmsKeyName": KEY}}]}
    }
    assert secret.inputs["deletionProtection"] is True
    assert secret.options["protect"]
    assert any(urn.endswith(found.one(KEY_GRANT).name) for urn in secret.options["dependencies"])
    data = found.one(SECRET_VERSION).inputs["secretData"]
    assert data["4dabf18193072939515e22adb298388d"] == "1b47061264138c4ac30d75fd1eb44270"
    assert found.one(SECRET_MEMBER).inputs["member"] == BUILD_AGENT
    assert {found.one(SECRET_MEMBER).name, found.one(SECRET_VERSION).name} <= waits_for(found, CONNECTION)


def test_token_by_value_of_a_learner_is_in_one_region_without_a_key() -> None:
    def program() -> None:
        value = gp.SourceToken(value=pulumi.Output.secret("hunter2"))
        gp.SourceConnection("code", connection_args(gp.Tier.LEARNER, source=github(token=value)))

    secret = plan(program).one(SECRET).inputs
    assert secret["replication"] == {"userManaged": {"replicas": [{"location": "europe-west4"}]}}
    assert secret["deletionProtection"] is False


def test_token_in_a_project_of_others_is_asked_for() -> None:
    found = planned(source=github(token=token("shared", "acme-central")))
    assert SECRET_MEMBER not in found.inventory()
    (asked,) = found.outputs["requests"]
    assert asked["command"] == (
        f"gcloud secrets add-iam-policy-binding --project=acme-central shared --member={BUILD_AGENT}"
        " --role=roles/secretmanager.secretAccessor"
    )


@pytest.mark.parametrize(("tier", "approvals"), [(gp.Tier.LEARNER, 0), (gp.Tier.TEAM, 1), (gp.Tier.REGULATED, 2)])
def test_hosted_code_is_private_and_its_branch_protected(tier: gp.Tier, approvals: int) -> None:
    found = hosted(tier)
    keyed = {KEY_GRANT: 1} if tier.defaults.customer_managed_keys else {}
    assert found.inventory() == {HOST: 1, HOSTED: 1, RULE: 1, AGENT: 1, PROJECT_MEMBER: 1, **keyed}
    host = found.one(HOST)
    assert host.inputs["privateConfig"] == {"isPrivate": True}
    assert host.inputs.get("kmsKey") == (KEY if keyed else None)
    assert host.inputs.get("deletionPolicy", "PREVENT") == ("PREVENT" if keyed else "DELETE")
    assert found.one(AGENT).inputs["service"] == "securesourcemanager.googleapis.com"
    assert {r.name for r in found.of(AGENT) + found.of(PROJECT_MEMBER)} <= waits_for(found, HOST)
    rule = found.one(RULE).inputs
    assert rule["includePattern"] == "main"
    assert rule["requirePullRequest"] is True
    assert rule["minimumApprovalsCount"] == rule["minimumReviewsCount"] == approvals
    assert rule["allowStaleReviews"] is False
    assert found.outputs["ids"] == {"churn": "projects/acme-ml-dev/locations/europe-west4/repositories/gp-code-churn"}


def test_hosted_choices() -> None:
    pool = "projects/acme-ml-dev/locations/europe-west4/caPools/own"
    found = hosted(
        repositories=("churn", "features"),
        ca_pool=pool,
        consumer_projects=("acme-team",),
        default_branch="release/2.x",
        approvals=3,
    )
    assert found.one(HOST).inputs["privateConfig"] == {
        "isPrivate": True,
        "caPool": pool,
        "pscAllowedProjects": ["acme-team"],
    }
    assert [r.inputs["includePattern"] for r in found.of(RULE)] == [r"release/2\.x"] * 2
    assert found.of(RULE)[0].inputs["minimumApprovalsCount"] == 3
    assert found.of(HOSTED)[0].inputs["initialConfig"] == {"defaultBranch": "release/2.x"}
    assert "privateConfig" not in hosted(public=True).one(HOST).inputs


def granted(kind: str, **more: Any) -> Plan:
    def program() -> None:
        made = gp.SourceConnection("code", connection_args(**more))
        (repository,) = made.repositories.values()
        pulumi.export("scope", getattr(repository, kind)(DEVS).scope)

    return plan(program)


def test_reading_through_cloud_build_is_granted_on_the_connection() -> None:
    found = granted("grant_read")
    assert found.one(CONNECTION_MEMBER).inputs == {
        "project": "acme-ml-dev",
        "location": "europe-west4",
        "name": "gp-code",
        "role": "roles/cloudbuild.readTokenAccessor",
        "member": DEVS,
    }
    assert any(urn.endswith(found.one(REPOSITORY).name) for urn in found.one(CONNECTION_MEMBER).options["dependencies"])


def test_reading_through_developer_connect_is_granted_on_the_project() -> None:
    found = granted("grant_read", connector=DEVELOPER_CONNECT)
    (member,) = [r for r in found.of(PROJECT_MEMBER) if r.inputs["member"] == DEVS]
    assert member.inputs["role"] == "roles/developerconnect.readTokenAccessor"
    assert found.outputs["scope"] == "project"


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("grant_read", "roles/securesourcemanager.repoReader"),
        ("grant_write", "roles/securesourcemanager.repoWriter"),
        ("grant_approve", "roles/securesourcemanager.repoPullRequestApprover"),
    ],
)
def test_hosted_repositories_are_granted_one_by_one_with_the_door(kind: str, role: str) -> None:
    found = granted(kind, source=gp.HostedSource(), repositories=("churn",))
    assert found.one(HOSTED_MEMBER).inputs["role"] == role
    assert found.one(HOSTED_MEMBER).inputs["repositoryId"] == "gp-code-churn"
    assert found.one(HOST_MEMBER).inputs["role"] == "roles/securesourcemanager.instanceAccessor"
    assert found.one(HOST_MEMBER).inputs["instanceId"] == "gp-code"
    assert found.outputs["scope"] == "resource"


@pytest.mark.parametrize("kind", ["grant_write", "grant_approve"])
def test_other_hosts_grant_these_themselves(kind: str) -> None:
    with pytest.raises(gp.ArgumentError, match="give access where the repository is"):
        granted(kind)


@pytest.mark.parametrize(
    ("repository_id", "host", "connector", "command"),
    [
        (
            "projects/acme-other/locations/us-east1/connections/gh/repositories/churn",
            None,
            "cloud_build",
            "gcloud builds connections add-iam-policy-binding --project=acme-other --region=us-east1 gh",
        ),
        (
            "projects/acme-other/locations/us-east1/connections/gh/gitRepositoryLinks/churn",
            None,
            "developer_connect",
            "gcloud projects add-iam-policy-binding --condition=None acme-other",
        ),
        (
            "projects/acme-other/locations/us-east1/repositories/churn",
            "git",
            "secure_source_manager",
            "gcloud source-manager repos add-iam-policy-binding --project=acme-other --region=us-east1 churn",
        ),
    ],
)
def test_existing_repositories_of_others(repository_id: str, host: str | None, connector: str, command: str) -> None:
    def program() -> None:
        there = gp.SourceConnection.from_existing(
            repository_id,
            url="https://git.acme.test/churn.git",
            project=gp.Project(id="acme-other", managed=False),
            host=host,
        )
        again = gp.SourceRepositoryRef.imported(there.exported())
        assert again.exported() == there.exported()
        assert again.connector == connector
        assert again.repository_id == repository_id
        assert again.owner is None
        again.grant_read(DEVS)
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {}
    assert found.outputs["requests"][-1]["command"].startswith(f"{command} --member={DEVS} --role=")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"repository_id": "churn"}, "is no repository of the project"),
        ({"repository_id": "projects/acme-mine/locations/us-east1/repositories/churn"}, "is no repository of the"),
        ({"host": "git"}, "does not go with the repository"),
        ({"repository_id": "projects/acme-other/locations/us-east1/repositories/churn"}, "does not go with"),
        ({"url": "git@acme.test:churn"}, "https address"),
    ],
)
def test_from_existing_refuses(given: dict[str, str], words: str) -> None:
    more = {
        "repository_id": "projects/acme-other/locations/us-east1/connections/gh/repositories/churn",
        "url": "https://git.acme.test/churn.git",
        **given,
    }
    identity = more.pop("repository_id")
    with pytest.raises(gp.ArgumentError, match=words):
        gp.SourceConnection.from_existing(identity, project=gp.Project(id="acme-other"), **more)


def test_repository_reaches_another_stack() -> None:
    def exporting() -> None:
        made = gp.SourceConnection("code", connection_args())
        gp.publish(environment(), {"churn": made.repositories["acme/churn"]})

    exported = plan(exporting).outputs["groundplan"]

    def reading() -> None:
        there = gp.Exports("acme/platform/team", exported).source_repository("churn")
        assert there.repository_id == (
            "projects/acme-ml-dev/locations/europe-west4/connections/gp-code/repositories/gp-code-acme-churn"
        )

    plan(reading)


def test_overrides() -> None:
    found = planned(overrides={"connection": {"disabled": True}})
    assert found.one(CONNECTION).inputs["disabled"] is True


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"source": "https://github.com/acme"}, "a GitHubSource, a GitLabSource or a HostedSource"),
        ({"source": github(app_installation=0)}, "source.app_installation"),
        ({"source": github(token="ghp_1234")}, "a SourceToken"),
        ({"source": github(token=gp.SourceToken())}, "neither"),
        ({"source": github(token=gp.SourceToken(version=VERSION, value=pulumi.Output.secret("x")))}, "both"),
        ({"source": github(token=gp.SourceToken(version=VERSION.replace("/3", "/latest")))}, "without a plan"),
        ({"source": github(token=gp.SourceToken(value="hunter2"))}, "stands in the program's text"),  # type: ignore[arg-type] # what no type allows
        ({"source": gitlab(host="http://git.acme.test")}, "source.host"),
        ({"source": gitlab(host="https://git.acme.test", service_directory="git")}, "source.service_directory"),
        ({"source": gitlab(certificate="x")}, "gives gitlab.com a private way"),
        ({"connector": gp.SourceConnector.SECURE_SOURCE_MANAGER}, "connects to no other host"),
        ({"connector": "jenkins"}, "connects to no other host"),
        ({"repositories": ()}, "names none"),
        ({"repositories": ("churn",)}, "such as acme/churn"),
        ({"repositories": ("https://github.com/acme/churn",)}, "leave out the host's address"),
        ({"repositories": ("acme/churn.git",)}, "leave out .git"),
        ({"repositories": ("acme/churn", "Acme/churn")}, "names a repository twice"),
        ({"source": gitlab(), "repositories": ("churn",)}, "such as acme/ml/churn"),
        ({"data_class": "secret"}, "a DataClass"),
        ({"connector": DEVELOPER_CONNECT, "keys": None}, "encrypts data with keys of one's own"),
        ({"source": gp.HostedSource(), "repositories": ("churn",), "keys": None}, "encrypts data with keys"),
        ({"source": gp.HostedSource(), "repositories": ("a",)}, "such as churn"),
        ({"source": gp.HostedSource(default_branch=""), "repositories": ("churn",)}, "source.default_branch"),
        ({"source": gp.HostedSource(approvals=11), "repositories": ("churn",)}, "0 to 10"),
        ({"source": gp.HostedSource(ca_pool="own"), "repositories": ("churn",)}, "source.ca_pool"),
        ({"source": gp.HostedSource(consumer_projects=("x",)), "repositories": ("churn",)}, "consumer_projects[0]"),
        ({"source": gp.HostedSource(public=True, consumer_projects=("acme-team",))}, "what a private one needs"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


def test_a_token_is_never_printed() -> None:
    assert "hunter2" not in refused(source=github(token=gp.SourceToken(value="hunter2")))  # type: ignore[arg-type] # what no type allows


def test_cloud_build_with_stored_tokens_needs_no_key() -> None:
    assert KEY_GRANT not in planned(keys=None).inventory()


def test_key_must_be_in_the_region() -> None:
    elsewhere = keys(KEY.replace("europe-west4", "global"))
    assert "is not where the data is" in refused(connector=DEVELOPER_CONNECT, keys=elsewhere)


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    def name(label: str) -> str:
        found = plan(lambda: gp.SourceConnection(label, connection_args())).one(CONNECTION).inputs["name"]
        assert isinstance(found, str)
        return found

    long = "a-connection-to-the-source-code-of-a-team-with-a-very-long-name-in-it"
    assert name(long) == name(long)
    assert len(name(long)) == 63
    assert name(long) != name(f"{long}s")
