"""The schema of the package, for languages that have no SDK of their own."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi._types import input_type_types

from mockcloud.pulumi.package_schema import SETTINGS, package_schema
from mockcloud.pulumi.properties import Property, function_tokens, properties_of, signature_of, tokens
from tests.conformance.offline import needs_pulumi, pulumi_cli


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(package_schema())
    return found


def test_it_has_every_type_and_every_function(schema: dict[str, Any]) -> None:
    assert list(schema["resources"]) == tokens()
    assert list(schema["functions"]) == function_tokens()


def test_it_says_what_a_program_may_set_and_must(schema: dict[str, Any]) -> None:
    subscription = schema["resources"]["gcp:pubsub/subscription:Subscription"]

    assert subscription["requiredInputs"] == ["topic"]
    assert subscription["inputProperties"]["topic"] == {"type": "string", "willReplaceOnChanges": True}
    assert "effectiveLabels" not in subscription["inputProperties"]
    assert subscription["properties"]["effectiveLabels"]["additionalProperties"] == {"type": "string"}
    assert "effectiveLabels" in subscription["required"]
    assert "labels" not in subscription["required"]


def test_nested_objects_have_types(schema: dict[str, Any]) -> None:
    bucket = schema["resources"]["gcp:storage/bucket:Bucket"]["inputProperties"]
    rules = schema["types"]["gcp:storage/BucketLifecycleRules:BucketLifecycleRules"]

    reference = "#/types/gcp:storage/BucketLifecycleRules:BucketLifecycleRules"
    assert bucket["lifecycleRules"] == {"type": "array", "items": {"$ref": reference}}
    assert rules["required"] == ["action", "condition"]


def test_secrets_are_secret(schema: dict[str, Any]) -> None:
    version = schema["resources"]["gcp:secretmanager/secretVersion:SecretVersion"]

    assert version["inputProperties"]["secretData"]["secret"] is True
    assert "secret" not in version["inputProperties"]["secret"]


def test_a_function_gives_what_it_took_and_more(schema: dict[str, Any]) -> None:
    project = schema["functions"]["gcp:organizations/getProject:getProject"]

    assert set(project["inputs"]["properties"]) == {"projectId"}
    assert {"id", "number", "projectId"} <= set(project["outputs"]["properties"])


def references(part: object) -> Iterator[str]:
    """Give the names of the types that a part of the schema refers to."""
    if isinstance(part, Mapping):
        found = part.get("$ref")
        if isinstance(found, str) and found.startswith("#/types/"):
            yield found.removeprefix("#/types/")
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def test_types_are_there_and_used(schema: dict[str, Any]) -> None:
    assert set(references(schema)) == set(schema["types"])


def objects(properties: Mapping[str, Property], path: str) -> Iterator[tuple[str, Mapping[str, Property]]]:
    """Give the names that objects inside have, and what they hold."""
    for each in properties.values():
        if each.kind == "object":
            inside = f"{path}{each.name[:1].upper()}{each.name[1:]}"
            yield inside, each.fields
            yield from objects(each.fields, inside)


def test_no_two_objects_have_one_name() -> None:
    known: dict[str, Mapping[str, Property]] = {}
    written = [(token, properties_of(token)) for token in tokens()]
    written += [(token, signature_of(token)) for token in function_tokens()]

    for token, properties in written:
        _, path, name = token.split(":")
        for inside, fields in objects(properties or {}, f"{path.partition('/')[0]}/{name}"):
            assert known.setdefault(inside, fields) == fields, inside


def test_the_provider_has_the_settings_of_the_package() -> None:
    import pulumi_gcp

    found = {name for name in input_type_types(pulumi_gcp.ProviderArgs) if not name.endswith("CustomEndpoint")}

    assert set(SETTINGS) == found


@needs_pulumi
@pytest.mark.pulumi_cli
def test_pulumi_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    assert pulumi_cli is not None
    file = tmp_path / "schema.json"
    file.write_text(package_schema(), encoding="utf-8")

    done = subprocess.run(
        [str(pulumi_cli), "schema", "check", str(file)],
        env={"HOME": str(tmp_path), "PULUMI_SKIP_UPDATE_CHECK": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )

    assert (done.returncode, done.stdout) == (0, "")
