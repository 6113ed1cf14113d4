"""REL-05: backups are made by a schedule, and kept."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full, partial
from groundplan_policies.engine.expect import every, is_false, is_number, is_set, is_true, unreadable
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, all_of

_PLAN, _COMPOSER, _DATABASE = "gkebackup.BackupPlan", "composer.Environment", "sql.DatabaseInstance"
_CRON = is_set("backupSchedule.cronSchedule", expected="a schedule")
_OBJECTIVE = is_number("backupSchedule.rpoConfig.targetRpoMinutes", at_least=1, unit="minutes")
_RUNNING = every(is_false("backupSchedule.paused"), is_false("deactivated"))
_KEPT = is_number("retentionPolicy.backupRetainDays", at_least=1, unit="day")
_SNAPSHOTS = is_true("config.recoveryConfig.scheduledSnapshotsConfig.enabled")
_BACKUPS = is_true("settings.backupConfiguration.enabled")
_POINT = is_true("settings.backupConfiguration.pointInTimeRecoveryEnabled")
_BINARY_LOG = is_true("settings.backupConfiguration.binaryLogEnabled")
_COPIES = is_number(
    "settings.backupConfiguration.backupRetentionSettings.retainedBackups",
    at_least=1,
    unit="backup",
    absent=Verdict.PASS,
)
_LOGS = is_number(
    "settings.backupConfiguration.transactionLogRetentionDays", at_least=1, unit="day", absent=Verdict.PASS
)
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
    return all_of(
        [
            _BACKUPS(resource, context),
            _goes_back(resource, context),
            _COPIES(resource, context),
            _LOGS(resource, context),
        ]
    )


def _goes_back(resource: Resource, context: Context) -> Outcome:
    version = _VERSION.one(resource)
    point, log = _POINT(resource, context), _BINARY_LOG(resource, context)
    if version.state not in {State.UNKNOWN, State.SECRET}:
        return log if version.text.upper().startswith(_MYSQL) else point
    if PASS not in {point, log}:
        return point
    # Which of the two it needs hangs on what nobody sees.
    return PASS if point is log else unreadable(version, absent=point) or point


CONTROL = Control(
    id="REL-05",
    title="Backups are made by a schedule, and kept",
    why=(
        "What was deleted by mistake, or encrypted by somebody else, is there again only if a copy is. A plan for "
        "clusters needs a schedule that is not paused, and must keep its copies for a day at least: 0 keeps them for "
        "ever only until somebody cleans up by hand. Databases must be backed up and be able to go back to a point in "
        "time, MySQL by its binary log, and keep a backup and a day of logs at least; replicas are made again from "
        "their primary and do not apply. Whether anybody ever restored one is not seen."
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
        _COPIES.reads(_DATABASE),
        _LOGS.reads(_DATABASE),
        Read.aside(_DATABASE, _BINARY_LOG.path.text),
        Read(_DATABASE, _VERSION.text, absent=Verdict.PASS, empty=Verdict.PASS, wrong=Verdict.PASS),
        Read.aside(_DATABASE, _PRIMARY.text),
    ),
    checks={_PLAN: _plan, _COMPOSER: _SNAPSHOTS, _DATABASE: _database},
)
