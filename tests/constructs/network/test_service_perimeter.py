"""ServicePerimeter: dry run first, narrow rules, in a policy or a perimeter that was there before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import groundplan as gp
from groundplan.network.service_perimeter import restricted_services
from tests.constructs.plan import Plan, environment, plan

SECURITY = gp.Project(id="acme-security", number="300000000003")
PARTNER = gp.Project(id="acme-partner", number="400000000004")
POLICY = gp.AccessPolicyRef.from_existing("accessPolicies/42", project=SECURITY)
PERIMETER = gp.ServicePerimeter.from_existing("accessPolicies/42/servicePerimeters/ml", project=SECURITY)
INGRESS = gp.PerimeterIngress(
    name="deploy",
    principals=("serviceAccount:deploy@acme-build.iam.gserviceaccount.com",),
    services={"aiplatform.googleapis.com": ()},
    from_projects=(PARTNER,),
    access_levels=("accessPolicies/42/accessLevels/office",),
)
EGRESS = gp.PerimeterEgress(
    name="public-data",
    principals=("group:ml@acme.test",),
    services={"bigquery.googleapis.com": ("google.cloud.bigquery.v2.TableDataService.List",)},
    to_projects=(PARTNER,),
)


def planned(tier: gp.Tier = gp.Tier.REGULATED, **more: Any) -> Plan:
    args: dict[str, Any] = {} if "perimeter" in more else {"access_policy": POLICY}
    return plan(lambda: gp.ServicePerimeter("ml", gp.ServicePerimeterArgs(env=environment(tier), **{**args, **more})))


def refusal(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    text = str(caught.value)
    assert all(word in text for word in ("given:", "allowed:", "do:"))
    return text


@pytest.mark.parametrize("tier", [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda t: str(t.name))
def test_inventory(tier: gp.Tier) -> None:
    assert planned(tier).inventory() == {"gcp:accesscontextmanager/servicePerimeter:ServicePerimeter": 1}


def perimeter(found: Plan) -> Any:
    return found.one("gcp:accesscontextmanager/servicePerimeter:ServicePerimeter")


def test_dry_run_is_the_default() -> None:
    found = perimeter(planned())
    assert found.inputs["useExplicitDryRunSpec"] is True
    assert "status" not in found.inputs
    assert found.inputs["parent"] == "accessPolicies/42"
    assert found.inputs["name"] == "accessPolicies/42/servicePerimeters/gp_ml"
    spec = found.inputs["spec"]
    assert spec["resources"] == ["projects/123456789012"]
    assert spec["restrictedServices"] == list(restricted_services())
    assert {"aiplatform.googleapis.com", "storage.googleapis.com", "notebooks.googleapis.com"} <= set(
        spec["restrictedServices"]
    )
    assert spec["vpcAccessibleServices"] == {"enableRestriction": True, "allowedServices": ["RESTRICTED-SERVICES"]}
    assert found.options["protect"] is True


def test_enforced_says_the_same_and_means_it() -> None:
    rules: dict[str, Any] = {
        "ingress": (INGRESS,),
        "egress": (EGRESS,),
        "further_services": ("healthcare.googleapis.com",),
    }
    trial, real = perimeter(planned(**rules)).inputs, perimeter(planned(enforced=True, **rules)).inputs
    assert real["useExplicitDryRunSpec"] is False
    assert "spec" not in real
    assert real["status"] == trial["spec"]
    assert real["status"]["restrictedServices"][-1] == "healthcare.googleapis.com"


def test_rules_are_narrow() -> None:
    spec = perimeter(planned(ingress=(INGRESS,), egress=(EGRESS,))).inputs["spec"]
    assert spec["ingressPolicies"] == [
        {
            "title": "deploy",
            "ingressFrom": {
                "identities": ["serviceAccount:deploy@acme-build.iam.gserviceaccount.com"],
                "sources": [
                    {"resource": "projects/400000000004"},
                    {"accessLevel": "accessPolicies/42/accessLevels/office"},
                ],
            },
            "ingressTo": {
                "resources": ["*"],
                "operations": [{"serviceName": "aiplatform.googleapis.com", "methodSelectors": [{"method": "*"}]}],
            },
        }
    ]
    assert spec["egressPolicies"] == [
        {
            "title": "public-data",
            "egressFrom": {"identities": ["group:ml@acme.test"]},
            "egressTo": {
                "resources": ["projects/400000000004"],
                "operations": [
                    {
                        "serviceName": "bigquery.googleapis.com",
                        "methodSelectors": [{"method": "google.cloud.bigquery.v2.TableDataService.List"}],
                    }
                ],
            },
        }
    ]


def test_all_projects_of_the_environment_are_inside() -> None:
    workload, host = (
        gp.Project(id="acme-ml-dev", number="100000000001"),
        gp.Project(id="acme-host", number="200000000002"),
    )
    projects = gp.Projects(workload=workload, network=host, keys=workload, logs=workload, build=workload)
    env = gp.Environment(projects=projects, region="europe-west4", tier=gp.Tier.REGULATED)
    found = plan(lambda: gp.ServicePerimeter("ml", gp.ServicePerimeterArgs(env=env, access_policy=POLICY)))
    assert perimeter(found).inputs["spec"]["resources"] == ["projects/100000000001", "projects/200000000002"]


def test_a_number_that_is_not_given_is_looked_up() -> None:
    project = gp.Project(id="acme-other")
    args = gp.ServicePerimeterArgs(env=environment(), access_policy=POLICY, projects=(project,))
    found = plan(
        lambda: gp.ServicePerimeter("ml", args),
        invokes={"gcp:organizations/getProject:getProject": {"number": "500000000005", "projectId": "acme-other"}},
    )
    assert perimeter(found).inputs["spec"]["resources"] == ["projects/500000000005"]


class TestNeighbours:
    KEYS = gp.Project(id="acme-keys", number="500000000005")
    KEY = "projects/acme-keys/locations/europe-west4/keyRings/r/cryptoKeys/k"

    def key(self, *, managed: bool = True) -> gp.KeyRef:
        project = gp.Project(id=self.KEYS.id, number=self.KEYS.number, managed=managed)
        return gp.KeyRing.from_existing({gp.DataClass.INTERNAL: self.KEY}, project=project).key_for(
            gp.DataClass.INTERNAL
        )

    def spec(self, before: Callable[[], object], **more: Any) -> Any:
        def program() -> None:
            before()
            args = {"env": environment(), "access_policy": POLICY, "neighbours": (self.KEYS, PARTNER), **more}
            gp.ServicePerimeter("ml", gp.ServicePerimeterArgs(**args))

        return perimeter(plan(program)).inputs["spec"]

    @pytest.mark.parametrize("managed", [True, False])
    def test_who_may_use_a_key_outside_may_call_for_it(self, *, managed: bool) -> None:
        workload = environment().projects.workload
        spec = self.spec(lambda: self.key(managed=managed).grant_agent(workload, "storage.googleapis.com"))
        assert "ingressPolicies" not in spec
        assert spec["egressPolicies"] == [
            {
                "title": "agent-storage-acme-ml-dev-to-acme-keys",
                "egressFrom": {
                    "identities": ["serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"]
                },
                "egressTo": {
                    "resources": ["projects/500000000005"],
                    "operations": [{"serviceName": "cloudkms.googleapis.com", "methodSelectors": [{"method": "*"}]}],
                },
            }
        ]

    def test_an_account_outside_may_call_for_what_it_was_given_inside(self) -> None:
        account = "serviceAccount:deploy@acme-partner.iam.gserviceaccount.com"

        def before() -> None:
            project = environment().projects.workload
            bucket = gp.DataBucket.from_existing(
                "acme-data", project=project, location="europe-west4", data_class=gp.DataClass.INTERNAL
            )
            bucket.grant_read(account)
            bucket.grant_write(account)
            bucket.grant_read("group:ml@acme.test")

        spec = self.spec(before)
        assert "egressPolicies" not in spec
        (rule,) = spec["ingressPolicies"]
        assert rule["ingressFrom"] == {"identities": [account], "sources": [{"resource": "projects/400000000004"}]}
        assert [o["serviceName"] for o in rule["ingressTo"]["operations"]] == ["storage.googleapis.com"]

    def test_other_projects_and_services_stay_out(self) -> None:
        workload = environment().projects.workload

        def before() -> None:
            self.key().grant_agent(workload, "storage.googleapis.com")
            runner = gp.ServiceIdentity.from_existing("runner@acme-keys.iam.gserviceaccount.com", project=self.KEYS)
            runner.grant_act_as("serviceAccount:ours@acme-ml-dev.iam.gserviceaccount.com")

        assert "egressPolicies" not in self.spec(before, neighbours=(PARTNER,))
        assert len(self.spec(before)["egressPolicies"]) == 1

    def test_they_come_beside_the_written_ones(self) -> None:
        workload = environment().projects.workload
        spec = self.spec(lambda: self.key().grant_agent(workload, "storage.googleapis.com"), egress=(EGRESS,))
        assert [rule["title"] for rule in spec["egressPolicies"]] == [
            "public-data",
            "agent-storage-acme-ml-dev-to-acme-keys",
        ]

    def test_a_grant_that_comes_later_is_refused(self) -> None:
        def program() -> None:
            gp.ServicePerimeter(
                "ml", gp.ServicePerimeterArgs(env=environment(), access_policy=POLICY, neighbours=(self.KEYS,))
            )
            self.key().grant_agent(environment().projects.workload, "storage.googleapis.com")

        with pytest.raises(gp.ArgumentError, match="make the perimeter last"):
            plan(program)

    def test_a_grant_that_crosses_nothing_may_come_later(self) -> None:
        def program() -> None:
            gp.ServicePerimeter(
                "ml", gp.ServicePerimeterArgs(env=environment(), access_policy=POLICY, neighbours=(PARTNER,))
            )
            self.key().grant_agent(environment().projects.workload, "storage.googleapis.com")

        assert len(plan(program).of("CryptoKeyIAMMember")) == 1

    @pytest.mark.parametrize(
        ("neighbours", "part"),
        [
            (("acme-keys",), "neighbours[0]: is of the wrong type"),
            ((gp.Project(id="acme-ml-dev", number="123456789012"),), "neighbours[0]: is inside"),
            ((PARTNER, PARTNER), "names a project twice"),
        ],
    )
    def test_refused(self, neighbours: Any, part: str) -> None:
        assert part in refusal(neighbours=neighbours)


class TestJoining:
    @pytest.mark.parametrize(
        ("enforced", "kind"), [(False, "ServicePerimeterDryRunResource"), (True, "ServicePerimeterResource")]
    )
    def test_projects_join_and_nothing_else_changes(self, enforced: bool, kind: str) -> None:
        found = planned(perimeter=PERIMETER, enforced=enforced)
        assert len(found.inventory()) == 1
        assert found.one(kind, "ml-member-acme-ml-dev").inputs == {
            "perimeterName": "accessPolicies/42/servicePerimeters/ml",
            "resource": "projects/123456789012",
        }

    def test_rules_are_the_owners(self) -> None:
        assert "its services and rules are not set here" in refusal(perimeter=PERIMETER, egress=(EGRESS,))

    def test_one_that_is_not_ours_is_refused_with_what_to_ask(self) -> None:
        theirs = gp.Project(id="acme-security", managed=False)
        found = gp.ServicePerimeter.from_existing("accessPolicies/42/servicePerimeters/ml", project=theirs)
        assert "ask its owner to add projects acme-ml-dev" in refusal(perimeter=found)

    @pytest.mark.parametrize("name", ["ml", "accessPolicies/42", "accessPolicies/x/servicePerimeters/ml"])
    def test_wrong_names(self, name: str) -> None:
        with pytest.raises(gp.ArgumentError, match="accessPolicies/…/servicePerimeters/…"):
            gp.ServicePerimeter.from_existing(name, project=SECURITY)


def test_references_can_be_read_by_other_stacks() -> None:
    def program() -> None:
        made = gp.ServicePerimeter("ml", gp.ServicePerimeterArgs(env=environment(), access_policy=POLICY))
        gp.publish(environment(), {"ours": made, "theirs": PERIMETER, "policy": POLICY})

    exported = plan(program).outputs["groundplan"]["references"]
    assert {name: entry["kind"] for name, entry in exported.items()} == {
        "ours": "perimeter",
        "theirs": "perimeter",
        "policy": "access_policy",
    }
    policy = gp.AccessPolicyRef.imported(exported["policy"]["value"])
    assert (policy.policy_id, policy.label) == ("accessPolicies/42", "access-policy-42")
    assert gp.PerimeterRef.imported(exported["theirs"]["value"]).perimeter_id == PERIMETER.perimeter_id


def test_overrides() -> None:
    found = planned(overrides={"perimeter": {"description": "by hand"}})
    assert perimeter(found).inputs["description"] == "by hand"


def change(rule: Any, **more: Any) -> Any:
    return type(rule)(**{**vars(rule), **more})


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("no-home", {"access_policy": None}, "and perimeter are both missing"),
    ("two-homes", {"perimeter": PERIMETER, "access_policy": POLICY}, "and perimeter are both given"),
    ("home-type", {"access_policy": "accessPolicies/42"}, "an AccessPolicyRef or a PerimeterRef"),
    ("project-type", {"projects": ("acme-ml-dev",)}, "projects[0]: is of the wrong type"),
    ("service", {"further_services": ("healthcare",)}, "further_services[0]"),
    ("service-twice", {"further_services": ("storage.googleapis.com",)}, "names a service twice"),
    ("level", {"access_levels": ("office",)}, "access_levels[0]"),
    ("ingress-type", {"ingress": (EGRESS,)}, "a PerimeterIngress"),
    ("egress-type", {"egress": ("all",)}, "a PerimeterEgress"),
    ("title-twice", {"egress": (EGRESS, EGRESS)}, "names a title"),
    ("nowhere", {"ingress": (change(INGRESS, from_projects=(), access_levels=()),)}, "not where the calls come from"),
    ("everybody", {"ingress": (change(INGRESS, principals=()),)}, "ingress[0].principals: is empty"),
    ("public", {"ingress": (change(INGRESS, principals=("allUsers",)),)}, "is no IAM principal"),
    ("domain", {"egress": (change(EGRESS, principals=("domain:acme.test",)),)}, "is a whole domain"),
    ("everything", {"egress": (change(EGRESS, services={}),)}, "egress[0].services: is empty"),
    ("star-service", {"egress": (change(EGRESS, services={"*": ()}),)}, "egress[0].services['*']"),
    ("star-method", {"egress": (change(EGRESS, services={"storage.googleapis.com": ("*",)}),)}, "names no method"),
    ("anywhere", {"egress": (change(EGRESS, to_projects=()),)}, "egress[0].to_projects: names no project"),
    ("rule-name", {"egress": (change(EGRESS, name="Public data"),)}, "egress[0].name"),
]


@pytest.mark.parametrize(("more", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refused(more: dict[str, Any], words: str) -> None:
    assert words in refusal(**more)


def test_a_policy_that_is_not_ours_is_refused() -> None:
    theirs = gp.AccessPolicyRef.from_existing("accessPolicies/42", project=gp.Project(id="acme-sec", managed=False))
    assert "is not ours to change" in refusal(access_policy=theirs)


def test_a_wrong_policy_name_is_refused() -> None:
    with pytest.raises(gp.ArgumentError, match="accessPolicies/ and a number"):
        gp.AccessPolicyRef.from_existing("42", project=SECURITY)


FETCHING = "gcp:artifactregistry/vpcscConfig:VpcscConfig"
BUILD = gp.Project(id="acme-build", number="500000000005")


def with_repositories(places: list[dict[str, Any]], *, last: bool = True, **more: Any) -> Plan:
    def program() -> None:
        env = environment(gp.Tier.LEARNER)
        given: dict[str, Any] = {"access_policy": POLICY, "projects": (*env.projects.distinct(), BUILD), **more}

        def enclose() -> None:
            gp.ServicePerimeter("ml", gp.ServicePerimeterArgs(env=env, **given))

        if not last:
            enclose()
        for index, place in enumerate(places):
            gp.ImageRepository(f"r{index}", gp.ImageRepositoryArgs(env=env, **place))
        if last:
            enclose()

    return plan(program)


def test_remote_repositories_inside_may_ask_their_sources_once_a_project_and_location() -> None:
    places: list[dict[str, Any]] = [
        {"mode": gp.Remote(), "project": BUILD},
        {"mode": gp.Remote(), "project": BUILD, "format": gp.RepositoryFormat.PYTHON},
        {"mode": gp.Remote(), "project": BUILD, "location": "europe-west1"},
        {"mode": gp.Remote()},
        {"mode": gp.Hosted(), "location": "europe-west3"},
        {"mode": gp.Remote(), "project": PARTNER},
    ]
    found = [one.inputs for one in with_repositories(places, enforced=True).of(FETCHING)]
    assert {(one["project"], one["location"], one["vpcscPolicy"]) for one in found} == {
        ("acme-build", "europe-west4", "ALLOW"),
        ("acme-build", "europe-west1", "ALLOW"),
        ("acme-ml-dev", "europe-west4", "ALLOW"),
    }
    assert len(found) == 3


def test_a_dry_run_opens_nothing_for_remote_repositories() -> None:
    assert FETCHING not in with_repositories([{"mode": gp.Remote()}]).inventory()


def test_projects_that_join_a_perimeter_open_it_for_their_remote_repositories() -> None:
    joined = with_repositories([{"mode": gp.Remote()}], enforced=True, access_policy=None, perimeter=PERIMETER)
    assert joined.inventory()[FETCHING] == 1


def test_a_remote_repository_after_its_perimeter_is_refused() -> None:
    with pytest.raises(gp.ArgumentError, match="make the perimeter last") as caught:
        with_repositories([{"mode": gp.Remote()}], last=False, enforced=True)
    assert all(word in str(caught.value) for word in ("given:", "allowed:", "do:"))
    assert (
        FETCHING
        not in with_repositories([{"mode": gp.Remote(), "project": PARTNER}], last=False, enforced=True).inventory()
    )
