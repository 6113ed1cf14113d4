"""A service account of a workload's own, without keys and with no more than it needs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Args, Component
from groundplan.core.environment import Environment, Project
from groundplan.core.grants import Grant
from groundplan.core.names import cloud_name
from groundplan.core.principals import Identity
from groundplan.core.references import AccountRef, ExistingAccount
from groundplan.core.validation import Checks, checked
from groundplan.security.capabilities import Capability, grant_capability

_MAX_DESCRIPTION_BYTES = 256
_MAX_DISPLAY_NAME = 100
_OWN = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z][a-z0-9.-]*\.iam\.gserviceaccount\.com")
# Google's, whoever's project they are in: made with the project, given to whatever names no account of its own.
_DEFAULTS = {
    re.compile(r"[0-9]+-compute@developer\.gserviceaccount\.com"): "the default account of Compute Engine",
    re.compile(r"[a-z0-9.:-]+@appspot\.gserviceaccount\.com"): "the default account of App Engine",
    re.compile(r"[0-9]+@cloudbuild\.gserviceaccount\.com"): "the default account of Cloud Build",
    re.compile(r"[0-9]+@cloudservices\.gserviceaccount\.com"): "Google's own agent of a project",
    re.compile(r"(?:service|project|bq)-[0-9]+@.+\.gserviceaccount\.com"): "Google's own agent of a service",
}


@dataclass(frozen=True, kw_only=True)
class ServiceIdentityArgs(Args):
    """What a ``ServiceIdentity`` takes."""

    purpose: str
    """What the workload is for, at most 256 bytes; shown with the account in the console."""
    capabilities: tuple[Capability, ...] = ()
    """What the workload may do in its whole project; by default nothing. Access to data is granted on the data."""
    project: Project | None = None
    """Project that the account is in; by default the environment's workload project."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        size = len(self.purpose.encode()) if isinstance(self.purpose, str) else 0
        checks.that(
            0 < size <= _MAX_DESCRIPTION_BYTES and self.purpose.isprintable(),
            "purpose",
            "cannot be the account's description",
            given=self.purpose,
            allowed=f"a line of 1 to {_MAX_DESCRIPTION_BYTES} bytes",
            do="say in a line what the workload is for",
        )
        for index, capability in enumerate(self.capabilities):
            checks.instance(f"capabilities[{index}]", capability, Capability, "a Capability")
        checks.unique("capabilities", (str(c) for c in self.capabilities), "capability")
        if self.project is not None:
            checks.instance("project", self.project, Project, "a Project")


class ServiceIdentity(Component, AccountRef):
    """An account that one workload runs as, and nothing else does.

    Children: ``account``, and a grant on the project for each capability. It has no key and no method that makes one:
    people and builders act as it through ``grant_act_as`` and ``grant_impersonate``, other systems through
    ``WorkloadIdentity``. The address is known at preview; whatever uses it still waits for the account.
    """

    kind = "groundplan:security:ServiceIdentity"
    objectives = ("5.1.d", "6.1.a")

    def __init__(self, name: str, args: ServiceIdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the account and its grants; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.project = args.project or args.env.projects.workload
        self.account = self.make(
            "account",
            gcp.serviceaccount.Account,
            gcp.serviceaccount.AccountArgs(
                project=self.project.id,
                account_id=self.cloud_name("service_account", generation=True),
                display_name=name[:_MAX_DISPLAY_NAME],
                description=args.purpose,
            ),
        )
        # Put together from the account's inputs, which a preview knows, not from its e-mail, which it does not.
        self.email = pulumi.Output.concat(self.account.account_id, "@", _domain(self.project))
        self.capabilities = tuple(self.grant_capability(capability) for capability in args.capabilities)
        self.finish({"email": self.email, "member": self.member, "capabilities": [str(c) for c in args.capabilities]})

    @property
    def identity(self) -> Identity:
        """The account as the receiver of grants, which follow it."""
        return replace(super().identity, resources=(self.account,))

    def grant_capability(
        self, capability: Capability, project: Project | None = None, *, until: dt.date | None = None
    ) -> Grant:
        """Let the workload do something in a whole project, by default its own; see ``groundplan.grant_capability``."""
        return grant_capability(capability, self, project or self.project, until=until)

    @staticmethod
    def address(env: Environment, name: str, project: Project | None = None) -> str:
        """Return the address that the account of that name has in an environment, before or without making it."""
        generation = f"g{env.generation}" if env.generation > 1 else ""
        account = cloud_name("service_account", env.prefix, name, generation)
        return f"{account}@{_domain(project or env.projects.workload)}"

    @staticmethod
    def from_existing(email: pulumi.Input[str], *, project: Project, label: str | None = None) -> AccountRef:
        """Return an account that was there before.

        ``project`` is the account's, and its ``managed`` says whether grants on the account are ours to make;
        ``label`` names its grants and is by default the part before the @ (an address that is known only later needs
        one). Google's default accounts and its own agents raise ``ArgumentError``, at the latest when the address is
        known.
        """
        where = "ServiceIdentity.from_existing"
        checks = Checks(where)
        if isinstance(email, str):
            _check_email(checks, email)
        checks.that(
            label or isinstance(email, str),
            "label",
            "is missing, and the address that would give it is known only later",
            given=label,
            allowed="a short name",
            do="give a label",
        )
        checks.finish()
        if isinstance(email, str):
            return ExistingAccount(email=email, project=project, label=label or email.split("@", maxsplit=1)[0])
        return ExistingAccount(email=checked(email, _check_email, where), project=project, label=label or "")


def _domain(project: Project) -> str:
    """Return the domain of a project's accounts; of ``acme.test:ml`` it is ``ml.acme.test.iam.…``."""
    return ".".join(reversed(project.id.split(":"))) + ".iam.gserviceaccount.com"


def _check_email(checks: Checks, email: str) -> None:
    for pattern, owner in _DEFAULTS.items():
        if pattern.fullmatch(email):
            checks.that(
                holds=False,
                field="email",
                fault=f"is {owner}, which is shared by everything that names no account",
                given=email,
                allowed="an account of the workload's own",
                do="make one with ServiceIdentity",
            )
            return
    checks.that(
        _OWN.fullmatch(email),
        "email",
        "is no service account",
        given=email,
        allowed="name@project.iam.gserviceaccount.com",
        do="give the account's full address",
    )
