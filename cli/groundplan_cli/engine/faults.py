"""Says in four parts why the engine failed: which resource, what the cloud answered, and what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pulumi.automation import CommandError, ConcurrentUpdateError, StackNotFoundError

from groundplan_cli.engine.events import Event, Kind
from groundplan_cli.errors import Error, FourParts
from groundplan_cli.render.names import short_type
from groundplan_cli.run import Request

MOST_FAILURES: Final = 10
"""Failures that an error lists before the rest is only counted."""

_STACK: Final = "::pulumi:pulumi:Stack::"
_KILLED: Final = re.compile(r"^\s*code: -(\d+)$", re.MULTILINE)
"""How the Automation API tells of an engine that a signal ended."""

_REFUSED: Final = re.compile(
    r"\S+ resource '[^']*'(?:: property (?P<path>\S+) value .*?)? has a problem: (?P<why>.*)", re.DOTALL
)
"""How the engine tells what a provider says of inputs, with the value, which is nobody's business."""

_INLINE: Final = "python inline source runtime error:"


class EngineFailed(Error):
    """The engine, the program or the cloud failed; what had been done before is in the state.

    Attributes:
        traceback: The program's own frames, where it raised.
    """

    traceback: str = ""


class NoStack(Error):
    """The backend has no such stack."""


