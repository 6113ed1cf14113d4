"""Query parameters held to what a description says of them."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from mockcloud.discovery.catalogue import description
from mockcloud.discovery.fields import Field, field_of
from mockcloud.discovery.methods import Method
from mockcloud.discovery.names import camel
from mockcloud.discovery.numbers import names_of
from mockcloud.discovery.scalars import Unfit
from mockcloud.discovery.schemas import Violation, unfit

SYSTEM: Final = frozenset(
    {
        "alt",
        "callback",
        "fields",
        "key",
        "access_token",
        "oauth_token",
        "prettyPrint",
        "quotaUser",
        "userIp",
        "userProject",
        "uploadType",
        "upload_protocol",
        "upload_id",
        "$.xgafv",
    }
)
"""Parameters of every method (https://cloud.google.com/apis/docs/system-parameters). Each may have `$` in front."""

_UNDESCRIBED: Final = frozenset({"projection", "returnPartialSuccess"})
"""Parameters that services take and no description of this release lists, such as the projection of a BigQuery job."""
_LENIENT: Final = frozenset({"compute", "dns", "storage"})
"""APIs that pass over a parameter that they do not know, as those do that are no gRPC services behind."""

_LONGEST: Final = 20
"""Digits of a number that are read."""
_TRUE: Final = frozenset({"true", "t", "yes", "y", "1"})
_FALSE: Final = frozenset({"false", "f", "no", "n", "0"})


class Query(NamedTuple):
    """A query that was read.

    Attributes:
        values: Parameter -> text in one spelling (`true`, the name of an enumeration); of several values a list.
        violations: What is wrong with it.
    """

    values: Mapping[str, Any]
    violations: list[Violation]


def read_query(method: Method, pairs: Iterable[tuple[str, str]]) -> Query:
    """Hold a query to the parameters of a method.

    Args:
        method: The method.
        pairs: Names and values, decoded, in the order in which they came. Names in camelCase or snake_case.
    """
    known = _known(method)
    values: dict[str, Any] = {}
    violations: list[Violation] = []
    for spelling, text in pairs:
        bare = spelling.removeprefix("$") if spelling != "$.xgafv" else spelling
        if bare in SYSTEM or (bare != spelling and camel(bare) in SYSTEM):
            values[bare if bare in SYSTEM else camel(bare)] = text
            continue
        field = known.get(spelling) or known.get(camel(spelling)) or of_request(method).get(camel(spelling))
        if field is None:
            if method.api not in _LENIENT and camel(spelling) not in _UNDESCRIBED:
                violations.append(_unknown(spelling))
            continue
        try:
            value = _read(method, field, text)
        except Unfit as error:
            violations.append(Violation(spelling, unfit(error, spelling, text)))
            continue
        if field.name not in values:
            values[field.name] = value
        elif field.repeated:
            before = values[field.name]
            values[field.name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            where = f"Invalid value at '{spelling}'"
            violations.append(Violation(spelling, f"{where}. Proto field is not repeating, cannot start list."))
    violations += [Violation(name, f"Required parameter: {name}") for name in _required(method) if name not in values]
    return Query(values, violations)


def wrong_variables(method: Method, variables: Mapping[str, str]) -> list[Violation]:
    """Hold the variables of a path to the patterns of a method, where it names them one by one, as compute does."""
    return [
        Violation(name, unfit(Unfit("TYPE_STRING", pattern.pattern), name, variables[name]))
        for name, pattern in _patterns(method).items()
        if not pattern.fullmatch(variables.get(name, ""))
    ]


@cache
def _patterns(method: Method) -> Mapping[str, re.Pattern[str]]:
    named = () if method.reserved else method.segments
    variables = [each[1:-1] for each in named if each.startswith("{")]
    patterns = {name: method.parameters.get(name, {}).get("pattern") for name in variables}
    return {name: re.compile(pattern) for name, pattern in patterns.items() if pattern}


@cache
def _known(method: Method) -> Mapping[str, Field]:
    found = {}
    for name, raw in method.parameters.items():
        if raw.get("location") == "query":
            items = {key: raw[key] for key in raw if key not in {"repeated", "required"}}
            shaped = {"type": "array", "items": items} if raw.get("repeated") else items
            found[name] = field_of(name, shaped)
    return found


@cache
def of_request(method: Method) -> Mapping[str, Field]:
    """Give the plain fields of a method's request: a query may hold them in the place of the body.

    Where the body is the resource, it may not.
    """
    if not method.request.endswith("Request"):
        return {}
    fields = description(method.api, method.version).schemas.fields(method.request)
    return {name: each for name, each in fields.items() if not each.ref and not each.mapped}


@cache
def _required(method: Method) -> tuple[str, ...]:
    return tuple(
        name for name, raw in method.parameters.items() if raw.get("required") and raw.get("location") == "query"
    )


def _read(method: Method, field: Field, text: str) -> str:
    if field.type == "boolean":
        lower = text.lower()
        # A parameter without a value is not set.
        if not text or lower in _FALSE:
            return "false"
        if lower in _TRUE:
            return "true"
        raise Unfit("TYPE_BOOL")
    if text and field.enum and text.isascii() and text.isdigit():
        text = names_of(method.api, field.enum).get(int(text[:_LONGEST]), text)
    return str(field.read(text)) if text else text


def _unknown(name: str) -> Violation:
    most = 100
    shown = name if len(name) <= most else name[:most] + "…"
    return Violation(
        "",
        f'Invalid JSON payload received. Unknown name "{shown}": Cannot bind query parameter. '
        f"Field '{shown}' could not be found in request message.",
    )
