"""The tables that are taken from Google's client libraries."""

import json
from pathlib import Path

import pytest

from tools import client_tables
from tools.client_tables import _VARIABLE, _bindings, _imports, _irregular, _sample, _written, main

BASE = """
class _BaseThingsRestTransport:
    class _BaseCreateThing:
        http_options = [
            {
                "method": "post",
                "uri": "/v1/{parent=projects/*/locations/*}/things",
                "body": "thing",
            },
        ]

    class _BaseGetThing:
        http_options = [{"method": "get", "uri": "/v1/{name=things/**}"}, {"method": "get", "uri": "/v1/{id}"}]
"""


def test_bindings_are_read_by_method() -> None:
    assert dict(_bindings(BASE)) == {
        "creatething": [("post", "/v1/{parent=projects/*/locations/*}/things")],
        "getthing": [("get", "/v1/{name=things/**}"), ("get", "/v1/{id}")],
    }
    assert (
        _VARIABLE.sub(_sample, "/v1/{parent=projects/*/locations/*}/things/{id}")
        == "/v1/projects/x/locations/x/things/x"
    )


def test_imports_are_read_by_the_name_that_they_have() -> None:
    source = "import a.b_pb2 as b_pb2\nimport os\nfrom x.types import (\n    one,\n    two as other,\n)\n"
    assert dict(_imports(source)) == {
        "b_pb2": "a.b_pb2",
        "os": "os",
        "one": "x.types.one",
        "other": "x.types.two",
    }


def test_only_numbers_that_are_no_places_are_kept() -> None:
    states = {"STATE_UNSPECIFIED": 0, "ENABLED": 1, "DISABLED": 2, "DESTROYED": 3}
    assert list(_irregular("secretmanager", [states])) == []
    moved = {**states, "ENABLED": 2, "DISABLED": 1}
    assert moved in list(_irregular("secretmanager", [moved]))


def test_a_table_has_one_entry_a_line() -> None:
    text = _written({"b": [{"X": 1}, {"Y": 2}], "a": {"m": ["x", "y"]}})
    assert json.loads(text) == {"a": {"m": ["x", "y"]}, "b": [{"X": 1}, {"Y": 2}]}
    assert text.splitlines()[1:4] == [' "a": {', '  "m": ["x", "y"]', " },"]


def test_a_stale_table_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("ENUMS", "OPERATIONS"):
        file = tmp_path / f"{name}.json"
        file.write_text("{}\n", encoding="utf-8")
        monkeypatch.setattr(client_tables, name, file)
    monkeypatch.setattr(client_tables, "ROOT", tmp_path)
    monkeypatch.setattr(client_tables, "enum_table", lambda _: "{}\n")
    monkeypatch.setattr(client_tables, "operation_table", lambda _: '{"new": {}}\n')
    assert main(["--check"]) == 1
    assert "Stale: OPERATIONS.json" in capsys.readouterr().out
    assert main([]) == 0
    assert main(["--check"]) == 0


def test_the_types_of_operations_are_what_the_clients_say() -> None:
    pytest.importorskip("google.cloud.tpu_v2")
    services = client_tables._services("google.cloud.tpu.v2")
    assert services
    found = dict(client_tables._operations(services[0], "tpu", "v2"))
    table = json.loads(client_tables.OPERATIONS.read_text(encoding="utf-8"))["tpu"]
    assert found["projects.locations.nodes.create"] == [
        "google.cloud.tpu.{}.Node",
        "google.cloud.tpu.{}.OperationMetadata",
    ]
    assert {method: table[method] for method in found} == found
