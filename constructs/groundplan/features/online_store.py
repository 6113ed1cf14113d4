"""An online store: the latest values of features, kept where predictions can fetch them fast."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key, key_in
from groundplan.core.environment import Project
from groundplan.core.governed import AgreedArgs, check_held
from groundplan.core.references import AgreementRef, ExistingOnlineStore, KeyRef, KeyRingRef, OnlineStoreRef
from groundplan.core.validation import PROJECT_ID, PROJECT_NUMBER, Checks
from groundplan.features.checks import check_id, check_region
from groundplan.features.legacy import check_not_legacy

_AGENT = "aiplatform.googleapis.com"
# Source: pulumi-gcp 10.2.0, arguments of the Bigtable settings.
_LEAST_CPU, _MOST_CPU = 10, 80
_MOST_NODES = 1000
_MOST_TIMES = 10


@dataclass(frozen=True, kw_only=True)
class BigtableServing:
    """The kind Bigtable: for scheduled and continuous synchronisation, with a key of one's own, without vectors.

    It is reached through Vertex AI's regional endpoint, so from a network that has the restricted Google APIs without
    anything public. Its nodes bill while nothing is read.
    """

    min_nodes: int = 1
    """Nodes that always run."""
    max_nodes: int = 3
    """Nodes that it grows to, at most ten times ``min_nodes``."""
    cpu_percent: int = 50
    """Load in per cent at which nodes are added, 10 to 80."""
    zone: str | None = None
    """Zone of the nodes, best that of those who read; by default Google chooses one in the region."""

    def check(self, checks: Checks, args: OnlineStoreArgs) -> None:
        """Record what is wrong with the settings."""
        check_keys(checks, args.env, args.data_class, args.keys, args.key)
        checks.within("serving.cpu_percent", self.cpu_percent, _LEAST_CPU, _MOST_CPU, "per cent")
        if self.zone is not None:
            checks.one_of("serving.zone", self.zone, args.env.zones)
        if checks.within("serving.min_nodes", self.min_nodes, 1, _MOST_NODES, "nodes"):
            most = self.min_nodes * _MOST_TIMES
            checks.within("serving.max_nodes", self.max_nodes, self.min_nodes, most, "nodes")


@dataclass(frozen=True, kw_only=True)
class OptimizedServing:
    """The kind Optimized, which Google has deprecated: for vectors, and faster than Bigtable.

    It is reached by Private Service Connect alone, from the projects of the allow-list. Google keeps it encrypted with
    keys of its own and takes no other.
    """

    project_allowlist: tuple[str, ...]
    """Projects whose networks may connect, by id or number; the store publishes a service attachment to them."""
    google_managed_keys: bool = False
    """Accepts that the keys are Google's, in a tier that asks for keys of one's own: none can withdraw the key then."""

    def check(self, checks: Checks, args: OnlineStoreArgs) -> None:
        """Record what is wrong with the settings."""
        checks.that(
            args.keys is None and args.key is None,
            "keys" if args.keys is not None else "key",
            "cannot encrypt a store of the kind Optimized: Google takes keys for the kind Bigtable only",
            given="a key",
            allowed="no key, or serving=BigtableServing()",
            do="serve with Bigtable; where vectors are needed, leave the key out",
        )
        checks.that(
            self.google_managed_keys or not args.env.defaults.customer_managed_keys,
            "serving",
            f"is encrypted with Google's keys, and tier {args.env.tier.name} encrypts data with keys of one's own",
            given="OptimizedServing",
            allowed="BigtableServing, or OptimizedServing with google_managed_keys=True",
            do="serve with Bigtable; where vectors are needed, accept Google's keys where a reviewer sees it",
        )
        checks.that(
            self.project_allowlist,
            "serving.project_allowlist",
            "lets nobody connect",
            given="nothing",
            allowed="at least one project",
            do="name the projects whose networks read features",
        )
        for index, project in enumerate(self.project_allowlist):
            checks.that(
                isinstance(project, str) and (PROJECT_ID.fullmatch(project) or PROJECT_NUMBER.fullmatch(project)),
                f"serving.project_allowlist[{index}]",
                "is no single project",
                given=project,
                allowed="a project's id or number; no wildcard, no folder",
                do="name each project whose network connects",
            )
        checks.unique("serving.project_allowlist", (str(p) for p in self.project_allowlist), "project")


@dataclass(frozen=True, kw_only=True)
class OnlineStoreArgs(AgreedArgs):
    """What an ``OnlineStore`` takes."""

    data_class: DataClass
    """How sensitive the values are; no view in it can be of a stricter class. Chooses the key."""
    serving: BigtableServing | OptimizedServing = BigtableServing()
    """How values are served. Google never changes a store from one kind to the other."""
    keys: KeyRingRef | None = None
    """Keys by data class; this or ``key`` is required where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key to use instead of the one that ``keys`` has for the data class."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        classed = checks.instance("data_class", self.data_class, DataClass, "a DataClass, such as DataClass.INTERNAL")
        current = check_not_legacy(checks, "serving", self.serving)
        known = current and checks.instance(
            "serving", self.serving, (BigtableServing, OptimizedServing), "BigtableServing(…) or OptimizedServing(…)"
        )
        if classed:
            check_held(checks, self.agreements, self.data_class, self.env.region)
        if classed and known:
            self.serving.check(checks, self)


