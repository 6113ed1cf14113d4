"""For tests of a Pulumi program: that it passes the guardrails.

```python
from datetime import date

from groundplan_policies.testing import assert_compliant

assert_compliant("tests/plan.json", tier="team", as_of=date(2026, 1, 31))
```
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

from groundplan_policies.engine.document import Document
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.registry import all_controls, find_control
from groundplan_policies.engine.values import Value
from groundplan_policies.reports.report import Report, Subject, only
from groundplan_policies.reports.text import decisive_text
from groundplan_policies.settings.model import Settings
from groundplan_policies.settings.read import read_settings
from groundplan_policies.waivers import Waiver


@runtime_checkable
class HasDocument(Protocol):
    """What an engine gives: an object with a deployment document."""

    @property
    def document(self) -> "Document | Mapping[str, Value]":
        """The document, read or as JSON."""
        ...


Deployment: TypeAlias = Document | HasDocument | Mapping[str, Value] | str | Path
"""A document, read or as JSON, the path of a file that holds it, or the result of an engine that has it."""


def assert_compliant(
    deployment: Deployment,
    *,
    tier: str = "regulated",
    settings: Settings | str | Path | None = None,
    waivers: Sequence[Waiver] = (),
    controls: Iterable[str] | None = None,
    as_of: date,
) -> None:
    """Assert that nothing in a deployment makes the guardrails fail.

    Args:
        deployment: What is checked: a document, its JSON, the path of its file, or the result of a preview.
        tier: The shipped tier whose settings hold.
        settings: Settings in the place of the tier's: read already, or the path of a file.
        waivers: Waivers, as `read_waivers` gives them.
        controls: Ids of the only controls that count; all of them by default. With a few, types that nobody has
            reviewed do not count.
        as_of: The day for which waivers and explanations are judged. A fixed one keeps the test the same tomorrow.

    Raises:
        AssertionError: Something does. The text is a report on it.
        ControlError, SettingsError, DocumentError: A control or tier does not exist, or a file cannot be understood.
    """
    document, name, digest = _read(deployment)
    held = settings if isinstance(settings, Settings) else read_settings(settings if settings is not None else tier)
    evaluation = evaluate(document, held, waivers=waivers, as_of=as_of)
    if controls is not None:
        evaluation = only(evaluation, all_controls(), {find_control(each).id for each in controls})
        evaluation = replace(evaluation, types=replace(evaluation.types, unknown=()))
    report = Report(
        evaluation=evaluation,
        controls=all_controls(),
        settings=held,
        subject=Subject(name=name, kind="document", digest=digest, resources=len(document)),
        version=version("groundplan-policies"),
    )
    if not report.clean:
        raise AssertionError(f"{name} does not pass the settings {held.name}\n\n{decisive_text(report)}")


def _read(deployment: Deployment) -> tuple[Document, str, str]:
    """Give the document, what to call it, and its digest."""
    if isinstance(deployment, Document):
        return deployment, "the deployment", ""
    if isinstance(deployment, str | Path):
        raw = Path(deployment).read_bytes()
        return Document.read(raw), Path(deployment).as_posix(), hashlib.sha256(raw).hexdigest()
    if isinstance(deployment, Mapping):
        text = json.dumps(deployment, sort_keys=True)
        return Document.read(deployment), "the deployment", hashlib.sha256(text.encode()).hexdigest()
    return _read(deployment.document)
