"""Storage's XML API and signed addresses over HTTP: what its client does not show."""

import pytest

from tests.mockcloud.services.data_rest import Rest


@pytest.fixture
def rest() -> Rest:
    made = Rest("storage.googleapis.com")
    made("POST", "/storage/v1/b", "project=acme", {"name": "raw-data"})
    return made


def code(found: bytes) -> str:
    return found.decode().partition("<Code>")[2].partition("</Code>")[0]


def test_buckets(rest: Rest) -> None:
    assert rest.raw("PUT", "/new-bucket", x_goog_project_id="acme").status == 200
    assert rest.raw("HEAD", "/new-bucket").status == 200
    assert rest.raw("HEAD", "/no-bucket").status == 404
    assert rest.raw("DELETE", "/new-bucket").status == 204
    assert code(rest.raw("POST", "/raw-data").body) == "NotImplemented"
    assert rest.raw("GET", "/").status == 501
    rest.raw("PUT", "/raw-data/a", body=b"1")
    assert code(rest.raw("DELETE", "/raw-data").body) == "BucketNotEmpty"


def test_pages_of_a_list(rest: Rest) -> None:
    for name in ("a", "b", "c"):
        rest.raw("PUT", f"/raw-data/{name}", body=b"1")
    first = rest.raw("GET", "/raw-data", "list-type=2&max-keys=2").body.decode()
    token = first.partition("<NextContinuationToken>")[2].partition("<")[0]
    second = rest.raw("GET", "/raw-data", f"list-type=2&continuation-token={token}").body.decode()
    assert ("<IsTruncated>true" in first, "<Key>c</Key>" in first, "<Key>c</Key>" in second) == (True, False, True)


def test_objects(rest: Rest) -> None:
    made = rest.raw("PUT", "/raw-data/o", body=b"abc", content_type="text/x", cache_control="no-store")
    generation = made.headers["X-Goog-Generation"]
    assert rest.raw("GET", "/raw-data/o", f"generation={generation}").headers["Cache-Control"] == "no-store"
    assert rest.raw("PUT", "/raw-data/o", body=b"x", x_goog_if_generation_match="0").status == 412
    assert rest.raw("PUT", "/raw-data/o", body=b"x", content_md5="kAFQmDzST7DWlj99KOF/cg==").status == 400
    assert rest.raw("GET", "/raw-data/o", range="bytes=9-").status == 416
    assert rest.raw("PUT", "/raw-data/p", x_goog_copy_source="nothing").status == 400
    assert rest.raw("POST", "/raw-data/o", body=b"form").status == 501
    assert rest.raw("GET", "/raw-data/o", "acl").status == 501


def test_uploads_in_parts(rest: Rest) -> None:
    begun = rest.raw("POST", "/raw-data/big", "uploads", content_type="text/x").body.decode()
    identifier = begun.partition("<UploadId>")[2].partition("<")[0]
    for number, content in ((2, b"world"), (1, b"hello ")):
        assert rest.raw("PUT", "/raw-data/big", f"partNumber={number}&uploadId={identifier}", content).status == 200
    assert rest.raw("PUT", "/raw-data/big", f"partNumber=0&uploadId={identifier}", b"").status == 400
    parts = "".join(f"<Part><PartNumber>{each}</PartNumber></Part>" for each in (1, 2))
    wrong = b"<X><Part><PartNumber>7</PartNumber></Part></X>"
    assert rest.raw("POST", "/raw-data/big", f"uploadId={identifier}", wrong).status == 400
    assert rest.raw("POST", "/raw-data/big", f"uploadId={identifier}", f"<X>{parts}</X>".encode()).status == 200
    assert rest.raw("GET", "/raw-data/big").body == b"hello world"
    assert rest.raw("DELETE", "/raw-data/big", f"uploadId={identifier}").status == 404
    other = rest.raw("POST", "/raw-data/big", "uploads").body.decode().partition("<UploadId>")[2].partition("<")[0]
    assert rest.raw("DELETE", "/raw-data/big", f"uploadId={other}").status == 204


def test_uploads_in_chunks(rest: Rest) -> None:
    begun = rest.raw("POST", "/raw-data/big", x_goog_resumable="start", x_goog_meta_k="v")
    assert begun.status == 201
    query = begun.headers["Location"].partition("?")[2]
    assert rest.raw("PUT", "/raw-data/big", query, b"ab", content_range="bytes 0-1/4").status == 308
    assert rest.raw("PUT", "/raw-data/big", query, b"cd", content_range="bytes 2-3/4").status == 200
    assert rest("GET", "/storage/v1/b/raw-data/o/big")["metadata"] == {"k": "v"}
    assert rest.raw("PUT", "/raw-data/big", "upload_id=none", b"x").status == 404


V4 = (
    "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=a%40acme.test%2Fscope&X-Goog-SignedHeaders=host"
    "&X-Goog-Signature="
)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"{V4}ab&X-Goog-Date=20260101T000000Z&X-Goog-Expires=60", 200),
        (f"{V4}ab&X-Goog-Date=20250101T000000Z&X-Goog-Expires=60", 400),
        (f"{V4}ab&X-Goog-Date=20260101T000000Z&X-Goog-Expires=999999", 400),
        (f"{V4}ab&X-Goog-Date=now&X-Goog-Expires=60", 400),
        ("GoogleAccessId=a@acme.test&Signature=YQ==&Expires=1798761600", 200),
        ("GoogleAccessId=a@acme.test&Signature=YQ==&Expires=1", 400),
        ("GoogleAccessId=a@acme.test&Signature=YQ==&Expires=soon", 400),
        (f"{V4}ab&X-Goog-Date=99999999T999999Z&X-Goog-Expires=60", 400),
        (f"{V4}ab&X-Goog-Date=99991231T235959Z&X-Goog-Expires=60", 400),
        (f"{V4}ab&X-Goog-Date=20260101T000000Z&X-Goog-Expires=%C2%B2", 400),
        (f"GoogleAccessId=a@acme.test&Signature=YQ==&Expires={'9' * 30}", 400),
        ("GoogleAccessId=a@acme.test&Signature=YQ==&Expires=%C2%B2", 400),
    ],
)
def test_addresses_of_signers_that_nobody_knows(rest: Rest, query: str, status: int) -> None:
    rest.raw("PUT", "/raw-data/o", body=b"abc")
    assert rest.raw("GET", "/raw-data/o", query).status == status


@pytest.mark.parametrize(
    "query",
    [
        f"{V4}zz&X-Goog-Date=20260101T000000Z&X-Goog-Expires=60",
        f"{V4}abcd&X-Goog-Date=20260101T000000Z&X-Goog-Expires=60",
        "GoogleAccessId=a@acme.test&Signature=Y&Expires=1798761600",
    ],
)
def test_signatures_of_known_accounts_are_checked(rest: Rest, query: str) -> None:
    iam = Rest("iam.googleapis.com", "/v1", rest.cloud)
    made = iam("POST", "/projects/acme/serviceAccounts", "", {"accountId": "signer"})
    rest.raw("PUT", "/raw-data/o", body=b"abc")
    found = rest.raw(
        "GET", "/raw-data/o", query.replace("a%40acme.test", made["email"]).replace("a@acme.test", made["email"])
    )
    assert (found.status, code(found.body)) == (403, "SignatureDoesNotMatch")
