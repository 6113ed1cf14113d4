"""Tables are read safely, whichever loader does it."""

from pathlib import Path

import pytest
import yaml

from mockcloud.discovery import tables
from mockcloud.discovery.tables import read_table

TEXT = "a: [1, yes, 2026-01-01]\nb: &x {c: null}\nd: *x\n"


@pytest.mark.parametrize("loader", [tables._LOADER, yaml.SafeLoader])
def test_a_table_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loader: object) -> None:
    monkeypatch.setattr(tables, "_LOADER", loader)
    path = tmp_path / "table.yaml"
    path.write_text(TEXT, encoding="utf-8")
    assert read_table(path) == yaml.safe_load(TEXT)
    path.write_text("!!python/object/apply:os.getcwd []", encoding="utf-8")
    with pytest.raises(yaml.YAMLError):
        read_table(path)
