"""The base of every construct: naming, parenting, providers, guards against deletion, overrides, outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar, final

import pulumi

from groundplan.core import footprint, names, overrides, providers, ready, scope
from groundplan.core.environment import Environment, Project
from groundplan.core.grants import DOMAINS
from groundplan.core.labels import check_labels
from groundplan.core.lifecycle import Lifecycle, lifecycle_of
from groundplan.core.sequences import as_tuples
from groundplan.core.validation import Checks

A = TypeVar("A")
R = TypeVar("R", bound=pulumi.Resource)


@dataclass(frozen=True, kw_only=True)
class Args:
    """What every construct takes. Subclasses add fields and say in ``validate`` what is wrong with them."""

    env: Environment
    """The environment that the construct is part of."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels beside the environment's own."""
    deletion_protection: bool | None = None
    """Whether what holds state refuses deletion, with all of Pulumi's and Google's guards; by default the tier's."""
    overrides: overrides.Overrides = field(default_factory=dict)
    """Properties to set on a child resource, by the child's role; merged last and recorded in the outputs."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields that this class adds."""

    def declared(self) -> dict[str, Any]:
        """Return what the construct says of itself in the deployment document, beside its tier and its objectives."""
        return {}

    @final
    def check_whole(self, checks: Checks) -> None:
        """Record everything that is wrong with the arguments, before a construct is made of them or without one."""
        if not checks.instance("env", getattr(self, "env", None), Environment, "an Environment"):
            return
        check_labels(checks, "labels", self.labels, beside=self.env.labels)
        if self.deletion_protection is not None:
            checks.instance("deletion_protection", self.deletion_protection, bool, "true, false or nothing")
        overrides.check(checks, self.overrides)
        as_tuples(checks, self).validate(checks)


class Component(pulumi.ComponentResource):
    """A construct: a component resource with children that are named, parented and guarded alike.

    Subclasses set ``kind`` (``groundplan:<area>:<Name>``) and ``objectives``, call ``super().__init__`` first, make
    children with ``make``, and end with ``finish``.
    """

    kind: ClassVar[str]
    """Pulumi type token of the construct."""
    objectives: ClassVar[tuple[str, ...]] = ()
    """Ids of the objectives of the exam guide that the construct teaches."""

    def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions | None = None) -> None:
        """Check the name and the arguments, all failures in one ``ArgumentError``, then register the component."""
        self.label: str = name
        self.where = f'{type(self).__name__} "{name}"'
        self._overridden: list[str] = []
        self._roles: set[str] = set()
        self._args = args
        checks = Checks(self.where)
        checks.matches(
            "name",
            name,
            names.LOGICAL_NAME,
            "lower-case words joined by hyphens",
            "rename the construct, as in team-data",
        )
        args.check_whole(checks)
        checks.finish()
        scope.ledger(DOMAINS).append(args.env.domains)
        self.env = args.env
        self.project: Project = args.env.projects.workload
        # What a construct's projects need first is a matter of order alone, so no program has to write it down.
        waiting = pulumi.ResourceOptions(depends_on=ready.before(args.env.projects.distinct()) or None)
        super().__init__(self.kind, name, self._declared(), pulumi.ResourceOptions.merge(waiting, opts))

    def _declared(self) -> dict[str, Any]:
        """Return what the component itself says in the deployment document, for reviewers and rules."""
        declared: dict[str, Any] = {"tier": self.env.tier.name, "objectives": list(self.objectives)}
        declared |= self._args.declared()
        if self._args.overrides:
            declared["overrides"] = {role: sorted(changes) for role, changes in self._args.overrides.items()}
        return declared

    @property
    def protected(self) -> bool:
        """Whether what holds state refuses deletion."""
        given = self._args.deletion_protection
        return self.env.defaults.deletion_protection if given is None else given

    def labels(self, **more: str) -> dict[str, str]:
        """Return the labels of a child: the construct's and the environment's, and some of its own."""
        return {**self.env.labels_with(self._args.labels), **more}

    def cloud_name(self, kind: str, role: str = "", *, generation: bool = False) -> str:
        """Return a name in Google Cloud: prefix, construct, role, and the generation where a type needs one."""
        suffix = f"g{self.env.generation}" if generation and self.env.generation > 1 else ""
        return names.cloud_name(kind, self.env.prefix, self.label, role, suffix)

    def make(  # noqa: PLR0913 - each is a setting of its own, by keyword
        self,
        role: str,
        resource: Callable[[str, A, pulumi.ResourceOptions | None], R],
        args: A,
        *,
        project: Project | None = None,
        depends_on: Sequence[pulumi.Resource] = (),
        parent: pulumi.Resource | None = None,
        aliases: Sequence[pulumi.Alias] = (),
        ignore_changes: Sequence[str] = (),
        retain: bool = False,
    ) -> R:
        """Make the child ``<name>-<role>``.

        Its provider is that of ``project`` (by default the construct's own, ``self.project``); its guards against
        deletion and the order of a replacement come from the lifecycle table; overrides of its role are merged last.
        With ``retain`` it stays in the cloud when the stack goes, for what Google does not delete.
        """
        token = str(getattr(resource, "pulumi_type"))  # noqa: B009 - the callable's own attribute
        lifecycle = lifecycle_of(token)
        for key, value in lifecycle.arguments(self.protected).items():
            if getattr(args, key, None) is None:
                setattr(args, key, value)
        changes = self._args.overrides.get(role, {})
        self._overridden += [f"{role}.{path}" for path in overrides.merge(self.where, role, args, changes)]
        self._roles.add(role)
        footprint.note(token, project or self.project, args)
        options = self._options(lifecycle, project, parent, depends_on, aliases, ignore_changes)
        options.retain_on_delete = retain or None
        return resource(f"{self.label}-{role}", args, options)

    def _options(
        self,
        lifecycle: Lifecycle,
        project: Project | None,
        parent: pulumi.Resource | None,
        depends_on: Sequence[pulumi.Resource],
        aliases: Sequence[pulumi.Alias],
        ignore_changes: Sequence[str],
    ) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=parent or self,
            provider=providers.provider_for(project or self.project),
            depends_on=list(depends_on) or None,
            protect=lifecycle.protect(self.protected) or None,
            delete_before_replace=True if lifecycle.replacement == "delete_first" else None,
            aliases=list(aliases) or None,
            ignore_changes=list(ignore_changes) or None,
        )

    def finish(self, outputs: Mapping[str, Any]) -> None:
        """Register the outputs, among them the overrides that were made; an override of no child is an error."""
        checks = Checks(self.where)
        for role in self._args.overrides:
            checks.one_of("overrides", role, self._roles)
        checks.finish()
        self.register_outputs({**outputs, "overrides": sorted(self._overridden)})
