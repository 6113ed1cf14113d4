import json
import subprocess
import sys
from importlib.metadata import version

from tests.cli.conftest import Invoke


def test_the_version_is_that_of_the_package(groundplan: Invoke) -> None:
    assert groundplan("version").stdout == f"groundplan {version('groundplan-cli')}\n"


def test_json_has_every_package(groundplan: Invoke) -> None:
    versions = json.loads(groundplan("version", "--json").stdout)

    assert versions["pulumi"] == version("pulumi")
    assert set(versions) >= {
        "groundplan",
        "groundplan-cli",
        "groundplan-mockcloud",
        "groundplan-policies",
        "pulumi-gcp",
    }


def test_starting_imports_nothing_heavy() -> None:
    """The rest follows from this: typer alone is most of the start, whatever the machine."""
    script = (
        "import sys; from groundplan_cli.app import app\n"
        "try: app(['version'])\n"
        "except SystemExit: pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    for heavy in ("rich", "pulumi", "pulumi_gcp", "jinja2", "yaml", "pydantic", "grpc", "watchfiles", "mockcloud"):
        assert f"'{heavy}'" not in done.stdout


def test_the_command_is_installed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "groundplan_cli", "version"], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("groundplan ")
