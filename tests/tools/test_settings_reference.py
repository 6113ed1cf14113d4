"""The reference of the settings is written from their schema."""

import json
from pathlib import Path

from tools.settings_reference import settings_page

SCHEMA = {
    "properties": {
        "config": {
            "properties": {
                "x:tier": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Own"}, {"type": "null"}], "default": None},
                "x:own": {"$ref": "#/$defs/Own"},
                "x:parts": {"additionalProperties": {"$ref": "#/$defs/Own"}, "type": "object"},
            }
        }
    },
    "$defs": {
        "Own": {
            "description": "A tier\nof one's own.",
            "properties": {
                "kind": {"enum": ["a", "b"], "description": "Which | of them."},
                "counts": {"items": {"type": "integer"}, "type": "array", "default": [1]},
            },
            "required": ["kind"],
        }
    },
}


def page(folder: Path) -> list[str]:
    schema = folder / "schema.json"
    schema.write_text(json.dumps(SCHEMA), encoding="utf-8")
    return settings_page(schema).splitlines()


def test_settings_name_the_values_that_they_take(tmp_path: Path) -> None:
    assert "| `x:tier` | string or [Own](#own) |  |  |" in page(tmp_path)
    assert "| `x:own` | [Own](#own) |  | A tier of one's own. |" in page(tmp_path)
    assert "| `x:parts` | by name: [Own](#own) |  |  |" in page(tmp_path)


def test_a_section_has_its_text_its_defaults_and_what_must_be_given(tmp_path: Path) -> None:
    lines = page(tmp_path)
    assert lines[lines.index("## Own") + 2] == "A tier of one's own."
    assert "| `kind` | `a`, `b` | must be given | Which &#124; of them. |" in lines
    assert "| `counts` | list of integer | `[1]` |  |" in lines


def test_every_setting_of_the_shipped_schema_has_a_row() -> None:
    rows = settings_page()
    assert "| `groundplan:tier` | string or [TierSettings](#tiersettings) |" in rows
    assert "| `retention_days` | integer |" in rows
