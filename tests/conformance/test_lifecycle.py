"""Each construct, in each tier, on the real engine: made, found unchanged, changed, removed, and made again.

A tier is one stack: its environment, with the settings that bring the constructs that it leaves out.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
import yaml

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.pulumi.serving import ProviderDoor
from mockcloud.simulator import new_cloud
from tests.conformance.environments import environment, in_stacks, prepare, released, write_settings
from tests.conformance.offline import Project, needs_pulumi, pulumi_cli
from tests.conformance.real_engine import RealEngine
from tests.stacks.test_every_construct import public

RESIDUE: Final = {
    (api, collection)
    for api, collections in yaml.safe_load(Path(__file__).with_name("residue.yaml").read_text("utf-8")).items()
    for collection in collections
}

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli, pytest.mark.slow]


def there(cloud: Cloud) -> Counter[tuple[str, str]]:
    """Count what is in a cloud, by API and collection. Operations, which pass, do not count."""
    found: Counter[tuple[str, str]] = Counter()
    for each in cloud.store:
        parts = each.name.split("/")
        if "operations" not in parts:
            # What there is one of has a name that ends with its collection: `projects/acme-dev/policy`.
            single = len(parts) % 2 and "global" not in parts
            found[each.api, parts[-1] if single else parts[-2]] += 1
    return found


def operations(log: Path, kind: str) -> dict[str, str]:
    """Give what happens to each resource, of those to which something does: URN -> operation."""
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    steps = [each[kind]["metadata"] for each in events if kind in each]
    return {
        each["urn"]: "replace" if "replace" in each["op"] else each["op"]
        for each in steps
        if each["op"] not in ("same", "read") and "::pulumi:pulumi:Stack::" not in each["urn"]
    }


@pytest.mark.parametrize("tier", ["learner", "team", "regulated"])
def test_every_construct_goes_up_and_down(tier: str, tmp_path: Path) -> None:
    assert pulumi_cli is not None
    cloud = new_cloud(waits="poll")
    prepare(cloud, tier)
    before = there(cloud)
    with ProviderDoor(cloud, project="acme-dev") as door, in_stacks():
        engine = RealEngine(pulumi_cli, tmp_path, door.port)
        project = Project(engine, tmp_path / "project", environment, quick=True)
        write_settings(project.directory, tier)
        engine.run(project.directory, "stack", "init", f"organization/groundplan/{tier}")

        project.up().expect()
        made = {urn.split("::")[2].rpartition("$")[2] for urn in project.state()}
        assert {name for name, kind in public().items() if kind not in made} <= instead(tier)
        project.unchanged()

        project.program = released(changed=True)
        planned, done = tmp_path / "planned", tmp_path / "done"
        project.attempt("preview", f"--event-log={planned}").expect()
        project.attempt("state unprotect", "--all", "--yes").expect()
        project.up(f"--event-log={done}").expect()
        predicted = operations(planned, "resourcePreEvent")
        assert {"update", "replace"} <= set(predicted.values())
        assert operations(done, "resOutputsEvent") == predicted

        project.destroy().expect()
        assert project.state() == {}
        left = there(cloud) - before
        assert set(left) <= RESIDUE, sorted(set(left) - RESIDUE)

        project.program = released(changed=False)
        again = project.up()
        if ("cloudkms", "keyRings") in left:
            # Google gives the name of a ring to no other one: it has to be imported.
            assert "take it over with `pulumi import`" in again.text
        else:
            again.expect()


def instead(tier: str) -> set[str]:
    """Give the constructs that take the place of others, so that they are not in one stack with them."""
    from tests.stacks.test_every_construct import LEFT_OUT

    return {name for name, row in LEFT_OUT[tier].items() if row.get("instead")}
