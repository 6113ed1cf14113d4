"""What a document says of one resource, for readers: its project, place, key and class, and what made it."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import without_unknown
from groundplan_policies.reports.safe import LONGEST_SHOWN, clip, plain
from groundplan_policies.rules.data.classes import class_of, owner_of
from groundplan_policies.rules.data.places import PLACES, places_of, region
from groundplan_policies.rules.encryption.uses import MESSAGES, SEVERAL, SINGLE

GOOGLE_KEY: Final = "Google’s"
"""What stands for a key where the resource names none."""

LATER: Final = "known after the deployment"

HIDDEN: Final = "a secret"

LONGEST_WHOLE: Final = 400
"""Characters of a condition or a principal before it is cut: it is read whole, or not understood."""

_ABOVE_PROJECTS: Final = ("accesscontextmanager.", "billing.", "cloudidentity.", "folder.", "organizations.")
"""Services whose resources are in an organisation, a folder or a billing account, whatever project asks for them."""

_KEYS: Final[Mapping[str, tuple[Path, ...]]] = {
    **{type_: (Path(path),) for type_, path in {**SINGLE, **MESSAGES}.items()},
    **{type_: tuple(map(Path, paths)) for type_, paths in SEVERAL.items()},
}

_OWN_PLACE: Final = ("location", "region", "zone")
_KEY: Final = "kms.CryptoKey"
_TABLE: Final = "bigquery.Table"


def shown(text: str, width: int = LONGEST_SHOWN) -> str:
    """Give a text of a program, safe to show and not too long, with a question mark for what is not known yet."""
    return clip(plain(without_unknown(text)), width)


def told(reading: Reading, width: int = LONGEST_SHOWN) -> str:
    """Give a value that may be shown, or why it is not there; "" where nothing is."""
    if reading.state is State.KNOWN:
        return shown(reading.text, width) if reading.text else ""
    if reading.state is State.UNKNOWN:
        return LATER
    return HIDDEN if reading.state is State.SECRET else ""


def name_of(resource: Resource) -> str:
    """Give a resource's name in the program."""
    return shown(resource.name)


def type_name(resource: Resource) -> str:
    """Give the short name of a resource's type."""
    return shown(short_name(resource.type))


def part_of(resource: Resource, graph: Graph) -> str:
    """Say which construct made a resource: the nearest component above it, with its type; "" for none."""
    parent = graph.parent(resource)
    while parent is not None and not parent.is_component:
        parent = graph.parent(parent)
    return "" if parent is None else f"{name_of(parent)} ({shown(parent.type.rpartition(':')[2])})"


def project_of(resource: Resource, graph: Graph) -> str:
    """Give the id of a resource's project; "" if it is in none, or the document does not say."""
    if resource.is_provider or short_name(resource.type).startswith(_ABOVE_PROJECTS):
        return ""
    reading = graph.effective(resource, "project")
    return shown(reading.text) if reading.state is State.KNOWN else ""


def place_of(resource: Resource, context: Context) -> str:
    """Say where a resource is; "" if it has no place, or the document does not say."""
    has_own = any(resource.inputs.get(name) is not None for name in _OWN_PLACE)
    if not has_own and short_name(resource.type) not in {*PLACES, _TABLE}:
        return ""
    found = [region(each.text) for each in places_of(resource, context) if each.state is State.KNOWN and each.text]
    return ", ".join(dict.fromkeys(map(shown, found)))


def key_of(resource: Resource, context: Context) -> str:
    """Say which key encrypts what a resource keeps; "" for types of which it is not known that they keep data."""
    paths = _KEYS.get(short_name(resource.type))
    if paths is None:
        return ""
    readings = [each for path in paths for each in path.read(resource)]
    names = dict.fromkeys(_key_name(resource, each, context.graph) for each in readings)
    named = [each for each in names if each]
    if named:
        return ", ".join(named)
    owner = owner_of(resource, context) if short_name(resource.type) == _TABLE else None
    return key_of(owner, context) if owner is not None else GOOGLE_KEY


def _key_name(resource: Resource, reading: Reading, graph: Graph) -> str:
    if reading.state in {State.ABSENT, State.EMPTY}:
        return ""
    key = graph.resolve(resource, reading, _KEY)
    if key is not None:
        return name_of(key)
    return shown(reading.text.rpartition("/")[2]) if reading.state is State.KNOWN else told(reading)


def data_class(resource: Resource, context: Context) -> str:
    """Give the class of a resource's data as its label says; "" where none can be read."""
    return shown(class_of(resource, context))
