"""Rules answer their usual good case at once: each quick way is taken away here, and the answers stay what they are."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.document import Document
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.look import look
from groundplan_policies.engine.values import SIGNATURE, UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.bypass.byp_13 import CONTROL as SECRETS
from groundplan_policies.rules.data import dat_03
from groundplan_policies.rules.data.classes import class_of
from groundplan_policies.rules.encryption import keys, nearness
from groundplan_policies.rules.encryption.enc_01 import CONTROL as BUCKET_KEYS
from groundplan_policies.rules.encryption.enc_12 import CONTROL as KEYS_NEAR
from groundplan_policies.rules.identity import accounts
from groundplan_policies.rules.identity.iam_07 import CONTROL as OWN_ACCOUNTS
from groundplan_policies.rules.network.named import NamedNetwork
from groundplan_policies.rules.network.net_02 import CONTROL as NETWORKS
from tests.policies.rules.harness import PROJECT, R, context, outcomes, put, secret

ASSET = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "hash": "h"}
MARKED = {**ASSET, "subnet": "core", "classification": "a"}
LEAVES: tuple[Any, ...] = (
    *(..., None, True, 7, "", "x", "default", "core", "eu", "US", "europe-west4-a", "a@b-p.iam.gserviceaccount.com"),
    *(UNKNOWN, f"x/{UNKNOWN}", f"{UNKNOWN}/default", secret(), ASSET, MARKED, [MARKED], {}, [], ["x"], {"x": "y"}),
)
RING = R("kms.KeyRing", {"project": PROJECT, "location": "europe", "name": "r"}, "ring")
KEY = R("kms.CryptoKey", {"keyRing": UNKNOWN, "name": "k"}, "key", {"keyRing": RING.urn})
SIGNING = R("kms.CryptoKey", {"keyRing": UNKNOWN, "purpose": "MAC"}, "mac", {"keyRing": RING.urn})
OTHERS = (RING, KEY, SIGNING, R("serviceaccount.Account", {"accountId": "a"}, "account"))
SOURCES: tuple[Any, ...] = ((), *((each.urn,) for each in OTHERS), (KEY.urn, RING.urn), (KEY.urn, SIGNING.urn))

BUCKET = R(
    "storage.Bucket",
    {"location": "eu", "encryption": {"defaultKmsKeyName": UNKNOWN}},
    origins={"encryption.defaultKmsKeyName": KEY.urn},
)
NOTEBOOK = R("workbench.Instance", {"gceSetup": {"networkInterfaces": [{"subnet": "core"}, {"network": "core"}]}})
WORKLOAD = R("workbench.Instance", {"gceSetup": {"serviceAccounts": [{"email": UNKNOWN}]}})


def samples(good: R, *paths: str) -> Iterable[R]:
    """Give a resource with every leaf at every path, and for unknown ones with every source."""
    for path in paths:
        for leaf in LEAVES:
            sources = SOURCES if isinstance(leaf, str) and UNKNOWN in leaf else ((),)
            for number, urns in enumerate(sources):
                indexed = path.replace("Interfaces.", "Interfaces[0].").replace("Accounts.", "Accounts[0].")
                yield replace(
                    good,
                    inputs=put(good.inputs, path, leaf),
                    name=f"it{number}",
                    origins={**good.origins, indexed: urns},
                )


def answers(control: Control, sample: R) -> dict[str, Outcome]:
    return outcomes(control, *OTHERS, sample)


def nothing(*_: object) -> None:
    return None


def nowhere(_: object) -> tuple[str, ...]:
    return ()


def no(*_: object) -> bool:
    return False


CASES: dict[str, tuple[Control, R, tuple[str, ...], tuple[tuple[object, str, Callable[..., Any]], ...]]] = {
    "keys": (BUCKET_KEYS, BUCKET, ("encryption.defaultKmsKeyName",), ((keys, "sole_key", nothing),)),
    "near keys": (
        *(KEYS_NEAR, BUCKET, ("encryption.defaultKmsKeyName", "location", "region", "customPlacementConfig")),
        ((nearness, "sole_key", nothing), (nearness, "usual_places", nowhere)),
    ),
    "places": (
        *(dat_03.CONTROL, BUCKET, ("location", "zone", "customPlacementConfig.dataLocations")),
        ((dat_03, "usual_places", nowhere),),
    ),
    "networks": (
        *(NETWORKS, NOTEBOOK, ("gceSetup.networkInterfaces.subnet", "gceSetup.networkInterfaces", "gceSetup")),
        ((NamedNetwork, "_passes_at_once", no),),
    ),
    "accounts": (
        *(OWN_ACCOUNTS, WORKLOAD, ("gceSetup.serviceAccounts.email", "gceSetup.serviceAccounts")),
        ((accounts, "UNKNOWN", nothing),),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_quick_way_says_what_the_long_one_says(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    control, good, paths, ways = CASES[case]
    quick = [answers(control, each) for each in samples(good, *paths)]
    for owner, name, instead in ways:
        monkeypatch.setattr(owner, name, instead)
    slow = [answers(control, each) for each in samples(good, *paths)]

    assert quick == slow
    assert {each.verdict for found in quick for each in found.values()} >= {Verdict.PASS, Verdict.INDETERMINATE}


@pytest.mark.parametrize("labels", [*LEAVES, {"classification": "a"}, {"classification": UNKNOWN}, [{"x": 1}]])
def test_the_class_is_a_text_of_an_object(labels: object) -> None:
    world = context(R("storage.Bucket", put({}, "labels", labels), "b"))
    bucket = next(world.graph.of("storage.Bucket"))
    expected = labels.get("classification", "") if isinstance(labels, dict) and SIGNATURE not in labels else ""

    assert class_of(bucket, world) == expected


def test_a_text_that_may_hold_secrets_is_searched_for_them() -> None:
    record = (
        '{"urn":"urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::b","type":"gcp:storage/bucket:Bucket","custom":true'
    )
    mark = '{"4dabf18193072939515e22adb298388d":"%s","ciphertext":"v1:x"}'
    for written in ("1b47061264138c4ac30d75fd1eb44270", r"1\u006247061264138c4ac30d75fd1eb44270"):
        inputs = '"inputs":{"location":' + mark % written + "}"
        text = '{"version":3,"deployment":{"resources":[' + record + "," + inputs + "}]}}"
        world = replace(context(), graph=Graph(Document.read(text)))

        assert [each.verdict for _, each in look(SECRETS, world)] == [Verdict.INDETERMINATE]
