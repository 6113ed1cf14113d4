"""Names of which a program says the beginning."""

from datetime import UTC, datetime, timedelta
from typing import Any

from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api
from mockcloud.pulumi.lifecycle import Place, Settings
from mockcloud.pulumi.naming import Naming
from mockcloud.pulumi.prefixed import with_name
from mockcloud.pulumi.provider import Provider
from mockcloud.simulator import new_cloud

TEMPLATE = "gcp:compute/instanceTemplate:InstanceTemplate"
NOW = datetime(2026, 1, 2, 3, 4, 5, 678900, UTC)
GIVEN: dict[str, Any] = {
    "namePrefix": "web-",
    "machineType": "e2-medium",
    "disks": [{"sourceImage": "debian-cloud/debian-12", "boot": True}],
    "networkInterfaces": [{"network": "default"}],
}


def test_the_time_and_eight_digits_follow() -> None:
    name = with_name({"namePrefix": "web-"}, "urn", NOW)["name"]

    assert name.startswith("web-202601020304056789")
    assert len(name) == len("web-") + 26


def test_fewer_follow_where_little_room_is_left() -> None:
    begins = "a" * 38

    assert len(with_name({"namePrefix": begins}, "urn", NOW)["name"]) == 38 + 9


def test_the_name_is_another_one_for_other_inputs_and_later() -> None:
    names = {
        with_name(inputs, "urn", at)["name"]
        for inputs in ({"namePrefix": "web-"}, {"namePrefix": "web-", "machineType": "e2-small"})
        for at in (NOW, NOW + timedelta(minutes=1))
    }

    assert len(names) == 4


def test_a_whole_name_stays() -> None:
    assert with_name({"name": "web", "namePrefix": ""}, "urn", NOW)["name"] == "web"
    assert "name" not in with_name({}, "urn", NOW)


def test_a_template_and_the_one_that_replaces_it_are_there_together() -> None:
    here = Provider(
        Place(Api(InProcess(new_cloud(waits="poll"))), Settings("acme-dev", "europe-west4", "europe-west4-a"))
    )

    checked = here.check(TEMPLATE, GIVEN, {}, Naming("tmpl", b"seed"))
    first = here.create(TEMPLATE, checked.inputs, "urn")
    larger = here.check(TEMPLATE, {**GIVEN, "machineType": "e2-small"}, checked.inputs, Naming("tmpl", b"seed"))
    second = here.create(TEMPLATE, larger.inputs, "urn")

    assert checked.failures == []
    assert "name" not in checked.inputs
    assert first.outputs["name"].startswith("web-")
    assert first.id.endswith(f"instanceTemplates/{first.outputs['name']}")
    assert second.id != first.id
    assert here.read(TEMPLATE, first.id, checked.inputs, first.outputs) is not None
