"""Stage platform: network, identities, federation, data, features, code, delivery."""

from __future__ import annotations

from collections.abc import Sequence

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.data import BucketSettings, DiscoverySettings, TableSettings, WarehouseSettings
from blueprint.settings.network import ExistingNetworkSettings
from blueprint.stages import delivery, features, governance, lookup, scans


def build(context: Context) -> None:
    """Build what the product teams share."""
    _network(context)
    for name in context.settings.identities:
        identity = identity_args(context, name)
        made_or_there = identity if isinstance(identity, gp.AccountRef) else gp.ServiceIdentity(name, identity)
        context.keep(f"account-{name}", made_or_there)
    for name, federation in context.settings.federation.items():
        outside = gp.WorkloadIdentity(name, federation_args(context, name))
        # A repository's runs on named branches, where there are such, and not the repository as a whole beside them.
        narrow = [workload for workload in outside.workloads if "@" in workload]
        for workload in narrow or outside.workloads:
            outside.grant_act_as(lookup.identity(context, federation.acts_as), workload)
    _buckets(context, agreed=False)
    governance.build(context)
    _buckets(context, agreed=True)
    _warehouses(context)
    scans.build(context)
    for name, code in context.settings.sources.items():
        connection = gp.SourceConnection(name, source_args(context, name))
        for repository, reference in connection.repositories.items():
            context.keep(f"code-{name}-{repository}", reference)
            for reader in code.readers:
                reference.grant_read(lookup.account(context, reader))
    features.build(context)
    delivery.build(context)


def _buckets(context: Context, *, agreed: bool) -> None:
    """Build the buckets without agreements, some of which keep the records of agreements, or those with them."""
    for name, bucket in context.settings.buckets.items():
        if bool(bucket.agreements) is agreed:
            stored = bucket_args(context, name)
            kept = context.keep(
                f"bucket-{name}", stored if isinstance(stored, gp.BucketRef) else gp.DataBucket(name, stored)
            )
            _grant(context, kept, bucket)


def _warehouses(context: Context) -> None:
    """Build the warehouses, and what looks through them for data that nobody marked as personal."""
    personal: list[gp.Warehouse] = []
    for name, warehouse in context.settings.warehouses.items():
        data = warehouse_args(context, name)
        made = data if isinstance(data, gp.DatasetRef) else gp.Warehouse(name, data)
        _grant(context, context.keep(f"dataset-{name}", made), warehouse)
        if isinstance(made, gp.Warehouse):
            personal += [made] if made.columns is not None else []
            _quality(context, name, made)
    if context.settings.discovery is not None:
        gp.SensitiveDataDiscovery("data", discovery_args(context, context.settings.discovery, personal))


def _quality(context: Context, name: str, warehouse: gp.Warehouse) -> None:
    """Build the scans of a warehouse's tables of which the settings ask something."""
    for table, described in context.settings.warehouses[name].tables.items():
        if described.quality:
            gp.QualityScan(f"{name}-{table}", quality_args(context, name, table, warehouse))


def _network(context: Context) -> None:
    """Build the network, the ways into it, and what is reached in it."""
    there = context.settings.network.existing
    made = existing_network(context, there) if there else gp.Network("core", network_args(context))
    network: gp.NetworkRef = context.keep("network", made)
    way_in = gp.NetworkAttachment("jobs", gp.NetworkAttachmentArgs(env=context.env, network=network))
    context.keep("attachment", way_in).grant_connect(context.env.projects.workload)
    if context.settings.network.service_access_cidr:
        access = service_access_args(context, context.settings.network.service_access_cidr)
        context.keep("service-access", gp.PrivateServiceAccess("services", access))
    for name in context.settings.service_endpoints:
        gp.PrivateServiceConnect(name, service_endpoint_args(context, name))


def service_access_args(context: Context, cidr: str) -> gp.PrivateServiceAccessArgs:
    """Return the arguments of the peering with services of Google."""
    return gp.PrivateServiceAccessArgs(env=context.env, network=lookup.network(context), cidr=cidr)


def service_endpoint_args(context: Context, name: str) -> gp.PrivateServiceConnectArgs:
    """Return the arguments of an endpoint for a service that somebody publishes."""
    settings = context.settings.service_endpoints[name]
    target = gp.PublishedService(
        attachment=settings.service_attachment,
        address=settings.address,
        host=settings.host,
        global_access=settings.global_access,
    )
    return gp.PrivateServiceConnectArgs(env=context.env, network=lookup.network(context), target=target)


def federation_args(context: Context, name: str) -> gp.WorkloadIdentityArgs:
    """Return the arguments of a federation."""
    return gp.WorkloadIdentityArgs(env=context.env, issuer=context.settings.federation[name].issuer())


def source_args(context: Context, name: str) -> gp.SourceConnectionArgs:
    """Return the arguments of a connection to source code."""
    settings = context.settings.sources[name]
    return gp.SourceConnectionArgs(
        env=context.env,
        source=settings.source(),
        repositories=tuple(settings.repositories),
        keys=lookup.keys(context) if settings.kind == "hosted" else None,
    )


