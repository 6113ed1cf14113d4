"""Documents for the tests, built by hand: what an engine would give, without running one."""

from collections.abc import Mapping

from groundplan_policies.engine.values import UNKNOWN, Value, redacted_secret

STACK_URN = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"


class Builder:
    """Collects the resources of a stack `dev` of a project `shop`."""

    def __init__(self) -> None:
        self.resources: list[dict[str, Value]] = [
            {"urn": STACK_URN, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": {}}
        ]
        self.provenance: dict[str, dict[str, list[str]]] = {}

    def outputs(self, **outputs: Value) -> None:
        self.resources[0]["outputs"] = outputs

    def add(
        self,
        token: str,
        name: str,
        *,
        parent: str = STACK_URN,
        inputs: Mapping[str, Value] | None = None,
        uses: Mapping[str, str] | None = None,
        **options: Value,
    ) -> str:
        """Add a resource and give its URN. `uses` makes inputs that are unknown outputs of another resource."""
        chain = "" if parent == STACK_URN else parent.split("::")[2] + "$"
        urn = f"urn:pulumi:dev::shop::{chain}{token}::{name}"
        uses = uses or {}
        record: dict[str, Value] = {
            "urn": urn,
            "custom": not token.startswith(("shop:", "groundplan:")),
            "type": token,
            "inputs": {**(inputs or {}), **dict.fromkeys(uses, UNKNOWN)},
            "parent": parent,
            "dependencies": sorted(set(uses.values())),
            **options,
        }
        self.resources.append(record)
        if uses:
            self.provenance[urn] = {path: [origin] for path, origin in uses.items()}
        return urn

    def document(self) -> dict[str, Value]:
        return {
            "version": 3,
            "deployment": {"manifest": {}, "resources": [*self.resources]},
            "groundplan": {"profile": "preview", "engine": "embedded", "provenance": {**self.provenance}},
        }


def shop() -> Builder:
    """A small stack: a network, a key, and a component with a bucket that the key encrypts."""
    build = Builder()
    network = build.add("gcp:compute/network:Network", "net", inputs={"autoCreateSubnetworks": False})
    build.add(
        "gcp:compute/subnetwork:Subnetwork", "subnet", inputs={"ipCidrRange": "10.0.0.0/24"}, uses={"network": network}
    )
    key = build.add("gcp:kms/cryptoKey:CryptoKey", "key", inputs={"rotationPeriod": "7776000s"}, protect=True)
    store = build.add("shop:index:Store", "store", sourcePosition="project:///__main__.py#12")
    build.add(
        "gcp:storage/bucket:Bucket",
        "logs",
        parent=store,
        inputs={"location": "EU", "labels": {"team": "a"}, "token": redacted_secret()},
        uses={"defaultKmsKeyName": key},
        ignoreChanges=["labels"],
    )
    build.outputs(bucket=UNKNOWN, region="europe-west4", password=redacted_secret())
    return build
