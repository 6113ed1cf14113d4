"""How constructs are found in the sources."""

from pathlib import Path

import pytest

from tools.construct_catalog import constructs

SOURCE = '''"""A module."""

class BucketArgs(Args):
    """Arguments."""

class Bucket(core.Component):
    """Keeps objects
    safely.

    More.
    """

class _Part(Component):
    """Not public."""
'''


@pytest.fixture
def package(tmp_path: Path) -> Path:
    package = tmp_path / "groundplan"
    for area, name in [("data", "bucket.py"), ("core", "component.py"), ("data", "_parts.py")]:
        (package / area).mkdir(parents=True, exist_ok=True)
        (package / area / name).write_text(SOURCE, encoding="utf-8")
    return package


def test_a_public_component_outside_core_is_a_construct(package: Path) -> None:
    (found,) = constructs(package)
    assert (found.name, found.area, found.summary) == ("Bucket", "data", "Keeps objects safely.")
    assert found.path == package / "data" / "bucket.py"
    assert found.docstring_line == 7
