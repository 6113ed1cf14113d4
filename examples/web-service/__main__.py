"""A Cloud Run service with Cloud SQL: an ordinary Pulumi program, which knows nothing of this project."""

import pulumi
import pulumi_gcp as gcp

region = pulumi.Config("gcp").require("region")
password = pulumi.Config().require_secret("password")

network = gcp.compute.Network("web", auto_create_subnetworks=False)
addresses = gcp.compute.GlobalAddress(
    "services", purpose="VPC_PEERING", address_type="INTERNAL", prefix_length=16, network=network.id
)
peering = gcp.servicenetworking.Connection(
    "services",
    network=network.id,
    service="servicenetworking.googleapis.com",
    reserved_peering_ranges=[addresses.name],
    deletion_policy="ABANDON",
)

instance = gcp.sql.DatabaseInstance(
    "web",
    database_version="POSTGRES_16",
    region=region,
    deletion_protection=False,
    settings={
        "tier": "db-custom-1-3840",
        "edition": "ENTERPRISE",
        "ip_configuration": {"ipv4_enabled": False, "private_network": network.id},
        "backup_configuration": {"enabled": True},
    },
    opts=pulumi.ResourceOptions(depends_on=[peering]),
)
database = gcp.sql.Database("orders", instance=instance.name, name="orders")
user = gcp.sql.User("web", instance=instance.name, name="web", password=password)

account = gcp.serviceaccount.Account("web", account_id="web-service")
secret = gcp.secretmanager.Secret("password", secret_id=f"{pulumi.get_project()}-password", replication={"auto": {}})
version = gcp.secretmanager.SecretVersion("password", secret=secret.id, secret_data=password)
access = gcp.secretmanager.SecretIamMember(
    "web-reads", secret_id=secret.id, role="roles/secretmanager.secretAccessor", member=account.member
)

service = gcp.cloudrunv2.Service(
    "web",
    location=region,
    deletion_protection=False,
    template={
        "service_account": account.email,
        "containers": [
            {
                "image": "us-docker.pkg.dev/cloudrun/container/hello",
                "envs": [
                    {"name": "DATABASE", "value": instance.connection_name},
                    {
                        "name": "PASSWORD",
                        "value_source": {"secret_key_ref": {"secret": secret.secret_id, "version": "latest"}},
                    },
                ],
                "volume_mounts": [{"name": "cloudsql", "mount_path": "/cloudsql"}],
            }
        ],
        "volumes": [{"name": "cloudsql", "cloud_sql_instance": {"instances": [instance.connection_name]}}],
    },
    opts=pulumi.ResourceOptions(depends_on=[access, version, database, user]),
)
gcp.cloudrunv2.ServiceIamMember(
    "everybody", name=service.name, location=region, role="roles/run.invoker", member="allUsers"
)

pulumi.export("service", service.id)
pulumi.export("url", service.uri)
pulumi.export("instance", instance.name)
