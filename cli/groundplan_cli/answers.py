"""What a preview cannot know without a cloud: read from a file, for programs that ask for it.

A program may call a provider's function (`get_project`), read another stack's outputs, or need a secret. A file says
what they answer:

```yaml
invokes:
  gcp:organizations/getProject:getProject: {number: "123456789012"}
stackReferences:
  organization/network/live: {subnet: projects/acme/regions/europe-west4/subnetworks/core}
secretConfig:
  shop:token: anything
```
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from groundplan_cli.errors import Error

KEYS = ("invokes", "stackReferences", "secretConfig")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a program is answered.

    Attributes:
        invokes: Token of a function -> its result, with the names of Pulumi's schema.
        stack_references: Name of a stack -> its outputs.
        secret_config: Secret configuration values, which a stack's file holds encrypted only.
    """

    invokes: Mapping[str, object] = field(default_factory=dict)
    stack_references: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    secret_config: Mapping[str, str] = field(default_factory=dict)


def read_answers(path: Path | None) -> Answers:
    """Read a file of answers; without one there are none.

    Raises:
        Error: It cannot be read, or holds something else.
    """
    if path is None:
        return Answers()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _refused(path, str(error).splitlines()[0]) from error
    sections = _mapping(path, "the file", {} if content is None else content)
    unknown = sorted(sections.keys() - set(KEYS))
    if unknown:
        raise _refused(path, f"the key {unknown[0]}")
    references = _mapping(path, "stackReferences", sections.get("stackReferences") or {})
    secrets = _mapping(path, "secretConfig", sections.get("secretConfig") or {})
    return Answers(
        invokes=_mapping(path, "invokes", sections.get("invokes") or {}),
        stack_references={name: _mapping(path, name, outputs) for name, outputs in references.items()},
        secret_config={key: str(value) for key, value in secrets.items()},
    )


def _mapping(path: Path, what: str, value: object) -> Mapping[str, object]:
    """Check that a value is a mapping. Its content, which may be secret, is not part of the message."""
    if not isinstance(value, dict):
        raise _refused(path, f"{what}, which is no mapping but {type(value).__name__}")
    return {str(key): each for key, each in value.items()}


def _refused(path: Path, given: str) -> Error:
    return Error(
        "The file of answers is not understood",
        given=f"{path}: {given}",
        allowed=f"YAML or JSON with the keys {', '.join(KEYS)}, each a mapping",
        remedy="mend the file",
    )
