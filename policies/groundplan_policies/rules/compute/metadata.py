"""Metadata of machines: a map of texts, in which Google's agents read `true`, `TRUE` and `1` as yes.

Source: cloud.google.com/compute/docs/metadata/predefined-metadata-keys.
"""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import Expectation
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.encryption.copies import COPIES, TEMPLATES

NOTEBOOK: Final = "workbench.Instance"
MACHINES: Final[Mapping[str, str]] = {
    NOTEBOOK: "gceSetup.metadata",
    **dict.fromkeys(("compute.Instance", *TEMPLATES), "metadata"),
    "tpu.V2Vm": "metadata",
}
"""Short name of a type of machines -> where its metadata is."""

_GROUP: Final = ("allInstancesConfig.metadata",)
_NODES: Final = "nodeConfig.metadata"
OF_MANY: Final[Mapping[str, tuple[str, ...]]] = {
    "compute.ProjectMetadata": ("metadata",),
    "compute.InstanceSettings": ("metadata.items",),
    "compute.InstanceGroupManager": _GROUP,
    "compute.RegionInstanceGroupManager": _GROUP,
    "dataproc.Cluster": ("clusterConfig.gceClusterConfig.metadata",),
    "dataproc.WorkflowTemplate": ("placement.managedCluster.config.gceClusterConfig.metadata",),
    "container.NodePool": (_NODES,),
    "container.Cluster": (_NODES, f"nodePools.{_NODES}"),
}
"""Short name of a type -> where it gives metadata to machines that are no resources of their own, or stand elsewhere:
all of a project, of one of its zones, of a group, or of a cluster."""

EVERYWHERE: Final[Mapping[str, tuple[Path, ...]]] = {
    type_: tuple(map(Path, paths))
    for type_, paths in {
        **{type_: (path,) for type_, path in MACHINES.items()},
        **dict.fromkeys(COPIES, ("metadata",)),
        **OF_MANY,
    }.items()
}
"""Short name of a type -> every place where it holds metadata of machines. `compute.ProjectMetadataItem` has one."""

_YES: Final = frozenset({"true", "yes", "y", "1"})
_TYPES: Final = (str, bool, int)


def is_yes(value: Value) -> bool:
    """Whether Google's agents take a value for yes."""
    return str(value).strip().lower() in _YES


def says_yes(of: str, key: str, *, absent: Verdict = Verdict.FAIL) -> Expectation:
    """Expect of a map of metadata that it says yes to a key.

    Args:
        of: The map's property.
        key: The key.
        absent: Verdict where it is not there.
    """
    return Expectation(
        Path(of, key), "true", is_yes, "a text", _TYPES, quick="true", absent=absent, empty=absent, show=True
    )


def reads_of(type_: str, absent: Verdict, *, wrong: Verdict = Verdict.INDETERMINATE) -> Read:
    """Give what a control says of metadata that are missing altogether, for its documentation."""
    return Read(type_, MACHINES[type_], absent=absent, empty=absent, wrong=wrong)
