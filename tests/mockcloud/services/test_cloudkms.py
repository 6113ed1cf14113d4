"""Cloud KMS by HTTP: what the scenarios leave out."""

import base64

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

RING = "projects/acme/locations/europe-west4/keyRings/ring"
KEYS = f"{RING}/cryptoKeys"


@pytest.fixture
def kms() -> Asking:
    asking = Asking(new_cloud(), "cloudkms.googleapis.com", "/v1")
    asking.done("POST", "projects/acme/locations/europe-west4/keyRings", None, "keyRingId=ring")
    return asking


def _key(kms: Asking, name: str, purpose: str = "ENCRYPT_DECRYPT", algorithm: str = "", **more: object) -> str:
    template = {"versionTemplate": {"algorithm": algorithm}} if algorithm else {}
    kms.done("POST", KEYS, {"purpose": purpose, **template, **more}, f"cryptoKeyId={name}")
    return f"{KEYS}/{name}"


@pytest.mark.parametrize(
    "body",
    [
        {"purpose": "ASYMMETRIC_SIGN"},
        {"purpose": "CRYPTO_KEY_PURPOSE_UNSPECIFIED"},
        {"purpose": "ENCRYPT_DECRYPT", "rotationPeriod": "90000s"},
        {"purpose": "MAC", "rotationPeriod": "90000s", "nextRotationTime": "2026-02-01T00:00:00Z"},
    ],
)
def test_wrong_keys_are_refused(kms: Asking, body: dict[str, str]) -> None:
    assert kms.refused("POST", KEYS, body, "cryptoKeyId=k") == 400


def test_a_rotation_that_was_to_come_counts_from_now(kms: Asking) -> None:
    _key(kms, "k", rotationPeriod="864000s", nextRotationTime="2020-01-01T00:00:00Z")
    kms.cloud.advance(864_001)
    found = kms.get(f"{KEYS}/k")
    assert found["primary"]["name"].endswith("/2")
    assert found["nextRotationTime"] > "2026-01-20"
    kms.done("PATCH", f"{KEYS}/k", {}, "updateMask=rotationPeriod,nextRotationTime")
    kms.cloud.advance(864_001)
    assert kms.get(f"{KEYS}/k")["primary"]["name"].endswith("/2")


def test_a_key_keeps_its_purpose_and_protection(kms: Asking) -> None:
    _key(kms, "k")
    assert kms.refused("PATCH", f"{KEYS}/k", {"purpose": "MAC"}, "updateMask=purpose") == 400
    hsm = {"versionTemplate": {"protectionLevel": "HSM", "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION"}}
    assert kms.refused("PATCH", f"{KEYS}/k", hsm, "updateMask=versionTemplate") == 400
    kms.done("PATCH", f"{KEYS}/k", {"labels": {"a": "b"}}, "updateMask=labels")
    assert kms.get(f"{KEYS}/k")["labels"] == {"a": "b"}


def test_what_holds_material_is_not_deleted(kms: Asking) -> None:
    key = _key(kms, "k", destroyScheduledDuration="86400s")
    for path in (f"{key}/cryptoKeyVersions/1", key, RING):
        assert kms.refused("DELETE", path) == 400
    kms.done("POST", f"{key}/cryptoKeyVersions/1:destroy", {})
    assert kms.refused("POST", f"{key}/cryptoKeyVersions/1:destroy", {}) == 400
    kms.cloud.advance(100_000)
    assert kms.get(f"{key}/cryptoKeyVersions/1")["state"] == "DESTROYED"
    for path in (f"{key}/cryptoKeyVersions/1", key, RING):
        kms.done("DELETE", path)
    assert kms.refused("GET", RING) == 404


def test_the_primary_version_must_be_enabled(kms: Asking) -> None:
    key = _key(kms, "k")
    kms.done("POST", f"{key}/cryptoKeyVersions", {})
    kms.done("PATCH", f"{key}/cryptoKeyVersions/2", {"state": "DISABLED"}, "updateMask=state")
    assert kms.refused("POST", f"{key}:updatePrimaryVersion", {"cryptoKeyVersionId": "2"}) == 400
    assert kms.refused("PATCH", f"{key}/cryptoKeyVersions/2", {"state": "DESTROYED"}, "updateMask=state") == 400
    other = _key(kms, "mac", "MAC")
    assert kms.refused("POST", f"{other}:updatePrimaryVersion", {"cryptoKeyVersionId": "1"}) == 400
    empty = f"{KEYS}/empty"
    kms.done(
        "POST",
        KEYS,
        {"purpose": "ENCRYPT_DECRYPT", "importOnly": True},
        "cryptoKeyId=empty&skipInitialVersionCreation=true",
    )
    assert kms.refused("POST", f"{empty}:encrypt", {"plaintext": "eA=="}) == 400
    assert kms.refused("POST", f"{empty}/cryptoKeyVersions", {}) == 400


