"""google-cloud-aiplatform: what `aiplatform.init` and `vertexai.init` set belongs to the cloud that is open.

The library keeps project, location, credentials and the current experiment in two objects of the process. While a cloud
is open, it has a copy of its own of their fields, so that nothing leaks from one cloud into another or out of it.
"""

from collections.abc import Mapping

from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign


def install_settings(initializer: Foreign) -> None:
    """Hook `google.cloud.aiplatform.initializer`: a cloud begins with the settings, but without the credentials."""
    _divide(initializer.global_config, {"_credentials": None, "_async_rest_credentials": None})


def install_experiments(metadata: Foreign) -> None:
    """Hook `google.cloud.aiplatform.metadata.metadata`: a cloud begins without an experiment."""
    tracker = metadata._experiment_tracker  # noqa: SLF001 - there is no other way to it
    _divide(tracker, dict.fromkeys(vars(tracker)))


def _divide(shared: Foreign, begins: Mapping[str, object]) -> None:
    """Give each session its own values of an object's fields.

    Args:
        shared: The object. Its class is replaced.
        begins: Fields that begin with another value than the process's.
    """
    kind = type(shared)
    names = frozenset(vars(shared))
    key = f"{kind.__module__}.{kind.__qualname__}"

    def fields(session: sessions.Session) -> dict[str, object]:
        return session.kept.setdefault(key, {**object.__getattribute__(shared, "__dict__"), **begins})

    def get(self: Foreign, name: str) -> object:
        session = sessions.here() if name in names else None
        return object.__getattribute__(self, name) if session is None else fields(session)[name]

    def put(self: Foreign, name: str, value: object) -> None:
        session = sessions.here() if name in names else None
        if session is None:
            object.__setattr__(self, name, value)
        else:
            fields(session)[name] = value

    shared.__class__ = type(kind.__name__, (kind,), {"__getattribute__": get, "__setattr__": put})
