"""Sensitive Data Protection: templates, jobs and triggers, and a small inspection of texts.

Inspection and de-identification of texts are a small local simulation: a few info types by pattern, which says so by
refusing all others by name.
"""

import re
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import GRPC_CODES, ApiError, failed_precondition, invalid, not_modelled
from mockcloud.cloud.masks import apply_mask, read_mask
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.older_names import with_location
from mockcloud.services.progress import EVENT, Step, plan_run, progress, stop
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("dlp")
SERVICE.on_event(EVENT)(progress)

_PLACES: Final = ("projects.locations", "projects", "organizations.locations", "organizations")
_WRAPPERS: Final = {
    "inspectTemplates": ("inspectTemplate", "templateId"),
    "deidentifyTemplates": ("deidentifyTemplate", "templateId"),
    "jobTriggers": ("jobTrigger", "triggerId"),
    "discoveryConfigs": ("discoveryConfig", "configId"),
    "storedInfoTypes": ("config", "storedInfoTypeId"),
    "connections": ("connection", "connectionId"),
}


@SERVICE.preparation
def _place(call: Call) -> None:
    """Read names of the older form, which leaves the location out, as those of the location `global`."""
    call.name = with_location(call.name, "global")


def _id_from(parameter: str) -> Any:  # noqa: ANN401 - a NewId
    def new_id(call: Call, body: dict[str, Any]) -> str:
        del body
        return str(call.body.get(parameter) or call.cloud.ids.numeric(f"dlp/{parameter}"))

    return new_id


