"""SUP-21: attestors use managed keys, and who signs does not deploy."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_21 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, outcomes, stated_verdicts, urn, verdict

ATTESTOR, POLICY = "binaryauthorization.Attestor", "binaryauthorization.Policy"
KEY = {
    "id": "//cloudkms.googleapis.com/v1/projects/acme/locations/eu/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
    "pkixPublicKey": {"publicKeyPem": "-----BEGIN PUBLIC KEY-----"},
}
NAME = f"projects/{PROJECT}/attestors/built"


def attestor(*keys: Any, name: str = "built", **more: Any) -> R:
    note = {"noteReference": "n", "publicKeys": list(keys)}
    return R(ATTESTOR, {"project": PROJECT, "name": name, "attestationAuthorityNote": note}, **more)


def rules(*names: str, cluster: bool = False) -> R:
    rule: dict[str, Any] = {"requireAttestationsBies": list(names)}
    return R(POLICY, {"clusterAdmissionRules": [rule]} if cluster else {"defaultAdmissionRule": rule}, "rules")


def member(type_: str, who: str, role: str, name: str = "signs") -> R:
    return R(type_, {"role": role, "member": who, "cryptoKeyId": "k"}, name)


SIGNER = "serviceAccount:signer@acme.iam.gserviceaccount.com"
OWNERS = (
    *("projects.IAM", "folder.IAM", "organizations.IAM"),
    *("binaryauthorization.AttestorIam", "containeranalysis.NoteIam", "kms.CryptoKeyIAM", "kms.KeyRingIAM"),
)
SIGNS = "roles/containeranalysis.notes.attacher"
DATA = f'{{"bindings": [{{"role": "{SIGNS}", "members": ["{SIGNER}"]}}]}}'
GRANTS = [
    each
    for owner in OWNERS
    for each in (
        R(f"{owner}Member", {"role": SIGNS, "member": SIGNER}, f"{owner}-m"),
        R(f"{owner}Binding", {"role": SIGNS, "members": [SIGNER]}, f"{owner}-b"),
        R(f"{owner}Policy", {"policyData": DATA}, f"{owner}-p"),
    )
]

test_stated_verdicts = stated_verdicts(CONTROL, [attestor(KEY), *GRANTS], rules(NAME))


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ({**KEY, "asciiArmoredPgpPublicKey": "x"}, "asciiArmoredPgpPublicKey"),
        ({**KEY, "id": "ni:///sha-256;abc"}, "id"),
        ({"pkixPublicKey": KEY["pkixPublicKey"]}, "id"),
        ({"id": KEY["id"]}, "pkixPublicKey.publicKeyPem"),
    ],
    ids=str,
)
def test_a_key_that_nobody_manages_fails(key: dict[str, Any], place: str) -> None:
    found = outcome(CONTROL, attestor(KEY, key), rules(NAME))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [
        (f"attestationAuthorityNote.publicKeys[1].{place}", "")
    ]


@pytest.mark.parametrize(
    ("value", "source", "expected"),
    [
        (UNKNOWN, "kms.CryptoKey", Verdict.PASS),
        (UNKNOWN, "kms.CryptoKeyVersion", Verdict.PASS),
        (f"//cloudkms.googleapis.com/v1/{UNKNOWN}", "", Verdict.PASS),
        (UNKNOWN, "storage.Bucket", Verdict.INDETERMINATE),
        (f"ni:///{UNKNOWN}", "", Verdict.INDETERMINATE),
    ],
)
def test_a_key_of_this_document_is_known_later(value: str, source: str, expected: Verdict) -> None:
    path = "attestationAuthorityNote.publicKeys[0].id"
    origins = {path: urn(source, "s")} if source else {}
    others = [R(source, {}, "s")] if source else []
    later = {**KEY, "id": value, "pkixPublicKey": {"publicKeyPem": UNKNOWN}}
    assert verdict(CONTROL, attestor(later, origins=origins), rules(NAME), *others) is expected


def test_an_attestor_without_keys_fails() -> None:
    assert verdict(CONTROL, attestor(), rules(NAME)) is Verdict.FAIL


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ([rules(NAME)], Verdict.PASS),
        ([rules(NAME, cluster=True)], Verdict.PASS),
        ([rules("projects/x/attestors/other", NAME)], Verdict.PASS),
        ([rules("projects/x/attestors/built")], Verdict.FAIL),
        ([rules("projects/456789012345/attestors/built")], Verdict.INDETERMINATE),
        ([rules("projects/456789012345/attestors/other")], Verdict.FAIL),
        ([rules()], Verdict.FAIL),
        ([], Verdict.INDETERMINATE),
    ],
    ids=["default", "cluster", "second", "another project", "a number", "another of a number", "none", "no policy"],
)
def test_an_attestor_is_required_by_a_rule(policies: list[R], expected: Verdict) -> None:
    found = outcome(CONTROL, attestor(KEY), *policies)
    assert found.verdict is expected
    assert [each.path for each in found.reasons] == ([] if expected is Verdict.PASS else [""])


def test_a_rule_that_is_known_later_requires_what_it_is_made_of() -> None:
    path = "defaultAdmissionRule.requireAttestationsBies[0]"
    made = R(POLICY, rules(UNKNOWN).inputs, "rules", {path: attestor(KEY).urn})
    other = R(POLICY, rules(UNKNOWN).inputs, "rules")
    assert verdict(CONTROL, attestor(KEY), made) is Verdict.PASS
    assert verdict(CONTROL, attestor(KEY), other) is Verdict.FAIL


@pytest.mark.parametrize(
    ("type_", "role"),
    [
        ("binaryauthorization.AttestorIamMember", "roles/binaryauthorization.attestorsAdmin"),
        ("binaryauthorization.AttestorIamMember", "roles/binaryauthorization.attestorsEditor"),
        ("containeranalysis.NoteIamMember", "roles/containeranalysis.notes.attacher"),
        ("kms.CryptoKeyIAMMember", "roles/cloudkms.signer"),
        ("kms.CryptoKeyIAMMember", "roles/cloudkms.signerVerifier"),
        ("projects.IAMMember", "roles/cloudkms.cryptoOperator"),
    ],
)
@pytest.mark.parametrize(
    ("on", "deploys"),
    [
        ("projects.IAMMember", "roles/run.admin"),
        ("projects.IAMMember", "roles/container.developer"),
        ("projects.IAMMember", "roles/clouddeploy.releaser"),
        ("cloudrunv2.ServiceIamMember", "roles/run.developer"),
        ("clouddeploy.TargetIamMember", "roles/clouddeploy.operator"),
    ],
)
def test_who_signs_does_not_deploy(type_: str, role: str, on: str, deploys: str) -> None:
    signs = member(type_, SIGNER, role)
    found = outcomes(CONTROL, signs, member(on, SIGNER, deploys, "deploys"))
    assert found["signs"].verdict is Verdict.FAIL
    assert [each.path for each in found["signs"].reasons] == ["member"]
    other = member(on, "serviceAccount:deployer@acme.iam.gserviceaccount.com", deploys, "deploys")
    assert outcomes(CONTROL, signs, other)["signs"].verdict is Verdict.PASS


@pytest.mark.parametrize("role", ["roles/binaryauthorization.attestorsVerifier", "roles/cloudkms.publicKeyViewer"])
def test_who_only_looks_may_deploy(role: str) -> None:
    looks = member("binaryauthorization.AttestorIamMember", SIGNER, role)
    assert outcomes(CONTROL, looks, member("projects.IAMMember", SIGNER, "roles/run.admin", "deploys")) == {}
