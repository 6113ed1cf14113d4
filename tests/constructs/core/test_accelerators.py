"""Machine types and accelerators: what goes together passes, what does not is refused with something that does."""

from __future__ import annotations

import importlib
import re
from typing import get_args

import pytest

from groundplan.core import tables
from groundplan.core.accelerators import (
    CombinationProblem,
    Consumption,
    Service,
    accelerator,
    accelerators_in,
    check_combination,
    check_slice,
    machine_type,
    zones_with,
)
from groundplan.core.accelerators.devices import devices
from groundplan.core.accelerators.machines import machine_types
from groundplan.core.errors import LookupFailure

TABLE = tables.load("accelerators")


def check(machine: str, device: str | None, count: int, zone: str | None = None) -> CombinationProblem | None:
    return check_combination(machine_type=machine, accelerator=device, count=count, zone=zone, service="workbench")


def refused(machine: str, device: str | None, count: int, zone: str | None = None) -> CombinationProblem:
    problem = check(machine, device, count, zone)
    assert problem is not None
    return problem


class TestMachineTypes:
    @pytest.mark.parametrize(
        ("name", "vcpus", "memory_gb"),
        [
            ("e2-standard-4", 4, 16),
            ("e2-medium", 2, 4),
            ("n1-standard-4", 4, 15),
            ("n1-highmem-8", 8, 52),
            ("n2-standard-8", 8, 32),
            ("n2-highmem-128", 128, 864),
            ("n2d-highcpu-16", 16, 16),
            ("c2-standard-60", 60, 240),
            ("c3-standard-22", 22, 88),
            ("c3-standard-8-lssd", 8, 32),
            ("c3d-highcpu-360", 360, 708),
            ("c4-standard-2", 2, 7),
            ("c4d-highmem-4", 4, 31),
            ("m1-ultramem-40", 40, 961),
            ("g2-standard-48", 48, 192),
            ("a2-highgpu-1g", 12, 85),
            ("a3-ultragpu-8g", 224, 2952),
            ("ct5lp-hightpu-8t", 224, 384),
            ("n2-custom-6-3072", 6, 3),
            ("custom-4-8192", 4, 8),
            ("n1-custom-1-3840", 1, 3.75),
            ("e2-custom-2-32768-ext", 2, 32),
        ],
    )
    def test_sizes(self, name: str, vcpus: int, memory_gb: float) -> None:
        machine = machine_type(name)
        assert (machine.name, machine.vcpus, machine.memory_gb) == (name, vcpus, memory_gb)

    @pytest.mark.parametrize(
        ("name", "nearest"),
        [("n2-standrad-8", "n2-standard-8"), ("a2-highgpu-3g", "a2-highgpu"), ("g2-standard-7", "g2-s")],
    )
    def test_an_unknown_one_names_the_nearest(self, name: str, nearest: str) -> None:
        with pytest.raises(LookupFailure, match=f"nearest: {nearest}"):
            machine_type(name)

    @pytest.mark.parametrize(
        "name",
        [
            "e2-custom-3-4096",  # odd
            "e2-custom-64-65536",  # too many processors
            "n2-custom-4-1024",  # too little memory
            "n2-custom-4-65536",  # too much memory
            "n2-custom-4-8200",  # not in steps
        ],
    )
    def test_a_custom_size_that_the_family_lacks(self, name: str) -> None:
        with pytest.raises(LookupFailure, match="custom-VCPUS-MB with an even number"):
            machine_type(name)

    def test_a_family_without_custom_sizes(self) -> None:
        with pytest.raises(LookupFailure, match="a custom machine type of e2, n1, n2, n2d, n4"):
            machine_type("c3-custom-4-8192")

    @pytest.mark.parametrize(
        ("name", "types"),
        [
            ("n2d-standard-4", ("SEV", "SEV_SNP")),
            ("n2d-custom-4-8192", ("SEV", "SEV_SNP")),
            ("c3d-standard-4", ("SEV",)),
            ("c3-standard-4", ("TDX",)),
            ("c3-highmem-4", ()),
            ("c3-standard-4-lssd", ()),
            ("a3-highgpu-1g", ("TDX",)),
            ("a3-highgpu-8g", ()),
            ("e2-standard-4", ()),
        ],
    )
    def test_confidential_types(self, name: str, types: tuple[str, ...]) -> None:
        assert machine_type(name).confidential_types == types

    def test_accelerators_stop_live_migration(self) -> None:
        assert machine_type("n2-standard-4").live_migrates
        assert not machine_type("g2-standard-4").live_migrates


