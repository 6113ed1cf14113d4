"""The table of types that were reviewed is true to its schema, and to the provider that is installed."""

import importlib.util
import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml

from groundplan_policies.engine.names import token
from groundplan_policies.types import reviewed_types

HERE = files("groundplan_policies.types")
TYPES = reviewed_types()


def installed_types() -> set[str]:
    """Give the type tokens that the installed provider registers. Reading its text is seconds faster than importing."""
    spec = importlib.util.find_spec("pulumi_gcp")
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text(encoding="utf-8")
    return set(re.findall(r'"(gcp:[A-Za-z0-9]+/[A-Za-z0-9]+:[A-Za-z0-9]+)"\s*:', text))


def test_the_table_is_as_its_schema_says() -> None:
    table = yaml.safe_load(HERE.joinpath("reviewed.yaml").read_text(encoding="utf-8"))
    schema = json.loads(HERE.joinpath("reviewed.schema.json").read_text(encoding="utf-8"))

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(table, schema)


def test_no_row_is_of_a_type_that_does_not_exist() -> None:
    installed = installed_types()

    assert len(installed) > 1000
    assert [each for each in TYPES if each.startswith("gcp:") and each not in installed] == []


def test_the_usual_types_are_there() -> None:
    assert len(TYPES) >= 250


@pytest.mark.parametrize("family", ["CMP", "RAI", "CST"])
def test_a_type_of_a_later_family_says_so(family: str) -> None:
    of_family = [each for each in TYPES.values() if each.family == family]

    assert of_family
    assert {each.reason for each in of_family} == {f"rules come with family {family}"}


def test_a_type_without_a_family_needs_no_rule() -> None:
    assert all(each.reason.startswith("no rule needed: ") for each in TYPES.values() if not each.family)
    assert TYPES[token("compute.Address")].family == ""
