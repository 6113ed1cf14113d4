"""PIPE-06: images of pipelines are pinned, and tasks install nothing while they run."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.pipeline.pipe_06 import CONTROL
from tests.policies.pipelines.specs import IMAGE, Spec, good
from tests.policies.rules.harness import R, outcome, stated_verdicts
from tests.policies.rules.pipeline.runs import faults, file, parameters, said, schedule, verdict_of

CONTAINER = 'deploymentSpec.executors["exec-train"].container'

test_stated_verdicts = stated_verdicts(CONTROL, [schedule(), file()], parameters=parameters(good()))


def container(**changes: Any) -> Spec:
    spec = good()
    held = spec["deploymentSpec"]["executors"]["exec-train"]["container"]
    for key, value in changes.items():
        held[key] = value
    return spec


@pytest.mark.parametrize(
    "image",
    [
        "europe-west4-docker.pkg.dev/acme-ml/images/tasks:1.0",
        "europe-west4-docker.pkg.dev/acme-ml/images/tasks",
        f"europe-west4-docker.pkg.dev/acme-ml/images/tasks@sha256:{'a' * 63}",
        f"docker.io/library/python@sha256:{'a' * 64}",
        f"europe-west4-docker.pkg.dev/acme-ml/images2/tasks@sha256:{'a' * 64}",
        "",
        None,
    ],
)
def test_an_image_that_is_not_pinned_or_of_elsewhere_fails(image: object) -> None:
    assert faults(said(CONTROL, container(image=image))) == [("fail", f"{CONTAINER}.image")]


@pytest.mark.parametrize("image", ["{{$.inputs.parameters['image']}}", 7])
def test_an_image_that_is_filled_in_later_or_is_none_is_indeterminate(image: object) -> None:
    assert faults(said(CONTROL, container(image=image))) == [("indeterminate", f"{CONTAINER}.image")]


def test_without_registries_in_the_settings_nobody_can_tell() -> None:
    world = replace(parameters(good()), allowed_registries=None)
    assert outcome(CONTROL, schedule(), parameters=world).verdict is Verdict.INDETERMINATE
    own = R(
        "artifactregistry.Repository",
        {"project": "acme-ml", "location": "europe-west4", "repositoryId": "images", "format": "DOCKER"},
        "images",
    )
    assert outcome(CONTROL, schedule(), own, parameters=world).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "words",
    [
        "pip install pandas",
        "python3 -m pip install --quiet 'kfp==2.17.0' && exec run",
        "PIP install x",
        "pip3.11 install -r requirements.txt",
        "uv pip install x",
        "pip install --require-hashes -r a.txt; pip install b",
        "curl https://example.test/run | sh",
        "cd /tmp; wget -q https://example.test/x",
        "apt-get -y install git",
        "git clone https://example.test/x",
        "npm install x",
        "conda install x",
        "/usr/bin/curl -s x",
        "x=`curl y`",
        'subprocess.run(["pip", "install", "x"])',
        "uvx run",
        "pip --no-cache-dir install pandas",
        "python -m pip -q --index-url https://example.test install pandas",
        "pip \\\n  install pandas",
        "pip install pandas  # --require-hashes",
        "pip download pandas",
        "pip wheel pandas",
        'subprocess.check_call([sys.executable, "-m", "pip", "install", "pandas"])',
        "pip.main(['install', 'pandas'])",
        "from pip._internal import main",
        'subprocess.run(["curl", "-s", "https://example.test/x"])',
        "subprocess.run(['apt-get', '-y', 'install', 'git'])",
        "poetry install",
        "pipenv sync",
        "conda env update -f x.yaml",
        "uv run --with pandas x.py",
        "npx run",
        "easy_install pandas",
        "Rscript -e \"install.packages('dplyr')\"",
    ],
)
@pytest.mark.parametrize("key", ["command", "args"])
def test_what_installs_or_fetches_fails(words: str, key: str) -> None:
    spec = container(**{key: ["sh", "-c", words]})
    assert faults(said(CONTROL, spec)) == [("fail", f"{CONTAINER}.{key}[2]")]


def test_what_runs_before_a_cached_result_is_taken_counts() -> None:
    hook = {"preCacheCheck": {"command": ["sh", "-c", "curl https://example.test/x"]}}
    place = f"{CONTAINER}.lifecycle.preCacheCheck.command"
    assert faults(said(CONTROL, container(lifecycle=hook))) == [("fail", f"{place}[2]")]
    assert faults(said(CONTROL, container(lifecycle={"preCacheCheck": {"command": 7}}))) == [("indeterminate", place)]
    assert verdict_of(CONTROL, container(lifecycle={"preCacheCheck": {"command": ["true"]}})) is Verdict.PASS


def test_words_of_a_list_are_read_together() -> None:
    assert faults(said(CONTROL, container(args=["pip", "install", "pandas"]))) == [("fail", f"{CONTAINER}.args")]
    assert faults(said(CONTROL, container(args=["curl", "-s", "x"]))) == [("fail", f"{CONTAINER}.args")]


@pytest.mark.parametrize(
    "words",
    [
        "pip install --require-hashes -r requirements.txt",
        "pip --no-cache-dir install -r requirements.txt --require-hashes",
        "pip install -r requirements.txt \\\n  --require-hashes",
        "# pip is not there to install anything",
        "pipeline = install(data)",
        "import pipelines",
        "python -m run --curl-depth 3",
        "def curl(field): return field",
        "# pipelines install themselves",
        "python -m census_workloads train",
    ],
)
def test_what_installs_nothing_or_only_what_was_reviewed_passes(words: str) -> None:
    assert verdict_of(CONTROL, container(command=["sh", "-c", words])) is Verdict.PASS


@pytest.mark.parametrize("key", ["command", "args"])
@pytest.mark.parametrize("words", ["pip install x", 7, {"a": 1}, [7], [["pip install x"]]])
def test_words_of_another_type_are_indeterminate(key: str, words: object) -> None:
    assert verdict_of(CONTROL, container(**{key: words})) is Verdict.INDETERMINATE


def test_an_importer_has_no_image_and_other_executors_are_not_looked_at() -> None:
    spec = good()
    spec["deploymentSpec"]["executors"]["exec-ingest"] = {"importer": {"artifactUri": {"constant": "gs://a"}}}
    assert verdict_of(CONTROL, spec) is Verdict.PASS
    spec["deploymentSpec"]["executors"]["exec-ingest"] = {"customJob": {"customJob": {}}}
    assert faults(said(CONTROL, spec)) == [("indeterminate", 'deploymentSpec.executors["exec-ingest"]')]


def test_executors_are_looked_at_though_the_pipeline_cannot_be_walked() -> None:
    spec = container(image="python")
    spec["schemaVersion"] = "3"
    assert verdict_of(CONTROL, spec) is Verdict.FAIL
    assert IMAGE not in str(said(CONTROL, spec))
