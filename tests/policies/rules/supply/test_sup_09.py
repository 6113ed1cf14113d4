"""SUP-09: steps of builds are pinned, and hold no secrets."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_09 import CONTROL
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, urn, verdict

TRIGGER = "cloudbuild.Trigger"
IMAGE = "gcr.io/acme/build@sha256:" + "0123456789abcdef" * 4
GOOD = R(
    TRIGGER,
    {
        "substitutions": {"_TEST": "make test"},
        "build": {
            "steps": [{"name": IMAGE, "envs": ["MODE=fast"], "args": ["build", "--tag=v1"], "script": "make"}],
            "substitutions": {"_MODE": "fast"},
            "options": {"envs": ["HTTPS_PROXY=http://10.0.0.2:443"]},
        },
    },
)

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize("name", ["gcr.io/cloud-builders/docker", "gcr.io/acme/build:v1", "ubuntu", "$_IMAGE"])
def test_a_step_without_a_digest_fails(name: str) -> None:
    steps = [{"name": IMAGE}, {"name": name}]
    found = outcome(CONTROL, R(TRIGGER, {"build": {"steps": steps}}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("build.steps[1].name", "")]


def test_a_step_that_is_known_in_part_is_judged_by_its_end() -> None:
    digest = IMAGE.partition("@")[2]
    for end, expected in ((f"/build@{digest}", Verdict.PASS), ("/build:v1", Verdict.FAIL), ("", Verdict.INDETERMINATE)):
        assert verdict(CONTROL, R(TRIGGER, {"build": {"steps": [{"name": UNKNOWN + end}]}})) is expected


PLACES: list[tuple[str, Any, str]] = [
    ("substitutions", {"_DB_PASSWORD": "hunter2"}, "substitutions._DB_PASSWORD"),
    ("build.substitutions", {"_API_KEY": "12345"}, "build.substitutions._API_KEY"),
    ("build.steps.envs", ["MODE=fast", "TOKEN=hunter2"], "build.steps[0].envs[1]"),
    ("build.steps.args", ["build", "--password=hunter2"], "build.steps[0].args[1]"),
    ("build.steps.args", ["ghp_" + "a1B2" * 9], "build.steps[0].args[0]"),
    ("build.options.envs", ["TOKEN=hunter2"], "build.options.envs[0]"),
    ("build.steps.args", ["login", "--password", "hunter2"], "build.steps[0].args[2]"),
    ("build.steps.args", ["-c", "export DB_PASSWORD=hunter2 && make"], "build.steps[0].args[1]"),
    ("build.steps.args", ["--client-secret=hunter2"], "build.steps[0].args[0]"),
    ("build.steps.args", ["--secret", "hunter2"], "build.steps[0].args[1]"),
    ("build.steps.script", "DB_PASSWORD=hunter2 make", "build.steps[0].script"),
    ("build.steps.script", "curl -H 'x: ghp_" + "a1B2" * 9 + "'", "build.steps[0].script"),
]


@pytest.mark.parametrize(
    ("path", "value", "place"), PLACES, ids=[f"{each[2]} {index}" for index, each in enumerate(PLACES)]
)
def test_a_secret_that_is_written_down_fails_and_is_not_shown(path: str, value: object, place: str) -> None:
    found = outcome(CONTROL, R(TRIGGER, put(GOOD.inputs, path, value)))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(place, "")]


def test_a_secret_is_found_even_if_the_build_is_elsewhere() -> None:
    found = outcome(CONTROL, R(TRIGGER, {"filename": "cloudbuild.yaml", "substitutions": {"_TOKEN": "hunter2"}}))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["substitutions._TOKEN", "filename"]


def test_a_build_elsewhere_is_not_seen() -> None:
    assert verdict(CONTROL, R(TRIGGER, {"filename": "cloudbuild.yaml"})) is Verdict.INDETERMINATE


@pytest.mark.parametrize("value", ["TOKEN=$_TOKEN", "TOKEN=", "TOKEN", "a b TOKEN=$x", "TOKEN_FILE=/workspace/t"])
def test_what_points_at_a_secret_or_names_none_passes(value: str) -> None:
    assert verdict(CONTROL, R(TRIGGER, put(GOOD.inputs, "build.steps.envs", [value]))) is Verdict.PASS


@pytest.mark.parametrize(
    "args",
    [
        ["login", "--password", "$$PASSWORD"],
        ["login", "--username", "bot", "--password-stdin", "europe-docker.pkg.dev"],
        ["run", "deploy", "app", "--set-secrets", "DB_PASSWORD=db:3"],
        ["run", "deploy", "app", "--set-secrets=DB_PASSWORD=db:3"],
        ["secrets", "versions", "access", "latest", "--secret=db"],
        ["secrets", "versions", "access", "latest", "--secret", "db"],
        ["-c", "PASSWORD=$(gcloud secrets versions access latest --secret=db) make"],
        ["--token", "--verbose"],
        ["functions", "deploy", "f", "--set-secrets", "TOKEN=db:3"],
        ["--print the token", "now"],
    ],
    ids=str,
)
def test_commands_that_name_secrets_and_hold_none_pass(args: list[str]) -> None:
    assert verdict(CONTROL, R(TRIGGER, put(GOOD.inputs, "build.steps.args", args))) is Verdict.PASS


def test_what_a_webhook_brings_is_no_secret_written_down() -> None:
    bound = R(TRIGGER, put(GOOD.inputs, "substitutions", {"_TOKEN": "$(body.message.token)"}))
    assert verdict(CONTROL, bound) is Verdict.PASS


def test_the_value_of_an_option_that_is_known_later_is_unclear() -> None:
    args = ["--token", UNKNOWN]
    assert verdict(CONTROL, R(TRIGGER, put(GOOD.inputs, "build.steps.args", args))) is Verdict.INDETERMINATE


def test_a_long_number_may_be_a_digest() -> None:
    found = outcome(CONTROL, R(TRIGGER, put(GOOD.inputs, "substitutions", {"_X": "0123456789abcdef" * 2})))
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, "substitutions._X")


@pytest.mark.parametrize(
    ("name", "text", "source", "expected"),
    [
        ("_BUCKET", UNKNOWN, "storage.Bucket", Verdict.PASS),
        ("_BUCKET", UNKNOWN, "", Verdict.INDETERMINATE),
        *(
            ("_BUCKET", UNKNOWN, each, Verdict.INDETERMINATE)
            for each in (
                *("serviceaccount.Key", "storage.HmacKey", "projects.ApiKey", "sql.User", "alloydb.User"),
                *("secretmanager.SecretVersion", "secretmanager.RegionalSecretVersion"),
            )
        ),
        ("_BUCKET", UNKNOWN, "random:index/randomPassword:RandomPassword", Verdict.INDETERMINATE),
        ("_TOKEN", UNKNOWN, "storage.Bucket", Verdict.INDETERMINATE),
        ("_BUCKET", f"{UNKNOWN}/ghp_" + "a1B2" * 9, "storage.Bucket", Verdict.FAIL),
    ],
)
def test_what_is_known_later_is_judged_by_its_source(name: str, text: str, source: str, expected: Verdict) -> None:
    others = [R(source, {}, "s")] if source else []
    origins = {f"substitutions.{name}": urn(source, "s")} if source else {}
    found = R(TRIGGER, put(GOOD.inputs, "substitutions", {name: text}), origins=origins)
    assert verdict(CONTROL, found, *others) is expected


def test_a_pair_that_is_known_later_is_judged_by_its_name_and_source() -> None:
    bucket = R("storage.Bucket", {}, "b")
    for pair, expected in ((f"BUCKET={UNKNOWN}", Verdict.PASS), (f"TOKEN={UNKNOWN}", Verdict.INDETERMINATE)):
        found = R(
            TRIGGER, put(GOOD.inputs, "build.options.envs", [pair]), origins={"build.options.envs[0]": bucket.urn}
        )
        assert verdict(CONTROL, found, bucket) is expected


def test_of_several_sources_each_must_be_harmless() -> None:
    bucket, key = R("storage.Bucket", {}, "b"), R("serviceaccount.Key", {}, "k")
    path = "substitutions._X"
    for origins, expected in (([bucket.urn], Verdict.PASS), ([bucket.urn, key.urn], Verdict.INDETERMINATE)):
        found = R(TRIGGER, put(GOOD.inputs, "substitutions", {"_X": UNKNOWN}), origins={path: origins})
        assert verdict(CONTROL, found, bucket, key) is expected
