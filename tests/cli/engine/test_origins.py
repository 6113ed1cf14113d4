"""What is added to the engine's preview: where values come from, and what components say of themselves."""

from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import resource_pb2, source_pb2

from groundplan_cli.engine.origins import with_origins
from groundplan_policies.engine import Document, Value
from groundplan_policies.engine.values import redacted_secret
from mockcloud.doors.embedded.watching import Seen, Watch
from tests.cli.engine.conftest import TOPIC, step, steps, urn

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
KEY = urn("gcp:kms/cryptoKey:CryptoKey", "key")
OTHER = urn("gcp:kms/cryptoKey:CryptoKey", "other")
BUCKET = urn("gcp:storage/bucket:Bucket", "data")


def seen(asked: Any, had: Any, recorded: dict[str, list[str]]) -> Any:
    """The provenance of a bucket that is asked for with some inputs, and had by the engine with others."""
    watch = Watch(object(), Path("/p"))  # type: ignore[arg-type]  # nothing is asked of the engine's monitor
    watch.seen[BUCKET] = Seen(asked, {"deep.key": [KEY]}, {"deep": frozenset([KEY, OTHER])})
    made = step("create", "gcp:storage/bucket:Bucket", "data", inputs=had)
    made["newState"] = {**made["newState"], "propertyDependencies": recorded}  # type: ignore[dict-item]  # an object
    found: Any = with_origins(steps(made), watch)
    return found["groundplan"]["provenance"]


def test_a_leaf_that_the_engine_has_as_the_program_said_it_keeps_where_it_comes_from() -> None:
    unknown: dict[str, Value] = {"deep": {"key": UNKNOWN, "other": UNKNOWN}}
    assert seen(unknown, unknown, {"deep": [OTHER, KEY]}) == {BUCKET: {"deep.key": [KEY]}}


def test_a_secret_is_masked_by_the_engine_and_is_the_same_all_the_same() -> None:
    kept = seen({"deep": {"key": redacted_secret()}}, {"deep": {"key": "[secret]"}}, {"deep": [KEY, OTHER]})
    assert kept == {BUCKET: {"deep.key": [KEY]}}


def test_what_a_transform_changed_is_said_to_come_from_nowhere() -> None:
    asked: dict[str, Value] = {"deep": {"key": UNKNOWN}}
    assert seen(asked, {"deep": {"key": "other"}}, {"deep": [KEY, OTHER]}) == {}
    assert seen(asked, {}, {"deep": [KEY, OTHER]}) == {}
    assert seen(asked, asked, {"deep": [OTHER]}) == {}


def test_a_component_says_of_itself_what_the_engine_prints_too_early() -> None:
    component = urn("shop:index:Store", "one")
    watch = Watch(object(), Path("/p"))  # type: ignore[arg-type]  # as above
    watch.outputs[component] = {"columns": ["age"]}
    made = step("create", "shop:index:Store", "one")
    made["newState"] = {**made["newState"], "custom": False}  # type: ignore[dict-item]  # an object

    document = Document.read(with_origins(steps(made, step("create", TOPIC, "events")), watch))

    assert document[component].outputs == {"columns": ["age"]}
    assert document[urn(TOPIC, "events")].outputs == {}
    assert document.member.engine == "pulumi"


def test_the_line_is_known_of_what_the_engine_refuses() -> None:
    class Refusing:
        def RegisterResource(self, _request: object) -> object:  # noqa: N802 - gRPC's name
            raise ValueError("refused")

    watch = Watch(Refusing(), Path("/p"))  # type: ignore[arg-type]  # what is asked of the monitor is there
    line = source_pb2.SourcePosition(uri="file:///p/__main__.py", line=9)

    with pytest.raises(ValueError, match="refused"):
        watch.RegisterResource(resource_pb2.RegisterResourceRequest(type=TOPIC, name="events", sourcePosition=line))

    assert watch.line_of(urn(TOPIC, "events")) == "__main__.py:9"
    assert watch.line_of(urn(f"shop:index:Store${TOPIC}", "events")) == "__main__.py:9"
    assert watch.line_of(urn(TOPIC, "other")) == ""
    assert watch.line_of("") == ""
