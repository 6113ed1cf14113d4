"""The tables of core hold to their schemas, and say where and when their facts were read."""

from __future__ import annotations

import datetime as dt
import json
import re
from importlib import resources

import jsonschema
import pytest

from groundplan.core import tables

SCHEMAS = sorted(
    entry.name.removesuffix(".schema.json")
    for entry in resources.files("groundplan.core").joinpath("data", "schema").iterdir()
    if entry.name.endswith(".schema.json")
)


def schema_of(name: str) -> dict[str, object]:
    text = resources.files("groundplan.core").joinpath("data", "schema", f"{name}.schema.json").read_text("utf-8")
    found: dict[str, object] = json.loads(text)
    return found


def test_the_reference_tables_have_schemas() -> None:
    assert {"accelerators", "service_agents", "lifecycle", "name_limits"} <= set(SCHEMAS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_table_holds_to_its_schema(name: str) -> None:
    schema = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    problems = list(jsonschema.Draft202012Validator(schema, format_checker=checker).iter_errors(tables.load(name)))
    assert not problems, "\n".join(f"{'/'.join(map(str, p.absolute_path))}: {p.message}" for p in problems)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_table_says_when_its_facts_were_read(name: str) -> None:
    table = tables.load(name)
    assert dt.date.fromisoformat(str(table["date"])).year >= 2026
    assert table["source"]


@pytest.mark.parametrize("kind", sorted(tables.load("name_limits")["kinds"]))
class TestNameLimits:
    def test_the_pattern_is_made_of_the_three_classes(self, kind: str) -> None:
        row = tables.load("name_limits")["kinds"][kind]
        assert row["pattern"] == f"[{row['first']}]([{row['allowed']}]*[{row['last']}])?"

    def test_first_and_last_are_among_the_allowed(self, kind: str) -> None:
        row = tables.load("name_limits")["kinds"][kind]
        for character in map(chr, range(128)):
            for end in ("first", "last"):
                if re.fullmatch(f"[{row[end]}]", character):
                    assert re.fullmatch(f"[{row['allowed']}]", character), (end, character)

    def test_the_separator_is_allowed(self, kind: str) -> None:
        row = tables.load("name_limits")["kinds"][kind]
        assert re.fullmatch(f"[{row['allowed']}]?", row["separator"])

    def test_lengths_and_source_make_sense(self, kind: str) -> None:
        table = tables.load("name_limits")
        row = table["kinds"][kind]
        assert 0 <= row["min"] <= row["max"]
        assert row["source"] in table["sources"]


TAKEN = [
    ("bucket", "acme-ml-data"),
    ("dataset", "acme_ml"),
    ("network", "core"),
    ("endpoint", "1234567890"),
    ("feature_group", "customer_daily"),
    ("trigger", "Build-1"),
    ("service_perimeter", "Ml_Dev"),
    ("budget", "ML budget (dev)"),
    ("google_apis_forwarding_rule", "googleapis"),
]
REFUSED = [
    ("bucket", "-acme"),
    ("bucket", "acme.example"),
    ("dataset", "acme-ml"),
    ("network", "core-"),
    ("network", "1core"),
    ("network", "Core"),
    ("endpoint", "0123"),
    ("feature_group", "customer-daily"),
    ("trigger", "build-"),
    ("service_perimeter", "ml-dev"),
    ("budget", " ML budget"),
    ("google_apis_forwarding_rule", "google-apis"),
]


@pytest.mark.parametrize(("kind", "name"), TAKEN)
def test_patterns_take_what_google_takes(kind: str, name: str) -> None:
    assert re.fullmatch(tables.load("name_limits")["kinds"][kind]["pattern"], name)


@pytest.mark.parametrize(("kind", "name"), REFUSED)
def test_patterns_refuse_what_google_refuses(kind: str, name: str) -> None:
    assert not re.fullmatch(tables.load("name_limits")["kinds"][kind]["pattern"], name)
