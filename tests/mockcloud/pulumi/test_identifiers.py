"""Which ids name a resource, beside those that examples show."""

import pytest

from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api
from mockcloud.pulumi.identifiers import of_other_form, read_full_name
from mockcloud.pulumi.lifecycle import Place, Settings
from mockcloud.pulumi.links import Type, type_of
from mockcloud.simulator import new_cloud


def place(region: str = "europe-west4") -> Place:
    return Place(Api(InProcess(new_cloud())), Settings("acme-dev", region))


def kind(token: str) -> Type:
    found = type_of(f"gcp:{token}")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("token", "form", "meant"),
    [
        (
            "cloudbuild/trigger:Trigger",
            "projects/acme-dev/triggers/42",
            "projects/acme-dev/locations/global/triggers/42",
        ),
        ("cloudbuild/trigger:Trigger", "42", "projects/acme-dev/locations/global/triggers/42"),
        ("organizations/folder:Folder", "4711", "folders/4711"),
        ("firebase/webApp:WebApp", "webApps/1:2:web:3", "projects/acme-dev/webApps/1:2:web:3"),
        ("firebase/hostingRelease:HostingRelease", "acme-site/42", "sites/acme-site/channels/live/releases/42"),
        (
            "modelarmor/floorsetting:Floorsetting",
            "projects/acme-dev/europe-west4",
            "projects/acme-dev/locations/europe-west4/floorSetting",
        ),
        (
            "dataloss/preventionDeidentifyTemplate:PreventionDeidentifyTemplate",
            "projects/acme-dev/locations/europe-west4/42",
            "projects/acme-dev/locations/europe-west4/deidentifyTemplates/42",
        ),
        (
            "alloydb/user:User",
            "europe-west4/features/ada",
            "projects/acme-dev/locations/europe-west4/clusters/features/users/ada",
        ),
    ],
)
def test_another_form_means_an_id(token: str, form: str, meant: str) -> None:
    assert of_other_form(kind(token), place(), form)[0] == meant


@pytest.mark.parametrize(
    ("token", "identifier"),
    [
        ("organizations/folder:Folder", "folders/4711"),
        ("cloudbuild/trigger:Trigger", "projects/acme-dev/locations/europe-west4/triggers/42"),
        (
            "dataloss/preventionDeidentifyTemplate:PreventionDeidentifyTemplate",
            "projects/acme-dev/deidentifyTemplates/42",
        ),
    ],
)
def test_an_id_means_itself(token: str, identifier: str) -> None:
    assert of_other_form(kind(token), place(), identifier) == (identifier, {})


def test_a_form_that_leaves_out_what_nobody_says_means_nothing() -> None:
    nowhere = place(region="")
    assert of_other_form(kind("compute/regionInstanceTemplate:RegionInstanceTemplate"), nowhere, "acme-dev/worker") == (
        "acme-dev/worker",
        {},
    )


def test_the_id_of_another_thing_in_the_call_is_not_the_resources_own() -> None:
    full = "projects/acme-dev/locations/europe-west4/caPools/inner/certificates/web"
    found = read_full_name(kind("certificateauthority/certificate:Certificate"), full)
    assert found == {"location": "europe-west4", "pool": "inner", "name": "web"}
