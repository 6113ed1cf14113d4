"""Projects in other languages than the tests' own go up and down by the plain command, and Google's clients find them.

What the inline programs of the other tests are run by is the Automation API; these are run by Pulumi's own hosts of
languages, from directories, through `groundplan cloud exec`. Where there is no host, they are skipped by name.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockcloud import MockCloud, mock_gcp
from tests.conformance.directories import PROJECTS, Directory, directory_on, needs_host, virtual_environment
from tests.conformance.echo_provider import serve_echo_provider
from tests.conformance.real_engine import REPOSITORY
from tests.examples.ordinary import PASSWORD, RESIDUE, SHAPES, Example, there

pytestmark = [pytest.mark.pulumi_cli, pytest.mark.slow]


@pytest.fixture
def cloud() -> Iterator[MockCloud]:
    with mock_gcp() as opened:
        yield opened


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return virtual_environment(tmp_path_factory.mktemp("python") / "venv")


def round_trip(directory: Directory, shape: Example, cloud: MockCloud) -> None:
    """Make what a project says, use it, find it unchanged from both sides, and remove it."""
    directory.start(shape.secrets)
    directory.pulumi("up", "--yes").expect()

    shape.use(directory.outputs())

    directory.pulumi("preview", "--diff", "--expect-no-changes").expect()
    directory.pulumi("refresh", "--yes", "--diff", "--expect-no-changes").expect()
    assert PASSWORD not in str(directory.state())
    directory.pulumi("destroy", "--yes").expect()
    assert directory.state() == {}
    assert there(cloud) <= RESIDUE


@needs_host("python")
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_python_project(shape: Example, cloud: MockCloud, python: Path, tmp_path: Path) -> None:
    project = shutil.copytree(shape.directory, tmp_path / shape.name)

    with directory_on(cloud, project, tmp_path, python=python) as directory:
        round_trip(directory, shape, cloud)


@needs_host("yaml")
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_yaml_project(shape: Example, cloud: MockCloud, tmp_path: Path) -> None:
    project = shutil.copytree(PROJECTS / "yaml" / shape.name, tmp_path / shape.name)

    with directory_on(cloud, project, tmp_path) as directory:
        round_trip(directory, shape, cloud)


@needs_host("python")
def test_the_blueprint_itself(cloud: MockCloud, python: Path, tmp_path: Path) -> None:
    """It is a project directory like any other."""
    project = tmp_path / "blueprint"
    for part in (Path("stacks"), Path("workloads", "compiled")):
        shutil.copytree(REPOSITORY / part, project / part)
    shutil.copy(REPOSITORY / "Pulumi.yaml", project)

    with directory_on(cloud, project, tmp_path, python=python) as directory:
        directory.pulumi("stack", "init", "learner").expect()
        shown = directory.pulumi("preview").expect().text

    assert "groundplan:training:TrainingPool" in shown
    assert "gcp:workbench:Instance" in shown


NODE = REPOSITORY / ".tools" / "node" / "node_modules"


@needs_host("nodejs")
@pytest.mark.skipif(not NODE.is_dir(), reason="Pulumi's packages for Node are not at hand (tools/pulumi-node)")
def test_a_typescript_project(cloud: MockCloud, tmp_path: Path) -> None:
    """Its package is older than what the tables were taken from: what it knows is there."""
    shape = SHAPES[0]
    project = shutil.copytree(PROJECTS / "node" / shape.name, tmp_path / shape.name)
    (project / "node_modules").symlink_to(NODE)

    with directory_on(cloud, project, tmp_path) as directory:
        round_trip(directory, shape, cloud)


@needs_host("python")
def test_a_provider_of_another_package_works_beside(cloud: MockCloud, python: Path, tmp_path: Path) -> None:
    project = shutil.copytree(PROJECTS / "python" / "passwords", tmp_path / "passwords")

    with serve_echo_provider() as port, directory_on(cloud, project, tmp_path, python=python) as directory:
        directory.start({})
        missing = directory.pulumi("preview")
        attached = directory.pulumi("preview", variables={"PULUMI_DEBUG_PROVIDERS": f"random:{port}"})

    assert missing.code != 0
    assert "pulumi plugin install resource random v4.16.0" in missing.text
    assert "start the mock cloud with --pass-through" in missing.text
    assert "random:index:RandomPassword password create" in attached.expect().text
    assert "gcp:pubsub:Topic news create" in attached.text


@needs_host("python")
def test_a_provider_that_is_part_of_the_program_works_beside(cloud: MockCloud, python: Path, tmp_path: Path) -> None:
    project = shutil.copytree(PROJECTS / "python" / "dynamic", tmp_path / "dynamic")

    with directory_on(cloud, project, tmp_path, python=python) as directory:
        directory.start({})
        directory.pulumi("up", "--yes", "--skip-preview").expect()

        assert directory.outputs() == {"shouted": "PROJECTS/ACME-DEV/TOPICS/NEWS"}
        directory.pulumi("destroy", "--yes").expect()
        assert directory.state() == {}
