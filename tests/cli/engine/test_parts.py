"""Steps, code for imports, and progress."""

import io

import pytest
from rich.console import Console

from groundplan_cli.engine.events import Event, Kind
from groundplan_cli.engine.importing import check_token, code_of
from groundplan_cli.engine.steps import read_preview, read_steps
from groundplan_cli.errors import Error
from groundplan_cli.render.applying import Applying
from groundplan_cli.render.steps import print_steps, totals
from groundplan_policies.engine import Document, Value
from groundplan_policies.engine.values import redacted_secret
from tests.cli.documents import Builder
from tests.cli.engine.conftest import TOPIC, step, steps, urn


def printed(raw: dict[str, Value], *, every: bool = False) -> str:
    file = io.StringIO()
    print_steps(Console(file=file, width=80), read_steps(raw), every=every)
    return file.getvalue()


def test_the_parts_of_a_replacement_are_one_step() -> None:
    change: Value = {"kind": "update-replace", "inputDiff": True}
    parts = [
        step(op, TOPIC, "events", detailedDiff={"name": change})
        for op in ("create-replacement", "replace", "delete-replaced")
    ]
    (_, found) = read_steps(steps(*parts))

    assert found.op == "replace"
    assert found.reasons == ("name",)


def test_what_is_refreshed_first_says_what_happens_then() -> None:
    first = (step("refresh", TOPIC, name) for name in ("events", "other"))
    (_, changed, kept) = read_steps(steps(*first, step("update", TOPIC, "events"), step("same", TOPIC, "other")))

    assert [changed.op, kept.op] == ["update", "same"]


def test_secrets_and_nested_values_of_a_change_are_shown_as_such() -> None:
    each = step("update", TOPIC, "events", inputs={"boxes": [{"labels": {"a.b": "new"}}], "token": "[secret]"})
    each["detailedDiff"] = {'boxes[0].labels["a.b"]': {"kind": "update"}, "token": {"kind": "update"}}
    each["oldState"] = {"type": TOPIC, "inputs": {"boxes": [], "token": "[secret]"}}

    text = printed(steps(each))

    assert 'boxes[0].labels["a.b"]: + "new"' in text
    assert "token: secret → secret" in text


def test_many_new_resources_are_counted_by_type() -> None:
    raw = steps(*(step("create", TOPIC, f"t{number}") for number in range(31)))

    assert "  + 31 resources  pubsub.Topic\n" in printed(raw)
    assert "t30" in printed(raw, every=True)


def test_what_is_protected_is_said_before_the_engine_refuses() -> None:
    each = step("delete", TOPIC, "events")
    each["oldState"] = {"type": TOPIC, "protect": True}

    assert "protected: the engine will refuse" in printed(steps(each))


@pytest.mark.parametrize("text", ["", "no JSON", "[1]"])
def test_what_is_no_preview_is_said(text: str) -> None:
    with pytest.raises(Error, match="cannot be read"):
        read_preview(text)


def test_messages_before_the_document_are_skipped() -> None:
    assert read_preview('warning: old\n{"steps": []}') == {"steps": []}


def test_totals_before_and_after() -> None:
    found = {"create": 2, "same": 1, "strange": 1}

    assert totals(found) == "2 to create, 1 unchanged, 1 strange"
    assert totals(found, done=True) == "2 created, 1 unchanged, 1 strange"
    assert totals({}) == "nothing changes"


@pytest.mark.parametrize("given", ["gcp.pubsub.Topic", "gcp:pubsub:Topic", "gcp:pubsub/topic:Topic"])
def test_a_type_may_be_written_as_in_python(given: str) -> None:
    assert check_token(given) == TOPIC


@pytest.mark.parametrize("given", ["Topic", "", "gcp:pubsub", "a b:c:d"])
def test_what_is_no_type_is_refused(given: str) -> None:
    with pytest.raises(Error, match="not understood"):
        check_token(given)


def test_a_type_that_the_provider_lacks_is_refused_with_what_is_near() -> None:
    with pytest.raises(Error, match="no such type") as raised:
        check_token("gcp.storage.Bukket")

    assert "gcp.storage.Bucket" in raised.value.allowed
    assert check_token("random:index/randomId:RandomId")  # what other packages hold is not known here


def test_the_code_of_an_import_is_python() -> None:
    build = Builder()
    build.add(
        "gcp:storage/bucket:Bucket",
        "2-logs",
        inputs={
            "__defaults": [],
            "location": 'E"U',
            "ageDays": 30.0,
            "uniformBucketLevelAccess": True,
            "lifecycleRules": [{"action": {"storageClass": "NEARLINE"}, "condition": {"ageInDays": 12345678901}}],
            "labels": {"my-team": "a"},
            "token": redacted_secret(),
            "lambda": None,
        },
    )
    text = code_of(Document.read(build.document()).resources[1])

    compile(text, "code", "exec")
    assert '_2_logs = gcp.storage.Bucket(\n    "2-logs",\n    location="E\\"U",\n    age_days=30,\n' in text
    assert '"storage_class": "NEARLINE"' in text
    assert 'labels={"my-team": "a"}' in text
    assert "token=pulumi.Config().require_secret(" in text
    assert "lambda" not in text


def test_the_code_of_an_import_keeps_the_keys_of_maps_and_leaves_gaps() -> None:
    build = Builder()
    template: Value = {"containers": [{"livenessProbe": {"exec": {"command": ["true"]}}}], "nodeSelector": {"aB": "c"}}
    build.add(
        "gcp:cloudrunv2/service:Service", "web", inputs={"name": "web", "labels": {"aB": "c"}, "template": template}
    )
    text = code_of(Document.read(build.document()).resources[1])

    compile(text, "code", "exec")
    assert 'labels={"aB": "c"},' in text
    assert '"liveness_probe": {"exec_"' in text
    assert '    location="…",  # write down what it is: the cloud does not tell\n' in text


def test_progress_has_seconds_and_says_a_warning_once() -> None:
    file, now = io.StringIO(), iter([0.0, 1.25])
    progress = Applying(Console(file=file, width=80), clock=lambda: next(now))
    warning = Event(Kind.SAYS, urn(TOPIC, "events"), severity="warning", text="careful \x1b[2J")
    for event in (
        Event(Kind.BEGINS, urn(TOPIC, "events"), TOPIC, "create"),
        warning,
        warning,
        Event(Kind.ENDS, urn(TOPIC, "events"), TOPIC, "create"),
    ):
        progress.hear(event)

    assert file.getvalue() == "    warning: careful \\x1b[2J (events)\n  + events  pubsub.Topic  1.2 s\n"
