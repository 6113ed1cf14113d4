"""What an ``MlDelivery`` takes: the repository, its commands, its images, who approves, what is declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from groundplan.cicd.build_file import Builders
from groundplan.cicd.delivery_parts import PATH, BranchReview, Commands, Infrastructure
from groundplan.core.component import Args
from groundplan.core.references import (
    AccountRef,
    AttestorRef,
    BucketRef,
    BuildPoolRef,
    FederationRef,
    ImageRepositoryRef,
    NetworkRef,
    OnlineEndpointRef,
    RepositoryFormat,
    SourceConnector,
    SourceRepositoryRef,
)
from groundplan.core.validation import Checks
from groundplan.serving.deploy_contract import DeployContract

ROLES: Final = ("test", "image", "pipeline", "deploy", "plan", "apply")
"""What builds are for; each role builds as an account of its own."""
_BRANCH: Final = r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}"
_IMAGE: Final = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
_LONGEST_ENDING: Final = 40
_NEEDED: Final = ("docker", "gcloud", "python")


@dataclass(frozen=True, kw_only=True)
class MlDeliveryArgs(Args):
    """What an ``MlDelivery`` takes."""

    repository: SourceRepositoryRef
    """The repository, connected through Cloud Build or Developer Connect."""
    builders: Builders
    """Images of the build steps by digest: ``docker`` (docker as entrypoint), ``gcloud``, ``python`` (with kfp and what
    the commands need), and ``pulumi`` (with groundplan and Pulumi) where there is infrastructure."""
    images: ImageRepositoryRef
    """Repository that images are pushed to."""
    image_directories: Mapping[str, str]
    """Image -> directory of its Dockerfile in the repository, such as ``{"trainer": "images/trainer"}``."""
    templates: ImageRepositoryRef
    """Repository that compiled pipelines are published to, of format KFP."""
    approvers: tuple[str, ...] = ()
    """People or groups who approve deployments and applications; at least one where the tier asks for approval."""
    commands: Commands = field(default_factory=Commands)
    """The repository's own commands."""
    branch: str = "main"
    """The branch that is built and deployed, protected at its host."""
    review: BranchReview | None = None
    """What is declared about the branch's protection; required where the tier asks for approvals of pull requests."""
    endpoint: OnlineEndpointRef | None = None
    """The endpoint that is deployed on: the deploying account may change this one, and no other; without it, it may use
    every model and endpoint of the workload project."""
    contract: DeployContract | None = None
    """What is to be deployed on an endpoint, ``endpoint.contract``; the deploying build gets it as JSON."""
    runs_as: tuple[AccountRef, ...] = ()
    """Accounts that what is deployed runs as; who deploys must be able to hand them over."""
    infrastructure: Infrastructure | None = None
    """The Pulumi program of the platform; by default none is planned or applied."""
    attestor: AttestorRef | None = None
    """Signs images; required where the tier asks for signed ones."""
    pool: BuildPoolRef | None = None
    """The private pool that builds run in; required where the tier asks for one."""
    network: NetworkRef | None = None
    """The network that the pool's workers are in: where it has a proxy, steps are told of it (``HTTPS_PROXY``)."""
    logs: BucketRef | None = None
    """A bucket for the builds' logs; by default logs go to Cloud Logging alone."""
    packages: ImageRepositoryRef | None = None
    """Repository of Python packages that steps install from (``PIP_INDEX_URL``); needed where there is no way out."""
    builder_repositories: tuple[ImageRepositoryRef, ...] = ()
    """Repositories that builds pull from: the images of the steps, and what Dockerfiles begin with (``FROM``)."""
    accounts: Mapping[str, AccountRef] = field(default_factory=dict)
    """Accounts for some roles (``test``, ``image``, ``pipeline``, ``deploy``, ``plan``, ``apply``); by default one of
    its own for each. What the one that applies needs beyond the state is among ``requests``."""
    outside_builders: Mapping[str, FederationRef] = field(default_factory=dict)
    """Workload outside Google Cloud, as its federation names it -> the federation; it builds and signs images as the
    ``image`` account, without a key."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        self._check_source(checks)
        self._check_repositories(checks)
        self._check_images(checks)
        self._check_network(checks)
        self._check_people(checks)
        self._check_trust(checks)
        if checks.instance("commands", self.commands, Commands, "a Commands"):
            self.commands.check(checks, "commands")
        if self.endpoint is not None:
            kinds = "an OnlineEndpoint, or OnlineEndpoint.from_existing(…)"
            checks.instance("endpoint", self.endpoint, OnlineEndpointRef, kinds)
        if self.contract is not None:
            checks.instance("contract", self.contract, DeployContract, "the contract of an OnlineEndpoint")
        if self.infrastructure is not None and checks.instance(
            "infrastructure", self.infrastructure, Infrastructure, "an Infrastructure"
        ):
            self.infrastructure.check(checks, "infrastructure")

    def _check_source(self, checks: Checks) -> None:
        if checks.instance("repository", self.repository, SourceRepositoryRef, "a repository of a SourceConnection"):
            checks.that(
                self.repository.connector is not SourceConnector.SECURE_SOURCE_MANAGER,
                "repository",
                "is in Secure Source Manager, whose triggers can neither wait for approval nor hold the build",
                given=self.repository.label,
                allowed="a repository connected through Cloud Build or Developer Connect",
                do="connect it through Developer Connect",
            )
        checks.matches("branch", self.branch, _BRANCH, "the name of one branch", "name it without refs/heads/")
        if checks.instance("builders", self.builders, Builders, "a Builders"):
            self.builders.check(checks, "builders")
            needed = (*_NEEDED, "pulumi") if self.infrastructure is not None else _NEEDED
            missing = sorted(set(needed) - set(self.builders.images))
            checks.that(
                not missing,
                "builders",
                "lack images that the build files use",
                given=", ".join(sorted(self.builders.images)) or "nothing",
                allowed=", ".join(needed),
                do=f"add {', '.join(missing)}, each by its digest",
            )

    def _check_repositories(self, checks: Checks) -> None:
        wanted = [
            ("images", self.images, RepositoryFormat.DOCKER),
            ("templates", self.templates, RepositoryFormat.KFP),
            ("packages", self.packages, RepositoryFormat.PYTHON),
        ]
        for name, repository, kind in wanted:
            if name == "packages" and repository is None:
                continue
            if checks.instance(name, repository, ImageRepositoryRef, "an ImageRepository"):
                found = getattr(repository, "format", None)
                checks.that(
                    found is kind,
                    name,
                    "holds something else",
                    given=str(found),
                    allowed=kind.value,
                    do=f"pass an ImageRepository with format {kind.value}",
                )
        for index, one in enumerate(self.builder_repositories):
            checks.instance(f"builder_repositories[{index}]", one, ImageRepositoryRef, "an ImageRepository")

    def _check_images(self, checks: Checks) -> None:
        checks.that(
            self.image_directories,
            "image_directories",
            "names no image",
            given="nothing",
            allowed="at least one image with the directory of its Dockerfile",
            do="name the image that training or serving runs in",
        )
        for name, directory in self.image_directories.items():
            place = f"image_directories[{name!r}]"
            well = checks.matches(place, name, _IMAGE, "lower-case words joined by - . or _", "rename the image")
            checks.that(
                not well or len(name) <= _LONGEST_ENDING,
                place,
                "is too long a name",
                given=name,
                allowed=f"at most {_LONGEST_ENDING} characters",
                do="shorten it",
            )
            checks.matches(place, directory, PATH, "a directory in the repository", "correct it")

    def _check_network(self, checks: Checks) -> None:
        if self.network is None or not checks.instance("network", self.network, NetworkRef, "a Network"):
            return
        checks.that(
            self.pool is not None or self.network.proxy_url is None,
            "network",
            "has a proxy, which only workers inside the network reach",
            given="no pool",
            allowed="a network together with a pool",
            do="pass a BuildPool that is in the network, or leave the network out",
        )

    def _check_people(self, checks: Checks) -> None:
        defaults = self.env.defaults
        checks.that(
            self.approvers or not defaults.deploy_approval,
            "approvers",
            f"are missing, and tier {self.env.tier.name} deploys after an approval only",
            given="nobody",
            allowed="at least one person or group",
            do="name a group that does not build, such as group:ml-approvers@acme.test",
        )
        for index, approver in enumerate(self.approvers):
            if checks.principal(f"approvers[{index}]", approver):
                checks.that(
                    approver.startswith(("user:", "group:")),
                    f"approvers[{index}]",
                    "is no person, and an approval is a person's",
                    given=approver,
                    allowed="user: or group:",
                    do="name who looks at what is deployed",
                )
        checks.unique("approvers", map(str, self.approvers), "approver")
        checks.that(
            self.review is not None or not defaults.branch_approvals,
            "review",
            f"is missing, and tier {self.env.tier.name} builds from a protected branch only",
            given="nothing",
            allowed=f"BranchReview(approvals={max(defaults.branch_approvals, 1)}, declared_by=…)",
            do="protect the branch at its host, and declare it",
        )
        if self.review is not None and checks.instance("review", self.review, BranchReview, "a BranchReview"):
            self.review.check(checks, "review", defaults.branch_approvals)

    def _check_trust(self, checks: Checks) -> None:
        checks.that(
            self.attestor is not None or not self.env.defaults.signed_images,
            "attestor",
            f"is missing, and tier {self.env.tier.name} deploys signed images only",
            given="nothing",
            allowed="an ImageAttestor, or ImageAttestor.from_existing(…)",
            do="make one, and pass it",
        )
        if self.attestor is not None:
            checks.instance("attestor", self.attestor, AttestorRef, "an ImageAttestor")
        for index, account in enumerate(self.runs_as):
            checks.instance(f"runs_as[{index}]", account, AccountRef, "a ServiceIdentity")
        for role, account in self.accounts.items():
            if checks.one_of(f"accounts[{role!r}]", role, ROLES):
                checks.instance(f"accounts[{role!r}]", account, AccountRef, "a ServiceIdentity")
        checks.unique(
            "accounts", (a.label for a in self.accounts.values() if isinstance(a, AccountRef)), "account for two roles"
        )
        for workload, federation in self.outside_builders.items():
            checks.instance(f"outside_builders[{workload!r}]", federation, FederationRef, "a WorkloadIdentity")
