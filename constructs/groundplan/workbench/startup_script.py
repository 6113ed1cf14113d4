"""A script that runs when a notebook starts, pinned to what was reviewed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.references import AccountRef, BucketRef
from groundplan.core.validation import Checks

_DIGEST = re.compile(r"(?:.*[^0-9a-f])?[0-9a-f]{64}(?:[^0-9a-f].*)?")
_OBJECT = re.compile(r"[A-Za-z0-9._/-]{1,1000}")
_LARGEST = 65_536


@dataclass(frozen=True, kw_only=True)
class StartupScript:
    """A script in a bucket that runs as root once the notebook's own start is done.

    Its object is named by the SHA-256 digest of its content, so that a changed script is another object: either
    ``content`` is uploaded under such a name, or ``object_name`` holds the digest already. A name without a digest is
    refused, since whoever can write to the bucket could change what runs. Workbench takes nothing but ``gs://`` names
    and checks no digest itself: let nobody write to the bucket but whoever reviews scripts.
    """

    bucket: BucketRef
    """The bucket; the notebook's account is let read it."""
    content: str | None = None
    """The script itself, at most 64 KiB, without any secret: it is stored in the clear in Pulumi's state."""
    object_name: str | None = None
    """Name of an object that is there already, with the 64 hexadecimal digits of its SHA-256 digest in it."""
    every_start: bool = False
    """Whether the copy that the machine took when it was made runs again at every start; by default it runs once."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the script."""
        known = checks.instance(
            f"{field}.bucket", self.bucket, BucketRef, "a DataBucket, or DataBucket.from_existing(…)"
        )
        one = checks.that(
            (self.content is None) != (self.object_name is None),
            field,
            "has a content and an object name, or neither",
            given="both" if self.content is not None else "neither",
            allowed="one of `content` and `object_name`",
            do="give the script, or the name of the object that holds it",
        )
        if one and self.content is not None:
            self._check_content(checks, field)
            self._check_upload(checks, field, known=known)
        elif one:
            self._check_object(checks, field)

    def _check_content(self, checks: Checks, field: str) -> None:
        size = len(self.content.encode()) if isinstance(self.content, str) else 0
        checks.that(
            0 < size <= _LARGEST and str(self.content).startswith("#!"),
            f"{field}.content",
            "is no script",
            given=f"{size} bytes",
            allowed=f"1 to {_LARGEST} bytes that begin with #! and an interpreter",
            do="begin it with #!/bin/bash; keep what is large in an image",
        )

    def _check_upload(self, checks: Checks, field: str, *, known: bool) -> None:
        checks.that(
            not known or self.bucket.project.managed,
            f"{field}.content",
            "would be uploaded to a bucket that is not ours to write to",
            given=f"bucket {self.bucket.label}" if known else "",
            allowed="`object_name` in that bucket, or a bucket of ours",
            do="have it uploaded under a name with its digest, and give that name",
        )

    def _check_object(self, checks: Checks, field: str) -> None:
        name = self.object_name
        checks.that(
            isinstance(name, str) and _OBJECT.fullmatch(name) and _DIGEST.fullmatch(name),
            f"{field}.object_name",
            "does not pin what runs",
            given=name,
            allowed="a name without gs:// and bucket, with the 64 lower-case digits of its SHA-256 digest in it",
            do="copy the script to scripts/<digest>.sh, with the digest that sha256sum prints",
        )

    def place(self, component: Component) -> tuple[str, tuple[pulumi.Resource, ...]]:
        """Return the object's name and what must exist first: its upload, the construct's child ``startup-script``."""
        if self.content is None:
            return str(self.object_name), ()
        digest = hashlib.sha256(self.content.encode()).hexdigest()
        name = f"startup/{component.label}/{digest}.sh"
        made = component.make(
            "startup-script",
            gcp.storage.BucketObject,
            gcp.storage.BucketObjectArgs(
                bucket=self.bucket.bucket_name, name=name, content=self.content, content_type="text/x-shellscript"
            ),
            project=self.bucket.project,
        )
        return name, (made,)

    def metadata(self, name: str) -> dict[str, pulumi.Input[str]]:
        """Return the metadata with which a notebook runs the object.

        A script that is downloaded again at each start is not offered. Source: "Manage features through metadata",
        Workbench documentation, 2026-10.
        """
        return {
            "post-startup-script": pulumi.Output.concat("gs://", self.bucket.bucket_name, "/", name),
            "post-startup-script-behavior": "run_every_start" if self.every_start else "run_once",
        }

    def grant_read(self, account: AccountRef) -> tuple[pulumi.Resource, ...]:
        """Let the notebook's account read the bucket; return what the notebook must wait for."""
        return self.bucket.grant_read(account).resources
