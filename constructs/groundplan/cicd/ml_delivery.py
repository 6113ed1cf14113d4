"""The set of delivery: test, build, sign, publish, deploy after approval, plan and apply the infrastructure."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

import pulumi

from groundplan.cicd.apply_rights import ask_for_application
from groundplan.cicd.build_file import Builders, BuildFile
from groundplan.cicd.build_proxy import proxy_variables
from groundplan.cicd.build_trigger import BuildTrigger
from groundplan.cicd.delivery_arguments import ROLES, MlDeliveryArgs
from groundplan.cicd.duties import Duties, Duty
from groundplan.cicd.events import Event, OnPullRequest, OnPush
from groundplan.cicd.trigger_arguments import BuildTriggerArgs
from groundplan.core.component import Component
from groundplan.core.environment import ML_JOBS_ROLE
from groundplan.core.overrides import Overrides
from groundplan.core.project_grants import grant_on_project
from groundplan.core.references import AccountRef, FederationRef
from groundplan.core.references.base import joined
from groundplan.security.service_identity import ServiceIdentity, ServiceIdentityArgs

_PURPOSES: Final = {
    "test": "Tests pull requests",
    "image": "Builds and pushes images",
    "pipeline": "Compiles and publishes pipelines",
    "deploy": "Deploys models",
    "plan": "Plans infrastructure on pull requests",
    "apply": "Applies infrastructure",
}
_LONG_DEPLOY_MINUTES: Final = 180
_INSTALLING: Final = ("test", "pipeline", "deploy", "plan", "apply")


class MlDelivery(Component):
    """Triggers from a pull request to what runs, each with a build file that a reviewer can read in it.

    Children: a ``ServiceIdentity`` for each role and a ``BuildTrigger`` for each build: ``test`` and ``plan`` on pull
    requests, ``image-<name>``, ``pipeline``, ``deploy`` and ``apply`` on pushes to the branch. Who builds cannot
    deploy: each role is an account of its own, and the account that deploys can check signatures and not make them.
    Who approves does not build. The code of a pull request runs as accounts that push, change and deploy nothing.
    ``overrides`` name a child of one build, as in ``deploy.trigger``.
    """

    kind = "groundplan:cicd:MlDelivery"
    objectives = ("5.1.d", "5.2.b", "6.1.a")

    def __init__(self, name: str, args: MlDeliveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the accounts and the triggers; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.env.projects.build
        self.duties = Duties()
        roles = ROLES if args.infrastructure is not None else ROLES[:4]
        self.accounts: Mapping[str, AccountRef] = {role: self._account(role) for role in roles}
        self._grant_work()
        self.triggers: Mapping[str, BuildTrigger] = self._make_triggers()
        for approver in args.approvers:
            self.triggers["deploy"].grant_approve(approver)
        for workload, federation in args.outside_builders.items():
            self._let_in(federation, workload)
        self.finish(
            {
                "triggers": {short: trigger.trigger_id for short, trigger in self.triggers.items()},
                "accounts": {role: account.email for role, account in self.accounts.items()},
                "approvers": [*args.approvers],
                "approval": self._approval,
                "declared": self.declared,
            }
        )

    @property
    def _approval(self) -> bool:
        # Approvers that nobody is asked for would be a promise that is not kept.
        return self.env.defaults.deploy_approval or bool(self.args.approvers)

    @property
    def declared(self) -> dict[str, Any]:
        """What somebody declares and nothing here can see; never to be counted as a check that passed."""
        review = self.args.review
        if review is None:
            return {}
        said = {"branch": self.args.branch, "approvals": review.approvals, "declaredBy": review.declared_by}
        return {"branchReview": said}

    def _account(self, role: str) -> AccountRef:
        given = self.args.accounts.get(role)
        if given is not None:
            return given
        return ServiceIdentity(
            f"{self.label}-{role}",
            ServiceIdentityArgs(
                env=self.env, labels=self.args.labels, purpose=f"{_PURPOSES[role]}, {self.label}", project=self.project
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _grant_work(self) -> None:
        """Give each account what its builds do, and no more."""
        args, accounts = self.args, self.accounts
        args.images.grant_write(accounts["image"])
        args.templates.grant_write(accounts["pipeline"])
        args.images.grant_read(accounts["deploy"])
        self._grant_deployment(accounts["deploy"])
        if args.attestor is not None:
            args.attestor.grant_attest(accounts["image"])
            args.attestor.grant_verify(accounts["deploy"])
        for account in accounts.values():
            for repository in args.builder_repositories:
                repository.grant_read(account)
        if args.packages is not None:
            for role in _INSTALLING:
                if role in accounts:
                    args.packages.grant_read(accounts[role])
        if args.infrastructure is not None:
            args.infrastructure.state.grant_read_write(accounts["apply"])
            if args.infrastructure.secrets_key is not None:
                args.infrastructure.secrets_key.grant_use(accounts["apply"])
            ask_for_application(accounts["apply"], args.env)

    def _grant_deployment(self, account: AccountRef) -> None:
        """Let an account deploy: on the one endpoint that is named, else on all of the project."""
        if self.args.endpoint is not None:
            self.args.endpoint.grant_deploy(account)
        else:
            # Which endpoint it will be is not known then, and Google has no narrower place than the project.
            grant_on_project(account, self.env.projects.workload, ML_JOBS_ROLE, self.where)
        for runner in self.args.runs_as:
            runner.grant_act_as(account)

    def _make_triggers(self) -> dict[str, BuildTrigger]:
        args, merged = self.args, OnPush(branch=_exactly(self.args.branch))
        asked = OnPullRequest(branch=_exactly(args.branch))
        commands = args.commands
        made = {"test": self._trigger("test", "test", asked, {"_TEST": commands.test})}
        for image, directory in args.image_directories.items():
            values = {"_IMAGE": self._image(image), "_DIRECTORY": directory, **self._signing(key=True)}
            short = f"image-{image.replace('.', '-').replace('_', '-')}"
            made[short] = self._trigger(short, self._variant("image"), merged, values, role="image")
        made["pipeline"] = self._trigger(
            "pipeline",
            "pipeline",
            merged,
            {
                "_COMPILE": commands.compile_pipeline,
                "_PIPELINE_FILE": commands.pipeline_file,
                "_TEMPLATES": args.templates.url,
            },
        )
        made["deploy"] = self._deploy(merged)
        if args.infrastructure is not None:
            made |= self._infrastructure(asked, merged)
        return made

    def _deploy(self, merged: Event) -> BuildTrigger:
        images = [self._image(image) for image in self.args.image_directories]
        values = {
            "_IMAGES": pulumi.Output.all(*images).apply(" ".join),
            "_DEPLOY": self.args.commands.deploy,
            **self._signing(key=False),
        }
        contract = self.args.contract
        variables: dict[str, pulumi.Input[str]] = (
            {"DEPLOY_CONTRACT": pulumi.Output.json_dumps(contract.exported(), sort_keys=True)} if contract else {}
        )
        return self._trigger(
            "deploy",
            self._variant("deploy"),
            merged,
            values,
            approval=self._approval,
            variables=variables,
            minutes=_LONG_DEPLOY_MINUTES,
        )

    def _infrastructure(self, asked: Event, merged: Event) -> dict[str, BuildTrigger]:
        program = self.args.infrastructure
        if program is None:  # for the type checker; the caller has asked
            return {}
        values: dict[str, pulumi.Input[str]] = {
            "_DIRECTORY": program.directory,
            "_STACK": program.stack,
            "_GATE": program.gate_command,
        }
        state = joined("gs://", program.state.bucket_name)
        return {
            "plan": self._trigger("plan", "plan", asked, values, files=program.files),
            "apply": self._trigger(
                "apply",
                "apply",
                merged,
                {**values, "_STATE": state},
                files=program.files,
                approval=self._approval,
                minutes=_LONG_DEPLOY_MINUTES,
            ),
        }

    def _trigger(  # noqa: PLR0913 - what differs between the builds
        self,
        short: str,
        file: str,
        event: Event,
        values: Mapping[str, pulumi.Input[str]],
        *,
        role: str | None = None,
        files: tuple[str, ...] = (),
        approval: bool = False,
        variables: Mapping[str, pulumi.Input[str]] | None = None,
        minutes: int = 60,
    ) -> BuildTrigger:
        args, role = self.args, role or short
        installing = args.packages is not None and role in _INSTALLING
        index = {"PIP_INDEX_URL": joined(args.packages.url, "/simple/")} if args.packages and installing else {}
        return BuildTrigger(
            f"{self.label}-{short}",
            BuildTriggerArgs(
                env=self.env,
                labels=args.labels,
                deletion_protection=args.deletion_protection,
                overrides=self._overrides_of(short),
                event=event,
                repository=args.repository,
                build=_read(file, tuple(sorted(args.builders.images.items()))),
                account=self.accounts[role],
                pool=args.pool,
                logs=args.logs,
                approval=approval,
                substitutions=values,
                variables={**proxy_variables(args.network), **index, **(variables or {})},
                included_files=files,
                timeout_minutes=minutes,
                tags=(role, *(("production",) if role in {"deploy", "apply"} else ())),
                description=_PURPOSES[role],
                duties=self.duties,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _overrides_of(self, short: str) -> Overrides:
        """Return the overrides of one build's children, which are named as in ``deploy.trigger``."""
        begin = f"{short}."
        found = {role: changes for role, changes in self.args.overrides.items() if role.startswith(begin)}
        self._roles |= set(found)  # the trigger refuses those that are no children of its own
        return {role.removeprefix(begin): changes for role, changes in found.items()}

    def _variant(self, file: str) -> str:
        return f"{file}_signed" if self.args.attestor is not None else file

    def _signing(self, *, key: bool) -> dict[str, pulumi.Input[str]]:
        attestor = self.args.attestor
        if attestor is None:
            return {}
        return {"_ATTESTOR": attestor.attestor_name, **({"_KEY_VERSION": attestor.key_version} if key else {})}

    def _image(self, image: str) -> pulumi.Input[str]:
        return joined(self.args.images.url, f"/{image}")

    def _let_in(self, federation: FederationRef, workload: str) -> None:
        """Let a builder outside Google Cloud act as the account that builds images."""
        self.duties.take(Duty.RUN, federation.identity_of(workload), self.where)
        federation.grant_act_as(self.accounts["image"], workload)


def _exactly(branch: str) -> str:
    escaped = branch.replace(".", r"\.")
    return f"^{escaped}$"


@functools.cache
def _read(file: str, images: tuple[tuple[str, str], ...]) -> BuildFile:
    """Return a shipped build file with the builders' images; read and linted once a process, since it is the same."""
    text = resources.files("groundplan.cicd").joinpath("builds", f"{file}.yaml").read_text(encoding="utf-8")
    return BuildFile.parse(text, name=f"{file}.yaml", builders=Builders(images=dict(images)))
