"""Services as the first version of the API has them, in Knative's form, and as the second one has them.

A service is kept in the second one's form: whatever API made it, both show it.
"""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.store import Body
from mockcloud.services.run.annotations import into_fields, of_fields

LATEST: Final = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
NAMED: Final = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"

_SYSTEM: Final = ("cloud.googleapis.com/", "serving.knative.dev/")
"""What labels and annotations begin with that only the server sets."""

_SQL: Final = "run.googleapis.com/cloudsql-instances"
_AUTHORIZATION: Final = "run.googleapis.com/binary-authorization"
_ACCELERATOR: Final = "run.googleapis.com/accelerator"
_FUSE: Final = "gcsfuse.run.googleapis.com"
_SQL_VOLUME: Final = "cloudsql"
_STATUS: Final = {"CONDITION_SUCCEEDED": "True", "CONDITION_FAILED": "False"}

_ALIKE: Final = (
    *("name", "image", "command", "args", "workingDir", "volumeMounts", "sandboxLauncher"),
    *("livenessProbe", "startupProbe", "readinessProbe"),
)
"""Fields of a container that both versions have."""


def of_server(name: str) -> bool:
    """Whether only the server sets a label or an annotation of a name."""
    return name.startswith(_SYSTEM)


# From Knative's form
# ---------------------------------------------------------------------------------------------------------------------


def service_of(told: Body) -> dict[str, Any]:
    """Give a service as the second version of the API has it.

    Args:
        told: It as the first one has it.

    Raises:
        ApiError: 400, where an annotation's value is none that it takes.
    """
    metadata, spec = told.get("metadata") or {}, told.get("spec") or {}
    body: dict[str, Any] = {"template": _template_of(spec.get("template") or {}), "ingress": "INGRESS_TRAFFIC_ALL"}
    notes = _sent(metadata.get("annotations"))
    authorization = notes.pop(_AUTHORIZATION, "")
    left = into_fields("service", notes, body)
    if authorization:
        chosen = {"useDefault": True} if authorization == "default" else {"policy": authorization}
        body["binaryAuthorization"] = {**body.get("binaryAuthorization", {}), **chosen}
    body |= {name: value for name, value in (("annotations", left), ("labels", _sent(metadata.get("labels")))) if value}
    body["traffic"] = [_target_of(each) for each in spec.get("traffic", [])] or [{"type": LATEST, "percent": 100}]
    return body


def _sent(given: Mapping[str, str] | None) -> dict[str, str]:
    """Give labels or annotations without those that the server sets."""
    return {name: value for name, value in (given or {}).items() if not of_server(name)}


def _template_of(told: Body) -> dict[str, Any]:
    metadata, spec = told.get("metadata") or {}, told.get("spec") or {}
    body: dict[str, Any] = {"containers": [_container_of(each) for each in spec.get("containers", [])]}
    for name, field in (("serviceAccountName", "serviceAccount"), ("containerConcurrency", _CONCURRENCY)):
        if spec.get(name):
            body[field] = spec[name]
    if spec.get("timeoutSeconds"):
        body["timeout"] = f"{spec['timeoutSeconds']}s"
    if spec.get("volumes"):
        body["volumes"] = [_volume_of(each) for each in spec["volumes"]]
    accelerator = (spec.get("nodeSelector") or {}).get(_ACCELERATOR)
    if accelerator:
        body["nodeSelector"] = {"accelerator": accelerator}
    left = into_fields("template", _sent(metadata.get("annotations")), body)
    _connect(body, left.pop(_SQL, ""))
    named = (("annotations", left), ("labels", _sent(metadata.get("labels"))), ("revision", metadata.get("name")))
    return {**body, **{name: value for name, value in named if value}}


_CONCURRENCY: Final = "maxInstanceRequestConcurrency"


def _connect(template: dict[str, Any], instances: str) -> None:
    """Mount what connects to Cloud SQL, as the annotation for it says in one."""
    if instances:
        volume = {"name": _SQL_VOLUME, "cloudSqlInstance": {"instances": instances.split(",")}}
        template["volumes"] = [*template.get("volumes", []), volume]
        for each in template["containers"][:1]:
            mount = {"name": _SQL_VOLUME, "mountPath": "/cloudsql"}
            each["volumeMounts"] = [*each.get("volumeMounts", []), mount]


