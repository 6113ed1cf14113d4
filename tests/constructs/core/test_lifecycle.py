"""The lifecycle table says what the installed provider says, and guards what holds state."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable

import pytest

from groundplan.core import lifecycle, tables
from groundplan.core.errors import LookupFailure
from groundplan.core.lifecycle import Lifecycle, lifecycle_of

# The provider warns of its own deprecated look-ups when a module is imported.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pulumi_gcp")


def area_of(token: str) -> str:
    """Return the module of a type token: ``storage`` of ``gcp:storage/bucket:Bucket``."""
    return token.removeprefix("gcp:").partition("/")[0]


TYPES = sorted(tables.load("lifecycle")["types"])
AREAS = sorted({area_of(token) for token in TYPES})

# Arguments that sound like guards and are none: periods, other settings, and one policy whose only value is ABANDON.
NO_GUARDS = {
    "gcp:projects/service:Service": {"disable_on_destroy", "check_if_service_has_usage_on_destroy"},
    "gcp:kms/cryptoKey:CryptoKey": {"destroy_scheduled_duration"},
    "gcp:secretmanager/secret:Secret": {"version_destroy_ttl"},
    "gcp:compute/network:Network": {"delete_default_routes_on_create", "delete_bgp_always_compare_med"},
    "gcp:compute/reservation:Reservation": {"delete_after_duration", "delete_at_time"},
    "gcp:storage/bucket:Bucket": {"soft_delete_policy"},
    "gcp:compute/sharedVPCServiceProject:SharedVPCServiceProject": {"deletion_policy"},
}


def arguments_of(token: str) -> Callable[..., None]:
    """Return the constructor of a type's arguments; it is named otherwise where a nested type has taken the name."""
    area, name = area_of(token), token.rsplit(":", 1)[1]
    module = importlib.import_module(f"pulumi_gcp.{area}")
    assert getattr(module, name).pulumi_type == token
    arguments = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
    found: Callable[..., None] = arguments.__init__
    return found


@pytest.mark.slow
@pytest.mark.parametrize("area", AREAS)
def test_the_guards_are_those_of_the_provider(area: str) -> None:
    for token in (token for token in TYPES if area_of(token) == area):
        entry = lifecycle_of(token)
        provided = {
            name
            for name in inspect.signature(arguments_of(token)).parameters
            if re.search("delet|destroy|ignore_active", name)
        } - NO_GUARDS.get(token, set())
        stated = {entry.deletion_protection, entry.force_destroy} - {None}
        if entry.deletion_policy is not None:
            stated.add("deletion_policy")
        assert stated == provided, token


@pytest.mark.slow
def test_the_default_deletion_policies_are_those_of_the_provider() -> None:
    for token in TYPES:
        entry = lifecycle_of(token)
        if entry.deletion_policy is None:
            continue
        text = (inspect.getdoc(arguments_of(token)) or "").split("deletion_policy:", 1)[1].split(":param", 1)[0]
        default = re.search(r'(?:[Dd]efaults to|[Dd]efault (?:value )?is) ["`]?([A-Z]+)', text)
        assert (default[1] if default else "DELETE") == entry.deletion_policy, token
        if entry.unprotected_policy not in {"DELETE", "ABANDON"}:
            assert entry.unprotected_policy in text, token
        if entry.protected_policy != "PREVENT":
            assert entry.protected_policy in text, token


@pytest.mark.slow
def test_every_iam_type_has_no_guard_and_is_of_the_family() -> None:
    storage = importlib.import_module("pulumi_gcp.storage")
    names = [name for name in vars(storage) if re.search("IAM(Member|Binding|Policy)$", name)]
    assert len(names) >= 3
    for name in names:
        entry = lifecycle_of(getattr(storage, name).pulumi_type)
        assert entry.replacement == "create_first"
        assert not entry.arguments(protected=True)
        parameters = inspect.signature(getattr(storage, f"{name}Args").__init__).parameters
        assert not [argument for argument in parameters if "delet" in argument or "destroy" in argument]


def test_the_table_needs_no_provider_to_be_read() -> None:
    assert "pulumi" not in vars(lifecycle)
    assert "import pulumi" not in inspect.getsource(lifecycle)


def test_a_protected_bucket_has_every_guard() -> None:
    bucket = lifecycle_of("gcp:storage/bucket:Bucket")
    assert bucket.protect(protected=True)
    assert bucket.arguments(protected=True) == {"deletion_policy": "PREVENT", "force_destroy": False}


def test_an_unprotected_bucket_goes_with_its_objects() -> None:
    bucket = lifecycle_of("gcp:storage/bucket:Bucket")
    assert not bucket.protect(protected=False)
    assert bucket.arguments(protected=False) == {"force_destroy": True}


def test_the_argument_is_named_as_the_type_names_it() -> None:
    notebook = lifecycle_of("gcp:workbench/instance:Instance")
    assert notebook.arguments(protected=True) == {"deletion_policy": "PREVENT", "enable_deletion_protection": True}
    assert notebook.arguments(protected=False) == {"enable_deletion_protection": False}


def test_what_may_be_replaced_is_not_guarded() -> None:
    service = lifecycle_of("gcp:cloudrunv2/service:Service")
    assert not service.protect(protected=True)
    assert service.arguments(protected=True) == {"deletion_protection": False}


def test_a_default_that_prevents_is_lifted_where_unprotected() -> None:
    source = lifecycle_of("gcp:securesourcemanager/repository:Repository")
    assert source.arguments(protected=True) == {}
    assert source.arguments(protected=False) == {"deletion_policy": "DELETE"}


def test_a_rotated_secret_version_is_disabled_where_protected() -> None:
    version = lifecycle_of("gcp:secretmanager/secretVersion:SecretVersion")
    assert version.arguments(protected=True) == {"deletion_policy": "DISABLE"}
    assert version.arguments(protected=False) == {}


def test_an_unprotected_peering_is_removed_with_its_network() -> None:
    connection = lifecycle_of("gcp:servicenetworking/connection:Connection")
    assert connection.arguments(protected=False) == {"deletion_policy": "REMOVE_PEERING"}


def test_key_rings_stay() -> None:
    assert lifecycle_of("gcp:kms/keyRing:KeyRing").never_deleted
    assert lifecycle_of("gcp:projects/serviceIdentity:ServiceIdentity").never_deleted
    assert not lifecycle_of("gcp:storage/bucket:Bucket").never_deleted


@pytest.mark.parametrize("token", TYPES)
def test_what_holds_state_is_refused_and_can_be_guarded(token: str) -> None:
    entry = lifecycle_of(token)
    assert isinstance(entry, Lifecycle)
    if entry.stateful:
        assert entry.replacement == "refuse"
        assert entry.protect(protected=True)
        assert entry.deletion_policy is not None or entry.deletion_protection is not None


def test_an_unknown_type_names_the_nearest() -> None:
    with pytest.raises(LookupFailure, match=r"nearest: gcp:storage/bucket:Bucket"):
        lifecycle_of("gcp:storage/bukket:Bukket")


def test_a_type_that_only_sounds_like_iam_is_unknown() -> None:
    with pytest.raises(LookupFailure):
        lifecycle_of("gcp:iam/accessBoundaryPolicy:AccessBoundaryPolicy")
