"""The registry of models, a folder: ``census-income/v1/`` and on, each with ``model.bst`` and ``model-card.json``."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from census_workloads import model, storage
from census_workloads.catalog import Role, catalog
from census_workloads.errors import RegistryError
from census_workloads.evaluation import Scores
from census_workloads.features import names
from census_workloads.gate import Decision
from census_workloads.provenance import code_version

NAME: Final = "census-income"
CARD: Final = "model-card.json"
_VERSION: Final = re.compile(r"v([1-9][0-9]*)")
_USE: Final = "To show how a model is built, checked and recorded. Not for decisions about people: the data is of 1994."
_LIMITS: Final = (
    "The data is a sample of the population of the United States of 1994; incomes and occupations have changed.",
    "Relationship and marital status stand for sex in part; errors are compared by sex, race and age, not removed.",
    "Groups of fewer than 500 people are measured, but not compared.",
)


class Evidence(BaseModel):
    """What a run found out about a model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    training_sha256: str
    """Digest of the data that the model learned from; that of the holdout is in the scores."""
    scores: Scores
    baseline: Scores
    decision: Decision


class ModelCard(BaseModel):
    """What is known of a registered model, for whoever uses or reviews it."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    name: str
    version: str
    model_sha256: str
    code_version: str
    source: str
    features: tuple[str, ...]
    unused: dict[str, str]
    """Columns that the model does not learn from, and why."""
    intended_use: str
    limits: tuple[str, ...]
    evidence: Evidence


def latest(registry: Path) -> ModelCard | None:
    """Return the card of the newest version, or None where nothing is registered yet."""
    cards = _cards(registry)
    return cards[-1] if cards else None


def register(registry: Path, folder: Path, evidence: Evidence) -> ModelCard:
    """Give the model in a folder the next version; a model that is registered keeps the version that it has.

    Raises:
        RegistryError: The gate has not let the model pass, or another run takes the same version.
    """
    if not evidence.decision.passed:
        raise RegistryError(
            "the model cannot be registered",
            given="a model that the gate stopped",
            allowed="a model that passed each check",
            do="read the decision of the gate",
        )
    digest = storage.sha256(folder / model.FILE)
    known = next((card for card in _cards(registry) if card.model_sha256 == digest), None)
    if known is not None and known.evidence == evidence:
        return known
    card = _card(f"v{_last(registry) + 1}", digest, evidence)
    place = registry / NAME / card.version
    try:
        place.mkdir(parents=True)
    except FileExistsError:
        raise RegistryError(
            "the model cannot be registered",
            given=f"the version {card.version}, which another run has just taken",
            allowed="one run at a time",
            do="run again",
        ) from None
    shutil.copyfile(folder / model.FILE, place / model.FILE)
    # The card comes last: a version without one is not whole, and nobody reads it.
    (place / CARD).write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return card


def _card(version: str, digest: str, evidence: Evidence) -> ModelCard:
    columns = catalog().columns
    sensitive = dict.fromkeys(catalog().names(Role.SENSITIVE), "sensitive: errors are compared by it")
    return ModelCard(
        name=NAME,
        version=version,
        model_sha256=digest,
        code_version=code_version(),
        source=catalog().source,
        features=tuple(names()),
        unused=sensitive | {name: str(columns[name].why) for name in catalog().names(Role.UNUSED)},
        intended_use=_USE,
        limits=_LIMITS,
        evidence=evidence,
    )


def _numbers(registry: Path) -> list[int]:
    folder = registry / NAME
    names = (_VERSION.fullmatch(entry.name) for entry in folder.iterdir()) if folder.is_dir() else ()
    return sorted(int(match[1]) for match in names if match)


def _last(registry: Path) -> int:
    return max(_numbers(registry), default=0)


def _cards(registry: Path) -> list[ModelCard]:
    files = [registry / NAME / f"v{number}" / CARD for number in _numbers(registry)]
    return [_read(file) for file in files if file.is_file()]


def _read(file: Path) -> ModelCard:
    try:
        return ModelCard.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise RegistryError(
            "a registered model's card cannot be read",
            given=f"{file}: {error.error_count()} things that no card has",
            allowed="a card as this version of census_workloads writes it",
            do="restore the file, or begin another registry",
        ) from error
