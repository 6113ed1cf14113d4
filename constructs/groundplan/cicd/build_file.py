"""A build file of Cloud Build, read and linted before anything runs it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from groundplan.cicd.build_lint import BUILDER, DIGEST, lint
from groundplan.core.validation import Checks


@dataclass(frozen=True, kw_only=True)
class Builders:
    """Images that build steps run in, each by the digest of what was reviewed.

    A build file names them ``builder/<name>``, so that the same file is used with whatever images an organisation has
    checked; a tag, which can be moved, is not accepted.
    """

    images: Mapping[str, str]
    """Name, such as ``docker`` -> image with its digest, ``…/docker@sha256:…``."""

    def check(self, checks: Checks, field_name: str) -> None:
        """Record which images are not named by digest."""
        for name, image in self.images.items():
            checks.matches(
                f"{field_name}.images[{name!r}]",
                image,
                DIGEST,
                "an image by its digest: …@sha256: and 64 hexadecimal digits",
                "look the digest up with `gcloud artifacts docker images describe`",
            )


@dataclass(frozen=True, kw_only=True)
class BuildFile:
    """A build file: the steps of a build, as Cloud Build's own YAML has them.

    It says what is done. Who does it, where, and where the log goes is the trigger's to say, so a file that says it
    is refused. ``BuildFile.parse`` reads one and raises everything that the lint finds as one ``ArgumentError``:
    steps in images without a digest, secrets written out, substitutions that nobody defines or uses, scripts that go
    on after a failure, steps that may fail unnoticed.
    """

    name: str
    """Its name in messages, best its path."""
    content: Mapping[str, Any] = field(hash=False)
    """The parsed file, with the builders' images filled in."""

    @classmethod
    def parse(cls, text: str, *, name: str, builders: Builders | None = None) -> BuildFile:
        """Read a build file; ``builders`` are the images behind its ``builder/…`` names."""
        checks = Checks(f'BuildFile "{name}"')
        parsed: object = None
        try:
            parsed = yaml.safe_load(text)
        except yaml.YAMLError as error:
            checks.that(
                holds=False,
                field="text",
                fault="is no YAML",
                given=str(error),
                allowed="Cloud Build's own build file, in YAML",
                do="correct the line",
            )
        checks.finish()
        if builders is not None:
            builders.check(checks, "builders")
        content: dict[str, Any] = parsed if isinstance(parsed, dict) else {}
        if checks.instance("text", parsed, dict, "a mapping with `steps`"):
            content = _with_images(checks, content, builders.images if builders else {})
            checks.finish()  # the lint would find the same again
            lint(checks, content)
        checks.finish()
        return cls(name=name, content=content)

    @property
    def substitutions(self) -> dict[str, str]:
        """The file's own substitutions, with their defaults."""
        return {key: str(value) for key, value in self.content.get("substitutions", {}).items()}

    @functools.cached_property
    def secrets(self) -> frozenset[str]:
        """Names of the secret variables that its steps read; the trigger says which secrets they are."""
        return frozenset(str(name) for step in self.steps for name in step.get("secretEnv", ()))

    @property
    def steps(self) -> list[Mapping[str, Any]]:
        """The steps in order."""
        return list(self.content["steps"])

    @property
    def images(self) -> frozenset[str]:
        """Images that its steps run in."""
        return frozenset(str(step["name"]) for step in self.steps)


def _with_images(checks: Checks, parsed: dict[str, Any], images: Mapping[str, str]) -> dict[str, Any]:
    """Return the file with the builders' names replaced by their images."""
    if not isinstance(parsed.get("steps"), list):
        return parsed
    steps: list[object] = []
    for index, step in enumerate(parsed["steps"]):
        match = re.fullmatch(BUILDER, str(step.get("name"))) if isinstance(step, Mapping) else None
        if match is None:
            steps.append(step)
        elif checks.one_of(f"steps[{index}].name", match[1], images):
            steps.append({**step, "name": images[match[1]]})
    return {**parsed, "steps": steps}
