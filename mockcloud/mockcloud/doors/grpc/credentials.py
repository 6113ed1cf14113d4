"""What the credentials of a call add to its metadata."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

import grpc

Metadata = Iterable[tuple[str, str | bytes]]

_UNREADABLE: Final = grpc.StatusCode.UNAVAILABLE


class CredentialsFailed(Exception):
    """Call credentials gave no metadata; Google's clients call again then, as they do with the real channel."""


def call_metadata(credentials: object, host: str, path: str) -> list[tuple[str, str]]:
    """Ask credentials for the metadata of a call, such as `authorization`.

    Args:
        credentials: Of a channel or a call, as grpc makes them; None for none.
        host: Host that is called.
        path: The method: `/google.cloud.kms.v1.KeyManagementService/GetKeyRing`.

    Raises:
        CredentialsFailed: They cannot say.
    """
    found: list[tuple[str, str]] = []
    service, _, method = path.strip("/").partition("/")
    for plugin in _plugins(getattr(credentials, "_credentials", credentials)):
        failure: list[str] = []

        def answer(metadata: Metadata | None, code: object, details: object, to: list[str] = failure) -> None:
            del code
            found.extend((key.lower(), _text(value)) for key, value in metadata or ())
            if metadata is None:
                to.append(_text(details))

        plugin(f"https://{host}/{service}", method, answer)
        if failure:
            raise CredentialsFailed(f"Getting metadata from plugin failed with error: {failure[0]}")
    return found


def _plugins(credentials: Any) -> Iterator[Any]:  # noqa: ANN401 - objects of grpc's C layer, which has no types
    """Give what makes metadata in credentials that may be put together from others."""
    plugin = getattr(credentials, "_metadata_plugin", None)
    if plugin is not None:
        yield plugin
    for each in getattr(credentials, "_call_credentialses", ()):
        yield from _plugins(each)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        with contextlib.suppress(UnicodeDecodeError):
            return value.decode()
        return value.hex()
    return str(value)


def headers_of(metadata: Metadata | None) -> dict[str, str]:
    """Give metadata as headers, by lower-case name; of one that comes twice, the last."""
    return {key.lower(): _text(value) for key, value in metadata or ()}
