"""Values: as clients send them, as rows keep them, as DuckDB takes and gives them.

A row is kept as the API shows it, `{"f": [{"v": …}]}`, with texts for all scalars; a timestamp is a number of
microseconds. Sources: https://cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/list (2026-11).
"""

import base64
import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from mockcloud.services.bigquery.fields import Field

Row = Mapping[str, Any]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT: Final = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?\s*(Z|UTC|[+-]\d{1,2}(?::?\d{2})?)?",
    re.IGNORECASE,
)


class Unfit(ValueError):
    """A value does not fit its field.

    Args:
        field: Path of the field.
        why: What is wrong.
    """

    def __init__(self, field: str, why: str) -> None:
        super().__init__(field, why)
        self.field = field
        self.why = why


def microseconds(moment: datetime) -> int:
    """Give a moment as microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def row_of(fields: Sequence[Field], values: Mapping[str, Any], *, ignore_unknown: bool = False) -> Row:
    """Make a row of values as clients send them in JSON.

    Args:
        fields: The schema.
        values: From the name of a field, in any case, to its value.
        ignore_unknown: Whether values without a field are dropped.

    Raises:
        Unfit: A value does not fit, one that is required is missing, or one has no field.
    """
    return {"f": _members(fields, values, "", ignore_unknown=ignore_unknown)}


def _members(
    fields: Sequence[Field], values: Mapping[str, Any], path: str, *, ignore_unknown: bool
) -> list[dict[str, Any]]:
    left = {key.lower(): value for key, value in values.items()}
    found = []
    for each in fields:
        here = path + each["name"]
        value = left.pop(each["name"].lower(), None)
        found.append({"v": cell(each, value, here, ignore_unknown=ignore_unknown)})
    if left and not ignore_unknown:
        name = next(iter(left))
        raise Unfit(path + name, f"no such field: {path + name}.")
    return found


def cell(field: Field, value: Any, path: str = "", *, ignore_unknown: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Give a value as rows keep it.

    Raises:
        Unfit: It does not fit.
    """
    path = path or field["name"]
    if field["mode"] == "REPEATED":
        if value is None:
            return []
        if not isinstance(value, (list, tuple)):
            raise Unfit(path, "Array specified for non-repeated field." if value == "" else "It is no array.")
        one = {**field, "mode": "NULLABLE"}
        return [{"v": cell(one, each, path, ignore_unknown=ignore_unknown)} for each in value]
    if value is None:
        if field["mode"] == "REQUIRED":
            raise Unfit(path, f"Missing required field: {path}.")
        return None
    if field["type"] == "RECORD":
        if not isinstance(value, Mapping):
            raise Unfit(path, "This field: " + path + " is not a record.")
        return {"f": _members(field["fields"], value, f"{path}.", ignore_unknown=ignore_unknown)}
    if isinstance(value, (list, dict)) and field["type"] != "JSON":
        raise Unfit(path, "Array or object specified for a scalar field.")
    try:
        return _SCALARS[field["type"]](value)
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        raise Unfit(path, f"Cannot convert value to {field['type'].lower()}: {str(value)[:100]}") from None


