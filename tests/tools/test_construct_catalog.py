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

class Lock(Component):
    """A part of the bucket, which the package does not export."""
'''

EXPORTS = """
if TYPE_CHECKING:
    from groundplan.data.bucket import Bucket as Bucket
    from groundplan.data.bucket import BucketArgs as BucketArgs
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    package = tmp_path / "groundplan"
    (package / "data").mkdir(parents=True)
    (package / "data" / "bucket.py").write_text(SOURCE, encoding="utf-8")
    (package / "__init__.py").write_text(EXPORTS, encoding="utf-8")
    return package


def test_a_component_that_the_package_exports_is_a_construct(package: Path) -> None:
    (found,) = constructs(package)
    assert (found.name, found.area, found.summary) == ("Bucket", "data", "Keeps objects safely.")
    assert found.path == package / "data" / "bucket.py"
    assert found.docstring_line == 7
