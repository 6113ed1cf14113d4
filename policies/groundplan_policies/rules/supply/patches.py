"""Scripts that run before and after machines are patched: objects of buckets, each with its generation."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Verdict, all_of, fail
from groundplan_policies.rules.supply.code import judge_object

PATCHES: Final = "osconfig.PatchDeployment"
_SCRIPTS: Final = tuple(
    Path(f"patchConfig.{step}.{system}ExecStepConfig.gcsObject")
    for step in ("preStep", "postStep")
    for system in ("linux", "windows")
)
_PARTS: Final = ("bucket", "object", "generationNumber")


def judge_patches(resource: Resource, context: Context) -> Outcome:
    """Judge the scripts of a patch deployment. One that lies on the machine is not named here."""
    return all_of(_script(path.one(resource), resource, context) for path in _SCRIPTS)


def _script(named: Reading, resource: Resource, context: Context) -> Outcome:
    missing = unreadable(named, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(named.value, dict):
        return wrong_type(named, "an object of a bucket")
    parts = [read_value(named.value, named.path, each)[0] for each in _PARTS]
    for each in parts:
        if each.state is not State.UNKNOWN:
            nothing = fail("is absent, so that it is not said which script runs", each.path)
            missing = unreadable(each, absent=nothing)
            if missing is not None or not isinstance(each.value, (str, int)):
                return missing or wrong_type(each, "a text")
    bucket, name, generation = (str(each.value) for each in parts)
    address = f"gs://{bucket}/{name}#{generation}"
    state = State.UNKNOWN if is_unknown(address) else State.KNOWN
    return judge_object(resource, Reading(parts[0].path, state, address), context, pinned=True, absent=NOT_APPLICABLE)


PATCH_READS: Final = tuple(Read(PATCHES, path.text, absent=Verdict.PASS, empty=Verdict.PASS) for path in _SCRIPTS)
"""What is read of them, for the control's documentation."""
