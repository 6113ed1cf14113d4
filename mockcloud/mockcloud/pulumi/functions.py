"""The provider's functions (`get_*`), answered from the cloud.

A function that reads a resource of a type that has a row answers with that resource's outputs; of others, a row of
`lookups/` tells what they read. Those that no row can tell are in `specials/`, registered by `function`. Each answers
with all that its signature has, and takes no other arguments.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from mockcloud.errors import Error
from mockcloud.pulumi.answers import answer_of, invented, with_secrets
from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.checks import arguments_of
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.lookup import look_up, read_type
from mockcloud.pulumi.lookup_rows import lookup_of
from mockcloud.pulumi.properties import Properties, function_tokens, signature_of
from mockcloud.pulumi.special import lifecycle_of, load_specials
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import variables

Function = Callable[[Place, Mapping[str, Any]], dict[str, Any]]
"""Answers a function from its arguments."""

_FUNCTIONS: Final[dict[str, Function]] = {}

_NOT_IMPLEMENTED: Final = 501

_PLACES: Final = frozenset({"project", "region", "zone", "location"})
"""Variables that the provider's settings tell."""


class NoFunction(Error):
    """The mock cloud does not model a function."""


class WrongCall(Error):
    """The provider has no such function, or it takes other arguments."""


def function(token: str) -> Callable[[Function], Function]:
    """Register what answers a function.

    Args:
        token: Without the package: `organizations/getProject:getProject`.
    """

    def register(answer: Function) -> Function:
        _FUNCTIONS[f"gcp:{token}"] = answer
        return answer

    return register


@cache
def _loaded() -> Mapping[str, Function]:
    load_specials()
    return _FUNCTIONS


def call_function(place: Place, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a function, secrets marked as such.

    Raises:
        WrongCall: The provider has no such function, or it takes other arguments.
        NoFunction: The mock cloud does not model it.
        Refused: The cloud refused a call.
    """
    signature = _signature(token)
    given = _checked(token, signature, arguments)
    return with_secrets(signature, answer_of(signature, _answered(place, token, signature, given), given))


def assume_function(token: str, arguments: Mapping[str, Any], identifier: str = "") -> dict[str, Any]:
    """Answer a function without a cloud: what it would tell is made of its name and its arguments.

    Args:
        token: The function.
        arguments: Its arguments.
        identifier: The id of what it reads, where that is known.

    Raises:
        WrongCall: The provider has no such function, or it takes other arguments.
    """
    signature = _signature(token)
    given = _checked(token, signature, arguments)
    seed = hashlib.sha256(json.dumps([token, given], sort_keys=True).encode()).hexdigest()[:20]
    made = {name: invented(each, seed) for name, each in signature.items() if each.output}
    return with_secrets(signature, {**made, **given, "id": identifier or seed})


def is_answered(token: str) -> bool:
    """Whether the mock cloud answers a function.

    Args:
        token: `gcp:storage/getBucket:getBucket`.
    """
    known = token in _loaded() or lookup_of(token) is not None or read_by_name(token) is not None
    return known and signature_of(token) is not None


def read_by_name(token: str) -> str | None:
    """Give the type that a function reads by no more than its name and the words of an id; None for others.

    Args:
        token: `gcp:storage/getBucket:getBucket`.
    """
    return _reads(token) if token not in _loaded() and lookup_of(token) is None else None


def _answered(place: Place, token: str, signature: Properties, given: Mapping[str, Any]) -> dict[str, Any]:
    known, row = _loaded().get(token), lookup_of(token)
    try:
        if known is not None:
            return known(place, given)
        return look_up(place, row, signature, given) if row is not None else _read_by_row(place, token, given)
    except Refused as refused:
        if refused.status != _NOT_IMPLEMENTED:
            raise
        raise _not_modelled(token, refused.message) from refused


def _signature(token: str) -> Properties:
    signature = signature_of(token)
    if signature is None:
        raise WrongCall(
            f"The Google provider has no function {token}",
            given=token,
            allowed=", ".join(difflib.get_close_matches(token, function_tokens(), n=3)),
            remedy="name one of its functions, as `module/getThing:getThing`",
        )
    return signature


def _checked(token: str, signature: Properties, arguments: Mapping[str, Any]) -> dict[str, Any]:
    checked = arguments_of(token.rpartition(":")[2], signature, arguments)
    if checked.failures:
        raise WrongCall(
            f"The arguments of {token} are wrong",
            given="; ".join(map(str, checked.failures)),
            allowed=", ".join(sorted(name for name, each in signature.items() if not each.output)) or "none",
            remedy="mend what is named",
        )
    return checked.inputs


def _read_by_row(place: Place, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a function from the resource that it reads, of a type that has a row.

    Raises:
        NoFunction: The type has none.
        Absent: The resource is not there.
        Refused: The cloud refused a call.
    """
    kind = _reads(token)
    if kind is None:
        raise _not_modelled(token, token)
    return read_type(place, token, kind, arguments)


def _not_modelled(token: str, given: str) -> NoFunction:
    module = token.partition("/")[0]
    near = [each for each in function_tokens() if each.startswith(f"{module}/") and is_answered(each)]
    return NoFunction(
        f"The mock cloud does not model the function {token}",
        given=given,
        allowed=", ".join(near) or "functions of which it models the API",
        remedy="give what it answers, under `invokes` of the settings, or as `invokes=` in Python",
    )


def _reads(token: str) -> str | None:
    """Give the type that a function reads, which has a row and of whose id it knows the words; None for none."""
    kind = type_of_function(token)
    life, signature = lifecycle_of(kind), signature_of(token) or {}
    if not isinstance(life, Tabled):
        return None
    taken = {name for name, each in signature.items() if not each.output}
    return kind if taken >= {*variables(life.kind.row.self)} - _PLACES else None


def type_of_function(token: str) -> str:
    """Give the type of a function's name: of `gcp:storage/getBucket:getBucket`, `gcp:storage/bucket:Bucket`."""
    match = re.fullmatch(r"gcp:(\w+)/get(?:KMS)?(\w)(\w*):get\w+", token)
    return f"gcp:{match[1]}/{match[2].lower()}{match[3]}:{match[2]}{match[3]}" if match else ""