@dataclass(slots=True)
class Story:
    """What went wrong while the engine worked.

    Attributes:
        request: What ran.
        messages: What the engine reported as errors: URN, or "", and text.
        failed: URNs of the resources that failed.
        program: Why the program itself failed.
        lines: URN -> line of the program that made it, as far as it is known.
    """

    request: Request
    messages: list[tuple[str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    program: FourParts | None = None
    lines: Mapping[str, str] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Take down what happens."""
        if event.kind is Kind.FAILS:
            self.failed.append(event.urn)
        elif event.kind is Kind.SAYS and event.severity == "error" and (event.urn, event.text) not in self.messages:
            self.messages.append((event.urn, event.text))

    def about_resources(self) -> list[tuple[str, str]]:
        """Give what was said of resources, but for the stack, which fails with any of them."""
        return [(urn, text) for urn, text in self.messages if urn and _STACK not in urn]


@dataclass(frozen=True, slots=True)
class _Known:
    """A way in which the engine fails.

    Attributes:
        says: What it says then.
        what, allowed, remedy: The parts of the error.
    """

    says: re.Pattern[str]
    what: str
    allowed: str
    remedy: str


def _known(says: str, what: str, allowed: str, remedy: str) -> _Known:
    return _Known(re.compile(says, re.IGNORECASE), what, allowed, remedy)


_WHOLE: Final = (
    _known(
        r"incorrect passphrase|passphrase must be set|unable to find either `PULUMI_CONFIG_PASSPHRASE",
        "The secrets of the stack cannot be decrypted",
        "the passphrase with which the stack was made",
        "set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it",
    ),
    _known(
        r"PULUMI_ACCESS_TOKEN must be set|not logged in|you must log in|login required|credentials.*expired",
        "The engine is not logged in to a backend",
        "a backend, which keeps the state: Pulumi Cloud, a bucket or a directory",
        "log in: pulumi login, or pulumi login --local; or use --mock, which needs none",
    ),
    _known(
        r"no resource plugin|could not (find|load) plugin|no language plugin|failed to load .*plugin",
        "A plugin of the engine is missing",
        "the plugins that the program's packages name, installed",
        "install it: pulumi plugin install resource NAME VERSION; or use --mock, which needs no plugin for gcp",
    ),
    _known(
        r"violates plan|plan.*(mismatch|no steps|expected)|resource .*not in plan",
        "The program asks for something else than the saved plan",
        "the operations that the plan holds",
        "look at the difference with groundplan preview --engine pulumi, and save a new plan",
    ),
    _known(
        r"error reading from server: EOF|connection refused|transport is closing|code = Unavailable|"
        r"plugin .*(exited|crashed)|connection reset|error reading from server",
        "The provider stopped answering",
        "a provider that lives until the engine has ended",
        "run the command again: the state is whole, and it goes on where it stopped. If a mock cloud served, see that "
        "it runs: groundplan cloud state",
    ),
    _known(
        r"failed to load checkpoint: (unexpected )?EOF|failed to load checkpoint:.*unexpected end of JSON",
        "The state was read while another run wrote it",
        "one run at a time",
        "run the command again once the other has ended: the state is whole",
    ),
    _known(
        r"is protected|cannot be deleted.*protect|protect.*cannot be (deleted|replaced)",
        "A protected resource would be deleted or replaced",
        "changes that leave what is protected in place",
        "if it is to go, set protect=False in the program and run groundplan up first, or: pulumi state unprotect URN",
    ),
    _known(
        r"resource '[^']*' does not exist",
        "There is nothing of that id in the cloud",
        "the id of a resource that exists, in the form that the type's documentation has under Import",
        "look for it in the cloud (groundplan cloud state --help for a mock cloud), and correct the id",
    ),
)
_PENDING: Final = _known(
    r"pending operations",
    "An earlier run was ended in the middle",
    "a state without pending operations",
    "run groundplan refresh, and look whether what was being made exists",
)
"""Also what the engine warns of before it goes on, so what failed afterwards comes first."""
_ABSENT: Final = _known(
    r"\b404\b|not ?found",
    "Something that a resource refers to is not there",
    "references to what exists",
    "correct the name; or run groundplan refresh, if it was deleted outside",
)
_BEFORE: Final = (
    "with groundplan up --mock in a project of its own, such as examples/prerequisites, "
    "or with Google's clients under groundplan cloud exec"
)
_OF_RESOURCES: Final = (
    _known(
        r"\b409\b|already ?exists|already own",
        "A name is taken in the cloud",
        "names that are free, or resources that the state holds",
        "take it over with groundplan import, or give another name",
    ),
    _known(
        r"SERVICE_DISABLED|has not been used in project|is disabled",
        "An API is not enabled",
        "APIs that are enabled in the project",
        "enable it: gcloud services enable API --project PROJECT; then run the command again",
    ),
    _known(
        r"\b403\b|permission.?denied|forbidden|does not have .*access",
        "The cloud refuses it to you",
        "an account that may do it",
        "ask for the role that the message names, or see groundplan cloud log where it is a mock cloud",
    ),
    _known(
        r"\b429\b|quota|RESOURCE_EXHAUSTED",
        "A quota is used up",
        "what the project's quotas leave",
        "ask for more, or make less; then run the command again",
    ),
    _ABSENT,
)


def no_stack(request: Request) -> NoStack:
    """Say that the backend has no such stack."""
    return NoStack(
        "The backend has no such stack",
        given=f"{request.stack} of the project {request.project.name!r}",
        allowed="a stack that exists where the engine is logged in",
        remedy=f"make it: pulumi stack init {request.stack}; or use --mock, which needs none",
    )


def explain(error: CommandError, story: Story, *, mock: bool) -> Error:
    """Give the error that says why the engine failed.

    Args:
        error: What the Automation API raised.
        story: What the engine told before.
        mock: Whether it worked on a mock cloud.
    """
    if story.program is not None:
        return _of_program(story.program)
    messages = [" ".join(said.split()) for _, said in story.messages if _INLINE not in said]
    text = "\n".join([*messages, str(error)])
    if isinstance(error, StackNotFoundError):
        return no_stack(story.request)
    if isinstance(error, ConcurrentUpdateError) or "currently locked" in text:
        return _locked(text, story.request.stack, mock=mock)
    resources = story.about_resources()
    for known in _WHOLE if resources or story.failed else (*_WHOLE, _PENDING):
        if (found := known.says.search(text)) and not (mock and "PULUMI_" in known.remedy):
            # The commands of `pulumi` itself work on another state than that of a mock cloud.
            remedy = known.remedy.partition(", or: pulumi ")[0] if mock else known.remedy
            about = next((urn for urn, said in resources if known.says.search(said)), "")
            given = _described(about, resources, story.lines) if about else _line_of(text, found)
            given = given.partition(" To unprotect the resource")[0]  # which the remedy says
            return EngineFailed(known.what, given=given, allowed=known.allowed, remedy=remedy)
    if resources or story.failed:
        return _of_resources(resources, story.failed, story.lines, mock=mock)
    return _other(text, story)


def _of_program(error: FourParts) -> Error:
    failed = EngineFailed(error.what, given=error.given, allowed=error.allowed, remedy=error.remedy)
    failed.traceback = getattr(error, "traceback", "")
    return failed


def _locked(text: str, stack: str, *, mock: bool) -> EngineFailed:
    found = re.search(r".*(locked by|created by|Another update).*", text)
    named = re.search(r".*created by.*", text) or found
    # On a mock cloud the state is groundplan's own, which `pulumi cancel` would not find, and locks of engines that are
    # gone have been removed: this process lives, though another one may have got its number.
    gone = "if that process is no engine, remove the file" if mock else f"if its process is gone: pulumi cancel {stack}"
    return EngineFailed(
        "Another run holds the stack",
        given=_line_of(text, named) if named else "a lock",
        allowed="one run at a time",
        remedy=f"wait for it; {gone}",
    )


def _of_resources(
    said: list[tuple[str, str]], failed: list[str], lines: Mapping[str, str], *, mock: bool
) -> EngineFailed:
    urns = list(dict.fromkeys([*(urn for urn, _ in said), *failed]))
    text = "\n".join(each for _, each in said)
    known = next((each for each in _OF_RESOURCES if each.says.search(text)), None)
    shown = [_described(urn, said, lines) for urn in urns[:MOST_FAILURES]]
    if len(urns) > MOST_FAILURES:
        shown.append(f"and {len(urns) - MOST_FAILURES} more")
    remedy = known.remedy if known else "mend the line that is named, and run the command again"
    if mock and known is _ABSENT:
        remedy += f". What a program finds in the cloud has to be made on the mock cloud first: {_BEFORE}"
    number = f"{len(urns)} resources" if len(urns) > 1 else "A resource"
    return EngineFailed(
        known.what if known and len(urns) == 1 else f"{number} failed",
        given="\n".join(shown),
        allowed=known.allowed if known else "what the cloud takes",
        remedy=f"{remedy}. What was made before is in the state" if failed else remedy,
    )


def _described(urn: str, said: list[tuple[str, str]], lines: Mapping[str, str]) -> str:
    name, token = urn.rpartition("::")[2], urn.split("::")[2].rpartition("$")[2] if urn.count("::") > 1 else ""
    place = f" ({lines[urn]})" if urn in lines else ""
    messages = list(dict.fromkeys(_plainly(text) for each, text in said if each == urn)) or ["no message"]
    return f"{name} {short_type(token)}{place}: {'; '.join(messages)}"


def _plainly(text: str) -> str:
    """Give a message in one line, without what is said beside it already."""
    found = _REFUSED.fullmatch(text.strip())
    if found is not None:
        path, why = found["path"] or "", found["why"]
        text = f"{path}: {why}" if path and not why.startswith(path) else why
    return " ".join(text.split())


def _other(text: str, story: Story) -> EngineFailed:
    inline = next((said for _, said in story.messages if _INLINE in said), "")
    if inline:
        message, _, trace = inline.partition(_INLINE)[2].strip().partition("\nTraceback")
        failed = EngineFailed(
            "The program raised an error",
            given=message.strip(),
            allowed="a program that runs to its end",
            remedy="mend the line that the last frame below names",
        )
        failed.traceback = _own_frames(trace, str(story.request.project.root))
        return failed
    said = [each for _, each in story.messages] or list(
        dict.fromkeys(line.rpartition("error: ")[2] for line in text.splitlines() if "error: " in line)
    )
    # The engine says each failure again for the whole run.
    said = [each for each in said if not each.startswith("update failed")] or said
    if not said and (killed := _KILLED.search(text)):
        return EngineFailed(
            "The engine was ended from outside",
            given=f"signal {killed[1]}",
            allowed="an engine that comes to its end",
            remedy="run groundplan refresh, which finds what came of what had begun, and then the command again",
        )
    return EngineFailed(
        "The engine failed",
        given="\n".join(said) or text.strip(),
        allowed="a run without errors",
        remedy="mend what it says; --debug shows all of its output",
    )


def _own_frames(trace: str, root: str) -> str:
    """Keep the frames of a traceback that are in the project, and what was raised."""
    lines = trace.splitlines()
    kept: list[str] = []
    for number, line in enumerate(lines):
        if line.startswith(f'  File "{root}/') and "/site-packages/" not in line:
            kept += lines[number : number + 2]
    last = next((line for line in reversed(lines) if line and not line.startswith(" ")), "")
    return "\n".join(["Traceback (most recent call last):", *kept, last]) if kept else ""


def _line_of(text: str, found: re.Match[str]) -> str:
    start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
    line = text[start : end if end > 0 else None]
    return line.rpartition("error: ")[2].strip().removeprefix("stderr: ").removesuffix('\\n",')
