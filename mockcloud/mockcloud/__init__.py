"""The mock cloud: runs Pulumi programs for Google Cloud without an account.

So far it has one door: the embedded engine, which previews any Python Pulumi program in this process and gives its
deployment document. Its names are here; they load when they are first used, since Pulumi's SDK takes a while.
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
    "Preview",
    "ProgramDied",
    "ProgramExited",
    "ProgramFailed",
    "ProgramReadStdin",
    "ProgramTimedOut",
    "Progress",
    "Project",
    "ProjectNotFound",
    "Seconds",
    "StackNotFound",
    "StackReferenceNotAnswered",
    "UnsupportedFeature",
    "UnsupportedRuntime",
    "WarmRunner",
    "preview_directory",
    "preview_in_child",
    "preview_program",
    "read_project",
]

_HOMES = {
    "preview_program": "api",
    "preview_in_child": "child",
    "preview_directory": "directory",
    "WarmRunner": "warm",
    **dict.fromkeys(("Diagnostic", "Preview", "Progress", "Seconds"), "preview"),
    **dict.fromkeys(("Project", "read_project"), "project"),
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"mockcloud.doors.embedded.{_HOMES.get(name, 'errors')}"), name)
