"""Rings and keys outlive a stack, since Google never deletes them: a second stack takes them over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest

import groundplan as gp
from mockcloud.simulator import new_cloud
from tests.conformance.offline import PROJECT, needs_pulumi, project_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli]

REGION = "europe-west4"
RING = f"projects/{PROJECT}/locations/{REGION}/keyRings/gp-main"
KEY = f"{RING}/cryptoKeys/gp-main-personal"
ADOPTED = {"gcp:kms/keyRing:KeyRing": RING, "gcp:kms/cryptoKey:CryptoKey": KEY}


def keys(*, ring: str | None = None, generation: int = 1, adopts: bool = False) -> Callable[[], None]:
    """Give a program with a ring and a key, as the tier for audited data has it.

    Args:
        ring: A ring that is there.
        generation: Of the environment; enters the names of keys.
        adopts: Whether ring and key are imported.
    """

    def adopt(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        imported = pulumi.ResourceOptions(import_=ADOPTED.get(args.type_))
        return pulumi.ResourceTransformResult(args.props, pulumi.ResourceOptions.merge(args.opts, imported))

    def program() -> None:
        if adopts:
            pulumi.runtime.register_resource_transform(adopt)
        env = gp.Environment(project=PROJECT, region=REGION, tier=gp.Tier.REGULATED, generation=generation)
        classes = (gp.DataClass.PERSONAL,)
        gp.KeyRing("main", gp.KeyRingArgs(env=env, data_classes=classes, ring=ring, deletion_protection=False))

    return program


def test_a_second_stack_takes_over_what_google_keeps(tmp_path: Path) -> None:
    cloud = new_cloud(waits="poll")
    with project_on(cloud, tmp_path, keys()) as project:
        project.up().expect()
        project.destroy().expect()
        assert "take it over with `pulumi import`" in project.up().text

        project.program = keys(ring=RING, generation=2)
        project.up().expect()
        kept = [each.name for each in cloud.store if each.name.startswith(f"{RING}/") and "Versions" not in each.name]
        assert len(kept) == 2
        assert KEY in kept
        project.destroy().expect()

        project.program = keys(adopts=True)
        project.up().expect()
        held = {each["id"] for each in project.state().values() if each["type"] in ADOPTED}
        assert held == {RING, KEY}
        project.program = keys()
        project.attempt("preview", "--expect-no-changes").expect()