def _integer(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(value)
    number = int(value) if not isinstance(value, str) else int(value.strip())
    if not -(2**63) <= number < 2**63:
        raise ValueError(value)
    return str(number)


def _float(value: Any) -> str:  # noqa: ANN401 - JSON
    number = float(value)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return repr(number)


def _boolean(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip().lower()
    if text in {"true", "t", "yes", "y", "1"}:
        return "true"
    if text in {"false", "f", "no", "n", "0"}:
        return "false"
    raise ValueError(value)


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    return _boolean(value) if isinstance(value, bool) else str(value)


def _bytes(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    text = str(value).replace("-", "+").replace("_", "/")
    return base64.b64encode(base64.b64decode(text, validate=True)).decode()


def _decimal(value: Any) -> str:  # noqa: ANN401 - JSON
    number = Decimal(str(value).strip())
    if not number.is_finite():
        raise ValueError(value)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: Any) -> datetime:  # noqa: ANN401 - JSON
    """Read a date with or without time and zone; without a zone it is UTC."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    found = _MOMENT.fullmatch(str(value).strip())
    if found is None:
        raise ValueError(value)
    day = "-".join(part.zfill(2) for part in found[1].split("-"))
    clock = found[2] or "00:00:00"
    hours, _, rest = clock.partition(":")
    zone = (found[3] or "Z").upper().replace("UTC", "Z")
    if zone != "Z":
        digits = zone[1:].replace(":", "")
        digits = digits.zfill(2) + "00" if len(digits) <= 2 else digits.zfill(4)  # noqa: PLR2004 - hours only
        zone = f"{zone[0]}{digits[:2]}:{digits[2:]}"
    seconds, dot, fraction = rest.partition(".")
    return datetime.fromisoformat(
        f"{day}T{hours.zfill(2)}:{seconds}{dot}{fraction[:6].ljust(6, '0') if dot else ''}{zone}"
    )


def _timestamp(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, bool):
        raise TypeError(value)
    if isinstance(value, (int, float)) or (isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d*)?(E\d+)?", value)):
        return str(round(Decimal(str(value)) * 1_000_000))
    return str(microseconds(_moment(value)))


def _date(value: Any) -> str:  # noqa: ANN401 - JSON
    return _moment(value).date().isoformat()


def _datetime(value: Any) -> str:  # noqa: ANN401 - JSON
    return _moment(value).replace(tzinfo=None).isoformat()


def _time(value: Any) -> str:  # noqa: ANN401 - JSON
    return value.isoformat() if isinstance(value, time) else time.fromisoformat(str(value).strip().zfill(8)).isoformat()


def _json(value: Any) -> str:  # noqa: ANN401 - JSON
    # Text is taken to be JSON that is written already, as the API takes it.
    read = json.loads(value) if isinstance(value, str) else value
    return json.dumps(read, separators=(",", ":"), ensure_ascii=False)


_SCALARS: Final = {
    "INTEGER": _integer,
    "FLOAT": _float,
    "BOOLEAN": _boolean,
    "STRING": _text,
    "BYTES": _bytes,
    "NUMERIC": _decimal,
    "BIGNUMERIC": _decimal,
    "TIMESTAMP": _timestamp,
    "DATE": _date,
    "DATETIME": _datetime,
    "TIME": _time,
    "JSON": _json,
    "GEOGRAPHY": _text,
    "INTERVAL": _text,
    "RANGE": _text,
}


# From and to DuckDB
# ---------------------------------------------------------------------------------------------------------------------


def row_from_duck(fields: Sequence[Field], values: Sequence[Any]) -> Row:
    """Make a row of a result's values."""
    return {"f": [{"v": _from_duck(field, value)} for field, value in zip(fields, values, strict=True)]}


def _from_duck(field: Field, value: Any) -> Any:  # noqa: ANN401 - a value of any type
    if field["mode"] == "REPEATED":
        one = {**field, "mode": "NULLABLE"}
        return [{"v": _from_duck(one, each)} for each in value or ()]
    if value is None:
        return None
    if field["type"] == "RECORD":
        return {"f": [{"v": _from_duck(each, value.get(each["name"]))} for each in field["fields"]]}
    if field["type"] == "INTERVAL" and isinstance(value, timedelta):
        seconds = value.seconds + value.days * 0
        clock = f"{seconds // 3600}:{seconds % 3600 // 60}:{seconds % 60}"
        return f"0-0 {value.days} {clock}"
    return _SCALARS[field["type"]](value)


def for_duck(fields: Sequence[Field], row: Row) -> dict[str, Any]:
    """Give a row as the JSON that DuckDB reads."""
    return {field["name"]: _for_duck(field, each["v"]) for field, each in zip(fields, row["f"], strict=False)}


def _for_duck(field: Field, value: Any) -> Any:  # noqa: ANN401, PLR0911 - a value of any type; one return a type
    if value is None:
        return None
    if field["mode"] == "REPEATED":
        one = {**field, "mode": "NULLABLE"}
        return [_for_duck(one, each["v"]) for each in value]
    kind = field["type"]
    if kind == "RECORD":
        return for_duck(field["fields"], value)
    if kind == "TIMESTAMP":
        return (_EPOCH + timedelta(microseconds=int(value))).isoformat()
    if kind == "BYTES":
        return "".join(f"\\x{each:02X}" for each in base64.b64decode(value))
    if kind == "JSON":
        return json.loads(value)
    return value


def size_of(row: Row) -> int:
    """Give about how many bytes a row counts for: eight for a number, two and its length for a text."""
    return sum(_size(each["v"]) for each in row["f"])


def _size(value: Any) -> int:  # noqa: ANN401 - a value of any type
    if value is None:
        return 0
    if isinstance(value, list):
        return sum(_size(each["v"]) for each in value)
    return size_of(value) if isinstance(value, dict) else len(value) + 2
