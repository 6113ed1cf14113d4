"""A log archive: what all projects log, kept in one place, encrypted, and locked where the tier says so."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Args, Component
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key, key_in
from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.principals import Identity
from groundplan.core.references import ExistingLogArchive, KeyRef, KeyRingRef, LogArchiveRef
from groundplan.core.references.logs import ALL_LOGS
from groundplan.core.validation import Checks
from groundplan.security.log_routing import check_separate, check_sources, route, sources_of

_API = "logging.googleapis.com"
_BUCKET_ID = r"projects/[^/\s]+/locations/[^/\s]+/buckets/[^/\s]+"
_LONGEST_DAYS = 3650


@dataclass(frozen=True, kw_only=True)
class LogArchiveArgs(Args):
    """What a ``LogArchive`` takes."""

    keys: KeyRingRef | None = None
    """Keys by data class; this or ``key`` is required where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key to use instead of the one that ``keys`` has for the data class."""
    key_account: pulumi.Input[str] | None = None
    """E-mail of the account with which Logging uses keys for the log project; by default it is looked up, since Google
    puts an identifier in it. ``gcloud logging settings describe --project=…`` prints it as ``kmsServiceAccountId``."""
    data_class: DataClass = DataClass.CONFIDENTIAL
    """How sensitive the entries are: they name people, addresses and resources."""
    retention_days: int | None = None
    """Days that entries are kept, 1 to 3,650; by default as the tier says. Fewer loses evidence earlier."""
    locked: bool | None = None
    """Whether the retention can never be changed again, by anybody, and the bucket only be deleted when it is empty;
    by default as the tier says. Unlocked, an administrator can shorten it and so destroy evidence."""
    readers: tuple[str, ...] = ()
    """Principals who may read the archive, such as ``group:auditors@acme.test``."""
    sources: tuple[Project, ...] | None = None
    """Projects whose entries are kept; by default all of the environment's."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        if checks.instance("data_class", self.data_class, DataClass, "a DataClass, such as DataClass.CONFIDENTIAL"):
            check_keys(checks, self.env, self.data_class, self.keys, self.key)
        if self.retention_days is not None:
            checks.within("retention_days", self.retention_days, 1, _LONGEST_DAYS, "days")
        checks.unique("readers", self.readers, "principal")
        for index, reader in enumerate(self.readers):
            checks.principal(f"readers[{index}]", reader)
        check_sources(checks, self.sources)
        check_separate(checks, "env.projects.logs", self.env, self.env.projects.logs)


class LogArchive(Component, LogArchiveRef):
    """A log bucket in the environment's log project, fed by a sink of every source project.

    Children: ``bucket``; ``view``, through which it is read; ``sink-<project>`` for each source, without a filter and
    without exclusions; grants of the sinks' writers and of readers. Google keeps its ``_Default`` buckets beside it.
    """

    kind = "groundplan:security:LogArchive"
    objectives = ("6.1.a", "6.2.e")

    def __init__(self, name: str, args: LogArchiveArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the bucket, its view and the sinks; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.env.projects.logs
        short = self.cloud_name("log_bucket")
        self.log_bucket_id = f"projects/{self.project.id}/locations/{self.env.region}/buckets/{short}"
        self.bucket = self._bucket(short)
        self.made = (self.bucket,)
        self.view = self._view()
        for reader in args.readers:
            self.grant_read(reader)
        self.sinks = route(self, self, sources_of(args.env, args.sources))
        self.finish({"logBucketId": self.log_bucket_id, "view": self.view, "sources": sorted(self.sinks)})

    def _bucket(self, short: str) -> gcp.logging.ProjectBucketConfig:
        args, defaults = self.args, self.env.defaults
        key = chosen_key(args.data_class, args.keys, args.key)
        locked = defaults.log_locked if args.locked is None else args.locked
        return self.make(
            "bucket",
            gcp.logging.ProjectBucketConfig,
            gcp.logging.ProjectBucketConfigArgs(
                project=self.project.id,
                location=self.env.region,
                bucket_id=short,
                description=f"All entries of the platform, {args.data_class.value}.",
                retention_days=args.retention_days or defaults.log_retention_days,
                locked=locked,
                cmek_settings=gcp.logging.ProjectBucketConfigCmekSettingsArgs(
                    kms_key_name=key_in(key, self.env.region, self.where)
                )
                if key is not None
                else None,
            ),
            # Logging refuses a key that it may not use at the moment when the bucket is made.
            depends_on=self._grant_key(key).resources if key is not None else (),
            # Nobody deletes what is locked, so an environment that is taken down leaves it behind.
            retain=locked and not self.protected,
        )

    def _grant_key(self, key: KeyRef) -> Grant:
        if self.args.key_account is None:
            return key.grant_use(service_agent(self.project, _API, "keys"))
        member = pulumi.Output.concat("serviceAccount:", self.args.key_account)
        return key.grant_use(Identity(label=f"agent-logging-keys-{self.project.id}", member=member))

    def _view(self) -> pulumi.Output[str]:
        short = self.cloud_name("log_view")
        view = self.make(
            "view",
            gcp.logging.LogView,
            gcp.logging.LogViewArgs(
                parent=f"projects/{self.project.id}",
                location=self.env.region,
                bucket=self.bucket.bucket_id,
                name=short,
                description="Everything in the archive.",
            ),
        )
        # The provider may answer with the full name; readers are bound by the short one, after the view is there.
        return view.name.apply(lambda _: short)

    @staticmethod
    def from_existing(
        log_bucket_id: str, *, project: Project, view: str = ALL_LOGS, label: str | None = None
    ) -> LogArchiveRef:
        """Return an archive that was there before, such as the organisation's own.

        ``log_bucket_id`` is ``projects/…/locations/…/buckets/…``; ``project`` is its project, whose ``managed`` says
        whether grants there are ours to make; ``view`` is the one to read through, by default that of everything.
        ``LogRouting`` sends entries to it. Another form, or a bucket of another project, raises ``ArgumentError``.
        """
        checks = Checks("LogArchive.from_existing")
        if checks.matches(
            "log_bucket_id",
            log_bucket_id,
            _BUCKET_ID,
            "projects/…/locations/…/buckets/…",
            "copy what `gcloud logging buckets list` prints, with project and location",
        ):
            checks.that(
                log_bucket_id.split("/")[1] in {project.id, project.number},
                "project",
                "is not the bucket's",
                given=project.id,
                allowed=log_bucket_id.split("/")[1],
                do="describe the project that the bucket is in",
            )
        checks.finish()
        short = log_bucket_id.rsplit("/", 1)[-1]
        return ExistingLogArchive(label=label or short, project=project, log_bucket_id=log_bucket_id, view=view)
