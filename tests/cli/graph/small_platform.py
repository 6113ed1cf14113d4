"""A small platform, built by hand: one construct of each kind that the texts of the picture speak of."""

from groundplan_policies.engine.values import UNKNOWN
from tests.cli.documents import STACK_URN, Builder

TRAINER = "trainer@acme-ml.iam.gserviceaccount.com"
NOTEBOOK = "alice@acme-ml.iam.gserviceaccount.com"


def platform(name: str = "alice") -> Builder:
    """A network, a key, a bucket, a notebook for `name`, an account for training, and pipelines.

    Args:
        name: Name of the notebook, its owner, and whatever else a program can name as it likes.
    """
    build = Builder()
    provider = build.add("pulumi:providers:gcp", "gcp-acme-ml", inputs={"project": "acme-ml"})
    where = f"{provider}::{UNKNOWN}"
    _network(build, where)
    ring = build.add("groundplan:security:KeyRing", "main")
    key = build.add("gcp:kms/cryptoKey:CryptoKey", "main-key-personal", parent=ring, provider=where)
    trainer = _account(build, "trainer", TRAINER, where)
    datasets = build.add("groundplan:data:DataBucket", "datasets", outputs={"dataClass": "personal"})
    bucket = build.add(
        "gcp:storage/bucket:Bucket", "datasets-bucket", parent=datasets, uses={"encryption": key}, provider=where
    )
    build.add(
        "gcp:storage/bucketIAMMember:BucketIAMMember",
        "datasets-objectviewer-trainer",
        parent=datasets,
        inputs={"role": "roles/storage.objectViewer"},
        uses={"bucket": bucket, "member": trainer},
        provider=where,
    )
    _notebook(build, name, where)
    build.add("groundplan:training:TrainingPool", "jobs", outputs={"accountEmail": TRAINER})
    build.outputs(
        groundplan={
            "environment": {
                "region": "europe-west4",
                "tier": {"name": "regulated", "base": "regulated"},
                "projects": {
                    "keys": {"id": "acme-keys", "number": "222222222222"},
                    "workload": {"id": "acme-ml", "number": "111111111111"},
                    "build": {"id": "acme-ml", "number": "111111111111"},
                },
            }
        }
    )
    return build


def _network(build: Builder, where: str) -> None:
    network = build.add(
        "groundplan:network:Network",
        "core",
        outputs={"range": "10.0.0.0/20", "googleApis": "10.255.255.254", "egressDomains": ["github.com"]},
    )
    build.add("gcp:compute/network:Network", "core-vpc", parent=network, provider=where)
    build.add("gcp:compute/routerNat:RouterNat", "core-nat", parent=network, provider=where)


def _account(build: Builder, name: str, email: str, where: str, parent: str = "") -> str:
    component = build.add(
        "groundplan:security:ServiceIdentity", name, parent=parent or STACK_URN, outputs={"email": email}
    )
    return build.add(
        "gcp:serviceaccount/account:Account",
        f"{name}-account",
        parent=component,
        inputs={"accountId": email.partition("@")[0], "project": "acme-ml"},
        provider=where,
    )


def _notebook(build: Builder, name: str, where: str) -> None:
    notebook = build.add(
        "groundplan:workbench:Workbench",
        name,
        outputs={"owner": f"user:{name}@acme.test", "accountEmail": NOTEBOOK},
    )
    build.add(
        "gcp:workbench/instance:Instance",
        f"{name}-instance",
        parent=notebook,
        inputs={"gceSetup": {"disablePublicIp": True}},
        provider=where,
    )
    account = _account(build, f"{name}-account", NOTEBOOK, where, parent=notebook)
    build.add(
        "gcp:serviceaccount/iAMMember:IAMMember",
        f"{name}-user",
        parent=notebook,
        inputs={"member": f"user:{name}@acme.test", "role": "roles/iam.serviceAccountUser"},
        uses={"serviceAccountId": account},
        provider=where,
    )
