"""Stage platform: network, identities, federation, data, features, code, delivery."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.data import BucketSettings, TableSettings, WarehouseSettings
from blueprint.settings.sources import SourceSettings
from blueprint.stages import delivery, features, lookup


def build(context: Context) -> None:
    """Build what the product teams share."""
    network = _network(context)
    way_in = gp.NetworkAttachment("jobs", gp.NetworkAttachmentArgs(env=context.env, network=network))
    context.keep("attachment", way_in).grant_connect(context.env.projects.workload)
    if context.settings.network.service_access_cidr:
        access = gp.PrivateServiceAccessArgs(
            env=context.env, network=network, cidr=context.settings.network.service_access_cidr
        )
        context.keep("service-access", gp.PrivateServiceAccess("services", access))
    for name in context.settings.identities:
        context.keep(f"account-{name}", _identity(context, name))
    for name, federation in context.settings.federation.items():
        outside = gp.WorkloadIdentity(name, gp.WorkloadIdentityArgs(env=context.env, issuer=federation.issuer()))
        # A repository's runs on named branches, where there are such, and not the repository as a whole beside them.
        narrow = [workload for workload in outside.workloads if "@" in workload]
        for workload in narrow or outside.workloads:
            outside.grant_act_as(lookup.identity(context, federation.acts_as), workload)
    for name, bucket in context.settings.buckets.items():
        _grant(context, context.keep(f"bucket-{name}", _bucket(context, name, bucket, network)), bucket)
    for name, warehouse in context.settings.warehouses.items():
        _grant(context, context.keep(f"dataset-{name}", _warehouse(context, name, warehouse)), warehouse)
    for name, code in context.settings.sources.items():
        _source(context, name, code)
    features.build(context)
    delivery.build(context)


def _source(context: Context, name: str, settings: SourceSettings) -> None:
    args = gp.SourceConnectionArgs(
        env=context.env,
        source=settings.source(),
        repositories=tuple(settings.repositories),
        keys=lookup.keys(context) if settings.kind == "hosted" else None,
    )
    connection = gp.SourceConnection(name, args)
    for repository, reference in connection.repositories.items():
        context.keep(f"code-{name}-{repository}", reference)
        for reader in settings.readers:
            reference.grant_read(lookup.account(context, reader))


def _network(context: Context) -> gp.NetworkRef:
    settings, env = context.settings.network, context.env
    existing = settings.existing
    if existing is not None:
        project = existing.project.make()
        reference = gp.Network.from_existing(
            network=f"projects/{project.id}/global/networks/{existing.network}",
            subnetwork=f"projects/{project.id}/regions/{env.region}/subnetworks/{existing.subnetwork}",
            project=project,
            pods_range=existing.pods_range,
            services_range=existing.services_range,
            proxy_url=existing.proxy_url,
        )
        return context.keep("network", reference)
    args = gp.NetworkArgs(
        env=env,
        cidr=settings.cidr,
        pods_cidr=settings.pods_cidr,
        services_cidr=settings.services_cidr,
        google_apis_address=settings.google_apis_address,
        egress_domains=tuple(settings.egress_domains),
        internal_traffic=settings.internal_traffic,
        google_domains=tuple(settings.google_domains),
        service_projects=_service_projects(env),
    )
    return context.keep("network", gp.Network("core", args))


def _service_projects(env: gp.Environment) -> tuple[gp.Project, ...]:
    """Return the projects whose machines join the network of another: a Shared VPC's service projects."""
    joining = {project.id: project for project in (env.projects.workload, env.projects.build)}
    return tuple(p for p in joining.values() if p.managed and p.id != env.projects.network.id)


def _identity(context: Context, name: str) -> gp.AccountRef:
    settings, env = context.settings.identities[name], context.env
    if settings.existing is not None:
        return gp.ServiceIdentity.from_existing(settings.existing, project=env.projects.workload)
    capabilities = tuple(gp.Capability(capability) for capability in settings.capabilities)
    args = gp.ServiceIdentityArgs(env=env, purpose=settings.purpose, capabilities=capabilities)
    return gp.ServiceIdentity(name, args)


def _bucket(context: Context, name: str, settings: BucketSettings, network: gp.NetworkRef) -> gp.BucketRef:
    env, data_class = context.env, gp.DataClass(settings.data_class)
    if settings.existing is not None:
        return gp.DataBucket.from_existing(
            settings.existing, project=env.projects.workload, location=env.region, data_class=data_class
        )
    args = gp.DataBucketArgs(
        env=env,
        data_class=data_class,
        owner=settings.owner,
        keys=lookup.keys(context),
        retention_days=settings.retention_days,
        network=network if env.defaults.bucket_network_filter else None,
    )
    return gp.DataBucket(name, args)


def _warehouse(context: Context, name: str, settings: WarehouseSettings) -> gp.DatasetRef:
    env, data_class = context.env, gp.DataClass(settings.data_class)
    if settings.existing is not None:
        return gp.Warehouse.from_existing(
            settings.existing, project=env.projects.workload, location=env.region, data_class=data_class
        )
    tables = tuple(_table(table, described) for table, described in settings.tables.items())
    args = gp.WarehouseArgs(
        env=env, data_class=data_class, owner=settings.owner, keys=lookup.keys(context), tables=tables
    )
    return gp.Warehouse(name, args)


def _table(name: str, settings: TableSettings) -> gp.Table:
    columns = tuple(
        gp.Column(
            name=column.name,
            type=column.type,
            description=column.description,
            personal=gp.Personal(column.personal) if column.personal else None,
        )
        for column in settings.columns
    )
    return gp.Table(name=name, columns=columns, partition_by=settings.partition_by)


def _grant(context: Context, on: gp.BucketRef | gp.DatasetRef, settings: BucketSettings | WarehouseSettings) -> None:
    """Give readers and writers their access; each is a principal or the name of an identity of the settings."""
    for reader in settings.readers:
        on.grant_read(lookup.account(context, reader))
    for writer in settings.writers:
        who = lookup.account(context, writer)
        if isinstance(on, gp.BucketRef):
            on.grant_read_write(who)
        else:
            on.grant_edit(who)
