"""Jobs: started, listed, cancelled. Work is done when a job is made, so that it is done at the first look."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.services.bigquery import names
from mockcloud.services.bigquery.refusals import JobFailure, bad, duplicate, missing
from mockcloud.services.bigquery.service import API, LINK, SERVICE

Work = Callable[[Call, str, Mapping[str, Any]], "Done"]
"""Does a job: gets the call, the job's location ("" for wherever) and its configuration of this type."""

_STARTED: Final = "uploadType"


class Done(dict[str, Any]):
    """What a job did: its statistics, with `location` where it ran and `configuration` that it completed."""


_TYPES: Final = ("query", "load", "extract", "copy")


def _work(kind: str) -> Work:
    from mockcloud.services.bigquery import copying, extracting, loading, results

    found: Mapping[str, Work] = {
        "query": results.work,
        "load": loading.work,
        "extract": extracting.work,
        "copy": copying.work,
    }
    return found[kind]


@SERVICE.preparation
def prepare(call: Call) -> None:
    """Read values of parameters as text, which some clients send as numbers; the description knows text only."""
    if call.method.id in {"jobs.insert", "jobs.query"} and isinstance(call.request.body, Mapping):
        call.request = replace(call.request, body=_with_text(call.request.body))


def _with_text(found: Any, *, parameter: bool = False) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(found, list):
        return [_with_text(each, parameter=parameter) for each in found]
    if not isinstance(found, Mapping):
        return found
    made = {key: _with_text(each, parameter=parameter or key == "parameterValue") for key, each in found.items()}
    value = made.get("value")
    if parameter and isinstance(value, (bool, int, float)):
        made["value"] = str(value).lower() if isinstance(value, bool) else repr(value)
    return made


@SERVICE.method("jobs.insert")
def insert(call: Call) -> Answer | Body:
    """Start a job. When an upload in chunks begins, nothing is done yet."""
    if call.request.content is None and call.text(_STARTED) == "resumable":
        return {}
    return start(call, call.body).body


def start(call: Call, given: Mapping[str, Any]) -> Record:
    """Make a job and do its work.

    Args:
        call: The call.
        given: The job as the client states it.

    Raises:
        ApiError: It exists, or it makes no sense. What goes wrong in its work is in its status, but for a dry run.
    """
    configuration = dict(given.get("configuration", {}))
    kinds = [each for each in _TYPES if each in configuration]
    if len(kinds) != 1:
        raise bad("Required parameter is missing: configuration must hold exactly one of query, load, extract, copy")
    kind = kinds[0]
    reference = given.get("jobReference", {})
    project = call.project
    identifier = reference.get("jobId") or f"job_{call.cloud.ids.hexadecimal('bigquery/jobs', 27)}"
    name = f"projects/{project}/jobs/{identifier}"
    dry = bool(configuration.get("dryRun"))
    if call.cloud.store.get(API, name) is not None:
        raise duplicate("Job", f"{project}:{reference.get('location') or 'US'}.{identifier}")
    begun = names.milliseconds(call)
    failure: ApiError | None = None
    done = Done()
    try:
        settings = {**configuration[kind], "_dry": dry}
        done = _work(kind)(call, reference.get("location", ""), settings)
    except ApiError as error:
        if dry or error.status == "UNIMPLEMENTED":
            raise
        failure = error
    location = done.pop("location", "") or reference.get("location") or "US"
    configuration[kind] = {**configuration[kind], **done.pop("configuration", {})}
    body: dict[str, Any] = {
        "kind": "bigquery#job",
        "etag": call.cloud.etag(1),
        "id": f"{project}:{location}.{identifier}",
        "selfLink": f"{LINK}/{name}?location={location}",
        "user_email": call.caller.email,
        "principal_subject": call.caller.member,
        "configuration": {**configuration, "jobType": kind.upper()},
        "jobReference": {"projectId": project, "jobId": identifier, "location": location},
        "statistics": {"creationTime": begun, "startTime": begun, "endTime": names.milliseconds(call), **done},
        "status": {"state": "DONE", **_status(failure)},
    }
    record = Record(API, name, body)
    return record if dry else call.cloud.create(record)


