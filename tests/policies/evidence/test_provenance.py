"""Digests of what decides verdicts: the same for the same, another for another."""

from dataclasses import replace
from pathlib import Path

from groundplan_policies.engine.opened import Opened
from groundplan_policies.evidence.provenance import (
    folder_digest,
    opened_digest,
    rules_digest,
    settings_digest,
    waivers_digest,
)
from groundplan_policies.settings.read import read_settings
from tests.policies.evidence.world import TEAM, waiver_of
from tests.policies.rules.harness import R, document


def test_settings_have_a_digest_of_what_holds() -> None:
    assert settings_digest(TEAM) == settings_digest(read_settings("team"))
    assert settings_digest(TEAM) != settings_digest(read_settings("regulated"))
    assert settings_digest(TEAM) != settings_digest(replace(TEAM, approvers=("ciso@acme.test",)))


def test_a_waiver_that_is_changed_has_another_digest() -> None:
    public = R("storage.Bucket", {"name": "open", "publicAccessPrevention": "inherited"}, "open")
    waiver = waiver_of(document(public), "DAT-05", "open")

    assert waivers_digest([]) != waivers_digest([waiver]) != waivers_digest([replace(waiver, reason="Another.")])


def test_documents_have_a_digest_of_what_they_hold() -> None:
    one = {"card.md": Opened(digest="sha256:1", text="# Card")}

    assert opened_digest({}) != opened_digest(one)
    assert opened_digest(one) != opened_digest({"card.md": Opened(digest="sha256:2", text="# Card")})
    assert opened_digest(one) != opened_digest({"card.md": Opened(digest="sha256:1", problem="it is too long")})


def test_sources_have_a_digest_of_their_names_and_of_what_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    rule = tmp_path / "rules" / "a.py"
    seen = [folder_digest(tmp_path)]

    rule.write_text("one", encoding="utf-8")
    seen.append(folder_digest(tmp_path))
    rule.write_text("two", encoding="utf-8")
    seen.append(folder_digest(tmp_path))
    rule.rename(tmp_path / "rules" / "b.py")
    seen.append(folder_digest(tmp_path))

    assert len(set(seen)) == len(seen)
    (tmp_path / "rules" / "__pycache__").mkdir()
    (tmp_path / "rules" / "__pycache__" / "b.py").write_text("compiled", encoding="utf-8")
    (tmp_path / "rules" / "notes.txt").write_text("notes", encoding="utf-8")
    assert folder_digest(tmp_path) == seen[-1]


def test_rules_have_a_digest() -> None:
    assert rules_digest() == rules_digest()
    assert len(rules_digest()) == len("sha256:") + 64
