"""Sentences of docstrings are read as rules where they name properties, and as prose where they do not."""

import json

import pytest

from mockcloud.pulumi.exclusions import CONFLICTS, EXACTLY, NEEDS, SOME, Rule
from mockcloud.pulumi.properties import Properties, read
from tools.pulumi_conflicts import TABLES, documented, said

PROPERTIES = read(
    {
        "rawKey": "string",
        "kmsKey": "string",
        "sourceTags": "[string]",
        "place": ["object", {"zone": "string"}],
        "name": "string!",
        "selfLink": "string=",
    }
)


def rules(text: str, name: str = "rawKey", properties: Properties = PROPERTIES) -> list[Rule]:
    return list(said(name, text, properties, ""))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "The key. Only one of `raw_key`, `kms_key` and `source_tags` may be set.",
            (CONFLICTS, "kmsKey rawKey sourceTags"),
        ),
        ("Only one of this or `kms_key` must be specified.", (CONFLICTS, "kmsKey rawKey")),
        ("**Note:** One of `raw_key` or `kms_key` can only be set.", (CONFLICTS, "kmsKey rawKey")),
        ("Exactly one of raw_key or kmsKey must be set.", (EXACTLY, "kmsKey rawKey")),
        (
            "Exactly one of the following must be set: `raw_key`, `kms_key` Structure is below.",
            (EXACTLY, "kmsKey rawKey"),
        ),
        ("At least one of `raw_key` and `kms_key` should be set.", (SOME, "kmsKey rawKey")),
        ("A key. Conflicts with `source_tag`.", (CONFLICTS, "rawKey sourceTags")),
        ("Mutually exclusive with kms_key.", (CONFLICTS, "kmsKey rawKey")),
        ("Cannot be used with `kms_key`", (CONFLICTS, "kmsKey rawKey")),
        ("Only one of `raw_key` or `place.zone` can be set.", (CONFLICTS, "place.zone rawKey")),
    ],
)
def test_a_sentence_that_names_properties_is_a_rule(text: str, rule: tuple[str, str]) -> None:
    kind, members = rule

    assert rules(text) == [Rule(kind, tuple(members.split()))]


@pytest.mark.parametrize(
    "text",
    [
        "Only one of the schemes may be set.",
        "At least one of raw_key and kms_key must be true.",
        "At least one of the labels must match.",
        "Only one of `kms_key` or `source_tags` may be set.",  # about others
        "Only one of `raw_key` or `name` may be set.",  # which must be set anyway
        "Conflicts with `self_link`.",  # which only the cloud sets
        "Must not conflict with other paths.",
    ],
)
def test_others_are_prose(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize("module", ["pubsub", "secretmanager"])
def test_the_tables_are_as_the_docstrings_are(module: str) -> None:
    table = json.loads((TABLES / f"{module}.json").read_text(encoding="utf-8"))
    for token, written in table.items():
        found = [
            {**({"in": each.inside} if each.inside else {}), each.kind: [*each.members]}
            for each in documented(f"gcp:{token}")
        ]
        assert found == written


def test_a_write_only_argument_excludes_what_is_kept_and_needs_its_version() -> None:
    found = documented("gcp:sql/databaseInstance:DatabaseInstance")

    assert Rule(CONFLICTS, ("rootPassword", "rootPasswordWo")) in found
    assert Rule(NEEDS, ("rootPasswordWo", "rootPasswordWoVersion")) in found
