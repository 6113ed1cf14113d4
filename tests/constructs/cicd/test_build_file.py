"""Build files: what is read, and what the lint refuses."""

from __future__ import annotations

import pytest

import groundplan as gp
from tests.constructs.cicd.files import BUILDERS, DIGEST, GOOD, build

IMAGE = f"europe-west4-docker.pkg.dev/acme-ml-dev/builders/python{DIGEST}"


def refused(text: str) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        build(text)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def step(more: str) -> str:
    return f"steps:\n  - name: {IMAGE}\n    {more}\n"


def test_a_good_file_is_read_with_its_builders_images() -> None:
    found = build()
    assert found.images == set(BUILDERS.images.values())
    assert found.substitutions == {"_IMAGE": "europe-west4-docker.pkg.dev/acme-ml-dev/images/trainer"}
    assert [step["id"] for step in found.steps] == ["test", "build"]
    assert found.secrets == set()


def test_secrets_are_asked_for_by_name() -> None:
    assert build(step("secretEnv: [TOKEN]")).secrets == {"TOKEN"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("steps: [", "is no YAML"),
        ("- a", "a mapping with `steps`"),
        ("tags: [a]", "are no list of steps"),
        ("steps: []", "are no list of steps"),
        ("steps: [docker]", "are no list of steps"),
        (GOOD.replace("builder/docker", "builder/dokcer"), "did you mean docker?"),
        (step("").replace(DIGEST, ":v1"), "a tag can be moved"),
        (step("").replace(DIGEST, ""), "a tag can be moved"),
        (GOOD + "serviceAccount: builder\n", "is the trigger's to say"),
        (GOOD + "options: {logging: NONE}\n", "is the trigger's to say"),
        (GOOD + "availableSecrets: {}\n", "is the trigger's to say"),
        (GOOD + "imags: []\n", "did you mean images?"),
        (step("agrs: [build]"), "did you mean args?"),
        (step("allowFailure: true"), "although the step failed"),
        (step("script: set -eu\n    args: [a]"), "stands beside args"),
        (step("script: make test"), "goes on after a command that fails"),
        (step('script: "#!/usr/bin/env bash\\nmake test"'), "goes on after a command that fails"),
        (step('script: "set -eu; echo $COMMIT_SHA"'), "does not put into scripts"),
        (step('script: "set -eu; echo ${_IMAGE}"'), "does not put into scripts"),
        (step("waitFor: [test]"), "waits for a step that does not come before"),
        (step("id: a") + f"  - name: {IMAGE}\n    id: a\n", "names a step id twice"),
        (step('args: ["$_IMAGE"]'), "lack what the steps use"),
        (step("args: [a]") + "substitutions: {_IMAGE: x}\n", "names that no step uses"),
        (step("args: [$_image]") + "substitutions: {image: x}\n", "an underscore, then capitals"),
        (step("args: [a]") + "substitutions: [a]\n", "a mapping of names to values"),
        (step("args: [a]") + "images: [acme/trainer]\n", "has no tag of its own"),
        (step("args: [a]") + "images: ['acme/trainer:latest']\n", "has no tag of its own"),
        (step("args: [a]") + "images: acme/trainer\n", "a list of images"),
    ],
)
def test_the_lint_refuses(text: str, message: str) -> None:
    assert message in refused(text)


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "a" * 36,
        "glpat-" + "a" * 20,
        "AIza" + "b" * 35,
        "ya29." + "c" * 30,
        "AKIA" + "D" * 16,
        "PASSWORD=hunter2hunter2",
        "--token=abcdefgh",
        "https://ci:hunter2@git.acme.test/models.git",
        "-----BEGIN RSA PRIVATE KEY-----",
    ],
)
def test_a_secret_is_refused_and_not_printed(secret: str) -> None:
    message = refused(step(f"args: ['{secret}']"))
    assert "for everybody who may read the trigger" in message
    assert secret not in message


@pytest.mark.parametrize("harmless", ["--token=${_T}", "TOKEN_FILE", "--password-stdin", "https://git.acme.test/a"])
def test_what_only_looks_like_a_secret_passes(harmless: str) -> None:
    text = step(f"args: ['{harmless}']")
    build(text + "substitutions: {_T: ''}\n" if "_T}" in harmless else text)


def test_all_findings_come_at_once() -> None:
    message = refused("steps:\n  - name: docker\n    allowFailure: true\nimags: []\n")
    assert "3 arguments cannot be used" in message


def test_the_shells_own_variables_are_escaped() -> None:
    assert build(step('args: ["-c", "echo $$HOME"]')).steps[0]["args"][1] == "echo $$HOME"


def test_a_script_of_another_language_needs_no_shell_habits() -> None:
    script = "#!/usr/bin/env python\\nprint('hello')"
    assert build(step(f'script: "{script}"')).steps[0]["script"] == script.replace("\\n", "\n")


def test_a_strict_script_may_name_its_shell() -> None:
    assert build(step('script: "#!/usr/bin/env bash\\nset -euo pipefail\\nmake test"')).steps


def test_builders_are_named_by_digest() -> None:
    with pytest.raises(gp.ArgumentError, match="an image by its digest"):
        gp.BuildFile.parse(GOOD, name="a", builders=gp.Builders(images={"docker": "docker:1", "python": IMAGE}))


def test_a_file_without_builders_names_its_images_itself() -> None:
    assert gp.BuildFile.parse(step("args: [a]"), name="a").images == {IMAGE}
