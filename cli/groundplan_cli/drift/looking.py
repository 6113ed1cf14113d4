"""From a state and what the cloud answered to the report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from groundplan_cli.drift.breaking import actual_state, broken
from groundplan_cli.drift.comparing import Difference, difference
from groundplan_cli.drift.history import Log
from groundplan_cli.drift.model import Drifted, Report, Unread
from groundplan_cli.drift.reading import Seen
from groundplan_cli.guardrails.rules import Guardrails
from groundplan_policies.engine import Value
from groundplan_policies.engine.results import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was read, and with what it is judged.

    Attributes:
        stack: What was looked at.
        cloud: Where.
        raw: The state, as `pulumi stack export` prints it.
        seen: Its resources, as they are.
        guardrails: What decides verdicts.
        log: What tells who changed a resource.
    """

    stack: str
    cloud: str
    raw: Mapping[str, Value]
    seen: Iterable[Seen]
    guardrails: Guardrails
    log: Log


def look(looked: Looked) -> Report:
    """Compare, find out who changed what, and which controls that breaks."""
    unread: list[Unread] = []
    found: list[tuple[Seen, Difference]] = []
    compared, undecided = 0, 0
    for seen in looked.seen:
        if seen.problem:
            unread.append(Unread(resource=seen.resource, reason=seen.problem, refused=seen.refused))
            continue
        compared += 1
        differs = difference(seen) if seen.there else Difference(())
        undecided += differs.undecided
        if not seen.there or differs.changes:
            found.append((seen, differs))
    breaks = _breaks(looked, found)
    drifted = [
        Drifted(
            resource=seen.resource,
            gone=not seen.there,
            changes=differs.changes,
            history=looked.log.history(seen.resource),
            breaks=tuple(each for each in breaks if each.urn == seen.resource.urn),
        )
        for seen, differs in found
    ]
    about = {each.resource.urn for each in drifted}
    return Report(
        stack=looked.stack,
        cloud=looked.cloud,
        looked=compared,
        drifted=tuple(drifted),
        unread=tuple(unread),
        undecided=undecided,
        elsewhere=tuple(each for each in breaks if each.urn not in about),
    )


def _breaks(looked: Looked, found: list[tuple[Seen, Difference]]) -> tuple[Finding, ...]:
    if not found:
        return ()
    actual = actual_state(looked.raw, found)
    return broken(looked.guardrails, looked.raw, actual)
