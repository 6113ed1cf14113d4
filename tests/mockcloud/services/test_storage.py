"""Cloud Storage over HTTP: what its client does not show."""

import gzip
import json

import pytest

from mockcloud.services.storage.listing import glob
from tests.mockcloud.services.data_rest import Rest


@pytest.fixture
def rest() -> Rest:
    made = Rest("storage.googleapis.com", "/storage/v1")
    made("POST", "/b", "project=acme", {"name": "raw-data", "location": "eu"})
    return made


def put(rest: Rest, name: str, content: bytes = b"x", query: str = "", **headers: str) -> dict[str, str]:
    found = rest.raw(
        "POST", "/upload/storage/v1/b/raw-data/o", f"uploadType=media&name={name}&{query}", content, **headers
    )
    assert found.status == 200, found.body
    made: dict[str, str] = json.loads(found.body)
    return made


@pytest.mark.parametrize(
    "name", ["ab", "Upper", "-a", "google-x", "goog1", "a" * 64, "a..b", "192.168.0.1", "my_google", "a" * 230]
)
def test_names_that_buckets_may_not_have(rest: Rest, name: str) -> None:
    assert rest.refused("POST", "/b", "project=acme", {"name": name}) == (400, "invalid")


def test_what_a_bucket_needs(rest: Rest) -> None:
    assert rest.refused("POST", "/b", "project=acme", {}) == (400, "required")
    assert rest.refused("POST", "/b", "", {"name": "abc"})[0] == 400
    assert rest.refused("POST", "/b", "project=acme", {"name": "abc", "storageClass": "FAST"}) == (400, "invalid")
    prevention = {"name": "abc", "iamConfiguration": {"publicAccessPrevention": "enforce"}}
    assert rest.refused("POST", "/b", "project=acme", prevention) == (400, "invalid")
    uniform = {"name": "abc", "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}}
    assert rest.refused("POST", "/b", "project=acme&predefinedAcl=private", uniform) == (400, "invalid")
    assert rest.refused("POST", "/b", "project=acme&predefinedAcl=none", {"name": "abc"})[0] == 400
    assert rest.refused("POST", "/b", "project=other", {"name": "raw-data"}) == (409, "conflict")


def test_places_and_features_of_buckets(rest: Rest) -> None:
    dual = rest("POST", "/b", "project=acme&enableObjectRetention=true", {"name": "dual", "location": "nam4"})
    assert (dual["locationType"], dual["rpo"], dual["objectRetention"]) == (
        "dual-region",
        "DEFAULT",
        {"mode": "Enabled"},
    )
    auto = rest("POST", "/b", "project=acme&projection=full", {"name": "auto", "autoclass": {"enabled": True}})
    assert auto["autoclass"]["terminalStorageClass"] == "NEARLINE"
    assert {each["role"] for each in auto["acl"]} == {"OWNER", "READER"}
    layout = rest("GET", "/b/dual/storageLayout")
    assert (layout["bucket"], layout["location"]) == ("dual", "NAM4")
    moved = rest("POST", "/b/dual/relocate", "", {"destinationLocation": "eur4"})
    assert "name" in moved
    assert rest("GET", "/b/dual")["location"] == "EUR4"
    assert rest.refused("POST", "/b/dual/relocate", "", {}) == (400, "required")
    assert [each["name"] for each in rest("GET", "/b", "project=acme&maxResults=1")["items"]] == ["auto"]
    assert rest.raw("GET", "/storage/v1/b/dual", "ifMetagenerationNotMatch=2").status == 304
    assert rest.refused("GET", "/b/dual", "ifMetagenerationMatch=9") == (412, "conditionNotMet")
    assert rest.refused("GET", "/b/dual", "ifMetagenerationMatch=x")[0] == 400


def test_an_update_replaces_and_a_patch_merges(rest: Rest) -> None:
    rest("PATCH", "/b/raw-data", "", {"labels": {"a": "1", "b": "2"}, "website": {"mainPageSuffix": "index.html"}})
    patched = rest("PATCH", "/b/raw-data", "", {"labels": {"a": None}, "website": None})
    assert (patched["labels"], "website" in patched) == ({"b": "2"}, False)
    replaced = rest("PUT", "/b/raw-data", "", {"versioning": {"enabled": True}})
    assert ("labels" in replaced, replaced["location"], replaced["metageneration"]) == (False, "EU", "4")
    acl = rest("PATCH", "/b/raw-data", "predefinedDefaultObjectAcl=publicRead&projection=full", {})
    assert "allUsers" in {each["entity"] for each in acl["defaultObjectAcl"]}


def test_a_locked_retention_stays(rest: Rest) -> None:
    assert rest.refused("POST", "/b/raw-data/lockRetentionPolicy", "ifMetagenerationMatch=1")[0] == 400
    rest("PATCH", "/b/raw-data", "", {"retentionPolicy": {"retentionPeriod": "60"}})
    assert rest.refused("POST", "/b/raw-data/lockRetentionPolicy", "")[0] == 400
    locked = rest("POST", "/b/raw-data/lockRetentionPolicy", "ifMetagenerationMatch=2")
    assert locked["retentionPolicy"]["isLocked"] is True
    assert rest.refused("PATCH", "/b/raw-data", "", {"retentionPolicy": None}) == (403, "forbidden")
    assert rest("PATCH", "/b/raw-data", "", {"retentionPolicy": {"retentionPeriod": "90"}})["retentionPolicy"][
        "isLocked"
    ]


def test_ranges_of_a_download(rest: Rest) -> None:
    put(rest, "o", b"0123456789")
    for asked, status, content in (
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-3", 206, b"789"),
        ("bytes=0-100", 206, b"0123456789"),
        ("items=1", 200, b"0123456789"),
    ):
        found = rest.raw("GET", "/download/storage/v1/b/raw-data/o/o", "alt=media", range=asked)
        assert (found.status, found.body) == (status, content), asked
    beyond = rest.raw("GET", "/storage/v1/b/raw-data/o/o", "alt=media", range="bytes=10-")
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, "bytes */10")


