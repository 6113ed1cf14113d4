"""BuildTrigger: what starts it, what it plans in each tier, as whom it builds, who may run and approve, refusals."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
import yaml

import groundplan as gp
from groundplan.core.references import ExistingBuildPool
from tests.constructs.cicd.files import BUILDERS, build
from tests.constructs.plan import Plan, environment, plan

TRIGGER = "gcp:cloudbuild/trigger:Trigger"
ACCOUNT = "gcp:serviceaccount/account:Account"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
BUCKET_MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
SECRET_MEMBER = "gcp:secretmanager/secretIamMember:SecretIamMember"
TOPIC = "gcp:pubsub/topic:Topic"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
JOB = "gcp:cloudscheduler/job:Job"
HOME = gp.Project(id="acme-ml-dev", number="123456789012")
PLACE = "projects/acme-ml-dev/locations/europe-west4"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/internal"
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]


def repository(kind: str = "connections/github/repositories", url: str = "https://github.com/acme/models.git") -> Any:
    host = "git" if kind == "repositories" else None
    return gp.SourceConnection.from_existing(f"{PLACE}/{kind}/models", url=url, project=HOME, host=host)


LINK = "connections/github/gitRepositoryLinks"


def pool(location: str = "europe-west4") -> gp.BuildPoolRef:
    pool_id = f"projects/acme-ml-dev/locations/{location}/workerPools/builds"
    return ExistingBuildPool(label="builds", project=HOME, pool_id=pool_id, location=location)


def logs() -> gp.BucketRef:
    return gp.DataBucket.from_existing(
        "acme-build-logs", project=HOME, location="europe-west4", data_class=gp.DataClass.INTERNAL
    )


def account(project: gp.Project = HOME) -> gp.AccountRef:
    return gp.ServiceIdentity.from_existing(f"builder@{project.id}.iam.gserviceaccount.com", project=project)


def args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.BuildTriggerArgs:
    given: dict[str, Any] = {
        "env": environment(tier),
        "event": gp.OnPush(),
        "repository": repository(),
        "pool": pool() if tier.defaults.builds_private else None,
    }
    if "filename" not in more:
        given["build"] = build()
    return gp.BuildTriggerArgs(**{**given, **more})


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: gp.BuildTrigger("images", args(tier, **more)))


def trigger(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Any:
    return planned(tier, **more).one(TRIGGER).inputs


def refused(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("tier", [gp.Tier.LEARNER, gp.Tier.TEAM], ids=lambda tier: tier.name)
def test_a_trigger_has_an_account_that_may_write_logs_alone(tier: gp.Tier) -> None:
    found = planned(tier)
    assert found.inventory() == {TRIGGER: 1, ACCOUNT: 1, PROJECT_MEMBER: 1}
    assert found.one(PROJECT_MEMBER).inputs["role"] == "roles/logging.logWriter"
    made = found.one(TRIGGER)
    assert made.inputs["serviceAccount"].endswith("gp-images-account@acme-ml-dev.iam.gserviceaccount.com")
    assert any(urn.endswith(found.one(PROJECT_MEMBER).name) for urn in made.options["dependencies"])
    assert "workerPool" not in made.inputs["build"]["options"]


def test_regulated_builds_in_a_private_pool_granted_first() -> None:
    found = planned(gp.Tier.REGULATED)
    assert found.inventory() == {TRIGGER: 1, ACCOUNT: 1, PROJECT_MEMBER: 2}
    made = found.one(TRIGGER)
    assert made.inputs["build"]["options"]["workerPool"] == f"{PLACE}/workerPools/builds"
    roles = {member.inputs["role"]: member.name for member in found.of(PROJECT_MEMBER)}
    granted = roles["roles/cloudbuild.workerPoolUser"]
    assert any(urn.endswith(granted) for urn in made.options["dependencies"])


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_every_tier_writes_the_build_into_the_trigger(tier: gp.Tier) -> None:
    made = trigger(tier)
    assert "filename" not in made
    steps = made["build"]["steps"]
    assert [step["name"] for step in steps] == [BUILDERS.images["python"], BUILDERS.images["docker"]]
    assert steps[1]["waitFors"] == ["test"]
    assert steps[0]["envs"] == ["COMMIT_SHA=${COMMIT_SHA}"]
    assert made["build"]["images"] == ["${_IMAGE}:${COMMIT_SHA}"]
    assert made["build"]["timeout"] == "3600s"
    assert made["build"]["options"]["requestedVerifyOption"] == "VERIFIED"
    assert made["build"]["options"]["substitutionOption"] == "MUST_MATCH"
    assert made["build"]["options"]["logging"] == "CLOUD_LOGGING_ONLY"
    assert made["approvalConfig"] == {"approvalRequired": False}
    assert (made["location"], made["name"], made["tags"]) == ("europe-west4", "gp-images", [tier.name])


def test_a_push_and_a_tag_of_a_connection() -> None:
    name = f"{PLACE}/connections/github/repositories/models"
    assert trigger()["repositoryEventConfig"] == {"repository": name, "push": {"branch": "^main$"}}
    tagged = trigger(event=gp.OnTag(tag="^v[0-9]+$"))["repositoryEventConfig"]
    assert tagged == {"repository": name, "push": {"tag": "^v[0-9]+$"}}


@pytest.mark.parametrize(
    ("comment", "control"),
    [("outsiders", "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY"), ("everybody", "COMMENTS_ENABLED")],
)
def test_a_pull_request_waits_for_a_comment(comment: str, control: str) -> None:
    wanted = {"branch": "^main$", "commentControl": control}
    event = gp.OnPullRequest(comment=comment)
    assert trigger(event=event)["repositoryEventConfig"]["pullRequest"] == wanted
    linked = trigger(event=event, repository=repository(LINK))["developerConnectEventConfig"]
    assert linked["pullRequest"] == wanted
    assert linked["gitRepositoryLink"] == f"{PLACE}/{LINK}/models"


def test_developer_connect_lets_the_account_read() -> None:
    found = planned(repository=repository(LINK))
    assert found.one(TRIGGER).inputs["developerConnectEventConfig"]["push"] == {"branch": "^main$"}
    roles = [member.inputs["role"] for member in found.of(PROJECT_MEMBER)]
    assert "roles/developerconnect.readTokenAccessor" in roles


def test_on_demand_reads_the_source_at_a_ref() -> None:
    made = trigger(event=gp.OnDemand(ref="refs/tags/v1"))
    assert made["sourceToBuild"] == {
        "repository": f"{PLACE}/connections/github/repositories/models",
        "ref": "refs/tags/v1",
        "repoType": "GITHUB",
    }
    other = trigger(event=gp.OnDemand(), repository=repository(url="https://git.acme.test/acme/models.git"))
    assert other["sourceToBuild"]["repoType"] == "UNKNOWN"
    assert not {"repositoryEventConfig", "pubsubConfig", "webhookConfig"} & set(made)


def test_a_message_starts_it_with_or_without_source() -> None:
    topic = "projects/acme-ml-dev/topics/drift"
    made = trigger(event=gp.OnMessage(topic=topic, filter='_KIND == "drift"'), repository=None)
    assert made["pubsubConfig"] == {"topic": topic}
    assert made["filter"] == '_KIND == "drift"'
    assert "sourceToBuild" not in made
    assert "sourceToBuild" in trigger(event=gp.OnMessage(topic=topic))


def test_a_webhook_lets_cloud_build_read_its_secret_first() -> None:
    version = "projects/acme-ml-dev/secrets/hook/versions/1"
    found = planned(event=gp.OnWebhook(secret=version))
    made = found.one(TRIGGER)
    assert made.inputs["webhookConfig"] == {"secret": version}
    granted = found.one(SECRET_MEMBER)
    assert granted.inputs["member"] == "serviceAccount:service-123456789012@gcp-sa-cloudbuild.iam.gserviceaccount.com"
    assert any(urn.endswith(granted.name) for urn in made.options["dependencies"])


def test_a_schedule_publishes_to_a_topic_of_its_own() -> None:
    keys = gp.KeyRing.from_existing({gp.DataClass.INTERNAL: KEY}, project=gp.Project(id="acme-keys"))
    event = gp.OnSchedule(cron="0 4 * * MON", time_zone="Europe/Amsterdam")
    found = planned(event=event, keys=keys)
    topic, job = found.one(TOPIC).inputs, found.one(JOB).inputs
    # The agent that publishes is there, with its role, before the first date comes.
    agents = [one for one in found.of(AGENT) if one.inputs["service"] == "cloudscheduler.googleapis.com"]
    assert any(urn.endswith(agents[0].name) for urn in found.one(JOB).options["dependencies"])
    assert topic["kmsKeyName"] == KEY
    assert topic["messageStoragePolicy"]["allowedPersistenceRegions"] == ["europe-west4"]
    assert (job["schedule"], job["timeZone"], job["region"]) == ("0 4 * * MON", "Europe/Amsterdam", "europe-west4")
    assert set(job["pubsubTarget"]) == {"topicName", "data"}
    assert set(found.one(TRIGGER).inputs["pubsubConfig"]) == {"topic"}
    assert "roles/cloudbuild.builds.editor" not in {member.inputs["role"] for member in found.of(PROJECT_MEMBER)}
    assert planned(gp.Tier.LEARNER, event=event).one(TOPIC).inputs.get("kmsKeyName") is None


def test_logs_go_to_a_bucket_that_the_account_can_write_to() -> None:
    found = planned(logs=logs(), account=account())
    made = found.one(TRIGGER).inputs["build"]
    assert made["logsBucket"] == "gs://acme-build-logs"
    assert made["options"]["logging"] == "GCS_ONLY"
    assert {member.inputs["role"] for member in found.of(BUCKET_MEMBER)} == {
        "roles/storage.objectUser",
        "roles/storage.legacyBucketReader",
    }
    assert ACCOUNT not in found.inventory()


def test_an_account_of_another_project_may_be_acted_as() -> None:
    other = gp.Project(id="acme-people")
    found = planned(account=account(other))
    granted = found.one("gcp:serviceaccount/iAMMember:IAMMember").inputs
    assert granted["role"] == "roles/iam.serviceAccountTokenCreator"
    assert granted["member"] == "serviceAccount:service-123456789012@gcp-sa-cloudbuild.iam.gserviceaccount.com"


def test_secrets_are_read_by_the_account() -> None:
    version = "projects/acme-ml-dev/secrets/token/versions/2"
    image = BUILDERS.images["docker"]
    text = f"steps:\n  - name: {image}\n    secretEnv: [TOKEN]\n"
    found = planned(build=build(text), secrets={"TOKEN": version})
    assert found.one(TRIGGER).inputs["build"]["availableSecrets"] == {
        "secretManagers": [{"env": "TOKEN", "versionName": version}]
    }
    assert found.one(TRIGGER).inputs["build"]["steps"][0]["secretEnvs"] == ["TOKEN"]
    assert found.one(SECRET_MEMBER).inputs["secretId"] == "token"


def test_substitutions_files_approval_and_tags() -> None:
    made = trigger(
        substitutions={"_IMAGE": "europe-west4-docker.pkg.dev/acme/images/other"},
        included_files=("src/**",),
        ignored_files=("docs/**",),
        approval=True,
        tags=("production",),
        timeout_minutes=5,
        description="Builds the trainer",
    )
    assert made["build"]["substitutions"] == {"_IMAGE": "europe-west4-docker.pkg.dev/acme/images/other"}
    assert (made["includedFiles"], made["ignoredFiles"]) == (["src/**"], ["docs/**"])
    assert made["approvalConfig"] == {"approvalRequired": True}
    assert made["tags"] == ["production", "team"]
    assert made["build"]["timeout"] == "300s"


def test_variables_are_seen_by_every_step() -> None:
    made = trigger(variables={"PIP_INDEX_URL": "https://europe-west4-python.pkg.dev/acme/python/simple/", "A": "b"})
    assert made["build"]["options"]["envs"] == [
        "A=b",
        "PIP_INDEX_URL=https://europe-west4-python.pkg.dev/acme/python/simple/",
    ]


def test_a_file_of_the_repository_can_be_named() -> None:
    made = trigger(filename="ci/build.yaml", substitutions={"_A": "b"})
    assert (made["filename"], made["substitutions"]) == ("ci/build.yaml", {"_A": "b"})
    assert "build" not in made
    started = trigger(filename="ci/build.yaml", event=gp.OnDemand())
    assert started["gitFileSource"]["path"] == "ci/build.yaml"
    assert "filename" not in started


def test_who_runs_acts_as_the_account_and_who_approves_does_not_run() -> None:
    def program() -> None:
        made = gp.BuildTrigger("images", args(account=account()))
        assert made.grant_run("group:builders@acme.test").scope == "project"
        assert made.grant_approve("group:approvers@acme.test").role == "roles/cloudbuild.builds.approver"

    found = plan(program)
    assert {member.inputs["role"] for member in found.of(PROJECT_MEMBER)} == {
        "roles/cloudbuild.builds.approver",
        "roles/cloudbuild.builds.editor",
        "roles/logging.logWriter",
    }
    assert found.one("gcp:serviceaccount/iAMMember:IAMMember").inputs["role"] == "roles/iam.serviceAccountUser"


@pytest.mark.parametrize("who", ["account", "group:builders@acme.test"])
def test_one_person_has_one_duty(who: str) -> None:
    def program() -> None:
        made = gp.BuildTrigger("images", args())
        made.grant_run("group:builders@acme.test")
        made.grant_approve(made.account if who == "account" else who)

    with pytest.raises(gp.ArgumentError, match="would approve builds and also run builds"):
        plan(program)


def test_triggers_that_share_duties_keep_them_apart() -> None:
    def program() -> None:
        duties = gp.Duties()
        gp.BuildTrigger("a", args(duties=duties)).grant_approve("user:alice@acme.test")
        gp.BuildTrigger("b", args(duties=duties)).grant_run("user:alice@acme.test")

    with pytest.raises(gp.ArgumentError, match="would run builds and also approve builds"):
        plan(program)


def test_a_trigger_of_others_turns_grants_into_requests() -> None:
    def program() -> None:
        theirs = gp.BuildTrigger.from_existing(
            f"{PLACE}/triggers/deploy", project=gp.Project(id="acme-build", managed=False)
        )
        assert (theirs.label, theirs.location) == ("deploy", "europe-west4")
        theirs.grant_approve("group:approvers@acme.test")
        pulumi.export("requests", gp.requests())

    (request,) = plan(program).outputs["requests"]
    assert request["grant"] == "roles/cloudbuild.builds.approver"
    assert request["command"].startswith("gcloud projects add-iam-policy-binding acme-build --member=group:")


def test_overrides_other_project_and_long_names() -> None:
    name = "images-of-a-team-with-a-very-long-name-that-nobody-would-choose-today"
    other = gp.Project(id="acme-build", number="210987654321")
    overrides = {"trigger": {"disabled": True}}
    found = plan(lambda: gp.BuildTrigger(name, args(account=account(), project=other, overrides=overrides)))
    made = found.one(TRIGGER).inputs
    assert made["disabled"] is True
    assert made["project"] == "acme-build"
    assert len(made["name"]) == 64


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"repository": None}, "wants one for OnPush"),
        ({"repository": None, "event": gp.OnDemand()}, "wants one for OnDemand"),
        ({"repository": "models"}, "a repository of a SourceConnection"),
        ({"repository": repository("repositories")}, "triggers_file(…)"),
        ({"repository": repository(LINK), "event": gp.OnDemand()}, "its own connections only"),
        ({"event": "push"}, "an event, such as OnPush()"),
        ({"event": gp.OnPush(branch="main")}, "without ^ and $"),
        ({"event": gp.OnPush(branch="main$")}, "without ^ and $"),
        ({"event": gp.OnPush(branch="^main")}, "without ^ and $"),
        ({"event": gp.OnPush(branch="^(main$")}, "no regular expression"),
        ({"event": gp.OnPush(branch="^(?!main).*$")}, "no regular expression"),
        ({"event": gp.OnTag(tag="v1")}, "event.tag"),
        ({"event": gp.OnPullRequest(comment="nobody")}, "everybody, outsiders"),
        ({"event": gp.OnDemand(ref="main")}, "refs/heads/main"),
        ({"event": gp.OnMessage(topic="drift")}, "the topic's full name"),
        ({"event": gp.OnMessage(topic="projects/a/topics/abc", filter="")}, "is no expression"),
        ({"event": gp.OnSchedule(cron="daily")}, "event.cron"),
        ({"event": gp.OnSchedule(cron="CRON_TZ=Europe/Paris 0 4 * * *")}, "move the zone into time_zone"),
        ({"event": gp.OnSchedule(cron="0 4 * * *", time_zone="")}, "event.time_zone"),
        ({"event": gp.OnSchedule(cron="0 4 * * *", time_zone="Europe/Pariss")}, "did you mean Europe/Paris?"),
        ({"event": gp.OnSchedule(cron="0 4 * * *")}, "keys: are missing"),
        ({"build": None}, "given:   neither"),
        ({"build": "build.yaml"}, "a BuildFile"),
        ({"filename": "build.txt"}, "ending in .yaml or .json"),
        (
            {"filename": "build.yaml", "repository": None, "event": gp.OnMessage(topic="projects/a/topics/abc")},
            "names a file of no repository",
        ),
        ({"account": "builder@acme.test"}, "a ServiceIdentity"),
        ({"pool": "builds"}, "a BuildPool"),
        ({"pool": pool("europe-west1")}, "is in another region than the trigger"),
        ({"logs": "gs://logs"}, "a DataBucket"),
        ({"approval": 1}, "approval: is of the wrong type"),
        ({"substitutions": {"_IMAG": "x"}}, "did you mean _IMAGE?"),
        ({"substitutions": {"image": "x"}}, "an underscore, then capitals"),
        ({"secrets": {"TOKEN": f"{PLACE}/x"}}, "is no secret version"),
        ({"secrets": {"TOKEN": "projects/a/secrets/t/versions/1"}}, "not those that the build file reads"),
        ({"variables": {"a": "b"}}, "variables['a']"),
        ({"variables": {"PASSWORD": "hunter2hunter2"}}, "holds a password"),
        ({"variables": {"A": "b"}, "filename": "build.yaml"}, "written into the trigger"),
        ({"included_files": ("/src",)}, "without a slash in front"),
        (
            {"included_files": ("src",), "event": gp.OnDemand()},
            "this event changes none",
        ),
        ({"timeout_minutes": 0}, "timeout_minutes"),
        ({"tags": ("a b",)}, "rename the tag"),
        ({"description": "a" * 101}, "shorten it"),
        ({"project": "acme"}, "a Project"),
        ({"duties": {}}, "a Duties"),
    ],
)
def test_bad_arguments_are_refused(more: dict[str, Any], message: str) -> None:
    assert message in refused(**more)


def test_regulated_refuses_builds_outside_a_private_pool() -> None:
    assert "tier regulated builds in a private pool" in refused(gp.Tier.REGULATED, pool=None)


def test_secrets_written_out_are_refused_and_not_printed() -> None:
    token = "ghp_" + "a" * 36
    for more in (
        {"substitutions": {"_IMAGE": token}},
        {"event": gp.OnWebhook(secret=token)},
    ):
        assert token not in refused(**more)


def test_from_existing_wants_the_full_name() -> None:
    with pytest.raises(gp.ArgumentError, match="give the trigger's full name"):
        gp.BuildTrigger.from_existing("deploy", project=HOME)


def hosted(**more: Any) -> gp.BuildTriggerArgs:
    given = {"repository": repository("repositories"), "filename": ".cloudbuild/test.yaml", "account": account()}
    return args(**{**given, **more})


def test_the_file_of_secure_source_manager_says_the_same() -> None:
    def program() -> None:
        text = gp.triggers_file(
            {
                "test": hosted(event=gp.OnPullRequest()),
                "images": hosted(included_files=("src/**", "*.toml"), substitutions={"_A": "b"}),
            }
        )
        pulumi.export("file", text)

    found = plan(program)
    text = found.outputs["file"]
    assert text.startswith("# Written by groundplan")
    test, images = yaml.safe_load(text)["triggers"]
    assert test == {
        "name": "test",
        "project": "acme-ml-dev",
        "configFilePath": ".cloudbuild/test.yaml",
        "eventType": "pull_request",
        "includedGitRefs": "^main$",
        "serviceAccount": "projects/acme-ml-dev/serviceAccounts/builder@acme-ml-dev.iam.gserviceaccount.com",
        "disabled": False,
    }
    assert (images["eventType"], images["includedFiles"], images["substitutions"]) == (
        "push",
        r"^src/.*$|^[^/]*\.toml$",
        {"_A": "b"},
    )


def test_with_the_file_goes_what_its_builds_need() -> None:
    texts: list[Any] = []
    file = {"a": hosted(pool=pool(), logs=logs()), "b": hosted(event=gp.OnPullRequest())}
    found = plan(lambda: texts.append(gp.triggers_file(file)))
    granted = {
        (one.inputs["role"], one.inputs["member"].rpartition("@")[0].removeprefix("serviceAccount:"))
        for one in found.resources
        if "role" in one.inputs
    }
    by_agent = {role for role, who in granted if who != "builder"}
    assert {"roles/cloudbuild.builds.editor", "roles/iam.serviceAccountUser"} <= by_agent
    assert {role for role, who in granted if who == "builder"} == {
        "roles/cloudbuild.workerPoolUser",
        "roles/logging.logWriter",
        "roles/securesourcemanager.instanceAccessor",
        "roles/securesourcemanager.repoReader",
        "roles/storage.legacyBucketReader",
        "roles/storage.objectUser",
    }


@pytest.mark.parametrize(
    ("name", "more", "message"),
    [
        ("Test", {}, "lower-case letters, digits and hyphens"),
        ("test", {"repository": repository()}, "has trigger resources, not a file"),
        ("test", {"event": gp.OnTag(tag="^v1$")}, "none that Secure Source Manager knows"),
        ("test", {"approval": True}, "cannot be asked for in Google's file"),
        ("test", {"filename": None, "build": build()}, "cannot hold the build itself"),
        ("test", {"account": None}, "the file must name one"),
        ("test", {"timeout_minutes": 0}, "timeout_minutes"),
    ],
)
def test_the_file_refuses_what_google_has_not(name: str, more: dict[str, Any], message: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        gp.triggers_file({name: hosted(**more)})
    assert message in str(caught.value)
