"""Keeps secrets out of what leaves the engine.

A secret property never reaches a document: the decoder drops it. What remains is text in which a program repeats a
secret: a log line, a traceback, a value that it took out of its secret wrapping on purpose.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from mockcloud.pulumi.values import REDACTED, Value

SHORTEST: Final = 4
"""Secret configuration values with fewer characters are not looked for in texts: they would be found everywhere."""

SHORTEST_MADE: Final = 8
"""The same for secrets that a program makes, which often hold parts that are no secret, such as a region."""


@dataclass(slots=True)
class Redaction:
    """Knows secrets and clears texts of them.

    Secret configuration is cleared from everything. Secrets that the program makes are cleared from messages and
    captured output, but not from the document: a name that merely contains a secret's text must stay a name.
    """

    _given: set[str] = field(default_factory=set)
    _made: set[str] = field(default_factory=set)

    def add_given(self, value: Value) -> None:
        """Remember a secret of the configuration. The texts inside a structured one, in JSON, are secrets too."""
        found = _texts(value)
        if isinstance(value, str) and value[:1] in {"{", "["}:
            with suppress(ValueError):
                found |= _texts(json.loads(value))
        self._given |= {text for text in found if len(text) >= SHORTEST}

    def add_made(self, value: Value) -> None:
        """Remember a secret that the program makes."""
        self._made |= {text for text in _texts(value) if len(text) >= SHORTEST_MADE}

    def clear_text(self, text: str) -> str:
        """Replace every known secret in a message."""
        pattern = _pattern(self._given | self._made)
        return pattern.sub(REDACTED, text) if pattern and text else text

    def clear_document(self, value: Value) -> Value:
        """Replace every secret of the configuration in a document, in keys as well."""
        pattern = _pattern(self._given)
        if pattern is None or not pattern.search(json.dumps(value, ensure_ascii=False)):
            return value
        return _clear(value, pattern)


def redaction_of(secret_config: Mapping[str, str] | None) -> Redaction:
    """Make a redaction that knows secret configuration only."""
    redaction = Redaction()
    for value in (secret_config or {}).values():
        redaction.add_given(value)
    return redaction


def _clear(value: Value, pattern: re.Pattern[str]) -> Value:
    if isinstance(value, str):
        return pattern.sub(REDACTED, value)
    if isinstance(value, list):
        return [_clear(item, pattern) for item in value]
    if isinstance(value, dict):
        return {pattern.sub(REDACTED, key): _clear(item, pattern) for key, item in value.items()}
    return value


def _pattern(secrets: set[str]) -> re.Pattern[str] | None:
    """Match any secret, the longest first, also as JSON and as Python write it inside quotes."""
    forms = {
        form
        for secret in secrets
        if secret != REDACTED
        for form in (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1])
    }
    if not forms:
        return None
    return re.compile("|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form))))


def _texts(value: Value) -> set[str]:
    if isinstance(value, str):
        return {value, *value.split("\n")} if "\n" in value else {value}
    if isinstance(value, dict):
        return set().union(*(_texts(item) for item in value.values()))
    return set().union(*(_texts(item) for item in value)) if isinstance(value, list) else set()
