"""The shipped environments on the real engine: what they find in the cloud, and programs that differ a little."""

from __future__ import annotations

import os
import runpy
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pulumi
import yaml

from mockcloud.doors.pulumi.deploying import deploy
from tests.conformance.real_engine import REPOSITORY
from tests.stacks.test_every_construct import LEFT_OUT, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mockcloud.cloud.cloud import Cloud

STACKS: Final = REPOSITORY / "stacks"
_KEEPS: Final = {
    "deletionPolicy": "PREVENT",
    "deletionProtection": True,
    "enableDeletionProtection": True,
    "forceDestroy": False,
}
"""What keeps a resource from being removed, whatever the program says."""
_LETS_GO: Final = {
    "deletionPolicy": "DELETE",
    "deletionProtection": False,
    "enableDeletionProtection": False,
    "forceDestroy": True,
}
MOVED: Final = "roles/monitoring.viewer"
"""The role that one member has after the change: nobody has it before."""


def prepare(cloud: Cloud, tier: str) -> None:
    """Make what is there before an environment is: tokens that people keep, and the organisation's access levels."""
    deploy(cloud, REPOSITORY / "examples" / "prerequisites", stack=tier)


def write_settings(directory: Path, tier: str) -> None:
    """Write an environment's settings, with those that bring the constructs that it leaves out."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "Pulumi.yaml").write_text("name: groundplan\nruntime: python\n", encoding="utf-8")
    text = (STACKS / "environments" / f"Pulumi.{tier}.yaml").read_text(encoding="utf-8")
    own: dict[str, Any] = yaml.safe_load(text)
    for row in LEFT_OUT[tier].values():
        for section, value in row["settings"].items() if not row.get("instead") else ():
            key = f"groundplan:{section}"
            own["config"][key] = merged(own["config"].get(key), value)
    (directory / f"Pulumi.{tier}.yaml").write_text(yaml.safe_dump(own, sort_keys=False), encoding="utf-8")


@contextmanager
def in_stacks() -> Iterator[None]:
    """Run programs as in the directory of the environments."""
    before, path, arguments = Path.cwd(), list(sys.path), sys.argv
    os.chdir(STACKS)
    sys.path.insert(0, str(STACKS))
    sys.argv = ["__main__.py"]
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:], sys.argv = path, arguments


def environment() -> None:
    """Run the program of the environments."""
    for name in [name for name in sys.modules if name == "blueprint" or name.startswith("blueprint.")]:
        del sys.modules[name]
    runpy.run_path(str(STACKS / "__main__.py"), run_name="__main__")


def released(*, changed: bool) -> Callable[[], None]:
    """Give the program as someone has it who means to remove the environment: nothing keeps a resource.

    Args:
        changed: Whether labels, and the role of one member, are others too.
    """
    moved: list[str] = []

    def release(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        props = dict(args.props)
        for name, value in _KEEPS.items():
            if props.get(name) == value:
                props[name] = _LETS_GO[name]
        labels = props.get("labels")
        if changed and isinstance(labels, dict):
            props["labels"] = {**labels, "changed": "yes"}
        if changed and args.type_ == "gcp:projects/iAMMember:IAMMember" and moved in ([], [args.name]):
            moved[:] = [args.name]
            props["role"] = MOVED
        # Logs that are locked nobody removes: they are left behind.
        free = pulumi.ResourceOptions(protect=False, retain_on_delete=props.get("locked") is True)
        return pulumi.ResourceTransformResult(props, pulumi.ResourceOptions.merge(args.opts, free))

    def program() -> None:
        pulumi.runtime.register_resource_transform(release)
        environment()

    return program
