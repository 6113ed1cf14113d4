"""What can go wrong when the embedded engine runs a program.

Every error is the user's to mend: wrong use, a broken project or a broken program. A command that reports one exits
with `exit_code`. Whatever text an error carries has been cleared of the secrets that the engine knows.
"""

from typing import ClassVar

from mockcloud.errors import Error


class EngineError(Error):
    """Root of the embedded engine's errors.

    Attributes:
        exit_code: What a command that prints the error exits with: wrong use or a broken program.
    """

    exit_code: ClassVar[int] = 2


class ProjectNotFound(EngineError):
    """There is no `Pulumi.yaml` in the directory, or no program where it says."""


class InvalidProject(EngineError):
    """`Pulumi.yaml` or the stack's settings file cannot be understood."""


class StackNotFound(EngineError):
    """The project has no settings file for the stack."""


class UnsupportedRuntime(EngineError):
    """The program is in a language that the embedded engine does not run."""


class UnsupportedFeature(EngineError):
    """The program uses a part of Pulumi that cannot be had without the real engine."""


class InvalidSettings(EngineError):
    """An argument of the engine itself is of the wrong kind."""


class MissingConfig(EngineError):
    """The program or the project asks for a configuration value that is given nowhere."""


class InvalidConfig(EngineError):
    """A configuration value is of another type than the project or the program says."""


class ProgramFailed(EngineError):
    """The program raised.

    Attributes:
        traceback: The program's own frames and the exception, as Python prints them.
    """

    def __init__(self, what: str, *, given: str, allowed: str, remedy: str, traceback: str = "") -> None:
        self.traceback = traceback
        super().__init__(what, given=given, allowed=allowed, remedy=remedy)

    def __str__(self) -> str:
        """Give the four parts, then the program's own traceback."""
        return super().__str__() + (f"\n\n{self.traceback.rstrip()}" if self.traceback else "")


class ProgramExited(EngineError):
    """The program ended the interpreter (`sys.exit`) instead of returning."""


class ProgramReadStdin(EngineError):
    """The program reads standard input, which a preview does not have."""


class ProgramTimedOut(EngineError):
    """The program took longer than it was allowed to."""


class ProgramDied(EngineError):
    """The process that ran the program ended without an answer."""


class DuplicateResource(EngineError):
    """Two resources have the same type, name and parent types, so the same URN."""


class InvokeNotAnswered(EngineError):
    """The program calls a provider's function, and nothing says what it answers."""


class StackReferenceNotAnswered(EngineError):
    """The program reads the outputs of another stack, and nothing says what they are."""
