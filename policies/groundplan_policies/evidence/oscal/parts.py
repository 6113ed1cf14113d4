"""What both OSCAL documents are made of: identifiers, dates, properties, and the head."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from groundplan_policies.engine.values import Value
from groundplan_policies.evidence.model import Bundle
from groundplan_policies.reports.safe import plain

OSCAL: Final = "1.1.3"
"""Version of OSCAL. What is written here is the same in every 1.1."""

NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:groundplan:evidence")
"""The namespace of all identifiers: the same content has the same identifiers everywhere, and no other has them."""

PROPERTIES: Final = "urn:groundplan:oscal"
"""The namespace of properties that OSCAL does not know. It is a name, and nothing is fetched from it."""

_NOT_TOKEN: Final = re.compile(r"[^A-Za-z0-9._-]")
_STARTS: Final = re.compile(r"[A-Za-z_]")


def identifier(*parts: str) -> str:
    """Give the identifier of what some texts say (UUID version 5)."""
    return str(uuid5(NAMESPACE, "\n".join(part.encode(errors="backslashreplace").decode() for part in parts)))


def moment(day: date) -> str:
    """Give the first moment of a day in UTC, as OSCAL writes moments."""
    return f"{day.isoformat()}T00:00:00+00:00"


def token(text: str) -> str:
    """Give a text as one of OSCAL's tokens: letters, digits, dots, dashes, and no digit at the beginning."""
    clean = _NOT_TOKEN.sub("-", text)
    return clean if _STARTS.match(clean) else f"_{clean}"


def line(text: str) -> str:
    """Give a text as one line that is not empty."""
    return plain(text).strip() or "-"


def prop(name: str, value: str) -> Mapping[str, Value]:
    """Give a property of our own namespace."""
    return {"name": token(name), "ns": PROPERTIES, "value": line(value)}


def props(pairs: Iterable[tuple[str, str]]) -> list[Value]:
    """Give properties, without those of which nothing is said."""
    return [prop(name, value) for name, value in pairs if value.strip()]


def head(bundle: Bundle, title: str) -> dict[str, Value]:
    """Give the head of a document: the day of the evidence is the day of the document."""
    day = bundle.report.evaluation.as_of
    said: list[Value] = [prop("level", bundle.reach.id)]
    if bundle.reach.watermark:
        said.append(prop("watermark", bundle.reach.watermark))
    mark = f"{bundle.reach.watermark}. " if bundle.reach.watermark else ""
    return {
        "title": line(title if not bundle.reach.watermark else f"{title} ({bundle.reach.watermark})"),
        "last-modified": moment(day),
        "version": day.isoformat(),
        "oscal-version": OSCAL,
        "props": said,
        "remarks": f"{mark}{bundle.reach.proves}",
    }


def basis(bundle: Bundle) -> Sequence[Value]:
    """Give what the evidence rests on, as properties."""
    return props((each.id, f"{each.value} {each.note}".strip()) for each in bundle.inputs)
