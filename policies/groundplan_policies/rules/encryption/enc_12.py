"""ENC-12: keys live with their data."""

from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.verdicts import Severity, Verdict
from groundplan_policies.rules.data.places import place_reads
from groundplan_policies.rules.encryption import uses
from groundplan_policies.rules.encryption.nearness import KeysBeside, clusters, replicas


def _read(type_: str, path: str, missing: Verdict) -> Read:
    return Read(type_, path, absent=missing, empty=missing)


CONTROL = Control(
    id="ENC-12",
    title="Keys live with their data",
    why=(
        "A key in another region makes data depend on two regions, and lets whoever governs the other place shut it. "
        "Most services refuse such a key, but late: when the resource is made. A key is with its data if its ring is "
        "in the same location, or in the multi-region that holds it: `us`, or `europe`, which leaves out London and "
        "Zurich. Which project may own a key is judged where the key is named, by ENC-01 to ENC-08 and ENC-15. Topics "
        "are in as many regions as DAT-04 allows, and databases of Spanner where their instance is: neither is judged."
    ),
    remedy="Use KeyRing with `location`, or name a key whose ring is in the location of the data.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.1.e",),
    clauses=(partial("nist-800-53-r5", "SC-12", "Where keys are kept is one part: the rest is for ENC-07 to ENC-11."),),
    reads=(
        *(_read(type_, path, Verdict.NOT_APPLICABLE) for type_, path in uses.SINGLE.items()),
        *(_read(type_, path, Verdict.PASS) for type_, paths in uses.SEVERAL.items() for path in paths),
        *(read for type_ in (*uses.SINGLE, *uses.SEVERAL) for read in place_reads(type_)),
        _read("bigquery.Table", "datasetId", Verdict.INDETERMINATE),
        Read.aside("container.NodePool", "cluster"),
        _read("secretmanager.Secret", uses.AUTOMATIC_SECRET, Verdict.PASS),
        _read("secretmanager.Secret", uses.REPLICATED_SECRET, Verdict.PASS),
        _read("secretmanager.Secret", "replication.userManaged.replicas.location", Verdict.INDETERMINATE),
    ),
    checks={
        **{type_: KeysBeside((Path(path),)) for type_, path in uses.SINGLE.items()},
        **{type_: KeysBeside(tuple(map(Path, paths))) for type_, paths in uses.SEVERAL.items()},
        "bigtable.Instance": clusters,
        "secretmanager.Secret": replicas,
    },
)
