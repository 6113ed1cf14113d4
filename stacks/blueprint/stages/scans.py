"""Scans for sensitive data, on the platform: they go through buckets and tables, and leave de-identified copies."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.data import BucketScanSettings, TableScanSettings
from blueprint.stages import lookup


def build(context: Context) -> None:
    """Go through buckets and tables."""
    for name in context.settings.scans:
        gp.SensitiveDataScan(name, scan_args(context, name))


def scan_args(context: Context, name: str) -> gp.SensitiveDataScanArgs:
    """Return the arguments of a scan."""
    settings = context.settings.scans[name]
    return gp.SensitiveDataScanArgs(
        env=context.env,
        findings=lookup.dataset(context, settings.findings),
        buckets=tuple(_bucket(context, bucket, scan) for bucket, scan in settings.buckets.items()),
        tables=tuple(_table(context, scan) for scan in settings.tables),
        every_days=settings.every_days,
        only_new=settings.only_new,
        keys=lookup.keys(context),
    )


def _bucket(context: Context, name: str, settings: BucketScanSettings) -> gp.BucketScan:
    copy = settings.deidentify_to
    return gp.BucketScan(
        bucket=lookup.bucket(context, name),
        path=settings.path,
        deidentify_to=lookup.bucket(context, copy) if copy is not None else None,
    )


def _table(context: Context, settings: TableScanSettings) -> gp.TableScan:
    risk = gp.RiskAnalysis(quasi_ids=tuple(settings.quasi_ids), cron=settings.risk_cron)
    return gp.TableScan(
        dataset=lookup.dataset(context, settings.warehouse),
        table=settings.table,
        risk=risk if settings.quasi_ids else None,
    )
