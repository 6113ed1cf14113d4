"""Attestation of images: a key that signs what was built as it should be, and the rule that nothing else runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core import footprint, providers
from groundplan.core.agents import service_agent
from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.principals import identity_of
from groundplan.core.references import AttestorRef, ExistingAttestor
from groundplan.core.references.base import joined
from groundplan.core.validation import Checks, checked

_SERVICE: Final = "binaryauthorization.googleapis.com"
_RING: Final = r"projects/[^/\s]+/locations/[^/\s]+/keyRings/[^/\s]+"
_VERSION: Final = r"projects/[^/\s]+/locations/[^/\s]+/keyRings/[^/\s]+/cryptoKeys/[^/\s]+/cryptoKeyVersions/[0-9]+"
_DAY_SECONDS: Final = 86_400
_LONGEST_PURPOSE: Final = 256


@dataclass(frozen=True, kw_only=True)
class ImageAttestorArgs(Args):
    """What an ``ImageAttestor`` takes."""

    ring: pulumi.Input[str]
    """Full name of the key ring, in the environment's key project, that gets the signing key: ``keys.ring_id`` of a
    ``KeyRing``. The key is for signing alone, so it is none of the ring's keys for data."""
    purpose: str = "Built by the platform's own builders, from a protected branch"
    """What a signature says, at most 256 characters; whoever reviews the attestor reads it."""
    enforced_in: tuple[Project, ...] | None = None
    """Projects in which clusters and services run signed images only; by default the environment's workload project.
    A project has one such rule, so name none where somebody else already keeps it."""
    audit_only: bool = False
    """Whether what is not signed is only written to the log. Then anything runs, and the log says so afterwards."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        if isinstance(self.ring, str):
            _check_ring(checks, self.ring)
        checks.that(
            isinstance(self.purpose, str) and 0 < len(self.purpose) <= _LONGEST_PURPOSE and self.purpose.isprintable(),
            "purpose",
            "cannot be the attestor's description",
            given=self.purpose,
            allowed=f"a line of 1 to {_LONGEST_PURPOSE} characters",
            do="say in a line what a signature says",
        )
        for index, project in enumerate(self.enforced_in or ()):
            checks.instance(f"enforced_in[{index}]", project, Project, "a Project")
        checks.unique("enforced_in", (getattr(p, "id", str(p)) for p in self.enforced_in or ()), "project")
        checks.instance("audit_only", self.audit_only, bool, "true or false")


class ImageAttestor(Component, AttestorRef):
    """An attestor of Binary Authorization in the build project, and the rule that its signature is needed.

    Children: ``signing-key`` in the key project, ``note``, ``attestor``, and ``policy-<project>`` for each project in
    which only signed images run. The agent of each of these may check signatures. Who signs does not check, and the
    other way round, so that who deploys cannot sign what is deployed.
    """

    kind = "groundplan:cicd:ImageAttestor"
    objectives = ("5.2.b", "6.1.a")

    def __init__(self, name: str, args: ImageAttestorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the attestor and its rules; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.env.projects.build
        self.key_project = args.env.projects.keys
        self._signers: set[str] = set()
        self._verifiers: set[str] = set()
        key = self._signing_key()
        self.key_id: pulumi.Input[str] = key.id
        self.key_version: pulumi.Input[str] = joined(key.id, "/cryptoKeyVersions/1")
        note = self._note()
        self.note_id: pulumi.Input[str] = note.name
        self.attestor = self._attestor(key, note)
        self.attestor_name: pulumi.Input[str] = joined(f"projects/{self.project.id}/attestors/", self.attestor.name)
        projects = (args.env.projects.workload,) if args.enforced_in is None else args.enforced_in
        for project in projects:
            self._enforce(project)
        self.finish(
            {
                "attestorName": self.attestor_name,
                "keyVersion": self.key_version,
                "enforcedIn": [project.id for project in projects],
                "auditOnly": args.audit_only,
            }
        )

    def grant_attest(self, principal: object) -> tuple[Grant, ...]:
        """Let a builder sign; one that checks signatures is refused, since it deploys."""
        self._separate(principal, self._signers, self._verifiers)
        return super().grant_attest(principal)

    def grant_verify(self, principal: object) -> tuple[Grant, ...]:
        """Let a deployer check signatures; one that signs is refused, since it builds."""
        self._separate(principal, self._verifiers, self._signers)
        return super().grant_verify(principal)

    def _separate(self, principal: object, joining: set[str], others: set[str]) -> None:
        identity = identity_of(principal, self.where)
        names = {identity.label, identity.member} if isinstance(identity.member, str) else {identity.label}
        checks = Checks(self.where)
        checks.that(
            not names & others,
            "principal",
            "would both sign images and check signatures",
            given=identity.label,
            allowed="one of the two for each principal",
            do="let one account build, and another deploy",
        )
        checks.finish()
        joining |= names

    def _signing_key(self) -> gcp.kms.CryptoKey:
        defaults = self.env.defaults
        return self.make(
            "signing-key",
            gcp.kms.CryptoKey,
            gcp.kms.CryptoKeyArgs(
                name=self.cloud_name("crypto_key", "signing", generation=True),
                key_ring=checked(self.args.ring, _check_ring, self.where),
                purpose="ASYMMETRIC_SIGN",
                # A signing key has no rotation of its own: raise the environment's generation for a new one.
                destroy_scheduled_duration=f"{defaults.key_destroy_days * _DAY_SECONDS}s",
                version_template=gcp.kms.CryptoKeyVersionTemplateArgs(
                    algorithm="EC_SIGN_P256_SHA256", protection_level=defaults.key_protection
                ),
                labels=self.labels(),
            ),
            project=self.key_project,
        )

    def _note(self) -> gcp.containeranalysis.Note:
        return self.make(
            "note",
            gcp.containeranalysis.Note,
            gcp.containeranalysis.NoteArgs(
                project=self.project.id,
                name=self.cloud_name("note", generation=True),
                short_description=self.args.purpose,
                attestation_authority=gcp.containeranalysis.NoteAttestationAuthorityArgs(
                    hint=gcp.containeranalysis.NoteAttestationAuthorityHintArgs(human_readable_name=self.args.purpose)
                ),
            ),
        )

    def _attestor(self, key: gcp.kms.CryptoKey, note: gcp.containeranalysis.Note) -> gcp.binaryauthorization.Attestor:
        footprint.note("gcp:kms/getKMSCryptoKeyVersion:getKMSCryptoKeyVersion", self.key_project, None)
        version = gcp.kms.get_kms_crypto_key_version_output(
            crypto_key=key.id, opts=pulumi.InvokeOutputOptions(provider=providers.provider_for(self.key_project))
        )
        pem = version.public_keys.apply(lambda found: found[0].pem)
        public_key = gcp.binaryauthorization.AttestorAttestationAuthorityNotePublicKeyArgs(
            id=joined("//cloudkms.googleapis.com/v1/", self.key_version),
            pkix_public_key=gcp.binaryauthorization.AttestorAttestationAuthorityNotePublicKeyPkixPublicKeyArgs(
                public_key_pem=pem, signature_algorithm="ECDSA_P256_SHA256"
            ),
        )
        return self.make(
            "attestor",
            gcp.binaryauthorization.Attestor,
            gcp.binaryauthorization.AttestorArgs(
                project=self.project.id,
                name=self.cloud_name("attestor", generation=True),
                description=self.args.purpose,
                attestation_authority_note=gcp.binaryauthorization.AttestorAttestationAuthorityNoteArgs(
                    note_reference=note.name, public_keys=[public_key]
                ),
            ),
        )

    def _enforce(self, project: Project) -> None:
        agent = service_agent(project, _SERVICE)
        granted = [resource for one in self.grant_verify(agent) for resource in one.resources]
        mode = "DRYRUN_AUDIT_LOG_ONLY" if self.args.audit_only else "ENFORCED_BLOCK_AND_AUDIT_LOG"
        self.make(
            f"policy-{project.id.replace(':', '-')}",
            gcp.binaryauthorization.Policy,
            gcp.binaryauthorization.PolicyArgs(
                project=project.id,
                description=f"Images signed by {self.label}",
                # Images of Google's own that clusters need are in a list that Google keeps.
                global_policy_evaluation_mode="ENABLE",
                default_admission_rule=gcp.binaryauthorization.PolicyDefaultAdmissionRuleArgs(
                    evaluation_mode="REQUIRE_ATTESTATION",
                    enforcement_mode=mode,
                    require_attestations_bies=[self.attestor_name],
                ),
            ),
            project=project,
            depends_on=granted,
        )

    @staticmethod
    def from_existing(
        attestor: str, *, note: str, key_version: str, project: Project, key_project: Project
    ) -> AttestorRef:
        """Return an attestor that was there before, ``projects/…/attestors/…``.

        ``note`` is the id of its note, in the same project; ``key_version`` the version that signs,
        ``…/cryptoKeyVersions/…``; the two projects say whether grants there are ours to make.
        """
        checks = Checks("ImageAttestor.from_existing")
        checks.matches(
            "attestor",
            attestor,
            rf"projects/{re.escape(project.id)}/attestors/[A-Za-z0-9_-]+",
            f"projects/{project.id}/attestors/…",
            "give the attestor's full name, in the project that is given",
        )
        checks.matches("note", note, r"[A-Za-z0-9_-]+", "the note's id", "leave out the project")
        checks.matches(
            "key_version", key_version, _VERSION, "…/cryptoKeys/…/cryptoKeyVersions/…", "give the version's full name"
        )
        checks.finish()
        return ExistingAttestor(
            label=attestor.rsplit("/", 1)[-1],
            project=project,
            attestor_name=attestor,
            note_id=note,
            key_id=key_version.rsplit("/cryptoKeyVersions/", 1)[0],
            key_version=key_version,
            key_project=key_project,
        )


def _check_ring(checks: Checks, ring: str) -> None:
    checks.matches("ring", ring, _RING, "projects/…/locations/…/keyRings/…", "pass the key ring's ring_id")
