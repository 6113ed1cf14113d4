"""ImageRepository: what it plans in each tier, mode and format, who may use it, what it refuses."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan

REPOSITORY = "gcp:artifactregistry/repository:Repository"
MEMBER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
SECRET_GRANT = "gcp:secretmanager/secretIamMember:SecretIamMember"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/internal"
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]


def keys(key: str = KEY, *, managed: bool = True) -> gp.KeyRingRef:
    return gp.KeyRing.from_existing(
        dict.fromkeys(gp.DataClass, key), project=gp.Project(id="acme-keys", managed=managed)
    )


def args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.ImageRepositoryArgs:
    given = {"env": environment(tier), "keys": keys() if tier.defaults.customer_managed_keys else None}
    return gp.ImageRepositoryArgs(**{**given, **more})


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: gp.ImageRepository("images", args(tier, **more)))


def repository(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Any:
    return planned(tier, **more).one(REPOSITORY).inputs


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def existing(label: str = "own", **more: Any) -> gp.ImageRepositoryRef:
    given: dict[str, Any] = {"project": gp.Project(id="acme-ml-dev", number="123456789012"), "location": "europe-west4"}
    return gp.ImageRepository.from_existing(label, **{**given, **more})


def test_learner_makes_a_repository_alone() -> None:
    found = planned(gp.Tier.LEARNER)
    assert found.inventory() == {REPOSITORY: 1}
    assert not found.one(REPOSITORY).options["protect"]
    assert "kmsKeyName" not in found.one(REPOSITORY).inputs


@pytest.mark.parametrize("tier", [gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda tier: tier.name)
def test_the_key_is_granted_first(tier: gp.Tier) -> None:
    found = planned(tier)
    assert found.inventory() == {REPOSITORY: 1, KEY_GRANT: 1, AGENT: 1, PROJECT_MEMBER: 1}
    made = found.one(REPOSITORY)
    assert made.inputs["kmsKeyName"] == KEY
    assert made.options["protect"]
    assert made.inputs["deletionPolicy"] == "PREVENT"
    assert any(urn.endswith(found.one(KEY_GRANT).name) for urn in made.options["dependencies"])


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_every_tier_keeps_tags_scans_and_cleans_up(tier: gp.Tier) -> None:
    made = repository(tier)
    assert made["mode"] == "STANDARD_REPOSITORY"
    assert made["dockerConfig"] == {"immutableTags": True}
    assert made["vulnerabilityScanningConfig"] == {"enablementConfig": "INHERITED"}
    assert made["cleanupPolicyDryRun"] is False
    assert made["cleanupPolicies"] == [
        {
            "id": "delete-untagged",
            "action": "DELETE",
            "condition": {"tagState": "UNTAGGED", "olderThan": "2592000s"},
        },
        {"id": "keep-newest", "action": "KEEP", "mostRecentVersions": {"keepCount": 10}},
    ]
    assert made["labels"]["classification"] == "internal"
    assert made["repositoryId"] == "gp-images"


def test_packages_and_templates_have_no_settings_of_images() -> None:
    for kind in (gp.RepositoryFormat.PYTHON, gp.RepositoryFormat.KFP):
        made = repository(format=kind)
        assert made["format"] == kind.value
        assert not {"dockerConfig", "vulnerabilityScanningConfig"} & set(made)


def test_the_unsafe_values_can_be_written() -> None:
    made = repository(mode=gp.Hosted(immutable_tags=False), scan=False)
    assert made["dockerConfig"] == {"immutableTags": False}
    assert made["vulnerabilityScanningConfig"] == {"enablementConfig": "DISABLED"}


def test_a_remote_one_caches_the_public_repository_of_its_format() -> None:
    made = repository(mode=gp.Remote(), format=gp.RepositoryFormat.PYTHON)
    assert made["mode"] == "REMOTE_REPOSITORY"
    assert made["remoteRepositoryConfig"]["pythonRepository"] == {"publicRepository": "PYPI"}
    assert made["remoteRepositoryConfig"]["disableUpstreamValidation"] is False
    assert made["cleanupPolicies"][0]["condition"] == {"tagState": "ANY", "olderThan": f"{90 * 86_400}s"}
    docker = repository(mode=gp.Remote())["remoteRepositoryConfig"]
    assert docker["dockerRepository"] == {"publicRepository": "DOCKER_HUB"}


def test_a_remote_one_of_somebody_with_a_password_reads_the_secret() -> None:
    version = "projects/acme-secrets/secrets/mirror/versions/3"
    found = planned(mode=gp.Remote(uri="https://mirror.acme.test/images", username="ci", password=version))
    config = found.one(REPOSITORY).inputs["remoteRepositoryConfig"]
    assert config["commonRepository"] == {"uri": "https://mirror.acme.test/images"}
    assert config["upstreamCredentials"] == {
        "usernamePasswordCredentials": {"username": "ci", "passwordSecretVersion": version}
    }
    granted = found.one(SECRET_GRANT)
    assert granted.inputs["role"] == "roles/secretmanager.secretAccessor"
    assert (granted.inputs["project"], granted.inputs["secretId"]) == ("acme-secrets", "mirror")
    assert any(urn.endswith(granted.name) for urn in found.one(REPOSITORY).options["dependencies"])


def test_a_virtual_one_asks_ones_own_first_and_has_no_key() -> None:
    mode = gp.Virtual(
        upstreams=(
            gp.Upstream(repository=existing("own"), priority=20),
            gp.Upstream(repository=existing("hub", remote=True), priority=10),
        )
    )
    found = planned(gp.Tier.REGULATED, mode=mode, keys=None)
    assert found.inventory() == {REPOSITORY: 1}
    made = found.one(REPOSITORY).inputs
    assert made["virtualRepositoryConfig"]["upstreamPolicies"][0] == {
        "id": "own",
        "repository": "projects/acme-ml-dev/locations/europe-west4/repositories/own",
        "priority": 20,
    }
    assert not {"kmsKeyName", "cleanupPolicies", "cleanupPolicyDryRun", "dockerConfig"} & set(made)


def test_a_virtual_one_may_read_those_of_other_projects() -> None:
    other = existing("own", project=gp.Project(id="acme-images"))
    found = planned(gp.Tier.LEARNER, mode=gp.Virtual(upstreams=(gp.Upstream(repository=other, priority=1),)))
    granted = found.one(MEMBER)
    assert (granted.inputs["project"], granted.inputs["role"]) == ("acme-images", "roles/artifactregistry.reader")
    assert any(urn.endswith(granted.name) for urn in found.one(REPOSITORY).options["dependencies"])


@pytest.mark.parametrize(
    ("method", "role"),
    [("grant_read", "roles/artifactregistry.reader"), ("grant_write", "roles/artifactregistry.writer")],
)
def test_grants_are_on_the_repository(method: str, role: str) -> None:
    def program() -> None:
        made = gp.ImageRepository("images", args(gp.Tier.LEARNER))
        granted = getattr(made, method)("serviceAccount:builder@acme-ml-dev.iam.gserviceaccount.com")
        assert (granted.role, granted.scope) == (role, "resource")

    inputs = plan(program).one(MEMBER).inputs
    assert inputs == {
        "project": "acme-ml-dev",
        "location": "europe-west4",
        "repository": "gp-images",
        "role": role,
        "member": "serviceAccount:builder@acme-ml-dev.iam.gserviceaccount.com",
    }


def test_an_existing_one_of_others_turns_grants_into_requests() -> None:
    def program() -> None:
        existing("shared", project=gp.Project(id="acme-images", managed=False)).grant_read("group:ml@acme.test")
        pulumi.export("requests", gp.requests())

    (request,) = plan(program).outputs["requests"]
    assert request["command"] == (
        "gcloud artifacts repositories add-iam-policy-binding --project=acme-images --location=europe-west4 "
        "shared --member=group:ml@acme.test --role=roles/artifactregistry.reader"
    )


@pytest.mark.parametrize("jobs", ["acme-ml-dev", "acme-images"])
def test_jobs_pull_as_googles_agents_one_of_which_comes_late(jobs: str) -> None:
    """Where the repository is in the jobs' own project, the late agent's role there lets it pull."""

    def program() -> None:
        home = gp.Project(id=jobs, number="123456789012")
        existing("own", project=gp.Project(id="acme-images", number="123456789012")).grant_read_to_jobs(home)
        pulumi.export("requests", gp.requests())

    found = plan(program)
    granted = found.one(MEMBER)
    assert granted.name == f"own-reader-agent-aiplatform-{jobs}"
    assert granted.inputs["role"] == "roles/artifactregistry.reader"
    asked = [(one["grant"], one["on"], one["member"]) for one in found.outputs["requests"]]
    late = "serviceAccount:service-123456789012@gcp-sa-aiplatform-cc.iam.gserviceaccount.com"
    assert asked == ([] if jobs == "acme-images" else [("roles/artifactregistry.reader", "own", late)])


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        (gp.RepositoryFormat.DOCKER, "europe-west4-docker.pkg.dev/acme-ml-dev/own"),
        (gp.RepositoryFormat.PYTHON, "https://europe-west4-python.pkg.dev/acme-ml-dev/own"),
        (gp.RepositoryFormat.KFP, "https://europe-west4-kfp.pkg.dev/acme-ml-dev/own"),
    ],
)
def test_the_address_is_the_one_that_tools_use(kind: gp.RepositoryFormat, url: str) -> None:
    assert existing(format=kind).url == url


def test_outputs_project_overrides_and_long_names() -> None:
    def program() -> None:
        made = gp.ImageRepository(
            "images-of-a-team-with-a-very-long-name-that-nobody-would-choose-today",
            args(gp.Tier.LEARNER, project=gp.Project(id="acme-build"), overrides={"repository": {"location": "eu"}}),
        )
        pulumi.export("url", made.url)

    found = plan(program)
    made = found.one(REPOSITORY).inputs
    assert (made["project"], made["location"]) == ("acme-build", "eu")
    assert len(made["repositoryId"]) == 63
    assert found.outputs["url"] == f"europe-west4-docker.pkg.dev/acme-build/{made['repositoryId']}"
    assert made["repositoryId"] == plan(program).one(REPOSITORY).inputs["repositoryId"]


def test_unmanaged_key_project_gets_a_request() -> None:
    def program() -> None:
        gp.ImageRepository("images", args(keys=keys(managed=False)))
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert KEY_GRANT not in found.inventory()
    assert [request["grant"] for request in found.outputs["requests"]] == ["roles/cloudkms.cryptoKeyEncrypterDecrypter"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"keys": None}, "are missing"),
        ({"keys": keys(KEY.replace("europe-west4", "us-east1"))}, "is not where the data is"),
        ({"format": "DOCKER"}, "a RepositoryFormat"),
        ({"mode": "remote"}, "Hosted, Remote or Virtual"),
        ({"purpose": ""}, "cannot be the repository's description"),
        ({"scan": None}, "scan: is of the wrong type"),
        ({"location": "EU"}, "one region"),
        ({"project": "acme"}, "a Project"),
        ({"mode": gp.Hosted(untagged_days=0)}, "mode.untagged_days"),
        ({"mode": gp.Hosted(keep_versions=0)}, "mode.keep_versions"),
        ({"mode": gp.Hosted(immutable_tags=False), "format": gp.RepositoryFormat.PYTHON}, "a setting of images"),
        ({"mode": gp.Remote(keep_days=0)}, "mode.keep_days"),
        ({"mode": gp.Remote(), "format": gp.RepositoryFormat.KFP}, "has not for this format"),
        ({"mode": gp.Remote(uri="http://mirror.acme.test")}, "mode.uri"),
        ({"mode": gp.Remote(uri="https://me:secret@mirror.acme.test")}, "mode.uri"),
        ({"mode": gp.Remote(username="ci")}, "without its other half"),
        ({"mode": gp.Virtual(upstreams=())}, "names no repository"),
        (
            {"mode": gp.Virtual(upstreams=(gp.Upstream(repository=existing(location="us-east1"), priority=1),))},
            "is elsewhere",
        ),
        (
            {
                "mode": gp.Virtual(
                    upstreams=(gp.Upstream(repository=existing(format=gp.RepositoryFormat.PYTHON), priority=1),)
                )
            },
            "holds something else",
        ),
        (
            {
                "mode": gp.Virtual(
                    upstreams=(
                        gp.Upstream(repository=existing("a"), priority=1),
                        gp.Upstream(repository=existing("b", remote=True), priority=2),
                    )
                )
            },
            "outside answer before one's own",
        ),
        (
            {
                "mode": gp.Virtual(
                    upstreams=(
                        gp.Upstream(repository=existing("a"), priority=1),
                        gp.Upstream(repository=existing("a"), priority=2),
                    )
                )
            },
            "names a repository twice",
        ),
    ],
)
def test_bad_arguments_are_refused(more: dict[str, Any], message: str) -> None:
    assert message in refused(**more)


def test_a_password_itself_is_refused_and_not_printed() -> None:
    message = refused(mode=gp.Remote(username="ci", password="hunter2"))
    assert "is no secret version" in message
    assert "hunter2" not in message


def test_from_existing_wants_the_id_alone() -> None:
    with pytest.raises(gp.ArgumentError, match="leave out the host"):
        existing("europe-west4-docker.pkg.dev/acme/images")
