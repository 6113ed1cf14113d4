"""What users do with Cloud Storage, through its own client."""

import gzip
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from google.api_core import exceptions
from google.cloud import storage
from google.oauth2 import service_account

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Record

pytestmark = pytest.mark.scenario(library="google-cloud-storage")


@pytest.fixture
def client(cloud: Cloud) -> storage.Client:
    return storage.Client(project="mock-project")


@pytest.fixture
def bucket(client: storage.Client) -> storage.Bucket:
    return client.create_bucket("raw-data", location="europe-west4")


def test_a_bucket_has_what_the_service_sets(client: storage.Client) -> None:
    made = client.create_bucket("raw-data", location="europe-west4")
    assert (made.location, made.location_type, made.storage_class) == ("EUROPE-WEST4", "region", "STANDARD")
    assert made.iam_configuration.public_access_prevention == "inherited"
    assert not made.iam_configuration.uniform_bucket_level_access_enabled
    made.labels = {"team": "ml"}
    made.versioning_enabled = True
    made.add_lifecycle_delete_rule(age=30)
    made.patch()
    read = client.get_bucket("raw-data")
    assert (read.labels, read.versioning_enabled, read.metageneration) == ({"team": "ml"}, True, 2)
    assert next(iter(read.lifecycle_rules))["condition"] == {"age": 30}
    assert [each.name for each in client.list_buckets(prefix="raw")] == ["raw-data"]
    with pytest.raises(exceptions.Conflict):
        storage.Client(project="other-project").create_bucket("raw-data")
    with pytest.raises(exceptions.BadRequest):
        client.create_bucket("Not_A_Bucket")
    read.delete()
    with pytest.raises(exceptions.NotFound):
        client.get_bucket("raw-data")


def test_uniform_access_can_be_switched_on(bucket: storage.Bucket) -> None:
    bucket.iam_configuration.uniform_bucket_level_access_enabled = True
    bucket.iam_configuration.public_access_prevention = "enforced"
    bucket.patch()
    assert bucket.iam_configuration.uniform_bucket_level_access_locked_time is not None
    with pytest.raises(exceptions.BadRequest, match="uniform bucket-level access"):
        bucket.blob("a").upload_from_string("x", predefined_acl="publicRead")
    policy = bucket.get_iam_policy(requested_policy_version=3)
    policy.bindings.append({"role": "roles/storage.objectViewer", "members": {"allUsers"}})
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.set_iam_policy(policy)


def test_content_comes_back(bucket: storage.Bucket, client: storage.Client) -> None:
    blob = bucket.blob("data/train.csv")
    blob.metadata = {"source": "census"}
    blob.upload_from_string("id,age\n1,39\n", content_type="text/csv", checksum="crc32c")
    assert (blob.size, blob.content_type, blob.metageneration) == (12, "text/csv", 1)
    read = client.bucket("raw-data").get_blob("data/train.csv")
    assert read.metadata == {"source": "census"}
    assert read.download_as_text() == "id,age\n1,39\n"
    assert read.download_as_bytes(start=3, end=5) == b"age"
    assert read.md5_hash == blob.md5_hash
    with read.open("r") as file:
        assert file.readline() == "id,age\n"
    read.content_type = "text/plain"
    read.metadata = None
    read.patch()
    again = bucket.get_blob("data/train.csv")
    assert (again.content_type, again.metadata, again.metageneration) == ("text/plain", None, 2)
    assert bucket.get_blob("missing") is None
    with pytest.raises(exceptions.NotFound):
        bucket.blob("missing").download_as_bytes()


def test_a_large_upload_goes_in_chunks(bucket: storage.Bucket) -> None:
    content = bytes(range(256)) * 3000
    blob = bucket.blob("model.bin", chunk_size=256 * 1024)
    blob.upload_from_file(io.BytesIO(content), size=len(content), checksum="md5")
    assert blob.size == len(content)
    assert bucket.blob("model.bin", chunk_size=256 * 1024).download_as_bytes() == content
    with bucket.blob("stream.txt").open("w") as file:
        file.write("a" * 300_000)
    assert bucket.get_blob("stream.txt").size == 300_000


