"""A waiver is appended to a file, and nothing else in the file changes."""

import os
import stat
from datetime import date
from pathlib import Path

import pytest

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.verdicts import declared
from groundplan_policies.waivers import Waiver, WaiverError, as_yaml, fill_waiver, read_waivers, write_waiver
from tests.policies.engine.small import HAS_A_BUCKET, PRIVATE, PUBLIC, control, evaluated
from tests.policies.rules.harness import STACK, R, document

BAD, GOOD = R("storage.Bucket", PUBLIC, "bad"), R("storage.Bucket", PRIVATE, "good")


def waiver(urn: str = BAD.urn, identifier: str = "TST-01", reason: str = "The site is public.") -> Waiver:
    return Waiver(
        control=identifier,
        urn=urn,
        type="",
        reason=reason,
        ticket="SEC-7",
        owner="data@acme.test",
        approver="@acme/security",
        issued=date(2026, 6, 1),
        expires=date(2026, 6, 30),
        fingerprints=(),
    )


def filled(wanted: Waiver, *resources: R, by: Control | None = None) -> Waiver:
    judged = by or control()
    return fill_waiver(wanted, evaluated(*resources, controls=(judged,)), document(*resources), judged)


def test_a_waiver_takes_type_and_fingerprint_from_the_finding() -> None:
    found = filled(waiver(), BAD, GOOD)

    (finding,) = evaluated(BAD).findings
    assert (found.type, found.fingerprints) == (finding.type, (finding.fingerprint,))


@pytest.mark.parametrize("urn", ["", STACK])
def test_a_waiver_for_the_stack_gets_its_urn(urn: str) -> None:
    found = filled(waiver(urn, "TST-02"), R("kms.KeyRing"), by=HAS_A_BUCKET)

    assert (found.urn, found.type) == (STACK, "pulumi:pulumi:Stack")


def test_what_has_no_finding_is_not_waived() -> None:
    with pytest.raises(WaiverError) as caught:
        filled(waiver(GOOD.urn), BAD, GOOD)

    assert GOOD.urn in caught.value.given
    assert caught.value.allowed == BAD.urn
    with pytest.raises(WaiverError, match="nothing to waive"):
        filled(waiver(), R("storage.Bucket", PUBLIC, "other"))
    with pytest.raises(WaiverError, match="nothing to waive"):
        filled(waiver(""), BAD)


def test_a_declaration_is_not_waived() -> None:
    with pytest.raises(WaiverError, match="nothing to waive"):
        filled(waiver(), BAD, by=control(checks={"storage.Bucket": lambda *_: declared("so")}))


@pytest.mark.parametrize("unwaivable", [control(id="BYP-01"), control(waivable=False)], ids=lambda each: each.id)
def test_what_cannot_be_waived_is_not(unwaivable: Control) -> None:
    with pytest.raises(WaiverError, match="cannot be waived"):
        filled(waiver(identifier=unwaivable.id), BAD, by=unwaivable)


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    written = filled(waiver(), BAD)

    write_waiver(file, written)

    (found,) = read_waivers(file)
    assert found.place == f"{file.as_posix()}:3"
    assert as_yaml(found) == as_yaml(written)
    assert file.read_text().startswith("# Findings that may stand")


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    write_waiver(file, filled(waiver(), BAD))
    before = "# ours\n" + file.read_text().replace("ticket: SEC-7", "ticket: SEC-7   # see there") + "\n  # the end"
    file.write_text(before)

    write_waiver(file, filled(waiver(reason="Still."), BAD))

    assert file.read_text().startswith(before + "\n  - control:")
    assert [each.reason for each in read_waivers(file)] == ["The site is public.", "Still."]


def test_line_ends_of_the_file_stay(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_bytes(b"# ours\r\nwaivers:\r\n")

    write_waiver(file, filled(waiver(), BAD))

    assert file.read_bytes().startswith(b"# ours\r\nwaivers:\r\n  - control: TST-01")


@pytest.mark.parametrize(
    "reason",
    [
        "yes",
        "2026-01-01",
        "a: b # c",
        "- x",
        "two\nlines",
        "“quoted” 'and' \"so\"",
        "x" * 300,
        "\\",
        "#",
        "{a: b}",
        "tab\there",
    ],
)
def test_a_text_comes_back_as_it_was(tmp_path: Path, reason: str) -> None:
    file = tmp_path / "waivers.yaml"

    write_waiver(file, filled(waiver(reason=reason), BAD))
    write_waiver(file, filled(waiver(), BAD))

    assert read_waivers(file)[0].reason == reason


@pytest.mark.parametrize("text", ["waivers: []\n", "waivers: [\n]\n"])
def test_a_list_that_cannot_be_appended_to_is_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(text)

    with pytest.raises(WaiverError) as caught:
        write_waiver(file, filled(waiver(), BAD))

    assert file.read_text() == text
    assert "control: TST-01" in caught.value.remedy
    assert os.listdir(tmp_path) == ["waivers.yaml"]  # noqa: PTH208 - the names alone


def test_a_file_that_is_no_file_of_waivers_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text("settings: 1\n")

    with pytest.raises(WaiverError, match="no such key"):
        write_waiver(file, filled(waiver(), BAD))

    assert file.read_text() == "settings: 1\n"


def test_permissions_stay_and_links_are_followed(tmp_path: Path) -> None:
    file, link = tmp_path / "waivers.yaml", tmp_path / "link.yaml"
    file.write_text("waivers:\n")
    file.chmod(0o640)
    link.symlink_to(file)

    write_waiver(link, filled(waiver(), BAD))

    assert link.is_symlink()
    assert len(read_waivers(file)) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WaiverError, match="cannot be written"):
        write_waiver(tmp_path / "none" / "waivers.yaml", filled(waiver(), BAD))


def test_a_waiver_that_was_written_silences_its_finding(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    write_waiver(file, filled(waiver(), BAD))

    evaluation = evaluated(BAD, waivers=read_waivers(file), as_of=date(2026, 6, 15))

    assert evaluation.counts["TST-01"].waived == 1
    assert [each.id for each in evaluation.waiver_findings] == ["WVR-13"]