def test_checksums_of_uploads(rest: Rest) -> None:
    made = put(rest, "o", b"abc", x_goog_hash="crc32c=Nks/tw==,md5=kAFQmDzST7DWlj99KOF/cg==")
    assert (made["crc32c"], made["md5Hash"]) == ("Nks/tw==", "kAFQmDzST7DWlj99KOF/cg==")
    wrong = rest.raw(
        "POST", "/upload/storage/v1/b/raw-data/o", "uploadType=media&name=o", b"abd", x_goog_hash="crc32c=Nks/tw=="
    )
    assert wrong.status == 400


@pytest.mark.parametrize("name", ["", "..", "a%0Ab", ".well-known/acme-challenge/x", "a" * 1025])
def test_names_that_objects_may_not_have(rest: Rest, name: str) -> None:
    assert rest.raw("POST", "/upload/storage/v1/b/raw-data/o", f"uploadType=media&name={name}", b"x").status == 400


def test_forms_of_uploads_that_are_wrong(rest: Rest) -> None:
    path = "/upload/storage/v1/b/raw-data/o"
    assert rest.raw("POST", "/storage/v1/b/raw-data/o", "name=x", {}).status == 400
    assert rest.raw("POST", path, "uploadType=multipart", b"x", content_type="multipart/related").status == 400
    torn = rest.raw(
        "POST", path, "uploadType=multipart", b"--b\r\n\r\n{}", content_type="multipart/related; boundary=b"
    )
    assert torn.status == 400
    bare = b"--b\r\nx\r\n--b\r\ny\r\n--b--"
    assert (
        rest.raw("POST", path, "uploadType=multipart", bare, content_type='multipart/related; boundary="b"').status
        == 400
    )
    lines = b'--b\nContent-Type: application/json\n\n{"name": "n"}\n--b\nContent-Type: text/x\n\nhi\n--b--'
    made = rest.raw("POST", path, "uploadType=multipart", lines, content_type="multipart/related; boundary=b")
    assert json.loads(made.body)["contentType"] == "text/x"
    assert rest.raw("POST", "/upload/storage/v1/b/none/o", "uploadType=resumable&name=x", {}).status == 404
    assert rest.raw("POST", "/upload/nothing/v9/x", "uploadType=media", b"x").status == 404


