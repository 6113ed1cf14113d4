"""Documents as Pulumi 3.259 prints them, shortened: one small program, exported and previewed."""

from groundplan_policies.engine.values import UNKNOWN, Value

STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
STORE = "urn:pulumi:dev::shop::shop:index:Store::store"
PROVIDER = "urn:pulumi:dev::shop::pulumi:providers:gcp::default"
BUCKET = "urn:pulumi:dev::shop::shop:index:Store$gcp:storage/bucket:Bucket::logs"
OBJECT = "urn:pulumi:dev::shop::shop:index:Store$gcp:storage/bucketObject:BucketObject::note"

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"


def secret(ciphertext: str) -> Value:
    return {SIGNATURE: SECRET_SIGNATURE, "ciphertext": ciphertext}


def frames(*positions: str) -> Value:
    return [{"sourcePosition": position} for position in positions]


def resources() -> list[dict[str, Value]]:
    """The resources of the stack after `pulumi up`."""
    return [
        {
            "urn": STACK,
            "custom": False,
            "type": "pulumi:pulumi:Stack",
            "outputs": {"url": "gs://logs", "password": secret("v1:abc")},
            "sourcePosition": "project:///../venv/lib/python3.11/site-packages/pulumi/runtime/stack.py#235",
        },
        {
            "urn": STORE,
            "custom": False,
            "type": "shop:index:Store",
            "inputs": {"size": 1},
            "parent": STACK,
            "propertyDependencies": {"size": []},
            "sourcePosition": "project:///parts/store.py#13",
            "stackTrace": frames("project:///parts/store.py#13", "project:///__main__.py#4"),
        },
        {
            "urn": PROVIDER,
            "custom": True,
            "id": "974b54b2",
            "type": "pulumi:providers:gcp",
            "inputs": {"project": "acme", "version": "10.2.0"},
        },
        {
            "urn": BUCKET,
            "custom": True,
            "id": "logs-1",
            "type": "gcp:storage/bucket:Bucket",
            "inputs": {
                "__defaults": ["forceDestroy"],
                "forceDestroy": False,
                "location": "EU",
                "lifecycleRules": [{"__defaults": [], "action": {"__defaults": [], "type": "Delete"}}],
                "token": secret("v1:def"),
            },
            "outputs": {"url": "gs://logs", "__meta": "{}"},
            "parent": STORE,
            "protect": True,
            "provider": f"{PROVIDER}::974b54b2",
            "propertyDependencies": {"location": [], "token": []},
            "ignoreChanges": ["labels"],
            "aliases": ["urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::logs"],
        },
        {
            "urn": OBJECT,
            "custom": True,
            "id": "note-1",
            "type": "gcp:storage/bucketObject:BucketObject",
            "inputs": {"bucket": "logs-1"},
            "parent": STORE,
            "dependencies": [BUCKET],
            "provider": f"{PROVIDER}::974b54b2",
            "propertyDependencies": {"bucket": [BUCKET]},
        },
    ]


def export(entries: list[dict[str, Value]] | None = None, **members: Value) -> dict[str, Value]:
    """What `pulumi stack export` prints."""
    found = resources() if entries is None else entries
    deployment: Value = {"manifest": {"magic": "", "version": ""}, "resources": found, "metadata": {}}
    return {"version": 3, "deployment": deployment, **members}


def preview(*, operation: str = "create", summary: dict[str, Value] | None = None) -> dict[str, Value]:
    """What `pulumi preview --json` prints: no default provider, no outputs, secrets as a bare text."""
    steps: list[Value] = []
    for entry in resources():
        if entry["urn"] == PROVIDER:
            continue
        state = {key: value for key, value in entry.items() if key not in {"id", "outputs"}}
        if entry["urn"] == BUCKET:
            state["inputs"] = {"location": "EU", "token": "[secret]", "nested": [{"token": "[secret]"}]}
        if entry["urn"] == OBJECT:
            state["inputs"] = {"bucket": UNKNOWN}
        steps.append({"op": operation, "urn": entry["urn"], "newState": state, "detailedDiff": None})
    return {"steps": steps, "duration": 1, "changeSummary": {operation: len(steps)} if summary is None else summary}
