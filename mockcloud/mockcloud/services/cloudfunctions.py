"""Cloud Functions of both generations; those of the second have a build and a Cloud Run service.

Nothing is built or run.
"""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.reading import found
from mockcloud.services.run.hosting import host, release
from mockcloud.services.service import Service

API: Final = "cloudfunctions"
FUNCTIONS: Final = "projects.locations.functions"
SERVICE: Final = Service(API)
_FIRST: Final = "v1"
"""Version of the API in which functions are of the first generation."""

_RUNTIMES: Final = (
    ("python311", "Python 3.11"),
    ("python312", "Python 3.12"),
    ("python313", "Python 3.13"),
    ("nodejs20", "Node.js 20"),
    ("nodejs22", "Node.js 22"),
    ("go123", "Go 1.23"),
    ("go124", "Go 1.24"),
    ("java17", "Java 17"),
    ("java21", "Java 21"),
)
"""Runtimes with their names for people (cloud.google.com/run/docs/runtime-support, 2026-11)."""

_INGRESS: Final = {
    "ALLOW_ALL": "INGRESS_TRAFFIC_ALL",
    "ALLOW_INTERNAL_ONLY": "INGRESS_TRAFFIC_INTERNAL_ONLY",
    "ALLOW_INTERNAL_AND_GCLB": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    "INGRESS_SETTINGS_UNSPECIFIED": "INGRESS_TRAFFIC_ALL",
}
"""Who reaches a function, in the words of Cloud Run."""


def _function(call: Call, name: str, body: dict[str, Any]) -> Body:
    if call.method.version == _FIRST:
        return _of_the_first(call, name, body)
    build = body.get("buildConfig", {})
    for field in ("runtime", "entryPoint"):
        if not build.get(field):
            raise invalid(
                f"A function needs a {field}.", Violation(f"function.build_config.{field}", "It must be set.")
            )
    return _completed(call, name, body)


def _of_the_first(call: Call, name: str, body: dict[str, Any]) -> dict[str, Any]:
    """Complete a function of the first generation."""
    _, project, _, place, _, identifier = name.split("/")
    if not body.get("runtime"):
        raise invalid("A function needs a runtime.", Violation("function.runtime", "It must be set."))
    trigger = body.get("httpsTrigger")
    url = f"https://{place}-{project}.cloudfunctions.net/{identifier}"
    return {
        "availableMemoryMb": 256,
        "timeout": "60s",
        "ingressSettings": "ALLOW_ALL",
        "serviceAccountEmail": f"{project}@appspot.gserviceaccount.com",
        **body,
        **(
            {"httpsTrigger": {"securityLevel": "SECURE_OPTIONAL", **trigger, "url": url}} if trigger is not None else {}
        ),
        "status": "ACTIVE",
        "versionId": str(int(body.get("versionId", "0")) + 1),
        "updateTime": call.cloud.clock.tick(),
    }


def _completed(call: Call, name: str, body: dict[str, Any]) -> dict[str, Any]:
    _, project, _, place, _, identifier = name.split("/")
    number = call.cloud.projects.number_of(project)
    account = f"{number}-compute@developer.gserviceaccount.com"
    uri = f"https://{place}-{project}.cloudfunctions.net/{identifier}"
    service = {
        "availableMemory": "256M",
        "availableCpu": "0.1666",
        "timeoutSeconds": 60,
        "maxInstanceCount": 100,
        "maxInstanceRequestConcurrency": 1,
        "ingressSettings": "ALLOW_ALL",
        "allTrafficOnLatestRevision": True,
        "serviceAccountEmail": account,
        **body.get("serviceConfig", {}),
        "service": f"projects/{project}/locations/{place}/services/{identifier}",
        "uri": f"https://{identifier}-{number}.{place}.run.app",
    }
    build = {
        "dockerRepository": f"projects/{project}/locations/{place}/repositories/gcf-artifacts",
        **body.get("buildConfig", {}),
        "build": f"projects/{number}/locations/{place}/builds/{call.cloud.ids.uuid('cloudfunctions/build')}",
    }
    trigger = body.get("eventTrigger")
    more: dict[str, Any] = {}
    if trigger:
        made = f"projects/{project}/locations/{place}/triggers/{identifier}-{number[:6]}"
        more["eventTrigger"] = {
            "retryPolicy": "RETRY_POLICY_DO_NOT_RETRY",
            "triggerRegion": place,
            **trigger,
            "trigger": made,
        }
        more["eventTrigger"].setdefault("serviceAccountEmail", account)
    return {
        **body,
        **more,
        "serviceConfig": service,
        "buildConfig": build,
        "environment": body.get("environment", "GEN_2"),
        "url": uri,
    }


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    form = _completed if "buildConfig" in record.body else _of_the_first
    return form(call, record.name, body)


