"""The formats of the evidence by the names of their files."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.evidence.folder import render
from groundplan_policies.evidence.model import Bundle

FILES: Final = (
    "index.html",
    "evidence.md",
    "evidence.json",
    "results.sarif",
    "assessment-results.json",
    "component-definition.json",
    "manifest.json",
)


def texts(bundle: Bundle) -> Mapping[str, str]:
    return {name: content.decode() for name, content in render(bundle).items()}
