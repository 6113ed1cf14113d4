"""A bucket for data of one class: private, encrypted, versioned, and emptied as the class promises."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core import names, scope
from groundplan.core.component import Component
from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.governed import check_held
from groundplan.core.references import AgreementRef, BucketRef, ExistingBucket, KeyRef, NetworkRef
from groundplan.core.regions import REGION_PATTERN
from groundplan.core.requests import ask
from groundplan.core.validation import Checks
from groundplan.data.object_lifecycle import DAY_SECONDS, ObjectLifecycle
from groundplan.data.stored import StoredArgs, key_in

_AGENT = "storage.googleapis.com"
# Who writes the access logs of every bucket. Source: "Usage logs & storage logs", Cloud Storage documentation.
_LOG_WRITER = "group:cloud-storage-analytics@google.com"
_MOST_RETENTION_DAYS = 36_500  # Cloud Storage allows 100 years.
_BUCKET_NAME = r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]"
# Where a configurable dual-region is, and where its key has to be, by the beginning of its regions' names.
_CONTINENTS = {"asia": ("ASIA", "asia"), "europe": ("EU", "europe"), "us": ("US", "us")}


@dataclass(frozen=True, kw_only=True)
class DataBucketArgs(StoredArgs):
    """What a ``DataBucket`` takes."""

    second_region: str | None = None
    """A region of the same continent that holds a copy of everything; then the key must be in the multi-region."""
    retention_days: int | None = None
    """Days in which no object can be deleted or replaced; the bucket then keeps no versions, as none can arise."""
    retention_locked: bool = False
    """Whether the retention can never be lifted or shortened again, by anybody."""
    log_bucket: BucketRef | None = None
    """Where access logs go, beside the audit logs that the tier may have on; best a bucket for nothing else."""
    network: NetworkRef | None = None
    """The only network that requests may come from; required for restricted classes where the tier filters."""
    network_ranges: tuple[str, ...] = ("0.0.0.0/0",)
    """Ranges in ``network`` that requests may come from; by default all of it, and of no other network."""
    service_agents_pass: bool = True
    """Whether Google's service agents pass the filter (IAM still holds); without them Vertex AI cannot read."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        super().validate(checks)
        if self.second_region is not None:
            self._check_pair(checks, self.second_region)
        self._check_retention(checks)
        if self.log_bucket is not None:
            checks.instance("log_bucket", self.log_bucket, BucketRef, "a DataBucket, or DataBucket.from_existing(…)")
        if self.network is not None:
            checks.instance("network", self.network, NetworkRef, "a Network, or Network.from_existing(…)")
        self._check_filter(checks)

    @property
    def places(self) -> tuple[str, ...]:
        """Every region that the objects are in."""
        return (self.region, self.second_region) if isinstance(self.second_region, str) else (self.region,)

    def _check_pair(self, checks: Checks, second: str) -> None:
        continent = self.region.split("-", 1)[0]
        checks.that(
            isinstance(second, str)
            and REGION_PATTERN.fullmatch(second)
            and second != self.region
            and second.split("-", 1)[0] == continent
            and continent in _CONTINENTS,
            "second_region",
            f"makes no pair of regions with {self.region}",
            given=second,
            allowed="another region of the same continent, in asia, europe or us",
            do=f"choose a region that begins with {continent}-" if continent in _CONTINENTS else "leave it out",
        )

    def _check_retention(self, checks: Checks) -> None:
        days = self.retention_days
        checks.that(
            days is not None or not self.retention_locked,
            "retention_locked",
            "locks a retention that is not given",
            given=True,
            allowed="retention_locked with retention_days",
            do="give retention_days, or leave the lock off",
        )
        if days is None or not checks.within("retention_days", days, 1, _MOST_RETENTION_DAYS, "days"):
            return
        kept = self.kept_days if isinstance(self.data_class, DataClass) else None
        checks.that(
            kept is None or days <= kept,
            "retention_days",
            "keeps objects beyond the day on which they are to be deleted",
            given=f"{days}, with deletion after {kept} days",
            allowed=f"at most {kept} days",
            do="shorten the retention; Google would delete nothing before it ends",
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
            do="pass the environment's network",
        )
        checks.that(
            self.network_ranges,
            "network_ranges",
            "names no range, so that nothing could reach the bucket",
            given="nothing",
            allowed="at least one range of addresses, such as 10.0.0.0/20",
            do="leave it out for the whole network",
        )
        for index, given in enumerate(self.network_ranges):
            if given != "0.0.0.0/0":
                checks.cidr(f"network_ranges[{index}]", given, shortest=8, longest=32)


