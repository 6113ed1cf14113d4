"""What the credentials of a call add to its metadata."""

import contextlib
import functools
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

Metadata = Iterable[tuple[str, str | bytes]]

_MARK: Final = "_mockcloud_plugins"
"""Attribute of credentials that holds their plugins."""


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
    for plugin in _plugins(credentials):
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


class _Context(NamedTuple):
    """What a plugin is told of a call."""

    service_url: str
    method_name: str


def remember(module: Any) -> None:  # noqa: ANN401 - the module of grpc, whose functions are replaced
    """Let call credentials, and what is put together from them, remember their plugins: grpc's C layer hides them."""
    of_plugin, of_token = module.metadata_call_credentials, module.access_token_call_credentials
    of_calls, of_channel = module.composite_call_credentials, module.composite_channel_credentials

    @functools.wraps(of_plugin)
    def metadata_call_credentials(plugin: Any, name: str | None = None) -> Any:  # noqa: ANN401 - of grpc
        return _marked(of_plugin(plugin, name), [plugin])

    @functools.wraps(of_token)
    def access_token_call_credentials(token: str) -> Any:  # noqa: ANN401 - of grpc
        def plugin(_context: object, callback: Any) -> None:  # noqa: ANN401 - of grpc
            callback((("authorization", f"Bearer {token}"),), None)

        return _marked(of_token(token), [plugin])

    @functools.wraps(of_calls)
    def composite_call_credentials(*parts: Any) -> Any:  # noqa: ANN401 - of grpc
        return _marked(of_calls(*parts), [plugin for each in parts for plugin in getattr(each, _MARK, ())])

    @functools.wraps(of_channel)
    def composite_channel_credentials(channel: Any, *parts: Any) -> Any:  # noqa: ANN401 - of grpc
        kept = [plugin for each in (channel, *parts) for plugin in getattr(each, _MARK, ())]
        return _marked(of_channel(channel, *parts), kept)

    of_machine = module.compute_engine_channel_credentials

    @functools.wraps(of_machine)
    def compute_engine_channel_credentials(part: Any) -> Any:  # noqa: ANN401 - of grpc
        return _marked(of_machine(part), list(getattr(part, _MARK, ())))

    module.compute_engine_channel_credentials = compute_engine_channel_credentials
    module.metadata_call_credentials = metadata_call_credentials
    module.access_token_call_credentials = access_token_call_credentials
    module.composite_call_credentials = composite_call_credentials
    module.composite_channel_credentials = composite_channel_credentials


def _marked(credentials: Any, plugins: list[Any]) -> Any:  # noqa: ANN401 - of grpc
    setattr(credentials, _MARK, plugins)
    return credentials


def _raw(plugin: Any) -> Any:  # noqa: ANN401 - of grpc
    """Give a plugin in the form that the C layer has: it takes the call's address and method."""

    def ask(url: str, method: str, answer: Any) -> None:  # noqa: ANN401 - of grpc
        try:
            plugin(
                _Context(url, method),
                lambda metadata, error: answer(metadata if error is None else None, None, str(error)),
            )
        except Exception as error:  # noqa: BLE001 - whatever a plugin raises fails its call, as in grpc itself
            answer(None, None, f"{type(error).__name__}: {error}")

    return ask


def _plugins(credentials: Any) -> Iterator[Any]:  # noqa: ANN401 - objects of grpc's C layer, which has no types
    """Give what makes metadata in credentials that may be put together from others."""
    remembered = getattr(credentials, _MARK, None)
    if remembered is not None:
        yield from (_raw(each) for each in remembered)
        return
    credentials = getattr(credentials, "_credentials", credentials)
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
