"""Custom methods that take time, such as `instances.stop`: a state while they go on, another one behind them."""

from collections.abc import Collection, Mapping
from typing import Any

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services import operations
from mockcloud.services.presentation import metadata_of, operation_parent, operation_types

_EMPTY = "google.protobuf.Empty"


def act(
    call: Call,
    record: Record,
    after: Mapping[str, Any],
    *,
    going: Mapping[str, Any] | None = None,
    seconds: float = 5.0,
    response: Body | None = None,
) -> Body:
    """Change a resource now, start an operation, and change it again when that ends.

    Args:
        call: The call.
        record: The resource.
        after: Fields that it has when the operation ends.
        going: Fields that it has until then.
        seconds: How long that is, in virtual seconds.
        response: What the operation ends with, where that is not the resource.
    """
    back = operations.fields_back(record, {**(going or {}), **after})
    if going:
        record = call.cloud.change(record, {**record.body, **going})
    type_name = operation_types(call.method)[0] or _EMPTY
    if response is None:
        response = {} if type_name == _EMPTY else {**record.body, **after}
    return operations.start(
        call,
        operation_parent(record.name),
        response,
        type_name=type_name,
        metadata=metadata_of(call, record.name),
        seconds=seconds,
        finish={"name": record.name, "body": dict(after)},
        back=back,
        about=record.name,
    )


def settled(call: Call, record: Record, moving: Collection[str], field: str = "state") -> Record:
    """Let time pass until a resource is in none of the states in which it is on its way to another one.

    One that stays there, as a fault can make it, is given as it is.
    """
    for _ in range(_PATIENCE):
        if record.body.get(field) not in moving:
            break
        call.cloud.advance(_STEP)
        record = call.cloud.store.get(record.api, record.name) or record
    return record


_STEP = 10.0
_PATIENCE = 60
"""Steps of so many virtual seconds that a call waits for what was begun before it."""
