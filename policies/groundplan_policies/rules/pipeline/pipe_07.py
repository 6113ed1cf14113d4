"""PIPE-07: no secret is written down in a pipeline."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.literals import Suspicion, suspicion
from groundplan_policies.engine.values import Value, join_key
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.pipelines.found import SCHEDULE, Run
from groundplan_policies.pipelines.model import Constant, Executor
from groundplan_policies.rules.pipeline.jobs import VALUES
from groundplan_policies.rules.pipeline.pipelines import READS, checks_of
from groundplan_policies.rules.supply.literals import judge_map

_FILLED_IN: Final = re.compile(r"\{\{.*\}\}", re.DOTALL)
"""A text that a run fills in."""

_ASSIGNED: Final = re.compile(r"""\b(\w{1,100})["']?\]?\s*[=:]\s*[rbf]?(["'])((?:(?!\2)[^\n]){1,1000})\2""")
"""A literal that a program puts under a name: `token = "..."`, `"token": "..."`, `environ["TOKEN"] = "..."`."""

_OPTION: Final = re.compile(r"--?([A-Za-z][\w-]*)(?:=(.*))?", re.DOTALL)

Literal = tuple[str, str, Value]
"""Path, the name that a value stands under, and the value."""


def _judge(run: Run, context: Context) -> Outcome:
    said = [_literal(run.at(path), name, value) for path, name, value in _literals(run)]
    for executor in run.pipeline.executors.values():
        said += [_program(run.at(path), text) for path, text in _programs(executor)]
    if run.where:
        said += judge_map(VALUES.one(run.resource), run.resource, context)
    return all_of([PASS, *said])


def _literals(run: Run) -> Iterator[Literal]:
    for name, default in run.pipeline.defaults.items():
        yield default.path, name, default.value
    graphs = (run.pipeline.root, *(each.dag for each in run.pipeline.components.values()))
    for graph in graphs:
        for task in graph.tasks.values() if graph is not None else ():
            for name, source in task.parameters.items():
                if isinstance(source, Constant):
                    yield source.path, name, source.value
    for executor in run.pipeline.executors.values():
        yield from _of_container(executor)


def _of_container(executor: Executor) -> Iterator[Literal]:
    container = executor.container or {}
    path = join_key(executor.path, "container")
    variables, words = container.get("env"), container.get("args")
    for number, each in enumerate(variables if isinstance(variables, list) else (variables,)):
        here = f"{path}.env[{number}]"
        name = each.get("name") if isinstance(each, dict) else None
        yield here, name if isinstance(name, str) else "", each.get("value") if isinstance(each, dict) else each
    before = ""
    for number, word in enumerate(words if isinstance(words, list) else (words,)):
        option = _OPTION.fullmatch(word) if isinstance(word, str) else None
        if option is not None and option[2] is not None:
            yield f"{path}.args[{number}]", option[1], option[2]
        else:
            yield f"{path}.args[{number}]", "" if option is not None else before, word
        before = option[1] if option is not None and option[2] is None else ""


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


def _programs(executor: Executor) -> Iterator[tuple[str, str]]:
    words = (executor.container or {}).get("command")
    for number, word in enumerate(words if isinstance(words, list) else (words,)):
        if isinstance(word, str):
            yield f"{join_key(executor.path, 'container')}.command[{number}]", word


def _program(path: str, text: str) -> Outcome:
    found = [suspicion(name, value) for name, _, value in _ASSIGNED.findall(text)]
    found.append(suspicion("", text))
    # A long hexadecimal number in a program is a digest more often than a key.
    return all_of([_said(path, each) for each in found if each is not Suspicion.DIGITS])


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
        "constants, defaults, the programs of tasks and the values that a job gives are held to what scanners of "
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
