"""Training: pools, slices of TPUs, pipelines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import groundplan as gp
from blueprint.context import Context
from blueprint.stages import lookup

_RESTRICTED = "199.36.153.4/30"
"""Addresses of the restricted Google APIs; nodes reach them there unless the network has an endpoint of its own."""


def build(context: Context) -> None:
    """Build what training uses."""
    reserved = {name: _reservation(context, name) for name in context.settings.reservations}
    for name in context.settings.training:
        _pool(context, name, reserved)
    for name in context.settings.clusters:
        _cluster(context, name, reserved)
    for name, tpu in context.settings.tpus.items():
        slice_ = gp.TpuSlice(
            name,
            gp.TpuSliceArgs(
                env=context.env,
                network=lookup.network(context),
                accelerator=tpu.accelerator,
                topology=tpu.topology,
                zone=tpu.zone,
                consumption=tpu.consumption,
                quota=gp.Quota(limit=tpu.quota_limit),
            ),
        )
        for user in tpu.users:
            slice_.grant_log_in(user)
    for name in context.settings.pipelines:
        _pipelines(context, name)


def _reservation(context: Context, name: str) -> gp.ReservationRef:
    settings = context.settings.reservations[name]
    args = gp.AcceleratorReservationArgs(
        env=context.env,
        machine_type=settings.machine_type,
        machines=settings.machines,
        zone=settings.zone,
        ends=dt.date.fromisoformat(settings.ends) if settings.ends else None,
        quota=gp.Quota(limit=settings.quota_limit),
    )
    return context.keep(f"reservation-{name}", gp.AcceleratorReservation(name, args))


def _pool(context: Context, name: str, reserved: Mapping[str, gp.ReservationRef]) -> None:
    settings = context.settings.training[name]
    args = gp.TrainingPoolArgs(
        env=context.env,
        staging=lookup.bucket(context, settings.staging),
        network_attachment=lookup.attachment(context),
        account=lookup.identity(context, settings.account) if settings.account else None,
        keys=lookup.keys(context),
        data_class=gp.DataClass(settings.data_class),
        machine_type=settings.machine_type,
        accelerator=settings.accelerator,
        accelerator_count=settings.accelerator_count,
        consumption=settings.consumption,
        reservation=reserved[settings.reservation] if settings.reservation else None,
        quota=gp.Quota(limit=settings.quota_limit) if settings.quota_limit else None,
        workers=settings.workers,
        timeout_hours=settings.timeout_hours,
    )
    pool = context.keep(f"training-{name}", gp.TrainingPool(name, args))
    for submitter in settings.submitters:
        pool.grant_submit(lookup.account(context, submitter))


def _cluster(context: Context, name: str, reserved: Mapping[str, gp.ReservationRef]) -> None:
    settings, network = context.settings.clusters[name], context.settings.network
    pools = tuple(
        gp.NodePool(
            name=pool,
            machine_type=nodes.machine_type,
            accelerator=nodes.accelerator,
            accelerator_count=nodes.accelerator_count,
            topology=nodes.topology,
            max_nodes=nodes.max_nodes,
            consumption=nodes.consumption,
            reservation=reserved[nodes.reservation] if nodes.reservation else None,
            quota=gp.Quota(limit=nodes.quota_limit) if nodes.quota_limit else None,
        )
        for pool, nodes in settings.pools.items()
    )
    args = gp.TrainingClusterArgs(
        env=context.env,
        network=lookup.network(context),
        node_pools=pools,
        keys=lookup.keys(context),
        data_class=gp.DataClass(settings.data_class),
        google_apis_range=f"{network.google_apis_address}/32" if network.google_apis_address else _RESTRICTED,
    )
    cluster = context.keep(f"cluster-{name}", gp.TrainingCluster(name, args))
    for developer in settings.developers:
        cluster.grant_develop(lookup.account(context, developer))


def _pipelines(context: Context, name: str) -> None:
    settings = context.settings.pipelines[name]
    args = gp.PipelineEnvironmentArgs(
        env=context.env,
        data_class=gp.DataClass(settings.data_class),
        owner=settings.owner,
        keys=lookup.keys(context),
        account=lookup.identity(context, settings.account) if settings.account else None,
        templates=lookup.repository(context, settings.templates) if settings.templates else None,
        connection=lookup.attachment(context),
        network=lookup.network(context) if context.env.defaults.bucket_network_filter else None,
        schedules=tuple(
            gp.PipelineSchedule(name=when, cron=schedule.cron, spec=schedule.pipeline(), parameters=schedule.parameters)
            for when, schedule in settings.schedules.items()
        ),
    )
    pipelines = context.keep(f"pipelines-{name}", gp.PipelineEnvironment(name, args))
    for runner in settings.runners:
        pipelines.grant_run(lookup.account(context, runner))
    for publisher in settings.publishers:
        pipelines.grant_publish(lookup.account(context, publisher))
