"""When a pipeline runs, which one, and with which parameters."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from groundplan.core import names
from groundplan.core.cron import check_cron
from groundplan.core.validation import Checks
from groundplan.pipelines.parameters import Parameter, check_parameters, is_text, with_defaults

_TEMPLATE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,127}/sha256:[0-9a-f]{64}")
_PARTS: Final = ("pipelineInfo", "root", "schemaVersion")
_MOST_RUNS: Final = 100


@dataclass(frozen=True, kw_only=True)
class PipelineSchedule:
    """A schedule on which one compiled pipeline runs, as the environment's account and with its key."""

    name: str
    """Short name, lower-case words joined by hyphens."""
    cron: str
    """When it runs: cron's five fields, UTC unless a time zone stands first, as in
    ``CRON_TZ=Europe/Amsterdam 0 4 * * MON``."""
    spec: Mapping[str, object] | None = None
    """The compiled pipeline itself, as ``yaml.safe_load`` reads what the compiler wrote: then a reviewer, and every
    rule, sees what runs."""
    template: str | None = None
    """In place of ``spec``, a version in the template repository by its digest, ``churn/sha256:…``. A tag is refused,
    since whoever can move it changes what runs."""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    """Values of the pipeline's parameters; with ``template`` text only, which is all that the provider passes on."""
    runs_at_once: int = 1
    """Runs that may be under way at the same time, 1 to 100."""
    queue: bool = False
    """Whether a run that comes while that many are under way waits for its turn; by default it is left out."""
    fail_fast: bool = True
    """Whether a run starts nothing more once a task has failed."""
    start: dt.datetime | None = None
    """Moment, with a time zone, before which it does not run; by default when the schedule is made."""
    end: dt.datetime | None = None
    """Moment, with a time zone, after which it runs no more."""
    paused: bool = False
    """Whether it rests."""

    def check(self, checks: Checks, where: str) -> None:
        """Record what is wrong with the schedule."""
        checks.matches(
            f"{where}.name", self.name, names.LOGICAL_NAME, "lower-case words joined by hyphens", "rename it"
        )
        check_cron(checks, f"{where}.cron", self.cron)
        checks.within(f"{where}.runs_at_once", self.runs_at_once, 1, _MOST_RUNS, "runs")
        self._check_times(checks, where)
        one = checks.that(
            (self.spec is None) != (self.template is None),
            where,
            "has a pipeline and a template, or neither",
            given="both" if self.spec is not None else "neither",
            allowed="one of `spec` and `template`",
            do="give the compiled pipeline, or name a published one",
        )
        if not checks.instance(f"{where}.parameters", self.parameters, Mapping, "a mapping of names to values"):
            return
        if one and self.spec is not None and self._check_spec(checks, f"{where}.spec"):
            check_parameters(checks, f"{where}.parameters", self.parameters, self.spec)
        if one and self.template is not None:
            self._check_template(checks, where)

    def _check_times(self, checks: Checks, where: str) -> None:
        for name, moment in (("start", self.start), ("end", self.end)):
            checks.that(
                moment is None or (isinstance(moment, dt.datetime) and moment.tzinfo is not None),
                f"{where}.{name}",
                "is no moment, since it says no time zone",
                given=moment,
                allowed="a datetime with tzinfo",
                do="write it as in datetime(2027, 1, 1, tzinfo=UTC)",
            )
        ordered = (
            not (isinstance(self.start, dt.datetime) and isinstance(self.end, dt.datetime))
            or (self.start.tzinfo is None) != (self.end.tzinfo is None)
            or self.start < self.end
        )
        checks.that(
            ordered,
            f"{where}.end",
            "is not after the start",
            given=self.end,
            allowed=f"a moment after {self.start}",
            do="move one of the two",
        )

    def _check_spec(self, checks: Checks, where: str) -> bool:
        missing = [part for part in _PARTS if part not in self.spec] if isinstance(self.spec, Mapping) else _PARTS
        whole = checks.that(
            not missing,
            where,
            "is no compiled pipeline",
            given=f"{type(self.spec).__name__} without {', '.join(missing)}",
            allowed=f"a mapping with {', '.join(_PARTS)}",
            do="compile the pipeline with kfp, and read the YAML that it writes with yaml.safe_load",
        )
        if not whole:
            return False
        try:
            json.dumps(self.spec, allow_nan=False)
        except (TypeError, ValueError) as error:
            return checks.that(
                holds=False,
                field=where,
                fault="cannot be written as JSON",
                given=str(error),
                allowed="text, numbers, truth values, lists and mappings",
                do="read the compiled YAML with yaml.safe_load, and change nothing in it",
            )
        return True

    def _check_template(self, checks: Checks, where: str) -> None:
        checks.that(
            isinstance(self.template, str) and _TEMPLATE.fullmatch(self.template),
            f"{where}.template",
            "names no version of a published pipeline by its digest",
            given=self.template,
            allowed="package/sha256:… with 64 hexadecimal digits",
            do="take the digest that publishing printed; a tag can be moved to something that nobody reviewed",
        )
        for name, value in self.parameters.items():
            checks.that(
                is_text(value),
                f"{where}.parameters[{name!r}]",
                "is no text, and the provider passes nothing else on to a template",
                given=value,
                allowed="text",
                do="give the compiled pipeline as `spec`, or take text in the pipeline",
            )

    @property
    def spec_json(self) -> str | None:
        """The compiled pipeline as the API takes it: the same pipeline and parameters, the same text."""
        if self.spec is None:
            return None
        return json.dumps(with_defaults(self.spec, self.parameters), sort_keys=True, separators=(",", ":"))


def timestamp(moment: dt.datetime | None) -> str | None:
    """Return a moment as the API writes it (RFC 3339, UTC)."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else None
