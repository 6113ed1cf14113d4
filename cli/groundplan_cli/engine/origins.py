"""Adds to the engine's preview what only the program knows: where its values come from, what components say."""

from collections.abc import Iterator, Mapping

from groundplan_cli.engine.steps import as_list, as_object
from groundplan_policies.engine import Value
from groundplan_policies.engine.member import MEMBER
from groundplan_policies.engine.values import REDACTED, leaves, redacted_secret
from mockcloud.doors.embedded.watching import Seen, Watch


def with_origins(raw: Mapping[str, Value], watch: Watch) -> dict[str, Value]:
    """Give a preview with the `groundplan` member, which names the provenance of leaves, and outputs of components.

    The engine keeps dependencies of top-level properties only, and prints a component before it has its outputs.

    Args:
        raw: The document of `pulumi preview --json`.
        watch: What the program was seen to ask for.
    """
    provenance: dict[str, Value] = {}
    steps: list[Value] = []
    for step in map(as_object, as_list(raw.get("steps"))):
        urn, state = str(step.get("urn")), as_object(step.get("newState"))
        said = watch.outputs.get(urn)
        whole = {**state, "outputs": dict(said)} if said and state and not state.get("outputs") else state
        steps.append({**step, "newState": dict(whole)} if state else dict(step))
        found: dict[str, Value] = {path: [*urns] for path, urns in sorted(_kept(watch.seen.get(urn), state))}
        if found:
            provenance[urn] = found
    return {**raw, "steps": steps, MEMBER: {"profile": "preview", "engine": "pulumi", "provenance": provenance}}


def _kept(seen: Seen | None, state: Mapping[str, Value]) -> Iterator[tuple[str, list[str]]]:
    """Give the provenance that still holds in the engine's document.

    A transform runs in the engine, after the program has said what it wants: where it changed a value, or what a
    property depends on, nothing is said of that leaf or property.
    """
    if seen is None:
        return
    recorded = as_object(state.get("propertyDependencies"))
    asked, had = dict(leaves(dict(seen.inputs))), dict(leaves(dict(as_object(state.get("inputs")))))
    for path, urns in seen.provenance.items():
        top = path.partition(".")[0].partition("[")[0]
        same = path in had and _same(asked.get(path), had[path])
        if same and frozenset(map(str, as_list(recorded.get(top)))) == seen.dependencies.get(top, frozenset()):
            yield path, urns


def _same(asked: Value, had: Value) -> bool:
    return had == asked or (had == REDACTED and asked == redacted_secret())
