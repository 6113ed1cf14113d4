"""Discovery of sensitive data: Google looks through all tables and buckets of a project, and says what they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.principals import Identity
from groundplan.core.references import DatasetRef
from groundplan.core.validation import Checks
from groundplan.data import discovery_arguments as arguments
from groundplan.data.publishing import check_topic, let_publish
from groundplan.data.warehouse import Warehouse

_SERVICE = "dlp.googleapis.com"
_LOCATION = r"[a-z]+(?:-?[a-z0-9]+)*"
_PROFILE_TABLE = "data_profiles"


@dataclass(frozen=True, kw_only=True)
class SensitiveDataDiscoveryArgs(Args):
    """What a ``SensitiveDataDiscovery`` takes."""

    project: Project | None = None
    """The project that is looked through; by default the environment's workload project."""
    data_locations: tuple[str, ...] = ()
    """Where data is looked through, as Sensitive Data Protection names places (``europe`` for BigQuery's ``EU``); by
    default the environment's region. Data elsewhere is not."""
    refresh: str | None = None
    """How often what has changed is looked through again: never, monthly or daily; by default as the tier says. Each
    time is billed anew."""
    info_types: tuple[str, ...] = arguments.INFO_TYPES
    """What is looked for, by Google's names of infoTypes; by default data about people, and secrets."""
    profiles: DatasetRef | None = None
    """Dataset that gets a row for each profile, in a table ``data_profiles``. Profiles hold no values of the data."""
    topic: pulumi.Input[str] | None = None
    """Topic, ``projects/…/topics/…``, that hears of highly sensitive data that was found."""
    personal: tuple[Warehouse, ...] = ()
    """Warehouses whose personal columns Google's agent may read as they are: a table with a column that it may not
    read gets no profile."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        if self.project is not None and checks.instance("project", self.project, Project, "a Project"):
            self._check_project(checks, self.project)
        elif self.project is None:
            self._check_project(checks, self.env.projects.workload)
        for index, location in enumerate(self.data_locations):
            remedy = "name the region, or a multi-region as europe or us"
            checks.matches(f"data_locations[{index}]", location, _LOCATION, "a location such as europe-west4", remedy)
        checks.unique("data_locations", map(str, self.data_locations), "location")
        if self.refresh is not None:
            checks.one_of("refresh", self.refresh, arguments.FREQUENCIES)
        arguments.check_info_types(checks, self.info_types)
        if self.profiles is not None:
            checks.instance("profiles", self.profiles, DatasetRef, "a Warehouse, or Warehouse.from_existing(…)")
        check_topic(checks, "topic", self.topic)
        for index, warehouse in enumerate(self.personal):
            self._check_personal(checks, f"personal[{index}]", warehouse)

    def _check_project(self, checks: Checks, project: Project) -> None:
        checks.that(
            project.managed,
            "project",
            "is not ours, and a discovery in it would look through what is others'",
            given=project.id,
            allowed="a project that is managed",
            do="ask who owns the project to run discovery there",
        )

    def _check_personal(self, checks: Checks, field: str, warehouse: object) -> None:
        if not checks.instance(field, warehouse, Warehouse, "a Warehouse that is made here"):
            return
        checks.that(
            isinstance(warehouse, Warehouse) and warehouse.columns is not None,
            field,
            "has no personal columns, and is looked through without",
            given=warehouse.label if isinstance(warehouse, Warehouse) else "",
            allowed="a warehouse with personal columns",
            do="leave it out",
        )

    @property
    def locations(self) -> tuple[str, ...]:
        """Where data is looked through, given or by default."""
        return self.data_locations or (self.env.region,)

    @property
    def chosen_refresh(self) -> str:
        """How often what has changed is looked through again, given or by default."""
        return self.refresh or ("monthly" if self.env.defaults.discovery_refresh else "never")


class SensitiveDataDiscovery(Component):
    """A discovery of sensitive data in one project: all tables and all buckets, from now on and those of before.

    Children: ``template-<location>`` for each location, which says what is looked for; ``tables`` and ``buckets``, a
    configuration each, as Google keeps one for each kind of storage. Google's agent for Sensitive Data Protection does
    the looking; it may read the project's data by the role that it is made with. Nothing is copied: a profile says of
    a column or a bucket what kind of data it seems to hold, and how sensitive that is.
    """

    kind = "groundplan:data:SensitiveDataDiscovery"
    objectives = ("2.1.e", "5.1.a")

    def __init__(self, name: str, args: SensitiveDataDiscoveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the templates and the configurations; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.project or args.env.projects.workload
        self.agent: Identity = service_agent(self.project, _SERVICE)
        self._grants = [*self._read_personal(), *self._write()]
        self.templates = {location: self._template(location) for location in args.locations}
        self.configs = {
            "tables": self._config("tables", arguments.tables),
            "buckets": self._config("buckets", arguments.buckets),
        }
        self.finish(
            {
                "templates": {location: made.id for location, made in self.templates.items()},
                "configs": {role: made.id for role, made in self.configs.items()},
                "refresh": args.chosen_refresh,
            }
        )

    def _read_personal(self) -> list[Grant]:
        return [made for each in self.args.personal for made in each.grant_read_personal(self.agent)]

    def _write(self) -> list[Grant]:
        """Let the agent write profiles and publish what it found."""
        made = [self.args.profiles.grant_edit(self.agent)] if self.args.profiles is not None else []
        return [*made, let_publish(self, self.args.topic, self.agent)] if self.args.topic is not None else made

    def _parent(self, location: str) -> str:
        return f"projects/{self.project.id}/locations/{location}"

    def _template(self, location: str) -> gcp.dataloss.PreventionInspectTemplate:
        return self.make(
            f"template-{location}",
            gcp.dataloss.PreventionInspectTemplate,
            gcp.dataloss.PreventionInspectTemplateArgs(
                parent=self._parent(location),
                template_id=self.cloud_name("inspect_template"),
                display_name=f"{self.label}: what discovery looks for",
                inspect_config=arguments.inspect_config(self.args.info_types),
            ),
        )

    def _config(self, role: str, target: Callable[[str], arguments.Target]) -> gcp.dataloss.PreventionDiscoveryConfig:
        return self.make(
            role,
            gcp.dataloss.PreventionDiscoveryConfig,
            arguments.Config(
                parent=self._parent(self.env.region),
                location=self.env.region,
                display_name=f"{self.label}: {role}",
                status="RUNNING",
                inspect_templates=[made.id for made in self.templates.values()],
                targets=[target(arguments.FREQUENCIES[self.args.chosen_refresh])],
                actions=self._actions() or None,
            ),
            depends_on=[*self.agent.resources, *(each for made in self._grants for each in made.resources)],
        )

    def _actions(self) -> list[arguments.Action]:
        found = []
        if self.args.profiles is not None:
            table = gcp.dataloss.PreventionDiscoveryConfigActionExportDataProfileTableArgs(
                project_id=self.args.profiles.project.id,
                dataset_id=self.args.profiles.dataset_id,
                table_id=_PROFILE_TABLE,
            )
            export = gcp.dataloss.PreventionDiscoveryConfigActionExportDataArgs(profile_table=table)
            found.append(arguments.Action(export_data=export))
        if self.args.topic is not None:
            found += [arguments.alert(event, self.args.topic) for event in ("NEW_PROFILE", "SCORE_INCREASED")]
        return found
