"""The methods of gRPC services: messages and HTTP forms, read from the client packages when first called.

Google's client wheels describe messages but no services. Which methods a service has, and of which messages, is what
its transport asks a channel for; their HTTP forms are in the REST transport beside it, else in `forms/`.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Self, get_args

import grpc
import yaml
from google.protobuf.message import Message

from mockcloud.cloud.errors import ApiError, not_modelled
from mockcloud.doors.grpc.bindings import Binding

_HERE: Final = Path(__file__).parent
_SERVICE: Final = re.compile(r"(?P<package>[a-z0-9_.]+?)(?:\.(?P<version>v\d\w*))?\.(?P<name>[A-Z]\w*)")


@dataclass(frozen=True, slots=True)
class Rpc:
    """One method.

    Attributes:
        path: As gRPC names it: `/google.cloud.kms.v1.KeyManagementService/GetKeyRing`.
        api: API that serves it; "" for a method that every API has.
        request: Class of the request's message.
        response: Class of the answer's message.
        bindings: Its HTTP forms, in the order in which they are tried.
        client_streaming: Whether it takes many requests.
        server_streaming: Whether it gives many answers.
    """

    path: str
    api: str
    request: type[Message]
    response: type[Message]
    bindings: tuple[Binding, ...] = ()
    client_streaming: bool = False
    server_streaming: bool = False

    @property
    def name(self) -> str:
        """Service and method, without the package: `KeyManagementService.GetKeyRing`."""
        return ".".join(self.path.split("/")[1:]).rpartition(".")[0].rpartition(".")[2] + "." + self.method

    @property
    def method(self) -> str:
        """The method alone: `GetKeyRing`."""
        return self.path.rpartition("/")[2]


def find_rpc(path: str) -> Rpc:
    """Find a method by its gRPC path.

    Raises:
        ApiError: 501: it is of no API that is served, or its client package is not installed.
    """
    found = _known.get(path)
    if found is None:
        service = path.strip("/").partition("/")[0]
        with _loading:
            _known.update(methods_of(service))
        found = _known.get(path)
    if found is None:
        raise not_modelled(f"the method {path}")
    return found


def known_rpc(path: str) -> Rpc | None:
    """Find a method of a service that was called before; None for another."""
    return _known.get(path)


_known: Final[dict[str, Rpc]] = {}
_loading: Final = threading.RLock()


@lru_cache(maxsize=1)
def packages() -> Mapping[str, Mapping[str, str]]:
    """Give the table of packages: package of a service without version -> API, Python package, distribution."""
    with (_HERE / "packages.yaml").open(encoding="utf-8") as file:
        table: dict[str, dict[str, str]] = yaml.safe_load(file)
    return table


@cache
def _forms(name: str) -> Mapping[str, Mapping[str, tuple[Binding, ...]]]:
    """Read a table of HTTP forms: service -> method -> forms. There is one for each API that needs it."""
    path = _HERE / "forms" / f"{name}.yaml"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8") as file:
        table: dict[str, dict[str, list[str]]] = yaml.safe_load(file)
    return {
        service: {method: tuple(Binding(*form.split(" ")) for form in forms) for method, forms in methods.items()}
        for service, methods in table.items()
    }


def methods_of(service: str) -> dict[str, Rpc]:
    """Read the methods of a service: gRPC path -> method."""
    mixins = _mixins(service)
    if mixins:
        return mixins
    match = _SERVICE.fullmatch(service)
    entry = packages().get(match["package"]) if match else None
    if match is None or entry is None:
        return {}
    transports = _transports(entry, match["version"] or "", match["name"], service)
    return {rpc.path: rpc for rpc in _described(transports, entry["api"], service, match["name"])}


def _transports(entry: Mapping[str, str], version: str, name: str, service: str) -> str:
    """Give the Python package that holds the transports of a service.

    Raises:
        ApiError: 501, where it is not installed.
    """
    package = f"{entry['python']}_{version}" if version else entry["python"]
    try:
        spec = find_spec(f"{package}.services")
    except ModuleNotFoundError:
        spec = None
    for folder in spec.submodule_search_locations or () if spec else ():
        # `BigQueryRead` is in `big_query_read`, `IAM` in `iam`.
        for each in sorted(Path(folder).iterdir()):
            if each.name.replace("_", "") == name.lower():
                return f"{package}.services.{each.name}.transports"
    raise ApiError(
        501,
        "UNIMPLEMENTED",
        f"The mock cloud cannot read the messages of {service}: install a version of {entry['install']} that has "
        f"{package}.",
        reason="notImplemented",
    )


def _described(transports: str, api: str, service: str, name: str) -> Iterator[Rpc]:
    """Give the methods that a transport asks a channel for."""
    transport = getattr(import_module(f"{transports}.grpc"), f"{name}GrpcTransport")
    rest, forms = _rest(transports, name), _forms(api).get(service, {})
    asked = _Asked()
    made = transport(channel=asked)
    # Its logging stands between it and the channel, and asks only when a method is called.
    made._logged_channel = asked  # noqa: SLF001 - the transports have no other way
    for key, member in vars(transport).items():
        if not isinstance(member, property) or member.fget is None:
            continue
        types = get_args(member.fget.__annotations__.get("return"))
        if len(types) != 2:  # noqa: PLR2004 - `Callable[[Request], Response]`; other properties are no methods
            continue
        made._stubs.pop(key, None)  # noqa: SLF001 - as above
        path, client_streaming, server_streaming = asked.during(made, key)
        if not path.startswith(f"/{service}/"):
            continue  # a property that is no method, or a method that every API has
        method = path.rpartition("/")[2]
        yield Rpc(
            path=path,
            api=api,
            request=_message(types[0][0]),
            response=_message(types[1]),
            bindings=_bindings(rest, method) if rest else forms.get(method, ()),
            client_streaming=client_streaming,
            server_streaming=server_streaming,
        )


class _Asked(grpc.Channel):
    """A channel that notes which method it is asked for."""

    def __init__(self) -> None:
        self._last = ("", False, False)

    def during(self, transport: object, name: str) -> tuple[str, bool, bool]:
        """Read a property of a transport; give the method that it asks for, whether it takes and gives many."""
        self._last = ("", False, False)
        getattr(transport, name)
        return self._last

    def _note(self, path: str, *, client: bool, server: bool) -> Callable[..., None]:
        self._last = (path, client, server)
        return _not_called

    def unary_unary(self, method: str, *_: object, **__: object) -> Any:  # noqa: ANN401 - never called
        return self._note(method, client=False, server=False)

    def unary_stream(self, method: str, *_: object, **__: object) -> Any:  # noqa: ANN401 - never called
        return self._note(method, client=False, server=True)

    def stream_unary(self, method: str, *_: object, **__: object) -> Any:  # noqa: ANN401 - never called
        return self._note(method, client=True, server=False)

    def stream_stream(self, method: str, *_: object, **__: object) -> Any:  # noqa: ANN401 - never called
        return self._note(method, client=True, server=True)

    def subscribe(self, callback: object, try_to_connect: object = None) -> None:
        del callback, try_to_connect

    def unsubscribe(self, callback: object) -> None:
        del callback

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def _not_called(*_: object, **__: object) -> None:
    raise AssertionError("a method of a channel that only notes was called")


def _message(python: Any) -> type[Message]:  # noqa: ANN401 - a class of proto-plus or of protobuf
    """Give the class of protobuf behind a class of a client."""
    found = python if isinstance(python, type) and issubclass(python, Message) else python.pb()
    if not (isinstance(found, type) and issubclass(found, Message)):
        raise TypeError(f"{python!r} is no message")
    return found


def _rest(transports: str, name: str) -> type | None:
    module = f"{transports}.rest_base"
    if find_spec(module) is None:
        return None
    found: ModuleType = import_module(module)
    return getattr(found, f"_Base{name}RestTransport", None)


def _bindings(rest: type, method: str) -> tuple[Binding, ...]:
    """Give the HTTP forms of a method, as the client's own REST transport has them."""
    described: Any = getattr(rest, f"_Base{method}", None)
    if not hasattr(described, "_get_http_options"):
        return ()
    options: list[dict[str, str]] = described._get_http_options()  # noqa: SLF001 - they are nowhere else
    return tuple(Binding(each["method"].upper(), each["uri"], each.get("body", "")) for each in options)