def _container_of(told: Body) -> dict[str, Any]:
    body = {name: told[name] for name in _ALIKE if told.get(name)}
    if told.get("env"):
        body["env"] = [_variable_of(each) for each in told["env"]]
    if told.get("ports"):
        body["ports"] = [
            {name: each[name] for name in ("name", "containerPort") if each.get(name)} for each in told["ports"]
        ]
    limits = (told.get("resources") or {}).get("limits")
    return {**body, "resources": {"limits": limits}} if limits else body


def _variable_of(told: Body) -> dict[str, Any]:
    secret = (told.get("valueFrom") or {}).get("secretKeyRef")
    if not secret:
        return {name: told[name] for name in ("name", "value") if name in told}
    reference = {"secret": secret.get("name", ""), "version": secret.get("key", "latest")}
    return {"name": told.get("name", ""), "valueSource": {"secretKeyRef": reference}}


def _volume_of(told: Body) -> dict[str, Any]:
    body: dict[str, Any] = {"name": told.get("name", "")}
    secret, share = told.get("secret"), told.get("csi")
    if secret:
        items = [_renamed(each, {"key": "version"}) for each in secret.get("items", [])]
        kept = {name: secret[name] for name in ("defaultMode",) if name in secret}
        body["secret"] = {"secret": secret.get("secretName", ""), **kept, **({"items": items} if items else {})}
    elif share:
        attributes = share.get("volumeAttributes") or {}
        options = [each for each in attributes.get("mountOptions", "").split(",") if each]
        body["gcs"] = {"bucket": attributes.get("bucketName", ""), "readOnly": bool(share.get("readOnly"))}
        body["gcs"] |= {"mountOptions": options} if options else {}
    elif told.get("emptyDir") is not None:
        medium = str(told["emptyDir"].get("medium", "")).upper()
        body["emptyDir"] = {**told["emptyDir"], **({"medium": medium} if medium else {})}
    elif told.get("nfs"):
        body["nfs"] = told["nfs"]
    return body


def _renamed(told: Body, names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in told.items()}


def _target_of(told: Body) -> dict[str, Any]:
    body = {name: told[name] for name in ("percent", "tag") if told.get(name)}
    if told.get("revisionName"):
        return {**body, "type": NAMED, "revision": told["revisionName"]}
    return {**body, "type": LATEST}


# To Knative's form
# ---------------------------------------------------------------------------------------------------------------------


def spec_of(body: Body, sent: Body) -> dict[str, Any]:
    """Give the `spec` of a service as the first version of the API has it.

    Args:
        body: The service as the second one has it.
        sent: Annotations as they were sent last: `service` and `template`.
    """
    return {
        "template": template_to(body.get("template") or {}, sent.get("template", {})),
        "traffic": [_target_to(each) for each in body.get("traffic", [])],
    }


def annotations_to(body: Body, sent: Mapping[str, str]) -> dict[str, str]:
    """Give the annotations of a service."""
    authorization = body.get("binaryAuthorization") or {}
    chosen = "default" if authorization.get("useDefault") else authorization.get("policy")
    return {
        **body.get("annotations", {}),
        **of_fields("service", body, sent),
        **({_AUTHORIZATION: chosen} if chosen else {}),
        "run.googleapis.com/ingress-status": of_fields("service", body, {}).get("run.googleapis.com/ingress", "all"),
        "serving.knative.dev/creator": body.get("creator", ""),
        "serving.knative.dev/lastModifier": body.get("lastModifier", ""),
    }


def template_to(body: Body, sent: Mapping[str, str]) -> dict[str, Any]:
    """Give a template."""
    notes = {**body.get("annotations", {}), **of_fields("template", body, sent)}
    instances = _instances(body)
    if instances:
        notes[_SQL] = ",".join(instances)
    named = (("name", body.get("revision")), ("labels", body.get("labels")), ("annotations", notes))
    return {"metadata": {name: value for name, value in named if value}, "spec": revision_spec_to(body)}


def _instances(template: Body) -> list[str]:
    """Give the Cloud SQL instances of the volume that stands for the annotation."""
    found: Body = next((each for each in template.get("volumes", []) if each.get("name") == _SQL_VOLUME), {})
    return list((found.get("cloudSqlInstance") or {}).get("instances", []))


