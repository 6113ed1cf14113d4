"""PIPE-07: no secret is written down in a pipeline."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.literals import Suspicion, names_secret, suspicion
from groundplan_policies.engine.values import Value, join_key, leaves
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.pipelines.found import SCHEDULE, Run
from groundplan_policies.pipelines.model import Constant, Executor, Task
from groundplan_policies.rules.pipeline.jobs import VALUES
from groundplan_policies.rules.pipeline.pipelines import READS, checks_of
from groundplan_policies.rules.pipeline.programs import named_words, suspicions
from groundplan_policies.rules.supply.literals import judge_map

_FILLED_IN: Final = re.compile(r"\{\{.*\}\}", re.DOTALL)
"""A text that a run fills in."""

Literal = tuple[str, str, Value]
"""Path, the name that a value stands under, and the value."""


def _judge(run: Run, context: Context) -> Outcome:
    said = [_literal(run.at(path), name, value) for path, name, value in _literals(run)]
    for executor in run.pipeline.executors.values():
        said += [_said(run.at(path), found) for path, found in _programs(executor)]
    told = tuple(reason.path for each in said for reason in each.reasons)
    said += [_said(path, found) for path, found in _elsewhere(run) if not path.startswith(told)]
    said += [
        indeterminate("runs something else than a container, which is not looked at", run.at(each.path))
        for each in run.pipeline.executors.values()
        if each.container is None and not each.importer
    ]
    if run.where:
        said += judge_map(VALUES.one(run.resource), run.resource, context)
    return all_of([PASS, *said])


def _literals(run: Run) -> Iterator[Literal]:
    components = run.pipeline.components.values()
    for defaults in (run.pipeline.defaults, *(each.defaults for each in components)):
        yield from ((default.path, name, default.value) for name, default in defaults.items())
    for graph in (run.pipeline.root, *(each.dag for each in components)):
        for task in graph.tasks.values() if graph is not None else ():
            yield from _of_task(task)
    for executor in run.pipeline.executors.values():
        yield from _of_container(executor)


def _of_task(task: Task) -> Iterator[Literal]:
    for name, source in task.parameters.items():
        if isinstance(source, Constant):
            yield source.path, name, source.value
    if task.loop is not None and task.loop.written is not None:
        yield task.loop.written.path, task.loop.item, task.loop.written.value


def _of_container(executor: Executor) -> Iterator[Literal]:
    container = executor.container or {}
    path = join_key(executor.path, "container")
    variables = container.get("env")
    for number, each in enumerate(variables if isinstance(variables, list) else (variables,)):
        here = f"{path}.env[{number}]"
        name = each.get("name") if isinstance(each, dict) else None
        yield here, name if isinstance(name, str) else "", each.get("value") if isinstance(each, dict) else each
    for number, name, word in named_words(container.get("args")):
        yield f"{path}.args[{number}]", name, word
    # A command is mostly the text of a program: only what stands under a name is a value.
    for number, name, word in named_words(container.get("command")):
        if names_secret(name):
            yield f"{path}.command[{number}]", name, word


def _elsewhere(run: Run) -> Iterator[tuple[str, Suspicion]]:
    """Find what has the form of a token anywhere in the pipeline, such as in the address of an import."""
    for path, leaf in leaves(run.spec):
        if isinstance(leaf, str) and suspicion("", leaf) is Suspicion.TOKEN:
            yield run.at(path), Suspicion.TOKEN


def _literal(path: str, name: str, value: Value) -> Outcome:
    if value is None or isinstance(value, bool):
        return PASS
    if isinstance(value, Mapping):
        return all_of([PASS, *(_literal(path, key, each) for key, each in value.items())])
    if isinstance(value, list):
        return all_of([PASS, *(_literal(path, name, each) for each in value)])
    text = str(value)
    inner = _as_json(text)
    if inner is not None:
        return _literal(path, name, inner)
    return PASS if _FILLED_IN.fullmatch(text.strip()) else _said(path, suspicion(name, text))


def _as_json(text: str) -> Value:
    """Give what a text holds that is an object or a list; None for another one."""
    if not text.lstrip().startswith(("{", "[")) or text.lstrip().startswith("{{"):
        return None
    try:
        found: Value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


def _programs(executor: Executor) -> Iterator[tuple[str, Suspicion]]:
    for key in ("command", "args"):
        for number, found in suspicions((executor.container or {}).get(key)):
            yield f"{join_key(executor.path, 'container')}.{key}[{number}]", found


def _said(path: str, found: Suspicion | None) -> Outcome:
    if found is None:
        return PASS
    return indeterminate(found, path) if found is Suspicion.DIGITS else fail(found, path)


CONTROL = Control(
    id="PIPE-07",
    title="No secret is written down in a pipeline",
    why=(
        "A compiled pipeline lies in a repository, in the state of a stack, in a registry of templates and in the "
        "history of every run, and whoever may read one of these has what is written in it. Variables, arguments, "
        "constants, lists that are looped over, defaults of the run and of each component, the programs of tasks and "
        "the values that a job gives are held to what scanners of "
        "repositories look for: names such as `DB_PASSWORD`, the published forms of tokens, and long runs that look "
        "like chance. A name of a secret in Secret Manager is what should stand there, and passes. A long hexadecimal "
        "number may be a digest, so it is indeterminate, and in a program it is taken for one. The value is never "
        "shown."
    ),
    remedy="Give the task the name of a secret's version, and let it ask Secret Manager as its own account.",
    severity=Severity.HIGH,
    objectives=("5.1.e",),
    clauses=(partial("nist-800-53-r5", "IA-5", "Secrets that do not look like any."),),
    reads=(
        *READS,
        Read(
            SCHEDULE,
            VALUES.text,
            absent=Verdict.PASS,
            empty=Verdict.PASS,
            secret=Verdict.FAIL,
        ),
    ),
    checks=checks_of(_judge, faulty=True),
)