def test_chunks_of_an_upload(rest: Rest) -> None:
    path = "/upload/storage/v1/b/raw-data/o"
    begun = rest.raw("POST", path, "uploadType=resumable&name=big", {}, host="127.0.0.1:8080")
    location = begun.headers["Location"]
    assert location.startswith("http://127.0.0.1:8080/upload/storage/v1/b/raw-data/o?")
    query = location.partition("?")[2]

    def send(content: bytes = b"", **headers: str) -> int:
        return rest.raw("PUT", path, query, content, **headers).status

    assert send(content_range="bytes */*") == 308
    assert send(b"abc", content_range="bytes 0-2/*") == 308
    assert send(b"abcde", content_range="bytes 0-4/*") == 308  # what came before is passed over
    assert send(b"x", content_range="bytes 9-9/10") == 503
    assert send(b"xx", content_range="bytes 5-5/10") == 400
    assert send(b"x", content_range="5-5") == 400
    assert send(b"f", content_range="bytes 5-5/6") == 200
    assert send(content_range="bytes */6") == 200
    assert rest.raw("GET", "/storage/v1/b/raw-data/o/big", "alt=media").body == b"abcdef"
    other = rest.raw("POST", path, "uploadType=resumable&name=gone", {}).headers["Location"].partition("?")[2]
    assert rest.raw("DELETE", path, other).status == 499
    assert rest.raw("PUT", path, other, b"x").status == 404


@pytest.mark.parametrize("verb", ["GET", "HEAD", "PATCH", "DELETE"])
def test_what_only_reads_uploads_nothing(rest: Rest, verb: str) -> None:
    path = "/upload/storage/v1/b/raw-data/o"
    begun = rest.raw("POST", path, "uploadType=resumable&name=o", {}).headers["Location"].partition("?")[2]
    for query in ("uploadType=resumable&name=p", "uploadType=media&name=p", *([begun] if verb != "DELETE" else [])):
        assert rest.raw(verb, path, query).status == 404
    assert sum("uploads/" in each.name for each in rest.cloud.store.of("storage")) == 1
    assert "items" not in rest("GET", "/b/raw-data/o")


def test_an_upload_that_is_done_keeps_no_token(rest: Rest) -> None:
    path = "/upload/storage/v1/b/raw-data/o"
    begun = rest.raw("POST", path, "uploadType=resumable&name=o", {}, authorization="Bearer ya29.secret")
    query = begun.headers["Location"].partition("?")[2]
    for _ in range(2):  # an upload that is done says again what it said
        assert rest.raw("PUT", path, query, b"abc", authorization="Bearer ya29.secret").status == 200
    assert all("ya29.secret" not in repr(each.hidden) for each in rest.cloud.store.of("storage"))


def test_a_refused_upload_can_be_tried_again(rest: Rest) -> None:
    path = "/upload/storage/v1/b/raw-data/o"
    query = rest.raw("POST", path, "uploadType=resumable&name=o&ifGenerationMatch=0", {}).headers["Location"]
    put(rest, "o")
    refused = rest.raw("PUT", path, query.partition("?")[2], b"late")
    assert refused.status == 412
    rest.raw("DELETE", "/storage/v1/b/raw-data/o/o")
    assert rest.raw("PUT", path, query.partition("?")[2], b"", content_range="bytes */4").status == 200


