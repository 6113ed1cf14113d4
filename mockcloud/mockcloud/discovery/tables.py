"""Tables that people review, which are YAML beside the code."""

from pathlib import Path
from typing import Any, Final

import yaml

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C, where PyYAML was built with it: the others take ten times as long, a tenth of a second."""


def read_table(path: Path) -> Any:  # noqa: ANN401 - whatever the table holds
    """Read a table: texts, numbers, lists and maps, and nothing that runs code."""
    loader = _LOADER(path.read_bytes())
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()
