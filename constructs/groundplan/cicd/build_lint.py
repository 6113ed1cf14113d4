"""What a build file may not do; each finding says where, what, and what instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from groundplan.core.validation import Checks

DIGEST: Final = r"[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}"
"""An image by its digest."""
BUILDER: Final = r"builder/([a-z][a-z0-9-]*)"
"""A builder's name in a build file, to be replaced by its image."""

_OWN: Final = frozenset({"steps", "substitutions", "images", "artifacts", "timeout", "tags"})
_TRIGGERS: Final = frozenset({"serviceAccount", "logsBucket", "options", "availableSecrets", "secrets", "queueTtl"})
_STEP: Final = frozenset(
    {"name", "id", "args", "dir", "entrypoint", "env", "script", "secretEnv", "timeout", "waitFor", "volumes"}
)
_NAME: Final = r"_[A-Z][A-Z0-9_]{0,98}"
# Those that Cloud Build fills in itself. Source: "Substituting variable values", Cloud Build documentation, 2026-10.
BUILT_IN: Final = frozenset(
    {
        "BASE_BRANCH", "BRANCH_NAME", "BUILD_ID", "COMMIT_SHA", "HEAD_BRANCH", "LOCATION", "PROJECT_ID",
        "PROJECT_NUMBER", "REF_NAME", "REPO_FULL_NAME", "REPO_NAME", "REVISION_ID", "SERVICE_ACCOUNT",
        "SERVICE_ACCOUNT_EMAIL", "SHORT_SHA", "TAG_NAME", "TRIGGER_BUILD_CONFIG_PATH", "TRIGGER_NAME", "_HEAD_BRANCH",
        "_BASE_BRANCH", "_HEAD_REPO_URL", "_PR_NUMBER",
    }
)  # fmt: skip
_USE: Final = re.compile(r"(?<!\$)\$(?:\{([A-Z_][A-Z0-9_]*)\}|([A-Z_][A-Z0-9_]*))")
_SECRETS: Final = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "an API key of Google's": re.compile(r"AIza[0-9A-Za-z_-]{30,}"),
    "an access token of Google's": re.compile(r"ya29\.[0-9A-Za-z_-]{20,}"),
    "a token of GitHub's": re.compile(r"gh[pousr]_[0-9A-Za-z]{20,}|github_pat_[0-9A-Za-z_]{20,}"),
    "a token of GitLab's": re.compile(r"gl(?:pat|rt|dt)-[0-9A-Za-z_-]{15,}"),
    "a key of Amazon's": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a password": re.compile(
        r"(?i)(?:password|passwd|secret|token|api_?key)[\"']?\s*[=:]\s*[\"']?(?![\"'\s$])[^\s\"'$]{6,}"
    ),
    "a password in an address": re.compile(r"https?://[^/\s:@$]+:[^/\s:@$]+@"),
}
# Without a first line that names an interpreter, a script is one of sh, which goes on after a failure.
_SHELL: Final = re.compile(r"(?!#!)|#![^\n]*\b(?:sh|bash|dash|ash|ksh|zsh)\b")
_STRICT: Final = re.compile(r"(?:#![^\n]*\n)?\s*set -[a-z]*e[a-z]*\b")


def lint(checks: Checks, parsed: Mapping[str, Any]) -> None:
    """Record everything that is wrong with a parsed build file."""
    _check_keys(checks, parsed)
    steps = parsed.get("steps")
    good = isinstance(steps, list) and bool(steps) and all(isinstance(step, Mapping) for step in steps)
    if not checks.that(
        good, "steps", "are no list of steps", given=steps, allowed="at least one mapping with a `name`", do="add steps"
    ):
        return
    assert isinstance(steps, list)  # noqa: S101 - for the type checker; checked above
    for index, step in enumerate(steps):
        _check_step(checks, f"steps[{index}]", step)
    _check_order(checks, steps)
    _check_substitutions(checks, parsed)
    _check_images(checks, parsed.get("images", ()))
    for place, text in _texts(parsed):
        check_secrets(checks, place, text)


def check_secrets(checks: Checks, field: str, text: str) -> None:
    """Record a text that holds a secret, without printing it."""
    for what, pattern in _SECRETS.items():
        if pattern.search(text):
            checks.that(
                holds=False,
                field=field,
                fault=f"holds {what}, for everybody who may read the trigger or the log",
                given="a text that is not shown",
                allowed="a secret of Secret Manager, by `secretEnv` and the trigger's `secrets`",
                do="take it out, put a new one into Secret Manager, and revoke this one",
            )
            return


