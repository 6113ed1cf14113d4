"""How Python looks after the memory of a process that does nothing but serve."""

import gc
from typing import Final

_COLLECT_AFTER: Final = (10_000, 20, 50)
"""Objects that came before the youngest are looked through for cycles; and how often, before the older ones are."""


def serve_only() -> None:
    """Tell Python that this process does nothing but serve, so that it looks for garbage less often.

    What is there stays: code and descriptions. What comes, resources and the journal, stays too, and holds no cycles.
    Looking through all of that again and again takes a tenth of a start and a fifth of a creation.
    """
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