def existing_network(context: Context, settings: ExistingNetworkSettings) -> gp.NetworkRef:
    """Return a network that is there already."""
    project = settings.project.make()
    return gp.Network.from_existing(
        network=f"projects/{project.id}/global/networks/{settings.network}",
        subnetwork=f"projects/{project.id}/regions/{context.env.region}/subnetworks/{settings.subnetwork}",
        project=project,
        pods_range=settings.pods_range,
        services_range=settings.services_range,
        proxy_url=settings.proxy_url,
    )


def network_args(context: Context) -> gp.NetworkArgs:
    """Return the arguments of the network."""
    settings, env = context.settings.network, context.env
    return gp.NetworkArgs(
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


def _service_projects(env: gp.Environment) -> tuple[gp.Project, ...]:
    """Return the projects whose machines join the network of another: a Shared VPC's service projects."""
    joining = {project.id: project for project in (env.projects.workload, env.projects.build)}
    return tuple(p for p in joining.values() if p.managed and p.id != env.projects.network.id)


def identity_args(context: Context, name: str) -> gp.ServiceIdentityArgs | gp.AccountRef:
    """Return the arguments of an identity, or the account that is there already."""
    settings, env = context.settings.identities[name], context.env
    if settings.existing is not None:
        return gp.ServiceIdentity.from_existing(settings.existing, project=env.projects.workload)
    capabilities = tuple(gp.Capability(capability) for capability in settings.capabilities)
    return gp.ServiceIdentityArgs(env=env, purpose=settings.purpose, capabilities=capabilities)


def bucket_args(context: Context, name: str) -> gp.DataBucketArgs | gp.BucketRef:
    """Return the arguments of a bucket, or the bucket that is there already."""
    env, settings = context.env, context.settings.buckets[name]
    data_class = gp.DataClass(settings.data_class)
    agreements = governance.agreements(context, settings.agreements)
    if settings.existing is not None:
        return gp.DataBucket.from_existing(
            settings.existing,
            project=env.projects.workload,
            location=env.region,
            data_class=data_class,
            agreements=agreements,
        )
    return gp.DataBucketArgs(
        env=env,
        data_class=data_class,
        owner=settings.owner,
        keys=lookup.keys(context),
        retention_days=settings.retention_days,
        delete_after_days=settings.delete_after_days,
        agreements=agreements,
        network=lookup.network(context) if env.defaults.bucket_network_filter else None,
    )


def warehouse_args(context: Context, name: str) -> gp.WarehouseArgs | gp.DatasetRef:
    """Return the arguments of a warehouse, or the dataset that is there already."""
    env, settings = context.env, context.settings.warehouses[name]
    data_class = gp.DataClass(settings.data_class)
    agreements = governance.agreements(context, settings.agreements)
    if settings.existing is not None:
        return gp.Warehouse.from_existing(
            settings.existing,
            project=env.projects.workload,
            location=env.region,
            data_class=data_class,
            agreements=agreements,
        )
    tables = tuple(_table(table, described) for table, described in settings.tables.items())
    return gp.WarehouseArgs(
        env=env,
        data_class=data_class,
        owner=settings.owner,
        keys=lookup.keys(context),
        tables=tables,
        agreements=agreements,
    )


def quality_args(context: Context, name: str, table: str, warehouse: gp.Warehouse) -> gp.QualityScanArgs:
    """Return the arguments of the scan of a table's quality."""
    settings = context.settings.warehouses[name]
    rules = tuple(
        gp.QualityRule(
            column=rule.column,
            not_null=rule.not_null,
            unique=rule.unique,
            between=rule.between,
            one_of=tuple(rule.one_of),
            share=rule.share,
        )
        for rule in settings.tables[table].quality
    )
    kind, _, address = settings.owner.partition(":")
    contacts = (address,) if kind in {"group", "user"} else ()
    return gp.QualityScanArgs(env=context.env, warehouse=warehouse, table=table, rules=rules, contacts=contacts)


def discovery_args(
    context: Context, settings: DiscoverySettings, personal: Sequence[gp.Warehouse] = ()
) -> gp.SensitiveDataDiscoveryArgs:
    """Return the arguments of the discovery of sensitive data."""
    return gp.SensitiveDataDiscoveryArgs(
        env=context.env,
        data_locations=tuple(settings.data_locations),
        refresh=settings.refresh,
        profiles=lookup.dataset(context, settings.profiles) if settings.profiles else None,
        personal=tuple(personal),
    )


def _table(name: str, settings: TableSettings) -> gp.Table:
    columns = tuple(
        gp.Column(
            name=column.name,
            type=column.type,
            mode=column.mode,
            description=column.description,
            personal=gp.Personal(column.personal) if column.personal else None,
        )
        for column in settings.columns
    )
    return gp.Table(name=name, columns=columns, partition_by=settings.partition_by)


def _grant(context: Context, on: gp.BucketRef | gp.DatasetRef, settings: BucketSettings | WarehouseSettings) -> None:
    """Give readers and writers their access; each is a principal or the name of an identity of the settings."""
    for reader in settings.readers:
        who = lookup.account(context, reader)
        # Where columns are personal, a query of one would be refused without the right to see it masked.
        on.grant_read_masked(who) if isinstance(on, gp.Warehouse) else on.grant_read(who)
    for writer in settings.writers:
        who = lookup.account(context, writer)
        if isinstance(on, gp.BucketRef):
            on.grant_read_write(who)
        else:
            on.grant_edit(who)