class OnlineStore(Component, OnlineStoreRef):
    """A store of the latest values of features, which ``FeatureView`` fills and reads.

    Children: ``bigtable`` or ``optimized``. The kind is in the name, since Google refuses to change it: another kind is
    another store, beside the old one, whose deletion the guards refuse where the tier protects what holds data.
    """

    kind = "groundplan:features:OnlineStore"
    objectives = ("2.1.d", "4.2.a", "6.1.a")

    def __init__(self, name: str, args: OnlineStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the store; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.region = args.env.region
        self.data_class = args.data_class
        self.agreements = args.agreements
        self.optimized = isinstance(args.serving, OptimizedServing)
        self.store = self._store(args.serving)
        self.store_id: pulumi.Input[str] = self.store.name
        outputs: dict[str, object] = {
            "storeId": self.store.name,
            "dataClass": self.data_class.value,
            "serving": "optimized" if self.optimized else "bigtable",
        }
        if self.optimized:
            # Known only when the first view has been synchronised.
            outputs["serviceAttachment"] = self.service_attachment
        self.finish(outputs)

    @property
    def service_attachment(self) -> pulumi.Output[str | None]:
        """Where a network connects by Private Service Connect; nothing for Bigtable, and before the first values."""
        return self.store.dedicated_serving_endpoint.apply(
            lambda endpoint: endpoint.service_attachment if endpoint else None
        )

    def _store(self, serving: BigtableServing | OptimizedServing) -> gcp.vertex.AiFeatureOnlineStore:
        args = gcp.vertex.AiFeatureOnlineStoreArgs(
            project=self.project.id,
            region=self.region,
            name=self.cloud_name("online_store", "optimized" if self.optimized else ""),
            labels=self.labels(classification=self.data_class.value),
        )
        if isinstance(serving, OptimizedServing):
            self._warn()
            args.optimized = gcp.vertex.AiFeatureOnlineStoreOptimizedArgs()  # type: ignore[no-untyped-call] # the provider's
            args.dedicated_serving_endpoint = _private_endpoint(serving)
            return self.make("optimized", gcp.vertex.AiFeatureOnlineStore, args)
        args.bigtable = _bigtable(serving)
        key = chosen_key(self.data_class, self.args.keys, self.args.key)
        if key is None:
            return self.make("bigtable", gcp.vertex.AiFeatureOnlineStore, args)
        granted = key.grant_agent(self.project, _AGENT)
        args.encryption_spec = gcp.vertex.AiFeatureOnlineStoreEncryptionSpecArgs(
            kms_key_name=key_in(key, self.region, self.where)
        )
        return self.make("bigtable", gcp.vertex.AiFeatureOnlineStore, args, depends_on=granted.resources)

    def _warn(self) -> None:
        pulumi.log.warn(
            f"{self.where}: Google has deprecated online stores of the kind Optimized, and encrypts them with its own "
            "keys only; use Bigtable where no vectors are served",
            self,
        )

    @staticmethod
    def from_existing(
        store_id: str,
        *,
        project: Project,
        region: str,
        data_class: DataClass,
        optimized: bool = False,
        label: str | None = None,
        agreements: tuple[AgreementRef, ...] = (),
    ) -> OnlineStoreRef:
        """Return an online store that was there before.

        ``store_id`` is its id inside ``project``, whose ``managed`` says whether grants on it are ours to make;
        ``data_class`` is the strictest class that it may hold; ``optimized`` says that it is of the kind Optimized;
        ``label``, by default the id, begins the names of grants; ``agreements`` are those on the values. A legacy
        Feature Store raises ``ArgumentError``.
        """
        checks = Checks("OnlineStore.from_existing")
        check_id(checks, "store_id", store_id, "online_store")
        check_region(checks, region)
        checks.instance("data_class", data_class, DataClass, "a DataClass, such as DataClass.INTERNAL")
        checks.finish()
        return ExistingOnlineStore(
            label=label or store_id.replace("_", "-"),
            project=project,
            region=region,
            data_class=data_class,
            store_id=store_id,
            optimized=optimized,
            agreements=agreements,
        )


def _bigtable(serving: BigtableServing) -> gcp.vertex.AiFeatureOnlineStoreBigtableArgs:
    return gcp.vertex.AiFeatureOnlineStoreBigtableArgs(
        auto_scaling=gcp.vertex.AiFeatureOnlineStoreBigtableAutoScalingArgs(
            min_node_count=serving.min_nodes,
            max_node_count=serving.max_nodes,
            cpu_utilization_target=serving.cpu_percent,
        ),
        zone=serving.zone,
    )


def _private_endpoint(serving: OptimizedServing) -> gcp.vertex.AiFeatureOnlineStoreDedicatedServingEndpointArgs:
    # Without this, Google gives the store a public endpoint.
    return gcp.vertex.AiFeatureOnlineStoreDedicatedServingEndpointArgs(
        private_service_connect_config=gcp.vertex.AiFeatureOnlineStoreDedicatedServingEndpointPrivateServiceConnectConfigArgs(
            enable_private_service_connect=True, project_allowlists=list(serving.project_allowlist)
        )
    )
