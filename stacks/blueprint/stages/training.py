"""Training: pools, slices of TPUs, pipelines."""

from __future__ import annotations

import datetime as dt

import groundplan as gp
from blueprint.context import Context
from blueprint.stages import governance, lookup, pulls

_RESTRICTED = "199.36.153.4/30"
"""Addresses of the restricted Google APIs; nodes reach them there unless the network has an endpoint of its own."""


def build(context: Context) -> None:
    """Build what training uses."""
    for name in context.settings.reservations:
        context.keep(f"reservation-{name}", gp.AcceleratorReservation(name, reservation_args(context, name)))
    for name, settings in context.settings.training.items():
        pool = context.keep(f"training-{name}", gp.TrainingPool(name, pool_args(context, name)))
        for submitter in settings.submitters:
            pool.grant_submit(lookup.account(context, submitter))
        pulls.let_jobs_pull(context, settings.pulls, pool.account)
    for name, cluster in context.settings.clusters.items():
        made = context.keep(f"cluster-{name}", gp.TrainingCluster(name, cluster_args(context, name)))
        for developer in cluster.developers:
            made.grant_develop(lookup.account(context, developer))
        pulls.let_pull(context, cluster.pulls, *made.accounts.values())
    for name, tpu in context.settings.tpus.items():
        slice_ = gp.TpuSlice(name, tpu_args(context, name))
        for user in tpu.users:
            slice_.grant_log_in(user)
        pulls.let_pull(context, tpu.pulls, *filter(None, [slice_.account]))
    _pipelines(context)


def _pipelines(context: Context) -> None:
    for name, used in context.settings.pipelines.items():
        pipelines = context.keep(f"pipelines-{name}", gp.PipelineEnvironment(name, pipelines_args(context, name)))
        for runner in used.runners:
            pipelines.grant_run(lookup.account(context, runner))
        for publisher in used.publishers:
            pipelines.grant_publish(lookup.account(context, publisher))
        pulls.let_jobs_pull(context, used.pulls, pipelines.account)


def tpu_args(context: Context, name: str) -> gp.TpuSliceArgs:
    """Return the arguments of a slice of TPUs."""
    settings = context.settings.tpus[name]
    return gp.TpuSliceArgs(
        env=context.env,
        network=lookup.network(context),
        accelerator=settings.accelerator,
        topology=settings.topology,
        zone=settings.zone,
        consumption=settings.consumption,
        quota=gp.Quota(limit=settings.quota_limit),
    )


def reservation_args(context: Context, name: str) -> gp.AcceleratorReservationArgs:
    """Return the arguments of a reservation."""
    settings = context.settings.reservations[name]
    return gp.AcceleratorReservationArgs(
        env=context.env,
        machine_type=settings.machine_type,
        machines=settings.machines,
        zone=settings.zone,
        ends=dt.date.fromisoformat(settings.ends) if settings.ends else None,
        quota=gp.Quota(limit=settings.quota_limit),
    )


def pool_args(context: Context, name: str) -> gp.TrainingPoolArgs:
    """Return the arguments of what training jobs use."""
    settings = context.settings.training[name]
    return gp.TrainingPoolArgs(
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
        reservation=lookup.reservation(context, settings.reservation) if settings.reservation else None,
        quota=gp.Quota(limit=settings.quota_limit) if settings.quota_limit else None,
        workers=settings.workers,
        timeout_hours=settings.timeout_hours,
        review=lookup.review(context, settings.review),
        agreements=governance.agreements(context, settings.agreements),
        purpose=settings.purpose,
    )


def cluster_args(context: Context, name: str) -> gp.TrainingClusterArgs:
    """Return the arguments of a cluster."""
    settings, network = context.settings.clusters[name], context.settings.network
    pools = tuple(
        gp.NodePool(
            name=pool,
            machine_type=nodes.machine_type,
            accelerator=nodes.accelerator,
            accelerator_count=nodes.accelerator_count,
            topology=nodes.topology,
            max_nodes=nodes.max_nodes,
            zones=tuple(nodes.zones),
            consumption=nodes.consumption,
            queued=nodes.queued,
            reservation=lookup.reservation(context, nodes.reservation) if nodes.reservation else None,
            quota=gp.Quota(limit=nodes.quota_limit) if nodes.quota_limit else None,
        )
        for pool, nodes in settings.pools.items()
    )
    return gp.TrainingClusterArgs(
        env=context.env,
        network=lookup.network(context),
        node_pools=pools,
        keys=lookup.keys(context),
        data_class=gp.DataClass(settings.data_class),
        google_apis_range=f"{network.google_apis_address}/32" if network.google_apis_address else _RESTRICTED,
    )


def pipelines_args(context: Context, name: str) -> gp.PipelineEnvironmentArgs:
    """Return the arguments of what pipelines run in."""
    settings = context.settings.pipelines[name]
    return gp.PipelineEnvironmentArgs(
        env=context.env,
        data_class=gp.DataClass(settings.data_class),
        owner=settings.owner,
        keys=lookup.keys(context),
        review=lookup.review(context, settings.review),
        agreements=governance.agreements(context, settings.agreements),
        purpose=settings.purpose,
        account=lookup.identity(context, settings.account) if settings.account else None,
        templates=lookup.repository(context, settings.templates) if settings.templates else None,
        connection=lookup.attachment(context),
        network=lookup.network(context) if context.env.defaults.bucket_network_filter else None,
        schedules=tuple(
            gp.PipelineSchedule(name=when, cron=schedule.cron, spec=schedule.pipeline(), parameters=schedule.parameters)
            for when, schedule in settings.schedules.items()
        ),
    )
