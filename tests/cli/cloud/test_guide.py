"""The commands of the guide to the server work, in the order in which it shows them."""

import shlex

import pytest

from tests.architecture.sources import ROOT
from tests.cli.cloud.conftest import Command
from tests.docs.markdown import Page

PATH = ROOT / "docs" / "guides" / "mock-cloud-server.md"
PAGE = Page(name=PATH.name, path=PATH, text=PATH.read_text(encoding="utf-8"))
ELSEWHERE = ("start", "stop", "exec")
"""Commands that have tests of their own: they need processes."""


@pytest.mark.usefixtures("server")
def test_the_commands_of_the_guide_work(cloud: Command) -> None:
    lines = [
        line
        for block in PAGE.blocks("bash")
        for line in block.text.splitlines()
        if line.startswith("groundplan cloud ")
    ]
    commands = [words for line in lines if (words := shlex.split(line)[2:])[0] not in ELSEWHERE]

    assert len(commands) > 10
    for command in commands:
        # The server is shared: which number a fault has depends on the tests before.
        if command[:2] == ["fault", "remove"]:
            command[2] = cloud("fault", "list").stdout.split(":")[0]
        result = cloud(*command)
        assert result.exit_code == 0, f"{command}: {result.output}"
