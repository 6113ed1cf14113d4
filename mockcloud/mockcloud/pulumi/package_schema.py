"""The schema of the package "gcp", as engines and languages without an SDK of their own ask a provider for it.

It is written from the tables of the properties, so it has every type and every function with the names, types and
requirements of the real one, and none of its texts. Names of the types of nested objects are made of the names around
them; the real ones differ here and there, and no program says them.

Source of the format: Pulumi's package schema, pulumi `pkg/codegen/schema/pulumi.json`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from mockcloud.pulumi.properties import (
    VERSION,
    Properties,
    Property,
    function_tokens,
    properties_of,
    read,
    signature_of,
    tokens,
)

Written = Mapping[str, object]

SETTINGS: Final[Properties] = read(
    {
        "accessToken": "string$",
        "addPulumiAttributionLabel": "boolean",
        "batching": ["object", {"enableBatching": "boolean", "sendAfter": "string"}],
        "billingProject": "string",
        "credentials": "string$",
        "defaultLabels": "{string}",
        "deletionPolicy": "string",
        "disableGooglePartnerName": "boolean",
        "externalCredentials": [
            "object",
            {"audience": "string!", "identityToken": "string!", "serviceAccountEmail": "string!"},
        ],
        "googlePartnerName": "string",
        "impersonateServiceAccount": "string",
        "impersonateServiceAccountDelegates": "[string]",
        "pollInterval": "string",
        "preferGlobalEndpoints": "boolean",
        "preferRegionalEndpoints": "boolean",
        "project": "string",
        "pulumiAttributionLabelAdditionStrategy": "string",
        "region": "string",
        "requestReason": "string",
        "requestTimeout": "string",
        "scopes": "[string]",
        "universeDomain": "string",
        "userProjectOverride": "boolean",
        "zone": "string",
    }
)
"""What a program may set on the provider, beside endpoints (`…CustomEndpoint`). Source: `pulumi_gcp.ProviderArgs`."""

_MODULES: Final = "(.*)(?:/[^/]*)"
"""How the module of a token is told from its file: `gcp:pubsub/topic:Topic` is `gcp:pubsub:Topic` to a program."""


@cache
def package_schema() -> str:
    """Give the schema as JSON: some seven megabytes. It takes a second the first time, and is kept."""
    types: dict[str, Written] = {}
    written = {
        "name": "gcp",
        "version": VERSION,
        "meta": {"moduleFormat": _MODULES},
        "config": {"variables": _all(SETTINGS.values(), "gcp:config/", types)},
        "provider": {"inputProperties": _all(SETTINGS.values(), "gcp:index/Provider", types)},
        "resources": {token: _resource(token, types) for token in tokens()},
        "functions": {token: _function(token, types) for token in function_tokens()},
        "types": types,
    }
    return json.dumps(written, separators=(",", ":"))


def _resource(token: str, types: dict[str, Written]) -> Written:
    found = (properties_of(token) or {}).values()
    inputs = [each for each in found if not each.output]
    stem = _stem(token)
    return {
        "properties": _all(found, stem, types),
        "required": sorted(each.name for each in found if _always_there(each)),
        "inputProperties": _all(inputs, stem, types),
        "requiredInputs": _required(inputs),
        "stateInputs": {"type": "object", "properties": _all(found, stem, types)},
    }


def _function(token: str, types: dict[str, Written]) -> Written:
    found = (signature_of(token) or {}).values()
    inputs = [each for each in found if not each.output]
    stem = _stem(token)
    return {
        "inputs": {"type": "object", "properties": _all(inputs, stem, types), "required": _required(inputs)},
        "outputs": {
            "type": "object",
            "properties": {"id": {"type": "string"}, **_all(found, stem, types)},
            "required": sorted({"id", *(each.name for each in found if _always_there(each))}),
        },
    }


def _stem(token: str) -> str:
    """Give what the names of the types of nested objects begin with: `gcp:pubsub/Topic`."""
    _, path, name = token.split(":")
    return f"gcp:{path.partition('/')[0]}/{name}"


def _always_there(each: Property) -> bool:
    """Whether the state has a property in any case."""
    return each.required or each.output or each.made_up or each.computed or each.default is not None


def _required(properties: Iterable[Property]) -> list[str]:
    return sorted(each.name for each in properties if each.required)


def _all(properties: Iterable[Property], stem: str, types: dict[str, Written]) -> dict[str, Written]:
    return {each.name: dict(_property(each, stem, types)) for each in properties}


def _property(each: Property, stem: str, types: dict[str, Written]) -> Iterator[tuple[str, object]]:
    """Write a property, and the type of its objects beside it."""
    shape = _shape(each, f"{stem}{each.name[:1].upper()}{each.name[1:]}", types)
    if each.repeated:
        shape = {"type": "array", "items": shape}
    elif each.mapped:
        shape = {"type": "object", "additionalProperties": shape}
    yield from shape.items()
    if each.secret:
        yield "secret", True
    if each.replaces:
        yield "willReplaceOnChanges", True


def _shape(each: Property, path: str, types: dict[str, Written]) -> Written:
    if each.kind == "any":
        return {"$ref": "pulumi.json#/Any"}
    if each.kind != "object":
        return {"type": each.kind}
    token = f"{path}:{path.rpartition('/')[2]}"
    if token not in types:
        inside = each.fields.values()
        types[token] = {"type": "object", "required": _required(inside), "properties": _all(inside, path, types)}
    return {"$ref": f"#/types/{token}"}
