"""What constructs plan, as tests read it: run a program in process, look at what it registers."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from google.protobuf import json_format
from pulumi.runtime import mocks, rpc, stack

import groundplan as gp

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@dataclass(frozen=True)
class Planned:
    """One resource of a plan."""

    type: str
    name: str
    inputs: Mapping[str, Any]
    options: Mapping[str, Any]


class Plan:
    """All resources of a program, in the order of their registration, and its outputs."""

    def __init__(self, resources: list[Planned], outputs: Mapping[str, Any]) -> None:
        self.resources = resources
        self.outputs = outputs

    def inventory(self) -> dict[str, int]:
        """Count the cloud resources by type, without providers, components and the stack."""
        return dict(sorted(Counter(r.type for r in self.resources if r.type.startswith("gcp:")).items()))

    def of(self, type_token: str) -> list[Planned]:
        """Return the resources of a type (its last part is enough, as in ``Bucket``)."""
        return [r for r in self.resources if type_token in (r.type, r.type.rsplit(":", 1)[-1])]

    def one(self, type_token: str, name: str | None = None) -> Planned:
        """Return the only resource of a type, or the one of that name."""
        found = [r for r in self.of(type_token) if name in (None, r.name)]
        assert len(found) == 1, [f"{r.type} {r.name}" for r in self.resources]
        return found[0]


class _Monitor(mocks.MockMonitor):
    def __init__(self, own: mocks.Mocks) -> None:
        super().__init__(own)
        self.recorded: list[Planned] = []

    def RegisterResource(self, request: Any) -> Any:
        options = {
            "parent": request.parent,
            "protect": request.protect,
            "provider": request.provider,
            "dependencies": list(request.dependencies),
            "deleteBeforeReplace": request.deleteBeforeReplace,
            "ignoreChanges": list(request.ignoreChanges),
        }
        if request.type != "pulumi:pulumi:Stack":
            inputs = json_format.MessageToDict(request.object)
            self.recorded.append(Planned(request.type, request.name, inputs, options))
        try:
            return super().RegisterResource(request)
        finally:
            _close_loop_of_thread()

    def Invoke(self, request: Any) -> Any:
        try:
            return super().Invoke(request)
        finally:
            _close_loop_of_thread()


def _close_loop_of_thread() -> None:
    """Close the event loop that the SDK's monitor makes in each worker thread and leaves open."""
    if threading.current_thread() is threading.main_thread():
        return
    with contextlib.suppress(RuntimeError):  # It made none.
        asyncio.get_event_loop().close()
    asyncio.set_event_loop(None)


class _Mocks(mocks.Mocks):
    def __init__(self, invokes: Mapping[str, Any], stacks: Mapping[str, Any]) -> None:
        self.invokes, self.stacks = invokes, stacks

    def call(self, args: mocks.MockCallArgs) -> Any:
        return dict(self.invokes[args.token])

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if args.typ == "pulumi:pulumi:StackReference":
            return args.name, {**args.inputs, "outputs": self.stacks[args.name]}
        return None, dict(args.inputs)


def plan(
    program: Callable[[], object],
    *,
    invokes: Mapping[str, Any] | None = None,
    stacks: Mapping[str, Any] | None = None,
) -> Plan:
    """Run a program as a preview: what the cloud would compute stays unknown."""

    def run() -> Plan:
        stack.set_root_resource(None)
        own = _Mocks(invokes or {}, stacks or {})
        monitor = _Monitor(own)
        mocks.set_mocks(own, project="groundplan", stack="test", preview=True, monitor=monitor)
        pulumi.runtime.test(lambda: program())()  # type: ignore[no-untyped-call] # the SDK's helper has no types
        root = stack.get_root_resource()
        assert root is not None
        outputs = asyncio.get_event_loop().run_until_complete(rpc.serialize_properties(dict(root.outputs), {}))
        return Plan(monitor.recorded, json_format.MessageToDict(outputs))

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return contextvars.copy_context().run(run)
    finally:
        loop.close()
        asyncio.set_event_loop(None)


def environment(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.Environment:
    """Return a small environment in one project whose number is known."""
    projects = gp.Projects.single(gp.Project(id="acme-ml-dev", number="123456789012"))
    return gp.Environment(**{"projects": projects, "region": "europe-west4", "tier": tier, **more})
