"""Under which settings a target is checked, and which waivers hold: from options, from files beside the stack."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from groundplan_cli.errors import Error
from groundplan_cli.guardrails.target import Target, repository_of
from groundplan_policies.engine import Document
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.evaluate import evaluate, make_context
from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.opening import open_documents
from groundplan_policies.engine.results import Evaluation
from groundplan_policies.settings.model import Settings
from groundplan_policies.settings.read import TIERS, read_settings
from groundplan_policies.waivers import Waiver, read_waivers

DEFAULT_TIER = "regulated"
"""The tier of what does not say its own: the strictest, so that nothing passes by being silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrails:
    """What decides verdicts beside the document.

    Attributes:
        settings: Levels and parameters.
        waivers: The waivers.
        as_of: The day for which they are judged.
        root: The project's directory, from which reviews and agreements name documents; None opens none.
    """

    settings: Settings
    waivers: tuple[Waiver, ...]
    as_of: date
    root: Path | None = None

    def judge(self, document: Document, *, keep_passes: bool = False) -> Evaluation:
        """Evaluate a document with every control. See `evaluate`."""
        return evaluate(
            document,
            self.settings,
            waivers=self.waivers,
            opened=self._opened(document),
            as_of=self.as_of,
            keep_passes=keep_passes,
        )

    def context(self, document: Document) -> Context:
        """Give what controls are given beside a resource, for whoever asks what they ask."""
        return make_context(document, self.settings, self.waivers, self.as_of, opened=self._opened(document))

    def _opened(self, document: Document) -> Mapping[str, Opened]:
        return open_documents(document, self.root) if self.root is not None else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was said on the command line. Each is as the option of the same name says."""

    tier: str | None = None
    settings: Path | None = None
    waivers: Path | None = None
    as_of: date | None = None
    config: list[str] | None = None


def today() -> date:
    """Give the day in UTC, so that it is the same wherever a check runs."""
    return datetime.now(UTC).date()


def guardrails_for(target: Target, chosen: Chosen) -> Guardrails:
    """Find settings and waivers: those that were named, else those beside the stack.

    Raises:
        Error: Options exclude each other, or there is no such tier.
        SettingsError, WaiverError: A file cannot be understood.
    """
    waivers = chosen.waivers or _beside(target, "waivers")
    return Guardrails(
        settings=_settings(target, chosen),
        waivers=read_named_waivers(target, waivers) if waivers is not None else (),
        as_of=chosen.as_of or today(),
        root=target.project.root if target.project is not None else None,
    )


def read_named_waivers(target: Target, path: Path) -> tuple[Waiver, ...]:
    """Read a file of waivers, with the owners of it by the repository's CODEOWNERS.

    A build may have the files of a repository without its history: then the project is taken for all of it.
    """
    root = repository_of(path.resolve().parent) or (target.project.root if target.project is not None else None)
    return read_waivers(path, root=root, name=name_in_project(target, path))


def waivers_file(target: Target) -> Path | None:
    """Give where the waivers of a stack are, or would be; None for a document."""
    if target.project is None or target.stack is None:
        return None
    return target.project.settings / f"waivers.{target.stack.rpartition('/')[2]}.yaml"


def name_in_project(target: Target, path: Path) -> str:
    """Give a path as the lines of a program are given: inside the project, if it is there."""
    path = path.resolve()
    root = target.project.root if target.project is not None else Path.cwd().resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _beside(target: Target, kind: str) -> Path | None:
    """Give a file beside the stack's settings file, such as `waivers.dev.yaml`, None if there is none."""
    if target.project is None or target.stack is None:
        return None
    path = target.project.settings / f"{kind}.{target.stack.rpartition('/')[2]}.yaml"
    return path if path.is_file() else None


def _settings(target: Target, chosen: Chosen) -> Settings:
    if chosen.tier is not None and chosen.settings is not None:
        raise Error(
            "Options exclude each other",
            given="--tier and --settings",
            allowed="--tier for a shipped tier, or --settings for a file, which names the tier that it extends",
            remedy="leave out one of them",
        )
    if chosen.settings is not None:
        return read_settings(_from_here(chosen.settings))
    if chosen.tier is not None:
        return read_settings(_tier(chosen.tier))
    beside = _beside(target, "guardrails")
    if beside is not None:
        return read_settings(_from_here(beside))
    return read_settings(_tier_of_stack(target, chosen.config) or DEFAULT_TIER)


def _from_here(path: Path) -> Path:
    """Give a path from the current directory on, where it is below: messages name it so."""
    here, whole = Path.cwd().resolve(), path.resolve()
    return whole.relative_to(here) if whole.is_relative_to(here) else path


def _tier(name: str) -> str:
    if name not in TIERS:
        raise Error(
            "There is no such tier",
            given=name,
            allowed=", ".join(TIERS),
            remedy="name one of them, or a file with your own settings: --settings FILE",
        )
    return name


def _tier_of_stack(target: Target, config: list[str] | None) -> str | None:
    """Give the shipped tier that the stack's own configuration names, as a program of this blueprint has it."""
    if target.project is None or target.stack is None:
        return None
    key = f"{target.project.name}:tier"
    given = [value for name, _, value in (each.partition("=") for each in config or ()) if name.strip() == key]
    found: object = given[-1] if given else _configured(target.project.stack_file(target.stack.rpartition("/")[2]), key)
    if isinstance(found, Mapping):  # a tier of one's own, which says what it extends
        found = found.get("extends")
    return found if isinstance(found, str) and found in TIERS else None


def _configured(file: Path, key: str) -> object:
    """Give a value of a stack's configuration, None where there is none.

    Whether the file is in order is not asked here: whoever runs the program finds out.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    values = content.get("config") if isinstance(content, dict) else None
    return values.get(key) if isinstance(values, dict) else None
