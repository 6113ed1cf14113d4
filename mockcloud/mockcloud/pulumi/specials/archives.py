"""The bytes of a program's assets and archives, as the engine's clients read and pack them.

Source of the behaviour: pulumi `sdk/go/common/resource/asset` and `…/archive`: archives become ZIP files, with entries
in the order of their names and one constant time; a ZIP file stays as it is.
"""

import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from mockcloud.errors import Error
from mockcloud.pulumi.values import ARCHIVE, ASSET, SIGNATURE

_TIME: Final = (1990, 1, 1, 0, 0, 0)
"""The time of every entry of an archive."""

_TARS: Final = (".tar", ".tgz", ".tar.gz")
_ZIPS: Final = (".zip", ".jar")


class NoContent(Error):
    """The content of an asset cannot be read."""


def content_of(source: object) -> bytes:
    """Give the bytes of an asset, or of an archive as a ZIP file.

    Args:
        source: An asset or archive as documents have it.

    Raises:
        NoContent: It is none, cannot be read, or lies elsewhere than on this machine.
    """
    if not isinstance(source, Mapping) or source.get(SIGNATURE) not in {ASSET, ARCHIVE}:
        raise no_content("neither content nor source")
    if source[SIGNATURE] == ASSET:
        return _asset(source)
    path = _path(source)
    if path is not None and path.is_file() and path.name.endswith(_ZIPS):
        return _bytes(path)
    return _packed(dict(_entries(source)))


def no_content(given: str) -> NoContent:
    """Give the error for content that is not there or cannot be read."""
    return NoContent(
        "The object has no content that can be read",
        given=given,
        allowed="content, or source: a StringAsset, a FileAsset, a FileArchive or an AssetArchive, of this machine",
        remedy="give one of them; a path is relative to where the program runs",
    )


def _asset(source: Mapping[str, Any]) -> bytes:
    if source.get("text") is not None:
        return str(source["text"]).encode()
    path = _path(source)
    if path is None:
        raise no_content("an asset without text, path and URI")
    return _bytes(path)


def _path(source: Mapping[str, Any]) -> Path | None:
    """Give where an asset lies; None for one that holds what it is itself."""
    if source.get("path"):
        return Path(str(source["path"]))
    if not source.get("uri"):
        return None
    link = urlsplit(str(source["uri"]))
    if link.scheme != "file":
        raise no_content(f"{link.scheme}://{link.hostname}, which the mock cloud does not fetch")
    return Path(unquote(link.path))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise no_content(f"{path}: {error.strerror}") from error


def _entries(source: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, bytes]]:
    """Give what is in an archive, by name."""
    for name, each in (source.get("assets") or {}).items():
        if isinstance(each, Mapping) and each.get(SIGNATURE) == ARCHIVE:
            yield from _entries(each, f"{above}{name}/")
        else:
            yield f"{above}{name}", content_of(each)
    path = _path(source)
    if path is None:
        return
    if path.is_dir():
        for file in path.rglob("*"):
            if file.is_file():
                yield f"{above}{file.relative_to(path).as_posix()}", _bytes(file)
    else:
        for name, content in _unpacked(path):
            yield f"{above}{name}", content


def _unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    """Give what is in an archive that lies in a file."""
    content = io.BytesIO(_bytes(path))
    try:
        if path.name.endswith(_TARS):
            with tarfile.open(fileobj=content) as tar:
                for member in tar:
                    file = tar.extractfile(member) if member.isfile() else None
                    if file is not None:
                        yield member.name, file.read()
        else:
            with zipfile.ZipFile(content) as packed:
                for each in packed.infolist():
                    if not each.is_dir():
                        yield each.filename, packed.read(each)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise no_content(f"{path}, which is no archive that can be read: {error}") from error


def _packed(entries: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(entries):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, entries[name])
    return made.getvalue()
