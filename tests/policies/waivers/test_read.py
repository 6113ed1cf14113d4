"""A file of waivers is read whole, or refused with the line at fault."""

from datetime import date
from pathlib import Path

import pytest

from groundplan_policies.waivers import Waiver, WaiverError, read_waivers

ENTRY = {
    "control": "dat-05",
    "urn": "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::site",
    "type": "gcp:storage/bucket:Bucket",
    "reason": "The site is public.",
    "ticket": "SEC-7",
    "owner": "data@acme.test",
    "approver": '"@acme/security"',
    "issued": "2026-06-01",
    "expires": "2026-06-30",
    "fingerprint": "0f",
}


def text(**changes: str | None) -> str:
    fields = {key: value for key, value in {**ENTRY, **changes}.items() if value is not None}
    lines = [f"{key}: {value}" for key, value in fields.items()]
    return "waivers:\n  - " + "\n    ".join(lines) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "waivers.yaml"


def refusal(file: Path, content: str) -> WaiverError:
    file.write_text(content, encoding="utf-8")
    with pytest.raises(WaiverError) as caught:
        read_waivers(file)
    error = caught.value
    assert all((error.what, error.given, error.allowed, error.remedy))
    return error


def test_a_waiver_is_read(file: Path) -> None:
    file.write_text(f"# why not\n{text()}")

    assert read_waivers(file, name="waivers.yaml") == (
        Waiver(
            control="DAT-05",
            urn=ENTRY["urn"],
            type=ENTRY["type"],
            reason="The site is public.",
            ticket="SEC-7",
            owner="data@acme.test",
            approver="@acme/security",
            issued=date(2026, 6, 1),
            expires=date(2026, 6, 30),
            fingerprints=("0f",),
            place="waivers.yaml:3",
        ),
    )


@pytest.mark.parametrize("content", ["", "waivers:\n", "waivers: []\n", "# none\n"])
def test_a_file_may_be_empty(file: Path, content: str) -> None:
    file.write_text(content)

    assert read_waivers(file) == ()


def test_a_waiver_may_have_several_fingerprints(file: Path) -> None:
    file.write_text(text(fingerprint="[0f, a1]"))

    assert read_waivers(file)[0].fingerprints == ("0f", "a1")


def test_a_waiver_may_last_one_day(file: Path) -> None:
    file.write_text(text(expires="2026-06-01"))

    assert len(read_waivers(file)) == 1


@pytest.mark.parametrize("key", list(ENTRY))
def test_no_key_may_be_missing_or_empty(file: Path, key: str) -> None:
    assert f"without `{key}`" in refusal(file, text(**{key: None})).given
    assert f"without `{key}`" in refusal(file, text(**{key: "null"})).given
    assert "waivers.yaml:" in refusal(file, text(**{key: '""'})).given


@pytest.mark.parametrize(
    ("content", "given"),
    [
        (text(expires="2026-02-30"), "does not exist (FILE:10)"),
        (text(expires="soon"), "str 'soon' (FILE:10)"),
        (text(expires='"2026-06-30"'), "str '2026-06-30' (FILE:10)"),
        (text(issued="2026-06-01T10:00:00Z"), "(FILE:9)"),
        (text(issued="20260601"), "int '20260601' (FILE:9)"),
        (text(issued="2026-07-01"), "issued 2026-07-01, expires 2026-06-30 (FILE:2)"),
        (text(until="2026-07-01"), "`until` (FILE:12)"),
        (text(reason="7"), "int '7' (FILE:5)"),
        (text(fingerprint="[]"), "list '[]' (FILE:11)"),
        (text(fingerprint="0123"), "(FILE:11)"),
        ("waiver: []\n", "`waiver` (FILE:1)"),
        ("waivers: {}\n", "dict '{}' (FILE:1)"),
        ("waivers: [x]\n", "str 'x' (FILE:1)"),
        (text() + "waivers: []\n", "the key `waivers` twice (FILE:12)"),
    ],
)
def test_a_fault_is_told_with_its_line(file: Path, content: str, given: str) -> None:
    assert refusal(file, content).given.endswith(given.replace("FILE", file.as_posix()))


def test_an_approver_who_owns_the_file_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "CODEOWNERS").write_text("* @acme/data\n/policy/ @Acme/Security\n")
    (tmp_path / "policy").mkdir()
    inside, outside = tmp_path / "policy/waivers.yaml", tmp_path / "waivers.yaml"
    for file in (inside, outside):
        file.write_text(text())

    assert read_waivers(inside, root=tmp_path)[0].approver_owns
    assert not read_waivers(outside, root=tmp_path)[0].approver_owns
    assert not read_waivers(inside)[0].approver_owns


@pytest.mark.parametrize("urn", ["site", "prod::shop", "'::'"])
def test_a_waiver_of_what_is_no_resource_is_refused(file: Path, urn: str) -> None:
    error = refusal(file, text(urn=urn))
    assert "waivers.yaml:3" in error.given
    assert urn.strip("'") not in error.given.replace("waivers.yaml", "")
