"""AcceleratorReservation: what is kept, for whom, until when, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan

RESERVATION = "gcp:compute/reservation:Reservation"
QUOTA_CALL = "gcp:cloudquota/getSQuotaInfo:getSQuotaInfo"
TIERS = (gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED)
ENOUGH = gp.Quota(limit=64)


def planned(tier: gp.Tier = gp.Tier.TEAM, *, name: str = "l4", invokes: Any = None, **more: Any) -> Plan:
    given: dict[str, Any] = {
        "env": environment(tier),
        "machine_type": "g2-standard-8",
        "machines": 2,
        "ends": dt.date(2027, 3, 1),
        "quota": ENOUGH,
    }
    args = gp.AcceleratorReservationArgs(**{**given, **more})
    return plan(lambda: gp.AcceleratorReservation(name, args), invokes=invokes)


def refused(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_every_tier_keeps_machines_for_what_names_them(tier: gp.Tier) -> None:
    found = planned(tier)
    assert found.inventory() == {RESERVATION: 1}
    made = found.one(RESERVATION)
    assert made.inputs == {
        "project": "acme-ml-dev",
        "zone": "europe-west4-a",
        "name": "gp-l4",
        "description": "Capacity for training: l4",
        "specificReservationRequired": True,
        "specificReservation": {"count": 2, "instanceProperties": {"machineType": "g2-standard-8"}},
        "deleteAtTime": "2027-03-01T00:00:00Z",
        "reservationSharingPolicy": {"serviceShareType": "ALLOW_ALL"},
        **({"deletionPolicy": "PREVENT"} if tier is not gp.Tier.LEARNER else {}),
    }
    assert bool(made.options["protect"]) is (tier is not gp.Tier.LEARNER)


def test_gpus_are_attached_to_n1() -> None:
    made = planned(machine_type="n1-standard-8", accelerator="nvidia-tesla-t4", accelerator_count=2).one(RESERVATION)
    assert made.inputs["specificReservation"]["instanceProperties"]["guestAccelerators"] == [
        {"acceleratorType": "nvidia-tesla-t4", "acceleratorCount": 2}
    ]


def test_it_is_shared_with_named_projects_and_kept_from_services() -> None:
    made = planned(shared_with=("acme-research",), for_services=False, ends=None).one(RESERVATION).inputs
    assert made["shareSettings"] == {
        "shareType": "SPECIFIC_PROJECTS",
        "projectMaps": [{"id": "acme-research", "projectId": "acme-research"}],
    }
    assert made["reservationSharingPolicy"] == {"serviceShareType": "DISALLOW_ALL"}
    assert "deleteAtTime" not in made


def test_training_jobs_use_it_by_its_full_name() -> None:
    def program() -> None:
        env = environment(gp.Tier.REGULATED)
        made = gp.AcceleratorReservation(
            "l4",
            gp.AcceleratorReservationArgs(
                env=env, machine_type="g2-standard-8", machines=2, ends=None, quota=ENOUGH, zone="europe-west4-b"
            ),
        )
        assert (made.zone, made.machine_type, made.machines) == ("europe-west4-b", "g2-standard-8", 2)
        assert gp.ReservationRef.imported(made.exported()).machines == 2

    plan(program)


def test_quota_is_that_of_compute_engine() -> None:
    info = {"dimensions": {}, "applicableLocations": ["europe-west4"], "details": [{"value": "1"}]}
    with pytest.raises(gp.ArgumentError, match="does not allow"):
        planned(quota=gp.Quota(quota_id="L4"), invokes={QUOTA_CALL: {"dimensionsInfos": [info]}})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"machine_type": "n2-standard-8"}, "has no accelerator"),
        ({"machine_type": "ct5lp-hightpu-4t"}, "agree on TPU capacity with Google"),
        ({"machine_type": "g2-standart-8"}, "did you mean g2-standard-8"),
        ({"machine_type": "a3-highgpu-1g"}, "is no way in which a3-highgpu-1g can be had"),
        ({"machine_type": "a3-edgegpu-8g"}, "has no a3-edgegpu-8g"),
        ({"accelerator": "NVIDIA_L4"}, "is spelt as another service spells it"),
        ({"machines": 0}, "out of range"),
        ({"ends": "2027-03-01"}, "a date"),
        ({"zone": "us-east1-b"}, "europe-west4-a"),
        ({"shared_with": ("Acme",)}, "shared_with[0]"),
        ({"shared_with": ("acme-one", "acme-one")}, "a project twice"),
        ({"shared_with": tuple(f"acme-{n:05}" for n in range(101))}, "too many projects"),
        ({"quota": None}, "guards accelerators by the project's quota"),
        ({"quota": gp.Quota(limit=1)}, "at most 1"),
        ({"machines": 65, "quota": gp.Quota(limit=100)}, "comes to more accelerators"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


def test_learners_keep_what_is_on_their_list() -> None:
    assert "is not on the list of tier learner" in refused(gp.Tier.LEARNER, machine_type="a2-highgpu-1g")


def test_all_faults_come_in_one_message() -> None:
    message = refused(machines=0, ends="x", zone="y")
    assert message.startswith('AcceleratorReservation "l4": 3 arguments cannot be used')


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reservation": "projects/p/zones/z/reservations/r"}, "leave out projects/"),
        ({"zone": "europe-west4"}, "a zone such as"),
        ({"machines": 0}, "out of range"),
        ({"machine_type": None}, "a Compute Engine machine type"),
    ],
)
def test_from_existing_refuses(given: dict[str, Any], words: str) -> None:
    more: dict[str, Any] = {
        "reservation": "kept",
        "zone": "europe-west4-a",
        "machine_type": "g2-standard-8",
        "machines": 1,
        **given,
    }
    name = more.pop("reservation")
    with pytest.raises(gp.ArgumentError, match=words):
        gp.AcceleratorReservation.from_existing(name, project=gp.Project(id="acme-other"), **more)


def test_overrides_reach_the_reservation() -> None:
    made = planned(overrides={"reservation": {"enableEmergentMaintenance": True}}).one(RESERVATION)
    assert made.inputs["enableEmergentMaintenance"] is True


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    long = "capacity-for-a-model-with-a-very-long-name-in-a-very-long-team-name"
    names = [planned(name=name).one(RESERVATION).inputs["name"] for name in (long, long, f"{long}s")]
    assert names[0] == names[1] != names[2]
    assert len(names[0]) <= 63
