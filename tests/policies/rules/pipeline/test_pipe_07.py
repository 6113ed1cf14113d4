"""PIPE-07: no secret is written down in a pipeline."""

import json
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.pipeline.pipe_07 import CONTROL
from tests.policies.pipelines.specs import COMPONENTS, TASKS, Spec, good, graph, pipeline, task
from tests.policies.rules.harness import outcome, secret, stated_verdicts
from tests.policies.rules.pipeline.runs import changed, faults, file, parameters, said, schedule, verdict_of

CONTAINER = 'deploymentSpec.executors["exec-train"].container'
TOKEN = "ghp_" + "aB3dE5gH7jK9" * 3
WORD = "correct horse battery"

test_stated_verdicts = stated_verdicts(CONTROL, [schedule(), file()], parameters=parameters(good()))


def container(**changes: Any) -> Spec:
    spec = good()
    spec["deploymentSpec"]["executors"]["exec-train"]["container"].update(changes)
    return spec


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"env": [{"name": "A", "value": "b"}, {"name": "DB_PASSWORD", "value": WORD}]}, "env[1]"),
        ({"env": [{"name": "A", "value": TOKEN}]}, "env[0]"),
        ({"args": ["--api-key", WORD]}, "args[1]"),
        ({"args": [f"--password={WORD}"]}, "args[0]"),
        ({"args": ["--config", json.dumps({"deep": [{"password": WORD}]})]}, "args[1]"),
        ({"args": ["x", TOKEN]}, "args[1]"),
        ({"command": ["sh", "-c", f"run {TOKEN}"]}, "command[2]"),
        ({"command": ["sh", f'password = "{WORD}"\nrun()']}, "command[1]"),
        ({"command": ["sh", f"os.environ['DB_PASSWORD'] = '{WORD}'"]}, "command[1]"),
        ({"command": ["sh", f'{{"api_key": "{WORD}"}}']}, "command[1]"),
        ({"command": ["run", "--password", WORD]}, "command[2]"),
        ({"command": ["run", "--password=hunter2"]}, "command[1]"),
        ({"command": ["env", "DB_PASSWORD=hunter2", "run"]}, "command[1]"),
        ({"args": ["DB_PASSWORD=hunter2"]}, "args[0]"),
        ({"args": ["db_password=hunter2"]}, "args[0]"),
        ({"args": ["run --password=hunter2 x"]}, "args[0]"),
        ({"args": ["export DB_PASSWORD=hunter2 && run"]}, "args[0]"),
        ({"command": ["sh", "-c", "DB_PASSWORD=hunter2 run"]}, "command[2]"),
        ({"command": ["sh", "-c", "run --password=hunter2"]}, "command[2]"),
        ({"command": ["/bin/bash", "-ec", "run --password hunter2"]}, "command[2]"),
        ({"command": ["sh", f'def run(password: str = "{WORD}"):\n    pass']}, "command[1]"),
        ({"command": ["sh", f'api_key: str | None = """{WORD}"""']}, "command[1]"),
        ({"command": ["sh", f"os.getenv('DB_PASSWORD', '{WORD}')"]}, "command[1]"),
        ({"command": ["sh", f"os.environ.get('DB_PASSWORD', '{WORD}')"]}, "command[1]"),
        ({"args": ["sh", f'password = "{WORD}"']}, "args[1]"),
    ],
)
def test_a_secret_in_a_container_fails_and_is_not_shown(changes: dict[str, Any], place: str) -> None:
    found = said(CONTROL, container(**changes))
    assert faults(found) == [("fail", f"{CONTAINER}.{place}")]
    assert WORD not in str(found)
    assert TOKEN not in str(found)


@pytest.mark.parametrize(
    "changes",
    [
        {"env": [{"name": "DB_PASSWORD", "value": "projects/acme-ml/secrets/db/versions/1"}]},
        {"env": [{"name": "DB_PASSWORD", "value": ""}, {"name": "DB_PASSWORD"}]},
        {"args": ["--password", "{{$.inputs.parameters['password']}}"]},
        {"args": ["--password", "--verbose"]},
        {"args": ["--token", "{{$.json_escape[1]}}", "--function_to_execute", "train"]},
        {"args": ["--password-file", "/run/secret"]},
        {"args": [f"--image=a@sha256:{'a' * 64}"]},
        {"command": ["sh", "-c", "password = read()\ntoken: str = ''\n"]},
        {"command": ["sh", "-c", "run --password-file x --token $TOKEN --token=$TOKEN\nTOKEN=$(read)"]},
        {"command": ["run", "parse('--token', help='the token')\nconnect(password=password)\n    token=token,\n"]},
        {"command": ["run", "def run(token: str, password: str = ''):\n    pass  # --token VALUE"]},
        {"command": ["run", "os.getenv('DB_PASSWORD', '')\nos.environ['TOKEN']"]},
        {"command": ["run", "--token-count", "7", "x=1"]},
        {"command": ["sh", "-c", f"digest = '{'a1' * 32}'"]},
        {"args": ["[1, 2", "{", 7, True, None]},
        {"env": None, "args": None, "command": None},
    ],
)
def test_references_and_ordinary_words_pass(changes: dict[str, Any]) -> None:
    assert verdict_of(CONTROL, container(**changes)) is Verdict.PASS


