"""What crosses a perimeter: which API a grant is about, and where an identity calls from."""

from __future__ import annotations

import pytest

from groundplan.core.perimeter_borders import service_of
from groundplan.core.principals import identity_of


@pytest.mark.parametrize(
    ("role", "resource", "service"),
    [
        ("roles/storage.objectViewer", "gcp:storage/bucketIAMMember:BucketIAMMember", "storage"),
        ("roles/cloudkms.cryptoKeyEncrypterDecrypter", "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "cloudkms"),
        ("projects/p/roles/caller", "gcp:vertex/aiEndpointIamMember:AiEndpointIamMember", "aiplatform"),
        ("projects/p/roles/unwrap", "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "cloudkms"),
        ("roles/iam.serviceAccountTokenCreator", "gcp:serviceaccount/iAMMember:IAMMember", "iamcredentials"),
        ("roles/iam.serviceAccountUser", "gcp:serviceaccount/iAMMember:IAMMember", "iam"),
        ("roles/aiplatform.viewer", "gcp:projects/iAMMember:IAMMember", "aiplatform"),
    ],
)
def test_a_role_names_the_api_that_is_called(role: str, resource: str, service: str) -> None:
    assert service_of(role, resource) == f"{service}.googleapis.com"


@pytest.mark.parametrize(
    ("member", "home"),
    [
        ("serviceAccount:a@acme-ml-dev.iam.gserviceaccount.com", "acme-ml-dev"),
        ("serviceAccount:service-123@gcp-sa-aiplatform.iam.gserviceaccount.com", None),
        ("serviceAccount:acme-ml-dev.svc.id.goog[ml/trainer]", None),
        ("user:alice@acme.test", None),
        ("group:ml@acme.test", None),
    ],
)
def test_an_account_calls_from_its_own_project(member: str, home: str | None) -> None:
    assert identity_of(member, "here").home == home
