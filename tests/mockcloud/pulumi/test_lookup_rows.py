"""Each function that has a row is answered as its entry in `lookups.yaml` says.

    storage/getBuckets:
      needs: [storage/bucket:Bucket#plain]     # examples that are made first
      ask: {prefix: acme-}                     # its arguments; one may name any output of the examples
      gives: {buckets: [{name: acme-models}]}  # what the answer has among others

What nobody can make on the mock cloud is told by the API itself:

      told: {packages: {packages: [{name: …}]}}  # last word of a path -> what the API answers there
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from mockcloud.pulumi.api import Api
from mockcloud.pulumi.functions import is_answered
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.lookup_rows import lookups
from mockcloud.pulumi.properties import Property, signature_of
from mockcloud.pulumi.provider import Provider
from mockcloud.pulumi.values import plain
from tests.mockcloud.pulumi.lives import SETTINGS, World, world

ENTRIES: Mapping[str, Mapping[str, Any]] = yaml.safe_load(Path(__file__).with_name("lookups.yaml").read_bytes())


def token_of(name: str) -> str:
    return f"gcp:{name}" if ":" in name else f"gcp:{name}:{name.partition('/')[2]}"


@dataclass
class Told:
    """A cloud that answers what it is told to, by the last word of a path."""

    answers: Mapping[str, Any]
    missing: int = 404

    def send(
        self, verb: str, host: str, path: str, query: str, body: bytes, media: str = "application/json"
    ) -> tuple[int, bytes]:
        del verb, host, query, body, media
        found = self.answers.get(path.rpartition("/")[2])
        return (200, json.dumps(found).encode()) if found is not None else (self.missing, b"{}")

    def wait(self, seconds: float) -> None:
        raise AssertionError(seconds)

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


def within(told: Any, real: Any) -> bool:
    """Whether something has all that is told: of a list, each item somewhere."""
    if isinstance(told, dict) and isinstance(real, dict):
        return all(within(value, real.get(name)) for name, value in told.items())
    if isinstance(told, list) and isinstance(real, list):
        return all(any(within(one, other) for other in real) for one in told) and bool(told or not real)
    return bool(told == real)


def complete(each: Property, value: Any) -> bool:
    """Whether a value has all that its signature has."""
    value = plain(value)
    if each.repeated:
        return isinstance(value, list) and all(filled(each, item) for item in value)
    return isinstance(value, dict) if each.mapped else filled(each, value)


def filled(each: Property, value: Any) -> bool:
    if not each.fields:
        return value is not None
    inner = {name: one for name, one in each.fields.items() if one.kind != "object" or one.repeated or one.mapped}
    return isinstance(value, dict) and all(complete(one, value.get(name)) for name, one in inner.items())


@pytest.mark.parametrize("name", ENTRIES)
def test_it_is_answered(name: str) -> None:
    entry, token = ENTRIES[name], token_of(name)
    here = World(Provider(Place(Api(Told(entry["told"])), SETTINGS), strict=True)) if "told" in entry else world()
    for key in entry.get("needs", ()):
        here.make(key)

    answer = here.provider.invoke(token, here.filled(entry.get("ask", {})))

    assert within(here.filled(entry["gives"]), answer), answer
    signature = signature_of(token)
    assert signature is not None
    assert answer.keys() <= signature.keys()
    for prop, each in signature.items():
        assert not each.output or complete(each, answer.get(prop)), prop


def test_every_row_has_an_entry() -> None:
    assert set(lookups()) <= set(map(token_of, ENTRIES))
    assert {each for each in lookups() if not is_answered(each)} == set()
