"""What a plan says of itself."""

from groundplan_cli.graph.environment import Project, environment_of, project_of, projects_of
from groundplan_policies.engine import Document
from groundplan_policies.engine.values import UNKNOWN
from tests.cli.documents import Builder
from tests.cli.graph.small_platform import platform


def test_the_exported_environment_is_read() -> None:
    found = environment_of(Document.read(platform().document()))

    assert (found.tier, found.region) == ("regulated", "europe-west4")
    assert found.projects == (
        Project("acme-ml", "111111111111", ("workload", "build")),
        Project("acme-keys", "222222222222", ("keys",)),
    )
    assert found.project("projects/222222222222") is found.projects[1]
    assert found.project("acme-ml") is found.projects[0]
    assert found.project("") is None


def test_another_program_is_read_by_what_its_resources_have() -> None:
    build = Builder()
    build.add("gcp:storage/bucket:Bucket", "a", inputs={"project": "p-b", "location": "europe-west4"})
    build.add("gcp:storage/bucket:Bucket", "b", inputs={"project": "p-a", "location": "europe-west4"})
    build.add("gcp:storage/bucket:Bucket", "c", inputs={"project": "p-a", "location": "EU"})

    found = environment_of(Document.read(build.document()))
    assert (found.name, found.tier, found.region) == ("shop-dev", "", "europe-west4")
    assert [project.id for project in found.projects] == ["p-a", "p-b"]


def test_an_export_of_another_shape_is_no_environment() -> None:
    build = Builder()
    build.outputs(groundplan={"environment": ["not", "it"]})

    assert environment_of(Document.read(build.document())).projects == ()


def test_a_resource_is_in_its_own_project_else_in_its_providers() -> None:
    build = Builder()
    provider = build.add("pulumi:providers:gcp", "explicit", inputs={"project": "p-provider"})
    own = build.add("gcp:storage/bucket:Bucket", "own", inputs={"project": "p-own"}, provider=f"{provider}::{UNKNOWN}")
    other = build.add("gcp:storage/bucket:Bucket", "other", provider=f"{provider}::{UNKNOWN}")
    above = build.add(
        "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter", "wall", provider=f"{provider}::{UNKNOWN}"
    )
    document = Document.read(build.document())

    assert [project_of(document, document[urn]) for urn in (own, other, above)] == ["p-own", "p-provider", ""]
    assert projects_of(document, document) == ["p-own", "p-provider"]
