"""Which properties a control reads, and which options take them in."""

import pytest

from groundplan_policies.engine.control import Read
from groundplan_policies.engine.reads import covers, read_options, read_paths
from tests.policies.engine.small import control

BUCKET = "gcp:storage/bucket:Bucket"


@pytest.mark.parametrize(
    "entry",
    [
        "a.b",
        "a",
        "a[0]",
        "a[0].b",
        "a[*].b",
        "a.*",
        "a[*]",
        "*",
        "*.b",
        "[*].b",
        "a.b.c",
        "a.b[3]",
        'a["b"]',
        'a[ "b" ].c',
        '["a"].b',
        "a.b*",
        "",
        "a[",
        "a]",
        "a[x]",
        "**.z",
        "a.**",
    ],
)
def test_a_path_covers_what_it_equals_holds_lies_in_or_might_mean(entry: str) -> None:
    assert covers(entry, "a.b")


@pytest.mark.parametrize("entry", ["b", "a.c", "ab", "a.bc", 'a["b.c"]', 'a["b\\"c"]', "*.c", "a[0].c", "A.b", "a.c.b"])
def test_a_path_to_something_else_covers_nothing(entry: str) -> None:
    assert not covers(entry, "a.b")


def test_a_quoted_key_is_one_key() -> None:
    assert covers('labels["a.b"]', "labels")
    assert covers('["with \\"quotes\\""]', 'with "quotes"')


def test_properties_and_options_are_told_apart() -> None:
    reads = (
        Read("storage.Bucket", "location"),
        Read("storage.Bucket", "location"),
        Read("*", "labels"),
        Read("*", "document:protect"),
        Read("*BucketIamMember", "member"),
        Read("kms.KeyRing", "name"),
    )

    assert read_paths(control(reads=reads), BUCKET) == ("location", "labels")
    assert read_options(control(reads=reads), BUCKET) == ("document:protect",)
    assert read_paths(control(reads=reads), "gcp:storage/bucketIAMMember:BucketIAMMember") == ("labels", "member")
    assert read_paths(control(reads=reads), "random:index/randomId:RandomId") == ()
