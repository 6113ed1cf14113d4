"""What a program's assets hold, and how archives are packed."""

import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mockcloud.pulumi.provider import Provider
from mockcloud.pulumi.specials.archives import NoContent, content_of
from mockcloud.pulumi.specials.buckets import media_of
from mockcloud.pulumi.values import ARCHIVE, ASSET, SIGNATURE
from tests.mockcloud.pulumi.lives import world


def asset(**held: Any) -> dict[str, Any]:
    return {SIGNATURE: ASSET, **held}


def archive(**held: Any) -> dict[str, Any]:
    return {SIGNATURE: ARCHIVE, **held}


def entries(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as found:
        assert {each.date_time for each in found.infolist()} == {(1990, 1, 1, 0, 0, 0)}
        return {each.filename: found.read(each) for each in found.infolist()}


def test_an_asset_is_its_text_or_its_file(tmp_path: Path) -> None:
    file = tmp_path / "a b.txt"
    file.write_bytes(b"\x00file")

    assert content_of(asset(text="höher")) == "höher".encode()
    assert content_of(asset(path=str(file))) == b"\x00file"
    assert content_of(asset(uri=file.as_uri())) == b"\x00file"


def test_a_directory_is_packed_the_same_wherever_it_lies(tmp_path: Path) -> None:
    for name in ("one", "two"):
        inner = tmp_path / name / "inner"
        inner.mkdir(parents=True)
        (inner / "b.py").write_text("b")
        (tmp_path / name / "a.py").write_text("a")

    packed = [content_of(archive(path=str(tmp_path / name))) for name in ("one", "two")]

    assert packed[0] == packed[1]
    assert list(entries(packed[0])) == ["a.py", "inner/b.py"]


def test_an_archive_of_assets_holds_archives_in_directories(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("main")
    source = archive(assets={"z.txt": asset(text="z"), "lib": archive(path=str(tmp_path))})

    assert entries(content_of(source)) == {"lib/main.py": b"main", "z.txt": b"z"}


def test_a_zip_file_stays_and_another_archive_becomes_one(tmp_path: Path) -> None:
    packed, tar = tmp_path / "code.zip", tmp_path / "code.tar.gz"
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("main.py", "main")
    with tarfile.open(tar, "w:gz") as made_too:
        member = tarfile.TarInfo("main.py")
        member.size = 4
        made_too.addfile(member, io.BytesIO(b"main"))

    assert content_of(archive(path=str(packed))) == packed.read_bytes()
    assert entries(content_of(archive(path=str(tar)))) == {"main.py": b"main"}
    assert entries(content_of(archive(assets={"code": archive(path=str(packed))}))) == {"code/main.py": b"main"}


@pytest.mark.parametrize(
    "source",
    [
        None,
        {},
        asset(),
        asset(path="/nowhere/at/all"),
        asset(uri="https://acme.test/code.zip"),
        archive(path="/nowhere/at/all.zip"),
        archive(uri="https://acme.test/code.zip"),
    ],
)
def test_what_cannot_be_read_is_said(source: object) -> None:
    with pytest.raises(NoContent) as refused:
        content_of(source)

    assert refused.value.allowed
    assert refused.value.remedy


def test_a_file_that_is_no_archive_is_said(tmp_path: Path) -> None:
    (tmp_path / "code.tar").write_text("no archive")

    with pytest.raises(NoContent, match="no content"):
        content_of(archive(path=str(tmp_path / "code.tar")))


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"PK\x03\x04rest", "application/zip"),
        ("höher".encode(), "text/plain; charset=utf-8"),
        (b"", "text/plain; charset=utf-8"),
        (b"\x00\x01", "application/octet-stream"),
    ],
)
def test_content_has_the_type_that_it_looks_like(content: bytes, media: str) -> None:
    assert media_of(content) == media


def make(provider: Provider, token: str, **inputs: Any) -> dict[str, Any]:
    return provider.create(f"gcp:storage/{token}", inputs, "urn").outputs


def test_an_object_shows_when_its_content_was_changed_elsewhere() -> None:
    provider = world().provider
    make(provider, "bucket:Bucket", name="models", location="EU")
    inputs = {"bucket": "models", "name": "a-b.txt", "source": asset(text="one"), "detectMd5hash": "different hash"}
    state = provider.create("gcp:storage/bucketObject:BucketObject", inputs, "urn")
    first = provider.read("gcp:storage/bucketObject:BucketObject", state.id, inputs, state.outputs)

    provider.place.api.upload("storage.googleapis.com", "upload/storage/v1/b/models/o", {"name": "a-b.txt"}, b"two")
    second = provider.read("gcp:storage/bucketObject:BucketObject", state.id, inputs, state.outputs)

    assert first is not None
    assert first[1] == inputs
    assert second is not None
    assert second[1]["detectMd5hash"] == second[0].outputs["md5hash"] != state.outputs["md5hash"]


def test_a_bucket_that_is_not_empty_goes_only_where_the_program_says_so() -> None:
    provider = world().provider
    bucket = provider.create("gcp:storage/bucket:Bucket", {"name": "models", "location": "EU"}, "urn")
    make(provider, "bucketObject:BucketObject", bucket="models", name="a", content="a")

    with pytest.raises(Exception, match="not empty"):
        provider.delete("gcp:storage/bucket:Bucket", bucket)
    bucket.outputs["forceDestroy"] = True
    provider.delete("gcp:storage/bucket:Bucket", bucket)

    assert provider.read("gcp:storage/bucket:Bucket", "models", {}, {}) is None
