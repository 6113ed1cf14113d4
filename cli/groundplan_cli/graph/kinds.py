"""What boxes are and what they are for, in words, and which of their outputs tell a reader something."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from groundplan_cli.render.names import qualified_type


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of box in words.

    Attributes:
        kind: What it is, such as `Private network`.
        many: Its plural.
        purpose: What it is for, in one line.
        keeps_data: Whether it stores data at rest, so that the key matters even where it is Google's own.
    """

    kind: str
    many: str
    purpose: str
    keeps_data: bool = False


@cache
def _kinds() -> Mapping[str, Kind]:
    text = files("groundplan_cli.graph").joinpath("kinds.yaml").read_text(encoding="utf-8")
    return {name: Kind(**entry) for name, entry in yaml.safe_load(text).items()}


def kind_of(token: str) -> Kind | None:
    """Find the words for a type token, None for what is described nowhere."""
    return _kinds().get(qualified_type(token))


@cache
def fact_labels() -> Mapping[str, str]:
    """Give the outputs that a reader is told, in their order: name of the output -> what it is called."""
    text = files("groundplan_cli.graph").joinpath("facts.yaml").read_text(encoding="utf-8")
    labels: Mapping[str, str] = yaml.safe_load(text)
    return labels