def test_other_algorithms_sign_too(kms: Asking) -> None:
    data = base64.b64encode(b"data").decode()
    for name, algorithm in (
        ("ed", "EC_SIGN_ED25519"),
        ("p384", "EC_SIGN_P384_SHA384"),
        ("raw", "RSA_SIGN_RAW_PKCS1_2048"),
        ("rsa", "RSA_SIGN_PKCS1_2048_SHA256"),
    ):
        version = _key(kms, name, "ASYMMETRIC_SIGN", algorithm) + "/cryptoKeyVersions/1"
        assert kms.done("POST", f"{version}:asymmetricSign", {"data": data})["signature"]
    assert kms.get(f"{KEYS}/ed/cryptoKeyVersions/1/publicKey")["pem"].startswith("-----BEGIN PUBLIC KEY-----")
    assert kms.refused("GET", f"{KEYS}/ed/cryptoKeyVersions/1/publicKey", None, "publicKeyFormat=DER") == 400
    assert kms.refused("POST", f"{KEYS}/p384/cryptoKeyVersions/1:asymmetricSign", {"digest": {"sha384": data}}) == 400
    wrong = {"digest": {"sha384": base64.b64encode(b"x" * 48).decode()}, "digestCrc32c": "1"}
    assert kms.refused("POST", f"{KEYS}/p384/cryptoKeyVersions/1:asymmetricSign", wrong) == 400
    lattice = _key(kms, "pq", "ASYMMETRIC_SIGN", "PQ_SIGN_ML_DSA_65") + "/cryptoKeyVersions/1"
    assert kms.refused("POST", f"{lattice}:asymmetricSign", {"data": data}) == 501
    symmetric = _key(kms, "sym") + "/cryptoKeyVersions/1"
    assert kms.refused("GET", f"{symmetric}/publicKey") == 400


def test_what_is_too_long_or_broken_is_refused(kms: Asking) -> None:
    key = _key(kms, "k")
    assert kms.refused("POST", f"{key}:encrypt", {"plaintext": base64.b64encode(b"x" * 70_000).decode()}) == 400
    place = "projects/acme/locations/europe-west4"
    assert kms.refused("POST", f"{place}:generateRandomBytes", {"lengthBytes": 4}) == 400
    raw = _key(kms, "raw", "RAW_ENCRYPT_DECRYPT", "AES_128_CBC") + "/cryptoKeyVersions/1"
    assert kms.refused("POST", f"{raw}:rawEncrypt", {"plaintext": "eA==", "initializationVector": "eA=="}) == 400
    vector = base64.b64encode(b"0" * 16).decode()
    assert kms.refused("POST", f"{raw}:rawDecrypt", {"ciphertext": "eA==", "initializationVector": vector}) == 400


def test_the_same_cloud_has_the_same_keys() -> None:
    sealed = []
    for _ in range(2):
        kms = Asking(new_cloud(seed=7), "cloudkms.googleapis.com", "/v1")
        kms.done("POST", "projects/acme/locations/europe-west4/keyRings", None, "keyRingId=ring")
        sealed.append(kms.done("POST", f"{_key(kms, 'k')}:encrypt", {"plaintext": "eA=="})["ciphertext"])
    assert sealed[0] == sealed[1]


def test_settings_and_autokey(kms: Asking) -> None:
    config = "projects/acme/locations/europe-west4/ekmConfig"
    assert kms.get(config) == {"name": config, "defaultEkmConnection": ""}
    kms.done("PATCH", config, {"defaultEkmConnection": "c"}, "updateMask=defaultEkmConnection")
    assert kms.get(config)["defaultEkmConnection"] == "c"
    assert kms.get("folders/1/autokeyConfig")["state"] == "UNINITIALIZED"
    kms.done("PATCH", "folders/1/autokeyConfig", {"keyProject": "projects/keys"}, "updateMask=keyProject")
    assert kms.get("folders/1/autokeyConfig")["state"] == "ACTIVE"
    assert kms.get("projects/acme:showEffectiveAutokeyConfig") == {"keyProject": "projects/keys"}
    kms.done("PATCH", "folders/1/autokeyConfig", {"keyProject": ""}, "updateMask=keyProject")
    assert kms.get("folders/1/autokeyConfig")["state"] == "UNINITIALIZED"
    assert kms.get("projects/acme/kajPolicyConfig") == {"name": "projects/acme/kajPolicyConfig"}
    place = "projects/acme/locations/europe-west4/keyHandles"
    for name in ("h", "i"):
        kms.done("POST", place, {"resourceTypeSelector": "storage.googleapis.com/Bucket"}, f"keyHandleId={name}")
    key = kms.get(f"{place}/h")["kmsKey"]
    assert kms.get(key)["primary"]["protectionLevel"] == "HSM"


def test_wrong_imports_are_refused(kms: Asking) -> None:
    jobs = f"{RING}/importJobs"
    assert kms.refused("POST", jobs, {"protectionLevel": "HSM"}, "importJobId=j") == 400
    lattice = {"importMethod": "HPKE_KEM_XWING_HKDF_SHA256_AES_256_GCM", "protectionLevel": "HSM"}
    assert kms.refused("POST", jobs, lattice, "importJobId=j") == 501
    key = _key(kms, "k")
    assert kms.refused("POST", f"{key}/cryptoKeyVersions:import", {"importJob": "none"}) == 400
