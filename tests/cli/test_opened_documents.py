"""A check opens the documents that a review names, from the project's directory."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from groundplan_policies.engine.names import token
from tests.cli.conftest import Invoke
from tests.policies.rules.harness import STACK

REVIEW = "groundplan:governance:ResponsibleAiReview"
CARD = "# Purpose\nSorts.\n# Data\nThe census.\n# Metrics\nAUC.\n# Limits\nNot for minors.\n"


def write(project: Path, digest: str) -> Path:
    card = {"uri": "card.md", "digest": f"sha256:{digest}"}
    review = {
        "urn": f"urn:pulumi:dev::shop::{token(REVIEW)}::income",
        "type": REVIEW,
        "custom": False,
        "parent": STACK,
        "inputs": {"review": {"modelCard": card}},
    }
    stack = {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False}
    file = project / "document.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": [stack, review]}}), encoding="utf-8")
    return file


def said(groundplan: Invoke, project: Path, digest: str) -> str:
    found = groundplan("check", str(write(project, digest)), "--format", "json", "--project", str(project))
    [card] = [each for each in json.loads(found.stdout)["findings"] if each["control"] == "RAI-04"]
    return f"{card['verdict']}: {card['reasons'][0]['message']}"


def test_a_card_is_held_to_its_digest(groundplan: Invoke, project: Path) -> None:
    (project / "card.md").write_text(CARD, encoding="utf-8")
    digest = hashlib.sha256(CARD.encode()).hexdigest()
    assert said(groundplan, project, digest).startswith("declared: names a model card that was opened")
    assert said(groundplan, project, "0" * 64).startswith("fail: is not the digest")
