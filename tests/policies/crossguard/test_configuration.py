"""What the pack can be told, and what it refuses."""

from datetime import date
from pathlib import Path

import pytest

from groundplan_policies.crossguard.configuration import SCHEMA, ConfigurationError, configured
from groundplan_policies.crossguard.registered import Registered
from groundplan_policies.engine.errors import Error
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.names import token
from groundplan_policies.engine.values import Value
from tests.policies.rules.harness import urn

BUCKET = Registered(
    urn=urn("storage.Bucket", "it"), type=token("storage.Bucket"), properties={"publicAccessPrevention": "inherited"}
)


def today() -> date:
    return date(2026, 6, 15)


def level(**entries: Value) -> Level:
    """The level of a high finding under a configuration."""
    found = {each.policy: each for each in configured(entries, today).before(BUCKET)}
    return found["DAT-05"].level


def test_the_strictest_tier_holds_where_nothing_is_said() -> None:
    assert level() is Level.BLOCK
    assert level(tier="", settings="") is Level.BLOCK


def test_a_tier_holds() -> None:
    assert level(tier="learner") is Level.WARN


def test_a_file_of_settings_holds(tmp_path: Path) -> None:
    file = tmp_path / "guardrails.yaml"
    file.write_text("extends: regulated\nlevels: {DAT-05: warn}\n", encoding="utf-8")

    assert level(settings=str(file)) is Level.WARN


@pytest.mark.parametrize(("day", "told"), [("2026-06-30", False), ("2026-07-01", True), ("", False)])
def test_waivers_are_read_and_judged_for_the_day(tmp_path: Path, day: str, told: bool) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "CODEOWNERS").write_text("/waivers.yaml ben@acme.test\n", encoding="utf-8")
    file = tmp_path / "waivers.yaml"
    file.write_text(
        f"""waivers:
  - control: DAT-05
    urn: {BUCKET.urn}
    type: {BUCKET.type}
    reason: A partner reads it.
    ticket: SEC-1
    owner: ana@acme.test
    approver: ben@acme.test
    issued: 2026-06-01
    expires: 2026-06-30
    fingerprint: "00000000000000000000000000000000"
""",
        encoding="utf-8",
    )
    session = configured({"waivers": str(file), "asOf": day}, today)
    told_early = {each.policy for each in session.before(BUCKET)}
    at_the_end = {each.policy for each in session.at_the_end([BUCKET], dry_run=True).violations}

    assert "DAT-05" not in told_early
    # The fingerprint is another, so the waiver has lapsed on any day.
    assert {"DAT-05", "WVR-08"} <= at_the_end
    assert ("WVR-01" in at_the_end) is told
    # CODEOWNERS beside the file names the approver.
    assert "WVR-13" not in at_the_end


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"teir": "team"}, ("teir", "tier")),
        ({"tier": 7}, ("tier", "a text")),
        ({"tier": "tema"}, ("tema", "team")),
        ({"tier": "team", "settings": "a.yaml"}, ("exclude each other",)),
        ({"settings": "nowhere.yaml"}, ("nowhere.yaml",)),
        ({"waivers": "nowhere.yaml"}, ("nowhere.yaml",)),
        ({"asOf": "yesterday"}, ("yesterday", "2027-01-31")),
    ],
)
def test_what_makes_no_sense_is_refused(entries: dict[str, Value], words: tuple[str, ...]) -> None:
    with pytest.raises(Error) as caught:
        configured(entries, today)

    assert all(word in str(caught.value) for word in words)


def test_the_schema_describes_every_entry() -> None:
    assert all(each["type"] == "string" and each["description"] for each in SCHEMA.values())
    for key in SCHEMA:
        with pytest.raises(ConfigurationError):
            configured({key: None}, today)
