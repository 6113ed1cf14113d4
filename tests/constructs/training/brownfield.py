"""What a team has before it trains: a network, an attachment, keys, a bucket, accounts, ours or somebody else's."""

from __future__ import annotations

import groundplan as gp
from groundplan.core.references import ExistingNetwork

KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/training"
ATTACHMENT = "projects/acme-ml-dev/regions/europe-west4/networkAttachments/jobs"
MEMBER = "group:ml@acme.test"


def keys(key: str = KEY, *, managed: bool = True) -> gp.KeyRingRef:
    """Return keys of a central project, one for all classes."""
    return gp.KeyRing.from_existing(
        dict.fromkeys(gp.DataClass, key), project=gp.Project(id="acme-keys", managed=managed)
    )


def network(*, host: str = "acme-ml-dev", managed: bool = True, ranges: bool = True) -> gp.NetworkRef:
    """Return a network, of the environment's project or of a Shared VPC host."""
    return ExistingNetwork(
        label="shared",
        project=gp.Project(id=host, number="123456789012" if host == "acme-ml-dev" else None, managed=managed),
        region="europe-west4",
        network_id=f"projects/{host}/global/networks/core",
        subnetwork_id=f"projects/{host}/regions/europe-west4/subnetworks/ml",
        subnetwork_name="ml",
        pods_range="pods" if ranges else None,
        services_range="services" if ranges else None,
    )


def attachment(name: str = ATTACHMENT) -> gp.NetworkAttachmentRef:
    """Return an attachment that Vertex AI may connect to already."""
    return gp.NetworkAttachment.from_existing(name, project=gp.Project(id="acme-ml-dev", number="123456789012"))


def bucket(*, data_class: gp.DataClass = gp.DataClass.CONFIDENTIAL, managed: bool = True) -> gp.BucketRef:
    """Return a bucket that jobs write to."""
    return gp.DataBucket.from_existing(
        "acme-staging",
        project=gp.Project(id="acme-shared", managed=managed),
        location="europe-west4",
        data_class=data_class,
    )


def account(*, project: str = "acme-central", managed: bool = True) -> gp.AccountRef:
    """Return an account that was there before."""
    number = "123456789012" if project == "acme-ml-dev" else None
    return gp.ServiceIdentity.from_existing(
        f"trainer@{project}.iam.gserviceaccount.com", project=gp.Project(id=project, number=number, managed=managed)
    )


def reservation(
    machine_type: str = "g2-standard-8", zone: str = "europe-west4-a", machines: int = 4
) -> gp.ReservationRef:
    """Return capacity that Google keeps already."""
    return gp.AcceleratorReservation.from_existing(
        "kept", project=gp.Project(id="acme-shared"), zone=zone, machine_type=machine_type, machines=machines
    )
