"""The JSON Schema of a settings file, for editors: completion, documentation and checks while typing."""

from __future__ import annotations

import json
from pathlib import Path

from blueprint.settings.base import PROJECT_ROOT
from blueprint.settings.root import NAMESPACE, Settings

SCHEMA_FILE = PROJECT_ROOT / "stacks" / "settings.schema.json"


def schema() -> dict[str, object]:
    """Return the schema of `Pulumi.<stack>.yaml`: the settings under `config`, each with the project's prefix."""
    inner = Settings.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of a groundplan stack",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "description": "The stack's configuration",
                "properties": {f"{NAMESPACE}:{key}": value for key, value in inner["properties"].items()},
            },
            "encryptionsalt": {"type": "string", "description": "Written by Pulumi"},
            "secretsprovider": {"type": "string", "description": "Written by Pulumi"},
            "encryptedkey": {"type": "string", "description": "Written by Pulumi"},
            "environment": {"description": "Environments of Pulumi ESC that the stack imports"},
        },
        "required": ["config"],
        "$defs": inner["$defs"],
    }


def text() -> str:
    """Return the schema as it is in the file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def write(path: Path = SCHEMA_FILE) -> None:
    """Write the schema file."""
    path.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    write()
