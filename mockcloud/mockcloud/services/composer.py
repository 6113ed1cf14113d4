"""Cloud Composer: environments. No Airflow runs in them."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body, Record
from mockcloud.services import operations
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("composer")

_ENVIRONMENTS: Final = "projects.locations.environments"
_TYPE: Final = "google.cloud.orchestration.airflow.service.v1.Environment"


def _environment(call: Call, name: str, body: dict[str, Any]) -> Body:
    identifier = name.rpartition("/")[2]
    location = name.split("/")[3]
    unique = call.cloud.ids.hexadecimal("composer/buckets", 8)
    bucket = f"{location}-{identifier}-{unique}-bucket"[:63]
    filled = {
        "environmentSize": "ENVIRONMENT_SIZE_SMALL",
        "softwareConfig": {"imageVersion": "composer-3-airflow-2.10.5", "pypiPackages": {}},
        "dagGcsPrefix": f"gs://{bucket}/dags",
        "airflowUri": f"https://{unique}-dot-{location}.composer.googleusercontent.com",
    }
    now = call.cloud.clock.tick()
    return {
        **body,
        "uuid": call.cloud.ids.uuid("composer"),
        "state": "RUNNING",
        "createTime": now,
        "updateTime": now,
        "config": merged(filled, body.get("config", {})),
        "storageConfig": {"bucket": bucket, **body.get("storageConfig", {})},
    }


SERVICE.collection(_ENVIRONMENTS, created=_environment, state=None, seconds=1500.0)


def _operation(call: Call, record: Record) -> Body:
    parent = "/".join(record.name.split("/")[:4])
    return operations.start(call, parent, record.body, type_name=_TYPE, seconds=300.0)


@SERVICE.method(f"{_ENVIRONMENTS}.hibernate", f"{_ENVIRONMENTS}.resume")
def switch(call: Call) -> Answer | Body:
    """Put an environment to sleep, or wake it."""
    record = found(call)
    before, after = ("RUNNING", "HIBERNATED") if call.method.id.endswith("hibernate") else ("HIBERNATED", "RUNNING")
    if record.body["state"] != before:
        raise failed_precondition(f"The environment is {record.body['state']}, not {before}.")
    return _operation(call, call.cloud.change(record, {**record.body, "state": after}))


@SERVICE.method("projects.locations.imageVersions.list")
def list_images(call: Call) -> Answer | Body:
    """Give the images that an environment can have; those that were current in 2026."""
    del call
    versions = ("composer-3-airflow-2.10.5", "composer-3-airflow-3.1.0", "composer-2.16.1-airflow-2.10.5")
    return {
        "imageVersions": [
            {"imageVersionId": each, "isDefault": at == 0, "supportedPythonVersions": ["3.11"]}
            for at, each in enumerate(versions)
        ]
    }
