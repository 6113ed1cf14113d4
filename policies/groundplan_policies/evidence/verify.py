"""Sees whether a folder of evidence is as it was written."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan_policies.engine.values import Value
from groundplan_policies.evidence.errors import EvidenceError
from groundplan_policies.evidence.manifest import FORMAT, NAME, ROOT, SIGNATURES, digest, root_digest
from groundplan_policies.reports.safe import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found.

    Attributes:
        root: The digest over all of it, as the manifest has it.
        subject: What the evidence is of.
        files: How many files are as they were written.
        problems: What is not, each as a sentence without the full stop that names the file.
    """

    root: str
    subject: str
    files: int
    problems: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """What a command ends with: 0 if all is as it was written, else 1."""
        return int(bool(self.problems))


def verify(folder: Path, root: str | None = None) -> Checked:
    """Compare a folder with its manifest.

    Args:
        folder: The folder.
        root: The root digest that it must have, such as one that was signed or noted elsewhere; None to take the
            manifest's word. Whoever can change the files can write a manifest to match, but not the same digest.

    Raises:
        EvidenceError: It is no folder of evidence.
    """
    content = _manifest(folder)
    problems = list(_manifest_problems(content, root))
    listed = _files(content)
    for name, expected in listed.items():
        problem = _file_problem(folder / name, expected)
        if problem:
            problems.append(f"{plain(name)} {problem}")
    known = {*listed, NAME, *SIGNATURES}
    added = sorted(each.name for each in folder.iterdir() if each.name not in known)
    problems += [f"{plain(name)} was added" for name in added]
    wrong = sum(_file_problem(folder / name, expected) != "" for name, expected in listed.items())
    return Checked(
        root=str(content.get(ROOT, "")),
        subject=plain(str(content.get("subject", ""))),
        files=len(listed) - wrong,
        problems=tuple(problems),
    )


def _manifest(folder: Path) -> Mapping[str, Value]:
    path = folder / NAME
    try:
        content: Value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no JSON"
        raise _no_evidence(folder, f"{NAME}: {reason}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _no_evidence(folder, f"{NAME} is of another form")
    return content


def _no_evidence(folder: Path, why: str) -> EvidenceError:
    return EvidenceError(
        "This is no folder of evidence",
        given=f"{folder} ({why})",
        allowed=f"a folder that `groundplan evidence` wrote, with its {NAME}",
        remedy="check the path; a folder whose manifest is gone cannot be verified, so write the evidence again",
    )


def _manifest_problems(content: Mapping[str, Value], root: str | None) -> Iterator[str]:
    if content.get(ROOT) != root_digest(content):
        yield f"{NAME} was edited: its root digest is not that of what it says"
    if root is not None and content.get(ROOT) != root:
        yield f"{NAME} is another one: its root digest is not {plain(root)}"


def _files(content: Mapping[str, Value]) -> Mapping[str, str]:
    """Give the digests by name. A name that leads out of the folder is nothing that we wrote."""
    listed = content.get("files")
    found: dict[str, str] = {}
    for each in listed if isinstance(listed, list) else []:
        name, expected = (each.get("name"), each.get("sha256")) if isinstance(each, dict) else (None, None)
        if isinstance(name, str) and isinstance(expected, str) and name == Path(name).name:
            found[name] = expected
    return found


def _file_problem(path: Path, expected: str) -> str:
    """Say what is wrong with a file; "" if nothing is. What a link leads to is not looked at."""
    if path.is_symlink():
        return "is a link now"
    if not path.is_file():
        return "is missing"
    try:
        return "" if digest(path.read_bytes()) == expected else "was edited"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
