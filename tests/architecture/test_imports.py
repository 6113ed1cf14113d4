"""Who may import whom: the contracts of pyproject.toml, checked by import-linter."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOMS, ROOT

CHECK = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command(sys.argv[1:])"


def lint_imports(folder: Path, config: Path, path: str = "") -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path[:0] = {[path] if path else []!r}\n{CHECK}"
    arguments = ["--no-cache", "--config", str(config)]
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_every_contract_is_kept() -> None:
    result = lint_imports(ROOT, ROOT / "pyproject.toml")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def test_a_room_is_a_root_of_the_contracts() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {file.parent.name for room in ROOMS for file in (ROOT / room).glob("*/py.typed")}
    assert set(settings["tool"]["importlinter"]["root_packages"]) == packages


@pytest.mark.parametrize(
    ("module", "line", "outcome"),
    [
        ("groundplan/network/fine.py", "import groundplan.core", "5 kept, 0 broken"),
        ("groundplan/core/bad.py", "import groundplan.network", "1 broken"),
        ("groundplan/network/bad.py", "import groundplan.data", "1 broken"),
        ("groundplan/workbench/bad.py", "import groundplan.features", "1 broken"),
        ("groundplan/bad.py", "", "1 broken"),
        ("groundplan/core/bad.py", "import mockcloud", "1 broken"),
        ("groundplan/core/bad.py", "import groundplan_cli", "1 broken"),
        ("blueprint/bad.py", "import mockcloud", "1 broken"),
        ("groundplan_policies/bad.py", "import pulumi", "1 broken"),
        ("mockcloud/bad.py", "import groundplan_policies", "1 broken"),
        ("mockcloud/cloud/bad.py", "import mockcloud.services", "1 broken"),
        ("mockcloud/discovery/bad.py", "import mockcloud.cloud", "1 broken"),
    ],
)
def test_the_contracts_notice_what_they_forbid(tmp_path: Path, module: str, line: str, outcome: str) -> None:
    for package in ("groundplan", "groundplan_policies", "mockcloud", "blueprint", "groundplan_cli"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for area in ("core", "network", "data", "workbench", "features"):
        (tmp_path / "groundplan" / area).mkdir()
        (tmp_path / "groundplan" / area / "__init__.py").touch()
    for layer in ("discovery", "cloud", "services"):
        (tmp_path / "mockcloud" / layer).mkdir()
        (tmp_path / "mockcloud" / layer / "__init__.py").touch()
    (tmp_path / module).write_text(line, encoding="utf-8")
    result = lint_imports(tmp_path, ROOT / "pyproject.toml", str(tmp_path))
    assert outcome in result.stdout, result.stdout + result.stderr


def test_the_packages_are_cheap_to_import() -> None:
    """pulumi_gcp costs seconds, so no package imports it merely by being imported."""
    for package in ("mockcloud", "groundplan_policies", "groundplan_cli"):
        code = f"import sys, {package}; sys.exit(int(any(m in sys.modules for m in ('pulumi', 'pulumi_gcp'))))"
        subprocess.run([sys.executable, "-c", code], check=True)