def _check_keys(checks: Checks, parsed: Mapping[str, Any]) -> None:
    for key in parsed:
        if key in _TRIGGERS:
            checks.that(
                holds=False,
                field=str(key),
                fault="is the trigger's to say, not the file's",
                given=key,
                allowed=", ".join(sorted(_OWN)),
                do="set it on the BuildTrigger, where who reviews the platform sees it",
            )
        else:
            checks.one_of(str(key), str(key), _OWN)


def _check_step(checks: Checks, field: str, step: Mapping[str, Any]) -> None:
    for key in step:
        if key == "allowFailure":
            checks.that(
                not step[key],
                f"{field}.allowFailure",
                "lets the build succeed although the step failed",
                given=step[key],
                allowed="nothing or false",
                do="let the step itself decide what is no failure",
            )
        else:
            checks.one_of(f"{field}.{key}", str(key), _STEP)
    checks.matches(
        f"{field}.name",
        step.get("name"),
        DIGEST,
        "an image by its digest, …@sha256:…, or builder/<name>",
        "a tag can be moved to another image: name the digest that was reviewed",
    )
    script = step.get("script")
    checks.that(
        script is None or not ({"args", "entrypoint"} & set(step)),
        f"{field}.script",
        "stands beside args or an entrypoint, which Cloud Build refuses",
        given="both",
        allowed="one of them",
        do="move the one into the other",
    )
    if isinstance(script, str) and _SHELL.match(script):
        _check_script(checks, f"{field}.script", script, step)


def _check_script(checks: Checks, field: str, script: str, step: Mapping[str, Any]) -> None:
    checks.that(
        _STRICT.match(script),
        field,
        "goes on after a command that fails",
        given=script.strip().split("\n", 1)[0],
        allowed="a script whose first command is `set -eu`",
        do="begin it with `set -eu`",
    )
    known = {str(entry).split("=", 1)[0] for entry in step.get("env", ())} | set(step.get("secretEnv", ()))
    lost = sorted(
        {name for name in _uses(script) if (name in BUILT_IN or re.fullmatch(_NAME, name)) and name not in known}
    )
    checks.that(
        not lost,
        field,
        "reads substitutions, which Cloud Build does not put into scripts",
        given=", ".join(lost),
        allowed="variables of the step's own `env`",
        do=f"add `- {lost[0]}=${{{lost[0]}}}` to the step's env" if lost else "",
    )


def _check_order(checks: Checks, steps: Sequence[Mapping[str, Any]]) -> None:
    checks.unique("steps", (str(step["id"]) for step in steps if "id" in step), "step id")
    seen = {"-"}
    for index, step in enumerate(steps):
        for earlier in step.get("waitFor", ()):
            checks.that(
                earlier in seen,
                f"steps[{index}].waitFor",
                "waits for a step that does not come before",
                given=earlier,
                allowed=", ".join(sorted(seen)),
                do="name the id of an earlier step, or `-` to start at once",
            )
        seen.add(str(step.get("id")))


def _check_substitutions(checks: Checks, parsed: Mapping[str, Any]) -> None:
    defined = parsed.get("substitutions", {})
    if not checks.instance("substitutions", defined, Mapping, "a mapping of names to values"):
        return
    for name in defined:
        checks.matches(
            f"substitutions[{name!r}]", name, _NAME, "an underscore, then capitals, digits and underscores", "rename it"
        )
    used = {name for place, text in _texts(parsed) if not place.endswith(".script") for name in _uses(text)}
    missing = sorted(used - set(defined) - BUILT_IN)
    checks.that(
        not missing,
        "substitutions",
        "lack what the steps use",
        given=", ".join(missing),
        allowed="a default, which may be empty, for every name that is used",
        do="add the names to the file's substitutions, or write $$ for a variable of the shell",
    )
    idle = sorted(set(defined) - used)
    checks.that(
        not idle,
        "substitutions",
        "have names that no step uses, for which Cloud Build refuses the build",
        given=", ".join(idle),
        allowed="only what is used",
        do="take them out",
    )


def _check_images(checks: Checks, images: object) -> None:
    if checks.instance("images", images, (list, tuple), "a list of images") and isinstance(images, list):
        for index, image in enumerate(images):
            last = str(image).rsplit("/", 1)[-1]
            checks.that(
                ":" in last and not last.endswith(":latest"),
                f"images[{index}]",
                "has no tag of its own",
                given=image,
                allowed="a tag that says which build made it, such as :${COMMIT_SHA}",
                do="tag it with the commit",
            )


def _texts(parsed: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of the file with its place; the substitutions' own names are no texts."""
    for key, value in parsed.items():
        place = f"{path}.{key}" if path else str(key)
        yield from _texts_of(place, value)


def _texts_of(place: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        yield from _texts(value, place)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts_of(f"{place}[{index}]", item)


def _uses(text: str) -> set[str]:
    return {braced or bare for braced, bare in _USE.findall(text)}
