"""The pack, started as Pulumi's engine starts it and asked over its protocol."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2

from groundplan_policies.engine import Document
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.values import ASSET, REFERENCE, SECRET, SIGNATURE, UNKNOWN
from groundplan_policies.waivers.faults import FAULTS
from tests.policies.crossguard.engine import PACK, Engine, start_pack
from tests.policies.rules.harness import R, document, urn

CANARY = "c4n4ry-in-a-secret"


@pytest.fixture(scope="module")
def running() -> Iterator[Engine]:
    with start_pack() as found:
        yield found


@pytest.fixture
def engine(running: Engine) -> Engine:
    running.configure(asOf="2026-06-15")
    return running


def messages(engine: Engine, resource: R, control: str) -> list[str]:
    """What one control says of a resource and the stack around it."""
    answers = engine.run(document(resource))
    every = [*(one for _, each in answers.early for one in each.diagnostics), *answers.stack.diagnostics]
    return [each.message for each in every if each.policyName == control]


def test_the_pack_says_what_it_holds(running: Engine) -> None:
    info = running.stub.GetAnalyzerInfo(empty_pb2.Empty())
    policies = {each.name: each for each in info.policies}

    assert (info.name, info.version, info.supportsConfig) == ("groundplan", version("groundplan-policies"), True)
    assert set(policies) == {"guardrails", *all_controls(), *FAULTS}
    assert len(policies) == len(info.policies)
    bucket = policies["DAT-05"]
    assert bucket.displayName == all_controls()["DAT-05"].title
    assert bucket.remediation_steps == all_controls()["DAT-05"].remedy
    assert bucket.enforcementLevel == analyzer_pb2.MANDATORY
    assert bucket.severity == analyzer_pb2.POLICY_SEVERITY_HIGH
    # What passes is known with the whole stack; told as a policy of resources it would pass too early.
    assert {each.policy_type for each in info.policies} == {analyzer_pb2.POLICY_TYPE_STACK}
    assert set(policies["guardrails"].configSchema.properties) == {"tier", "settings", "waivers", "asOf"}


def test_the_file_for_pulumi_agrees_with_the_package(running: Engine) -> None:
    told = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text(encoding="utf-8"))

    assert told["version"] == version("groundplan-policies")
    assert told["runtime"]["name"] == "python"
    assert running.stub.GetPluginInfo(empty_pb2.Empty()).version == told["version"]


def test_a_resource_that_fails_is_told_with_the_id_of_the_control(engine: Engine) -> None:
    whole = document(R("storage.Bucket", {"publicAccessPrevention": "inherited"}, "logs"))
    (told,) = (each for each in engine.analyze(whole.resources[1], whole).diagnostics if each.policyName == "DAT-05")

    assert told.policyPackName == "groundplan"
    assert told.enforcementLevel == analyzer_pb2.MANDATORY
    assert told.severity == analyzer_pb2.POLICY_SEVERITY_HIGH
    assert told.urn == urn("storage.Bucket", "logs")
    title, fails, *_ = told.message.splitlines()
    assert title == all_controls()["DAT-05"].title
    assert fails == "fails: publicAccessPrevention: is not enforced (inherited)"


def test_levels_are_those_of_the_settings(running: Engine) -> None:
    running.configure(tier="learner")
    whole = document(R("storage.Bucket", {"publicAccessPrevention": "inherited"}))

    assert {each.enforcementLevel for each in running.analyze(whole.resources[1], whole).diagnostics} == {
        analyzer_pb2.ADVISORY
    }


def test_laxer_levels_of_the_configuration_do_not_hold_and_are_told(running: Engine) -> None:
    running.configure(levels={"DAT-05": analyzer_pb2.DISABLED, "DAT-06": analyzer_pb2.ADVISORY})
    whole = document(R("storage.Bucket", {"publicAccessPrevention": "inherited"}))
    answers = running.run(whole)

    early = {each.policyName: each.enforcementLevel for _, one in answers.early for each in one.diagnostics}
    assert early["DAT-05"] == analyzer_pb2.MANDATORY
    (told,) = (each for each in answers.stack.diagnostics if each.policyName == "guardrails")
    assert "DAT-05, DAT-06" in told.message
    assert told.enforcementLevel == analyzer_pb2.ADVISORY


def test_nothing_is_told_of_levels_where_nobody_asks_for_others(engine: Engine) -> None:
    assert messages(engine, R("storage.Bucket", {}), "guardrails") == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({SIGNATURE: SECRET, "value": CANARY}, "is a secret"),
        (UNKNOWN, "is known only after the deployment"),
        ("1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", "is known only after the deployment"),
        ({SIGNATURE: ASSET, "text": CANARY}, "is not what the provider takes there"),
        ({SIGNATURE: REFERENCE, "urn": CANARY}, "is not what the provider takes there"),
        ([], "is empty"),
        (None, "is absent"),
        (7, "is a number where a text is expected"),
    ],
)
def test_odd_values_stop_nothing_and_are_not_told(engine: Engine, value: object, words: str) -> None:
    (told,) = messages(engine, R("storage.Bucket", {"publicAccessPrevention": value}), "DAT-05")

    assert words in told
    assert CANARY not in told


@pytest.mark.parametrize(("dry_run", "level"), [(True, analyzer_pb2.ADVISORY), (False, analyzer_pb2.MANDATORY)])
def test_what_is_unknown_stops_a_deployment_and_no_preview(running: Engine, dry_run: bool, level: int) -> None:
    running.configure(dry_run=dry_run, asOf="2026-06-15")
    answers = running.run(document(R("storage.Bucket", {"publicAccessPrevention": UNKNOWN})))

    assert [each.enforcementLevel for each in answers.stack.diagnostics if each.policyName == "DAT-05"] == [level]


def test_a_secret_is_told_by_no_control(engine: Engine) -> None:
    secret = {SIGNATURE: SECRET, "value": CANARY}
    project = R("projects.IAMMember", {"project": "acme-ml", "role": secret, "member": secret})
    answers = engine.run(document(project, R("storage.Bucket", {"location": secret, "labels": {"owner": secret}})))

    assert answers.violations
    assert CANARY not in str(answers)


def test_a_whole_number_is_one(engine: Engine) -> None:
    bucket = R("storage.Bucket", {"softDeletePolicy": {"retentionDurationSeconds": 604_800}})

    assert not any("softDeletePolicy" in each for each in messages(engine, bucket, "DAT-07"))


def test_what_a_program_writes_cannot_steer_the_terminal(engine: Engine) -> None:
    found = document(
        R("pulumi:providers:command", name="host"),
        R(
            "pulumi-\x1b[2Jpython:dynamic:Resource",
            record={"provider": f"{urn('pulumi:providers:command', 'host')}::4a"},
        ),
    )
    answers = engine.run(found)

    every = [*(one for _, each in answers.early for one in each.diagnostics), *answers.stack.diagnostics]
    told = [each.message for each in every if each.policyName == "BYP-09" and each.urn == found.resources[-1].urn]
    assert "pulumi-\\x1b[2Jpython" in told[0]
    assert "\x1b" not in told[0]


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"tier": "tema"}, ("There are no such settings", "tema", "team")),
        ({"settings": "nowhere.yaml"}, ("nowhere.yaml",)),
        ({"asOf": "tomorrow"}, ("tomorrow",)),
    ],
)
def test_a_configuration_that_makes_no_sense_ends_the_run(
    running: Engine, entries: dict[str, Any], words: tuple[str, ...]
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        running.configure(**entries)

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert all(word in str(caught.value.details()) for word in words)


def test_a_resource_that_contradicts_itself_ends_the_run(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        engine.stub.Analyze(analyzer_pb2.AnalyzeRequest(urn=urn("storage.Bucket", "it"), type="gcp:a/b:B"))

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_nothing_is_mended_behind_the_program_s_back(engine: Engine) -> None:
    assert engine.stub.Remediate(analyzer_pb2.AnalyzeRequest()) == analyzer_pb2.RemediateResponse()


def test_the_engine_may_greet_and_cancel(running: Engine) -> None:
    assert running.stub.Handshake(analyzer_pb2.AnalyzerHandshakeRequest()) == analyzer_pb2.AnalyzerHandshakeResponse()
    assert running.stub.Cancel(empty_pb2.Empty()) == empty_pb2.Empty()


def test_paths_are_from_the_directory_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "guardrails.yaml").write_text("extends: learner\n", encoding="utf-8")
    whole: Document = document(R("storage.Bucket", {"publicAccessPrevention": "inherited"}))
    with start_pack(tmp_path) as engine:
        # Without a configuration the strictest tier holds.
        before: Any = {each.enforcementLevel for each in engine.analyze(whole.resources[1], whole).diagnostics}
        engine.configure(settings="guardrails.yaml")
        after = {each.enforcementLevel for each in engine.analyze(whole.resources[1], whole).diagnostics}

    assert before == {analyzer_pb2.MANDATORY}
    assert after == {analyzer_pb2.ADVISORY}
