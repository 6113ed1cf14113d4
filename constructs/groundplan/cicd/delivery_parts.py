"""Parts of a delivery: the repository's own commands, what is declared about its branch, its infrastructure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from groundplan.cicd.build_lint import check_secrets
from groundplan.core.references import BucketRef, KeyRef
from groundplan.core.validation import Checks

PATH: Final = r"\.|[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9._-]+)*"
"""A path in a repository, or the repository itself."""
_STACK: Final = r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+){0,2}"
_LONGEST_COMMAND: Final = 1000
_MOST_APPROVALS: Final = 10


@dataclass(frozen=True, kw_only=True)
class Commands:
    """The commands of the team's repository that the build files run, each in a shell that stops at a failure."""

    test: str = "make test"
    """Tests a pull request."""
    compile_pipeline: str = "make pipeline"
    """Compiles the training pipeline into ``pipeline_file``."""
    pipeline_file: str = "build/pipeline.yaml"
    """Where the compiled pipeline is, in the repository's directory."""
    deploy: str = "make deploy"
    """Deploys; it finds the contract of the endpoint, as JSON, in the variable ``DEPLOY_CONTRACT``."""

    def check(self, checks: Checks, field_name: str) -> None:
        """Record what is wrong with the values."""
        for name in ("test", "compile_pipeline", "deploy"):
            _check_command(checks, f"{field_name}.{name}", getattr(self, name))
        checks.matches(f"{field_name}.pipeline_file", self.pipeline_file, PATH, "a path in the repository", "correct")


@dataclass(frozen=True, kw_only=True)
class BranchReview:
    """What somebody declares about the protection of the branch, where Google does not keep the repository.

    It is written into the outputs as declared, by whom: nothing here can see whether it holds.
    """

    approvals: int
    """Approvals that a pull request into the branch needs, by others than its author."""
    declared_by: str
    """Who says so and answers for it, such as ``group:platform@acme.test``."""

    def check(self, checks: Checks, field_name: str, least: int) -> None:
        """Record what is wrong with the values; ``least`` is how many approvals the tier asks for."""
        checks.within(f"{field_name}.approvals", self.approvals, max(least, 1), _MOST_APPROVALS, "approvals")
        checks.principal(f"{field_name}.declared_by", self.declared_by)


@dataclass(frozen=True, kw_only=True)
class Infrastructure:
    """The Pulumi program that pull requests plan and merges apply."""

    stack: str
    """Name of the stack, such as ``regulated`` or ``acme/platform/regulated``."""
    state: BucketRef
    """Bucket that holds the stack's state."""
    directory: str = "."
    """Directory of the program in the repository."""
    secrets_key: KeyRef | None = None
    """Key that encrypts the stack's secrets (``gcpkms://…`` in its settings)."""
    gate: str = ""
    """Command that checks the stack against the guardrails and fails where they block; by default
    ``groundplan check <stack>``."""

    def check(self, checks: Checks, field_name: str) -> None:
        """Record what is wrong with the values."""
        checks.matches(f"{field_name}.stack", self.stack, _STACK, "the name of a stack", "name it as Pulumi does")
        checks.instance(f"{field_name}.state", self.state, BucketRef, "a DataBucket, or DataBucket.from_existing(…)")
        checks.matches(f"{field_name}.directory", self.directory, PATH, "a directory in the repository", "correct it")
        if self.secrets_key is not None:
            checks.instance(f"{field_name}.secrets_key", self.secrets_key, KeyRef, "a key")
        if self.gate:
            _check_command(checks, f"{field_name}.gate", self.gate)

    @property
    def gate_command(self) -> str:
        """The command of the gate."""
        return self.gate or f"groundplan check {self.stack}"

    @property
    def files(self) -> tuple[str, ...]:
        """Paths whose change asks for a plan and an application."""
        return () if self.directory == "." else (f"{self.directory}/**",)


def _check_command(checks: Checks, field_name: str, command: object) -> None:
    """Record what is no command of one line, or holds a secret."""
    good = isinstance(command, str) and 0 < len(command) <= _LONGEST_COMMAND and command.isprintable()
    checks.that(
        good and "$" not in str(command),
        field_name,
        "is no command that can stand in a trigger",
        given=command,
        allowed=f"a line of 1 to {_LONGEST_COMMAND} characters without $, which Cloud Build reads as its own",
        do="put it into a script of the repository, and call that",
    )
    if isinstance(command, str):
        check_secrets(checks, field_name, command)
