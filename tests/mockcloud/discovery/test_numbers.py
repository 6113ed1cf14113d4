"""Numbers of enumerations: the table, and that it is what the client libraries say."""

import pytest

from mockcloud.discovery.numbers import names_of, numbers_of, table


def test_a_number_is_a_place_where_the_table_says_nothing() -> None:
    assert numbers_of("secretmanager", ("A_UNSPECIFIED", "ENABLED")) == {"A_UNSPECIFIED": 0, "ENABLED": 1}


def test_the_table_comes_first() -> None:
    entry = table()["aiplatform"][0]
    names = tuple(entry)
    assert numbers_of("aiplatform", names) == entry
    assert names_of("aiplatform", names)[entry[names[-1]]] == names[-1]
    assert numbers_of("unheard", names) != entry


def test_every_entry_of_the_table_is_needed() -> None:
    for api, entries in table().items():
        for each in entries:
            assert list(each.values()) != list(range(len(each))), (api, each)


@pytest.mark.parametrize(
    ("api", "module", "enum"),
    [
        ("cloudkms", "google.cloud.kms_v1", "CryptoKeyVersion.CryptoKeyVersionState"),
        ("dlp", "google.cloud.dlp_v2", "FileType"),
    ],
)
def test_the_table_is_what_the_client_says(api: str, module: str, enum: str) -> None:
    client = pytest.importorskip(module)
    found = client
    for part in enum.split("."):
        found = getattr(found, part)
    entries = [each for each in table()[api] if set(each) <= {member.name for member in found}]
    assert entries
    assert any(all(found[name].value == number for name, number in each.items()) for each in entries)