def test_what_unpacks_to_too_much_is_sent_packed(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockcloud.services.storage.objects._LARGEST", 1000)
    for name, size, encoding in (("small", 1000, None), ("bomb", 1_000_000, "gzip")):
        packed = gzip.compress(b" " * size)
        put(rest, name, packed, "contentEncoding=gzip")
        found = rest.raw("GET", f"/storage/v1/b/raw-data/o/{name}", "alt=media")
        assert found.headers.get("Content-Encoding") == encoding
        assert found.body == (packed if encoding else b" " * size)


def test_copies_say_what_is_theirs(rest: Rest) -> None:
    put(rest, "o", content_type="text/x")
    target = "/b/raw-data/o/o/copyTo/b/raw-data/o/p"
    kept = rest("POST", target)
    changed = rest("POST", target, "", {"cacheControl": "no-store", "storageClass": "COLDLINE"})
    assert (kept["contentType"], changed["contentType"], changed["cacheControl"]) == ("text/x", "text/x", "no-store")
    assert changed["storageClass"] == "COLDLINE"
    assert rest.refused("POST", target, "ifSourceGenerationMatch=1") == (412, "conditionNotMet")
    step = rest("POST", target.replace("copyTo", "rewriteTo"), "maxBytesRewrittenPerCall=0")
    assert step["done"] is True
    put(rest, "large", b"x" * 100)
    way = "/b/raw-data/o/large/rewriteTo/b/raw-data/o/l2"
    first = rest("POST", way, "maxBytesRewrittenPerCall=60")
    assert (first["done"], first["totalBytesRewritten"]) == (False, "60")
    token = first["rewriteToken"]
    assert rest("POST", way, f"maxBytesRewrittenPerCall=60&rewriteToken={token}")["done"] is True
    assert rest.refused("POST", way, "rewriteToken=xx")[0] == 400
    assert rest.refused("POST", way.replace("/l2", "/l3"), f"rewriteToken={token}")[0] == 400


def test_composing_asks_for_sources(rest: Rest) -> None:
    made = put(rest, "a", b"1")
    path = "/b/raw-data/o/whole/compose"
    assert rest.refused("POST", path, "", {"sourceObjects": []})[0] == 400
    assert rest.refused("POST", path, "", {"sourceObjects": [{"name": "a"}] * 33})[0] == 400
    assert rest.refused("POST", path, "", {"sourceObjects": [{"name": "none"}]})[0] == 404
    stale = {"name": "a", "objectPreconditions": {"ifGenerationMatch": "1"}}
    assert rest.refused("POST", path, "", {"sourceObjects": [stale]})[0] == 412
    whole = {"sourceObjects": [{"name": "a", "generation": made["generation"]}] * 2, "deleteSourceObjects": True}
    assert rest("POST", path, "", whole)["size"] == "2"
    assert rest.refused("GET", "/b/raw-data/o/a")[0] == 404


def test_lists_with_trailing_delimiters_and_tokens(rest: Rest) -> None:
    for name in ("a/", "a/b", "c"):
        put(rest, name.replace("/", "%2F"))
    found = rest("GET", "/b/raw-data/o", "delimiter=/&includeTrailingDelimiter=true")
    assert ([each["name"] for each in found["items"]], found["prefixes"]) == (["a/", "c"], ["a/"])
    page = rest("GET", "/b/raw-data/o", "delimiter=/&maxResults=1")
    rest_of_it = rest("GET", "/b/raw-data/o", f"delimiter=/&pageToken={page['nextPageToken']}")
    assert (page["prefixes"], [each["name"] for each in rest_of_it["items"]]) == (["a/"], ["c"])
    assert "prefixes" not in rest_of_it
    assert rest.refused("GET", "/b/raw-data/o", "pageToken=%%%")[0] == 400
    assert rest.refused("GET", "/b/raw-data/o", "matchGlob=[b-a]")[0] == 400


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("*.csv", "a.csv", True),
        ("*.csv", "d/a.csv", False),
        ("**/*.csv", "a.csv", True),
        ("**", "d/e/f", True),
        ("d/?", "d/e", True),
        ("[a-c]x", "bx", True),
        ("[!a-c]x", "bx", False),
        ("{a,b}.txt", "b.txt", True),
        ("a+b", "a+b", True),
        ("x}", "x}", True),
    ],
)
def test_globs(pattern: str, name: str, fits: bool) -> None:
    assert (glob(pattern).fullmatch(name) is not None) is fits


