"""Writes the folder, whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from groundplan_policies.evidence.content import as_json
from groundplan_policies.evidence.errors import EvidenceError
from groundplan_policies.evidence.html.page import as_html
from groundplan_policies.evidence.manifest import NAME, make_manifest
from groundplan_policies.evidence.markdown import as_markdown
from groundplan_policies.evidence.model import Bundle
from groundplan_policies.evidence.oscal.components import as_component_definition
from groundplan_policies.evidence.oscal.results import as_assessment_results
from groundplan_policies.reports.sarif import as_sarif

EVIDENCE: Final = "evidence.json"
"""The file that holds all of it for programs."""


def render(bundle: Bundle) -> Mapping[str, bytes]:
    """Give the files of a folder by their names: the same for the same evidence."""
    files = {
        "index.html": as_html(bundle).encode(),
        "evidence.md": as_markdown(bundle).encode(),
        EVIDENCE: as_json(bundle).encode(),
        "results.sarif": as_sarif(bundle.report, note=bundle.reach.watermark).encode(),
        "assessment-results.json": as_assessment_results(bundle).encode(),
        "component-definition.json": as_component_definition(bundle).encode(),
    }
    return {**files, NAME: make_manifest(bundle, files)}


def check_place(out: Path, *, force: bool) -> None:
    """See that a folder may be written, before the work is done.

    Args:
        out: The folder.
        force: Whether an earlier folder of evidence may be replaced.

    Raises:
        EvidenceError: It may not: there is something already, or no directory to put it into.
    """
    if not out.parent.is_dir():
        raise EvidenceError(
            "The evidence has no place",
            given=f"{out}, in a directory that does not exist",
            allowed="a new folder in a directory that exists",
            remedy=f"make the directory {out.parent}, or choose another place",
        )
    if not (out.exists() or out.is_symlink()):
        return
    ours = out.is_dir() and not out.is_symlink() and ((out / NAME).is_file() or not any(out.iterdir()))
    if force and ours:
        return
    raise EvidenceError(
        "The folder for the evidence exists",
        given=f"{out}{'' if ours else ', which is no folder of evidence'}",
        allowed="a folder that does not exist yet; with --force also an earlier folder of evidence, which is replaced",
        remedy="choose another folder" + (", or add --force" if ours else ""),
    )


def write(out: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Write the folder: beside its place first, and then under its name. A reader sees all of it or nothing.

    Args:
        out: The folder.
        files: The files by their names.
        force: Whether an earlier folder of evidence may be replaced.

    Raises:
        EvidenceError: There is something already, or it cannot be written there.
    """
    check_place(out, force=force)
    building: Path | None = None
    try:
        building = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part"))
        _fill(building, files)
        _put(building, out)
    except OSError as error:
        raise EvidenceError(
            "The evidence cannot be written",
            given=f"{out} ({error.strerror})",
            allowed="a folder in a directory that may be written to",
            remedy="choose another place, or mend the permissions",
        ) from error
    finally:
        if building is not None:
            shutil.rmtree(building, ignore_errors=True)


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    mask = os.umask(0)
    os.umask(mask)
    folder.chmod(0o777 & ~mask)  # `mkdtemp` makes folders that only the owner reads
    for name, content in files.items():
        with (folder / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _put(building: Path, out: Path) -> None:
    """Give the finished folder its name. An earlier one steps aside first, and comes back if that fails."""
    if not out.exists():
        building.rename(out)
        return
    aside = building.with_suffix(".old")
    out.rename(aside)
    try:
        building.rename(out)
    except OSError:
        aside.rename(out)
        raise
    shutil.rmtree(aside, ignore_errors=True)
