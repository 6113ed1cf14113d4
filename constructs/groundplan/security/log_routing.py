"""Routing: every log entry of some projects goes to a log archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Args, Component
from groundplan.core.environment import Environment, Project
from groundplan.core.principals import Identity
from groundplan.core.references import LogArchiveRef
from groundplan.core.references.logs import WRITER_ROLE
from groundplan.core.requests import ask
from groundplan.core.validation import Checks


@dataclass(frozen=True, kw_only=True)
class LogRoutingArgs(Args):
    """What a ``LogRouting`` takes."""

    archive: LogArchiveRef
    """Where the entries go: a ``LogArchive``, or ``LogArchive.from_existing(…)`` for one that is there."""
    sources: tuple[Project, ...] | None = None
    """Projects whose entries go there; by default all of the environment's."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        if checks.instance("archive", self.archive, LogArchiveRef, "a LogArchive, or LogArchive.from_existing(…)"):
            check_separate(checks, "archive", self.env, self.archive.project)
        check_sources(checks, self.sources)


class LogRouting(Component):
    """Sinks that send every entry of some projects to an archive that is there.

    Children: ``sink-<project>`` for each source, without a filter and without exclusions. The writer of a sink is
    granted the one bucket, unless the archive is in the source's own project, where Google wants no grant. A source
    that is not ``managed`` gets no sink: the command that makes it becomes an entry of ``requests``.
    """

    kind = "groundplan:security:LogRouting"
    objectives = ("6.1.a",)

    def __init__(self, name: str, args: LogRoutingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the sinks; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.sinks = route(self, args.archive, sources_of(args.env, args.sources))
        self.finish({"logBucketId": args.archive.log_bucket_id, "sources": sorted(self.sinks)})


def sources_of(env: Environment, sources: Sequence[Project] | None) -> list[Project]:
    """Return the projects to route: those given, by default all of the environment's."""
    return env.projects.distinct() if sources is None else list(sources)


def route(
    component: Component, archive: LogArchiveRef, sources: Sequence[Project]
) -> dict[str, gcp.logging.ProjectSink]:
    """Make the sinks of the source projects, with the grants of their writers, by project id."""
    destination = f"logging.googleapis.com/{archive.log_bucket_id}"
    name = component.cloud_name("sink", generation=True)
    sinks: dict[str, gcp.logging.ProjectSink] = {}
    for source in sources:
        if not source.managed:
            ask(
                source,
                need=f"a log sink without a filter to {destination}, whose writer is then given {WRITER_ROLE} there",
                command=f"gcloud logging sinks create {name} {destination} --project={source.id}",
            )
            continue
        sink = component.make(
            f"sink-{source.id}",
            gcp.logging.ProjectSink,
            gcp.logging.ProjectSinkArgs(
                project=source.id,
                name=name,
                destination=destination,
                description="All entries, for the log archive.",
                unique_writer_identity=True,
            ),
            project=source,
            depends_on=archive.made,
        )
        sinks[source.id] = sink
        if source.id != archive.project.id:
            # A sink into its own project's bucket has no writer, and a grant to nobody is refused.
            archive.grant_write(
                Identity(label=f"{component.label}-{source.id}", member=sink.writer_identity, resources=(sink,))
            )
    return sinks


def check_sources(checks: Checks, sources: Sequence[Project] | None) -> None:
    """Record what is wrong with the source projects."""
    if sources is None:
        return
    checks.that(
        len(sources) > 0,
        "sources",
        "names no project",
        given="nothing",
        allowed="at least one Project, or leave it out for all of the environment's",
        do="name the projects whose logs are kept",
    )
    known = [source for source in sources if isinstance(source, Project)]
    for index, source in enumerate(sources):
        if checks.instance(f"sources[{index}]", source, Project, "a Project"):
            source.check(checks, f"sources[{index}]")
    checks.unique("sources", (source.id for source in known), "project")


def check_separate(checks: Checks, field: str, env: Environment, archive: Project) -> None:
    """Record an archive among those whose doings it records, where the tier forbids that."""
    watched = {env.projects.workload.id, env.projects.build.id, env.projects.network.id}
    checks.that(
        not env.defaults.log_separate_project or archive.id not in watched,
        field,
        f"is in a project that it watches, and tier {env.tier.name} keeps logs apart",
        given=archive.id,
        allowed="a project in which nothing of the platform runs",
        do="name a project for logs in Environment.projects, as in Projects(logs=Project(id='acme-logs'), …)",
    )
