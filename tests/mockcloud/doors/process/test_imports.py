import importlib
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from mockcloud.doors.process.imports import when_imported


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A library that is installed and not imported."""
    package = tmp_path / "mock_library_of_the_test"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "part.py").write_text("value = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in (package.name, f"{package.name}.part"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return package.name


def test_a_library_is_hooked_when_it_is_imported_and_not_before(library: str) -> None:
    seen: list[ModuleType] = []
    for _ in range(2):
        when_imported(f"{library}.part", seen.append)
    assert f"{library}.part" not in sys.modules
    part = importlib.import_module(f"{library}.part")
    assert seen == [part, part]
    assert part.value == 1
    assert part.__spec__ is not None
    assert part.__spec__.loader is part.__loader__
    assert type(part.__loader__).__name__ == "SourceFileLoader"
    when_imported(f"{library}.part", seen.append)
    assert len(seen) == 3
    importlib.reload(part)
    assert len(seen) == 3


def test_a_library_that_is_not_installed_stays_so(library: str) -> None:
    when_imported(f"{library}.missing", lambda _: None)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(f"{library}.missing")


def test_a_library_that_another_thread_is_importing_is_hooked_when_that_is_done(library: str, tmp_path: Path) -> None:
    (tmp_path / library / "slow.py").write_text(
        "import threading\nbegun, go = threading.Event(), threading.Event()\n"
        "import mock_library_of_the_test\nmock_library_of_the_test.slow = __import__('sys').modules[__name__]\n"
        "begun.set()\ngo.wait(10)\nvalue = 2\n",
        encoding="utf-8",
    )
    importlib.import_module(library)
    importer = threading.Thread(target=importlib.import_module, args=(f"{library}.slow",))
    importer.start()
    while not hasattr(sys.modules[library], "slow"):
        pass
    slow = sys.modules[library].slow
    assert slow.begun.wait(10)
    threading.Timer(0.05, slow.go.set).start()
    seen: list[int] = []
    when_imported(f"{library}.slow", lambda module: seen.append(module.value))
    importer.join()
    assert seen == [2]
