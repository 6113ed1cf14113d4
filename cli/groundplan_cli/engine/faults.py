"""Says in four parts why the engine failed: which resource, what the cloud answered, and what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pulumi.automation import CommandError, ConcurrentUpdateError, StackNotFoundError

from groundplan_cli.engine.events import Event, Kind
from groundplan_cli.engine.known_faults import ABSENT, BEFORE, OF_RESOURCES, PENDING, WHOLE, remedy_of
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

_FOUR_PARTS: Final = re.compile(
    r"error: (?:update failed: )?(?:step application failed: )?(?P<what>[^\n]+?)\.?\n"
    r"\s+given: (?P<given>[^\n]*)\n\s+allowed: (?P<allowed>[^\n]*)\n\s+to do: (?P<remedy>[^\n]*)"
)
"""How the engine prints an error of the mock cloud's provider where no event tells it, as in an import."""


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
    for known in WHOLE if resources or story.failed else (*WHOLE, PENDING):
        if (found := known.says.search(text)) and not (mock and "PULUMI_" in known.remedy):
            about = next((urn for urn, said in resources if known.says.search(said)), "")
            given = _described(about, resources, story.lines) if about else _line_of(text, found)
            given = given.partition(" To unprotect the resource")[0]  # which the remedy says
            remedy = remedy_of(known, text, mock=mock)
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
    known = next((each for each in OF_RESOURCES if each.says.search(text)), None)
    shown = [_described(urn, said, lines) for urn in urns[:MOST_FAILURES]]
    if len(urns) > MOST_FAILURES:
        shown.append(f"and {len(urns) - MOST_FAILURES} more")
    remedy = known.remedy if known else "mend the line that is named, and run the command again"
    if mock and known is ABSENT:
        remedy += f". What a program finds in the cloud has to be made on the mock cloud first: {BEFORE}"
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
    if whole := _FOUR_PARTS.search(text):
        return EngineFailed(**{part: said.strip() for part, said in whole.groupdict().items()})
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
