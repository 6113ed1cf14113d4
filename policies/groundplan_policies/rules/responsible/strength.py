"""How strong the key is that encrypts what a resource holds."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.rules.data.targets import dataset_of
from groundplan_policies.rules.encryption.keys import named_key
from groundplan_policies.rules.encryption.uses import SINGLE

GOOGLE: Final = 0
SOFTWARE: Final = 1
HARDWARE: Final = 2

_LEVEL: Final = Path("versionTemplate.protectionLevel")
_HARD: Final = frozenset({"HSM", "EXTERNAL", "EXTERNAL_VPC", "HSM_SINGLE_TENANT"})
_TABLE: Final = "bigquery.Table"


def strength(resource: Resource, context: Context) -> int | None:
    """Give 0 for Google's own key, 1 for a key of one's own, 2 for one in hardware; None where nobody can tell.

    A table without a key of its own has its dataset's. What takes no key has none to compare: that is None, too.
    """
    short = short_name(resource.type)
    if short not in SINGLE:
        return None
    reading = Path(SINGLE[short]).one(resource)
    if reading.state in {State.ABSENT, State.EMPTY}:
        home = dataset_of(resource, context.graph) if short == _TABLE else None
        return strength(home, context) if home is not None else GOOGLE
    key = named_key(resource, reading, context)
    if key is None:
        return None
    level = _LEVEL.one(key.resource) if key.resource is not None else None
    return HARDWARE if level is not None and level.value in _HARD else SOFTWARE


def takes_a_key(resource: Resource) -> bool:
    """Whether a resource can be encrypted with a key of one's own."""
    return short_name(resource.type) in SINGLE
