"""Preconditions: a call holds only where generation and metageneration are what the caller thinks."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.store import Record

_ALL: Final = (
    ("GenerationMatch", "generation", True),
    ("GenerationNotMatch", "generation", False),
    ("MetagenerationMatch", "metageneration", True),
    ("MetagenerationNotMatch", "metageneration", False),
)


def failed() -> ApiError:
    """A precondition does not hold."""
    return ApiError(
        412,
        "FAILED_PRECONDITION",
        "At least one of the pre-conditions you specified did not hold.",
        reason="conditionNotMet",
    )


def hold(call: Call, record: Record | None, *, source: bool = False) -> None:
    """Hold a call to its preconditions.

    Args:
        call: The call.
        record: What they are about; None where there is nothing (its generation is 0).
        source: Whether those on the source of a copy are meant.

    Raises:
        ApiError: 412.
    """
    if any(not met for met, _ in _outcomes(call, record, source=source)):
        raise failed()


def unchanged(call: Call, record: Record) -> bool:
    """Whether a read is answered `304 Not Modified`; one that asks for what is not there is refused.

    Raises:
        ApiError: 412.
    """
    outcomes = _outcomes(call, record, source=False)
    if any(not met for met, wanted in outcomes if wanted):
        raise failed()
    return any(not met for met, wanted in outcomes if not wanted)


def _outcomes(call: Call, record: Record | None, *, source: bool) -> list[tuple[bool, bool]]:
    """Give for each precondition of the call whether it is met, and whether it asks for the same."""
    if not call.query:
        return []
    body: Mapping[str, Any] = record.body if record is not None else {}
    found = []
    for name, field, wanted in _ALL:
        given = call.text(f"ifSource{name}" if source else f"if{name}")
        if given:
            found.append(((_number(given) == int(body.get(field, 0))) is wanted, wanted))
    return found


def _number(text: str) -> int:
    if not text.isdigit():
        raise invalid(f"Invalid value '{text}'. Values must be whole numbers.", reason="invalid")
    return int(text)
