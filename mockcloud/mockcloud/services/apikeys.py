"""API keys: the text of a key is told by a method of its own. Nothing is called with one."""

from typing import Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("apikeys", numbers=True)

_KEYS: Final = "projects.locations.keys"
_DIGITS: Final = 35


def _text(call: Call, record: Record) -> None:
    """Choose the text of a key, which begins as Google's do."""
    text = f"AIza{call.cloud.ids.hexadecimal('apikeys/key', _DIGITS)}"
    call.cloud.change(record, record.body, hidden={**record.hidden, "keyString": text})


SERVICE.collection(_KEYS, after_create=_text)


@SERVICE.method(f"{_KEYS}.getKeyString")
def key_string(call: Call) -> Answer | Body:
    """Give the text of a key."""
    return {"keyString": found(call, call.name.removesuffix("/keyString")).hidden["keyString"]}


@SERVICE.method("keys.lookupKey")
def look_up(call: Call) -> Answer | Body:
    """Find the key of a text."""
    wanted = call.text("keyString")
    for each in call.cloud.store.of("apikeys"):
        if wanted and each.hidden.get("keyString") == wanted:
            return {"parent": each.name.rpartition("/keys/")[0], "name": each.body["name"]}
    raise not_found(wanted[:8], what="Key")
