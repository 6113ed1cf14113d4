"""What users do with Cloud Functions, through google-cloud-functions."""

import pytest
from google.api_core import exceptions
from google.cloud import functions_v2 as functions

from mockcloud.cloud.cloud import Cloud

pytestmark = pytest.mark.scenario(library="google-cloud-functions")

PLACE = "projects/mock-project/locations/europe-west4"


def test_a_function_is_deployed(cloud: Cloud, transport: str) -> None:
    client = functions.FunctionServiceClient(transport=transport)
    place = client.generate_upload_url(request={"parent": PLACE})
    source = functions.Source(storage_source=place.storage_source)
    build = functions.BuildConfig(runtime="python312", entry_point="main", source=source)
    trigger = functions.EventTrigger(
        event_type="google.cloud.pubsub.topic.v1.messagePublished", pubsub_topic="projects/mock-project/topics/drift"
    )
    wanted = functions.Function(build_config=build, event_trigger=trigger, labels={"team": "ml"})
    made = client.create_function(parent=PLACE, function=wanted, function_id="alert").result()
    assert made.state == functions.Function.State.ACTIVE
    assert made.service_config.available_memory == "256M"
    assert made.url == "https://europe-west4-mock-project.cloudfunctions.net/alert"
    assert made.event_trigger.pubsub_topic.endswith("/drift")
    larger = functions.Function(name=made.name, service_config=functions.ServiceConfig(available_memory="1Gi"))
    found = client.update_function(function=larger, update_mask={"paths": ["service_config.available_memory"]}).result()
    assert (found.service_config.available_memory, found.build_config.runtime) == ("1Gi", "python312")
    assert "python312" in {each.name for each in client.list_runtimes(parent=PLACE).runtimes}
    client.delete_function(name=made.name).result()
    with pytest.raises(exceptions.NotFound):
        client.get_function(name=made.name)
    with pytest.raises(exceptions.BadRequest):
        client.create_function(parent=PLACE, function=functions.Function(), function_id="empty")
