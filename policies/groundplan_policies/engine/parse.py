"""From bytes to JSON objects, with an answer for everything that is not a document."""

import json
from collections.abc import Mapping
from pathlib import Path

from groundplan_policies.engine.errors import DocumentError
from groundplan_policies.engine.values import Value

FORMATS = "the JSON of `pulumi stack export`, of `pulumi preview --json`, or of `groundplan preview --json`"
EXPORT_AGAIN = "write the document again with one of those commands, and pass the file as it is"


def parse(text: str) -> Mapping[str, Value]:
    """Give the JSON object that a text holds.

    Raises:
        DocumentError: The text is empty, cut short, no JSON, or JSON but no object.
    """
    if not text.strip():
        raise DocumentError("The document is empty", given="no text", allowed=FORMATS, remedy=EXPORT_AGAIN)
    try:
        parsed: Value = json.loads(text)
    except RecursionError:
        raise nested_too_deeply() from None
    except ValueError as error:
        raise _not_json(text, error) from None
    if not isinstance(parsed, Mapping):
        raise DocumentError(
            "The document is JSON, but not a deployment document",
            given=f"a JSON {type(parsed).__name__}",
            allowed=FORMATS,
            remedy=EXPORT_AGAIN,
        )
    return parsed


def nested_too_deeply() -> DocumentError:
    """Make the error for JSON with more levels than Python reads, and than any deployment has."""
    return DocumentError(
        "The document is nested too deeply",
        given="JSON with more levels than Python reads",
        allowed=FORMATS,
        remedy=EXPORT_AGAIN,
    )


def read_text(source: str | bytes | Path) -> str:
    """Give the text of a file or of bytes, in whichever encoding of JSON: Windows shells redirect into UTF-16.

    Raises:
        DocumentError: The file cannot be read, or is no text.
    """
    given = str(source) if isinstance(source, Path) else "bytes"
    try:
        if isinstance(source, str):
            return source.removeprefix("\ufeff")
        raw = source if isinstance(source, bytes) else source.read_bytes()
        return raw.decode(json.detect_encoding(raw))
    except OSError as error:
        raise DocumentError(
            "The document cannot be read",
            given=f"{given} ({error.strerror})",
            allowed="a file that exists and may be read",
            remedy="check the path and the permissions",
        ) from None
    except UnicodeDecodeError:
        raise DocumentError(
            "The document is no text", given=given, allowed="JSON in UTF-8, UTF-16 or UTF-32", remedy=EXPORT_AGAIN
        ) from None


def _not_json(text: str, error: ValueError) -> DocumentError:
    """Tell a file that was cut short from one that never was JSON."""
    if not isinstance(error, json.JSONDecodeError):
        return DocumentError(
            "The document holds a number that cannot be read", given=str(error), allowed=FORMATS, remedy=EXPORT_AGAIN
        )
    where = f"line {error.lineno}, column {error.colno}: {error.msg}"
    if text.lstrip().startswith("{") and (error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")):
        return DocumentError(
            "The document ends too early",
            given=f"text that stops at {where}",
            allowed="a whole JSON object",
            remedy="write it again; the command that wrote it may have been stopped, or the disk may be full",
        )
    return DocumentError("The document is not JSON", given=where, allowed=FORMATS, remedy=EXPORT_AGAIN)