class TestAccelerators:
    @pytest.mark.parametrize(
        ("name", "own"),
        [
            ("nvidia-l4", "nvidia-l4"),
            ("NVIDIA_L4", "nvidia-l4"),
            ("NVIDIA_RTX6000", "nvidia-rtx-pro-6000"),
            ("v5e", "v5e"),
            ("V5LITE_POD", "v5e"),
            ("tpu-v6e-slice", "v6e"),
        ],
    )
    def test_any_spelling_finds_it(self, name: str, own: str) -> None:
        assert accelerator(name).name == own

    def test_names_by_service(self) -> None:
        rtx = accelerator("nvidia-rtx-pro-6000")
        assert rtx.name_for("workbench") == "NVIDIA_RTX6000"
        assert rtx.name_for("vertex") == "NVIDIA_RTX_PRO_6000"
        assert accelerator("v6e").name_for("workbench") is None

    def test_an_unknown_one_names_the_nearest(self) -> None:
        with pytest.raises(LookupFailure, match="nearest: NVIDIA_TESLA_T4"):
            accelerator("NVIDIA_TSLA_T4")

    def test_zones(self) -> None:
        assert "europe-west4-a" in zones_with("nvidia-l4")
        assert zones_with("v4") == ("us-central2-b",)
        here = accelerators_in("europe-west4-a")
        assert here is not None
        assert {"nvidia-l4", "nvidia-tesla-t4", "v6e"} <= {device.name for device in here}
        assert "nvidia-b200" not in {device.name for device in here}

    def test_a_zone_that_the_table_does_not_cover_is_unknown(self) -> None:
        assert accelerators_in("moon-west1-a") is None
        assert accelerator("nvidia-l4").availability("moon-west1-a") == "unknown"
        assert accelerator("nvidia-l4").availability("us-central1-f") == "no"
        assert accelerator("nvidia-l4").availability("us-central1-a") == "yes"
        assert accelerator("nvidia-rtx-pro-6000").availability("us-central1-f") == "unknown"

    def test_support_that_ends(self) -> None:
        assert accelerator("nvidia-tesla-p100").ended == "2026-09-15"
        assert accelerator("nvidia-tesla-t4").ends == "2027-08-01"
        assert accelerator("nvidia-l4").ends is None

    @pytest.mark.parametrize(
        ("name", "topology", "chips"),
        [
            ("v5e", "1x1", 1),
            ("v5e", "16x16", 256),
            ("v6e", "4x8", 32),
            ("v5p", "2x2x1", 4),
            ("v5p", "4x4x8", 128),
            ("v5p", "16x16x24", 6144),
            ("v4", "4x4x4", 64),
            ("v3", "32x32", 1024),
        ],
    )
    def test_slices(self, name: str, topology: str, chips: int) -> None:
        assert accelerator(name).chips(topology) == chips

    @pytest.mark.parametrize(
        ("name", "topology"),
        [
            ("v5e", "4x5"),
            ("v5e", "4x4x4"),
            ("v5p", "4x8x4"),  # not ascending
            ("v5p", "4x4x6"),  # no multiple of four
            ("v5p", "16x24x24"),  # too large
            ("v4", "16x16x20"),
            ("v6e", "0x4"),
            ("v6e", "4X4"),
            ("nvidia-l4", "2x2"),
        ],
    )
    def test_shapes_that_are_no_slices(self, name: str, topology: str) -> None:
        assert accelerator(name).chips(topology) is None


