"""The mock cloud: Google Cloud's control plane without an account, for Google's own clients and for Pulumi programs.

Two of its doors have their names here: the in-process one, `mock_gcp`, through which Google's clients in this process
call the cloud, and the embedded engine, which previews any Python Pulumi program and gives its deployment document.
They load when they are first used, since Pulumi's SDK takes a while.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from mockcloud.errors import Error

if TYPE_CHECKING:
    from mockcloud.doors.embedded.api import preview_program
    from mockcloud.doors.embedded.child import preview_in_child
    from mockcloud.doors.embedded.directory import preview_directory
    from mockcloud.doors.embedded.errors import (
        DuplicateResource,
        EngineError,
        InvalidConfig,
        InvalidProject,
        InvalidSettings,
        InvokeNotAnswered,
        MissingConfig,
        ProgramDied,
        ProgramExited,
        ProgramFailed,
        ProgramReadStdin,
        ProgramTimedOut,
        ProjectNotFound,
        StackNotFound,
        StackReferenceNotAnswered,
        UnsupportedFeature,
        UnsupportedRuntime,
    )
    from mockcloud.doors.embedded.preview import Diagnostic, Preview, Progress, Seconds
    from mockcloud.doors.embedded.project import Project, read_project
    from mockcloud.doors.embedded.warm import WarmRunner
    from mockcloud.doors.process.cloud import MockCloud
    from mockcloud.doors.process.door import MockGcp, current_cloud, mock_gcp
    from mockcloud.doors.process.network import NetworkRefused
    from mockcloud.doors.process.sessions import NoCloud
    from mockcloud.doors.pulumi.applier import ResourceFailed
    from mockcloud.doors.pulumi.deploying import Stack

__all__ = [
    "Diagnostic",
    "DuplicateResource",
    "EngineError",
    "Error",
    "InvalidConfig",
    "InvalidProject",
    "InvalidSettings",
    "InvokeNotAnswered",
    "MissingConfig",
    "MockCloud",
    "MockGcp",
    "NetworkRefused",
    "NoCloud",
    "Preview",
    "ProgramDied",
    "ProgramExited",
    "ProgramFailed",
    "ProgramReadStdin",
    "ProgramTimedOut",
    "Progress",
    "Project",
    "ProjectNotFound",
    "ResourceFailed",
    "Seconds",
    "Stack",
    "StackNotFound",
    "StackReferenceNotAnswered",
    "UnsupportedFeature",
    "UnsupportedRuntime",
    "WarmRunner",
    "current_cloud",
    "mock_gcp",
    "preview_directory",
    "preview_in_child",
    "preview_program",
    "read_project",
]

_HOMES = {
    "preview_program": "embedded.api",
    "preview_in_child": "embedded.child",
    "preview_directory": "embedded.directory",
    "WarmRunner": "embedded.warm",
    **dict.fromkeys(("Diagnostic", "Preview", "Progress", "Seconds"), "embedded.preview"),
    **dict.fromkeys(("Project", "read_project"), "embedded.project"),
    **dict.fromkeys(("MockGcp", "current_cloud", "mock_gcp"), "process.door"),
    "MockCloud": "process.cloud",
    "ResourceFailed": "pulumi.applier",
    "Stack": "pulumi.deploying",
    "NetworkRefused": "process.network",
    "NoCloud": "process.sessions",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"mockcloud.doors.{_HOMES.get(name, 'embedded.errors')}"), name)
