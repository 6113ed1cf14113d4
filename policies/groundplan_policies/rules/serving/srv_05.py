"""SRV-05: filters of harmful content are complete."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, evidence
from groundplan_policies.engine.expect import as_shown, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail
from groundplan_policies.rules.serving.filters import LEVELS, unclear

_TEMPLATE = "modelarmor.Template"
_FILTERS = Path("filterConfig.raiSettings.raiFilters")
_TYPES: Final = ("SEXUALLY_EXPLICIT", "HATE_SPEECH", "HARASSMENT", "DANGEROUS")


def _check(resource: Resource, _: Context) -> Outcome:
    filters = _FILTERS.one(resource)
    nothing = fail("is absent, so no harmful content is looked for", filters.path)
    missing = unreadable(filters, absent=nothing)
    if missing is not None:
        return missing
    given = entries(filters)
    types = [read_value(each.value, each.path, "filterType")[0] for each in given]
    levels = [read_value(each.value, each.path, "confidenceLevel")[0] for each in given]
    return all_of([*_types(types, filters.path), *map(_level, levels)])


def _types(types: list[Reading], path: str) -> Iterator[Outcome]:
    """Ask for all types. One that cannot be read may be any of those that are not named."""
    doubts = [outcome for each in types if (outcome := unclear(each)) is not None]
    yield from doubts
    named = {each.text for each in types}
    left = [each for each in _TYPES if each not in named]
    if left and not doubts:
        yield fail(f"lacks {', '.join(left)}", path)


def _level(reading: Reading) -> Outcome:
    missing = unreadable(reading, absent=fail("is absent, so Google chooses what counts", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    if reading.value in LEVELS:
        return PASS
    return fail(f"is not {' or '.join(LEVELS)}", reading.path, as_shown(reading.value))


CONTROL = Control(
    id="SRV-05",
    title="Filters of harmful content are complete",
    why=(
        "A model that was tuned to be polite can be talked out of it. Each of the four kinds of harmful content has a "
        "filter of its own, and one that is not listed is not on. HIGH only finds what is certain; where no level is "
        "said, Google takes one that differs by kind and may change, so that fails too."
    ),
    remedy="List all four filters under `rai_filters`, each with LOW_AND_ABOVE or MEDIUM_AND_ABOVE.",
    severity=Severity.MEDIUM,
    objectives=("6.1.a", "6.1.b"),
    clauses=(evidence("nist-ai-rmf-1.0", "MEASURE 2.6", "Evaluations of safety; this is a filter on words."),),
    reads=(
        Read(_TEMPLATE, _FILTERS.text),
        Read(_TEMPLATE, f"{_FILTERS.text}.filterType"),
        Read(_TEMPLATE, f"{_FILTERS.text}.confidenceLevel"),
    ),
    checks={_TEMPLATE: _check},
)