class TestCombinations:
    @pytest.mark.parametrize(
        ("machine", "device", "count", "zone"),
        [
            ("n1-standard-8", "NVIDIA_TESLA_T4", 1, "europe-west4-a"),
            ("n1-standard-96", "NVIDIA_TESLA_T4", 4, None),
            ("n1-custom-8-16384", "NVIDIA_TESLA_T4", 2, "us-central1-a"),
            ("g2-standard-8", "NVIDIA_L4", 1, "europe-west4-b"),
            ("g2-standard-8", None, 0, "europe-west4-b"),
            ("a2-ultragpu-2g", "NVIDIA_A100_80GB", 2, "us-central1-a"),
            ("e2-standard-4", None, 0, "europe-west4-a"),
            ("g2-standard-8", "NVIDIA_L4", 1, "moon-west1-a"),
        ],
    )
    def test_what_goes_together(self, machine: str, device: str | None, count: int, zone: str | None) -> None:
        assert check(machine, device, count, zone) is None

    @pytest.mark.parametrize(
        ("machine", "device", "count", "zone", "field", "remedy"),
        [
            ("n2-standard-8", "NVIDIA_TESLA_T4", 1, None, "accelerator", "use n1-standard-8 with 1 × NVIDIA_TESLA_T4"),
            ("e2-standard-4", "NVIDIA_L4", 1, None, "accelerator", "use g2-standard-4 with 1 × NVIDIA_L4"),
            ("g2-standard-8", "NVIDIA_TESLA_T4", 1, None, "accelerator", "use n1-standard-8 with 1 × NVIDIA_TESLA_T4"),
            ("f1-micro", "NVIDIA_TESLA_T4", 1, None, "accelerator", "use n1-standard-1 with 1 × NVIDIA_TESLA_T4"),
            (
                "a2-highgpu-4g",
                "NVIDIA_TESLA_A100",
                1,
                None,
                "accelerator_count",
                "use a2-highgpu-1g with 1 × NVIDIA_TESLA_A100",
            ),
            ("g2-standard-8", "NVIDIA_L4", 2, None, "accelerator_count", "use g2-standard-24 with 2 × NVIDIA_L4"),
            (
                "n1-standard-8",
                "NVIDIA_TESLA_T4",
                3,
                None,
                "accelerator_count",
                "use n1-standard-8 with 2 × NVIDIA_TESLA_T4",
            ),
            (
                "n1-standard-8",
                "NVIDIA_TESLA_T4",
                0,
                None,
                "accelerator_count",
                "use n1-standard-8 with 1 × NVIDIA_TESLA_T4",
            ),
            (
                "n1-standard-96",
                "NVIDIA_TESLA_V100",
                4,
                None,
                "machine_type",
                "use n1-highmem-32 with 4 × NVIDIA_TESLA_V100",
            ),
            ("n1-standard-8", "nvidia-tesla-t4", 1, None, "accelerator", "write NVIDIA_TESLA_T4"),
            ("n1-standard-8", "NVIDIA_T4", 1, None, "accelerator", "did you mean NVIDIA_TESLA_T4?"),
            ("n1-standard-8", "NVIDIA_TESLA_P100", 1, None, "accelerator", "choose a newer one"),
            ("n1-standard-8", "V6E", 1, None, "accelerator", "choose one of these"),
            ("n1-standard-8", None, 1, None, "accelerator", "name the accelerator"),
            ("ct6e-standard-4t", None, 0, None, "accelerator", "choose one of these"),
            ("n2-standrad-8", None, 0, None, "machine_type", "did you mean n2-standard-8?"),
            ("e2-custom-3-4096", None, 0, None, "machine_type", "correct the name"),
            ("a2-highgpu-1g", "NVIDIA_TESLA_A100", 1, "europe-west4-c", "zone", "move to europe-west4-a"),
            ("n1-standard-8", "NVIDIA_TESLA_T4", 1, "europe-west3-a", "zone", "move to europe-west3-b"),
            ("g2-standard-8", None, 0, "us-central1-f", "zone", "move to us-central1-a"),
        ],
    )
    def test_what_does_not(
        self, *, machine: str, device: str | None, count: int, zone: str | None, field: str, remedy: str
    ) -> None:
        problem = refused(machine, device, count, zone)
        assert problem.field == field
        assert remedy in problem.remedy
        assert problem.given
        assert problem.allowed

    def test_the_nearest_is_always_possible(self) -> None:
        """Every machine type against every accelerator: what is refused comes with something that is not."""
        services: list[Service] = ["workbench", "gke"]
        for service in services:
            for device in (each for each in devices().values() if service in each.names and not each.ended):
                for machine in machine_types():
                    problem = check_combination(
                        machine_type=machine,
                        accelerator=device.names[service],
                        count=2,
                        zone="europe-west3-b",
                        service=service,
                    )
                    if problem is None:
                        continue
                    found = problem.nearest
                    assert found is not None, (machine, device.name)
                    again = check_combination(
                        machine_type=found.machine_type,
                        accelerator=device.names[service],
                        count=found.count,
                        zone=found.zone,
                        service=service,
                    )
                    assert again is None, (machine, device.name, found, again)

    def test_a_zone_is_that_of_the_machine_series(self) -> None:
        """London has H100s, but only in the edge machines."""
        assert check("a3-edgegpu-8g", "NVIDIA_H100_80GB", 8, "europe-west2-b") is None
        assert refused("a3-highgpu-8g", "NVIDIA_H100_80GB", 8, "europe-west2-b").field == "zone"

    def test_vertex_wants_the_accelerator_named_and_may_share_a_machine(self) -> None:
        def vertex(device: str | None, count: int) -> CombinationProblem | None:
            return check_combination(
                machine_type="a2-highgpu-4g", accelerator=device, count=count, zone=None, service="vertex"
            )

        problem = vertex(None, 0)
        assert problem is not None
        assert problem.remedy == "say 4 × NVIDIA_TESLA_A100"
        assert vertex("NVIDIA_TESLA_A100", 4) is None
        assert vertex("NVIDIA_TESLA_A100", 1) is None
        assert vertex("NVIDIA_TESLA_A100", 5) is not None
        assert vertex("NVIDIA_TESLA_A100", 0) is not None

    @pytest.mark.parametrize(
        ("machine", "possible"),
        [
            ("a3-highgpu-8g", {"on_demand", "spot", "flex_start", "reserved"}),
            ("a3-highgpu-1g", {"spot", "flex_start"}),
            ("a4-highgpu-8g", {"spot", "flex_start", "reserved"}),
            ("ct4p-hightpu-4t", {"on_demand", "spot", "reserved"}),
        ],
    )
    def test_how_capacity_can_be_had(self, machine: str, possible: set[str]) -> None:
        ways: tuple[Consumption, ...] = get_args(Consumption)
        accepted = {
            way
            for way in ways
            if check_combination(
                machine_type=machine, accelerator=None, count=0, zone=None, service="gke", consumption=way
            )
            is None
        }
        assert accepted == possible

    def test_slices_of_nodes(self) -> None:
        def nodes(machine: str, topology: str) -> CombinationProblem | None:
            return check_combination(
                machine_type=machine, accelerator=None, count=0, zone="us-central1-b", service="gke", topology=topology
            )

        assert nodes("ct6e-standard-4t", "4x4") is None
        assert nodes("ct6e-standard-8t", "2x4") is None
        problem = nodes("ct6e-standard-8t", "4x4")
        assert problem is not None
        assert problem.field == "topology"
        assert problem.allowed == "2x4"


