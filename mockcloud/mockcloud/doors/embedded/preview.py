"""What a preview gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockcloud.pulumi.values import Value


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message of the program or of the engine.

    Attributes:
        severity: `info`, `warning` or `error`.
        message: The text, cleared of known secrets.
        urn: The resource that it is about; "" for none.
    """

    severity: str
    message: str
    urn: str = ""


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long a preview took.

    Attributes:
        imports: Importing modules.
        program: Running the program, imports aside.
    """

    imports: float
    program: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a program has got.

    Attributes:
        phase: `imports` until the first resource is registered, then `program`.
        registered: How many resources are registered.
    """

    phase: str
    registered: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The result of running a program on the embedded engine.

    Attributes:
        document: The deployment document, profile *preview*: plain JSON, as `pulumi stack export` prints it.
        outputs: What the stack exports, as the document has it.
        diagnostics: Messages, in order.
        stdout: What the program printed.
        stderr: What it printed to standard error.
        modules: Installed modules that the program was the first in its process to import: what a warm process
            imports once.
        sources: The program's own files that it imported: what to watch for changes.
        seconds: How long it took.
        placeholders: Configuration keys whose encrypted value was not given, so that the program got a placeholder.
    """

    document: "dict[str, Value]"
    outputs: "Mapping[str, Value]"
    diagnostics: tuple[Diagnostic, ...]
    stdout: str
    stderr: str
    modules: tuple[str, ...]
    sources: tuple[Path, ...]
    seconds: Seconds
    placeholders: tuple[str, ...] = ()