def test_an_upload_session_of_another_program(bucket: storage.Bucket) -> None:
    url = bucket.blob("later.txt").create_resumable_upload_session(content_type="text/plain", size=5)
    session = bucket.client._http
    asked = session.put(url, headers={"Content-Range": "bytes */5"})
    assert asked.status_code == 308
    first = session.put(url, data=b"hel", headers={"Content-Range": "bytes 0-2/5"})
    assert (first.status_code, first.headers["Range"]) == (308, "bytes=0-2")
    last = session.put(url, data=b"lo", headers={"Content-Range": "bytes 3-4/5"})
    assert last.status_code == 200
    assert bucket.blob("later.txt").download_as_bytes() == b"hello"


def test_folders_are_prefixes(bucket: storage.Bucket, client: storage.Client) -> None:
    for name in ("a.txt", "data/2024/x.csv", "data/2025/y.csv", "data/readme", "z"):
        bucket.blob(name).upload_from_string(name)
    found = client.list_blobs("raw-data", prefix="data/", delimiter="/")
    assert [each.name for each in found] == ["data/readme"]
    assert found.prefixes == {"data/2024/", "data/2025/"}
    paged = client.list_blobs("raw-data", page_size=2)
    assert [[each.name for each in page] for page in paged.pages] == [
        ["a.txt", "data/2024/x.csv"],
        ["data/2025/y.csv", "data/readme"],
        ["z"],
    ]
    assert [each.name for each in client.list_blobs("raw-data", match_glob="data/**/*.csv")] == [
        "data/2024/x.csv",
        "data/2025/y.csv",
    ]
    offsets = client.list_blobs("raw-data", start_offset="data/2025", end_offset="z")
    assert [each.name for each in offsets] == ["data/2025/y.csv", "data/readme"]


def test_generations_guard_against_lost_updates(bucket: storage.Bucket) -> None:
    bucket.blob("counter").upload_from_string("1", if_generation_match=0)
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("counter").upload_from_string("1", if_generation_match=0)
    blob = bucket.get_blob("counter")
    seen = blob.generation
    bucket.blob("counter").upload_from_string("2", if_generation_match=seen)
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("counter").upload_from_string("3", if_generation_match=seen)
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.delete_blob("counter", if_generation_match=seen)
    assert bucket.blob("counter").download_as_bytes() == b"2"
    with pytest.raises(exceptions.NotModified):
        bucket.get_blob("counter").reload(if_metageneration_not_match=1)


def test_versions_are_kept_and_brought_back(bucket: storage.Bucket, client: storage.Client) -> None:
    bucket.versioning_enabled = True
    bucket.patch()
    for text in ("one", "two"):
        bucket.blob("notes").upload_from_string(text)
    bucket.blob("notes").delete()
    assert list(client.list_blobs("raw-data")) == []
    versions = list(client.list_blobs("raw-data", versions=True))
    assert len(versions) == 2
    assert all(each.time_created for each in versions)
    old = bucket.blob("notes", generation=versions[0].generation)
    assert old.download_as_bytes() == b"one"
    bucket.copy_blob(old, bucket, "notes", source_generation=versions[0].generation)
    assert bucket.blob("notes").download_as_bytes() == b"one"
    with pytest.raises(exceptions.Conflict):
        bucket.delete()
    bucket.delete_blobs(list(client.list_blobs("raw-data", versions=True)), preserve_generation=True)
    bucket.delete()


def test_copy_rewrite_compose_and_move(bucket: storage.Bucket, client: storage.Client) -> None:
    other = client.create_bucket("archive-data", location="US")
    part = bucket.blob("part-1")
    part.metadata = {"k": "v"}
    part.upload_from_string("hello ", content_type="text/plain")
    bucket.blob("part-2").upload_from_string("world", content_type="text/plain")
    whole = bucket.blob("whole")
    whole.content_type = "text/plain"
    whole.compose([bucket.blob("part-1"), bucket.blob("part-2")])
    assert (whole.download_as_bytes(), whole.component_count) == (b"hello world", 2)
    copied = bucket.copy_blob(part, other, "copy")
    copied.reload()
    assert (copied.metadata, copied.content_type) == ({"k": "v"}, "text/plain")
    token, done, size = other.blob("rewritten").rewrite(whole)
    assert (token, done, size) == (None, 11, 11)
    whole.update_storage_class("NEARLINE")
    assert bucket.get_blob("whole").storage_class == "NEARLINE"
    bucket.move_blob(bucket.blob("part-2"), "moved")
    assert [each.name for each in client.list_blobs("raw-data")] == ["moved", "part-1", "whole"]
    renamed = bucket.rename_blob(bucket.blob("moved"), "renamed")
    assert renamed.download_as_bytes() == b"world"


