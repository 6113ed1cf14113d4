"""Raw data: the installed copy as it is, folders of the same form, and what is neither."""

from pathlib import Path

import pytest

from census_workloads import source, storage
from census_workloads.catalog import catalog
from census_workloads.errors import SourceError

FILES = catalog().files


def test_the_installed_copy_is_whole() -> None:
    assert len(source.read("", FILES.training)) == 32_561
    assert len(source.read("", FILES.holdout)) == 16_281


def test_both_files_write_the_labels_alike() -> None:
    for file in (FILES.training, FILES.holdout):
        assert set(source.read("", file)["income"]) == {"<=50K", ">50K"}


def test_missing_values_are_missing_and_no_text() -> None:
    table = source.read("", FILES.training)
    assert (table == "?").sum().sum() == 0
    assert table["workclass"].isna().sum() == 1_836


def test_a_folder_with_files_of_the_same_form_is_read(small_source: Path) -> None:
    assert len(source.read(str(small_source), FILES.training)) == 3_000


def test_a_copy_that_nobody_reviewed_is_refused() -> None:
    other = FILES.training.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(SourceError, match="not the file that was reviewed"):
        source.read("", other)


def test_a_folder_without_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"without the file adult\.data"):
        source.read(str(tmp_path), FILES.training)


@pytest.mark.parametrize(
    "content", [b"", b"1,2,3\n", b"1,2\n1,2,3\n", b"\xff\xfe\x00\n"], ids=["empty", "narrow", "ragged", "binary"]
)
def test_a_file_that_is_no_such_table_is_refused_without_its_lines(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILES.training.name).write_bytes(content)
    with pytest.raises(SourceError, match=r"adult.data cannot be read") as caught:
        source.read(str(tmp_path), FILES.training)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("place", "path"), [("gs://bucket/data", "/gcs/bucket/data"), ("data/raw", "data/raw"), ("/data", "/data")]
)
def test_a_bucket_is_a_folder_in_the_cloud(place: str, path: str) -> None:
    assert storage.folder(place) == Path(path)


@pytest.mark.parametrize("place", ["https://example.test/adult", "s3://bucket/data", ""])
def test_another_address_is_refused(place: str) -> None:
    with pytest.raises(SourceError, match="a folder cannot be reached"):
        storage.folder(place)


def test_what_a_task_writes_in_the_cloud_has_an_address() -> None:
    assert storage.address("/gcs/bucket/runs/1/model") == "gs://bucket/runs/1/model"
    assert storage.address("/elsewhere/model") == "/elsewhere/model"