# What every API has
# ---------------------------------------------------------------------------------------------------------------------


def _mixins(service: str) -> dict[str, Rpc]:
    """Give the methods of a service that every API has. Their forms lack the version of the API."""
    return {
        path: Rpc(path, "", *_mixin_messages(service, method), bindings=bindings)
        for method, bindings in _forms("mixins").get(service, {}).items()
        for path in [f"/{service}/{method}"]
    }


def _mixin_messages(service: str, method: str) -> tuple[type[Message], type[Message]]:
    from google.cloud.location import locations_pb2
    from google.iam.v1 import iam_policy_pb2, policy_pb2
    from google.longrunning import operations_pb2
    from google.protobuf import empty_pb2

    home: Any = {
        "google.longrunning.Operations": operations_pb2,
        "google.iam.v1.IAMPolicy": iam_policy_pb2,
        "google.cloud.location.Locations": locations_pb2,
    }[service]
    answers: Mapping[str, type[Message]] = {
        "GetOperation": operations_pb2.Operation,
        "WaitOperation": operations_pb2.Operation,
        "DeleteOperation": empty_pb2.Empty,
        "CancelOperation": empty_pb2.Empty,
        "GetIamPolicy": policy_pb2.Policy,
        "SetIamPolicy": policy_pb2.Policy,
        "GetLocation": locations_pb2.Location,
    }
    return getattr(home, f"{method}Request"), answers.get(method) or getattr(home, f"{method}Response")
