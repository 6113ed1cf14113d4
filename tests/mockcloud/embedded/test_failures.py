"""How programs fail, and what the error says."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest

from mockcloud import (
    DuplicateResource,
    EngineError,
    Error,
    InvalidConfig,
    MissingConfig,
    ProgramExited,
    ProgramFailed,
    ProgramReadStdin,
    UnsupportedFeature,
    preview_directory,
    preview_program,
)
from tests.conformance.programs import Group, Thing
from tests.mockcloud.embedded.helpers import PRELUDE, write_project


def failing(directory: Path, program: str, **files: str) -> str:
    """Run a project that must fail with ProgramFailed, and give the message."""
    write_project(directory, PRELUDE + program, files={f"{name}.py": text for name, text in files.items()})
    with pytest.raises(ProgramFailed) as raised:
        preview_directory(directory, "dev")
    return str(raised.value)


def test_every_error_has_four_parts_and_the_exit_code_of_wrong_use() -> None:
    with pytest.raises(Error) as raised:
        preview_program(lambda: 1 / 0)
    assert isinstance(raised.value, EngineError)
    assert raised.value.exit_code == 2
    for part in ("what", "given", "allowed", "remedy"):
        assert getattr(raised.value, part)


def test_a_program_that_raises_gives_its_own_frames_only(tmp_path: Path) -> None:
    text = failing(
        tmp_path,
        "import parts\nparts.make(Thing)\n",
        parts="def make(thing):\n    thing('a')\n    raise ValueError('no such region')\n",
    )
    assert "The program raised ValueError.\n  given: no such region\n" in text
    files = re.findall(r'File "(.*?)", line (\d+)', text)
    assert [Path(file).name for file, _ in files] == ["__main__.py", "parts.py"]
    assert files[1][1] == "3"


def test_an_exception_in_an_apply_gives_its_line(tmp_path: Path) -> None:
    text = failing(
        tmp_path,
        """
def explode(label):
    raise KeyError("missing")

Thing("a", label="x").label.apply(explode)
""".replace('Thing("a", label="x").label', 'pulumi.Output.from_input("x")'),
    )
    assert 'raise KeyError("missing")' in text
    assert "output.py" not in text


def test_the_cause_of_an_exception_is_trimmed_too(tmp_path: Path) -> None:
    text = failing(
        tmp_path,
        """
import json
try:
    json.loads("{")
except ValueError as error:
    raise RuntimeError("bad file") from error