def _status(failure: ApiError | None) -> dict[str, Any]:
    if failure is None:
        return {}
    if isinstance(failure, JobFailure):
        proto = failure.proto
    else:
        proto = {"reason": failure.reason or "invalid", "message": failure.message}
    return {"errorResult": proto, "errors": [proto]}


def found(call: Call, identifier: str, permission: str = "bigquery.jobs.get") -> Record:
    """Find a job, where its location is the one that the call names.

    Args:
        call: The call.
        identifier: Id of the job.
        permission: What the caller needs where the job is another's.

    Raises:
        ApiError: 404; 403 for another's job.
    """
    record = call.cloud.store.get(API, f"projects/{call.project}/jobs/{identifier}")
    wanted = call.text("location")
    if record is None or (wanted and record.body["jobReference"]["location"].lower() != wanted.lower()):
        raise missing("Job", f"{call.project}:{wanted + '.' if wanted else ''}{identifier}")
    own = record.body["principal_subject"] == call.caller.member
    if not own and not call.cloud.allows(call, permission, f"projects/{call.project}", API):
        shown = f"{call.project}:{record.body['jobReference']['location']}.{identifier}"
        raise JobFailure("accessDenied", f"Access Denied: Job {shown}: Permission {permission} denied on job {shown}.")
    return record


@SERVICE.method("jobs.get")
def get(call: Call) -> Answer | Body:
    """Give a job."""
    return found(call, call.request.variables["jobsId"]).body


@SERVICE.method("jobs.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of a project's jobs, the newest first."""
    states = {str(each).upper() for each in _many(call.query.get("stateFilter"))}
    low, high = call.text("minCreationTime"), call.text("maxCreationTime")
    parent = call.text("parentJobId")
    records = []
    for each in call.cloud.store.page(API, call.name):
        made = int(each.body["statistics"]["creationTime"])
        if (
            (not states or each.body["status"]["state"] in states)
            and (not low or made >= int(low))
            and (not high or made <= int(high))
            and parent == each.body["statistics"].get("parentJobId", "")
            and (call.flag("allUsers") or each.body["user_email"] == call.caller.email)
        ):
            records.append(each)
    records.sort(key=lambda each: (-int(each.body["statistics"]["creationTime"]), each.id))
    chosen, token = slice_page(call, records)
    full = call.text("projection").lower() == "full"
    shown = [_listed(each.body, full=full) for each in chosen]
    return {
        "kind": "bigquery#jobList",
        "etag": call.cloud.etag(len(records)),
        **({"jobs": shown} if shown else {}),
        **({"nextPageToken": token} if token else {}),
    }


def _many(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []


def _listed(body: Body, *, full: bool) -> dict[str, Any]:
    kept = ["id", "kind", "jobReference", "statistics", "status", "user_email", "principal_subject"]
    found = {key: body[key] for key in [*kept, *(["configuration"] if full else [])]}
    found["state"] = body["status"]["state"]
    if "errorResult" in body["status"]:
        found["errorResult"] = body["status"]["errorResult"]
    return found


@SERVICE.method("jobs.cancel")
def cancel(call: Call) -> Answer | Body:
    """Cancel a job. One that is done stays done, as Google has it."""
    record = found(call, call.request.variables["jobsId"], "bigquery.jobs.update")
    return {"kind": "bigquery#jobCancelResponse", "job": record.body}


@SERVICE.method("jobs.delete")
def delete(call: Call) -> Answer | Body:
    """Forget a job."""
    call.cloud.delete(found(call, call.request.variables["jobsId"], "bigquery.jobs.delete"))
    return Answer(status=204, content=b"")
