"""What users do with Artifact Registry, through google-cloud-artifact-registry."""

import pytest
from google.api_core import exceptions
from google.cloud import artifactregistry_v1 as registry

from mockcloud.cloud.cloud import Cloud

pytestmark = pytest.mark.scenario(library="google-cloud-artifact-registry")

PLACE = "projects/mock-project/locations/europe-west4"


@pytest.fixture
def client(cloud: Cloud, transport: str) -> registry.ArtifactRegistryClient:
    return registry.ArtifactRegistryClient(transport=transport)


def _repository(client: registry.ArtifactRegistryClient, name: str, **fields: object) -> registry.Repository:
    wanted = registry.Repository(**fields)
    made: registry.Repository = client.create_repository(parent=PLACE, repository_id=name, repository=wanted).result()
    return made


def test_a_repository_with_a_virtual_one_before_it(client: registry.ArtifactRegistryClient) -> None:
    own = _repository(client, "own", format_="PYTHON", labels={"team": "ml"})
    assert own.mode == registry.Repository.Mode.STANDARD_REPOSITORY
    assert own.registry_uri == "europe-west4-python.pkg.dev/mock-project/own"
    policy = registry.UpstreamPolicy(id="own", repository=own.name, priority=10)
    config = registry.VirtualRepositoryConfig(upstream_policies=[policy])
    front = _repository(client, "front", format_="PYTHON", mode="VIRTUAL_REPOSITORY", virtual_repository_config=config)
    assert front.virtual_repository_config.upstream_policies[0].repository == own.name
    policy = registry.UpstreamPolicy(id="none", repository=f"{PLACE}/repositories/none", priority=10)
    wrong = registry.VirtualRepositoryConfig(upstream_policies=[policy])
    with pytest.raises(exceptions.NotFound):
        _repository(client, "other", format_="PYTHON", mode="VIRTUAL_REPOSITORY", virtual_repository_config=wrong)
    with pytest.raises(exceptions.BadRequest):
        _repository(client, "without-format")
    assert [each.name.rpartition("/")[2] for each in client.list_repositories(parent=PLACE)] == ["front", "own"]


def test_a_repository_is_changed_but_not_its_format(client: registry.ArtifactRegistryClient) -> None:
    made = _repository(client, "models", format_="GENERIC")
    change = registry.Repository(name=made.name, description="Models", labels={"a": "b"})
    found = client.update_repository(repository=change, update_mask={"paths": ["description", "labels"]})
    assert (found.description, dict(found.labels)) == ("Models", {"a": "b"})
    other = registry.Repository(name=made.name, format_="DOCKER")
    with pytest.raises(exceptions.BadRequest):
        client.update_repository(repository=other, update_mask={"paths": ["format"]})
    client.delete_repository(name=made.name).result()
    with pytest.raises(exceptions.NotFound):
        client.get_repository(name=made.name)


def test_settings_are_always_there(client: registry.ArtifactRegistryClient) -> None:
    name = f"{PLACE}/vpcscConfig"
    assert client.get_vpcsc_config(name=name).vpcsc_policy == registry.VPCSCConfig.VPCSCPolicy.ALLOW
    deny = registry.VPCSCConfig(name=name, vpcsc_policy=registry.VPCSCConfig.VPCSCPolicy.DENY)
    client.update_vpcsc_config(vpcsc_config=deny, update_mask={"paths": ["vpcsc_policy"]})
    assert client.get_vpcsc_config(name=name).vpcsc_policy == registry.VPCSCConfig.VPCSCPolicy.DENY
    settings = client.get_project_settings(name="projects/mock-project/projectSettings")
    assert settings.legacy_redirection_state.name == "REDIRECTION_FROM_GCR_IO_DISABLED"
