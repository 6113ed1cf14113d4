"""SRV-06: the floor of Model Armor is enforced."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read
from groundplan_policies.engine.expect import every, is_false, is_true, unreadable
from groundplan_policies.engine.paths import Path, Reading, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail
from groundplan_policies.rules.serving.filters import PROMPTS, unclear

_FLOOR = "modelarmor.Floorsetting"
_PARENT = Path("parent")
_ABOVE: Final = ("folders/", "organizations/")
_ENFORCED = is_true("enableFloorSettingEnforcement")
_BLOCKS = is_true("aiPlatformFloorSetting.inspectAndBlock")
_ONLY = is_false("aiPlatformFloorSetting.inspectOnly")
_SERVICES = Path("integratedServices")
_MODELS: Final = "AI_PLATFORM"

_everywhere = every(_ENFORCED, *PROMPTS)
_inline = every(_BLOCKS, _ONLY)


def _check(resource: Resource, context: Context) -> Outcome:
    found = _everywhere(resource, context)
    if _PARENT.one(resource).text.startswith(_ABOVE):
        return found
    return all_of([found, _inline(resource, context), _applies(_SERVICES.one(resource))])


def _applies(reading: Reading) -> Outcome:
    nothing = fail(f"lacks {_MODELS}, so the floor is not applied to calls of models", reading.path)
    missing = unreadable(reading, absent=nothing)
    if missing is not None:
        return missing
    given = entries(reading)
    if any(each.value == _MODELS for each in given):
        return PASS
    return all_of([doubt for each in given if (doubt := unclear(each)) is not None] or [nothing])


CONTROL = Control(
    id="SRV-06",
    title="The floor of Model Armor is enforced",
    why=(
        "A floor is what every template must at least do, and in a project what is done to every call of a model, "
        "whether a program asks for it or not. It does nothing while enforcement is off, while it only inspects, while "
        "the project does not list the service of the models, or while it demands no filters for attacks. Above "
        "projects, in folders and organisations, calls are not looked at, so only enforcement and filters are asked."
    ),
    remedy=(
        "Set `enable_floor_setting_enforcement`, `ai_platform_floor_setting.inspect_and_block` and "
        "`integrated_services`, and enable the filters for injection and addresses."
    ),
    severity=Severity.MEDIUM,
    objectives=("6.1.a",),
    reads=(
        _ENFORCED.reads(_FLOOR),
        *(each.reads(_FLOOR) for each in PROMPTS),
        _BLOCKS.reads(_FLOOR),
        _ONLY.reads(_FLOOR),
        Read(_FLOOR, _SERVICES.text),
        Read.aside(_FLOOR, _PARENT.text),
    ),
    checks={_FLOOR: _check},
)
