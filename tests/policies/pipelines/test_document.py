"""A file as a document: which files are pipelines, and the line of what is at fault."""

import json
from dataclasses import replace
from datetime import date

import pytest
import yaml

from groundplan_policies.engine.document import Document, Profile
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.results import Proof
from groundplan_policies.engine.values import SECRET, SIGNATURE
from groundplan_policies.pipelines.document import is_pipeline, pipeline_document
from groundplan_policies.pipelines.found import SPEC
from groundplan_policies.settings import read_settings
from tests.policies.pipelines.specs import good, roles
from tests.policies.rules.pipeline.runs import schedule

DAY = date(2026, 6, 15)


def document(spec: object, file: str = "flows/income.yaml") -> Document:
    return pipeline_document(yaml.safe_dump(spec).encode(), "income.yaml", file)


@pytest.mark.parametrize(
    ("raw", "name", "expected"),
    [
        ("anything", "a.yaml", True),
        ("anything", "b/A.YML", True),
        (json.dumps(good()), "a.json", True),
        (json.dumps(good()), "", True),
        (yaml.safe_dump(good()), "", True),
        (yaml.safe_dump(good()), "a.txt", True),
        ('{"deployment": {}, "version": 3}', "a.json", False),
        ('{"steps": []}', "", False),
        (json.dumps({"version": 3, "deployment": {"resources": [schedule().inputs]}}), "", False),
        ('{"a": {"pipelineInfo": 1}}', "", False),
        ('{"pipelineInfo"', "", False),
        ('["pipelineInfo"]', "", False),
        ("{" * 5000 + '"pipelineInfo"', "", False),
        ("no pipelineInfo: here", "", False),
        ("", "", False),
    ],
    ids=map(str, range(15)),
)
def test_a_pipeline_is_told_from_a_deployment(raw: str, name: str, expected: bool) -> None:
    assert is_pipeline(raw.encode(), name) is expected


def test_it_has_one_resource_with_the_pipelines_name() -> None:
    made = document(good())
    (only,) = made.resources
    assert (only.type, only.name, made.profile, made.gaps) == (SPEC, "income", Profile.PIPELINE, ())
    assert json.loads(str(only.inputs["spec"])) == good()
    assert str(only.source) == "flows/income.yaml:1"


@pytest.mark.parametrize("info", [None, {}, {"name": ""}, {"name": 7}, "x"])
def test_one_without_a_name_gets_one(info: object) -> None:
    assert document({**good(), "pipelineInfo": info}).resources[0].name == "pipeline"


def test_standard_input_has_no_lines() -> None:
    made = document(good(), "")
    assert (made.resources[0].source, made.places) == (None, {})


def test_the_line_is_that_of_the_value_or_of_what_holds_it() -> None:
    text = yaml.safe_dump(good()).splitlines()
    made = document(good())
    (only,) = made.resources

    def line(path: str) -> str:
        found = made.place(only, path)
        assert found is not None
        return text[found.line - 1].strip()

    assert line("schemaVersion") == "schemaVersion: 2.1.0"
    assert line('deploymentSpec.executors["exec-train"].container.image').startswith("image:")
    assert line('deploymentSpec.executors["exec-train"].container.command[2]').startswith("- ")
    assert line("root.dag.tasks.train") == line("root.dag.tasks.train.retryPolicy.maxRetryCount") == "train:"
    assert line('root["a.b"].c[0]') == "root:"
    assert str(made.place(only, "")) == str(made.place(only, "nowhere")) == "flows/income.yaml:1"


def test_a_finding_has_the_line_of_its_first_reason() -> None:
    spec = {**good(), "schemaVersion": "1"}
    found = evaluate(document(spec), read_settings("regulated"), as_of=DAY)
    (fault,) = (each for each in found.findings if each.control == "PIPE-10")
    assert fault.source is not None
    assert yaml.safe_dump(spec).splitlines()[fault.source.line - 1] == "schemaVersion: '1'"
    assert found.level_of_proof is Proof.PIPELINE


def test_the_fingerprint_lapses_with_any_change_of_the_pipeline() -> None:
    def fingerprint(spec: object) -> str:
        found = evaluate(document(spec), read_settings("regulated"), as_of=DAY)
        return next(each.fingerprint for each in found.findings if each.control == "PIPE-06")

    assert fingerprint(good()) == fingerprint(dict(reversed(good().items())))
    assert fingerprint(good()) != fingerprint({**good(), "sdkVersion": "kfp-2.18.0"})


def test_marks_of_pulumi_in_a_pipeline_are_no_secrets_but_are_looked_for() -> None:
    assert document({**good(), "sdkVersion": SIGNATURE}).may_hold_secrets
    assert document({**good(), "sdkVersion": SECRET}).may_hold_secrets
    assert not document(good()).may_hold_secrets


def test_roles_of_the_settings_decide() -> None:
    settings = read_settings("regulated")
    given = replace(settings, parameters=replace(settings.parameters, pipeline_components=roles(good())))
    counts = evaluate(document(good()), given, as_of=DAY).counts
    assert {name for name in counts if name.startswith("PIPE") and counts[name].passed} == {
        *("PIPE-07", "PIPE-09", "PIPE-10"),
    }
    # That a component does what its role says is somebody's word.
    assert {name for name in counts if name.startswith("PIPE") and counts[name].declared} == {
        *("PIPE-01", "PIPE-02", "PIPE-03"),
    }
