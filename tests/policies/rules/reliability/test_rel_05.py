"""REL-05: backups are made by a schedule, and kept."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.reliability.rel_05 import CONTROL
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

PLAN, COMPOSER, DATABASE = "gkebackup.BackupPlan", "composer.Environment", "sql.DatabaseInstance"
PLANNED = {"backupSchedule": {"cronSchedule": "0 3 * * *"}, "retentionPolicy": {"backupRetainDays": 30}}
SNAPSHOTS = {"config": {"recoveryConfig": {"scheduledSnapshotsConfig": {"enabled": True}}}}
KEPT = {"backupRetentionSettings": {"retainedBackups": 7}, "transactionLogRetentionDays": 7}
BACKUPS = {"settings": {"backupConfiguration": {"enabled": True, "pointInTimeRecoveryEnabled": True, **KEPT}}}

test_stated_verdicts = stated_verdicts(
    CONTROL, [R(PLAN, PLANNED), R(COMPOSER, SNAPSHOTS), R(DATABASE, {"databaseVersion": "POSTGRES_17", **BACKUPS})]
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("backupSchedule.paused", True),
        ("deactivated", True),
        ("retentionPolicy.backupRetainDays", 0),
        ("backupSchedule.cronSchedule", ...),
    ],
)
def test_a_plan_that_makes_or_keeps_nothing_fails(path: str, value: object) -> None:
    found = outcome(CONTROL, R(PLAN, put(PLANNED, path, value)))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])


@pytest.mark.parametrize(("days", "expected"), [(1, Verdict.PASS), (0, Verdict.FAIL)])
def test_a_day_is_long_enough(days: int, expected: Verdict) -> None:
    assert verdict(CONTROL, R(PLAN, put(PLANNED, "retentionPolicy.backupRetainDays", days))) is expected


@pytest.mark.parametrize(("minutes", "expected"), [(60, Verdict.PASS), (0, Verdict.FAIL)])
def test_a_plan_may_say_how_much_may_be_lost(minutes: int, expected: Verdict) -> None:
    planned = {**PLANNED, "backupSchedule": {"rpoConfig": {"targetRpoMinutes": minutes}}}
    assert verdict(CONTROL, R(PLAN, planned)) is expected


@pytest.mark.parametrize(
    "inputs",
    [{}, {"config": {}}, {"config": {"recoveryConfig": {"scheduledSnapshotsConfig": {"enabled": False}}}}],
    ids=str,
)
def test_an_environment_without_snapshots_fails(inputs: dict[str, Any]) -> None:
    assert verdict(CONTROL, R(COMPOSER, inputs)) is Verdict.FAIL


@pytest.mark.parametrize("minutes", ["often", [60], True], ids=str)
def test_what_is_no_number_of_minutes_is_no_plan(minutes: object) -> None:
    planned = {**PLANNED, "backupSchedule": {"rpoConfig": {"targetRpoMinutes": minutes}}}
    assert verdict(CONTROL, R(PLAN, planned)) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("version", "configuration", "missing"),
    [
        ("POSTGRES_17", {"enabled": False, "pointInTimeRecoveryEnabled": True}, ["enabled"]),
        ("POSTGRES_17", {"enabled": True}, ["pointInTimeRecoveryEnabled"]),
        ("POSTGRES_17", {"enabled": True, "binaryLogEnabled": True}, ["pointInTimeRecoveryEnabled"]),
        ("SQLSERVER_2022_STANDARD", {"enabled": True}, ["pointInTimeRecoveryEnabled"]),
        ("MYSQL_8_4", {"enabled": True, "pointInTimeRecoveryEnabled": True}, ["binaryLogEnabled"]),
        ("MYSQL_8_4", {"enabled": True, "binaryLogEnabled": True}, []),
        ("POSTGRES_17", {}, ["enabled", "pointInTimeRecoveryEnabled"]),
    ],
    ids=str,
)
def test_a_database_goes_back_in_time(version: str, configuration: dict[str, bool], missing: list[str]) -> None:
    found = outcome(
        CONTROL, R(DATABASE, {"databaseVersion": version, "settings": {"backupConfiguration": configuration}})
    )
    assert [each.path for each in found.reasons] == [f"settings.backupConfiguration.{each}" for each in missing]
    assert found.verdict is (Verdict.FAIL if missing else Verdict.PASS)


def test_a_replica_is_made_again_from_its_primary() -> None:
    assert verdict(CONTROL, R(DATABASE, {"masterInstanceName": "primary"})) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(DATABASE, {"masterInstanceName": ""})) is Verdict.FAIL


@pytest.mark.parametrize("path", ["backupRetentionSettings.retainedBackups", "transactionLogRetentionDays"])
@pytest.mark.parametrize(("kept", "expected"), [(0, Verdict.FAIL), (1, Verdict.PASS), (..., Verdict.PASS)])
def test_a_backup_is_kept(path: str, kept: object, expected: Verdict) -> None:
    inputs = {"databaseVersion": "POSTGRES_17", **put(BACKUPS, f"settings.backupConfiguration.{path}", kept)}
    found = outcome(CONTROL, R(DATABASE, inputs))
    assert found.verdict is expected
    assert {each.path for each in found.reasons} <= {f"settings.backupConfiguration.{path}"}


def test_a_database_of_an_unknown_kind_goes_back_in_both_ways() -> None:
    def of(**more: Any) -> Verdict:
        configuration = {"enabled": True, **more}
        settings = {"settings": {"backupConfiguration": configuration}}
        return verdict(CONTROL, R(DATABASE, {"databaseVersion": UNKNOWN, **settings}))

    assert of(pointInTimeRecoveryEnabled=True, binaryLogEnabled=True) is Verdict.PASS
    assert of(pointInTimeRecoveryEnabled=True) is Verdict.INDETERMINATE
    assert of(binaryLogEnabled=True) is Verdict.INDETERMINATE
    assert of() is Verdict.FAIL
