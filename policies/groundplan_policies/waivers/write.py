"""Writes a waiver into a file, and touches nothing else in it."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import yaml

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.document import Document
from groundplan_policies.engine.resource import STACK_TYPE
from groundplan_policies.engine.results import Evaluation, Finding
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.engine.yamlfile import nearest
from groundplan_policies.waivers.match import can_be_waived, waiver_urn
from groundplan_policies.waivers.model import Waiver, WaiverError
from groundplan_policies.waivers.read import read_waivers

_WIDTH = 120
_HEAD = """\
# Findings that may stand for a while. A new entry is added at the end; older ones for the same finding are history.
waivers:
"""


def fill_waiver(waiver: Waiver, evaluation: Evaluation, document: Document, control: Control) -> Waiver:
    """Give a waiver the type and the fingerprint of the finding that it names.

    Args:
        waiver: The waiver. Its URN may be "" or that of the stack, for a finding on the stack as a whole.
        evaluation: What was found.
        document: What was evaluated.
        control: The control.

    Raises:
        WaiverError: There is no such finding, or the control cannot be waived.
    """
    if not can_be_waived(control):
        raise WaiverError(
            "The control cannot be waived",
            given=control.id,
            allowed="controls that do not say otherwise, and none of the family BYP",
            remedy="mend the finding",
        )
    finding = _finding(waiver, evaluation, document)
    return replace(
        waiver,
        urn=waiver_urn(finding, document),
        type=finding.type or STACK_TYPE,
        fingerprints=(finding.fingerprint,),
    )


def _finding(waiver: Waiver, evaluation: Evaluation, document: Document) -> Finding:
    found = {
        waiver_urn(each, document): each
        for each in evaluation.findings
        if each.control == waiver.control and each.verdict in {Verdict.FAIL, Verdict.INDETERMINATE}
    }
    stack = document.stack.urn if document.stack is not None else ""
    urn = waiver.urn or stack
    if urn not in found or not urn:
        raise WaiverError(
            "There is nothing to waive",
            given=f"{waiver.control} on {waiver.urn or 'the stack'}, where it neither fails nor is indeterminate",
            allowed=nearest(urn, found) or "a control and a resource with a finding",
            remedy="look at the findings with `groundplan check`",
        )
    return found[urn]


def write_waiver(path: Path, waiver: Waiver) -> None:
    """Append a waiver to a file, which is made if there is none. Comments and order of what is there stay.

    The file is replaced as a whole, so that nobody ever reads half of it.

    Raises:
        WaiverError: The file is no file of waivers, has a form in which nothing can be appended, or cannot be written.
    """
    path = path.resolve()
    before = read_waivers(path) if path.exists() else ()
    text = path.read_bytes().decode() if path.exists() else ""  # as bytes, so that line ends stay
    if not text.strip():
        text = _HEAD
    block = as_yaml(waiver)
    _replace(path, text if text.endswith("\n") else f"{text}\n", block, (*before, waiver))


def as_yaml(waiver: Waiver) -> str:
    """Give the entry of a waiver as it stands in a file."""
    entry = {
        "control": waiver.control,
        "urn": waiver.urn,
        "type": waiver.type,
        "reason": waiver.reason,
        "ticket": waiver.ticket,
        "owner": waiver.owner,
        "approver": waiver.approver,
        "issued": waiver.issued,
        "expires": waiver.expires,
        "fingerprint": waiver.fingerprints[0] if len(waiver.fingerprints) == 1 else list(waiver.fingerprints),
    }
    dumped: str = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=_WIDTH)
    return "".join(f"  {line}\n" for line in dumped.splitlines())


def _replace(path: Path, text: str, block: str, expected: tuple[Waiver, ...]) -> None:
    """Write a file beside the old one, read it, and put it in the old one's place if it says what it should."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text + block)
            fresh.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            _check(path, fresh, expected, block)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise WaiverError(
            "The waiver cannot be written",
            given=f"{path} ({error.strerror})",
            allowed="a file in a folder that may be written",
            remedy="check the permissions and the space on the disk",
        ) from None


def _check(path: Path, fresh: Path, expected: tuple[Waiver, ...], block: str) -> None:
    try:
        found = tuple(replace(each, place="") for each in read_waivers(fresh))
    except WaiverError:
        found = ()
    if found != tuple(replace(each, place="", approver_owns=False) for each in expected):
        raise WaiverError(
            "The waiver cannot be appended",
            given=f"{path}, whose list of waivers does not end where the file ends",
            allowed="a file in which `waivers:` is the only key, with one entry a block",
            remedy=f"add this by hand:\n{block}",
        )
