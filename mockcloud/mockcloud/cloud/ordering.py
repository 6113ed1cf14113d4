"""The order that a list asks for (AIP-132): `create_time desc, display_name`."""

from typing import Any

from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.names import camel
from mockcloud.discovery.schemas import Violation


def ordered(records: list[Record], order: str) -> list[Record]:
    """Sort resources.

    Args:
        records: The resources.
        order: Fields with commas between, each with `desc` behind it or not; "" leaves the order as it is.

    Raises:
        ApiError: It is none.
    """
    for each in reversed([part.strip() for part in order.split(",") if part.strip()]):
        field, _, direction = each.partition(" ")
        if direction.strip().lower() not in {"", "asc", "desc"}:
            raise invalid(f"Invalid order: '{order}'.", Violation("order_by", f"'{direction}' is no direction."))
        path = [camel(part) for part in field.split(".")]
        records = sorted(records, key=lambda one: _key(one.body, path), reverse=direction.strip().lower() == "desc")
    return records


def _key(body: Body, path: list[str]) -> tuple[int, float, str]:
    value: Any = body
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, (int, float)):
        return (1, float(value), "")
    return (2, 0.0, str(value))