def test_entries_of_access_control_lists(rest: Rest) -> None:
    put(rest, "o")
    for path in ("/b/raw-data/acl", "/b/raw-data/defaultObjectAcl", "/b/raw-data/o/o/acl"):
        made = rest("POST", path, "", {"entity": "group-ml@acme.test", "role": "READER"})
        assert made["email"] == "ml@acme.test"
        assert rest("PATCH", f"{path}/group-ml@acme.test", "", {"role": "OWNER"})["role"] == "OWNER"
        assert rest("GET", f"{path}/group-ml@acme.test")["role"] == "OWNER"
        assert len(rest("GET", path)["items"]) >= 2
        assert rest.raw("DELETE", f"/storage/v1{path}/group-ml@acme.test").status == 204
        assert rest.refused("GET", f"{path}/group-ml@acme.test") == (404, "notFound")
        assert rest.refused("POST", path, "", {"role": "READER"}) == (400, "required")
        assert rest.refused("POST", path, "", {"entity": "domain-acme.test", "role": "KING"})[0] == 400
    assert rest.refused("GET", "/b/raw-data/o/none/acl")[0] == 404
    rest("PATCH", "/b/raw-data", "", {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}})
    assert rest.refused("GET", "/b/raw-data/acl")[0] == 400
    assert "acl" not in rest("GET", "/b/raw-data/o/o", "projection=full")


def test_public_access_is_prevented(rest: Rest) -> None:
    rest("PATCH", "/b/raw-data", "", {"iamConfiguration": {"publicAccessPrevention": "enforced"}})
    assert rest.refused("POST", "/b/raw-data/acl", "", {"entity": "allUsers", "role": "READER"})[0] == 412
    found = rest.raw("POST", "/upload/storage/v1/b/raw-data/o", "uploadType=media&name=o&predefinedAcl=publicRead", b"")
    assert found.status == 412


def test_policies_of_objects_and_folders(rest: Rest) -> None:
    put(rest, "o")
    policy = rest("GET", "/b/raw-data/o/o/iam")
    assert policy["resourceId"] == "projects/_/buckets/raw-data/objects/o"
    assert rest.refused("GET", "/b/raw-data/o/none/iam")[0] == 404
    rest("POST", "/b/raw-data/managedFolders", "", {"name": "team"})
    policy = rest("GET", "/b/raw-data/managedFolders/team/iam")
    assert policy["resourceId"] == "projects/_/buckets/raw-data/managedFolders/team/"
    wrong = {"bindings": [{"role": "roles/storage.admin", "members": ["nobody"]}]}
    assert rest.refused("PUT", "/b/raw-data/iam", "", wrong)[0] == 400
    held = rest("GET", "/b/raw-data/o/o/iam/testPermissions", "permissions=storage.objects.get")
    assert held["permissions"] == ["storage.objects.get"]


def test_managed_folders(rest: Rest) -> None:
    assert rest.refused("POST", "/b/raw-data/managedFolders", "", {}) == (400, "required")
    rest("POST", "/b/raw-data/managedFolders", "", {"name": "team/"})
    assert rest.refused("POST", "/b/raw-data/managedFolders", "", {"name": "team/"}) == (409, "conflict")
    assert [each["name"] for each in rest("GET", "/b/raw-data/managedFolders", "prefix=te")["items"]] == ["team/"]
    assert rest("PATCH", "/b/raw-data/managedFolders/team%2F", "", {})["metageneration"] == "2"
    put(rest, "team%2Fx")
    assert rest.refused("DELETE", "/b/raw-data/managedFolders/team%2F")[0] == 409
    rest("DELETE", "/b/raw-data/managedFolders/team%2F", "allowNonEmpty=true")
    assert rest.refused("GET", "/b/raw-data/managedFolders/team%2F")[0] == 404


