"""Digests of what decides verdicts: the same for the same, another for another."""

from dataclasses import replace

from groundplan_policies.engine.opened import Opened
from groundplan_policies.evidence.provenance import opened_digest, rules_digest, settings_digest, waivers_digest
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


def test_rules_have_a_digest() -> None:
    assert rules_digest() == rules_digest()
    assert len(rules_digest()) == len("sha256:") + 64
