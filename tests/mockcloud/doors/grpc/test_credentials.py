"""What credentials of grpc add to a call, although its C layer hides them."""

from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from mockcloud.doors.grpc.credentials import CredentialsFailed, call_metadata, remember


@pytest.fixture
def module() -> Any:
    """A stand-in for the module, so that the real one stays as it is."""
    names = (
        "metadata_call_credentials",
        "access_token_call_credentials",
        "composite_call_credentials",
        "composite_channel_credentials",
        "compute_engine_channel_credentials",
        "ssl_channel_credentials",
    )
    found = SimpleNamespace(**{name: getattr(grpc, name) for name in names})
    remember(found)
    return found


class Plugin(grpc.AuthMetadataPlugin):
    def __init__(self, value: str) -> None:
        self.asked: list[Any] = []
        self.value = value

    def __call__(self, context: Any, callback: Any) -> None:
        self.asked.append((context.service_url, context.method_name))
        if self.value:
            callback((("Authorization", self.value),), None)
        else:
            callback(None, ValueError("no token"))


HOST, PATH = "kms.googleapis.com", "/google.Kms/Get"


@pytest.mark.parametrize("form", ["call", "composite call", "channel", "machine"])
def test_a_plugin_is_asked_whatever_it_is_wrapped_in(module: Any, form: str) -> None:
    plugin = Plugin("Bearer x")
    held = module.metadata_call_credentials(plugin)
    if form == "composite call":
        held = module.composite_call_credentials(held, module.access_token_call_credentials("y"))
    elif form == "channel":
        held = module.composite_channel_credentials(module.ssl_channel_credentials(), held)
    elif form == "machine":
        held = module.compute_engine_channel_credentials(held)
    metadata = call_metadata(held, HOST, PATH)
    assert metadata[0] == ("authorization", "Bearer x")
    assert plugin.asked == [("https://kms.googleapis.com/google.Kms", "Get")]
    assert (("authorization", "Bearer y") in metadata) is (form == "composite call")


def test_a_plugin_that_fails_says_why(module: Any) -> None:
    with pytest.raises(CredentialsFailed, match=r"no token"):
        call_metadata(module.metadata_call_credentials(Plugin("")), HOST, PATH)


def test_no_credentials_add_nothing(module: Any) -> None:
    assert call_metadata(None, HOST, PATH) == []
    assert call_metadata(module.ssl_channel_credentials(), HOST, PATH) == []
