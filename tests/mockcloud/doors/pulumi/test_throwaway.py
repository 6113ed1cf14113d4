"""A cloud for one deployment: what a program finds elsewhere is taken to be as it says."""

import json
from pathlib import Path

import pulumi
import pulumi_gcp as gcp
import pytest

from mockcloud import preview_in_child, preview_program
from mockcloud.doors.pulumi.throwaway import notes_of, numbers_in, throwaway

CONFIG = {"gcp:project": "acme-dev"}


def test_what_the_cloud_knows_is_in_the_document() -> None:
    applier = throwaway()
    preview = preview_program(lambda: gcp.pubsub.Topic("news", name="news"), config=CONFIG, applier=applier)

    assert '"id": "projects/acme-dev/topics/news"' in json.dumps(preview.document)
    assert '"profile": "state"' in json.dumps(preview.document)
    assert notes_of(applier) == ()


def test_what_is_refused_is_taken_as_the_program_says_and_named() -> None:
    def program() -> None:
        granted = gcp.secretmanager.SecretIamMember(
            "reader", secret_id="elsewhere", role="roles/secretmanager.secretAccessor", member="user:alice@acme.test"
        )
        gcp.pubsub.Topic("news", opts=pulumi.ResourceOptions(depends_on=[granted]))

    applier = throwaway()
    preview_program(program, config=CONFIG, applier=applier)

    (note,) = notes_of(applier)
    assert note.severity == "warning"
    assert note.urn.endswith("::reader")
    assert "404 NOT_FOUND" in note.message
    assert [made.goal.name for made in applier.made.values()] == ["news"]


def test_types_that_are_not_modelled_are_named() -> None:
    applier = throwaway()
    preview_program(
        lambda: gcp.deploymentmanager.Deployment("old", target={"config": {"content": "resources: []"}}),
        config=CONFIG,
        applier=applier,
    )

    assert "gcp:deploymentmanager/deployment:Deployment" in notes_of(applier)[0].message


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ([json.dumps({"projects": {"main": {"id": "acme", "number": "12"}}})], {"acme": "12"}),
        ([json.dumps([{"id": "acme", "number": 12}])], {"acme": "12"}),
        (['{"id": "acme"}', "plain", "{broken", '{"id": 3, "number": "x"}'], {}),
    ],
)
def test_numbers_of_projects_are_found(config: list[str], found: dict[str, str]) -> None:
    assert dict(numbers_in(config)) == found


def test_a_child_applies_with_the_numbers_that_the_settings_give(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "config:\n  gcp:project: acme-dev\n  shop:home:\n    id: acme-dev\n    number: '123456789012'\n"
    )
    (tmp_path / "__main__.py").write_text(
        "import pulumi, pulumi_gcp as gcp\n"
        "pulumi.export('number', gcp.organizations.get_project().number)\n"
        "gcp.secretmanager.SecretIamMember(\n"
        "    'reader', secret_id='none', role='roles/viewer', member='user:a@acme.test'\n"
        ")\n"
    )

    preview = preview_in_child(tmp_path, "dev", applied=True)

    assert preview.outputs == {"number": "123456789012"}
    assert any("SecretIamMember 'reader' could not be made" in each.message for each in preview.diagnostics)