def test_holds_and_retention_protect(bucket: storage.Bucket, cloud: Cloud) -> None:
    bucket.retention_period = 3600
    bucket.patch()
    blob = bucket.blob("evidence")
    blob.upload_from_string("x")
    blob.reload()
    assert blob.retention_expiration_time is not None
    with pytest.raises(exceptions.Forbidden):
        blob.delete()
    cloud.advance(3601)
    blob.temporary_hold = True
    blob.patch()
    with pytest.raises(exceptions.Forbidden, match="hold"):
        bucket.blob("evidence").upload_from_string("y")
    blob.temporary_hold = False
    blob.patch()
    blob.delete()
    bucket.lock_retention_policy()
    assert bucket.retention_policy_locked
    bucket.retention_period = 60
    with pytest.raises(exceptions.Forbidden):
        bucket.patch()


def test_what_was_deleted_can_be_restored(bucket: storage.Bucket, client: storage.Client, cloud: Cloud) -> None:
    blob = bucket.blob("precious")
    blob.upload_from_string("gold")
    generation = blob.generation
    blob.delete()
    deleted = list(client.list_blobs("raw-data", soft_deleted=True))
    assert [(each.name, each.generation) for each in deleted] == [("precious", generation)]
    restored = bucket.restore_blob("precious", generation=generation)
    assert restored.generation != generation
    assert bucket.blob("precious").download_as_bytes() == b"gold"
    bucket.blob("precious").delete()
    cloud.advance(8 * 24 * 3600)
    assert list(client.list_blobs("raw-data", soft_deleted=True)) == []
    gone = client.get_bucket("raw-data")
    gone.delete()
    listed = list(client.list_buckets(soft_deleted=True))
    assert [each.name for each in listed] == ["raw-data"]
    back = client.restore_bucket("raw-data", listed[0].generation)
    assert back.exists()


def test_access_control(bucket: storage.Bucket) -> None:
    policy = bucket.get_iam_policy(requested_policy_version=3)
    assert any(each["role"] == "roles/storage.legacyBucketOwner" for each in policy.bindings)
    policy.bindings.append({"role": "roles/storage.objectViewer", "members": {"user:alice@acme.test"}})
    bucket.set_iam_policy(policy)
    roles = {each["role"] for each in bucket.get_iam_policy(requested_policy_version=3).bindings}
    assert "roles/storage.objectViewer" in roles
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.set_iam_policy(policy)
    assert bucket.test_iam_permissions(["storage.objects.get"]) == ["storage.objects.get"]
    blob = bucket.blob("shared")
    blob.upload_from_string("x")
    blob.acl.user("bob@acme.test").grant_read()
    blob.acl.save()
    blob.acl.reload()
    assert "READER" in blob.acl.user("bob@acme.test").get_roles()
    blob.make_public()
    assert "READER" in blob.acl.all().get_roles()
    blob.make_private()
    bucket.default_object_acl.domain("acme.test").grant_read()
    bucket.default_object_acl.save()
    bucket.blob("second").upload_from_string("x")
    second = bucket.blob("second")
    second.acl.reload()
    assert "READER" in second.acl.domain("acme.test").get_roles()