class DataBucket(Component, BucketRef):
    """A bucket for data of one class, under a name that is the same in every run.

    Child: ``bucket``. Access is uniform, never public, and granted on this bucket by ``grant_read``, ``grant_write``
    and ``grant_read_write``. What is overwritten or deleted can be restored for a while, which ends within what the
    class promises about erasure. A website or CORS is not offered.
    """

    kind = "groundplan:data:DataBucket"
    objectives = ("2.1.a", "2.1.e", "3.2.a", "6.1.a")

    def __init__(self, name: str, args: DataBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the bucket; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.data_class = args.data_class
        self.location = args.region
        self.agreements = args.agreements
        lifecycle = ObjectLifecycle.of(
            args.data_class,
            kept=args.kept_days,
            versioned=args.retention_days is None,
            soft_delete_days=self.env.defaults.soft_delete_days,
        )
        self.bucket = self.make(
            "bucket", gcp.storage.Bucket, self._bucket_args(lifecycle), depends_on=self._granted_first()
        )
        self.bucket_name: pulumi.Output[str] = self.bucket.name
        if args.network is not None:
            scope.once(("bucket filter", self.project.id), self._ask_for_a_way_in)
        self.finish(
            {
                "bucketName": self.bucket_name,
                "url": pulumi.Output.concat("gs://", self.bucket_name),
                "location": self.location,
                "dataClass": self.data_class.value,
            }
        )

    def _ask_for_a_way_in(self) -> None:
        """Ask, once a project, for the right without which Pulumi itself cannot reach a filtered bucket from outside.

        Source: "Bypass bucket IP filtering", Cloud Storage documentation: a custom role with this one permission.
        """
        project = self.project.id
        ask(
            self.project,
            need="storage.buckets.exemptFromIpFilter for whoever runs Pulumi from outside the buckets' network",
            command=(
                f"gcloud iam roles create bucketFilterExempt --project={project}"
                " --permissions=storage.buckets.exemptFromIpFilter"
            ),
        )

    def _granted_first(self) -> list[pulumi.Resource]:
        """Return the grants without which Google would refuse the bucket, or drop its logs."""
        key, log_bucket = self.args.chosen_key, self.args.log_bucket
        grants = [key.grant_agent(self.project, _AGENT)] if key is not None else []
        if log_bucket is not None:
            grants.append(log_bucket.grant_write(_LOG_WRITER))
        return [resource for made in grants for resource in made.resources]

    def _bucket_args(self, lifecycle: ObjectLifecycle) -> gcp.storage.BucketArgs:
        args = self.args
        key, log_bucket = args.chosen_key, args.log_bucket
        return gcp.storage.BucketArgs(
            project=self.project.id,
            # Bucket names are shared by all of Google Cloud; the project's id makes this one ours.
            name=names.cloud_name("bucket", self.project.id, self.env.prefix, self.label),
            location=self._location(),
            custom_placement_config=self._pair(args.second_region) if args.second_region is not None else None,
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            versioning=gcp.storage.BucketVersioningArgs(enabled=lifecycle.noncurrent is not None),
            soft_delete_policy=gcp.storage.BucketSoftDeletePolicyArgs(
                retention_duration_seconds=lifecycle.soft_delete * DAY_SECONDS
            ),
            lifecycle_rules=lifecycle.rules(),
            retention_policy=self._retention(),
            encryption=self._encryption(key) if key is not None else None,
            logging=gcp.storage.BucketLoggingArgs(log_bucket=log_bucket.bucket_name, log_object_prefix=self.label)
            if log_bucket is not None
            else None,
            ip_filter=self._ip_filter(args.network) if args.network is not None else None,
            labels=self.labels(classification=self.data_class.value, owner=args.owner_label),
        )

    def _location(self) -> str:
        # In capitals, as the API answers, so that no later run sees a difference.
        pair = self.args.second_region is not None
        return _CONTINENTS[self.location.split("-", 1)[0]][0] if pair else self.location.upper()

    def _pair(self, second: str) -> gcp.storage.BucketCustomPlacementConfigArgs:
        regions = sorted(region.upper() for region in (self.location, second))
        return gcp.storage.BucketCustomPlacementConfigArgs(data_locations=[*regions])

    def _retention(self) -> gcp.storage.BucketRetentionPolicyArgs | None:
        days = self.args.retention_days
        if days is None:
            return None
        return gcp.storage.BucketRetentionPolicyArgs(
            retention_period=str(days * DAY_SECONDS), is_locked=self.args.retention_locked
        )

    def _encryption(self, key: KeyRef) -> gcp.storage.BucketEncryptionArgs:
        config = gcp.storage.BucketEncryptionArgs(default_kms_key_name=key_in(key, self._key_location(), self.where))
        if self.data_class.is_restricted:
            refuse = "FullyRestricted"
            config.google_managed_encryption_enforcement_config = (
                gcp.storage.BucketEncryptionGoogleManagedEncryptionEnforcementConfigArgs(restriction_mode=refuse)
            )
            config.customer_supplied_encryption_enforcement_config = (
                gcp.storage.BucketEncryptionCustomerSuppliedEncryptionEnforcementConfigArgs(restriction_mode=refuse)
            )
        return config

    def _key_location(self) -> str:
        pair = self.args.second_region is not None
        return _CONTINENTS[self.location.split("-", 1)[0]][1] if pair else self.location

    def _ip_filter(self, network: NetworkRef) -> gcp.storage.BucketIpFilterArgs:
        return gcp.storage.BucketIpFilterArgs(
            mode="Enabled",
            vpc_network_sources=[
                gcp.storage.BucketIpFilterVpcNetworkSourceArgs(
                    network=network.network_id, allowed_ip_cidr_ranges=list(self.args.network_ranges)
                )
            ],
            allow_cross_org_vpcs=False,
            allow_all_service_agent_access=self.args.service_agents_pass,
        )

    @staticmethod
    def from_existing(
        bucket_name: str,
        *,
        project: Project,
        location: str,
        data_class: DataClass,
        label: str | None = None,
        agreements: tuple[AgreementRef, ...] = (),
    ) -> BucketRef:
        """Return a bucket that was there before.

        ``bucket_name`` is without ``gs://``; ``project`` is the bucket's, whose ``managed`` says whether grants on it
        are ours to make; ``label``, by default the bucket's name, begins the names of grants; ``agreements`` are those
        on the data in it.
        """
        checks = Checks("DataBucket.from_existing")
        checks.matches(
            "bucket_name",
            bucket_name,
            _BUCKET_NAME,
            "a bucket's name, 3 to 222 lower-case letters, digits, dots, - and _",
            "leave out gs:// and any path",
        )
        checks.instance("data_class", data_class, DataClass, "a DataClass, such as DataClass.INTERNAL")
        check_held(checks, agreements, data_class, location)
        checks.finish()
        return ExistingBucket(
            label=label or bucket_name,
            project=project,
            bucket_name=bucket_name,
            location=location,
            data_class=data_class,
            agreements=agreements,
        )
