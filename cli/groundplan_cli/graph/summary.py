"""Two sentences that say what a plan is."""

from groundplan_cli.graph.reader import Reader, listed
from groundplan_cli.text import count


def summary(reader: Reader) -> str:
    """Say in one sentence what a plan holds, and in another what guards it, as far as the plan says so."""
    total = count(sum(len(card.members) for card in reader.graph.cards), "resource")
    projects = len(reader.environment.projects)
    where = {0: "", 1: " in one project"}.get(projects, f" in {projects} projects")
    does = [verb for verb, kinds in _DOES.items() if reader.components(*kinds)]
    if not does:
        kinds = [zone.title for zone, _ in reader.graph.lanes()]
        return f"{total}{where}, drawn as {count(len(reader.graph.cards), 'box', 'boxes')}: {listed(kinds, 8)}."
    first = f"A platform for machine learning{where}: people and programs {listed(does, 8)}."
    guards = _guards(reader)
    return f"{first} {guards[0].upper()}{guards[1:]}." if guards else first


_DOES = {
    "keep data": ("DataBucket", "Warehouse"),
    "name features": ("FeatureGroup",),
    "explore in notebooks": ("Workbench", "WorkbenchFleet", "ColabRuntime"),
    "train models": ("TrainingPool", "TrainingCluster", "TpuSlice", "PipelineEnvironment"),
    "serve predictions": ("OnlineEndpoint",),
    "deliver changes with checks": ("MlDelivery",),
}


def _guards(reader: Reader) -> str:
    keys = reader.resources("kms.CryptoKey")
    hardware = any(
        isinstance(template := each.inputs.get("versionTemplate"), dict) and template.get("protectionLevel") == "HSM"
        for each in keys
    )
    found = [
        "it stands on a private network" if reader.components("Network") else "",
        f"encrypts data with the customer's keys{' in hardware' if hardware else ''}" if keys else "",
        "is watched by a service perimeter" if reader.components("ServicePerimeter") else "",
        "keeps its logs in one archive" if reader.components("LogArchive") else "",
    ]
    return listed(filter(None, found))
