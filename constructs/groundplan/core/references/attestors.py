"""References to attestors of images."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project
from groundplan.core.references.delivery import on_project


class AttestorRef(Reference):
    """Somebody whose signature says that an image was built as it should be."""

    attestor_name: pulumi.Input[str]
    """``projects/…/attestors/…``."""
    note_id: pulumi.Input[str]
    """Id of the note under which signatures are kept, in the attestor's project."""
    key_id: pulumi.Input[str]
    """The signing key, ``projects/…/cryptoKeys/…``."""
    key_version: pulumi.Input[str]
    """The key's version that signs, ``…/cryptoKeyVersions/…``."""
    key_project: Project
    """Project of the signing key."""

    def grant_attest(self, principal: object) -> tuple[Grant, ...]:
        """Let a builder sign: with the key, under the note, in the name of the attestor.

        The last of the four grants is on the project: where signatures are written Google has no narrower place.
        """
        identity = identity_of(principal, self.site)
        return (self._sign(identity), self._attach(identity), self._view(identity), self._write(identity))

    def grant_verify(self, principal: object) -> tuple[Grant, ...]:
        """Let a deployer, or the agent of a project where images run, find signatures of this attestor and check them.

        The first is on the attestor, the second on its note.
        """
        identity = identity_of(principal, self.site)
        return (
            self._on_attestor("roles/binaryauthorization.attestorsVerifier", identity),
            self._on_note("roles/containeranalysis.notes.occurrences.viewer", identity),
        )

    def _sign(self, identity: Identity) -> Grant:
        role = "roles/cloudkms.signerVerifier"
        args = gcp.kms.CryptoKeyIAMMemberArgs(crypto_key_id=self.key_id, role=role, member=identity.member)
        target = Target(
            label=f"{self.label}-key",
            project=self.key_project,
            parent=self.owner,
            command="gcloud kms keys add-iam-policy-binding",
            place=self.key_id,
            holder=self,
        )
        return grant(target, role, identity, gcp.kms.CryptoKeyIAMMember, args)

    def _attach(self, identity: Identity) -> Grant:
        return self._on_note("roles/containeranalysis.notes.attacher", identity)

    def _on_note(self, role: str, identity: Identity) -> Grant:
        args = gcp.containeranalysis.NoteIamMemberArgs(
            project=self.project.id, note=self.note_id, role=role, member=identity.member
        )
        # No command sets the access of one note, so where it is only asked for, it is asked for on the project.
        where = on_project(self) if not self.project.managed else self.target("", self.note_id)
        return grant(where, role, identity, gcp.containeranalysis.NoteIamMember, args)

    def _view(self, identity: Identity) -> Grant:
        return self._on_attestor("roles/binaryauthorization.attestorsViewer", identity)

    def _on_attestor(self, role: str, identity: Identity) -> Grant:
        args = gcp.binaryauthorization.AttestorIamMemberArgs(
            project=self.project.id, attestor=self.attestor_name, role=role, member=identity.member
        )
        command = f"gcloud container binauthz attestors add-iam-policy-binding --project={self.project.id}"
        target = self.target(command, self.attestor_name)
        return grant(target, role, identity, gcp.binaryauthorization.AttestorIamMember, args)

    def _write(self, identity: Identity) -> Grant:
        role = "roles/containeranalysis.occurrences.editor"
        args = gcp.projects.IAMMemberArgs(project=self.project.id, role=role, member=identity.member)
        return grant(on_project(self), role, identity, gcp.projects.IAMMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the attestor as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "attestor_name": self.attestor_name,
            "note_id": self.note_id,
            "key_id": self.key_id,
            "key_version": self.key_version,
            "key_project": export_project(self.key_project),
        }

    @staticmethod
    def imported(exported: Exported) -> AttestorRef:
        """Return the attestor that another stack exported."""
        return ExistingAttestor(
            **{
                **exported,
                "project": import_project(exported["project"]),
                "key_project": import_project(exported["key_project"]),
            }
        )


class ExistingAttestor(AttestorRef):
    """An attestor that was there before."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        attestor_name: pulumi.Input[str],
        note_id: pulumi.Input[str],
        key_id: pulumi.Input[str],
        key_version: pulumi.Input[str],
        key_project: Project,
    ) -> None:
        """Take the attributes of ``AttestorRef``."""
        self.label = label
        self.project = project
        self.attestor_name = attestor_name
        self.note_id = note_id
        self.key_id = key_id
        self.key_version = key_version
        self.key_project = key_project
