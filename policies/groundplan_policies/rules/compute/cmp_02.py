"""CMP-02: notebooks keep root, downloads and terminals closed, and are upgraded."""

import re
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import Expectation
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, all_of, indeterminate
from groundplan_policies.rules.compute.metadata import MACHINES, NOTEBOOK, reads_of, says_yes

_METADATA: Final = MACHINES[NOTEBOOK]
_ROOT: Final = says_yes(_METADATA, "notebook-disable-root")
_CLOSED: Final = (
    says_yes(_METADATA, "notebook-disable-downloads"),
    says_yes(_METADATA, "notebook-disable-terminal"),
)
_CRON: Final = re.compile(r"(?:(?:\*|[0-9]+|[A-Z]{3})(?:[-/,](?:\*|[0-9]+|[A-Z]{3}))*(?:\s+|$)){5}", re.IGNORECASE)
"""Five fields, each of numbers, names of days or months, or a star."""


def _is_cron(value: Value) -> bool:
    return _CRON.fullmatch(str(value).strip()) is not None


_UPGRADE: Final = Expectation(
    Path(_METADATA, "notebook-upgrade-schedule"), "a cron expression", _is_cron, "a text", (str,)
)


def _check(resource: Resource, context: Context) -> Outcome:
    return all_of([_ROOT(resource, context), _UPGRADE(resource, context), _closed(resource, context)])


def _closed(resource: Resource, context: Context) -> Outcome:
    asked = context.parameters.closed_notebooks
    if asked is None:
        return indeterminate("the settings do not say whether downloads and terminals are closed", _METADATA)
    return all_of([each(resource, context) for each in _CLOSED]) if asked else NOT_APPLICABLE


CONTROL = Control(
    id="CMP-02",
    title="Notebooks are closed and upgraded",
    why=(
        "Whoever is root on a notebook turns off what watches it, and one that is never upgraded keeps every hole of "
        "the day it was made. Root is off and there is a schedule of upgrades in every tier. Where the settings say "
        "so (`closed_notebooks`), files cannot be downloaded and there is no terminal: the shortest ways out for "
        "data. The keys are those of the image's metadata; another image may not know them, see CMP-04."
    ),
    remedy="Use Workbench, or set the keys in `metadata`.",
    severity=Severity.MEDIUM,
    objectives=("2.2.b",),
    clauses=(
        partial("google-ai", "VAI-CO-4.2", "Notebooks made by others: an organisation policy."),
        partial("google-ai", "VAI-CO-4.3", "Notebooks made by others: an organisation policy."),
        partial("google-ai", "VAI-CO-4.4", "Notebooks made by others: an organisation policy."),
        partial("google-ai", "VAI-CO-4.6", "Notebooks made by others: an organisation policy."),
    ),
    reads=(reads_of(NOTEBOOK, Verdict.FAIL),),
    checks={NOTEBOOK: _check},
    settings=("closed_notebooks",),
)
