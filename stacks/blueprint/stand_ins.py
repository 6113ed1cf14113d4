"""What earlier stages would make, as references, so that arguments can be put together before anything is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import groundplan as gp
from blueprint.context import Context
from blueprint.settings import Settings, Stage
from blueprint.stages import delivery, foundation, governance, lookup, platform
from groundplan.core import references
from groundplan.core.errors import LookupFailure
from groundplan.core.references import Reference
from groundplan.data.warehouse import DescribedDataset

R = TypeVar("R", bound=Reference | gp.KeyRingRef)


class StandIns(Context):
    """A context in which everything that the settings speak of is there already. Nothing may be granted on it."""

    def __init__(self, settings: Settings, env: gp.Environment, earlier: list[gp.Exports]) -> None:
        """Take what a ``Context`` takes."""
        super().__init__(settings, env, earlier)
        self._makers: Mapping[str, Callable[[str], Reference | gp.KeyRingRef | None]] = {
            "network": self._network,
            "keys": self._keys,
            "account": self._account,
            "bucket": self._bucket,
            "dataset": self._dataset,
            "attachment": self._attachment,
            "repository": self._repository,
            "code": self._code,
            "build": self._build_pool,
            "attestor": self._attestor,
            "reservation": self._reservation,
            "agreement": self._agreement,
            "endpoint": self._endpoint,
            "review": self._review,
            "training": self._training,
            "pipelines": self._pipelines,
        }

    def has(self, name: str) -> bool:
        """Whether the settings speak of something of that name, or an earlier stack has it."""
        return self._stand_in(name) is not None or super().has(name)

    def find(self, name: str, kind: type[R], read: Callable[[gp.Exports, str], R], stage: Stage) -> R:
        """Return what stands for something that this stack makes, or what an earlier stack exports."""
        if stage not in self.settings.stages:
            return super().find(name, kind, read, stage)
        found = self._stand_in(name) or self._nobody(name)
        return found if isinstance(found, kind) else super().find(name, kind, read, stage)

    def dataset(self, name: str) -> gp.DatasetRef | None:
        """Return what stands for a warehouse; None where nobody speaks of it."""
        if Stage.PLATFORM in self.settings.stages and name not in self.settings.warehouses:
            return None
        try:
            return lookup.dataset(self, name)
        except LookupFailure:
            return None

    def _stand_in(self, name: str) -> Reference | gp.KeyRingRef | None:
        kind, _, rest = name.partition("-")
        maker = self._makers.get(kind)
        return maker(rest) if maker is not None else None

    def _nobody(self, name: str) -> Reference | None:
        """Return what stands for something that is named and that nobody speaks of.

        That it is not there is told once, by the checks of the settings; the rest of whatever names it can be judged
        nonetheless. Data is taken to be of the strictest class, so that no use of it is refused for its class.
        """
        kind, _, rest = name.partition("-")
        workload, build, region = self.env.projects.workload, self.env.projects.build, self.env.region
        strictest = list(gp.DataClass)[-1]
        match kind:
            case "account":
                return self._own_account(rest)
            case "bucket":
                return references.ExistingBucket(
                    label=rest, project=workload, bucket_name=rest, location=region, data_class=strictest
                )
            case "dataset":
                return DescribedDataset(
                    project=workload, dataset_id=rest, location=region, data_class=strictest, tables=()
                )
            case "code":
                return references.ExistingSourceRepository(
                    label=rest,
                    project=build,
                    connector=references.SourceConnector.CLOUD_BUILD,
                    region=region,
                    parent_name=rest,
                    repository_name=rest,
                    url="",
                )
            case _:
                return None

    def _network(self, _: str) -> gp.NetworkRef:
        there, project = self.settings.network.existing, self.env.projects.network
        if there is not None:
            return platform.existing_network(self, there)
        return references.ExistingNetwork(
            label="core",
            project=project,
            region=self.env.region,
            network_id=f"projects/{project.id}/global/networks/core",
            subnetwork_id=f"projects/{project.id}/regions/{self.env.region}/subnetworks/core",
            subnetwork_name="core",
            pods_range="pods",
            services_range="services",
        )

    def _keys(self, _: str) -> gp.KeyRingRef | None:
        if self.settings.keys.existing is not None:
            return foundation.existing_keys(self.settings.keys.existing)
        if not foundation.makes_keys(self):
            return None
        project = self.env.projects.keys
        ring = f"projects/{project.id}/locations/{self.env.region}/keyRings/main/cryptoKeys"
        return references.ExistingKeyRing(
            {
                kind: references.ExistingKey(key_id=f"{ring}/{kind.value}", project=project, label=kind.value)
                for kind in gp.DataClass
            }
        )

    def _account(self, name: str) -> gp.AccountRef | None:
        identity = self.settings.identities.get(name)
        return None if identity is None else self._own_account(name, identity.existing)

    def _own_account(self, name: str, email: str | None = None) -> references.ExistingAccount:
        project = self.env.projects.workload
        email = email or f"{name}@{project.id}.iam.gserviceaccount.com"
        return references.ExistingAccount(email=email, project=project, label=name)

    def _bucket(self, name: str) -> gp.BucketRef | None:
        bucket, project = self.settings.buckets.get(name), self.env.projects.workload
        keepers = {agreement.bucket for agreement in self.settings.agreements.values()}
        if bucket is None:
            return None
        return references.ExistingBucket(
            label=name,
            project=project,
            bucket_name=bucket.existing or name,
            location=self.env.region,
            data_class=gp.DataClass(bucket.data_class),
            # A bucket that keeps records answers to none; that it does not is told by the checks of the settings.
            agreements=() if name in keepers else governance.agreements(self, bucket.agreements),
        )

    def _dataset(self, name: str) -> gp.DatasetRef | None:
        if name not in self.settings.warehouses:
            return None
        made = platform.warehouse_args(self, name)
        if isinstance(made, gp.DatasetRef):
            return made
        return DescribedDataset(
            project=self.env.projects.workload,
            dataset_id=name,
            location=self.env.region,
            data_class=made.data_class,
            tables=made.tables,
            agreements=made.agreements,
        )

    def _attachment(self, _: str) -> gp.NetworkAttachmentRef:
        project, region = self.env.projects.workload, self.env.region
        attachment = f"projects/{project.id}/regions/{region}/networkAttachments/jobs"
        return references.ExistingNetworkAttachment(
            label="jobs", project=project, attachment_id=attachment, region=region
        )

    def _repository(self, name: str) -> gp.ImageRepositoryRef | None:
        repository = self.settings.repositories.get(name)
        if repository is None:
            return None
        return references.ExistingImageRepository(
            label=name,
            project=self.env.projects.build,
            repository_id=name,
            location=self.env.region,
            format=delivery.FORMATS[repository.format],
            remote=repository.remote,
        )

    def _code(self, name: str) -> gp.SourceRepositoryRef | None:
        for connection, source in self.settings.sources.items():
            for repository in source.repositories:
                if name == f"{connection}-{repository}":
                    hosted = source.kind == "hosted"
                    connectors = references.SourceConnector
                    return references.ExistingSourceRepository(
                        label=connection,
                        project=self.env.projects.build,
                        connector=connectors.SECURE_SOURCE_MANAGER if hosted else connectors.CLOUD_BUILD,
                        region=self.env.region,
                        parent_name=connection,
                        repository_name=repository,
                        url="",
                    )
        return None

    def _build_pool(self, _: str) -> gp.BuildPoolRef | None:
        if self.settings.build_pool is None:
            return None
        project, region = self.env.projects.build, self.env.region
        pool = f"projects/{project.id}/locations/{region}/workerPools/builds"
        return references.ExistingBuildPool(label="builds", project=project, pool_id=pool, location=region)

    def _attestor(self, _: str) -> gp.AttestorRef | None:
        project = self.env.projects.build
        if not foundation.signs_images(self):
            return None
        return references.ExistingAttestor(
            label="built",
            project=project,
            attestor_name="built",
            note_id="built",
            key_id="built",
            key_version="built",
            key_project=self.env.projects.keys,
        )

    def _reservation(self, name: str) -> gp.ReservationRef | None:
        reservation = self.settings.reservations.get(name)
        if reservation is None:
            return None
        return references.ExistingReservation(
            label=name,
            project=self.env.projects.workload,
            reservation_name=name,
            zone=reservation.zone,
            machine_type=reservation.machine_type,
            machines=reservation.machines,
        )

    def _agreement(self, name: str) -> gp.AgreementRef | None:
        if name not in self.settings.agreements:
            return None
        terms = governance.agreement_args(self, name).terms
        return references.ExistingAgreement(
            label=name, project=self.env.projects.workload, agreement_urn=name, digest=name, terms=terms
        )

    def _review(self, name: str) -> gp.ReviewRef | None:
        review = self.settings.reviews.get(name)
        if review is None:
            return None
        return references.ExistingReview(
            label=name,
            project=self.env.projects.workload,
            review_urn=name,
            digest=name,
            purposes=tuple(review.purposes),
        )

    def _training(self, name: str) -> gp.TrainingPoolRef | None:
        if name not in self.settings.training:
            return None
        return references.ExistingTrainingPool(
            label=name,
            project=self.env.projects.workload,
            region=self.env.region,
            account=self._own_account(name),
            custom_job={},
            training_urn=name,
        )

    def _pipelines(self, name: str) -> gp.PipelineEnvironmentRef | None:
        pipelines, project, region = self.settings.pipelines.get(name), self.env.projects.workload, self.env.region
        if pipelines is None:
            return None
        data_class = gp.DataClass(pipelines.data_class)
        return references.ExistingPipelineEnvironment(
            label=name,
            project=project,
            region=region,
            data_class=data_class,
            root=references.ExistingBucket(
                label=name, project=project, bucket_name=name, location=region, data_class=data_class
            ),
            root_path="pipelines",
            account=self._own_account(name),
            templates=references.ExistingImageRepository(
                label=name, project=project, repository_id=name, location=region, format=delivery.FORMATS["kfp"]
            ),
            training_urn=name,
        )

    def _endpoint(self, name: str) -> gp.OnlineEndpointRef | None:
        endpoint = self.settings.endpoints.get(name)
        if endpoint is None:
            return None
        return references.ExistingOnlineEndpoint(
            label=name,
            project=self.env.projects.workload,
            endpoint_name=name,
            region=self.env.region,
            data_class=gp.DataClass(endpoint.data_class),
            host=None,
            caller_role=None,
            deployer_role=None,
            account=None,
        )
