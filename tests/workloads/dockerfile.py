"""A Dockerfile as the tests read it: instructions in their order, in the stages that they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Instruction:
    """One instruction, on however many lines it stands."""

    word: str
    """What it is, such as ``RUN``."""
    text: str
    """What follows the word, on one line."""
    line: int
    """The line that it begins on."""


def instructions(text: str) -> list[Instruction]:
    """Return the instructions of a Dockerfile, without comments."""
    found: list[Instruction] = []
    pending, began = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if not pending and (not line.strip() or line.lstrip().startswith("#")):
            continue
        began = began if pending else number
        pending += line.strip()
        if pending.endswith("\\"):
            pending = pending[:-1]
            continue
        word, _, rest = pending.partition(" ")
        found.append(Instruction(word.upper(), " ".join(rest.split()), began))
        pending = ""
    return found


def faults(text: str) -> list[str]:
    """Return what a reviewer would send a Dockerfile back for, each with its line."""
    steps = instructions(text)
    arguments = {name: value for name, _, value in (s.text.partition("=") for s in steps if s.word == "ARG")}
    found: list[str] = []
    stages: set[str] = set()
    user = ""
    for step in steps:
        found += [f"line {step.line}: {fault}" for fault in _faults(step, arguments, stages)]
        if step.word == "FROM":
            user = ""
            stages |= set(re.findall(r" AS (\S+)$", step.text, re.IGNORECASE))
        elif step.word == "USER":
            user = step.text
    if user.partition(":")[0] in {"", "0", "root"}:
        found.append("the image runs as root")
    return found


def _faults(step: Instruction, arguments: dict[str, str], stages: set[str]) -> list[str]:
    if step.word == "FROM":
        image = re.sub(r"\$\{(\w+)\}", lambda match: arguments.get(match[1], ""), step.text.split()[0])
        tag = image.rpartition("/")[2].partition(":")[2]
        pinned = image in stages or "@sha256:" in image or tag not in {"", "latest"}
        return [] if pinned else [f"{image or step.text} has no version"]
    checks = {
        "ADD": (r"", "ADD fetches and unpacks; COPY what is in the context"),
        "MAINTAINER": (r"", "MAINTAINER is no more"),
    }
    patterns = [
        (r"(?:curl|wget)[^|]*\|\s*(?:\S*/)?(?:ba|da|z)?sh\b", "runs a script that it fetched"),
        (r"(?:\bsudo\b|\bchmod (?:-R )?0?777\b)", "gives more than it needs"),
        (r"\bpip install\b(?!.*==)", "installs a package without its version"),
        (r"\bpip install\b(?!.*--no-cache-dir)", "keeps pip's cache in the image"),
        (r"\bapt-get install\b", "installs packages of the system, whose versions nothing names"),
    ]
    found = [checks[step.word][1]] if step.word in checks else []
    if step.word == "RUN":
        found += [fault for pattern, fault in patterns if re.search(pattern, step.text)]
    if step.word in {"ARG", "ENV"} and re.search(r"(?:PASSWORD|SECRET|TOKEN|CREDENTIAL|API_KEY)", step.text.upper()):
        found.append("has a secret, which stays in the image's history")
    if step.word == "COPY" and re.search(r"(?:^| )\.(?: |$)", step.text.rpartition(" ")[0]):
        found.append("copies the whole context")
    return found
