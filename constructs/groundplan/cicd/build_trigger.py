"""A build trigger: what starts a build, what it does, as whom, where, and who must approve it."""

from __future__ import annotations

import re
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.cicd.build_logs import grant_logs
from groundplan.cicd.duties import Duties, Duty
from groundplan.cicd.events import OnMessage, OnPullRequest, OnPush, OnSchedule, OnTag, OnWebhook, Started
from groundplan.cicd.secret_versions import grant_version
from groundplan.cicd.trigger_arguments import BuildTriggerArgs
from groundplan.cicd.trigger_build import inline
from groundplan.core.agents import service_agent
from groundplan.core.component import Component
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import chosen_key, key_in
from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.principals import identity_of
from groundplan.core.references import (
    AccountRef,
    BuildTriggerRef,
    ExistingBuildTrigger,
    SourceConnector,
    SourceRepositoryRef,
)
from groundplan.core.validation import Checks
from groundplan.security.capabilities import Capability, grant_capability
from groundplan.security.service_identity import ServiceIdentity, ServiceIdentityArgs

_SERVICE: Final = "cloudbuild.googleapis.com"
_TIME: Final = "eyJraW5kIjogInNjaGVkdWxlIn0="  # {"kind": "schedule"}, as base64, which the API wants
_TRIGGER: Final = r"projects/[^/\s]+/locations/[a-z0-9-]+/triggers/[A-Za-z0-9-]{1,64}"


