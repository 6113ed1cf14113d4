"""What a team has before it makes a notebook: a network, keys, a bucket, accounts, ours or somebody else's."""

from __future__ import annotations

import groundplan as gp
from groundplan.core.references import ExistingNetwork

KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/notebooks"
OWNER = "user:alice@acme.test"


def network(*, host: str = "acme-ml-dev", managed: bool = True) -> gp.NetworkRef:
    """Return a network, of the environment's project or of a Shared VPC host."""
    return ExistingNetwork(
        label="shared",
        project=gp.Project(id=host, number="123456789012" if host == "acme-ml-dev" else None, managed=managed),
        region="europe-west4",
        network_id=f"projects/{host}/global/networks/core",
        subnetwork_id=f"projects/{host}/regions/europe-west4/subnetworks/ml",
        subnetwork_name="ml",
    )


def keys(key: str = KEY, *, managed: bool = True) -> gp.KeyRingRef:
    """Return keys of a central project, one for all classes."""
    return gp.KeyRing.from_existing(
        dict.fromkeys(gp.DataClass, key), project=gp.Project(id="acme-keys", managed=managed)
    )


def bucket(*, managed: bool = True) -> gp.BucketRef:
    """Return a bucket for reviewed scripts."""
    return gp.DataBucket.from_existing(
        "acme-scripts",
        project=gp.Project(id="acme-shared", managed=managed),
        location="europe-west4",
        data_class=gp.DataClass.INTERNAL,
    )


def account(*, managed: bool = True) -> gp.AccountRef:
    """Return an account of another project."""
    return gp.ServiceIdentity.from_existing(
        "notebooks@acme-central.iam.gserviceaccount.com", project=gp.Project(id="acme-central", managed=managed)
    )
