"""Deploys a program on a mock cloud of this process, and takes it down again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.rules.chain import Rule
from mockcloud.doors.embedded.api import preview_program
from mockcloud.doors.embedded.directory import preview_directory, settings_of
from mockcloud.doors.embedded.invokes import Answers
from mockcloud.doors.embedded.preview import Diagnostic, Progress
from mockcloud.doors.environment import DEFAULT_PROJECT
from mockcloud.doors.pulumi.applier import Applier, Made, ResourceFailed
from mockcloud.doors.pulumi.throwaway import ensure_projects
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.values import SECRET, SIGNATURE

Program = Callable[[], object] | Path | str
"""A function that makes resources, or the directory of a Pulumi project."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a deployed stack.

    Attributes:
        urn: Its URN.
        type: Its type's token: `gcp:storage/bucket:Bucket`.
        name: Its name in the program.
        id: Its id in the cloud.
        inputs: What the program set, with what the provider adds.
        outputs: What the program sees.
    """

    urn: str
    type: str
    name: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


@dataclass
class Stack:
    """A program deployed on a mock cloud.

    Attributes:
        document: The deployment document, profile *state*: as `pulumi stack export` prints it, without secrets.
        outputs: What the stack exports; secrets as what they hold, and what the cloud leaves out as None.
        resources: The resources that it made, in order.
        opaque: Types of which the mock cloud knows nothing: their resources are kept as the program set them, and are
            not in the cloud. Functions of which it knows nothing: their answers are made up.
        diagnostics: Messages of the program.
        stdout: What the program printed, without known secrets.
        stderr: What it printed to standard error, likewise.
    """

    document: Mapping[str, Any]
    outputs: Mapping[str, Any]
    diagnostics: tuple[Diagnostic, ...]
    stdout: str
    stderr: str
    _applier: Applier = field(repr=False)

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The resources that are there."""
        return tuple(
            Resource(
                urn, made.goal.type, made.goal.name, made.state.id, _clear(made.inputs), _clear(made.state.outputs)
            )
            for urn, made in self._applier.made.items()
        )

    @property
    def opaque(self) -> tuple[str, ...]:
        """Types whose resources are not in the cloud, and functions that it does not answer, sorted."""
        return tuple(sorted(self._applier.opaque))

    def resource(self, name: str, type: str = "") -> Resource:
        """Give a resource by its name in the program.

        Args:
            name: The name.
            type: Its type's token, or the end of it (`Bucket`); "" where the name alone tells.

        Raises:
            LookupError: There is none, or there are several.
        """
        found = [each for each in self.resources if each.name == name and each.type.endswith(type)]
        if len(found) != 1:
            known = ", ".join(sorted(f"{each.type} {each.name}" for each in found or self.resources))
            raise LookupError(
                f"{len(found)} resources are called {name!r}{f' of type {type}' if type else ''}: {known}"
            )
        return found[0]

    def destroy(self) -> None:
        """Remove what the program made, what was made last first. What is to be retained stays.

        Raises:
            ResourceFailed: A resource is protected, or the cloud refuses. What was removed before is gone, and
                `destroy` can be called again.
        """
        for made in list(self._applier.made.values()):
            if made.goal.options.protect:
                raise ResourceFailed(
                    f"{made.goal.type} {made.goal.name!r} is protected",
                    given="the option protect",
                    allowed="resources without it",
                    remedy="take protect off the resource and deploy again, then destroy",
                )
        for made in reversed(list(self._applier.made.values())):
            if made.goal.options.retain_on_delete or self._goes_with(made):
                del self._applier.made[made.goal.urn]
            else:
                self._applier.remove(made)

    def _goes_with(self, made: Made) -> bool:
        """Whether a resource goes with another one that is removed, so that nothing need be done for it."""
        return bool(made.goal.options.deleted_with) and made.goal.options.deleted_with in self._applier.made


def deploy(  # noqa: PLR0913 - each is a setting of its own, by keyword
    cloud: Cloud,
    program: Program,
    *,
    config: Mapping[str, str] | None = None,
    secret_config: Mapping[str, str] | None = None,
    project: str = "",
    stack: str = "dev",
    organization: str = "organization",
    stack_references: Mapping[str, Mapping[str, object]] | None = None,
    invokes: Answers = None,
    caller: str = "",
    on_progress: Callable[[Progress], None] | None = None,
    quiet: bool = False,
) -> Stack:
    """Deploy a program on a cloud: what it registers is made, in the order of its dependencies.

    Projects that the configuration names with their numbers (`{"id": …, "number": …}`) have them, unless the cloud is
    strict: there, projects are those that were made.

    Args:
        cloud: The cloud.
        program: A function that makes resources, or the directory of a Pulumi project.
        config: Configuration, such as `{"gcp:project": "acme-dev"}`; a key without a namespace is the project's.
        secret_config: The same for secrets.
        project: The Pulumi project's name, for a function; "" for `project`.
        stack: The stack's name.
        organization: What `pulumi.get_organization()` answers.
        stack_references: The outputs of other stacks: name of the stack -> outputs.
        invokes: What `get_*` functions answer, where the cloud is not to be asked: see `preview_program`.
        caller: Access token of the caller; "" for the cloud's owner.
        on_progress: Called after each registration.
        quiet: Whether what the program prints is only kept in the result. Otherwise it is shown as well, as the program
            prints it and without known secrets: pytest captures it with the rest of the test.

    Raises:
        EngineError: The program failed. A `ResourceFailed` names the resource, its line and what the cloud answered.
            What was made before stays in the cloud, as after a real `up` that failed.
    """
    strict = cloud.rules.on(Rule.AUTHENTICATION)
    applier = Applier(InProcess(cloud, caller), strict=strict, project=DEFAULT_PROJECT)
    if not strict:
        settings = (config or {}) if callable(program) else settings_of(Path(program), stack, config)
        ensure_projects(cloud, map(str, settings.values()))
    if callable(program):
        preview = preview_program(
            program,
            project=project or "project",
            stack=stack,
            organization=organization,
            config=config,
            secret_config=secret_config,
            stack_references=stack_references,
            invokes=invokes,
            on_progress=on_progress,
            applier=applier,
            shown=not quiet,
        )
    else:
        preview = preview_directory(
            Path(program),
            stack,
            organization=organization,
            config=config,
            secret_config=secret_config,
            stack_references=stack_references,
            invokes=invokes,
            on_progress=on_progress,
            applier=applier,
            shown=not quiet,
        )
    outputs = _clear(applier.outputs)
    return Stack(preview.document, outputs, preview.diagnostics, preview.stdout, preview.stderr, applier)


def _clear(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Take the marks off secrets."""
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            return _clear(value.get("value"))
        return {name: _clear(item) for name, item in value.items()}
    return [_clear(item) for item in value] if isinstance(value, list) else value
