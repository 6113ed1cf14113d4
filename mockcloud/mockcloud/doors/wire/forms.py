"""How an answer is asked to be written: by the parameters that every method has."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mockcloud.cloud.errors import invalid
from mockcloud.discovery.schemas import Violation

_TYPES: Final = frozenset({"", "json", "media", "sse", "proto"})


@dataclass(frozen=True, slots=True)
class Form:
    """How an answer is written.

    Attributes:
        alt: `json`, `media` or `sse`; "" where the request does not say.
        numbers: Whether enumerations are written as their numbers.
        fields: Which fields of the answer are wanted; "" for all.
        pretty: Whether JSON is indented.
        old_errors: Whether errors carry the older list too, as `$.xgafv=1` asks.
    """

    alt: str = ""
    numbers: bool = False
    fields: str = ""
    pretty: bool = False
    old_errors: bool = False

    @property
    def plain(self) -> bool:
        """Whether a body that is written already can be sent as it is."""
        return not (self.numbers or self.fields or self.pretty)


PLAIN: Final = Form()


def form_of(pairs: Iterable[tuple[str, str]], mask: str = "") -> Form:
    """Read the form from a query.

    Args:
        pairs: Names and values, decoded.
        mask: What the header X-Goog-FieldMask says; "" for none.
    """
    alt, numbers, fields, pretty, old = "", False, mask, False, False
    for name, value in pairs:
        bare = name.removeprefix("$")
        if bare == "alt":
            alt, *options = value.lower().split(";")
            numbers = "enum-encoding=int" in options
        elif bare == "fields":
            fields = value
        elif bare in {"prettyPrint", "pretty_print"}:
            pretty = value.lower() == "true"
        elif bare == ".xgafv":
            old = value == "1"
    return Form(alt, numbers, fields.strip(), pretty, old)


def hold(form: Form) -> None:
    """Refuse a form that there is not.

    Raises:
        ApiError: The type of the answer is unknown, or not written here.
    """
    if form.alt not in _TYPES or form.alt == "proto":
        raise invalid(
            f"Invalid value at 'alt': \"{form.alt[:50]}\".",
            Violation("alt", "It is json, media or sse."),
            reason="invalid",
        )
