"""The words for kinds of boxes, and for what their outputs tell."""

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from groundplan_cli.graph import kinds
from groundplan_cli.graph.kinds import fact_labels, kind_of
from groundplan_cli.graph.zones import OTHER, zone_of


def constructs() -> list[str]:
    """Find the types of the blueprint's constructs in its source: importing all of them takes seconds."""
    found = importlib.util.find_spec("groundplan")
    assert found
    assert found.submodule_search_locations
    root = Path(next(iter(found.submodule_search_locations)))
    source = "".join(file.read_text(encoding="utf-8") for file in sorted(root.rglob("*.py")))
    return sorted(set(re.findall(r'"(groundplan:[a-z]+:[A-Z]\w+)"', source)))


def test_every_construct_is_described_and_stands_in_a_lane() -> None:
    assert len(constructs()) > 20
    assert [token for token in constructs() if kind_of(token) is None] == []
    assert [token for token in constructs() if zone_of(token) is OTHER] == []


def test_nothing_is_described_that_there_is_not() -> None:
    text = Path(kinds.__file__).with_name("kinds.yaml").read_text(encoding="utf-8")
    own = {name for name in yaml.safe_load(text) if name.startswith("groundplan.")}

    assert own == {token.replace(":", ".") for token in constructs()}


@pytest.mark.parametrize("token", constructs())
def test_a_purpose_is_a_line_that_ends(token: str) -> None:
    kind = kind_of(token)

    assert kind
    assert kind.purpose.endswith(".")
    assert len(kind.purpose) <= 110
    assert kind.many[0].isupper()


def test_what_is_described_nowhere_has_no_words() -> None:
    assert kind_of("shop:index:Store") is None


def test_labels_are_words() -> None:
    assert fact_labels()["dataClass"] == "Class of the data"
    assert all(label[0].isupper() for label in fact_labels().values())
