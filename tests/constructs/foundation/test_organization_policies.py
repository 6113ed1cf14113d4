"""OrganizationPolicies: a stage of its own for those with rights on the organisation."""

from __future__ import annotations

from typing import Any

import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan

ORGANIZATION = "123456789012"
POLICY = "gcp:orgpolicy/policy:Policy"
SERVICE = "gcp:projects/service:Service"


def policies(tier: gp.Tier = gp.Tier.TEAM, env: dict[str, Any] | None = None, **args: Any) -> Plan:
    given = {"organization": ORGANIZATION, **(env or {})}

    def program() -> None:
        gp.OrganizationPolicies("rules", gp.OrganizationPoliciesArgs(env=environment(tier, **given), **args))

    return plan(program)


@pytest.mark.parametrize(
    ("tier", "count"),
    [(gp.Tier.LEARNER, 20), (gp.Tier.TEAM, 22), (gp.Tier.REGULATED, 25)],
    ids=lambda v: getattr(v, "name", ""),
)
def test_the_tier_decides_how_many(tier: gp.Tier, count: int) -> None:
    assert policies(tier).inventory() == {POLICY: count, SERVICE: 10}


def test_they_are_the_foundations_own() -> None:
    """Whichever of the two sets them, Google is told the same."""
    alone = {r.inputs["name"]: r.inputs["spec"] for r in policies().of(POLICY)}
    env = environment(gp.Tier.TEAM, organization=ORGANIZATION)
    whole = plan(lambda: gp.ProjectFoundation("base", gp.ProjectFoundationArgs(env=env)))
    assert {r.inputs["name"]: r.inputs["spec"] for r in whole.of(POLICY)} == alone


def test_a_foundation_can_leave_them_to_others() -> None:
    env = environment(gp.Tier.TEAM, organization=ORGANIZATION)
    args = gp.ProjectFoundationArgs(env=env, organization_policies=False)
    planned = plan(lambda: gp.ProjectFoundation("base", args))
    assert not planned.of(POLICY)
    assert "orgpolicy.googleapis.com" not in {r.inputs["service"] for r in planned.of(SERVICE)}


def test_the_apis_come_first() -> None:
    planned = policies()
    api = next(r for r in planned.of(SERVICE) if r.inputs["service"] == "orgpolicy.googleapis.com")
    for policy in planned.of(POLICY):
        assert any(urn.endswith(f"::{api.name}") for urn in policy.options["dependencies"])


def test_what_is_made_later_waits_for_them() -> None:
    def program() -> None:
        env = environment(gp.Tier.TEAM, organization=ORGANIZATION)
        gp.OrganizationPolicies("rules", gp.OrganizationPoliciesArgs(env=env))
        gp.KeyRing("main", gp.KeyRingArgs(env=env))

    planned = plan(program)
    ring = planned.one("groundplan:security:KeyRing")
    assert len([urn for urn in ring.options["dependencies"] if POLICY in urn]) == len(planned.of(POLICY))


def test_a_project_that_is_not_ours_is_left_alone() -> None:
    host = gp.Project(id="acme-host", managed=False)
    ours = gp.Project(id="acme-ml-dev", number="123456789012")
    projects = gp.Projects(workload=ours, network=host, keys=ours, logs=ours, build=ours)
    parents = {r.inputs["parent"] for r in policies(env={"projects": projects}).of(POLICY)}
    assert parents == {"projects/acme-ml-dev"}


def test_overrides_are_recorded() -> None:
    planned = policies(overrides={"policy-compute-requireoslogin-workload": {"spec": {"reset": True}}})
    changed = planned.one(POLICY, "rules-policy-compute-requireoslogin-workload")
    assert changed.inputs["spec"]["reset"] is True


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        policies(env={"organization": None}, customer_ids=("acme",), notebook_images=("latest",))
    fields = {problem.field for problem in caught.value.problems}
    assert fields == {"env.organization", "customer_ids", "customer_ids[0]", "notebook_images[0]"}
