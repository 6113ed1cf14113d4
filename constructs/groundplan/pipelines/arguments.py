"""What an environment of pipelines takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from groundplan.core.data_class import DataClass
from groundplan.core.governed import ReviewedArgs
from groundplan.core.references import (
    AccountRef,
    BucketRef,
    ImageRepositoryRef,
    NetworkAttachmentRef,
    NetworkRef,
    RepositoryFormat,
    ServiceAccessRef,
)
from groundplan.core.validation import Checks
from groundplan.data.stored import StoredArgs
from groundplan.pipelines.pipeline_schedule import PipelineSchedule

ROOT_PATH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, kw_only=True)
class PipelineEnvironmentArgs(StoredArgs, ReviewedArgs):
    """What a ``PipelineEnvironment`` takes; class and key are those of its runs, its metadata and its own bucket."""

    root: BucketRef | None = None
    """Bucket that artifacts go to; by default one of its own."""
    root_path: str = "pipelines"
    """Path inside the bucket, without slashes at its ends."""
    account: AccountRef | None = None
    """The service account that pipelines act as; by default one of its own, without a role on data."""
    templates: ImageRepositoryRef | None = None
    """Repository of compiled pipelines, of format KFP; by default one of its own, in the build project."""
    metadata_store: bool = True
    """Whether the region's store of metadata (lineage of models and data) is made here. A project has one in a region:
    say no where another environment makes it, or where a pipeline ran before, since Google made it then."""
    schedules: tuple[PipelineSchedule, ...] = ()
    """Pipelines that run by themselves."""
    connection: ServiceAccessRef | NetworkAttachmentRef | None = None
    """How jobs of scheduled runs reach a network: an interface at an attachment, or a peering with the range of private
    services access; by default not at all."""
    network: NetworkRef | None = None
    """The only network that requests to the own bucket may come from; required for restricted classes where the tier
    filters."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        super().validate(checks)
        self.check_review(checks)
        self._check_root(checks)
        if self.account is not None:
            checks.instance(
                "account", self.account, AccountRef, "a ServiceIdentity, or ServiceIdentity.from_existing(…)"
            )
        self._check_templates(checks)
        checks.instance("metadata_store", self.metadata_store, bool, "true or false")
        self._check_connection(checks)
        for index, schedule in enumerate(self.schedules):
            if checks.instance(f"schedules[{index}]", schedule, PipelineSchedule, "a PipelineSchedule"):
                schedule.check(checks, f"schedules[{index}]")
        named = [schedule.name for schedule in self.schedules if isinstance(schedule, PipelineSchedule)]
        checks.unique("schedules", map(str, named), "schedule")

    def _check_root(self, checks: Checks) -> None:
        checks.matches(
            "root_path",
            self.root_path,
            ROOT_PATH.pattern,
            "a path of letters, digits, dots, hyphens and underscores, such as pipelines/churn",
            "leave out gs://, the bucket, and slashes at the ends",
        )
        if self.network is not None:
            checks.instance("network", self.network, NetworkRef, "a Network, or Network.from_existing(…)")
        if self.root is None or not checks.instance(
            "root", self.root, BucketRef, "a DataBucket, or DataBucket.from_existing(…)"
        ):
            self._check_filter(checks)
            return
        checks.that(
            not isinstance(self.data_class, DataClass) or self.root.data_class.rank >= self.data_class.rank,
            "root",
            f"is for {self.root.data_class.value} data, and pipelines would write {self.data_class} data to it",
            given=self.root.data_class.value,
            allowed=f"a bucket for {self.data_class} data, or for a stricter class",
            do="give a bucket of the class, or leave it out for one of its own",
        )
        for field in ("network", "delete_after_days"):
            checks.that(
                getattr(self, field) is None,
                field,
                "is for a bucket of its own, and one is given",
                given=getattr(self, field),
                allowed=f"{field} without root",
                do=f"set it on the bucket, and leave {field} out here",
            )

    def _check_filter(self, checks: Checks) -> None:
        filtered = (
            isinstance(self.data_class, DataClass)
            and self.data_class.is_restricted
            and self.env.defaults.bucket_network_filter
        )
        checks.that(
            self.network is not None or not filtered,
            "network",
            f"is missing, and tier {self.env.tier.name} lets restricted data be reached from its network only",
            given="nothing",
            allowed="a Network, or Network.from_existing(…)",
            do="pass the environment's network, or a bucket as root",
        )

    def _check_templates(self, checks: Checks) -> None:
        if self.templates is None or not checks.instance(
            "templates", self.templates, ImageRepositoryRef, "an ImageRepository, or ImageRepository.from_existing(…)"
        ):
            return
        checks.that(
            self.templates.format is RepositoryFormat.KFP,
            "templates",
            "does not hold pipelines",
            given=self.templates.format,
            allowed="a repository with format=RepositoryFormat.KFP",
            do="make one for pipelines, or leave it out",
        )

    def _check_connection(self, checks: Checks) -> None:
        if self.connection is None or not checks.instance(
            "connection",
            self.connection,
            (ServiceAccessRef, NetworkAttachmentRef),
            "a NetworkAttachment or a PrivateServiceAccess",
        ):
            return
        if isinstance(self.connection, NetworkAttachmentRef):
            checks.that(
                self.connection.region == self.region,
                "connection",
                "is in another region than the pipelines",
                given=self.connection.region,
                allowed=self.region,
                do="make an attachment in the region of the pipelines",
            )