def test_folders_of_a_hierarchy(rest: Rest) -> None:
    assert rest.refused("POST", "/b/raw-data/folders", "", {"name": "a/"})[0] == 409
    tree = {
        "name": "tree",
        "hierarchicalNamespace": {"enabled": True},
        "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}},
    }
    rest("POST", "/b", "project=acme", tree)
    assert rest.refused("POST", "/b/tree/folders", "", {"name": "a/b/c/"})[0] == 404
    rest("POST", "/b/tree/folders", "recursive=true", {"name": "a/b/c/"})
    assert rest.refused("POST", "/b/tree/folders", "", {"name": "a/b"})[0] == 409
    rest.raw("POST", "/upload/storage/v1/b/tree/o", "uploadType=media&name=a/b/file", b"x")
    assert rest.refused("DELETE", "/b/tree/folders/a%2Fb%2F")[0] == 409
    rest("POST", "/b/tree/folders/a%2Fb%2F/renameTo/folders/z%2F")
    assert [each["name"] for each in rest("GET", "/b/tree/folders")["items"]] == ["a/", "z/", "z/c/"]
    assert rest.raw("GET", "/storage/v1/b/tree/o/z%2Ffile", "alt=media").body == b"x"
    assert rest.refused("POST", "/b/tree/folders/z%2F/renameTo/folders/a%2F")[0] == 409
    rest("POST", "/b/tree/folders/z%2F/deleteRecursive")
    assert [each["name"] for each in rest("GET", "/b/tree/folders")["items"]] == ["a/"]


@pytest.mark.parametrize("word", ["anywhereCaches", "rapidCaches"])
def test_caches(rest: Rest, word: str) -> None:
    assert rest.refused("POST", f"/b/raw-data/{word}", "", {}) == (400, "required")
    rest("POST", f"/b/raw-data/{word}", "", {"zone": "europe-west4-a"})
    assert rest.refused("POST", f"/b/raw-data/{word}", "", {"zone": "europe-west4-a"})[0] == 409
    assert rest("GET", f"/b/raw-data/{word}/europe-west4-a")["state"] == "running"
    rest("PATCH", f"/b/raw-data/{word}/europe-west4-a", "", {"ttl": "3600s"})
    assert rest("GET", f"/b/raw-data/{word}")["items"][0]["ttl"] == "3600s"
    rest("POST", f"/b/raw-data/{word}/europe-west4-a/disable")
    assert rest("GET", f"/b/raw-data/{word}/europe-west4-a")["state"] == "disabled"
    assert rest.refused("GET", f"/b/raw-data/{word}/other")[0] == 404


def test_notifications_need_a_topic(rest: Rest) -> None:
    path = "/b/raw-data/notificationConfigs"
    assert rest.refused("POST", path, "", {"payload_format": "NONE"}) == (400, "required")
    assert rest.refused("POST", path, "", {"topic": "projects/acme/topics/t"}) == (400, "required")
    missing = {"topic": "//pubsub.googleapis.com/projects/acme/topics/t", "payload_format": "NONE"}
    assert rest.refused("POST", path, "", missing) == (400, "invalid")
    assert rest.refused("GET", f"{path}/1")[0] == 404
    assert rest("GET", path) == {"kind": "storage#notifications"}


def test_many_objects_are_restored(rest: Rest) -> None:
    for name in ("a.csv", "b.csv", "c.txt"):
        put(rest, name)
        rest("DELETE", f"/b/raw-data/o/{name}")
    assert rest.refused("POST", "/b/raw-data/o/a.csv/restore")[0] == 400
    assert rest.refused("POST", "/b/raw-data/o/a.csv/restore", "generation=1")[0] == 404
    rest("POST", "/b/raw-data/o/bulkRestore", "", {"matchGlobs": ["*.csv"], "createdAfterTime": "2025-01-01T00:00:00Z"})
    assert [each["name"] for each in rest("GET", "/b/raw-data/o")["items"]] == ["a.csv", "b.csv"]
    rest("POST", "/b/raw-data/o/bulkRestore", "", {"softDeletedBeforeTime": "2025-01-01T00:00:00Z"})
    assert len(rest("GET", "/b/raw-data/o")["items"]) == 2


