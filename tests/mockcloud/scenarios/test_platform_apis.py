"""Source hosts, reservations and event triggers, through Google's clients."""

import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud import bigquery_reservation_v1, eventarc_v1
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from mockcloud.cloud.cloud import Cloud

HERE = "projects/acme-ml/locations/europe-west4"


@pytest.mark.scenario(library="google-api-python-client")
def test_a_repository_is_reached_by_its_instance(cloud: Cloud) -> None:
    service = build("securesourcemanager", "v1").projects().locations()
    service.instances().create(parent=HERE, instanceId="source", body={}).execute()
    body = {"instance": f"{HERE}/instances/source", "initialConfig": {"defaultBranch": "main"}}
    service.repositories().create(parent=HERE, repositoryId="models", body=body).execute()
    made = service.repositories().get(name=f"{HERE}/repositories/models").execute()
    host = service.instances().get(name=f"{HERE}/instances/source").execute()["hostConfig"]["gitHttp"]
    assert made["uris"]["gitHttps"] == f"https://{host}/acme-ml/models.git"
    with pytest.raises(HttpError, match="instances/none"):
        service.repositories().create(
            parent=HERE, repositoryId="x", body={"instance": f"{HERE}/instances/none"}
        ).execute()
    with pytest.raises(HttpError, match="names its instance"):
        service.repositories().create(parent=HERE, repositoryId="x", body={}).execute()


@pytest.mark.scenario(library="google-cloud-bigquery-reservation")
def test_slots_are_assigned_to_a_project(cloud: Cloud, transport: str) -> None:
    client = bigquery_reservation_v1.ReservationServiceClient(transport=transport)
    made = client.create_reservation(
        parent=HERE, reservation={"slot_capacity": 100, "edition": "ENTERPRISE"}, reservation_id="ml"
    )
    assignment = client.create_assignment(parent=made.name, assignment={"assignee": "projects/a", "job_type": "QUERY"})
    found = list(client.search_all_assignments(parent=HERE, query="assignee=projects/a"))
    assert [each.name for each in found] == [assignment.name]
    assert list(client.search_all_assignments(parent=HERE, query="assignee=projects/b")) == []
    with pytest.raises(BadRequest):
        list(client.search_all_assignments(parent=HERE, query="projects/a"))
    with pytest.raises(BadRequest):
        client.create_assignment(parent=made.name, assignment={"assignee": "projects/a"})
    with pytest.raises(BadRequest):
        client.delete_reservation(name=made.name)
    client.delete_assignment(name=assignment.name)
    client.delete_reservation(name=made.name)
    with pytest.raises(NotFound):
        client.get_reservation(name=made.name)


@pytest.mark.scenario(library="google-cloud-bigquery-reservation")
def test_bi_engine_has_one_reservation_a_location(cloud: Cloud, transport: str) -> None:
    client = bigquery_reservation_v1.ReservationServiceClient(transport=transport)
    name = f"{HERE}/biReservation"
    assert client.get_bi_reservation(name=name).size == 0
    client.update_bi_reservation(bi_reservation={"name": name, "size": 2**30})
    assert client.get_bi_reservation(name=name).size == 2**30


@pytest.mark.scenario(library="google-cloud-eventarc")
def test_an_object_that_arrives_starts_a_workflow(cloud: Cloud, transport: str) -> None:
    client = eventarc_v1.EventarcClient(transport=transport)
    filters = [
        {"attribute": "type", "value": "google.cloud.storage.object.v1.finalized"},
        {"attribute": "bucket", "value": "acme-raw"},
    ]
    made = client.create_trigger(
        parent=HERE,
        trigger={
            "name": f"{HERE}/triggers/t",
            "event_filters": filters,
            "destination": {"workflow": f"{HERE}/workflows/w"},
        },
        trigger_id="t",
    ).result()
    assert made.transport.pubsub.topic.startswith("projects/acme-ml/topics/eventarc-europe-west4-t-")
    assert {each.attribute for each in made.event_filters} == {"type", "bucket"}
    with pytest.raises(BadRequest):
        client.create_trigger(
            parent=HERE,
            trigger={"name": f"{HERE}/triggers/u", "event_filters": filters[1:], "destination": {"workflow": "w"}},
            trigger_id="u",
        )
    with pytest.raises(BadRequest):
        client.create_trigger(
            parent=HERE, trigger={"name": f"{HERE}/triggers/u", "event_filters": filters}, trigger_id="u"
        )
