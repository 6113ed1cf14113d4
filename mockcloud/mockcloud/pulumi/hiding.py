"""Which values of a resource are secrets: what its type says is one, at whatever depth, and what a program gave as one.

Source of the behaviour: pulumi-terraform-bridge `pkg/tfbridge/secrets.go` (MarkSchemaSecrets), and for what the program
gave pulumi `sdk/go/common/resource/plugin` (annotateSecrets).
"""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.naming import DEFAULTS
from mockcloud.pulumi.properties import Properties, Property
from mockcloud.pulumi.values import SECRET, SIGNATURE, is_unknown, plain, secret


def hidden(properties: Properties, values: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Give values with the secrets among them marked.

    Args:
        properties: The properties of the type.
        values: The values, of which some may be marked.
        given: What the program set. What it gave as a secret comes back as one; of a list in which one is, the whole
            list, since an API may give its items in another order.
    """
    told = given or {}
    return {
        name: value if name == DEFAULTS else _hidden(properties.get(name), value, told.get(name))
        for name, value in values.items()
    }


def _hidden(each: Property | None, value: Any, given: Any) -> Any:  # noqa: ANN401 - JSON
    if value is None or is_unknown(value) or (isinstance(value, dict) and SIGNATURE in value):
        return value
    if each is not None and each.secret:
        return secret(value)
    if isinstance(value, dict) and isinstance(given, dict) and SIGNATURE not in given:
        return {name: _hidden(_below(each, name), item, given.get(name)) for name, item in value.items()}
    if holds_secret(given) and value != given:
        return secret(bare(value))
    if isinstance(value, dict):
        return {name: _hidden(_below(each, name), item, None) for name, item in value.items()}
    return [_hidden(each, item, None) for item in value] if isinstance(value, list) else value


def _below(each: Property | None, name: str) -> Property | None:
    return each.fields.get(name) if each is not None else None


def bare(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Take the marks off secrets at any depth."""
    value = plain(value)
    if isinstance(value, dict) and SIGNATURE not in value:
        return {name: bare(item) for name, item in value.items()}
    return [bare(item) for item in value] if isinstance(value, list) else value


def holds_secret(value: object) -> bool:
    """Whether a value is a secret, or holds one."""
    if isinstance(value, dict):
        return value.get(SIGNATURE) == SECRET or any(holds_secret(item) for item in value.values())
    return isinstance(value, list) and any(holds_secret(item) for item in value)
