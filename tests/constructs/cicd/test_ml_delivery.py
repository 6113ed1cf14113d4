"""MlDelivery: what it plans in each tier, who may do what, what reviewers see, what it refuses."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
from importlib import resources
from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.core.references import ExistingAttestor, ExistingBuildPool
from tests.constructs.cicd.files import DIGEST
from tests.constructs.plan import Plan, Planned, environment, plan

TRIGGER = "gcp:cloudbuild/trigger:Trigger"
ACCOUNT = "gcp:serviceaccount/account:Account"
ACCOUNT_MEMBER = "gcp:serviceaccount/iAMMember:IAMMember"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
REPOSITORY_MEMBER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"
BUCKET_MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
NOTE_MEMBER = "gcp:containeranalysis/noteIamMember:NoteIamMember"
ATTESTOR_MEMBER = "gcp:binaryauthorization/attestorIamMember:AttestorIamMember"
HOME = gp.Project(id="acme-ml-dev", number="123456789012")
PLACE = "projects/acme-ml-dev/locations/europe-west4"
URL = "europe-west4-docker.pkg.dev/acme-ml-dev/images/trainer"
KEY = "projects/acme-ml-dev/locations/europe-west4/keyRings/main/cryptoKeys"
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]
BUILDERS = gp.Builders(
    images={
        name: f"europe-west4-docker.pkg.dev/acme-ml-dev/builders/{name}{DIGEST}"
        for name in ("docker", "gcloud", "python", "pulumi")
    }
)


def code(kind: str = "connections/github/repositories") -> gp.SourceRepositoryRef:
    host = "git" if kind == "repositories" else None
    return gp.SourceConnection.from_existing(
        f"{PLACE}/{kind}/models", url="https://github.com/acme/models.git", project=HOME, host=host
    )


def registry(name: str, kind: gp.RepositoryFormat = gp.RepositoryFormat.DOCKER) -> gp.ImageRepositoryRef:
    return gp.ImageRepository.from_existing(name, project=HOME, location="europe-west4", format=kind)


def attestor() -> gp.AttestorRef:
    return ExistingAttestor(
        label="built",
        project=HOME,
        attestor_name="projects/acme-ml-dev/attestors/built",
        note_id="built",
        key_id=f"{KEY}/sign",
        key_version=f"{KEY}/sign/cryptoKeyVersions/1",
        key_project=HOME,
    )


def account(name: str) -> gp.AccountRef:
    return gp.ServiceIdentity.from_existing(f"{name}@acme-ml-dev.iam.gserviceaccount.com", project=HOME)


def infrastructure(**more: Any) -> gp.Infrastructure:
    state = gp.DataBucket.from_existing(
        "acme-state", project=HOME, location="europe-west4", data_class=gp.DataClass.CONFIDENTIAL
    )
    return gp.Infrastructure(**{"stack": "regulated", "state": state, "directory": "infra", **more})


def args(tier: gp.Tier = gp.Tier.REGULATED, **more: Any) -> gp.MlDeliveryArgs:
    defaults = tier.defaults
    pool = ExistingBuildPool(
        label="builds", project=HOME, pool_id=f"{PLACE}/workerPools/builds", location="europe-west4"
    )
    given: dict[str, Any] = {
        "env": environment(tier),
        "repository": code(),
        "builders": BUILDERS,
        "images": registry("images"),
        "image_directories": {"trainer": "images/trainer"},
        "templates": registry("templates", gp.RepositoryFormat.KFP),
        "approvers": ("group:approvers@acme.test",) if defaults.deploy_approval else (),
        "review": gp.BranchReview(approvals=2, declared_by="group:platform@acme.test")
        if defaults.branch_approvals
        else None,
        "attestor": attestor() if defaults.signed_images else None,
        "pool": pool if defaults.builds_private else None,
    }
    return gp.MlDeliveryArgs(**{**given, **more})


def planned(tier: gp.Tier = gp.Tier.REGULATED, **more: Any) -> Plan:
    def program() -> None:
        made = gp.MlDelivery("delivery", args(tier, **more))
        pulumi.export("emails", {role: one.email for role, one in made.accounts.items()})

    return plan(program)


def trigger(found: Plan, short: str) -> Planned:
    return found.one(TRIGGER, f"delivery-{short}-trigger")


def roles(found: Plan, role: str) -> set[str]:
    """Return what an account may do, anywhere."""
    wanted = f"serviceAccount:gp-delivery-{role}@acme-ml-dev.iam.gserviceaccount.com"
    return {
        member.inputs["role"]
        for member in found.resources
        if member.inputs.get("member") == wanted and "role" in member.inputs
    }


def refused(tier: gp.Tier = gp.Tier.REGULATED, **more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def test_learner_deploys_on_merge() -> None:
    found = planned(gp.Tier.LEARNER)
    assert found.inventory() == {TRIGGER: 4, ACCOUNT: 4, PROJECT_MEMBER: 5, REPOSITORY_MEMBER: 3}
    assert trigger(found, "deploy").inputs["approvalConfig"] == {"approvalRequired": False}
    assert [step["id"] for step in trigger(found, "image-trainer").inputs["build"]["steps"]] == ["build"]


def test_team_deploys_after_an_approval() -> None:
    found = planned(gp.Tier.TEAM)
    assert found.inventory() == {TRIGGER: 4, ACCOUNT: 4, PROJECT_MEMBER: 6, REPOSITORY_MEMBER: 3}
    assert trigger(found, "deploy").inputs["approvalConfig"] == {"approvalRequired": True}
    for short in ("test", "image-trainer", "pipeline"):
        assert trigger(found, short).inputs["approvalConfig"] == {"approvalRequired": False}
    (approver,) = [m for m in found.of(PROJECT_MEMBER) if m.inputs["role"] == "roles/cloudbuild.builds.approver"]
    assert approver.inputs["member"] == "group:approvers@acme.test"


def test_regulated_builds_privately_signs_plans_and_applies() -> None:
    found = planned(gp.Tier.REGULATED, infrastructure=infrastructure())
    assert found.inventory() == {
        TRIGGER: 6,
        ACCOUNT: 6,
        PROJECT_MEMBER: 15,
        REPOSITORY_MEMBER: 3,
        BUCKET_MEMBER: 1,
        KEY_MEMBER: 1,
        NOTE_MEMBER: 2,
        ATTESTOR_MEMBER: 2,
    }
    for one in found.of(TRIGGER):
        assert one.inputs["build"]["options"]["workerPool"] == f"{PLACE}/workerPools/builds"
    for short, asked in {"plan": False, "apply": True, "deploy": True}.items():
        assert trigger(found, short).inputs["approvalConfig"] == {"approvalRequired": asked}
    assert "production" in trigger(found, "apply").inputs["tags"]


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_pull_requests_are_tested_and_planned_and_merges_do_the_rest(tier: gp.Tier) -> None:
    found = planned(tier, infrastructure=infrastructure())
    events = {
        one.name.removeprefix("delivery-").removesuffix("-trigger"): set(one.inputs["repositoryEventConfig"])
        for one in found.of(TRIGGER)
    }
    asked, merged = {"repository", "pullRequest"}, {"repository", "push"}
    assert events == {
        "test": asked,
        "plan": asked,
        "image-trainer": merged,
        "pipeline": merged,
        "deploy": merged,
        "apply": merged,
    }
    test = trigger(found, "test").inputs["repositoryEventConfig"]["pullRequest"]
    assert test == {"branch": "^main$", "commentControl": "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY"}


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_reviewers_see_every_step_by_its_digest(tier: gp.Tier) -> None:
    found = planned(tier, infrastructure=infrastructure())
    for one in found.of(TRIGGER):
        assert "filename" not in one.inputs
        for step in one.inputs["build"]["steps"]:
            assert step["name"] in BUILDERS.images.values()


def test_each_account_may_do_its_own_work_alone() -> None:
    found = planned(infrastructure=infrastructure(), runs_as=(account("server"),))
    everybody = {"roles/logging.logWriter", "roles/cloudbuild.workerPoolUser"}
    assert roles(found, "test") == everybody
    assert roles(found, "plan") == everybody
    assert roles(found, "image") == everybody | {
        "roles/artifactregistry.writer",
        "roles/cloudkms.signerVerifier",
        "roles/containeranalysis.notes.attacher",
        "roles/binaryauthorization.attestorsViewer",
        "roles/containeranalysis.occurrences.editor",
    }
    assert roles(found, "pipeline") == everybody | {"roles/artifactregistry.writer"}
    assert roles(found, "deploy") == everybody | {
        "roles/artifactregistry.reader",
        "roles/aiplatform.user",
        "roles/iam.serviceAccountUser",
        "roles/binaryauthorization.attestorsVerifier",
        "roles/containeranalysis.notes.occurrences.viewer",
    }
    assert roles(found, "apply") == everybody | {"roles/storage.objectUser"}


def test_who_deploys_may_change_the_endpoint_that_is_named_and_no_other() -> None:
    endpoint = gp.OnlineEndpoint.from_existing(
        "projects/acme-ml-dev/locations/europe-west4/endpoints/42",
        project=gp.Project(id="acme-ml-dev", number="123456789012"),
        data_class=gp.DataClass.CONFIDENTIAL,
        deployer_role="projects/acme-ml-dev/roles/gp_scores_deployer",
    )
    found = planned(endpoint=endpoint)
    assert "roles/aiplatform.user" not in roles(found, "deploy")
    assert {"projects/acme-ml-dev/roles/gp_scores_deployer", "roles/aiplatform.viewer"} <= roles(found, "deploy")
    (grant,) = found.of("gcp:vertex/aiEndpointIamMember:AiEndpointIamMember")
    assert grant.inputs["endpoint"].endswith("42")
    assert "endpoint" in refused(endpoint="projects/acme-ml-dev/locations/europe-west4/endpoints/42")


def test_images_are_signed_and_what_is_not_signed_is_not_deployed() -> None:
    found = planned()
    image = trigger(found, "image-trainer").inputs["build"]
    assert [step["id"] for step in image["steps"]] == ["build", "push", "digest", "sign"]
    assert image["substitutions"] == {
        "_IMAGE": URL,
        "_DIRECTORY": "images/trainer",
        "_ATTESTOR": "projects/acme-ml-dev/attestors/built",
        "_KEY_VERSION": f"{KEY}/sign/cryptoKeyVersions/1",
    }
    deploy = trigger(found, "deploy").inputs["build"]
    assert [step["id"] for step in deploy["steps"]] == ["await-signed-images", "deploy"]
    assert deploy["substitutions"]["_IMAGES"] == URL
    learner = planned(gp.Tier.LEARNER, attestor=attestor())
    assert learner.one(KEY_MEMBER).inputs["role"] == "roles/cloudkms.signerVerifier"


def test_pipelines_are_published_to_the_templates() -> None:
    values = trigger(planned(gp.Tier.LEARNER), "pipeline").inputs["build"]["substitutions"]
    assert values == {
        "_COMPILE": "make pipeline",
        "_PIPELINE_FILE": "build/pipeline.yaml",
        "_TEMPLATES": "https://europe-west4-kfp.pkg.dev/acme-ml-dev/templates",
    }


def test_the_guardrails_stand_before_the_plan_and_the_application() -> None:
    found = planned(gp.Tier.LEARNER, infrastructure=infrastructure())
    for short, order in {"plan": ["plan", "gate"], "apply": ["gate", "apply"]}.items():
        made = trigger(found, short).inputs
        assert [step["id"] for step in made["build"]["steps"]] == order
        assert made["build"]["substitutions"]["_GATE"] == "groundplan check regulated"
        assert made["includedFiles"] == ["infra/**"]
    assert trigger(found, "apply").inputs["build"]["substitutions"]["_STATE"] == "gs://acme-state"
    whole = planned(gp.Tier.LEARNER, infrastructure=infrastructure(directory=".", gate="make gate"))
    assert "includedFiles" not in trigger(whole, "apply").inputs
    assert trigger(whole, "plan").inputs["build"]["substitutions"]["_GATE"] == "make gate"


def test_the_secrets_of_the_stack_are_the_appliers_to_read() -> None:
    keys = gp.KeyRing.from_existing({gp.DataClass.CONFIDENTIAL: f"{KEY}/pulumi"}, project=HOME)
    key = keys.key_for(gp.DataClass.CONFIDENTIAL)
    found = planned(gp.Tier.LEARNER, infrastructure=infrastructure(secrets_key=key))
    assert found.one(KEY_MEMBER).inputs["member"].startswith("serviceAccount:gp-delivery-apply@")


def contract() -> gp.DeployContract:
    return gp.DeployContract(
        endpoint=f"{PLACE}/endpoints/1234567890",
        region="europe-west4",
        access="private-service-connect",
        host=None,
        address=None,
        account=pulumi.Output.from_input("server@acme-ml-dev.iam.gserviceaccount.com"),
        resource_pool=None,
        deployed_models=(),
        rollout=None,
        limits={"errorShare": 0.01},
        alerts=(),
        request_log=None,
        explanation=None,
        monitoring=None,
    )


def test_the_deploying_build_gets_the_contract() -> None:
    found = plan(lambda: gp.MlDelivery("delivery", args(gp.Tier.LEARNER, contract=contract())))
    (variable,) = trigger(found, "deploy").inputs["build"]["options"]["envs"]
    name, _, text = variable.partition("=")
    assert name == "DEPLOY_CONTRACT"
    assert json.loads(text)["endpoint"] == f"{PLACE}/endpoints/1234567890"
    assert json.loads(text)["account"] == "server@acme-ml-dev.iam.gserviceaccount.com"


def test_packages_and_builders_come_from_where_they_are_said_to() -> None:
    packages = registry("python", gp.RepositoryFormat.PYTHON)
    found = planned(packages=packages, builder_repositories=(registry("builders"),))
    wanted = ["PIP_INDEX_URL=https://europe-west4-python.pkg.dev/acme-ml-dev/python/simple/"]
    assert trigger(found, "test").inputs["build"]["options"]["envs"] == wanted
    assert "envs" not in trigger(found, "image-trainer").inputs["build"]["options"]
    members = [(m.inputs["repository"], m.inputs["member"].split("@")[0]) for m in found.of(REPOSITORY_MEMBER)]
    assert ("python", "serviceAccount:gp-delivery-test") in members
    assert ("python", "serviceAccount:gp-delivery-image") not in members
    assert ("builders", "serviceAccount:gp-delivery-image") in members


def network(proxy_url: str | None) -> gp.NetworkRef:
    return gp.Network.from_existing(
        network="projects/acme-ml-dev/global/networks/core",
        subnetwork="projects/acme-ml-dev/regions/europe-west4/subnetworks/core",
        project=HOME,
        proxy_url=proxy_url,
    )


def variables(found: Plan, short: str) -> dict[str, str]:
    """Return the variables of all steps of a build."""
    pairs = (one.partition("=") for one in trigger(found, short).inputs["build"]["options"].get("envs", ()))
    return {name: value for name, _, value in pairs}


def test_steps_are_told_of_the_proxy_and_reach_google_without_it() -> None:
    found = planned(
        network=network("http://10.0.15.253:443"),
        infrastructure=infrastructure(),
        packages=registry("python", gp.RepositoryFormat.PYTHON),
    )
    for short in ("test", "plan", "image-trainer", "pipeline", "deploy", "apply"):
        told = variables(found, short)
        assert told["HTTPS_PROXY"] == "http://10.0.15.253:443"
        direct = set(told["NO_PROXY"].split(","))
        assert {"googleapis.com", "pkg.dev", "gcr.io", "metadata.google.internal", "169.254.169.254"} <= direct
        assert "github.com" not in direct
    assert "PIP_INDEX_URL" in variables(found, "test")


def test_a_dockerfile_is_told_of_the_proxy_without_writing_it_into_the_image() -> None:
    for attested in (gp.Tier.LEARNER, gp.Tier.REGULATED):
        (build, *_) = trigger(planned(attested), "image-trainer").inputs["build"]["steps"]
        assert {"--build-arg=HTTPS_PROXY", "--build-arg=NO_PROXY"} <= set(build["args"])
        assert build["args"][-1] == "${_DIRECTORY}"


def test_without_a_proxy_steps_are_told_of_none() -> None:
    for given in (None, network(None)):
        assert variables(planned(network=given), "test") == {}


def test_builders_outside_act_as_the_one_that_builds_images_without_a_key() -> None:
    pool = "projects/123456789012/locations/global/workloadIdentityPools/github"
    github = gp.WorkloadIdentity.from_existing(
        pool,
        "github",
        issuer=gp.GitHub(owner="acme", repositories=("models",), branches=("main",)),
        project=HOME,
    )
    found = planned(outside_builders={"acme/models@refs/heads/main": github})
    granted = found.one(ACCOUNT_MEMBER).inputs
    assert granted["role"] == "roles/iam.workloadIdentityUser"
    assert granted["member"].endswith("/attribute.run/acme/models@refs/heads/main")
    with pytest.raises(gp.ArgumentError, match="acme/other"):
        planned(outside_builders={"acme/other": github})


@pytest.mark.parametrize("short", ["test", "deploy"])
def test_an_approver_runs_no_build_of_the_set(short: str) -> None:
    def program() -> None:
        made = gp.MlDelivery("delivery", args())
        made.triggers[short].grant_run("group:approvers@acme.test")

    with pytest.raises(gp.ArgumentError, match="would run builds and also approve builds"):
        plan(program)


def test_what_applying_takes_beyond_the_state_is_asked_for_and_not_granted() -> None:
    def program() -> None:
        gp.MlDelivery("delivery", args(infrastructure=infrastructure()))
        # What comes after the delivery counts as much.
        gp.ServiceIdentity("later", gp.ServiceIdentityArgs(env=environment(), purpose="Something that comes later"))
        pulumi.export("requests", gp.requests())

    found = plan(program)
    wanted = {
        "roles/cloudbuild.builds.editor",
        "roles/iam.serviceAccountAdmin",
        "roles/resourcemanager.projectIamAdmin",
    }
    asked = {one["grant"] for one in found.outputs["requests"]}
    assert wanted <= asked
    assert not asked & roles(found, "apply")
    assert {one["member"].split("@")[0] for one in found.outputs["requests"]} == {"serviceAccount:gp-delivery-apply"}


def test_without_infrastructure_nothing_is_asked_for() -> None:
    def program() -> None:
        gp.MlDelivery("delivery", args())
        pulumi.export("requests", gp.requests())

    assert plan(program).outputs["requests"] == []


def test_accounts_that_are_there_are_used() -> None:
    found = planned(accounts={"deploy": account("deployer")}, infrastructure=infrastructure())
    assert found.inventory()[ACCOUNT] == 5
    assert trigger(found, "deploy").inputs["serviceAccount"].endswith("/deployer@acme-ml-dev.iam.gserviceaccount.com")


def test_declarations_are_called_so() -> None:
    declared: list[Any] = []

    def program() -> None:
        made = gp.MlDelivery("delivery", args())
        declared.append(made.declared)

    plan(program)
    assert declared == [{"branchReview": {"branch": "main", "approvals": 2, "declaredBy": "group:platform@acme.test"}}]


def test_a_repository_of_developer_connect_and_another_branch() -> None:
    found = planned(repository=code("connections/github/gitRepositoryLinks"), branch="release-1.0")
    pushed = trigger(found, "pipeline").inputs["developerConnectEventConfig"]["push"]
    assert pushed == {"branch": r"^release-1\.0$"}


def test_several_images_have_a_trigger_each_and_are_awaited_together() -> None:
    found = planned(image_directories={"trainer": "train", "server.gpu": "serve"})
    assert trigger(found, "image-server-gpu").inputs["build"]["substitutions"]["_DIRECTORY"] == "serve"
    images = trigger(found, "deploy").inputs["build"]["substitutions"]["_IMAGES"]
    assert images.split(" ") == [URL, URL.replace("trainer", "server.gpu")]


def test_overrides_name_a_child_of_a_build() -> None:
    found = planned(overrides={"deploy.trigger": {"disabled": True}})
    assert trigger(found, "deploy").inputs["disabled"] is True
    assert "disabled" not in trigger(found, "test").inputs
    for wrong in ("deploy.triger", "trigger", "deplo.trigger"):
        assert "overrides" in refused(overrides={wrong: {"disabled": True}})


def test_the_same_names_every_time_and_long_ones_shortened() -> None:
    def names() -> list[str]:
        long = "delivery-of-a-team-with-a-very-long-name-that-nobody-would-choose"
        return [one.inputs["name"] for one in plan(lambda: gp.MlDelivery(long, args())).of(TRIGGER)]

    assert names() == names()
    assert len(set(names())) == 4
    assert max(map(len, names())) == 64


def test_logs_go_to_one_bucket() -> None:
    logs = gp.DataBucket.from_existing(
        "acme-build-logs", project=HOME, location="europe-west4", data_class=gp.DataClass.INTERNAL
    )
    for one in planned(logs=logs).of(TRIGGER):
        assert one.inputs["build"]["logsBucket"] == "gs://acme-build-logs"


def test_every_shipped_build_file_passes_the_lint() -> None:
    files = list(resources.files("groundplan.cicd").joinpath("builds").iterdir())
    assert len(files) == 8
    for file in files:
        assert gp.BuildFile.parse(file.read_text(encoding="utf-8"), name=file.name, builders=BUILDERS).steps


def scripts() -> list[tuple[str, str]]:
    found = []
    for file in sorted(resources.files("groundplan.cicd").joinpath("builds").iterdir(), key=lambda file: file.name):
        read = gp.BuildFile.parse(file.read_text(encoding="utf-8"), name=file.name, builders=BUILDERS)
        found += [(f"{file.name}-{step['id']}", step["script"]) for step in read.steps if "script" in step]
    return found


SHELL = shutil.which("sh") or ""


@pytest.mark.parametrize("script", [pytest.param(text, id=name) for name, text in scripts()])
def test_every_shipped_script_is_shell(script: str) -> None:
    assert subprocess.run([SHELL, "-n"], input=script, text=True, check=False).returncode == 0


def test_a_deployment_waits_until_every_image_is_signed(tmp_path: pathlib.Path) -> None:
    """Run the step's script with a gcloud that finds the signature of the first image at the third attempt."""
    calls = tmp_path / "calls"
    gcloud = f"""#!{SHELL}
echo "$*" >> {calls}
case "$*" in
  *describe*) echo sha256:abc ;;
  *"attestations list"*) test "$(grep -c attestations {calls})" -lt 3 || echo projects/p/occurrences/1 ;;
esac
"""
    for name, text in {"gcloud": gcloud, "sleep": f"#!{SHELL}\n"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    script = dict(scripts())["deploy_signed.yaml-await-signed-images"]
    variables = {"_IMAGES": "acme/a acme/b", "_ATTESTOR": "projects/p/attestors/a", "COMMIT_SHA": "1"}
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([SHELL], input=script, text=True, check=True, env={**variables, "PATH": path})
    asked = [line.split("--artifact-url=")[1].split()[0] for line in calls.read_text().splitlines() if "list" in line]
    assert asked == ["acme/a@sha256:abc"] * 3 + ["acme/b@sha256:abc"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"repository": code("repositories")}, "neither wait for approval"),
        ({"repository": "models"}, "a repository of a SourceConnection"),
        ({"branch": "^main$"}, "without refs/heads/"),
        ({"builders": {}}, "a Builders"),
        ({"builders": gp.Builders(images={"docker": "docker:1"})}, "an image by its digest"),
        ({"builders": gp.Builders(images={})}, "add docker, gcloud, python"),
        ({"images": registry("a", gp.RepositoryFormat.PYTHON)}, "format DOCKER"),
        ({"templates": registry("a")}, "format KFP"),
        ({"packages": registry("a")}, "format PYTHON"),
        ({"images": "images"}, "an ImageRepository"),
        ({"builder_repositories": ("a",)}, "builder_repositories[0]"),
        ({"image_directories": {}}, "names no image"),
        ({"image_directories": {"Trainer": "a"}}, "rename the image"),
        ({"image_directories": {"a" * 41: "a"}}, "is too long a name"),
        ({"image_directories": {"trainer": "/a"}}, "a directory in the repository"),
        ({"approvers": ()}, "deploys after an approval only"),
        ({"approvers": ("serviceAccount:bot@acme-ml-dev.iam.gserviceaccount.com",)}, "is no person"),
        ({"approvers": ("allUsers",)}, "approvers[0]"),
        ({"approvers": ("user:a@acme.test", "user:a@acme.test")}, "names a approver twice"),
        ({"review": None}, "builds from a protected branch only"),
        ({"review": gp.BranchReview(approvals=1, declared_by="user:a@acme.test")}, "review.approvals"),
        ({"review": gp.BranchReview(approvals=2, declared_by="me")}, "review.declared_by"),
        ({"attestor": None}, "deploys signed images only"),
        ({"attestor": "built"}, "an ImageAttestor"),
        ({"pool": None}, "builds in a private pool"),
        ({"network": "core"}, "a Network"),
        ({"network": network("http://10.0.0.2:443"), "pool": None}, "only workers inside the network reach"),
        ({"commands": "make"}, "a Commands"),
        ({"commands": gp.Commands(test="make test; echo $HOME")}, "without $"),
        ({"commands": gp.Commands(deploy="")}, "commands.deploy"),
        ({"commands": gp.Commands(deploy="deploy --token=abcdefgh")}, "holds a password"),
        ({"commands": gp.Commands(pipeline_file="/a")}, "commands.pipeline_file"),
        ({"contract": {}}, "the contract of an OnlineEndpoint"),
        ({"runs_as": ("a",)}, "runs_as[0]"),
        ({"infrastructure": "infra"}, "an Infrastructure"),
        ({"infrastructure": infrastructure(stack="a b")}, "infrastructure.stack"),
        ({"infrastructure": infrastructure(state="gs://a")}, "infrastructure.state"),
        ({"infrastructure": infrastructure(directory="/")}, "infrastructure.directory"),
        ({"infrastructure": infrastructure(secrets_key="k")}, "infrastructure.secrets_key"),
        ({"infrastructure": infrastructure(gate="a\nb")}, "infrastructure.gate"),
        ({"accounts": {"deployer": account("other-account")}}, "did you mean deploy?"),
        ({"accounts": {"deploy": "a"}}, "a ServiceIdentity"),
        (
            {"accounts": {"deploy": account("other-account"), "image": account("other-account")}},
            "account for two roles twice",
        ),
        ({"outside_builders": {"acme/models": "github"}}, "a WorkloadIdentity"),
    ],
)
def test_bad_arguments_are_refused(more: dict[str, Any], message: str) -> None:
    assert message in refused(**more)