def revision_spec_to(body: Body) -> dict[str, Any]:
    """Give the `spec` of a template or a revision."""
    volumes = [_volume_to(each) for each in body.get("volumes", []) if "cloudSqlInstance" not in each]
    accelerator = (body.get("nodeSelector") or {}).get("accelerator")
    named = (
        ("containerConcurrency", body.get(_CONCURRENCY)),
        ("timeoutSeconds", int(str(body.get("timeout", "0s")).removesuffix("s"))),
        ("serviceAccountName", body.get("serviceAccount")),
        ("containers", [_container_to(each) for each in body.get("containers", [])]),
        ("volumes", volumes),
        ("nodeSelector", {_ACCELERATOR: accelerator} if accelerator else None),
    )
    return {name: value for name, value in named if value}


def _container_to(body: Body) -> dict[str, Any]:
    told = {name: body[name] for name in (*_ALIKE, "ports") if body.get(name)}
    mounts = [each for each in told.pop("volumeMounts", []) if each.get("name") != _SQL_VOLUME]
    told |= {"volumeMounts": mounts} if mounts else {}
    if body.get("env"):
        told["env"] = [_variable_to(each) for each in body["env"]]
    limits = (body.get("resources") or {}).get("limits")
    return {**told, "resources": {"limits": limits}} if limits else told


def _variable_to(body: Body) -> dict[str, Any]:
    secret = (body.get("valueSource") or {}).get("secretKeyRef")
    if not secret:
        return {name: body[name] for name in ("name", "value") if name in body}
    reference = {"name": secret.get("secret", ""), "key": secret.get("version", "latest")}
    return {"name": body.get("name", ""), "valueFrom": {"secretKeyRef": reference}}


def _volume_to(body: Body) -> dict[str, Any]:
    told: dict[str, Any] = {"name": body.get("name", "")}
    secret, share = body.get("secret"), body.get("gcs")
    if secret:
        items = [_renamed(each, {"version": "key"}) for each in secret.get("items", [])]
        told["secret"] = {**_renamed(secret, {"secret": "secretName"}), **({"items": items} if items else {})}
    elif share:
        options = ",".join(share.get("mountOptions", []))
        attributes = {"bucketName": share.get("bucket", ""), **({"mountOptions": options} if options else {})}
        told["csi"] = {"driver": _FUSE, "readOnly": bool(share.get("readOnly")), "volumeAttributes": attributes}
    elif body.get("emptyDir") is not None:
        medium = str(body["emptyDir"].get("medium", "")).capitalize()
        told["emptyDir"] = {**body["emptyDir"], **({"medium": medium} if medium else {})}
    elif body.get("nfs"):
        told["nfs"] = body["nfs"]
    return told


def _target_to(body: Body) -> dict[str, Any]:
    told = {name: body[name] for name in ("percent", "tag") if body.get(name)}
    named = str(body.get("revision", "")).rpartition("/")[2]
    return {**told, "revisionName": named} if named else {**told, "latestRevision": True}


def status_of(body: Body) -> dict[str, Any]:
    """Give the `status` of a service."""
    latest = str(body.get("latestReadyRevision", "")).rpartition("/")[2]
    traffic = []
    for each in body.get("trafficStatuses", []):
        target = _target_to(each)
        traffic.append({**target, "revisionName": target.get("revisionName", latest)})
    url = body.get("uri", "")
    return {
        "observedGeneration": int(body.get("observedGeneration", 1)),
        "conditions": conditions_to([body.get("terminalCondition") or {}, *body.get("conditions", [])]),
        "latestCreatedRevisionName": str(body.get("latestCreatedRevision", "")).rpartition("/")[2],
        "latestReadyRevisionName": latest,
        "traffic": traffic,
        **({"url": url, "address": {"url": url}} if url else {}),
    }


def conditions_to(given: list[Body]) -> list[dict[str, str]]:
    """Give conditions as Knative has them: a status of three words."""
    return [
        {
            "type": each["type"],
            "status": _STATUS.get(str(each.get("state")), "Unknown"),
            "lastTransitionTime": each.get("lastTransitionTime", ""),
            **({"message": each["message"]} if each.get("message") else {}),
        }
        for each in given
        if each.get("type")
    ]