def test_keys_of_the_customer(cloud: Cloud, bucket: storage.Bucket) -> None:
    key_name = "projects/mock-project/locations/europe-west4/keyRings/r/cryptoKeys/k"
    bucket.default_kms_key_name = key_name
    with pytest.raises(exceptions.BadRequest):
        bucket.patch()
    cloud.create(Record("cloudkms", key_name, {}))
    bucket.patch()
    blob = bucket.blob("a")
    blob.upload_from_string("x")
    assert blob.kms_key_name.startswith(bucket.default_kms_key_name)
    key = b"k" * 32
    sealed = bucket.blob("sealed", encryption_key=key)
    sealed.upload_from_string("y")
    assert bucket.blob("sealed", encryption_key=key).download_as_bytes() == b"y"
    with pytest.raises(exceptions.BadRequest):
        bucket.blob("sealed").download_as_bytes()


def test_packed_content_is_unpacked_on_the_way(bucket: storage.Bucket) -> None:
    blob = bucket.blob("log.txt")
    blob.content_encoding = "gzip"
    blob.upload_from_string(gzip.compress(b"line"), content_type="text/plain")
    assert bucket.blob("log.txt").download_as_bytes() == b"line"
    assert gzip.decompress(bucket.blob("log.txt").download_as_bytes(raw_download=True)) == b"line"


def test_notifications_and_hmac_keys(bucket: storage.Bucket, client: storage.Client) -> None:
    from google.cloud import pubsub_v1

    pubsub_v1.PublisherClient(transport="rest").create_topic(name="projects/mock-project/topics/uploads")
    made = bucket.notification(
        "uploads", topic_project="mock-project", event_types=["OBJECT_FINALIZE"], payload_format="JSON_API_V1"
    )
    made.create()
    assert [each.notification_id for each in bucket.list_notifications()] == [made.notification_id]
    assert bucket.get_notification(made.notification_id).event_types == ["OBJECT_FINALIZE"]
    subscriber = pubsub_v1.SubscriberClient(transport="rest")
    name = "projects/mock-project/subscriptions/uploads"
    subscriber.create_subscription(name=name, topic="projects/mock-project/topics/uploads")
    bucket.blob("new.csv").upload_from_string("x")
    bucket.delete_blob("new.csv")
    (told,) = subscriber.pull(subscription=name, max_messages=10).received_messages
    assert (told.message.attributes["objectId"], json.loads(told.message.data)["size"]) == ("new.csv", "1")
    made.delete()
    key, secret = client.create_hmac_key("runner@mock-project.iam.gserviceaccount.com")
    assert (key.state, len(secret)) == ("ACTIVE", 40)
    with pytest.raises(exceptions.BadRequest):
        key.delete()
    key.state = "INACTIVE"
    key.update()
    key.delete()
    assert list(client.list_hmac_keys()) == []
    assert client.get_service_account_email().endswith("@gs-project-accounts.iam.gserviceaccount.com")


def test_many_calls_in_one_batch(bucket: storage.Bucket, client: storage.Client) -> None:
    for name in ("a", "b", "c"):
        bucket.blob(name).upload_from_string(name)
    with client.batch():
        for name in ("a", "b"):
            bucket.blob(name).delete()
    assert [each.name for each in client.list_blobs("raw-data")] == ["c"]


# Signed addresses, and the API that they use
# ---------------------------------------------------------------------------------------------------------------------


def _signer(cloud: Cloud) -> service_account.Credentials:
    """Make a service account with a key, and give its credentials."""
    from google.cloud import iam_admin_v1

    client = iam_admin_v1.IAMClient()
    account = client.create_service_account(
        request={"name": "projects/mock-project", "account_id": "signer", "service_account": {}}
    )
    key = client.create_service_account_key(request={"name": account.name})
    found: service_account.Credentials = service_account.Credentials.from_service_account_info(
        json.loads(key.private_key_data)
    )
    return found


