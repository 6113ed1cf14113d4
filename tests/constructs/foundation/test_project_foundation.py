"""ProjectFoundation: what it plans in each tier, in what order, for which projects, and what it refuses."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.core.component import Args, Component
from groundplan.core.project_grants import grant_on_project
from groundplan.foundation.apis import apis_of
from tests.constructs.plan import Plan, environment, plan

SERVICE = "gcp:projects/service:Service"
POLICY = "gcp:orgpolicy/policy:Policy"
AUDIT = "gcp:projects/iAMAuditConfig:IAMAuditConfig"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
MEMBER = "gcp:projects/iAMMember:IAMMember"
ROLE = "gcp:projects/iAMCustomRole:IAMCustomRole"
CONTACT = "gcp:essentialcontacts/contact:Contact"
CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel"
ORGANIZATION = "123456789012"
BUDGET: dict[str, Any] = {
    "billing_account": "012345-ABCDEF-012345",
    "budget_amount": 500,
    "budget_currency": "EUR",
    "budget_contacts": ("ml-ops@acme.test",),
}
NOTEBOOKS = {
    "accessMode",
    "disableFileDownloads",
    "disableRootAccess",
    "disableTerminal",
    "environmentOptions",
    "requireAutoUpgradeSchedule",
    "restrictPublicIp",
    "restrictVpcNetworks",
}


def several(*, host_managed: bool = True) -> gp.Projects:
    return gp.Projects(
        workload=gp.Project(id="acme-ml-dev", number="111111111111"),
        network=gp.Project(id="acme-host", number="222222222222", managed=host_managed),
        keys=gp.Project(id="acme-keys", number="333333333333"),
        logs=gp.Project(id="acme-logs", number="444444444444"),
        build=gp.Project(id="acme-build", number="555555555555"),
    )


def foundation(tier: gp.Tier = gp.Tier.TEAM, *, env: dict[str, Any] | None = None, **more: Any) -> Plan:
    def program() -> None:
        gp.ProjectFoundation("base", gp.ProjectFoundationArgs(env=environment(tier, **(env or {})), **more))
        pulumi.export("requests", gp.requests())

    return plan(program)


def enabled(planned: Plan, project: str = "acme-ml-dev") -> set[str]:
    services = [r.inputs for r in planned.of(SERVICE)]
    return {str(s["service"]).removesuffix(".googleapis.com") for s in services if s["project"] == project}


def policies(planned: Plan) -> dict[str, Any]:
    return {r.inputs["name"].split("/policies/")[1]: r.inputs["spec"] for r in planned.of(POLICY)}


def names(urns: list[str]) -> set[str]:
    return {urn.rsplit("::", 1)[1] for urn in urns}


@pytest.mark.parametrize(
    ("tier", "inventory"),
    [
        (gp.Tier.LEARNER, {POLICY: 20, SERVICE: 39}),
        (gp.Tier.TEAM, {POLICY: 22, AUDIT: 1, MEMBER: 8, SERVICE: 39, AGENT: 9}),
        (gp.Tier.REGULATED, {POLICY: 25, AUDIT: 1, MEMBER: 8, SERVICE: 42, AGENT: 9, ROLE: 1}),
    ],
)
def test_inventory_in_an_organisation(tier: gp.Tier, inventory: dict[str, int]) -> None:
    assert foundation(tier, env={"organization": ORGANIZATION}).inventory() == inventory


@pytest.mark.parametrize(
    ("tier", "inventory"),
    [
        (gp.Tier.LEARNER, {SERVICE: 38}),
        (gp.Tier.TEAM, {AUDIT: 1, MEMBER: 8, SERVICE: 38, AGENT: 9}),
        (gp.Tier.REGULATED, {AUDIT: 1, MEMBER: 8, SERVICE: 41, AGENT: 9, ROLE: 1}),
    ],
)
def test_inventory_without_an_organisation(tier: gp.Tier, inventory: dict[str, int]) -> None:
    assert foundation(tier).inventory() == inventory


def test_the_same_program_plans_the_same() -> None:
    assert [(r.name, r.inputs) for r in foundation().of(SERVICE)] == [
        (r.name, r.inputs) for r in foundation().of(SERVICE)
    ]


class TestRoleForJobs:
    def test_regulated_makes_one_that_deploys_nothing(self) -> None:
        [role] = foundation(gp.Tier.REGULATED).of(ROLE)
        assert role.inputs["roleId"] == "gp_ml_jobs"
        permissions = set(role.inputs["permissions"])
        assert {"aiplatform.customJobs.create", "aiplatform.pipelineJobs.create"} <= permissions
        assert "aiplatform.models.upload" in permissions
        assert not [each for each in permissions if "deploy" in each.lower() or each.endswith("setIamPolicy")]
        assert not [
            each
            for each in permissions
            if each.startswith("aiplatform.endpoints.") and each[-4:] not in {".get", "list"}
        ]
        assert "aiplatform.models.export" not in permissions

    def test_whoever_gets_it_waits_for_it(self) -> None:
        def program() -> None:
            env = environment(gp.Tier.REGULATED)
            gp.ProjectFoundation("project", gp.ProjectFoundationArgs(env=env))
            role = env.projects.workload.runs_ml_jobs
            grant_on_project("group:ml@acme.test", env.projects.workload, role, "test")
            grant_on_project("group:ml@acme.test", env.projects.workload, "roles/viewer", "test")

        planned = plan(program)
        (made,) = (each.name for each in planned.of(ROLE))
        waits = {
            each.inputs["role"]: any(urn.endswith(f"::{made}") for urn in each.options["dependencies"])
            for each in planned.of(MEMBER)
            if each.inputs["member"] == "group:ml@acme.test"
        }
        assert waits == {"projects/acme-ml-dev/roles/gp_ml_jobs": True, "roles/viewer": False}

    def test_another_role_is_made_by_whoever_named_it(self) -> None:
        named = gp.Project(
            id="acme-ml-dev", number="123456789012", ml_jobs_role="organizations/123456789012/roles/jobs"
        )
        planned = foundation(gp.Tier.REGULATED, env={"projects": gp.Projects.single(named)})
        assert planned.of(ROLE) == []

    def test_a_role_of_the_project_is_made_in_any_tier(self) -> None:
        named = gp.Project(id="acme-ml-dev", number="123456789012", ml_jobs_role="projects/acme-ml-dev/roles/jobs")
        [role] = foundation(gp.Tier.LEARNER, env={"projects": gp.Projects.single(named)}).of(ROLE)
        assert role.inputs["roleId"] == "jobs"


class TestApis:
    def test_the_base_comes_first_and_every_other_after_it(self) -> None:
        services = {r.name: names(r.options["dependencies"]) for r in foundation().of(SERVICE)}
        assert services["base-api-serviceusage-workload"] == set()
        assert services["base-api-cloudresourcemanager-workload"] == {"base-api-serviceusage-workload"}
        assert services["base-api-iam-workload"] == {"base-api-cloudresourcemanager-workload"}
        others = {name: needs for name, needs in services.items() if name.split("-")[2] not in SERVICE_BASE}
        assert all("base-api-iam-workload" in needs for needs in others.values())

    @pytest.mark.parametrize("api", ["dns", "servicenetworking", "notebooks"])
    def test_what_stands_on_compute_waits_for_it(self, api: str) -> None:
        service = foundation().one(SERVICE, f"base-api-{api}-workload")
        assert "base-api-compute-workload" in names(service.options["dependencies"])

    def test_destroying_turns_no_api_off(self) -> None:
        assert all(r.inputs["disableOnDestroy"] is False for r in foundation().of(SERVICE))

    def test_each_project_gets_what_its_role_needs(self) -> None:
        planned = foundation(env={"projects": several()})
        assert "aiplatform" in enabled(planned)
        assert "cloudkms" not in enabled(planned)
        assert "cloudkms" in enabled(planned, "acme-keys")
        assert {"dns", "compute"} <= enabled(planned, "acme-host")
        assert {"cloudbuild", "artifactregistry"} <= enabled(planned, "acme-build")
        assert "aiplatform" not in enabled(planned, "acme-logs")
        assert planned.one(SERVICE, "base-api-cloudkms-keys").options["provider"].count("gcp-acme-keys") == 1

    def test_purposes_decide(self) -> None:
        planned = foundation(purposes=(gp.Purpose.KUBERNETES,))
        assert {"container", "gkehub", "compute", "logging"} <= enabled(planned)
        assert "notebooks" not in enabled(planned)

    def test_an_api_brings_those_that_it_needs(self) -> None:
        env = environment()
        found = list(apis_of(env.projects.workload, env.projects, (gp.Purpose.WORKFLOWS_ON_AIRFLOW,)))
        assert found.index("container.googleapis.com") < found.index("composer.googleapis.com")
        assert found.index("compute.googleapis.com") < found.index("container.googleapis.com")


SERVICE_BASE = {"serviceusage", "cloudresourcemanager", "iam"}


class TestOrder:
    def test_what_is_made_later_waits_without_a_word(self) -> None:
        def program() -> None:
            env = environment(gp.Tier.LEARNER)
            gp.KeyRing("early", gp.KeyRingArgs(env=env))
            gp.ProjectFoundation("base", gp.ProjectFoundationArgs(env=env))
            gp.KeyRing("late", gp.KeyRingArgs(env=env))

        planned = plan(program)
        late = planned.one("groundplan:security:KeyRing", "late")
        assert "base-api-cloudkms-workload" in names(late.options["dependencies"])
        assert not planned.one("groundplan:security:KeyRing", "early").options["dependencies"]
        order = [r.name for r in planned.resources]
        services = [order.index(r.name) for r in planned.of(SERVICE)]
        assert max(services) < order.index("late-ring"), "a child is registered only when its component is"

    def test_a_project_that_nobody_prepared_is_not_waited_for(self) -> None:
        def program() -> None:
            gp.ProjectFoundation("base", gp.ProjectFoundationArgs(env=environment()))
            other = environment(projects=gp.Projects.single(gp.Project(id="acme-other")))
            gp.KeyRing("other", gp.KeyRingArgs(env=other))

        assert not plan(program).one("groundplan:security:KeyRing", "other").options["dependencies"]

    def test_depends_on_waits_for_all_children_and_adds_to_what_is_waited_for(self) -> None:
        class Thing(Component):
            kind = "groundplan:test:Thing"

        def program() -> None:
            env = environment(gp.Tier.LEARNER)
            base = gp.ProjectFoundation("base", gp.ProjectFoundationArgs(env=env, **BUDGET))
            ring = gp.KeyRing("ring", gp.KeyRingArgs(env=env))
            Thing("thing", Args(env=env), pulumi.ResourceOptions(depends_on=[base, ring]))

        found = names(plan(program).one("groundplan:test:Thing", "thing").options["dependencies"])
        assert {"base-api-iam-workload", "base-budget", "ring-ring"} <= found

    def test_ready_has_all_but_the_budget_and_the_contacts(self) -> None:
        found: list[gp.ProjectFoundation] = []

        def program() -> None:
            env = environment(organization=ORGANIZATION)
            args = gp.ProjectFoundationArgs(env=env, security_contacts=("sec@acme.test",), **BUDGET)
            found.append(gp.ProjectFoundation("base", args))

        planned = plan(program)
        types = {r.pulumi_resource_type for r in found[0].ready}
        assert types == {SERVICE, AGENT, MEMBER, AUDIT, POLICY}
        kinds = (SERVICE, AGENT, MEMBER, AUDIT, POLICY)
        assert len(found[0].ready) == sum(count for kind, count in planned.inventory().items() if kind in kinds)


class TestAgents:
    def test_they_come_after_the_apis_and_get_their_role(self) -> None:
        planned = foundation()
        agent = planned.one(AGENT, "agent-aiplatform-acme-ml-dev")
        assert "base-api-aiplatform-workload" in names(agent.options["dependencies"])
        role = planned.one(MEMBER, "project-serviceagent-agent-aiplatform-acme-ml-dev")
        assert role.inputs["role"] == "roles/aiplatform.serviceAgent"
        assert names(role.options["dependencies"]) == {"agent-aiplatform-acme-ml-dev"}

    def test_one_without_a_role_gets_none(self) -> None:
        assert not [r for r in foundation().of(MEMBER) if "secretmanager" in r.name]

    def test_they_are_made_where_their_api_is(self) -> None:
        planned = foundation(env={"projects": several()})
        assert planned.one(AGENT, "agent-artifactregistry-acme-build").inputs["project"] == "acme-build"

    def test_a_constructs_own_request_finds_the_one_that_is_there(self) -> None:
        def program() -> None:
            env = environment()
            gp.ProjectFoundation("base", gp.ProjectFoundationArgs(env=env))
            ring = gp.KeyRing("ring", gp.KeyRingArgs(env=env))
            ring.key_for(gp.DataClass.INTERNAL).grant_agent(env.projects.workload, "pubsub.googleapis.com")

        planned = plan(program)
        assert len([r for r in planned.of(AGENT) if r.inputs["service"] == "pubsub.googleapis.com"]) == 1
        grant = planned.one("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")
        assert "project-serviceagent-agent-pubsub-acme-ml-dev" in names(grant.options["dependencies"])


def test_every_reading_and_writing_is_audited_without_exemptions() -> None:
    planned = foundation(env={"projects": several()})
    assert len(planned.of(AUDIT)) == 5
    audit = planned.one(AUDIT, "base-audit-keys").inputs
    assert audit["service"] == "allServices"
    assert audit["auditLogConfigs"] == [{"logType": kind} for kind in ("ADMIN_READ", "DATA_READ", "DATA_WRITE")]


class TestPolicies:
    def test_regulated_sets_all_eight_for_notebooks(self) -> None:
        found = policies(foundation(gp.Tier.REGULATED, env={"organization": ORGANIZATION}))
        assert {name.split(".")[1] for name in found if name.startswith("ainotebooks.")} == NOTEBOOKS
        for name in ("disableFileDownloads", "disableRootAccess", "disableTerminal", "restrictPublicIp"):
            assert found[f"ainotebooks.{name}"] == {"rules": [{"enforce": "TRUE"}]}
        for name in ("accessMode", "environmentOptions", "restrictVpcNetworks"):
            assert found[f"ainotebooks.{name}"]["rules"][0]["values"]["allowedValues"]

    def test_what_the_tier_allows_is_left_to_the_parents(self) -> None:
        found = policies(foundation(gp.Tier.TEAM, env={"organization": ORGANIZATION}))
        assert not {"ainotebooks.disableFileDownloads", "ainotebooks.disableTerminal"} & set(found)
        assert "gcp.restrictServiceUsage" not in found

    def test_lists_are_those_of_the_environment(self) -> None:
        found = policies(
            foundation(
                gp.Tier.REGULATED,
                env={"organization": ORGANIZATION, "projects": several(host_managed=False)},
                customer_ids=("C01ab2cd3",),
            )
        )

        def allowed(constraint: str) -> list[str]:
            values: list[str] = found[constraint]["rules"][0]["values"]["allowedValues"]
            return values

        assert allowed("gcp.resourceLocations") == ["in:eu-locations"]
        assert allowed("gcp.restrictCmekCryptoKeyProjects") == ["projects/acme-keys"]
        assert allowed("ainotebooks.restrictVpcNetworks") == ["under:projects/acme-host"]
        assert allowed("iam.allowedPolicyMemberDomains") == ["C01ab2cd3"]
        assert found["compute.vmExternalIpAccess"] == {"rules": [{"denyAll": "TRUE"}]}

    def test_services_are_those_that_are_enabled(self) -> None:
        planned = foundation(gp.Tier.REGULATED, env={"organization": ORGANIZATION})
        values = policies(planned)["gcp.restrictServiceUsage"]["rules"][0]["values"]["allowedValues"]
        allowed = {value.removesuffix(".googleapis.com") for value in values}
        assert enabled(planned) <= allowed
        assert allowed - enabled(planned) == {"billingbudgets", "cloudbilling", "essentialcontacts"}

    def test_denials_add_to_those_of_the_parents_and_permissions_do_not(self) -> None:
        found = policies(foundation(gp.Tier.REGULATED, env={"organization": ORGANIZATION}))
        cmek = found["gcp.restrictNonCmekServices"]
        assert cmek["inheritFromParent"] is True
        assert "storage.googleapis.com" in cmek["rules"][0]["values"]["deniedValues"]
        assert "inheritFromParent" not in found["gcp.resourceLocations"]

    def test_learner_needs_no_keys_of_its_own(self) -> None:
        found = policies(foundation(gp.Tier.LEARNER, env={"organization": ORGANIZATION}))
        assert not [name for name in found if "cmek" in name.lower()]

    def test_at_the_organisation_general_ones_are_set_once(self) -> None:
        planned = foundation(
            env={"organization": ORGANIZATION, "projects": several()}, organization_policies_at="organization"
        )
        parents = {(r.inputs["parent"], r.inputs["name"].split("/policies/")[1]) for r in planned.of(POLICY)}
        assert (f"organizations/{ORGANIZATION}", "iam.disableServiceAccountKeyCreation") in parents
        assert (f"organizations/{ORGANIZATION}", "compute.skipDefaultNetworkCreation") in parents
        assert ("projects/acme-keys", "gcp.resourceLocations") in parents
        assert not [name for parent, name in parents if parent.startswith("projects") and name.startswith("iam.")]

    def test_on_a_project_there_is_none_for_new_projects(self) -> None:
        assert "compute.skipDefaultNetworkCreation" not in policies(foundation(env={"organization": ORGANIZATION}))

    @pytest.mark.parametrize(
        ("region", "group"),
        [
            ("europe-west4", "in:eu-locations"),
            ("europe-west2", "in:europe-west2-locations"),
            ("us-central1", "in:us-locations"),
            ("asia-northeast1", "in:asia-northeast1-locations"),
        ],
    )
    def test_the_location_is_the_law_of_the_region(self, region: str, group: str) -> None:
        found = policies(foundation(env={"organization": ORGANIZATION, "region": region}))
        assert found["gcp.resourceLocations"]["rules"][0]["values"]["allowedValues"] == [group]


class TestBudget:
    def test_it_covers_the_projects_and_tells_the_contacts(self) -> None:
        planned = foundation(env={"projects": several(host_managed=False)}, **BUDGET)
        budget = planned.one("gcp:billing/budget:Budget").inputs
        assert budget["budgetFilter"] == {
            "calendarPeriod": "MONTH",
            "projects": [f"projects/{digit * 12}" for digit in "1345"],
        }
        assert budget["amount"] == {"specifiedAmount": {"currencyCode": "EUR", "units": "500"}}
        assert [rule["thresholdPercent"] for rule in budget["thresholdRules"]] == [0.5, 0.9, 1.0, 1.0]
        assert budget["thresholdRules"][-1]["spendBasis"] == "FORECASTED_SPEND"
        assert len(budget["allUpdatesRule"]["monitoringNotificationChannels"]) == 1
        channel = planned.one(CHANNEL).inputs
        assert (channel["type"], channel["labels"]) == ("email", {"email_address": "ml-ops@acme.test"})
        assert "billingbudgets" in enabled(planned)

    def test_a_topic_will_do_instead_of_contacts(self) -> None:
        topic = "projects/acme-ml-dev/topics/costs"
        planned = foundation(**{**BUDGET, "budget_contacts": (), "budget_topic": topic})
        assert planned.one("gcp:billing/budget:Budget").inputs["allUpdatesRule"] == {
            "pubsubTopic": topic,
            "schemaVersion": "1.0",
        }
        assert not planned.of(CHANNEL)

    def test_without_one_its_api_stays_off(self) -> None:
        assert "billingbudgets" not in enabled(foundation())


def test_contacts_hear_of_every_project() -> None:
    planned = foundation(env={"projects": several()}, security_contacts=("sec@acme.test",))
    assert {r.inputs["parent"] for r in planned.of(CONTACT)} == {
        f"projects/acme-{name}" for name in ("ml-dev", "host", "keys", "logs", "build")
    }
    assert planned.of(CONTACT)[0].inputs["notificationCategorySubscriptions"] == [
        "LEGAL",
        "SECURITY",
        "SUSPENSION",
        "TECHNICAL",
    ]


def test_a_project_that_is_not_ours_is_asked_for() -> None:
    planned = foundation(env={"projects": several(host_managed=False), "organization": ORGANIZATION})
    assert not enabled(planned, "acme-host")
    assert not [r for r in planned.resources if "acme-host" in str(r.inputs.get("parent"))]
    asked = planned.outputs["requests"]
    assert [entry["project"] for entry in asked] == ["acme-host", "acme-host"]
    assert asked[0]["command"].startswith("gcloud services enable serviceusage.googleapis.com ")
    assert "dns.googleapis.com" in asked[0]["command"]
    assert "auditConfigs" in asked[1]["need"]


def test_overrides_reach_a_child_and_are_written_down() -> None:
    planned = foundation(overrides={"api-dns-workload": {"disableOnDestroy": True}})
    assert planned.one(SERVICE, "base-api-dns-workload").inputs["disableOnDestroy"] is True


@pytest.mark.parametrize(
    ("wrong", "field", "fault"),
    [
        ({"purposes": ("notebooks", "x")}, "purposes[1]", "wrong type"),
        ({"purposes": (gp.Purpose.KEYS, gp.Purpose.KEYS)}, "purposes", "twice"),
        ({"budget_amount": 5}, "budget_amount", "half a budget"),
        ({**BUDGET, "budget_amount": 0}, "budget_amount", "out of range"),
        ({**BUDGET, "budget_currency": "euro"}, "budget_currency", "right form"),
        ({**BUDGET, "billing_account": "billingAccounts/1"}, "billing_account", "right form"),
        ({**BUDGET, "budget_contacts": ()}, "budget_contacts", "tells nobody"),
        ({**BUDGET, "budget_contacts": tuple(f"a{n}@acme.test" for n in range(6))}, "budget_contacts", "too many"),
        ({"budget_contacts": ("a@acme.test",)}, "budget_contacts", "there is not"),
        ({**BUDGET, "budget_contacts": ("nobody",)}, "budget_contacts[0]", "right form"),
        ({"security_contacts": ("a@acme.test", "a@acme.test")}, "security_contacts", "twice"),
        ({"organization_policies_at": "organization"}, "organization_policies_at", "needs an organisation"),
        ({"organization_policies_at": "folder"}, "organization_policies_at", "not one of"),
        ({"locations": ("in:eu-locations",)}, "locations", "needs an organisation"),
        ({"customer_ids": ("acme.test",)}, "customer_ids[0]", "right form"),
        ({"notebook_images": ("debian-12",)}, "notebook_images[0]", "right form"),
        ({"notebook_images": ("ainotebooks-container/a:1",) * 2}, "notebook_images", "twice"),
    ],
)
def test_bad_input_is_refused_with_its_four_parts(wrong: dict[str, Any], field: str, fault: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        gp.ProjectFoundation("base", gp.ProjectFoundationArgs(env=environment(), **wrong))
    problem = next(p for p in caught.value.problems if p.field == field)
    assert fault in problem.fault
    assert all((problem.given, problem.allowed, problem.remedy))


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        gp.ProjectFoundation(
            "base", gp.ProjectFoundationArgs(env=environment(), budget_amount=5, security_contacts=("x",))
        )
    assert {p.field for p in caught.value.problems} == {"budget_amount", "security_contacts[0]"}


def test_long_names_stay_inside_the_limits() -> None:
    name = "-".join(["platform"] * 12)

    def program() -> None:
        gp.ProjectFoundation(name, gp.ProjectFoundationArgs(env=environment(), **BUDGET))

    assert len(plan(program).one("gcp:billing/budget:Budget").inputs["displayName"]) <= 60