def test_a_long_hexadecimal_number_is_indeterminate() -> None:
    assert faults(said(CONTROL, container(args=["--x", "0a" * 20]))) == [("indeterminate", f"{CONTAINER}.args[1]")]


def test_defaults_and_constants_of_every_graph_are_read() -> None:
    spec = good()
    spec["root"]["inputDefinitions"] = {"parameters": {"db_password": {"defaultValue": WORD}, "a": {}}}
    assert faults(said(CONTROL, spec)) == [("fail", "root.inputDefinitions.parameters.db_password.defaultValue")]
    tasks = {**TASKS, "clean": task("clean", data="ingest.data", parameters={"token": WORD})}
    found = said(CONTROL, pipeline(tasks, COMPONENTS))
    assert faults(found) == [("fail", "root.dag.tasks.clean.inputs.parameters.token.runtimeValue.constant")]
    inner = graph({"look": task("clean", parameters={"limits": {"password": [WORD]}})})
    spec = pipeline({**TASKS, "more": task("inner")}, {**COMPONENTS, "inner": inner})
    assert faults(said(CONTROL, spec)) == [
        ("fail", "components.inner.dag.tasks.look.inputs.parameters.limits.runtimeValue.constant")
    ]


def test_defaults_of_components_are_read() -> None:
    spec = good()
    inputs = {"parameters": {"db_password": {"defaultValue": WORD}, "depth": {"defaultValue": 4}}}
    spec["components"]["train"].setdefault("inputDefinitions", {}).update(inputs)
    place = "inputDefinitions.parameters.db_password.defaultValue"
    assert faults(said(CONTROL, spec)) == [("fail", f"components.train.{place}")]
    inner = graph({"look": task("clean")}, inputDefinitions=inputs)
    spec = pipeline({**TASKS, "more": task("inner")}, {**COMPONENTS, "inner": inner})
    assert faults(said(CONTROL, spec)) == [("fail", f"components.inner.{place}")]


def test_lists_that_are_looped_over_are_read() -> None:
    for raw, expected in (([{"password": WORD}], "fail"), ([{"depth": 4}], "pass")):
        look = {**task("clean"), "parameterIterator": {"itemInput": "item", "items": {"raw": json.dumps(raw)}}}
        found = said(CONTROL, pipeline({**TASKS, "look": look}, COMPONENTS))
        assert found.verdict == expected
        assert {each.path for each in found.reasons} <= {"root.dag.tasks.look.parameterIterator.items.raw"}


def test_a_token_is_found_wherever_it_is() -> None:
    spec = good()
    importer = {"artifactUri": {"constant": f"https://robot:{WORD.replace(' ', '')}@example.test/data"}}
    spec["deploymentSpec"]["executors"]["exec-ingest"] = {"importer": importer}
    place = 'deploymentSpec.executors["exec-ingest"].importer.artifactUri.constant'
    assert faults(said(CONTROL, spec)) == [("fail", place)]
    job = {"customJob": {"workerPoolSpecs": [{"containerSpec": {"env": [{"name": "A", "value": TOKEN}]}}]}}
    spec["deploymentSpec"]["executors"]["exec-ingest"] = {"customJob": job}
    assert verdict_of(CONTROL, spec) is Verdict.FAIL


def test_what_is_no_container_is_not_looked_at() -> None:
    spec = good()
    spec["deploymentSpec"]["executors"]["exec-ingest"] = {"customJob": {"customJob": {}}}
    assert faults(said(CONTROL, spec)) == [("indeterminate", 'deploymentSpec.executors["exec-ingest"]')]


def test_what_a_job_gives_is_read_too() -> None:
    path = "createPipelineJobRequest.pipelineJob.runtimeConfig.parameterValues"
    for value, expected in ((WORD, "fail"), (secret(), "fail"), (UNKNOWN, "indeterminate"), ("", "pass")):
        found = outcome(CONTROL, changed("runtimeConfig.parameterValues", {"db_password": value}))
        assert found.verdict == expected
        assert {each.path for each in found.reasons} <= {f"{path}.db_password"}


@pytest.mark.parametrize("changes", [{"env": "x"}, {"env": [7]}, {"args": "x"}, {"command": 7}])
def test_odd_shapes_are_no_crash(changes: dict[str, Any]) -> None:
    assert verdict_of(CONTROL, container(**changes)) is Verdict.PASS
    assert verdict_of(CONTROL, container(env=TOKEN)) is Verdict.FAIL
