"""What constructs plan, as tests read it: run a program on the embedded engine, look at what it registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import groundplan as gp
import mockcloud

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


class LateArgumentError(gp.ArgumentError):
    """An argument that was refused when its value became known, after the program itself had run."""

    def __init__(self, message: str) -> None:
        gp.Error.__init__(self, message)


def plan(
    program: Callable[[], object],
    *,
    invokes: Mapping[str, Any] | None = None,
    stacks: Mapping[str, Any] | None = None,
) -> Plan:
    """Run a program as a preview: what the cloud would compute stays unknown. What it raises is raised here."""
    raised: list[Exception] = []

    def watched() -> None:
        try:
            program()
        except Exception as error:
            raised.append(error)
            raise

    try:
        preview = mockcloud.preview_program(
            watched, project="groundplan", stack="test", invokes=invokes, stack_references=stacks
        )
    except mockcloud.EngineError as error:
        raise (raised[0] if raised else LateArgumentError(str(error))) from None
    document: Any = preview.document
    asked: Any = document["groundplan"]["requests"]
    found = [r for r in document["deployment"]["resources"] if r["type"] != "pulumi:pulumi:Stack"]
    return Plan([_planned(r, asked.get(r["urn"], {})) for r in found], dict(preview.outputs))


def _planned(resource: Mapping[str, Any], asked: Mapping[str, Any]) -> Planned:
    options = {
        "parent": resource.get("parent", ""),
        "protect": resource.get("protect", False),
        "retain_on_delete": resource.get("retainOnDelete", False),
        "provider": resource.get("provider", ""),
        "dependencies": resource.get("dependencies", []),
        "deleteBeforeReplace": asked.get("deleteBeforeReplace", False),
        "ignoreChanges": resource.get("ignoreChanges", []),
    }
    return Planned(resource["type"], resource["urn"].rsplit("::", 1)[-1], resource.get("inputs", {}), options)


def environment(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.Environment:
    """Return a small environment in one project whose number is known."""
    projects = gp.Projects.single(gp.Project(id="acme-ml-dev", number="123456789012"))
    return gp.Environment(**{"projects": projects, "region": "europe-west4", "tier": tier, **more})
