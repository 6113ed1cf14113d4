"""How the provider waits for operations of a cloud whose time stands still."""

import pytest

from mockcloud.cloud.faults import Fault, Phase
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api, Refused
from mockcloud.pulumi.lifecycle import Place, Settings
from mockcloud.pulumi.naming import Naming
from mockcloud.pulumi.provider import Provider
from mockcloud.simulator import new_cloud

ENVIRONMENT = "gcp:composer/environment:Environment"


def test_it_waits_for_what_takes_long() -> None:
    cloud = new_cloud(waits="clock")
    begun = cloud.clock.now
    here = Provider(Place(Api(InProcess(cloud)), Settings("acme-dev", "europe-west4")))
    checked = here.check(ENVIRONMENT, {"name": "flows", "region": "europe-west4"}, {}, Naming("flows", b"seed"))

    made = here.create(ENVIRONMENT, checked.inputs, "urn")

    assert made.outputs["name"] == "flows"
    assert (cloud.clock.now - begun).total_seconds() >= 1500


def test_it_does_not_wait_for_what_never_ends() -> None:
    cloud = new_cloud(waits="clock")
    cloud.faults.add(Fault(method="redis.*.instances.create", phase=Phase.OPERATION, stuck=True))
    api = Api(InProcess(cloud))
    begun = cloud.clock.now
    answer = api.call(
        "POST",
        "redis.googleapis.com",
        "v1/projects/acme-dev/locations/europe-west4/instances?instanceId=cache",
        {"tier": "BASIC", "memorySizeGb": 1},
    )

    with pytest.raises(Refused, match="did not end"):
        api.finish("redis.googleapis.com", "v1", answer)

    assert 3 <= (cloud.clock.now - begun).total_seconds() / 3600 <= 4
