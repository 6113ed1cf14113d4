"""Names as reports show them."""

import pytest

from groundplan_policies.reports.words import name_of


@pytest.mark.parametrize(
    ("urn", "name"),
    [
        ("urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::site", "site"),
        ("urn:pulumi:dev::shop::a:b:C$gcp:storage/bucket:Bucket::eu::site", "eu::site"),
        ("urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::a\x1bb", "a\\x1bb"),
    ],
)
def test_a_name_is_all_that_follows_the_type(urn: str, name: str) -> None:
    assert name_of(urn) == name