""",
    )
    assert "The above exception was the direct cause" in text
    assert "decoder.py" not in text


def test_a_syntax_error_names_file_and_line(tmp_path: Path) -> None:
    write_project(tmp_path, "import broken\n", files={"broken.py": "x = 1\ny = = 2\n"})
    with pytest.raises(ProgramFailed) as raised:
        preview_directory(tmp_path, "dev")
    assert 'broken.py", line 2' in str(raised.value)


def test_a_missing_module_says_where_to_install_it(tmp_path: Path) -> None:
    write_project(tmp_path, "import not_a_module.part\n")
    with pytest.raises(ProgramFailed) as raised:
        preview_directory(tmp_path, "dev")
    assert raised.value.remedy == f"install not_a_module in the environment of {sys.executable}, or mend the import"


def test_a_failure_without_own_frames_keeps_the_others() -> None:
    def program() -> None:
        Thing("")

    with pytest.raises(ProgramFailed) as raised:
        preview_program(program, source_root=Path("/nowhere"))
    assert "test_failures.py" in raised.value.traceback
    assert "Missing resource name" in raised.value.given


def test_the_message_of_a_run_error_is_passed_on_whole() -> None:
    def program() -> None:
        raise pulumi.RunError("Give it a size.\n  allowed: 1 to 9")

    with pytest.raises(ProgramFailed) as raised:
        preview_program(program)
    assert str(raised.value) == "Give it a size.\n\n  allowed: 1 to 9"


def test_a_failing_property_names_the_resource() -> None:
    with pytest.raises(ProgramFailed) as raised:
        preview_program(lambda: Thing("thing", {"bad": object()}))
    assert "'thing'" in raised.value.given


def test_an_output_that_fails_ends_a_program_that_would_wait_for_ever() -> None:
    def program() -> None:
        import asyncio

        never: asyncio.Future[str] = asyncio.get_event_loop().create_future()
        pulumi.Output.all(never)
        pulumi.Output.from_input(1).apply(lambda number: number / 0)

    with pytest.raises(ProgramFailed, match="ZeroDivisionError"):
        preview_program(program)


def test_an_output_whose_failure_is_handled_ends_nothing() -> None:
    def program() -> None:
        broken = pulumi.Output.from_input(1).apply(lambda number: number / 0)
        pulumi.export("value", broken.recover(lambda error: float(len(type(error).__name__))))

    assert preview_program(program).outputs == {"value": len("ZeroDivisionError")}


@pytest.mark.parametrize("code", [0, 3, "why"])
def test_a_program_that_exits(code: object, tmp_path: Path) -> None:
    write_project(tmp_path, f"import sys\n\nsys.exit({code!r})\n")
    with pytest.raises(ProgramExited) as raised:
        preview_directory(tmp_path, "dev")
    assert raised.value.given == f"sys.exit({code!r}) at __main__.py:3"


def test_exiting_in_an_apply_is_exiting() -> None:
    def program() -> None:
        pulumi.Output.from_input(1).apply(sys.exit)

    with pytest.raises(ProgramExited, match=r"sys\.exit\(1\)"):
        preview_program(program)


READERS: dict[str, Callable[[], object]] = {
    "input": input,
    "read": lambda: sys.stdin.read(),  # noqa: PLW0108 - the stream that is there when the program runs
    "iterate": lambda: next(iter(sys.stdin)),
    "fileno": lambda: sys.stdin.fileno(),  # noqa: PLW0108 - as above
}


@pytest.mark.parametrize("way", READERS)
def test_a_program_that_reads_standard_input(way: str) -> None:
    def program() -> None:
        assert not sys.stdin.isatty()
        READERS[way]()

    with pytest.raises(ProgramReadStdin) as raised:
        preview_program(program)
    assert "pulumi.Config" in raised.value.remedy


def test_a_cycle_of_dependencies_is_found() -> None:
    class Circle(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("a:b:Circle", "circle")
            one = Thing("one", {}, pulumi.ResourceOptions(parent=self))
            Thing("two", {"of": one.computed}, pulumi.ResourceOptions(parent=self, depends_on=[self]))

    with pytest.raises(ProgramFailed, match="circular dependency"):
        preview_program(Circle)


def test_a_cycle_through_what_is_declared_late_is_found() -> None:
    from pulumi.runtime import rpc

    def program() -> None:
        one, two, three = (Thing(name) for name in ("one", "two", "three"))
        pairs = [(one, two), (two, three), (three, one)]
        pulumi.export("declared", [vars(rpc)["declare_dependency"](*pair) for pair in pairs])
        pulumi.export("itself", vars(rpc)["declare_dependency"](one, one))

    assert preview_program(program).outputs == {"declared": [True, True, False], "itself": False}


def test_a_long_chain_of_dependencies_is_no_cycle_and_not_too_deep() -> None:
    def program() -> None:
        last = Thing("thing-0")
        for number in range(1, 1500):
            last = Thing(f"thing-{number}", {"of": last.computed})

    preview_program(program)


def test_ctrl_c_is_no_failure_of_the_program() -> None:
    def program() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        preview_program(program)


def test_a_duplicate_names_both_lines() -> None:
    def program() -> None:
        Thing("thing")
        Thing("thing")

    with pytest.raises(DuplicateResource) as raised:
        preview_program(program)
    first = program.__code__.co_firstlineno + 1
    assert raised.value.given == f"test_failures.py:{first} and test_failures.py:{first + 1}"
    assert "bucket:Bucket::thing" in raised.value.what


def test_one_name_under_parents_of_different_types_is_no_duplicate() -> None:
    def program() -> None:
        Thing("thing", {}, pulumi.ResourceOptions(parent=Group("a", kind="x:y:One")))
        Thing("thing", {}, pulumi.ResourceOptions(parent=Group("b", kind="x:y:Two")))
        Thing("thing")

    preview_program(program)


def test_one_name_under_parents_of_one_type_is_a_duplicate() -> None:
    def program() -> None:
        Thing("thing", {}, pulumi.ResourceOptions(parent=Group("a")))
        Thing("thing", {}, pulumi.ResourceOptions(parent=Group("b")))

    with pytest.raises(DuplicateResource):
        preview_program(program)


def test_a_required_value_that_is_missing() -> None:
    with pytest.raises(MissingConfig) as raised:
        preview_program(lambda: pulumi.Config().require("size"))
    assert "project:size" in raised.value.what
    assert "--config project:size=VALUE" in raised.value.remedy


def test_a_required_secret_that_is_missing() -> None:
    with pytest.raises(MissingConfig) as raised:
        preview_program(lambda: pulumi.Config().require_secret("password"))
    assert "pulumi config set --secret project:password" in raised.value.remedy
    assert "--answers FILE on the command line (secretConfig: {project:password: …})" in raised.value.remedy
    assert "secret_config={'project:password': …} in Python" in raised.value.remedy


def test_a_value_of_another_type_is_not_shown() -> None:
    with pytest.raises(InvalidConfig) as raised:
        preview_program(lambda: pulumi.Config().require_int("size"), config={"size": "canary"})
    assert "canary" not in str(raised.value)
    assert "project:size" in str(raised.value)


def test_a_remote_component_is_refused() -> None:
    class Remote(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("eks:index:Cluster", "c", {}, None, remote=True)

    with pytest.raises(UnsupportedFeature, match="eks:index:Cluster"):
        preview_program(Remote)


def test_a_method_of_a_resource_is_refused() -> None:
    with pytest.raises(UnsupportedFeature, match="gcp:x/y:Z/call"):
        preview_program(lambda: pulumi.runtime.call("gcp:x/y:Z/call", {}))


def test_a_urn_that_no_resource_has_is_refused() -> None:
    urn = "urn:pulumi:stack::project::gcp:storage/bucket:Bucket::other"
    with pytest.raises(ProgramFailed, match="no resource of this run has"):
        preview_program(lambda: Thing("x", {}, pulumi.ResourceOptions(urn=urn)))


def test_a_timeout_that_is_no_duration() -> None:
    options = pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="soon"))
    with pytest.raises(ProgramFailed, match="'soon' is not a duration"):
        preview_program(lambda: Thing("x", {}, options))


@pytest.mark.parametrize("barred", ['["gcp"]', '["*"]'])
def test_default_providers_may_be_disabled(barred: str) -> None:
    with pytest.raises(ProgramFailed, match="default providers are disabled"):
        preview_program(lambda: Thing("x"), config={"pulumi:disable-default-providers": barred})