def _serve(call: Call, record: Record) -> None:
    """Run a function of the second generation on a service of Cloud Run, which has its name."""
    if "buildConfig" not in record.body:
        return
    of = record.body["serviceConfig"]
    _, project, _, place, _, identifier = record.name.split("/")
    called = "__".join(each.replace("_", "__").replace("-", "--") for each in (project, place, identifier))
    variables = [{"name": name, "value": value} for name, value in of.get("environmentVariables", {}).items()]
    container = {
        "image": f"{place}-docker.pkg.dev/{project}/gcf-artifacts/{called}:version_1",
        "resources": {"limits": {"cpu": of["availableCpu"], "memory": of["availableMemory"]}},
        **({"env": variables} if variables else {}),
    }
    template = {
        "containers": [container],
        "serviceAccount": of["serviceAccountEmail"],
        "timeout": f"{of['timeoutSeconds']}s",
        "maxInstanceRequestConcurrency": of["maxInstanceRequestConcurrency"],
        "scaling": {"maxInstanceCount": of["maxInstanceCount"], "minInstanceCount": of.get("minInstanceCount", 0)},
    }
    host(
        call,
        of["service"],
        {
            "template": template,
            "ingress": _INGRESS[of["ingressSettings"]],
            "labels": {**record.body.get("labels", {}), "goog-managed-by": "cloudfunctions"},
        },
    )


def _stop(call: Call, record: Record) -> None:
    if "buildConfig" in record.body:
        release(call, record.body["serviceConfig"]["service"])


SERVICE.collection(
    FUNCTIONS,
    created=_function,
    after_create=_serve,
    changed=_changed,
    after_change=_serve,
    after_delete=_stop,
    seconds=60.0,
)


@SERVICE.method(f"{FUNCTIONS}.generateUploadUrl")
def upload_url(call: Call) -> Answer | Body:
    """Give where a function's source can be put: an object of Cloud Storage."""
    number = call.cloud.projects.number_of(call.project)
    place = call.name.split("/")[3]
    bucket, name = f"gcf-v2-uploads-{number}-{place}", f"{call.cloud.ids.uuid('cloudfunctions/upload')}.zip"
    url = f"https://storage.googleapis.com/{bucket}/{name}?GoogleAccessId=mock&Expires=0&Signature=mock"
    return {"uploadUrl": url, "storageSource": {"bucket": bucket, "object": name}}


@SERVICE.method(f"{FUNCTIONS}.generateDownloadUrl")
def download_url(call: Call) -> Answer | Body:
    """Give where a function's source is."""
    source = found(call).body["buildConfig"].get("source", {}).get("storageSource", {})
    return {"downloadUrl": f"https://storage.googleapis.com/{source.get('bucket', '')}/{source.get('object', '')}"}


@SERVICE.method("projects.locations.runtimes.list")
def runtimes(call: Call) -> Answer | Body:
    """Give the runtimes of functions."""
    del call
    rows = [{"name": name, "displayName": shown, "stage": "GA", "environment": "GEN_2"} for name, shown in _RUNTIMES]
    return {"runtimes": rows}
