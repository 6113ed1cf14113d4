"""The manifest: the digest of every file, what the evidence rests on, and one digest over all of that."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.values import Value
from groundplan_policies.evidence.model import Bundle
from groundplan_policies.reports.json_report import to_json
from groundplan_policies.reports.safe import plain

FORMAT: Final = "groundplan-evidence-manifest/1"
"""Name and version of the form."""

NAME: Final = "manifest.json"
"""Name of the file."""

ROOT: Final = "root"
"""The member that holds the digest over all others."""

SIGNATURES: Final = frozenset({"manifest.json.asc", "manifest.json.sig", "manifest.json.sigstore.json"})
"""Files that may lie beside the manifest and are not in it: they are made of it."""


def make_manifest(bundle: Bundle, files: Mapping[str, bytes]) -> bytes:
    """Write the manifest of some files.

    Args:
        bundle: The evidence.
        files: The other files by their names.
    """
    report = bundle.report
    content: dict[str, Value] = {
        "format": FORMAT,
        "subject": plain(report.subject.name),
        "asOf": report.evaluation.as_of.isoformat(),
        "level": bundle.reach.id,
        "watermark": bundle.reach.watermark,
        "inputs": [{"id": each.id, "value": each.value, "note": each.note} for each in bundle.inputs],
        "files": [
            {"name": name, "bytes": len(content), "sha256": digest(content)} for name, content in sorted(files.items())
        ],
    }
    return to_json({**content, ROOT: root_digest(content)}).encode()


def digest(content: bytes) -> str:
    """Give the SHA-256 of some bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def root_digest(content: Mapping[str, Value]) -> str:
    """Give the digest over a manifest, without the member that holds it: of its JSON with sorted keys and no spaces."""
    rest = {key: value for key, value in content.items() if key != ROOT}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{digest(canonical.encode())}"