@pytest.mark.parametrize("version", ["v2", "v4"])
def test_a_signed_address_opens_one_object(bucket: storage.Bucket, cloud: Cloud, version: str) -> None:
    signer = _signer(cloud)
    blob = bucket.blob("data/my file.txt")
    blob.upload_from_string("hello")
    settings = {"version": version, "expiration": timedelta(hours=1), "credentials": signer}
    found = requests.get(blob.generate_signed_url(method="GET", **settings), timeout=10)
    assert (found.status_code, found.content) == (200, b"hello")
    other = blob.generate_signed_url(method="GET", **settings).replace("my%20file", "other")
    refused = requests.get(other, timeout=10)
    assert (refused.status_code, "SignatureDoesNotMatch" in refused.text) == (403, True)
    put = bucket.blob("up").generate_signed_url(method="PUT", content_type="text/plain", **settings)
    assert requests.put(put, data=b"new", headers={"content-type": "text/plain"}, timeout=10).status_code == 200
    assert bucket.get_blob("up").content_type == "text/plain"
    start = bucket.blob("big").generate_signed_url(method="RESUMABLE", **settings)
    begun = requests.post(start, headers={"x-goog-resumable": "start"}, timeout=10)
    assert begun.status_code == 201
    assert requests.put(begun.headers["Location"], data=b"12345", timeout=10).status_code == 200
    assert bucket.get_blob("big").size == 5
    cloud.advance(366 * 86400)
    late = requests.get(blob.generate_signed_url(method="GET", **settings), timeout=10)
    assert (late.status_code, "ExpiredToken" in late.text) == (400, True)


def test_plain_paths(bucket: storage.Bucket) -> None:
    session = bucket.client._http
    base = "https://storage.googleapis.com/raw-data"
    assert session.put(f"{base}/a/b.txt", data=b"x", headers={"x-goog-meta-k": "v"}).status_code == 200
    assert bucket.get_blob("a/b.txt").metadata == {"k": "v"}
    assert session.get("https://raw-data.storage.googleapis.com/a/b.txt").content == b"x"
    assert session.head(f"{base}/a/b.txt").headers["X-Goog-Stored-Content-Length"] == "1"
    copied = session.put(f"{base}/copy", headers={"x-goog-copy-source": "/raw-data/a/b.txt"})
    assert "CopyObjectResult" in copied.text
    listed = session.get(f"{base}?delimiter=/&list-type=2").text
    assert "<Key>copy</Key>" in listed
    assert "<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>" in listed
    assert session.delete(f"{base}/copy").status_code == 204
    missing = session.get(f"{base}/copy")
    assert (missing.status_code, "<Code>NoSuchKey</Code>" in missing.text) == (404, True)
    assert "NoSuchBucket" in session.get("https://storage.googleapis.com/no-such-bucket/x").text
    assert session.get(f"{base}?acl").status_code == 501


def test_an_upload_in_many_threads(bucket: storage.Bucket, tmp_path: Path) -> None:
    from google.cloud.storage import transfer_manager

    source = tmp_path / "model.bin"
    source.write_bytes(bytes(range(256)) * 4096)
    transfer_manager.upload_chunks_concurrently(
        str(source), bucket.blob("model.bin"), chunk_size=300_000, max_workers=2, worker_type=transfer_manager.THREAD
    )
    assert bucket.blob("model.bin").download_as_bytes() == source.read_bytes()
    target = tmp_path / "back.bin"
    transfer_manager.download_chunks_concurrently(
        bucket.get_blob("model.bin"),
        str(target),
        chunk_size=300_000,
        max_workers=2,
        worker_type=transfer_manager.THREAD,
    )
    assert target.read_bytes() == source.read_bytes()


@pytest.mark.scenario(library="gcsfs")
def test_a_file_system_of_objects(bucket: storage.Bucket) -> None:
    import gcsfs

    files = gcsfs.GCSFileSystem(project="mock-project", token="google_default", skip_instance_cache=True)
    with files.open("raw-data/dir/a.txt", "w") as file:
        file.write("hello")
    files.pipe("raw-data/dir/b.bin", b"12345")
    assert files.ls("raw-data/dir") == ["raw-data/dir/a.txt", "raw-data/dir/b.bin"]
    assert files.cat("raw-data/dir/a.txt") == b"hello"
    assert files.info("raw-data/dir/b.bin")["size"] == 5
    assert files.glob("raw-data/**/*.bin") == ["raw-data/dir/b.bin"]
    files.mv("raw-data/dir/a.txt", "raw-data/moved.txt")
    assert files.exists("raw-data/moved.txt")
    files.rm("raw-data/dir", recursive=True)
    assert bucket.get_blob("dir/b.bin") is None
