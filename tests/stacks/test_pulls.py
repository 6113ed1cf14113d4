"""Whoever runs an image of ours may read the repository that it comes from, in each of the three environments."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stacks.previews import resources

STACKS = ("learner", "team", "regulated")
MEMBER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"
PULLS = {"roles/artifactregistry.reader", "roles/artifactregistry.writer"}
IMAGE = re.compile(r"[a-z0-9-]+-docker\.pkg\.dev/([a-z0-9-]+)/([a-z0-9-]+)/")


def readers(stack: str) -> dict[tuple[str, str], set[str]]:
    """Return who may pull from each repository, by project and id: members, and the names of the grants."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for r in resources(stack):
        if r["type"] == MEMBER and r["inputs"]["role"] in PULLS:
            place = (r["inputs"]["project"], r["inputs"]["repository"])
            found[place] |= {r["inputs"]["member"].removeprefix("serviceAccount:"), r["urn"].rsplit("::", 1)[-1]}
    return dict(found)


def outputs(stack: str) -> dict[str, Any]:
    """Return the outputs of a stack."""
    (found,) = (r["outputs"] for r in resources(stack) if r["type"] == "pulumi:pulumi:Stack")
    return dict(found)


def runners(stack: str) -> Iterator[tuple[str, str]]:
    """Give each account that runs images that the platform builds, with what it runs them as."""
    for r in resources(stack):
        inputs, name = r.get("inputs", {}), r["urn"].rsplit("::", 1)[-1]
        if r["type"] in {"gcp:container/nodePool:NodePool", "gcp:container/cluster:Cluster"}:
            yield name, inputs["nodeConfig"]["serviceAccount"]
        if r["type"] == "gcp:tpu/v2Vm:V2Vm":
            yield name, inputs["serviceAccount"]["email"]
        if r["type"] == "gcp:colab/schedule:Schedule":
            yield name, inputs["createPipelineJobRequest"]["pipelineJob"]["serviceAccount"]
        if r["type"] == "groundplan:training:TrainingPool":
            yield name, r["outputs"]["accountEmail"]
        if r["type"] == "groundplan:serving:OnlineEndpoint":
            yield name, r["outputs"]["deployContract"]["account"]


def images_of(stack: str) -> tuple[str, str]:
    """Return the project and the id of the repository of what the platform builds."""
    (found,) = (r["inputs"] for r in resources(stack) if r["urn"].endswith("::images-repository"))
    return found["project"], found["repositoryId"]


@pytest.mark.parametrize("stack", STACKS)
def test_every_account_that_runs_our_images_may_read_them(stack: str) -> None:
    allowed = readers(stack)[images_of(stack)]
    found = dict(runners(stack))
    accelerators = "kube-pool-h100" if stack == "regulated" else "kube-pool-l4"
    assert {accelerators, "kube-pool-system", "income-training", "income"} <= set(found)
    assert any("schedule" in name for name in found)
    assert {name for name, account in found.items() if account not in allowed} == set()


@pytest.mark.parametrize("stack", STACKS)
def test_google_pulls_as_its_own_agents_what_jobs_and_models_run(stack: str) -> None:
    (workload,) = {r["inputs"]["project"] for r in resources(stack) if r["type"] == "gcp:vertex/aiEndpoint:AiEndpoint"}
    project, repository = images_of(stack)
    assert f"images-reader-agent-aiplatform-{workload}" in readers(stack)[project, repository]
    asked = [
        one
        for one in outputs(stack)["requests"]
        if one.get("member", "").endswith("@gcp-sa-aiplatform-cc.iam.gserviceaccount.com")
    ]
    # Where they share a project, the agent's own role there lets it pull.
    assert [(one["grant"], one["on"], one["project"]) for one in asked] == (
        [] if project == workload else [("roles/artifactregistry.reader", repository, project)]
    )


@pytest.mark.parametrize("stack", STACKS)
def test_every_build_may_pull_the_images_of_its_steps(stack: str) -> None:
    allowed = readers(stack)
    builds = [r["inputs"] for r in resources(stack) if r["type"] == "gcp:cloudbuild/trigger:Trigger"]
    assert len(builds) >= 4  # test, image, pipeline, deploy
    for build in builds:
        account = build["serviceAccount"].rsplit("/", 1)[-1]
        for step in build["build"]["steps"]:
            project, repository = IMAGE.match(step["name"]).groups()  # type: ignore[union-attr] # an image, or it fails
            assert account in allowed[project, repository], build["name"]


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_named_by_its_image_comes_from_a_repository_of_the_plan(stack: str) -> None:
    made = {
        (r["inputs"]["project"], r["inputs"]["repositoryId"])
        for r in resources(stack)
        if r["type"] == "gcp:artifactregistry/repository:Repository"
    }
    text = json.dumps([r.get("inputs", {}) for r in resources(stack) if r["type"] != "pulumi:pulumi:Stack"])
    named = {(found[1], found[2]) for found in IMAGE.finditer(text)}
    assert named
    assert named <= made


@pytest.mark.parametrize("stack", STACKS)
def test_notebooks_may_install_packages(stack: str) -> None:
    (packages,) = (r["inputs"] for r in resources(stack) if r["urn"].endswith("::packages-repository"))
    allowed = readers(stack)[packages["project"], packages["repositoryId"]]
    accounts = {
        account["email"]
        for r in resources(stack)
        if r["type"] == "gcp:workbench/instance:Instance"
        for account in r["inputs"]["gceSetup"]["serviceAccounts"]
    }
    assert accounts
    assert accounts <= allowed


def test_builds_are_told_of_the_proxy_where_it_is_the_only_way_out() -> None:
    (gateway,) = (r["inputs"] for r in resources("regulated") if r["type"] == "gcp:networkservices/gateway:Gateway")
    address = f"HTTPS_PROXY=http://{gateway['addresses'][0]}:{int(gateway['ports'][0])}"
    builds = [r["inputs"]["build"] for r in resources("regulated") if r["type"] == "gcp:cloudbuild/trigger:Trigger"]
    assert builds
    for build in builds:
        assert address in build["options"]["envs"]
        (direct,) = (one for one in build["options"]["envs"] if one.startswith("NO_PROXY="))
        assert {"googleapis.com", "pkg.dev"} <= set(direct.removeprefix("NO_PROXY=").split(","))


def test_where_there_is_another_way_out_builds_are_told_of_no_proxy() -> None:
    for stack in ("learner", "team"):
        assert "HTTPS_PROXY=" not in json.dumps(resources(stack)).replace("--build-arg=HTTPS_PROXY", "")