class TestSlices:
    def test_possible(self) -> None:
        assert check_slice(accelerator="V5LITE_POD", topology="4x8", zone="europe-west4-b", consumption="spot") is None
        assert check_slice(accelerator="v6e", topology="2x2", zone="moon-west1-a") is None

    @pytest.mark.parametrize(
        ("device", "topology", "zone", "field"),
        [
            ("V6E", "4x5", None, "topology"),
            ("V4", "2x2x2", "us-central1-a", "zone"),
            ("nvidia-l4", "2x2", None, "accelerator"),
            ("V7", "2x2", None, "accelerator"),
        ],
    )
    def test_impossible(self, device: str, topology: str, zone: str | None, field: str) -> None:
        problem = check_slice(accelerator=device, topology=topology, zone=zone)
        assert problem is not None
        assert problem.field == field

    def test_capacity(self) -> None:
        problem = check_slice(accelerator="V4", topology="2x2x1", zone=None, consumption="flex_start")
        assert problem is not None
        assert problem.allowed == "on_demand, reserved, spot"


class TestTable:
    def test_every_zone_is_in_a_covered_region(self) -> None:
        for rows in (TABLE["accelerators"], TABLE["series"]):
            for name, row in rows.items():
                for zone in row.get("zones", ()):
                    assert zone.rpartition("-")[0] in TABLE["regions"], (name, zone)

    def test_every_series_has_its_accelerator_and_sizes(self) -> None:
        for prefix, row in TABLE["series"].items():
            assert row["accelerator"] in TABLE["accelerators"], prefix
            for part in ("topologies", "sizes_consumption", "sizes_confidential"):
                assert set(row.get(part, {})) <= set(row["types"]), (prefix, part)

    def test_every_accelerator_can_be_had_somewhere(self) -> None:
        for device in devices().values():
            if device.ended is None:
                assert device.zones, device.name
                assert device.consumption, device.name

    def test_a_name_means_one_accelerator(self) -> None:
        names = [name for device in devices().values() for name in {device.name, *device.names.values()}]
        assert len(names) == len(set(names))

    @pytest.mark.slow
    @pytest.mark.filterwarnings("ignore::DeprecationWarning:pulumi_gcp")
    def test_workbench_knows_the_names(self) -> None:
        """The provider lists what Workbench takes; virtual workstations aside, the table has all of it."""
        module = importlib.import_module("pulumi_gcp.workbench")
        text = module.InstanceGceSetupAcceleratorConfigArgs.__init__.__doc__
        listed = {name for name in re.findall("`(NVIDIA_[A-Z0-9_]+)`", text) if not name.endswith("_VWS")}
        assert listed == {device.names["workbench"] for device in devices().values() if "workbench" in device.names}
