"""Says why a program failed, in the words of its own code."""

import asyncio
import sys
import sysconfig
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pulumi
from pulumi.config import ConfigMissingError, ConfigTypeError

from mockcloud.doors.embedded.config import Config
from mockcloud.doors.embedded.errors import EngineError, InvalidConfig, MissingConfig, ProgramExited, ProgramFailed

_LIBRARIES: Final = tuple(
    {sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    | {str(Path(__file__).parent)}
)


def explain(error: BaseException, root: Path, config: Config, refusals: Sequence[EngineError]) -> EngineError:
    """Turn whatever ended a program into an error of this package.

    Args:
        error: What was raised.
        root: The directory of the program's own code.
        config: The configuration that the program ran with.
        refusals: Calls that were not answered, which the SDK reports as exceptions of its own with their text.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, EngineError):
            return cause
        for refusal in refusals:
            if str(cause).endswith(str(refusal)):
                return refusal
        cause = cause.__cause__
    if isinstance(error, SystemExit):
        return ProgramExited(
            "The program ended the interpreter",
            given=f"sys.exit({error.code!r}){_where(error, root)}",
            allowed="a program that returns, or raises",
            remedy="raise an error instead, or leave the module's end to be reached",
        )
    return _refused(error) if isinstance(error, pulumi.RunError) else _failed(error, root, config)


def _refused(error: pulumi.RunError) -> EngineError:
    if isinstance(error, ConfigMissingError):
        return _missing(error)
    if isinstance(error, ConfigTypeError):
        return InvalidConfig(
            f"The configuration value {error.key} is of the wrong type",
            given="a value that cannot be read as one",  # the value itself may be a secret
            allowed=str(error.expect_type),
            remedy=f"mend {error.key} in the stack's settings file",
        )
    return _said(error)


def _missing(error: ConfigMissingError) -> MissingConfig:
    key = error.key
    if error.secret:
        add = f"add it: pulumi config set --secret {key}"
        once = f"--answers FILE on the command line (secretConfig: {{{key}: …}}), "
        once += f"or secret_config={{{key!r}: …}} in Python"
    else:
        add, once = f"add {key} there", f"--config {key}=VALUE on the command line, or config={{{key!r}: …}} in Python"
    return MissingConfig(
        f"The program needs the {'secret ' if error.secret else ''}configuration value {key}",
        given="no value",
        allowed="a value under `config` in the stack's settings file",
        remedy=f"{add}; or give it for this run: {once}",
    )


def _said(error: pulumi.RunError) -> ProgramFailed:
    """Pass on a program's own message, whole and alone, as the Pulumi engine does with a run error."""
    first, _, rest = str(error).strip().partition("\n")
    return ProgramFailed(
        first.rstrip(".") or "The program ended itself", given="", allowed="", remedy="", traceback=rest
    )


def _failed(error: BaseException, root: Path, config: Config) -> ProgramFailed:
    own = _where(error, root)
    remedy = "mend the line that the last frame below names" if own else "look at what the error names"
    if isinstance(error, ModuleNotFoundError) and error.name:
        remedy = f"install {error.name.partition('.')[0]} in the environment of {sys.executable}, or mend the import"
    elif config.placeholders:
        keys = ", ".join(sorted(config.placeholders))
        remedy += (
            f"; the encrypted values of {keys} were placeholders: if it needs one, give it by --answers FILE on the "
        )
        remedy += "command line, or secret_config in Python"
    return ProgramFailed(
        f"The program raised {type(error).__name__}",
        given=str(error).strip() or type(error).__name__,
        allowed="a program that runs to its end",
        remedy=remedy,
        traceback=own_traceback(error, root),
    )


def own_traceback(error: BaseException, root: Path) -> str:
    """Format a traceback with the program's own frames only; with all of them if it has none of its own."""
    formatted = traceback.TracebackException.from_exception(error)
    _trim(formatted, root)
    return "".join(formatted.format())


def _trim(formatted: traceback.TracebackException, root: Path) -> None:
    own = [frame for frame in formatted.stack if _is_own(frame.filename, root)]
    kept = own or [frame for frame in formatted.stack if not _is_machinery(frame.filename)]
    formatted.stack = traceback.StackSummary.from_list(kept)
    for inner in (formatted.__cause__, formatted.__context__, *(formatted.exceptions or ())):
        if inner is not None:
            _trim(inner, root)


def _is_own(filename: str, root: Path) -> bool:
    return Path(filename).is_relative_to(root) and not is_installed(filename)


def is_installed(filename: str) -> bool:
    """Whether a file belongs to Python, to an installed package or to this engine, and not to a program."""
    return filename.startswith(("<", *_LIBRARIES)) or "/site-packages/" in filename


def _is_machinery(filename: str) -> bool:
    return filename.startswith("<frozen") or any(
        filename.startswith(str(Path(place).parent)) for place in (pulumi.__file__, asyncio.__file__, __file__)
    )


def _where(error: BaseException, root: Path) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_own(frame.filename, root)]
    return f" at {Path(frames[-1].filename).relative_to(root)}:{frames[-1].lineno}" if frames else ""
