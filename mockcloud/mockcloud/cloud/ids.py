"""Ids that are the same in every run: seeded, and counted by kind."""

import hashlib
import threading
from collections import Counter
from functools import lru_cache
from typing import Final

_DIGITS: Final = 19


class Ids:
    """The ids of one cloud.

    Args:
        seed: What makes this cloud's ids differ from another's.
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def numeric(self, kind: str, digits: int = _DIGITS) -> str:
        """Give a new number that does not begin with 0.

        Args:
            kind: What it is for. Ids of one kind do not depend on how many others were given.
            digits: How many digits it has.
        """
        number = int(self._digest(kind), 16)
        low = 10 ** (digits - 1)
        return str(low + number % (9 * low))

    def hexadecimal(self, kind: str, digits: int = 16) -> str:
        """Give a new number in hexadecimal digits, at most 64."""
        return self._digest(kind)[:digits]

    def uuid(self, kind: str) -> str:
        """Give a new UUID."""
        text = self._digest(kind)
        variant = "89ab"[int(text[16], 16) % 4]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"

    def _digest(self, kind: str) -> str:
        with self._lock:
            self.counts[kind] += 1
            count = self.counts[kind]
        return hashlib.sha256(f"{self.seed}/{kind}/{count}".encode()).hexdigest()


@lru_cache(maxsize=16_384)
def steady(text: str, digits: int = 12) -> str:
    """Give a number that belongs to a text, such as a project's number to its id: always the same one."""
    low = 10 ** (digits - 1)
    return str(low + int(hashlib.sha256(text.encode()).hexdigest(), 16) % (9 * low))
