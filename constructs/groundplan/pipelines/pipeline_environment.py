"""What pipelines run in: root, account, repository of compiled pipelines, store of metadata, schedules."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Component
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import key_in
from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.references import (
    AccountRef,
    BucketRef,
    ExistingPipelineEnvironment,
    ImageRepositoryRef,
    PipelineEnvironmentRef,
    ServiceAccessRef,
)
from groundplan.core.regions import REGION_PATTERN
from groundplan.core.validation import Checks
from groundplan.data.data_bucket import DataBucket, DataBucketArgs
from groundplan.network.network_attachment import NetworkAttachment
from groundplan.pipelines.arguments import ROOT_PATH, PipelineEnvironmentArgs
from groundplan.pipelines.pipeline_schedule import PipelineSchedule
from groundplan.pipelines.scheduled_run import scheduled_run
from groundplan.pipelines.template_repository import make_templates
from groundplan.security.capabilities import Capability, grant_capability
from groundplan.security.service_identity import ServiceIdentity, ServiceIdentityArgs

_AGENT = "aiplatform.googleapis.com"
# Runs and experiments record into the store of this name, and make it without a key where it is missing.
# Source: "Configure your project's metadata store", Vertex ML Metadata documentation, 2026-10.
_METADATA_STORE = "default"


class PipelineEnvironment(Component, PipelineEnvironmentRef):
    """What pipelines run in, so that each runs as its own account, with the right key, from what was published.

    Children: ``root`` (a ``DataBucket``), ``account`` (a ``ServiceIdentity``) and ``templates`` where none is given;
    ``metadata``; ``schedule-<name>``; and grants: the account may use the root, run jobs as itself and read compiled
    pipelines, as Vertex AI's agent may, which also uses the key and, where a connection is made here, connects.
    """

    kind = "groundplan:pipelines:PipelineEnvironment"
    objectives = ("3.2.d", "5.1.d", "5.1.e", "5.2.a", "5.3.a", "5.3.c", "6.1.a")

    def __init__(self, name: str, args: PipelineEnvironmentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the environment; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.region = args.region
        self.data_class = args.data_class
        self.root_path = args.root_path
        self.training_urn = self.urn
        key = args.chosen_key
        self.root: BucketRef = args.root or self._own_root()
        self.account: AccountRef = args.account or self._own_account()
        self.templates: ImageRepositoryRef = args.templates or make_templates(
            self, args.env.projects.build, self.region, key
        )
        self.key_id = key_in(key, self.region, self.where) if key is not None else None
        keyed = key.grant_agent(self.project, _AGENT).resources if key is not None else ()
        self.metadata = self._metadata(keyed) if args.metadata_store else None
        granted = [resource for grant in self._grants() for resource in grant.resources]
        first = [*keyed, *granted, *([self.metadata] if self.metadata is not None else ())]
        self.schedules: Mapping[str, gcp.colab.Schedule] = {
            schedule.name: self._schedule(schedule, first) for schedule in args.schedules
        }
        self.finish(
            {
                "rootUri": self.root_uri,
                "accountEmail": self.account.email,
                "templatesUrl": self.templates.url,
                "metadataStore": self.metadata.id if self.metadata is not None else None,
                "schedules": {name: made.name for name, made in self.schedules.items()},
                "dataClass": self.data_class.value,
            }
        )

    def _own_root(self) -> DataBucket:
        args = self.args
        return DataBucket(
            f"{self.label}-root",
            DataBucketArgs(
                env=self.env,
                labels=args.labels,
                deletion_protection=args.deletion_protection,
                data_class=args.data_class,
                owner=args.owner,
                keys=args.keys,
                key=args.key,
                location=args.location,
                delete_after_days=args.kept_days,
                network=args.network,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _own_account(self) -> ServiceIdentity:
        return ServiceIdentity(
            f"{self.label}-account",
            ServiceIdentityArgs(
                env=self.env,
                purpose=f"Pipelines of {self.label}",
                capabilities=(Capability.WRITE_LOGS, Capability.WRITE_METRICS),
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _grants(self) -> list[Grant]:
        """Grant what a run needs. A task that starts a job names the account for it too, and so must act as itself."""
        agent = service_agent(self.project, _AGENT)
        needed = [
            self.root.grant_read_write(self.account),
            grant_capability(Capability.RUN_ML_JOBS, self.account, self.project),
            self.account.grant_act_as(self.account),
            self.templates.grant_read(self.account),
            self.templates.grant_read(agent),
        ]
        if isinstance(self.args.connection, NetworkAttachment):
            needed.append(self.args.connection.grant_connect(self.project, _AGENT))
        return needed

    def _metadata(self, keyed: tuple[pulumi.Resource, ...]) -> gcp.vertex.AiMetadataStore:
        key_id = self.key_id
        return self.make(
            "metadata",
            gcp.vertex.AiMetadataStore,
            gcp.vertex.AiMetadataStoreArgs(
                project=self.project.id,
                region=self.region,
                name=_METADATA_STORE,
                description="Lineage of models and data",
                encryption_spec=gcp.vertex.AiMetadataStoreEncryptionSpecArgs(kms_key_name=key_id)
                if key_id is not None
                else None,
            ),
            depends_on=keyed,
        )

    def _schedule(self, schedule: PipelineSchedule, first: list[pulumi.Resource]) -> gcp.colab.Schedule:
        connection = self.args.connection
        reached = connection.resources if isinstance(connection, ServiceAccessRef) else ()
        title = self.cloud_name("colab_schedule", schedule.name)
        labels = self.labels(classification=self.data_class.value, owner=self.args.owner_label)
        return self.make(
            f"schedule-{schedule.name}",
            gcp.colab.Schedule,
            scheduled_run(self, schedule, title, labels, self.key_id, connection),
            depends_on=[*first, *reached],
        )

    @staticmethod
    def from_existing(
        *,
        project: Project,
        region: str,
        data_class: DataClass,
        root: BucketRef,
        account: AccountRef,
        templates: ImageRepositoryRef,
        root_path: str = "pipelines",
        label: str,
    ) -> PipelineEnvironmentRef:
        """Return what pipelines run in, where all of it was there before.

        ``project`` is the one that they run in, whose ``managed`` says whether grants in it are ours to make; ``label``
        begins the names of grants; the others are the attributes of ``PipelineEnvironmentRef``, each made by
        ``from_existing`` of its own construct.
        """
        checks = Checks("PipelineEnvironment.from_existing")
        checks.matches("region", region, REGION_PATTERN.pattern, "a region such as europe-west4", "name it")
        checks.instance("data_class", data_class, DataClass, "a DataClass, such as DataClass.INTERNAL")
        checks.instance("root", root, BucketRef, "a DataBucket, or DataBucket.from_existing(…)")
        checks.instance("account", account, AccountRef, "a ServiceIdentity, or ServiceIdentity.from_existing(…)")
        checks.instance(
            "templates", templates, ImageRepositoryRef, "an ImageRepository, or ImageRepository.from_existing(…)"
        )
        checks.matches("root_path", root_path, ROOT_PATH.pattern, "a path without slashes at its ends", "shorten it")
        checks.finish()
        return ExistingPipelineEnvironment(
            label=label,
            project=project,
            region=region,
            data_class=data_class,
            root=root,
            root_path=root_path,
            account=account,
            templates=templates,
        )
