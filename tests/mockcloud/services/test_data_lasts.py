"""What the data services hold survives a restart of a server that keeps its data."""

from pathlib import Path

from mockcloud.cloud.persistence.keeper import keep
from mockcloud.simulator import new_cloud
from tests.mockcloud.services.data_rest import Rest

COUNT = {"query": "SELECT SUM(x) AS total FROM d.t", "useLegacySql": False}


def test_contents_rows_messages_and_uploads_last(tmp_path: Path) -> None:
    cloud = new_cloud()
    keeper = keep(cloud, tmp_path)
    storage = Rest("storage.googleapis.com", "/storage/v1", cloud)
    storage("POST", "/b", "project=acme", {"name": "raw-data"})
    storage.raw("POST", "/upload/storage/v1/b/raw-data/o", "uploadType=media&name=a%2Fb", b"\x00\xff")
    begun = storage.raw("POST", "/upload/storage/v1/b/raw-data/o", "uploadType=resumable&name=later", {})
    upload = begun.headers["Location"].partition("?")[2]
    storage.raw("PUT", "/upload/storage/v1/b/raw-data/o", upload, b"ab", content_range="bytes 0-1/4")
    bigquery = Rest("bigquery.googleapis.com", "/bigquery/v2/projects/acme", cloud)
    bigquery("POST", "/datasets", "", {"datasetReference": {"datasetId": "d"}})
    table = {"tableReference": {"tableId": "t"}, "schema": {"fields": [{"name": "x", "type": "INT64"}]}}
    bigquery("POST", "/datasets/d/tables", "", table)
    bigquery("POST", "/datasets/d/tables/t/insertAll", "", {"rows": [{"json": {"x": 40}}, {"json": {"x": 2}}]})
    pubsub = Rest("pubsub.googleapis.com", "/v1", cloud)
    pubsub("PUT", "/projects/acme/topics/abc", "", {})
    pubsub("PUT", "/projects/acme/subscriptions/abc", "", {"topic": "projects/acme/topics/abc"})
    pubsub("POST", "/projects/acme/topics/abc:publish", "", {"messages": [{"data": "YQ=="}]})
    keeper.commit()
    keeper.close()

    again = new_cloud()
    other = keep(again, tmp_path)
    storage, bigquery, pubsub = (Rest(each.host, each.front, again) for each in (storage, bigquery, pubsub))
    assert storage.raw("GET", "/storage/v1/b/raw-data/o/a%2Fb", "alt=media").body == b"\x00\xff"
    assert (
        storage.raw("PUT", "/upload/storage/v1/b/raw-data/o", upload, b"cd", content_range="bytes 2-3/4").status == 200
    )
    assert [each["name"] for each in storage("GET", "/b/raw-data/o")["items"]] == ["a/b", "later"]
    assert bigquery("POST", "/queries", "", COUNT)["rows"] == [{"f": [{"v": "42"}]}]
    pulled = pubsub("POST", "/projects/acme/subscriptions/abc:pull", "", {"maxMessages": 1})
    assert pulled["receivedMessages"][0]["message"]["data"] == "YQ=="
    other.close()