class BuildTrigger(Component, BuildTriggerRef):
    """A trigger of Cloud Build in the environment's build project, in the region of its repository.

    Children: ``trigger``; ``account`` (a ``ServiceIdentity``) where none is given; ``topic`` and ``schedule`` for a
    schedule. Granted before it: the account writes logs, uses the pool and reads its secrets. Who runs builds by hand
    does not approve them. A repository of Secure Source Manager is refused: ``triggers_file`` writes what that wants.
    """

    kind = "groundplan:cicd:BuildTrigger"
    objectives = ("5.1.d", "5.2.b", "6.1.a")

    def __init__(self, name: str, args: BuildTriggerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the trigger; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.project or args.env.projects.build
        self.location = args.region
        self.duties = args.duties or Duties()
        self.account: AccountRef = args.account or self._own_account()
        self.duties.take(Duty.RUN, self.account.identity, self.where)
        self.topic = self._scheduled(args.event) if isinstance(args.event, OnSchedule) else None
        self.trigger = self.make(
            "trigger", gcp.cloudbuild.Trigger, self._trigger_args(), depends_on=self._granted_first()
        )
        self.trigger_id = self.trigger.id
        self.finish(
            {
                "triggerId": self.trigger_id,
                "accountEmail": self.account.email,
                "approval": args.approval,
                "runs": "inline" if args.build is not None else args.filename,
            }
        )

    def grant_run(self, principal: object) -> Grant:
        """Let a principal run this trigger by hand: the right on the project, and to act as this trigger's account.

        Google has no IAM on one trigger, so that the returned grant's ``scope`` is ``project``. Who approves builds is
        refused.
        """
        self.duties.take(Duty.RUN, identity_of(principal, self.where), self.where)
        self.account.grant_act_as(principal)
        return super().grant_run(principal)

    def grant_approve(self, principal: object) -> Grant:
        """Let a principal approve builds that wait, of this project; who runs them is refused."""
        self.duties.take(Duty.APPROVE, identity_of(principal, self.where), self.where)
        return super().grant_approve(principal)

    def _own_account(self) -> ServiceIdentity:
        return ServiceIdentity(
            f"{self.label}-account",
            ServiceIdentityArgs(
                env=self.env, labels=self.args.labels, purpose=f"Builds of trigger {self.label}", project=self.project
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _granted_first(self) -> list[pulumi.Resource]:
        """Return the grants without which a build would fail at its first step, or before it."""
        args, identity = self.args, self.account.identity
        made = [grant_capability(Capability.WRITE_LOGS, self.account, self.project)]
        if args.logs is not None:
            made += grant_logs(args.logs, self.account)
        if args.pool is not None:
            made.append(args.pool.grant_use(self.account))
        if args.repository is not None and args.repository.connector is SourceConnector.DEVELOPER_CONNECT:
            made.append(args.repository.grant_read(self.account))
        made += [
            grant_version(version, identity, parent=self, label=self.label, project=self.project)
            for version in sorted(set(args.secrets.values()))
        ]
        agent = service_agent(self.project, _SERVICE)
        if isinstance(args.event, OnWebhook):
            made.append(grant_version(args.event.secret, agent, parent=self, label=self.label, project=self.project))
        if self.account.project.id != self.project.id:
            # In its own project the agent may act as every account; elsewhere it must be told.
            made.append(self.account.grant_impersonate(agent))
        resources = [resource for one in made for resource in one.resources]
        return [*resources, *(args.repository.made if args.repository is not None else ())]

    def _trigger_args(self) -> gcp.cloudbuild.TriggerArgs:
        args = self.args
        trigger = gcp.cloudbuild.TriggerArgs(
            project=self.project.id,
            location=self.location,
            name=self.cloud_name("trigger"),
            description=args.description or None,
            service_account=self.account.account_id,
            approval_config=gcp.cloudbuild.TriggerApprovalConfigArgs(approval_required=args.approval),
            build=inline(args),
            substitutions=dict(args.substitutions) or None if args.build is None else None,
            included_files=list(args.included_files) or None,
            ignored_files=list(args.ignored_files) or None,
            tags=sorted({self.env.tier.name, *args.tags}),
        )
        if args.repository is not None and args.event.of_repository:
            self._listen(trigger, args.repository)
            trigger.filename = args.filename
        elif isinstance(args.event, Started):
            self._start(trigger, args.event)
        return trigger

    def _listen(self, trigger: gcp.cloudbuild.TriggerArgs, repository: SourceRepositoryRef) -> None:
        """Set the events of the repository that the trigger answers."""
        event = self.args.event
        branch = event.branch if isinstance(event, OnPush | OnPullRequest) else None
        tag = event.tag if isinstance(event, OnTag) else None
        comment = event.comment_control if isinstance(event, OnPullRequest) else None
        if repository.connector is SourceConnector.CLOUD_BUILD:
            config = gcp.cloudbuild.TriggerRepositoryEventConfigArgs(repository=repository.repository_id)
            if comment is None:
                config.push = gcp.cloudbuild.TriggerRepositoryEventConfigPushArgs(branch=branch, tag=tag)
            else:
                config.pull_request = gcp.cloudbuild.TriggerRepositoryEventConfigPullRequestArgs(
                    branch=branch, comment_control=comment
                )
            trigger.repository_event_config = config
            return
        link = gcp.cloudbuild.TriggerDeveloperConnectEventConfigArgs(git_repository_link=repository.repository_id)
        if comment is None:
            link.push = gcp.cloudbuild.TriggerDeveloperConnectEventConfigPushArgs(branch=branch, tag=tag)
        else:
            link.pull_request = gcp.cloudbuild.TriggerDeveloperConnectEventConfigPullRequestArgs(
                branch=branch, comment_control=comment
            )
        trigger.developer_connect_event_config = link

    def _start(self, trigger: gcp.cloudbuild.TriggerArgs, event: Started) -> None:
        """Set what starts the trigger from outside a repository, and the source that it then reads."""
        repository = self.args.repository
        if repository is not None:
            github = isinstance(repository.url, str) and repository.url.startswith("https://github.com/")
            kind = "GITHUB" if github else "UNKNOWN"
            trigger.source_to_build = gcp.cloudbuild.TriggerSourceToBuildArgs(
                repository=repository.repository_id, ref=event.ref, repo_type=kind
            )
            if self.args.filename is not None:
                trigger.git_file_source = gcp.cloudbuild.TriggerGitFileSourceArgs(
                    path=self.args.filename, repository=repository.repository_id, revision=event.ref, repo_type=kind
                )
        if isinstance(event, OnMessage):
            trigger.pubsub_config = gcp.cloudbuild.TriggerPubsubConfigArgs(topic=event.topic)
            trigger.filter = event.filter
        if self.topic is not None:
            trigger.pubsub_config = gcp.cloudbuild.TriggerPubsubConfigArgs(topic=self.topic.id)
        if isinstance(event, OnWebhook):
            trigger.webhook_config = gcp.cloudbuild.TriggerWebhookConfigArgs(secret=event.secret)
            trigger.filter = event.filter

    def _scheduled(self, event: OnSchedule) -> gcp.pubsub.Topic:
        """Make the topic that starts the trigger, and the job that publishes to it."""
        key = chosen_key(DataClass.INTERNAL, self.args.keys, self.args.key)
        granted = key.grant_agent(self.project, "pubsub.googleapis.com").resources if key is not None else ()
        topic = self.make(
            "topic",
            gcp.pubsub.Topic,
            gcp.pubsub.TopicArgs(
                project=self.project.id,
                name=self.cloud_name("topic"),
                kms_key_name=key_in(key, self.location, self.where) if key is not None else None,
                message_storage_policy=gcp.pubsub.TopicMessageStoragePolicyArgs(
                    allowed_persistence_regions=[self.location]
                ),
                labels=self.labels(classification=DataClass.INTERNAL.value),
            ),
            depends_on=granted,
        )
        scheduler = service_agent(self.project, "cloudscheduler.googleapis.com")
        self.make(
            "schedule",
            gcp.cloudscheduler.Job,
            gcp.cloudscheduler.JobArgs(
                project=self.project.id,
                region=self.location,
                name=self.cloud_name("scheduler_job"),
                description=f"Starts trigger {self.label}",
                schedule=event.cron,
                time_zone=event.time_zone,
                # Scheduler's own agent publishes; the message says nothing but that it is time. It must not be empty.
                pubsub_target=gcp.cloudscheduler.JobPubsubTargetArgs(topic_name=topic.id, data=_TIME),
            ),
            depends_on=scheduler.resources,
        )
        return topic

    @staticmethod
    def from_existing(trigger: str, *, project: Project, label: str | None = None) -> BuildTriggerRef:
        """Return a trigger that was there before, ``projects/…/locations/…/triggers/…``.

        ``project`` is the one that it is in; ``label``, by default the trigger's name, begins the names of grants.
        """
        checks = Checks("BuildTrigger.from_existing")
        checks.matches(
            "trigger", trigger, _TRIGGER, "projects/…/locations/…/triggers/…", "give the trigger's full name"
        )
        checks.finish()
        parts = trigger.split("/")
        short = re.sub(r"[^a-z0-9-]+", "-", parts[-1].lower()).strip("-")
        return ExistingBuildTrigger(label=label or short, project=project, trigger_id=trigger, location=parts[3])
