"""APIs that only the client libraries describe: quotas, boundaries of principals, speech."""

import pytest
from google.api_core.exceptions import MethodNotImplemented, NotFound
from google.cloud import cloudquotas_v1, iam_v3, speech_v2

from mockcloud.cloud.cloud import Cloud

HERE = "projects/acme-ml/locations/global"


@pytest.mark.scenario(library="google-cloud-quotas")
def test_more_gpus_are_asked_for(cloud: Cloud, transport: str) -> None:
    client = cloudquotas_v1.CloudQuotasClient(transport=transport)
    preference = cloudquotas_v1.QuotaPreference(
        service="compute.googleapis.com",
        quota_id="GPUS-PER-GPU-FAMILY-per-project-region",
        dimensions={"region": "europe-west4", "gpu_family": "NVIDIA_L4"},
        quota_config={"preferred_value": 16},
        contact_email="alice@acme.test",
    )
    made = client.create_quota_preference(parent=HERE, quota_preference=preference, quota_preference_id="l4")
    made.quota_config.preferred_value = 32
    client.update_quota_preference(quota_preference=made, update_mask={"paths": ["quota_config.preferred_value"]})
    kept = client.get_quota_preference(name=f"{HERE}/quotaPreferences/l4")
    assert kept.quota_config.preferred_value == 32
    assert dict(kept.dimensions) == {"region": "europe-west4", "gpu_family": "NVIDIA_L4"}
    assert [each.name for each in client.list_quota_preferences(parent=HERE)] == [kept.name]


@pytest.mark.scenario(library="google-cloud-iam")
def test_principals_are_bound_to_a_boundary(cloud: Cloud, transport: str) -> None:
    client = iam_v3.PrincipalAccessBoundaryPoliciesClient(transport=transport)
    parent = "organizations/123456789012/locations/global"
    rule = {"resources": ["//cloudresourcemanager.googleapis.com/projects/acme-ml"], "effect": "ALLOW"}
    policy = client.create_principal_access_boundary_policy(
        parent=parent,
        principal_access_boundary_policy={"display_name": "ours", "details": {"rules": [rule]}},
        principal_access_boundary_policy_id="ours",
    ).result()
    assert policy.name == f"{parent}/principalAccessBoundaryPolicies/ours"
    assert policy.details.rules[0].resources == rule["resources"]
    bindings = iam_v3.PolicyBindingsClient(transport=transport)
    bindings.create_policy_binding(
        parent=parent,
        policy_binding={
            "policy": policy.name,
            "policy_kind": "PRINCIPAL_ACCESS_BOUNDARY",
            "target": {"principal_set": "//cloudresourcemanager.googleapis.com/organizations/123456789012"},
        },
        policy_binding_id="everybody",
    ).result()
    assert [each.policy for each in bindings.list_policy_bindings(parent=parent)] == [policy.name]
    client.delete_principal_access_boundary_policy(name=policy.name).result()
    with pytest.raises(NotFound):
        client.get_principal_access_boundary_policy(name=policy.name)


@pytest.mark.scenario(library="google-cloud-speech")
def test_a_recognizer_is_made_and_hears_nothing(cloud: Cloud, transport: str) -> None:
    client = speech_v2.SpeechClient(transport=transport)
    made = client.create_recognizer(
        parent=HERE,
        recognizer={"default_recognition_config": {"language_codes": ["de-DE"], "model": "long"}},
        recognizer_id="calls",
    ).result()
    assert made.name == f"{HERE}/recognizers/calls"
    assert made.default_recognition_config.language_codes == ["de-DE"]
    with pytest.raises(MethodNotImplemented, match=r"recognizers\.recognize"):
        client.recognize(request={"recognizer": made.name, "uri": "gs://b/a.wav"})
