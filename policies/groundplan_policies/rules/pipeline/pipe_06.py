"""PIPE-06: images of pipelines are pinned, and tasks install nothing while they run."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.fields import kind
from groundplan_policies.engine.paths import read_value
from groundplan_policies.engine.values import Value, join_key
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, all_of, fail, indeterminate
from groundplan_policies.pipelines.found import Run
from groundplan_policies.pipelines.model import Executor
from groundplan_policies.rules.pipeline.pipelines import READS, checks_of
from groundplan_policies.rules.supply.images import from_allowed, pinned

_FILLED_IN: Final = "{{"
"""What stands in a text for a value of the run."""

_APART: Final = re.compile(r"[\"',\[\]]|\\\n")
"""What stands between words of a list in a program, or of a line that goes on in the next one."""
_INSTALLS: Final = re.compile(
    r"\b(?:pip[\d.]*(?:[\w.]*main\()?|uv\s+pip)(?:\s+-\S+(?:\s+[^\s-]\S*)??){0,8}?\s+(?:install|download|wheel)\b"
    r"(?P<options>[^\n;&|#]*)",
    re.IGNORECASE,
)
_HASHES: Final = re.compile(r"--require-hashes\b")
_FETCHES: Final = re.compile(
    r"(?:^|[\s;&|(`/])(?:(?:curl|wget)\s+\S|(?:apt|apt-get|apk|yum|dnf|(?:micro)?mamba|conda|npm|yarn|gem|go|uv|cargo"
    r"|poetry|pipenv|pdm)\s+(?:-\S+\s+)*(?:install|add|get|sync|update)\b|conda\s+env\s+(?:create|update)\b"
    r"|uv\s+(?:tool|run)\s|easy_install\s|uvx\s|npx\s|pipx\s|git\s+clone\b|install\.packages\(|(?:import|from)\s+pip\b)",
    re.IGNORECASE | re.MULTILINE,
)
_HOOK: Final = ("lifecycle", "preCacheCheck")
"""What a container runs before it is asked whether an earlier result may stand for it."""
_WORDS: Final = ("command", "args")


def _judge(run: Run, context: Context) -> Outcome:
    return all_of([_executor(run, each, context) for each in run.pipeline.executors.values()])


def _executor(run: Run, executor: Executor, context: Context) -> Outcome:
    if executor.importer:
        return NOT_APPLICABLE
    if executor.container is None:
        return indeterminate("runs something else than a container, which is not looked at", run.at(executor.path))
    path = join_key(run.at(executor.path), "container")
    said = [_image(run, executor.container.get("image"), f"{path}.image", context)]
    for runs, place in ((executor.container, path), (_hook(executor.container), f"{path}.{'.'.join(_HOOK)}")):
        said += [_list(runs.get(key), f"{place}.{key}") for key in _WORDS]
        said += _installs(runs, place)
    return all_of(said)


def _hook(container: Mapping[str, Value]) -> Mapping[str, Value]:
    here: Value = container
    for key in _HOOK:
        here = here.get(key) if isinstance(here, dict) else None
    return here if isinstance(here, dict) else {}


def _image(run: Run, image: Value, path: str, context: Context) -> Outcome:
    reading = read_value(image, path)[0]
    if _FILLED_IN in reading.text:
        return indeterminate("is filled in while the pipeline runs", path)
    outcome = pinned(reading)
    return all_of([outcome, from_allowed(run.resource, reading, context)]) if reading.text else outcome


def _list(words: Value, path: str) -> Outcome:
    if words is None:
        return PASS
    if isinstance(words, list) and all(isinstance(each, str) for each in words):
        return PASS
    return indeterminate(f"is {kind(words)} where a list of texts is expected", path)


def _installs(container: Mapping[str, Value], path: str) -> Iterator[Outcome]:
    """Find what installs or fetches. A command may be one text for a shell, or words of a list."""
    for key in _WORDS:
        words = container.get(key)
        if not isinstance(words, list):
            continue
        texts = [each for each in words if isinstance(each, str)]
        for number, text in enumerate(words):
            if isinstance(text, str) and _fetches(text):
                yield fail("installs or fetches something while the task runs", f"{path}.{key}[{number}]")
        if not any(map(_fetches, texts)) and _fetches(" ".join(texts)):
            yield fail("installs or fetches something while the task runs", f"{path}.{key}")


def _fetches(text: str) -> bool:
    plain = _APART.sub(" ", text)
    if _FETCHES.search(plain):
        return True
    return any(not _HASHES.search(found["options"]) for found in _INSTALLS.finditer(plain))


CONTROL = Control(
    id="PIPE-06",
    title="Images of pipelines are pinned, and tasks install nothing while they run",
    why=(
        "A tag can be moved to another image after the pipeline was reviewed, and what a task installs or fetches "
        "while it runs was reviewed by nobody: either way somebody else's code gets the pipeline's account and data. "
        "So each image has a digest and comes from a repository of this document or from an allowed registry; and no "
        "command or argument calls pip without `--require-hashes`, another installer, curl or wget. The compiler "
        "writes a call of pip for `packages_to_install` and for itself. What a program inside of the image fetches "
        "cannot be seen here. An image that is a parameter of the run is indeterminate."
    ),
    remedy=(
        "Build an image with all that is needed, give it by its digest, and compile with `install_kfp_package=False` "
        "and without `packages_to_install`."
    ),
    severity=Severity.HIGH,
    objectives=("5.1.d", "5.1.e"),
    clauses=(
        partial("nist-800-53-r5", "SI-7", "What programs inside of the images fetch."),
        partial("nist-800-53-r5", "SR-3", "What went into the images: the controls on builds."),
    ),
    reads=READS,
    checks=checks_of(_judge, faulty=True),
    settings=("allowed_registries",),
)