def test_an_objects_own_retention(rest: Rest) -> None:
    put(rest, "o")
    path = "/b/raw-data/o/o"
    rest("PATCH", path, "", {"retention": {"mode": "Unlocked", "retainUntilTime": "2027-01-01T00:00:00Z"}})
    assert rest.refused("DELETE", path) == (403, "retentionPolicyNotMet")
    assert rest.refused("PATCH", path, "", {"retention": None}) == (403, "forbidden")
    shorter = {"retention": {"mode": "Locked", "retainUntilTime": "2026-06-01T00:00:00Z"}}
    rest("PATCH", path, "overrideUnlockedRetention=true", shorter)
    assert rest.refused("PATCH", path, "overrideUnlockedRetention=true", {"retention": None}) == (403, "forbidden")
    replaced = rest.refused("PUT", path, "", {"contentType": "text/x"})
    assert replaced == (403, "forbidden")


def test_holds_of_events(rest: Rest) -> None:
    rest("PATCH", "/b/raw-data", "", {"defaultEventBasedHold": True, "retentionPolicy": {"retentionPeriod": "60"}})
    assert put(rest, "o")["eventBasedHold"] is True  # type: ignore[comparison-overlap]
    freed = rest("PATCH", "/b/raw-data/o/o", "", {"eventBasedHold": False})
    assert freed["retentionExpirationTime"] > freed["timeCreated"]


def test_keys_of_customers_are_checked(rest: Rest) -> None:
    path = "/upload/storage/v1/b/raw-data/o"
    wrong = rest.raw("POST", path, "uploadType=media&name=o", b"x", x_goog_encryption_key="!")
    assert wrong.status == 400
    other = rest.raw(
        "POST", path, "uploadType=media&name=o", b"x", x_goog_encryption_key="YQ==", x_goog_encryption_key_sha256="x"
    )
    assert other.status == 400


def test_keys_of_accounts(rest: Rest) -> None:
    path = "/projects/acme/hmacKeys"
    assert rest.refused("POST", path)[0] == 400
    made = rest("POST", path, "serviceAccountEmail=a@acme.iam.gserviceaccount.com")["metadata"]
    one = f"{path}/{made['accessId']}"
    assert rest("GET", one)["state"] == "ACTIVE"
    assert rest.refused("PUT", one, "", {"state": "GONE"})[0] == 400
    assert rest.refused("PUT", one, "", {"state": "INACTIVE", "etag": "x"})[0] == 412
    rest("PUT", one, "", {"state": "INACTIVE"})
    rest("DELETE", one)
    assert rest("GET", path, "showDeletedKeys=true")["items"][0]["state"] == "DELETED"
    assert rest("GET", path, "serviceAccountEmail=b@acme.test") == {"kind": "storage#hmacKeysMetadata"}
    assert rest.refused("GET", f"{path}/none")[0] == 404


def test_a_bucket_comes_back_once(rest: Rest) -> None:
    generation = rest("GET", "/b/raw-data")["generation"]
    rest("DELETE", "/b/raw-data")
    assert rest("GET", "/b/raw-data", f"softDeleted=true&generation={generation}")["softDeleteTime"]
    assert rest.refused("GET", "/b/raw-data", "softDeleted=true&generation=1")[0] == 404
    rest("POST", "/b", "project=acme", {"name": "raw-data"})
    assert rest.refused("POST", "/b/raw-data/restore", f"generation={generation}")[0] == 409


def test_through_the_loopback_links_lead_back(rest: Rest) -> None:
    put(rest, "o")
    local = Rest("", "/storage/v1", rest.cloud)
    assert local("GET", "/b/raw-data/o/o", host="127.0.0.1:9000")["mediaLink"].startswith(
        "http://127.0.0.1:9000/download/"
    )
    assert local.raw("GET", "/raw-data/o", host="127.0.0.1:9000").body == b"x"
    assert local.raw("GET", "/no-bucket/o", host="127.0.0.1:9000").status == 404
