"""REL-05: backups are made by a schedule, and kept."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full, partial
from groundplan_policies.engine.expect import every, is_false, is_number, is_set, is_true
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, all_of

_PLAN, _COMPOSER, _DATABASE = "gkebackup.BackupPlan", "composer.Environment", "sql.DatabaseInstance"
_CRON = is_set("backupSchedule.cronSchedule", expected="a schedule")
_OBJECTIVE = is_number("backupSchedule.rpoConfig.targetRpoMinutes", at_least=1, unit="minutes")
_RUNNING = every(is_false("backupSchedule.paused"), is_false("deactivated"))
_KEPT = is_number("retentionPolicy.backupRetainDays", at_least=1, unit="day")
_SNAPSHOTS = is_true("config.recoveryConfig.scheduledSnapshotsConfig.enabled")
_BACKUPS = is_true("settings.backupConfiguration.enabled")
_POINT = is_true("settings.backupConfiguration.pointInTimeRecoveryEnabled")
_BINARY_LOG = is_true("settings.backupConfiguration.binaryLogEnabled")
_VERSION, _PRIMARY = Path("databaseVersion"), Path("masterInstanceName")
_MYSQL: Final = "MYSQL"


def _plan(resource: Resource, context: Context) -> Outcome:
    """A plan is made by a calendar, or by how much may be lost, from which Google makes the calendar."""
    planned = _CRON if _OBJECTIVE.path.is_absent(resource.inputs) else _OBJECTIVE
    return all_of([planned(resource, context), _RUNNING(resource, context), _KEPT(resource, context)])


def _database(resource: Resource, context: Context) -> Outcome:
    """Judge a primary: a replica is made again from it. MySQL goes back in time by its binary log."""
    primary = _PRIMARY.one(resource)
    if primary.state is State.KNOWN and primary.text:
        return NOT_APPLICABLE
    mysql = _VERSION.one(resource).text.upper().startswith(_MYSQL)
    return all_of([_BACKUPS(resource, context), (_BINARY_LOG if mysql else _POINT)(resource, context)])


CONTROL = Control(
    id="REL-05",
    title="Backups are made by a schedule, and kept",
    why=(
        "What was deleted by mistake, or encrypted by somebody else, is there again only if a copy is. A plan for "
        "clusters needs a schedule that is not paused, and must keep its copies for a day at least: 0 keeps them for "
        "ever only until somebody cleans up by hand. Databases must be backed up and be able to go back to a point in "
        "time, MySQL by its binary log; replicas are made again from their primary and do not apply. Whether anybody "
        "ever restored one is not seen."
    ),
    remedy="Set `cron_schedule` and `backup_retain_days`, `scheduled_snapshots_config`, or `backup_configuration`.",
    severity=Severity.MEDIUM,
    objectives=("2.1.a", "5.1.e"),
    clauses=(
        full("cis-gcp-5.0", "6.8"),
        partial("nist-800-53-r5", "CP-9", "Data in other places, and whether copies can be read."),
    ),
    reads=(
        _CRON.reads(_PLAN),
        # Any number of minutes is right, so that 7 where a schedule was said is a plan as well.
        Read(_PLAN, _OBJECTIVE.path.text, absent=Verdict.PASS, wrong=Verdict.PASS),
        is_false("backupSchedule.paused").reads(_PLAN),
        is_false("deactivated").reads(_PLAN),
        _KEPT.reads(_PLAN),
        _SNAPSHOTS.reads(_COMPOSER),
        _BACKUPS.reads(_DATABASE),
        _POINT.reads(_DATABASE),
        Read.aside(_DATABASE, _BINARY_LOG.path.text),
        Read.aside(_DATABASE, _VERSION.text),
        Read.aside(_DATABASE, _PRIMARY.text),
    ),
    checks={_PLAN: _plan, _COMPOSER: _SNAPSHOTS, _DATABASE: _database},
)
