"""What Google gives a resource when it makes it, as data: addresses, hosts, ids that only the service chooses."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from mockcloud.cloud.call import Call
from mockcloud.cloud.ids import steady
from mockcloud.cloud.store import Body

_WORD: Final = re.compile(r"\{([^}]+)\}")
_ZONE: Final = re.compile(r".+-[a-z]")
_FOURTH: Final = 3
"""Which address of a range a service takes: the first ones are the network's."""


class _Missing(LookupError):
    """A value that a template needs is not there."""


def with_given(call: Call, collection: str, name: str, body: Body) -> Body:
    """Give the body of a new resource with what Google gives it. What it says itself stays.

    Args:
        call: The call that makes it.
        collection: Its collection, as the description has it: `projects.locations.instances`.
        name: Its full name.
        body: Its body.
    """
    table = _table().get(call.api, {}).get(collection)
    if not table:
        return body
    words, complete = _words(call, name, body), dict(body)
    for written, template in table.items():
        field, _, condition = written.partition(" if ")
        above, _, last = field.rpartition(".")
        inside = complete.get(above) if above else complete
        if not isinstance(inside, Mapping) or inside.get(last) not in (None, "", [], {}) or not _holds(condition, body):
            continue
        try:
            given = {**inside, last: _filled(template, words, body)}
        except _Missing:
            continue
        complete = {**complete, above: given} if above else given
    return complete


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    found: Mapping[str, Mapping[str, Mapping[str, Any]]] = yaml.safe_load(
        Path(__file__).with_name("given.yaml").read_bytes()
    )
    return found


def _holds(condition: str, body: Body) -> bool:
    """Whether a field has a value, as `path=VALUE` says, or is true, as the path alone does."""
    path, _, wanted = condition.partition("=")
    return not condition or _own(path, body) == (wanted or str(True))


def _words(call: Call, name: str, body: Body) -> Mapping[str, Callable[[], str]]:
    parts = name.split("/")
    location = parts[3] if len(parts) > 3 and parts[2] == "locations" else ""  # noqa: PLR2004 - projects/P/locations/L
    kind = f"{call.api}/given"
    return {
        "id": lambda: parts[-1],
        "name": lambda: name,
        "project": lambda: call.project,
        "number": lambda: call.cloud.projects.number_of(call.project),
        "location": lambda: location,
        "zone": lambda: location if _ZONE.fullmatch(location) else f"{location}-a",
        "initials": lambda: "".join(word[0] for word in location.split("-")),
        "range": lambda: range_of(name, str(body.get("reservedIpRange", ""))),
        "address": lambda: address_in(range_of(name, str(body.get("reservedIpRange", "")))),
        "next": lambda: str(ipaddress.ip_address(address_in(range_of(name, str(body.get("reservedIpRange", ""))))) + 1),
        "above": lambda: parts[1],
        "public": lambda: f"34.{_byte(name, 0)}.{_byte(name, 1)}.{_byte(name, 2)}",
        "uuid": lambda: call.cloud.ids.uuid(kind),
        "hash": lambda: call.cloud.ids.hexadecimal(kind, 12),
        "now": call.cloud.clock.tick,
    }


def range_of(name: str, given: str = "") -> str:
    """Give a resource's own range of addresses.

    Args:
        name: Its full name, to which a range belongs: always the same one.
        given: What it was made with. The name of a range that a network has reserved is none by itself.
    """
    try:
        return str(ipaddress.ip_network(given))
    except ValueError:
        return f"10.{_byte(name, 0)}.{_byte(name, 1)}.{_byte(name, 2) & ~7}/29"


def address_in(span: str) -> str:
    """Give the address in a range that a service takes."""
    return str(ipaddress.ip_network(span)[_FOURTH])


def _byte(name: str, at: int) -> int:
    return int(steady(f"given/{name}", 12)[4 * at : 4 * at + 4]) % 256


def _filled(template: object, words: Mapping[str, Callable[[], str]], body: Body) -> Any:  # noqa: ANN401 - JSON
    if isinstance(template, Mapping):
        return {key: _filled(each, words, body) for key, each in template.items()}
    if isinstance(template, list):
        return [_filled(each, words, body) for each in template]
    if not isinstance(template, str):
        return template
    return _WORD.sub(lambda match: _word(match[1], words, body), template)


def _word(written: str, words: Mapping[str, Callable[[], str]], body: Body) -> str:
    """Give the first of some alternatives that there is."""
    for each in written.split("|"):
        found = _own(each[1:], body) if each.startswith(".") else words[each]()
        if found:
            return found
    raise _Missing(written)


def _own(path: str, body: Body) -> str:
    """Give the text at a path in the body; "" for none."""
    found: object = body
    for step in path.split("."):
        if isinstance(found, list):
            found = found[int(step)] if int(step) < len(found) else None
        else:
            found = found.get(step) if isinstance(found, Mapping) else None
    return str(found) if found is not None else ""
