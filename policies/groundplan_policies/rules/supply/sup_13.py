"""SUP-13: models of others come from an allow-list."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import is_known, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    declared,
    fail,
    indeterminate,
)

_ENABLED: Final = "vertex.AiModelGardenEnableModel"
_DEPLOYED: Final = "vertex.AiEndpointWithModelGardenDeployment"
_PUBLISHED, _HUGGING_FACE = Path("publisherModelName"), Path("huggingFaceModelId")
_MOVING: Final = ("", "latest", "default")
"""What stands for a version and moves on to the next one."""
_LICENCE = is_known("modelConfig.acceptEula", "a boolean", bool)


def _enabled(resource: Resource, context: Context) -> Outcome:
    return _model(_PUBLISHED.one(resource), context, versioned=True)


def _deployed(resource: Resource, context: Context) -> Outcome:
    published, other = _PUBLISHED.one(resource), _HUGGING_FACE.one(resource)
    outcomes = [_LICENCE(resource, context)]
    if other.state is not State.ABSENT:
        outcomes.append(_model(other, context, versioned=False))
    if other.state is State.ABSENT or published.state is not State.ABSENT:
        outcomes.append(_model(published, context, versioned=True))
    if _LICENCE.path.plain(resource.inputs) is True:
        named = [each.text for each in (published, other) if each.state is State.KNOWN and each.text]
        outcomes.append(_accepted(named, context))
    return all_of(outcomes)


def _model(reading: Reading, context: Context, *, versioned: bool) -> Outcome:
    missing = unreadable(reading, absent=fail("is absent; expected is a model that the settings allow", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "the name of a model")
    name, _, version = reading.value.rpartition("@")
    if versioned and (not name or version.strip().lower() in _MOVING):
        return fail("names no version after an @, so that another one may come tomorrow", reading.path)
    allowed = context.parameters.allowed_models
    if allowed is None:
        return indeterminate("cannot be judged: the settings do not say which models may be used", reading.path)
    if reading.value in allowed:
        return PASS
    return fail("is no model that the settings allow", reading.path)


def _accepted(models: list[str], context: Context) -> Outcome:
    """Ask who accepted the licence: a line of the settings says so, which is a person's word."""
    path, listed = _LICENCE.path.written, context.parameters.accepted_licences
    if listed is None:
        return indeterminate("cannot be judged: the settings do not say who accepted which licence", path)
    who = {model: name for model, _, name in (each.partition("=") for each in listed)}
    if models and all(who.get(each, "").strip() for each in models):
        return declared("is accepted by somebody whom the settings name", path)
    return fail("accepts a licence, and the settings name nobody who did", path)


_UNSURE: Final = Verdict.INDETERMINATE

CONTROL = Control(
    id="SUP-13",
    title="Models of others come from an allow-list",
    why=(
        "A model brings its publisher's data, faults and licence with it, and some hubs take models from anybody. Each "
        "must be listed in the settings by its whole name, and a published one with its version, since the name alone "
        "means the newest. Hugging Face ids name no version here. To accept a licence binds the company: who did is a "
        "line of the settings, so that a pass is then no more than declared."
    ),
    remedy="Add the model to `allowed_models`, and who accepted its licence to `accepted_licences`.",
    ask="Read the licence of each model that is listed, and ask whoever accepted it whether the use is within it.",
    severity=Severity.HIGH,
    evidence=Evidence.CONFIGURATION,
    objectives=("4.1.c", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "SR-3", "How a model was assessed before it was listed."),),
    reads=(
        Read(_ENABLED, _PUBLISHED.text),
        Read(_DEPLOYED, _PUBLISHED.text),
        Read(_DEPLOYED, _HUGGING_FACE.text, absent=Verdict.PASS),
        _LICENCE.reads(_DEPLOYED),
    ),
    checks={_ENABLED: _enabled, _DEPLOYED: _deployed},
    settings=("allowed_models", "accepted_licences"),
)
