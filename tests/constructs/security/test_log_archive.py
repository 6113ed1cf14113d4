"""LogArchive: what it plans in each tier, who writes and reads, from which projects, and what it refuses."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan

BUCKET = "gcp:logging/projectBucketConfig:ProjectBucketConfig"
SINK = "gcp:logging/projectSink:ProjectSink"
VIEW = "gcp:logging/logView:LogView"
READER = "gcp:logging/logViewIamMember:LogViewIamMember"
MEMBER = "gcp:projects/iAMMember:IAMMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/logs"
ARCHIVE_ID = "projects/acme-logs/locations/europe-west4/buckets/gp-logs"
SETTINGS = {
    "gcp:logging/getProjectCmekSettings:getProjectCmekSettings": {
        "serviceAccountId": "cmek-p123456789012@gcp-sa-logging.iam.gserviceaccount.com"
    }
}


def projects(*, host_managed: bool = True, logs_managed: bool = True) -> gp.Projects:
    return gp.Projects(
        workload=gp.Project(id="acme-ml-dev", number="111111111111"),
        network=gp.Project(id="acme-host", managed=host_managed),
        keys=gp.Project(id="acme-keys"),
        logs=gp.Project(id="acme-logs", managed=logs_managed),
        build=gp.Project(id="acme-build"),
    )


def central_keys(*, managed: bool = True) -> gp.KeyRingRef:
    return gp.KeyRing.from_existing(
        dict.fromkeys(gp.DataClass, KEY), project=gp.Project(id="acme-central", managed=managed)
    )


def archive_args(tier: gp.Tier, env: dict[str, Any] | None, more: dict[str, Any]) -> gp.LogArchiveArgs:
    given: dict[str, Any] = {
        "env": environment(tier, **({"projects": projects()} if env is None else env)),
        "keys": central_keys() if tier.defaults.customer_managed_keys else None,
    }
    return gp.LogArchiveArgs(**{**given, **more})


def archive(tier: gp.Tier = gp.Tier.TEAM, *, env: dict[str, Any] | None = None, **more: Any) -> Plan:
    def program() -> None:
        gp.LogArchive("logs", archive_args(tier, env, more))
        pulumi.export("requests", gp.requests())

    return plan(program, invokes=SETTINGS)


def names(urns: list[str]) -> set[str]:
    return {urn.rsplit("::", 1)[1] for urn in urns}


@pytest.mark.parametrize(
    ("tier", "keys"), [(gp.Tier.LEARNER, {}), (gp.Tier.TEAM, {KEY_GRANT: 1}), (gp.Tier.REGULATED, {KEY_GRANT: 1})]
)
def test_inventory(tier: gp.Tier, keys: dict[str, int]) -> None:
    assert archive(tier).inventory() == {**keys, VIEW: 1, BUCKET: 1, SINK: 5, MEMBER: 4}


def test_one_project_needs_no_writer() -> None:
    assert archive(gp.Tier.LEARNER, env={}).inventory() == {VIEW: 1, BUCKET: 1, SINK: 1}


@pytest.mark.parametrize(
    ("tier", "days", "locked", "guarded"),
    [(gp.Tier.LEARNER, 30, False, False), (gp.Tier.TEAM, 90, False, True), (gp.Tier.REGULATED, 400, True, True)],
)
def test_it_keeps_locks_and_guards_as_the_tier_says(tier: gp.Tier, days: int, locked: bool, guarded: bool) -> None:
    bucket = archive(tier).one(BUCKET)
    assert (bucket.inputs["retentionDays"], bucket.inputs["locked"]) == (days, locked)
    assert bucket.options["protect"] is guarded
    assert (bucket.inputs["project"], bucket.inputs["location"]) == ("acme-logs", "europe-west4")
    assert ("cmekSettings" in bucket.inputs) is tier.defaults.customer_managed_keys


def test_both_can_be_said_otherwise() -> None:
    inputs = archive(gp.Tier.REGULATED, retention_days=30, locked=False).one(BUCKET).inputs
    assert (inputs["retentionDays"], inputs["locked"]) == (30, False)


@pytest.mark.parametrize(
    ("more", "stays"), [({}, False), ({"deletion_protection": False}, True), ({"locked": False}, False)]
)
def test_a_locked_bucket_whose_protection_is_taken_off_is_left_behind(more: dict[str, Any], stays: bool) -> None:
    bucket = archive(gp.Tier.REGULATED, **more).one(BUCKET)
    assert bucket.options["retain_on_delete"] is stays


class TestKeys:
    def test_the_account_is_looked_up_and_may_use_the_key_first(self) -> None:
        planned = archive()
        grant = planned.one(KEY_GRANT)
        assert grant.inputs["member"] == "serviceAccount:cmek-p123456789012@gcp-sa-logging.iam.gserviceaccount.com"
        assert grant.inputs["cryptoKeyId"] == KEY
        bucket = planned.one(BUCKET)
        assert bucket.inputs["cmekSettings"] == {"kmsKeyName": KEY}
        assert grant.name in names(bucket.options["dependencies"])

    def test_an_account_that_is_named_is_not_looked_up(self) -> None:
        def program() -> None:
            gp.LogArchive("logs", archive_args(gp.Tier.TEAM, None, {"key_account": "cmek-p1@x.test"}))

        assert plan(program).one(KEY_GRANT).inputs["member"] == "serviceAccount:cmek-p1@x.test"

    def test_a_ring_made_here_serves(self) -> None:
        def program() -> None:
            env = environment(gp.Tier.REGULATED, projects=projects())
            gp.LogArchive("logs", gp.LogArchiveArgs(env=env, keys=gp.KeyRing("main", gp.KeyRingArgs(env=env))))

        assert plan(program, invokes=SETTINGS).one(KEY_GRANT).name.startswith("main-confidential-")

    def test_a_key_is_used_in_a_tier_that_asks_for_none(self) -> None:
        planned = archive(gp.Tier.LEARNER, key=central_keys().key_for(gp.DataClass.INTERNAL))
        assert planned.one(BUCKET).inputs["cmekSettings"] == {"kmsKeyName": KEY}

    def test_a_central_key_that_is_not_ours_is_asked_for(self) -> None:
        planned = archive(keys=central_keys(managed=False))
        assert KEY_GRANT not in planned.inventory()
        asked = [entry["project"] for entry in planned.outputs["requests"]]
        assert asked == ["acme-central"]

    def test_a_key_elsewhere_is_refused(self) -> None:
        elsewhere = dict.fromkeys(gp.DataClass, KEY.replace("europe-west4", "us-central1"))
        keys = gp.KeyRing.from_existing(elsewhere, project=gp.Project(id="acme-central"))
        with pytest.raises(gp.ArgumentError, match="is not where the data is"):
            archive(keys=keys)


class TestSinks:
    def test_they_leave_nothing_out(self) -> None:
        for sink in archive().of(SINK):
            assert not {"filter", "exclusions", "disabled", "customWriterIdentity"} & set(sink.inputs)
            assert sink.inputs["uniqueWriterIdentity"] is True
            assert sink.inputs["destination"] == f"logging.googleapis.com/{ARCHIVE_ID}"
            assert "logs-bucket" in names(sink.options["dependencies"])

    def test_each_is_made_by_its_projects_own_provider(self) -> None:
        planned = archive()
        assert {s.inputs["project"] for s in planned.of(SINK)} == {
            f"acme-{name}" for name in ("ml-dev", "host", "keys", "logs", "build")
        }
        assert "gcp-acme-build" in planned.one(SINK, "logs-sink-acme-build").options["provider"]

    def test_each_writer_may_add_to_the_one_bucket_only(self) -> None:
        planned = archive()
        writer = planned.one(MEMBER, "logs-bucketwriter-logs-acme-build")
        assert writer.inputs["role"] == "roles/logging.bucketWriter"
        assert writer.inputs["project"] == "acme-logs"
        assert writer.inputs["condition"]["expression"] == f"resource.name.endsWith('{ARCHIVE_ID}')"
        assert "logs-sink-acme-build" in names(writer.options["dependencies"])
        assert not [m for m in planned.of(MEMBER) if m.name.endswith("acme-logs")], "no writer in the same project"

    def test_sources_can_be_others(self) -> None:
        planned = archive(sources=(gp.Project(id="acme-legacy"),))
        assert [s.inputs["project"] for s in planned.of(SINK)] == ["acme-legacy"]

    def test_a_source_that_is_not_ours_is_asked_for(self) -> None:
        planned = archive(env={"projects": projects(host_managed=False)})
        assert len(planned.of(SINK)) == 4
        (asked,) = planned.outputs["requests"]
        assert asked["command"] == (
            f"gcloud logging sinks create gp-logs logging.googleapis.com/{ARCHIVE_ID} --project=acme-host"
        )

    def test_a_new_generation_is_made_beside_the_old_one(self) -> None:
        sink = archive(env={"projects": projects(), "generation": 2}).of(SINK)[0]
        assert sink.inputs["name"] == "gp-logs-g2"


class TestReaders:
    def test_they_read_one_view_and_nothing_else(self) -> None:
        planned = archive(readers=("group:auditors@acme.test",))
        reader = planned.one(READER)
        assert reader.inputs == {
            "parent": "projects/acme-logs",
            "location": "europe-west4",
            "bucket": "gp-logs",
            "name": "gp-logs",
            "role": "roles/logging.viewAccessor",
            "member": "group:auditors@acme.test",
        }
        assert "logs-view" in names(reader.options["dependencies"])
        assert "filter" not in planned.one(VIEW).inputs

    def test_the_public_is_refused(self) -> None:
        with pytest.raises(gp.ArgumentError, match="is no IAM principal"):
            archive(readers=("allUsers",))


class TestExisting:
    def existing(self, *, managed: bool = True, view: str = "_AllLogs") -> gp.LogArchiveRef:
        return gp.LogArchive.from_existing(
            "projects/acme-soc/locations/global/buckets/all",
            project=gp.Project(id="acme-soc", managed=managed),
            view=view,
        )

    def routing(self, archive_ref: gp.LogArchiveRef, tier: gp.Tier = gp.Tier.REGULATED, **more: Any) -> Plan:
        def program() -> None:
            env = environment(tier, projects=projects())
            gp.LogRouting("central", gp.LogRoutingArgs(**{"env": env, "archive": archive_ref, **more}))
            pulumi.export("requests", gp.requests())

        return plan(program)

    def test_sinks_go_to_it(self) -> None:
        planned = self.routing(self.existing())
        assert planned.inventory() == {SINK: 5, MEMBER: 5}
        assert {s.inputs["destination"] for s in planned.of(SINK)} == {
            "logging.googleapis.com/projects/acme-soc/locations/global/buckets/all"
        }
        assert {m.inputs["project"] for m in planned.of(MEMBER)} == {"acme-soc"}

    def test_writers_are_asked_for_where_it_is_not_ours(self) -> None:
        planned = self.routing(self.existing(managed=False))
        assert planned.inventory() == {SINK: 5}
        asked = planned.outputs["requests"]
        assert {entry["grant"] for entry in asked} == {"roles/logging.bucketWriter"}
        assert len(asked) == 5

    def test_the_command_names_the_bucket(self) -> None:
        found: list[str] = []

        def program() -> None:
            ref = self.existing(managed=False)
            ref.grant_write("serviceAccount:service-1@gcp-sa-logging.iam.gserviceaccount.com")
            ref.grant_read("group:auditors@acme.test")
            for entry in gp.requests():
                pulumi.Output.from_input(entry["command"]).apply(found.append)

        plan(program)
        write, read = found
        assert write == (
            "gcloud projects add-iam-policy-binding acme-soc"
            " --member=serviceAccount:service-1@gcp-sa-logging.iam.gserviceaccount.com"
            " --role=roles/logging.bucketWriter"
            ' --condition="title=log-bucket,expression='
            "resource.name.endsWith('projects/acme-soc/locations/global/buckets/all')\""
        )
        assert read == (
            "gcloud logging views add-iam-policy-binding --project=acme-soc --location=global --bucket=all _AllLogs"
            " --member=group:auditors@acme.test --role=roles/logging.viewAccessor"
        )

    def test_it_can_be_read_through_a_view_of_its_own(self) -> None:
        planned = plan(lambda: self.existing(view="ml").grant_read("group:ml@acme.test"))
        assert (planned.one(READER).inputs["bucket"], planned.one(READER).inputs["name"]) == ("all", "ml")

    def test_a_stack_that_makes_one_tells_another(self) -> None:
        def first() -> None:
            args = archive_args(gp.Tier.LEARNER, None, {})
            gp.publish(args.env, {"logs": gp.LogArchive("logs", args)})

        exported = plan(first).outputs["groundplan"]

        def second() -> None:
            ref = gp.Exports("org/first", exported).log_archive("logs")
            gp.LogRouting("more", gp.LogRoutingArgs(env=environment(gp.Tier.LEARNER), archive=ref))
            ref.grant_read("group:auditors@acme.test")

        planned = plan(second)
        assert planned.one(SINK).inputs["destination"] == f"logging.googleapis.com/{ARCHIVE_ID}"
        assert planned.one(READER).inputs["name"] == "gp-logs"

    @pytest.mark.parametrize(
        ("log_bucket_id", "field"),
        [("all", "log_bucket_id"), ("projects/other/locations/global/buckets/all", "project")],
    )
    def test_a_wrong_name_is_refused(self, log_bucket_id: str, field: str) -> None:
        with pytest.raises(gp.ArgumentError) as caught:
            gp.LogArchive.from_existing(log_bucket_id, project=gp.Project(id="acme-soc"))
        assert [p.field for p in caught.value.problems] == [field]

    def test_one_that_it_watches_is_refused_where_the_tier_keeps_logs_apart(self) -> None:
        own = gp.LogArchive.from_existing(
            "projects/acme-ml-dev/locations/global/buckets/_Default",
            project=gp.Project(id="acme-ml-dev", number="111111111111"),
        )
        with pytest.raises(gp.ArgumentError, match="is in a project that it watches"):
            self.routing(own)
        assert self.routing(own, gp.Tier.TEAM).inventory()[SINK] == 5

    def test_anything_else_is_refused(self) -> None:
        with pytest.raises(gp.ArgumentError, match="archive: is of the wrong type"):
            self.routing("projects/acme-soc/locations/global/buckets/all")  # type: ignore[arg-type] # what is tested


def test_overrides_reach_the_bucket() -> None:
    planned = archive(overrides={"bucket": {"enableAnalytics": True}})
    assert planned.one(BUCKET).inputs["enableAnalytics"] is True


def test_the_same_program_plans_the_same_and_long_names_fit() -> None:
    def program() -> None:
        gp.LogArchive("-".join(["archive"] * 20), archive_args(gp.Tier.LEARNER, None, {}))

    first, second = (plan(program).one(BUCKET).inputs["bucketId"] for _ in range(2))
    assert first == second
    assert len(first) <= 100


@pytest.mark.parametrize(
    ("wrong", "field", "fault"),
    [
        ({"keys": None}, "keys", "are missing"),
        ({"keys": KEY}, "keys", "wrong type"),
        ({"key": KEY}, "key", "wrong type"),
        ({"data_class": "internal"}, "data_class", "wrong type"),
        ({"retention_days": 0}, "retention_days", "out of range"),
        ({"retention_days": 4000}, "retention_days", "out of range"),
        ({"readers": ("auditors@acme.test",)}, "readers[0]", "no IAM principal"),
        ({"readers": ("user:a@acme.test",) * 2}, "readers", "twice"),
        ({"sources": ()}, "sources", "names no project"),
        ({"sources": ("acme-ml-dev",)}, "sources[0]", "wrong type"),
        ({"sources": (gp.Project(id="X"),)}, "sources[0].id", "no project id"),
        ({"sources": (gp.Project(id="acme-ml-dev"),) * 2}, "sources", "twice"),
    ],
)
def test_bad_input_is_refused_with_its_four_parts(wrong: dict[str, Any], field: str, fault: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        gp.LogArchive("logs", archive_args(gp.Tier.TEAM, None, wrong))
    problem = next(p for p in caught.value.problems if p.field == field)
    assert fault in problem.fault
    assert all((problem.given, problem.allowed, problem.remedy))


def test_a_class_without_a_key_is_refused() -> None:
    keys = gp.KeyRing.from_existing({gp.DataClass.PUBLIC: KEY}, project=gp.Project(id="acme-central"))
    with pytest.raises(gp.ArgumentError, match="have no key for confidential data"):
        gp.LogArchive("logs", archive_args(gp.Tier.TEAM, None, {"keys": keys}))


def test_regulated_refuses_logs_beside_what_they_record() -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        gp.LogArchive("logs", archive_args(gp.Tier.REGULATED, {}, {}))
    (problem,) = caught.value.problems
    assert (problem.field, problem.given) == ("env.projects.logs", "acme-ml-dev")