def _trigger(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    return {"status": "HEALTHY", **body}


def _discovery(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    return {"status": "RUNNING", **body}


def _info_type(call: Call, name: str, body: dict[str, Any]) -> Body:
    now = call.cloud.clock.tick()
    return {"name": name, "currentVersion": {"config": dict(body), "createTime": now, "state": "READY"}}


_CREATED: Final[dict[str, Any]] = {
    "jobTriggers": _trigger,
    "discoveryConfigs": _discovery,
}

for _place_name in _PLACES:
    for _collection, (_wrapper, _parameter) in _WRAPPERS.items():
        SERVICE.collection(
            f"{_place_name}.{_collection}",
            wrapper=_wrapper,
            new_id=_id_from(_parameter),
            created=_CREATED.get(_collection),
            state=None,
        )


@SERVICE.method(*(f"{each}.storedInfoTypes.create" for each in _PLACES))
def create_stored_info_type(call: Call) -> Answer | Body:
    """Make a stored info type, which is ready at once."""
    identifier = call.body.get("storedInfoTypeId") or call.cloud.ids.numeric("dlp/storedInfoTypeId")
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get("dlp", name) is not None:
        raise invalid(f"The stored info type '{name}' exists.", Violation("storedInfoTypeId", "It is taken."))
    return call.cloud.create(Record("dlp", name, _info_type(call, name, call.body.get("config", {})))).body


@SERVICE.method(*(f"{each}.storedInfoTypes.patch" for each in _PLACES))
def patch_stored_info_type(call: Call) -> Answer | Body:
    """Give a stored info type a new version: the last one with the fields of the mask, or whole where there is none."""
    record = found(call)
    config = call.body.get("config", {})
    if call.body.get("updateMask"):
        paths = read_mask(call.body["updateMask"], call.schemas, "GooglePrivacyDlpV2StoredInfoTypeConfig")
        config = apply_mask(record.body["currentVersion"]["config"], config, paths)
    return call.cloud.change(record, _info_type(call, record.name, config)).body


@SERVICE.method("projects.dlpJobs.create", "projects.locations.dlpJobs.create")
def create_job(call: Call) -> Answer | Body:
    """Start a job. It is simulated: it inspects nothing, and finds nothing."""
    kinds = [each for each in ("inspectJob", "riskJob") if each in call.body]
    if len(kinds) != 1:
        raise invalid("A job has either inspectJob or riskJob.", Violation("job", "Exactly one must be set."))
    kind = kinds[0]
    identifier = f"i-{call.body['jobId']}" if "jobId" in call.body else f"i-{call.cloud.ids.numeric('dlp/jobs')}"
    name = f"{call.name}/{identifier}"
    config = call.body[kind]
    details = "inspectDetails" if kind == "inspectJob" else "riskDetails"
    asked = {"jobConfig": config} if kind == "inspectJob" else config
    body = {
        "name": name,
        "type": "INSPECT_JOB" if kind == "inspectJob" else "RISK_ANALYSIS_JOB",
        "state": "PENDING",
        "createTime": call.cloud.clock.tick(),
        details: {"requestedOptions": asked} if kind == "inspectJob" else {"requestedOptions": {"jobConfig": config}},
    }
    record = call.cloud.create(Record("dlp", name, body))
    result = {details: {"result": {"processedBytes": "0", "infoTypeStats": []}}} if kind == "inspectJob" else {}
    steps = [Step(1.0, {"state": "RUNNING"}, ("startTime",)), Step(60.0, {"state": "DONE", **result}, ("endTime",))]
    plan_run(call, record, steps, _failed)
    return record.body


def _failed(error: ApiError) -> Body:
    status = {"code": GRPC_CODES[error.status], "message": error.message}
    return {"state": "FAILED", "errors": [{"details": status}]}


@SERVICE.method("projects.dlpJobs.cancel", "projects.locations.dlpJobs.cancel")
def cancel_job(call: Call) -> Answer | Body:
    """Cancel a job that has not ended."""
    record = found(call)
    if record.body["state"] in {"DONE", "FAILED", "CANCELED"}:
        raise failed_precondition(f"The job has ended: {record.body['state']}.")
    stop(call.cloud, record, {"state": "CANCELED"}, "endTime")
    return {}


@SERVICE.method("projects.jobTriggers.activate", "projects.locations.jobTriggers.activate")
def activate(call: Call) -> Answer | Body:
    """Start a job of a trigger now."""
    record = found(call)
    call.body = {"inspectJob": record.body.get("inspectJob", {})}
    call.name = record.name.rsplit("/", 2)[0] + "/dlpJobs"
    return create_job(call)


# Texts
# ---------------------------------------------------------------------------------------------------------------------

_PATTERNS: Final = {
    "EMAIL_ADDRESS": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "PHONE_NUMBER": re.compile(r"(?<![\w+])\+?\d[\d ()-]{7,}\d(?!\w)"),
    "CREDIT_CARD_NUMBER": re.compile(r"(?<!\d)(?:\d[ -]?){13,16}(?!\d)"),
    "IP_ADDRESS": re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"),
    "US_SOCIAL_SECURITY_NUMBER": re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"),
    "IBAN_CODE": re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
    "URL": re.compile(r"https?://[^\s\"'<>]+"),
}
"""Info types that are looked for, by form alone: no checksum, no context, no names of people."""


def _findings(call: Call, config: Body, text: str) -> list[tuple[int, int, str]]:
    asked = [each["name"] for each in config.get("infoTypes", [])] or list(_PATTERNS)
    unknown = [each for each in asked if each not in _PATTERNS]
    if unknown or config.get("customInfoTypes"):
        what = ", ".join(unknown) or "custom info types"
        raise not_modelled(f"the inspection of texts for {what}; it knows {', '.join(_PATTERNS)}")
    del call
    found_at = [(match.start(), match.end(), kind) for kind in asked for match in _PATTERNS[kind].finditer(text)]
    return sorted(found_at)


def _config(call: Call, field: str, template_field: str) -> dict[str, Any]:
    """Give the settings of a request, with those of the template that it names beneath."""
    config = dict(call.body.get(field, {}))
    name = call.body.get(template_field, "")
    if name:
        inner = "inspectConfig" if field == "inspectConfig" else "deidentifyConfig"
        config = {**found(call, name).body.get(inner, {}), **config}
    return config


@SERVICE.method("projects.content.inspect", "projects.locations.content.inspect")
def inspect(call: Call) -> Answer | Body:
    """Look for info types in a text."""
    text = _text(call)
    config = _config(call, "inspectConfig", "inspectTemplateName")
    found_here = [
        {
            "infoType": {"name": kind},
            "likelihood": "LIKELY",
            "location": {
                "byteRange": {"start": str(len(text[:start].encode())), "end": str(len(text[:end].encode()))},
                "codepointRange": {"start": str(start), "end": str(end)},
            },
            "createTime": call.cloud.clock.tick(),
            **({"quote": text[start:end]} if config.get("includeQuote") else {}),
        }
        for start, end, kind in _findings(call, config, text)
    ]
    return {"result": {"findings": found_here}}


@SERVICE.method("projects.content.deidentify", "projects.locations.content.deidentify")
def deidentify(call: Call) -> Answer | Body:
    """Replace what is found in a text."""
    text = _text(call)
    found_here = _findings(call, _config(call, "inspectConfig", "inspectTemplateName"), text)
    config = _config(call, "deidentifyConfig", "deidentifyTemplateName")
    steps = config.get("infoTypeTransformations", {}).get("transformations", [])
    if not steps:
        raise not_modelled("this way to de-identify; it knows infoTypeTransformations")
    out, at = [], 0
    counts: dict[str, int] = {}
    for start, end, kind in found_here:
        if start < at:
            continue
        out += [text[at:start], _replacement(steps, kind, text[start:end])]
        counts[kind] = counts.get(kind, 0) + 1
        at = end
    overview = [
        {"infoType": {"name": kind}, "results": [{"count": str(count), "code": "SUCCESS"}]}
        for kind, count in counts.items()
    ]
    return {"item": {"value": "".join([*out, text[at:]])}, "overview": {"transformationSummaries": overview}}


def _replacement(steps: list[dict[str, Any]], kind: str, value: str) -> str:
    for step in steps:
        kinds = [each["name"] for each in step.get("infoTypes", [])]
        if kinds and kind not in kinds:
            continue
        how = step["primitiveTransformation"]
        if "replaceWithInfoTypeConfig" in how:
            return f"[{kind}]"
        if "redactConfig" in how:
            return ""
        if "characterMaskConfig" in how:
            return _masked(how["characterMaskConfig"], value)
        if "replaceConfig" in how:
            return str(next(iter(how["replaceConfig"].get("newValue", {"": ""}).values())))
        raise not_modelled(f"the transformation {', '.join(how)}")
    return value


def _masked(config: dict[str, Any], value: str) -> str:
    mark = str(config.get("maskingCharacter", "*"))
    most = int(config.get("numberToMask", 0)) or len(value)
    if config.get("reverseOrder"):
        return value[: len(value) - most] + mark * min(most, len(value))
    return mark * min(most, len(value)) + value[most:]


def _text(call: Call) -> str:
    item = call.body.get("item", {})
    if "value" not in item:
        raise not_modelled("items that are no text")
    return str(item["value"])
