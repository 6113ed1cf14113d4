"""A project on the real command, and a mock cloud of this process that the command finds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockcloud.doors.serving import OpenDoors
from tests.cli.served import served
from tests.conformance.real_engine import find_pulumi

pulumi = find_pulumi()
needs_pulumi = pytest.mark.skipif(
    pulumi is None, reason="the real Pulumi CLI is not at hand (PATH, $GROUNDPLAN_PULUMI, .tools/pulumi/bin)"
)


@contextmanager
def project_on_a_mock_cloud(project: Path, temporary: Path, program: str) -> Iterator[OpenDoors]:
    """Write a program into a project, and serve a mock cloud, while the block runs."""
    assert pulumi is not None
    (project / "__main__.py").write_text(program, encoding="utf-8")
    (project / "Pulumi.dev.yaml").write_text("config: {'gcp:project': acme-dev}\n", encoding="utf-8")
    for name in ("XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "PULUMI_HOME"):
        (temporary / name).mkdir()
    with pytest.MonkeyPatch.context() as patch, served(temporary / "XDG_RUNTIME_DIR") as doors:
        patch.setenv("PATH", f"{pulumi.parent}{os.pathsep}{os.environ['PATH']}")
        for name in ("XDG_CACHE_HOME", "PULUMI_HOME"):
            patch.setenv(name, str(temporary / name))
        patch.chdir(project)
        yield doors
