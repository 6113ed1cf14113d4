"""`groundplan waive` writes a waiver that holds, or none."""

import json
from pathlib import Path

import pytest

from groundplan_policies.waivers import read_waivers
from tests.cli.conftest import FakeEngine, Invoke
from tests.cli.documents import STACK_URN, Builder

BUCKET = "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::logs"
WHO = ("--reason", "A public site", "--ticket", "SEC-7", "--owner", "ann", "--approver", "bob")
DAYS = ("--issued", "2026-06-01", "--expires", "2026-07-01")


def stack(*names: str, **inputs: str) -> Builder:
    build = Builder()
    for name in names:
        build.add("gcp:storage/bucket:Bucket", name, inputs={"publicAccessPrevention": "inherited", **inputs})
    return build


@pytest.fixture(autouse=True)
def public(engine: FakeEngine) -> None:
    engine.give(stack("logs"))


@pytest.fixture
def file(project: Path) -> Path:
    return project / "waivers.dev.yaml"


def test_a_waiver_is_written_beside_the_stack(groundplan: Invoke, engine: FakeEngine, file: Path) -> None:
    result = groundplan("waive", "dat-05", BUCKET, *WHO, *DAYS)

    assert result.exit_code == 0, result.output
    assert engine.calls[0][1] == "dev"
    assert "waivers.dev.yaml: DAT-05 on" in result.stderr
    assert "bob is no owner of the file in CODEOWNERS" in result.stderr
    (waiver,) = read_waivers(file)
    assert (waiver.control, waiver.urn, waiver.type) == ("DAT-05", BUCKET, "gcp:storage/bucket:Bucket")
    assert (waiver.owner, waiver.approver, waiver.ticket) == ("ann", "bob", "SEC-7")
    assert (str(waiver.issued), str(waiver.expires)) == ("2026-06-01", "2026-07-01")
    assert len(waiver.fingerprints) == 1


def test_an_approver_who_owns_the_file_is_not_remarked_on(groundplan: Invoke, project: Path) -> None:
    (project / "CODEOWNERS").write_text("* bob\n", encoding="utf-8")

    result = groundplan("waive", "DAT-05", BUCKET, *WHO, *DAYS)

    assert result.exit_code == 0
    assert "CODEOWNERS" not in result.stderr


def test_what_is_in_the_file_stays(groundplan: Invoke, engine: FakeEngine, file: Path) -> None:
    engine.give(stack("logs", "models"))
    assert groundplan("waive", "DAT-05", "logs", "--stack", "dev", *WHO, *DAYS).exit_code == 0
    before = file.read_text(encoding="utf-8") + "  # a remark\n"
    file.write_text(before, encoding="utf-8")

    assert groundplan("waive", "DAT-05", "models", "--stack", "dev", *WHO, *DAYS).exit_code == 0

    assert file.read_text(encoding="utf-8").startswith(before)
    assert [each.urn.rpartition("::")[2] for each in read_waivers(file)] == ["logs", "models"]


def test_the_stack_as_a_whole_is_waived_by_its_name(groundplan: Invoke, file: Path) -> None:
    result = groundplan("waive", "DAT-13", "dev", "--stack", "dev", *WHO, *DAYS)

    assert result.exit_code == 0, result.output
    (waiver,) = read_waivers(file)
    assert (waiver.urn, waiver.type) == (STACK_URN, "pulumi:pulumi:Stack")


def test_a_name_that_means_several_resources_is_not_enough(groundplan: Invoke, engine: FakeEngine) -> None:
    build = stack("same")
    store = build.add("shop:index:Store", "store")
    build.add("gcp:storage/bucket:Bucket", "same", parent=store, inputs={"publicAccessPrevention": "inherited"})
    engine.give(build)

    result = groundplan("waive", "DAT-05", "same", "--stack", "dev", *WHO, *DAYS)

    assert result.exit_code == 2
    assert "The name means several resources" in result.stderr
    assert "shop:index:Store$gcp:storage/bucket:Bucket::same" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("DAT-05", "log", "--stack", "dev", *WHO, *DAYS), "There is nothing to waive"),
        (("DAT-05", f"{BUCKET}x", *WHO, *DAYS), "There is nothing to waive"),
        (("BYP-14", "dev", "--stack", "dev", *WHO, *DAYS), "The control cannot be waived"),
        (("DAT-5", BUCKET, *WHO, *DAYS), "There is no such control"),
        (
            ("DAT-05", BUCKET, *WHO, "--issued", "2026-06-01", "--expires", "2026-12-01"),
            "The waiver holds for too long (WVR-06)",
        ),
        (
            ("DAT-05", BUCKET, *WHO[:-1], "ann", *DAYS),
            "Owner and approver are one (WVR-05)",
        ),
        (("DAT-05", BUCKET, *WHO, "--issued", "2026-06-01", "--expires", "2026-05-31"), "would end before it begins"),
    ],
)
def test_what_would_not_hold_is_refused_and_nothing_is_written(
    groundplan: Invoke, file: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = groundplan("waive", *arguments)

    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert not file.exists()


def test_a_fingerprint_of_another_document_counts_too(groundplan: Invoke, project: Path, file: Path) -> None:
    for name, build in (("later", stack("logs", location="EU")), ("same", stack("logs"))):
        (project / f"{name}.json").write_text(json.dumps(build.document()), encoding="utf-8")

    result = groundplan("waive", "DAT-03", BUCKET, "--also", "later.json", "--also", "same.json", *WHO, *DAYS)

    assert result.exit_code == 0, result.output
    (waiver,) = read_waivers(file)
    assert len(set(waiver.fingerprints)) == len(waiver.fingerprints) == 2


def test_without_a_stack_there_must_be_a_file(groundplan: Invoke, project: Path) -> None:
    (project / "plan.json").write_text(json.dumps(stack("logs").document()), encoding="utf-8")

    result = groundplan("waive", "DAT-05", "logs", "--stack", "plan.json", *WHO, *DAYS)

    assert result.exit_code == 2
    assert "There is no place for the waiver" in result.stderr
    named = groundplan("waive", "DAT-05", "logs", "--stack", "plan.json", "--waivers", "w.yaml", *WHO, *DAYS)
    assert named.exit_code == 0, named.output
    assert (project / "w.yaml").is_file()


def test_the_level_of_the_settings_matters_not(groundplan: Invoke) -> None:
    assert groundplan("waive", "DAT-05", BUCKET, "--tier", "learner", *WHO, *DAYS).exit_code == 0
