"""The benchmarks of deployments: what they deploy, and when they are left out."""

import pytest

from benchmarks import provider_door
from benchmarks.run import BENCHMARKS
from mockcloud import mock_gcp
from tests.conformance import real_engine


def test_the_program_makes_a_hundred_resources_of_four_types() -> None:
    with mock_gcp() as cloud:
        made = cloud.deploy(provider_door.program, config=provider_door.CONFIG).resources

    assert len(made) == provider_door.PER_TYPE * provider_door.TYPES == 100
    assert len({each.type for each in made}) == provider_door.TYPES


def test_without_the_engine_it_is_left_out_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real_engine, "find_pulumi", lambda: None)

    assert "pulumi command" in provider_door.missing()


def test_both_are_run_with_the_others() -> None:
    assert {"mock-deploy", "provider-door"} <= {each.name for each in BENCHMARKS}
