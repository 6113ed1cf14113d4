"""Hashes of assets and archives, as the real engine computes them.

An asset's hash is the SHA-256 of its bytes; an archive's is that of its file if it is a file in an archive format,
else of a tar stream of its members in the order of their names (pulumi `sdk/go/common/resource/archive/archive.go`).
What is at an address on the network is not fetched, so it has no hash here.
"""

import hashlib
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mockcloud.pulumi.values import Value

_DEVICES: Final = slice(329, 345)
_CHECKSUM: Final = slice(148, 156)
_FORMATS: Final = (".tar", ".tgz", ".tar.gz", ".zip", ".jar")


def hash_asset(asset: Mapping[str, "Value"]) -> str | None:
    """Give the hash of a decoded asset; None if its bytes cannot be had."""
    content = _read(asset)
    return None if content is None else hashlib.sha256(content).hexdigest()


def hash_archive(archive: Mapping[str, "Value"]) -> str | None:
    """Give the hash of a decoded archive; None if its bytes cannot be had."""
    path = archive.get("path")
    if isinstance(path, str) and path.endswith(_FORMATS):
        return hash_asset(archive)
    members = dict(_members("", archive))
    if any(content is None for content in members.values()):
        return None
    digest = hashlib.sha256()
    for name in sorted(members):
        content = members[name] or b""
        digest.update(_header(name, len(content)))
        digest.update(content + bytes(-len(content) % tarfile.BLOCKSIZE))
    digest.update(bytes(2 * tarfile.BLOCKSIZE))
    return digest.hexdigest()


def _header(name: str, size: int) -> bytes:
    """Give a file's header as Go writes it: Python leaves the device numbers of a plain file empty, Go writes zeros."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    header = bytearray(entry.tobuf(format=tarfile.USTAR_FORMAT))
    header[_DEVICES] = b"0000000\0" * 2
    header[_CHECKSUM] = b" " * 8
    header[_CHECKSUM] = b"%06o\0 " % sum(header)
    return bytes(header)


def _members(prefix: str, archive: Mapping[str, "Value"]) -> Iterator[tuple[str, bytes | None]]:
    assets, path = archive.get("assets"), archive.get("path")
    if isinstance(assets, dict):
        for name, asset in assets.items():
            if not isinstance(asset, dict):
                yield prefix + name, None
            elif "assets" in asset or _is_directory(asset):
                yield from _members(f"{prefix}{name}/", asset)
            else:
                yield prefix + name, _read(asset)
    elif isinstance(path, str) and Path(path).is_dir():
        for file in sorted(Path(path).rglob("*")):
            if file.is_file():
                yield prefix + file.relative_to(path).as_posix(), file.read_bytes()
    else:
        yield prefix, None


def _is_directory(asset: Mapping[str, "Value"]) -> bool:
    path = asset.get("path")
    return isinstance(path, str) and Path(path).is_dir()


def _read(asset: Mapping[str, "Value"]) -> bytes | None:
    text, path = asset.get("text"), asset.get("path")
    if isinstance(text, str):
        return text.encode()
    if isinstance(path, str):
        return Path(path).read_bytes()
    return None
