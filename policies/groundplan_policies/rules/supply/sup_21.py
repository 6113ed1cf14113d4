"""SUP-21: attestors use managed keys, and who signs does not deploy."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import is_absent, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import split_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.identity.duties import Duties, separated
from groundplan_policies.rules.identity.forms import WIDE, grant_reads, iam_types
from groundplan_policies.rules.identity.roles import role_name
from groundplan_policies.rules.supply.attestors import ATTESTOR, required_by_rules

_KEYS = Path("attestationAuthorityNote.publicKeys")
_PEM, _ID = "pkixPublicKey.publicKeyPem", "id"
_NO_PGP = is_absent(f"{_KEYS.text}.asciiArmoredPgpPublicKey", "a PGP key, which somebody keeps in a file")
_MANAGED: Final = "//cloudkms.googleapis.com/"
_KMS: Final = ("kms.CryptoKey", "kms.CryptoKeyVersion")

_SIGNS: Final = frozenset(
    {
        *(f"roles/binaryauthorization.attestors{each}" for each in ("admin", "editor")),
        *("roles/containeranalysis.notes.attacher", "roles/containeranalysis.notes.editor"),
        *("roles/containeranalysis.admin", "roles/cloudkms.signer", "roles/cloudkms.signerverifier"),
        "roles/cloudkms.cryptooperator",
    }
)
"""Roles that make attestations, or change who may."""
_DEPLOYS: Final = frozenset(
    {
        *(f"roles/run.{each}" for each in ("admin", "developer", "sourcedeveloper")),
        *(f"roles/container.{each}" for each in ("admin", "developer", "clusteradmin")),
        *(
            f"roles/clouddeploy.{each}"
            for each in ("admin", "developer", "releaser", "operator", "jobrunner", "approver")
        ),
        *("roles/cloudfunctions.admin", "roles/cloudfunctions.developer"),
    }
)
"""Roles that bring images to where they run."""
_DUTIES: Final = Duties(
    lambda role: role_name(role) in _SIGNS,
    lambda role: role_name(role) in _DEPLOYS,
    ("binaryauthorization", "containeranalysis", "kms", "clouddeploy", "cloudrun", "cloudrunv2", "cloudfunctions"),
    "signs for images and also deploys them",
)


def _attestor(resource: Resource, context: Context) -> Outcome:
    return all_of([_NO_PGP(resource, context), _keys(resource, context), _required(resource, context)])


def _keys(resource: Resource, context: Context) -> Outcome:
    listed = _KEYS.one(resource)
    missing = unreadable(listed, absent=fail("is absent, so that nobody can sign", listed.path))
    if missing is not None:
        return missing
    return all_of([_key(resource, each, context) for each in entries(listed)])


def _key(resource: Resource, key: Reading, context: Context) -> Outcome:
    """Judge one key: it must be a PKIX key, whose id says which key of Cloud KMS it is."""
    if key.state is not State.KNOWN:
        return unreadable(key, absent=PASS, empty=fail("is empty; expected is a key", key.path)) or PASS
    pem = read_value(key.value, key.path, _PEM)[0]
    if pem.state is not State.UNKNOWN:
        missing = unreadable(pem, absent=fail("is absent; expected is a PKIX key", pem.path))
        if missing is not None or not isinstance(pem.value, str):
            return missing or wrong_type(pem, "a key")
    return _managed(resource, read_value(key.value, key.path, _ID)[0], context)


def _managed(resource: Resource, reading: Reading, context: Context) -> Outcome:
    if reading.state is State.UNKNOWN:
        known = split_unknown(reading.text)[0].startswith(_MANAGED)
        if known or context.graph.resolve(resource, reading, *_KMS) is not None:
            return PASS
    missing = unreadable(reading, absent=fail("is absent, so that it tells no key of Cloud KMS", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "the id of a key")
    return PASS if reading.value.startswith(_MANAGED) else fail("is no key of Cloud KMS", reading.path)


def _required(resource: Resource, context: Context) -> Outcome:
    """Ask for a rule of this document that requires the attestor."""
    found = required_by_rules(resource, context.graph)
    if found is None:
        return indeterminate("is required by no rule that this document tells")
    return PASS if found else fail("is required by no rule, so that what it says counts for nothing")


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    yield from separated(_DUTIES, context)


_TYPES: Final = (
    *WIDE,
    *iam_types("binaryauthorization.AttestorIam", "containeranalysis.NoteIam", "kms.CryptoKeyIAM", "kms.KeyRingIAM"),
)

CONTROL = Control(
    id="SUP-21",
    title="Attestors use managed keys, and who signs does not deploy",
    why=(
        "An attestation is as good as the key behind it. A PGP key lies in a file on somebody's machine; one in Cloud "
        "KMS never leaves it, and each signature is logged. The id of a key says which one of Cloud KMS it is. An "
        "attestor that no rule requires vouches for nothing; where this document holds no rules at all, they may be "
        "elsewhere. Whoever deploys must not be able to sign for what he deploys: the roles that attach attestations, "
        "sign with keys or change attestors may not meet those that deploy to Cloud Run, clusters or functions."
    ),
    remedy="Use ImageAttestor, whose key is in Cloud KMS, and let another account sign than the one that deploys.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("5.2.b", "6.1.a"),
    clauses=(
        partial("nist-800-53-r5", "CM-14", "Components that are no container images."),
        partial("nist-800-53-r5", "AC-5", "Members of two groups, custom roles, and grants made elsewhere."),
    ),
    reads=(
        _NO_PGP.reads(ATTESTOR),
        Read(ATTESTOR, f"{_KEYS.text}.{_PEM}", unknown=Verdict.PASS),
        Read(ATTESTOR, f"{_KEYS.text}.{_ID}"),
        *grant_reads(_TYPES),
    ),
    checks={ATTESTOR: _attestor},
    stack=_stack,
)
