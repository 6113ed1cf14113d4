"""What users do with Spanner's administration, through google-cloud-spanner."""

from datetime import UTC, datetime

import pytest
from google.api_core import exceptions
from google.cloud import spanner_admin_database_v1 as databases
from google.cloud import spanner_admin_instance_v1 as instances

from mockcloud.cloud.cloud import Cloud

pytestmark = pytest.mark.scenario(library="google-cloud-spanner")

PROJECT = "projects/mock-project"


@pytest.fixture
def instance(cloud: Cloud, transport: str) -> instances.Instance:
    client = instances.InstanceAdminClient(transport=transport)
    config = f"{PROJECT}/instanceConfigs/regional-europe-west4"
    wanted = instances.Instance(config=config, display_name="Features", processing_units=100)
    made: instances.Instance = client.create_instance(parent=PROJECT, instance_id="features", instance=wanted).result()
    return made


def test_an_instance_grows(instance: instances.Instance, transport: str) -> None:
    client = instances.InstanceAdminClient(transport=transport)
    assert (instance.state.name, instance.processing_units) == ("READY", 100)
    grown = instances.Instance(name=instance.name, processing_units=2000)
    found = client.update_instance(instance=grown, field_mask={"paths": ["processing_units"]}).result()
    assert (found.node_count, found.display_name) == (2, "Features")
    assert client.get_instance_config(name=instance.config).name == instance.config
    client.delete_instance(name=instance.name)
    with pytest.raises(exceptions.NotFound):
        client.get_instance(name=instance.name)


def test_a_database_has_the_statements_that_made_it(instance: instances.Instance, transport: str) -> None:
    client = databases.DatabaseAdminClient(transport=transport)
    made = client.create_database(
        request={
            "parent": instance.name,
            "create_statement": "CREATE DATABASE `users`",
            "extra_statements": ["CREATE TABLE t (id INT64) PRIMARY KEY(id)"],
        }
    ).result()
    assert made.name == f"{instance.name}/databases/users"
    statement = "ALTER TABLE t ADD COLUMN age INT64"
    client.update_database_ddl(database=made.name, statements=[statement]).result()
    assert client.get_database_ddl(database=made.name).statements[-1] == statement
    protected = databases.Database(name=made.name, enable_drop_protection=True)
    client.update_database(database=protected, update_mask={"paths": ["enable_drop_protection"]}).result()
    with pytest.raises(exceptions.BadRequest):
        client.drop_database(database=made.name)
    with pytest.raises(exceptions.BadRequest):
        client.create_database(parent=instance.name, create_statement="DROP DATABASE users")


def test_a_database_comes_back_from_a_backup(instance: instances.Instance, transport: str) -> None:
    client = databases.DatabaseAdminClient(transport=transport)
    made = client.create_database(
        request={
            "parent": instance.name,
            "create_statement": "CREATE DATABASE users",
            "extra_statements": ["CREATE TABLE t (id INT64) PRIMARY KEY(id)"],
        }
    ).result()
    backup = databases.Backup(database=made.name, expire_time=datetime(2030, 1, 1, tzinfo=UTC))
    kept = client.create_backup(parent=instance.name, backup_id="before", backup=backup).result()
    client.drop_database(database=made.name)
    restored = client.restore_database(
        request={"parent": instance.name, "database_id": "again", "backup": kept.name}
    ).result()
    assert len(client.get_database_ddl(database=restored.name).statements) == 1
    assert [each.name for each in client.list_databases(parent=instance.name)] == [restored.name]
