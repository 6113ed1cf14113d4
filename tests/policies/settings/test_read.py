"""A settings file is read, or refused with the place, what is allowed and what to do."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from groundplan_policies.engine.control import full
from groundplan_policies.engine.levels import Level, Loosening, UnmetClause
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.engine.yamlfile import parse_yaml
from groundplan_policies.settings import Settings, SettingsError, read_settings, settings_schema, unmet_clauses
from groundplan_policies.settings.form import parameter_types
from tests.policies.engine.small import by_id, control

NET = control(id="NET-01", clauses=(full("cis", "4.9"),))
NET_LOW = control(id="NET-02", severity=Severity.LOW)
ENC = control(
    id="ENC-09",
    severity=Severity.MEDIUM,
    clauses=(full("cis", "1.11", key_rotation_days=90), full("google", "2.7")),
    settings=("key_rotation_days",),
)
CONTROLS = by_id(NET, NET_LOW, ENC)
DIGEST = f"sha256:{'a' * 64}"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str, name: str = "acme.yaml") -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def read(path: Path | str) -> Settings:
    return read_settings(path, controls=CONTROLS)


def refusal(path: Path | str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read(path)
    error = caught.value
    assert all((error.what, error.given, error.allowed, error.remedy))
    return error


def test_a_file_that_changes_nothing_is_the_tier_under_another_name(write: Write) -> None:
    settings = read(write("extends: team\n"))

    assert (settings.name, settings.tier) == ("acme", "team")
    assert settings.parameters == read("team").parameters
    assert settings.level(NET) is Level.BLOCK
    assert settings.level(ENC) is Level.WARN
    assert settings.loosened == ()


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ("{all: warn}", "warn warn warn"),
        ("{high: warn}", "warn block block"),
        ("{NET: warn}", "warn warn block"),
        ("{NET: warn, NET-02: block}", "warn block block"),
        ("{NET: off, low: warn, all: warn}", "off off warn"),
        ("{high: block, all: off}", "block off off"),
        ("{ENC-09: off}", "block block off"),
    ],
)
def test_the_most_special_level_counts(write: Write, levels: str, expected: str) -> None:
    settings = read(write(f"extends: regulated\nlevels: {levels}\n"))

    assert " ".join(settings.level(each).value for each in (NET, NET_LOW, ENC)) == expected


def test_what_a_file_says_comes_before_what_it_extends_however_special(write: Write) -> None:
    write("extends: regulated\nlevels: {NET-01: warn}\n", "base.yaml")

    assert read(write("extends: base.yaml\nlevels: {all: block}\n")).level(NET) is Level.BLOCK


def test_parameters_are_laid_over_those_extended(write: Write) -> None:
    settings = read(
        write(
            "extends: regulated\nparameters:\n  allowed_regions: [europe-west4, eu]\n"
            "  key_rotation_days: 30\n  residency: false\n  owner_pattern: 'team-.*'\n"
        )
    )

    assert settings.parameters.allowed_regions == ("europe-west4", "eu")
    assert settings.parameters.key_rotation_days == 30
    assert settings.parameters.residency is False
    assert settings.parameters.owner_pattern == "team-.*"
    assert settings.parameters.audit_retention_days == 400


def test_what_nobody_has_said_can_be_filled_in(write: Write) -> None:
    settings = read(write("extends: team\nparameters: {allowed_regions: [eu]}\n"))
    filled = settings.filled(allowed_regions=("us",), allowed_domains=("acme.test",), organization=None)

    assert filled.parameters.allowed_regions == ("eu",)
    assert filled.parameters.allowed_domains == ("acme.test",)
    assert filled.parameters.organization is None
    assert filled.loosened == settings.loosened


def test_approvers_add_up(write: Write) -> None:
    write("extends: team\napprovers: ['@acme/security']\n", "base.yaml")

    assert read(write("extends: base.yaml\napprovers: [ciso@acme.test]\n")).approvers == (
        "@acme/security",
        "ciso@acme.test",
    )


LOOSER = """\
extends: regulated
levels:
  high: warn
  ENC-09: off
parameters:
  key_rotation_days: 365
  allowed_regions: [eu]
  residency: false
loosened:
  - what: key_rotation_days
    author: ciso@acme.test
    reason: The keys are ours for a year.
    expires: 2026-12-31
"""


def test_what_is_looser_is_reported_with_who_answers_for_it(write: Write) -> None:
    path = write(LOOSER)

    level, off, rotation, residency = sorted(
        read(path).loosened, key=lambda each: ["high", "ENC-09", "key_rotation_days", "residency"].index(each.what)
    )
    assert (level.before, level.after) == ("block", "warn")
    assert "NET-01" in level.controls
    assert "ENC-09" not in level.controls
    assert "WVR-04" in level.controls
    assert (level.place, level.explained) == (f"{path.as_posix()}:3", False)
    assert (off.before, off.after, off.controls) == ("block", "off", ("ENC-09",))
    assert rotation == Loosening(
        what="key_rotation_days",
        before="90",
        after="365",
        controls=("ENC-09",),
        author="ciso@acme.test",
        reason="The keys are ours for a year.",
        expires=date(2026, 12, 31),
        place=f"{path.as_posix()}:6",
    )
    assert rotation.explained
    assert (residency.before, residency.after) == ("true", "false")


def test_a_tighter_value_is_not_reported(write: Write) -> None:
    text = "extends: team\nlevels: {all: block}\nparameters: {key_rotation_days: 30, key_protection: [HSM]}\n"

    assert read(write(text)).loosened == ()


def test_what_a_file_between_loosens_is_reported_until_it_is_tightened(write: Write) -> None:
    write(LOOSER, "base.yaml")
    kept = read(write("extends: base.yaml\n"))
    tightened = read(
        write("extends: base.yaml\nlevels: {NET-01: block, ENC-09: block}\nparameters: {key_rotation_days: 90}\n")
    )

    assert {each.what for each in kept.loosened} == {"high", "ENC-09", "key_rotation_days", "residency"}
    assert {each.what for each in tightened.loosened} == {"high", "residency"}
    assert all("NET-01" not in each.controls for each in tightened.loosened)


def test_what_a_file_loosens_of_a_file_that_asks_more_than_its_tier_is_reported(write: Write) -> None:
    write("extends: team\nlevels: {all: block}\n", "base.yaml")

    (found,) = read(write("extends: base.yaml\nlevels: {ENC-09: warn}\n")).loosened
    assert (found.what, found.before, found.after) == ("ENC-09", "block", "warn")


def test_loosened_settings_take_clauses_away(write: Write) -> None:
    settings = read(write(LOOSER))

    assert unmet_clauses(settings, CONTROLS.values()) == (
        UnmetClause(framework="cis", clause="1.11", control="ENC-09", reason="the settings switch the control off"),
        UnmetClause(framework="google", clause="2.7", control="ENC-09", reason="the settings switch the control off"),
        UnmetClause(
            framework="cis", clause="4.9", control="NET-01", reason="the settings loosen `high` from block to warn"
        ),
    )


def test_a_value_with_which_a_clause_is_not_met_takes_it_away_in_a_shipped_tier_too() -> None:
    assert unmet_clauses(read("regulated"), CONTROLS.values()) == ()
    assert [(each.clause, each.reason) for each in unmet_clauses(read("team"), CONTROLS.values())] == [
        ("1.11", "the settings have `key_rotation_days` 365, and the clause asks for 90")
    ]
    (unsaid,) = unmet_clauses(Settings(), CONTROLS.values())
    assert unsaid.reason == "the settings do not say `key_rotation_days`"


@pytest.mark.parametrize(
    ("text", "line", "given", "allowed"),
    [
        ("extends: team\nlevels:\n  NTE-01: warn\n", 3, "`NTE-01`", "NET-01"),
        ("extends: team\nlevels: {NET-01: wran}\n", 2, "`wran` for NET-01", "off, warn, block"),
        ("extends: team\nlevels: {NET-01: true}\n", 2, "`True` for NET-01", "off, warn, block"),
        ("extends: team\nlevels: [NET-01]\n", 2, "list", "a mapping"),
        ("extends: team\nparameters:\n  key_rotation_day: 30\n", 3, "`key_rotation_day`", "key_rotation_days"),
        ("extends: team\nparameters: {key_rotation_days: soon}\n", 2, "'soon'", "a whole number"),
        ("extends: team\nparameters: {key_rotation_days: -1}\n", 2, "'-1'", "a whole number"),
        ("extends: team\nparameters: {key_rotation_days: true}\n", 2, "'True'", "a whole number"),
        ("extends: team\nparameters: {residency: 1}\n", 2, "'1'", "true or false"),
        ("extends: team\nparameters: {residency: off}\n", 2, "'off'", "true or false"),
        ("extends: team\nparameters: {allowed_regions: eu}\n", 2, "'eu'", "a list of texts"),
        ("extends: team\nparameters: {allowed_regions: [1]}\n", 2, "int '1'", "a text"),
        ("extends: team\nparameters: {allowed_regions: null}\n", 2, "nothing", "a list of texts"),
        ("extends: team\nparameters: {provider_versions: 10}\n", 2, "'10'", "a text"),
        ("extends: team\nparameters: {owner_pattern: '('}\n", 2, "'('", "a regular expression"),
        ("extends: team\nparameters: {alert_patterns: [a, '(']}\n", 2, "['a', '(']", "a list of regular expressions"),
        ("extends: team\nparameters: {pipeline_components: [a]}\n", 2, "list", "a mapping"),
        ("extends: team\nparameters:\n  pipeline_components:\n    train: other\n", 4, "`train`", "64 hexadecimal"),
        (f"extends: team\nparameters:\n  pipeline_components:\n    {DIGEST}: ROLE\n", 4, "'ROLE'", "training"),
        (f"extends: team\nparameters:\n  pipeline_components:\n    {DIGEST}:\n", 4, "'None'", "training"),
        (f"extends: team\nparameters:\n  pipeline_components:\n    {DIGEST}: [other]\n", 4, "['other']", "training"),
        ("extends: team\nlevel: {}\n", 2, "`level`", "levels"),
        ("extends: team\nextends: learner\n", 2, "the key `extends` twice", "each key once"),
        ("levels: {}\n", 1, "a file without `extends`", "learner, team, regulated"),
        ("extends: taem\n", 1, "`taem`", "team"),
        ("extends: [team]\n", 1, "list", "a text"),
        ("extends: team\nloosened: [{what: NET-1, author: a, reason: b}]\n", 2, "`NET-1`", "NET-01"),
        ("extends: team\nloosened: [{what: high, reason: b}]\n", 2, "nothing", "a text"),
        ("extends: team\nloosened: [{what: high, author: a}]\n", 2, "nothing", "a text"),
        ("extends: team\nloosened: [{author: a, reason: b}]\n", 2, "nothing", "a text"),
        ("extends: team\nloosened: [{what: high, author: a, reason: b, expires: soon}]\n", 2, "'soon'", "YYYY-MM-DD"),
        ("extends: team\nloosened: [{what: high, author: a, reason: b, until: 1}]\n", 2, "`until`", "what"),
        (
            "extends: team\nloosened:\n- {what: high, author: a, reason: b}\n- {what: high, author: a, reason: b}\n",
            4,
            "`high`",
            "each once",
        ),
        ("extends: team\napprovers: security\n", 2, "str 'security'", "a list"),
        ("extends: team\nlevels: {\n", 3, "expected", "plain YAML"),
    ],
)
def test_a_fault_in_a_file_is_told_with_its_line(write: Write, text: str, line: int, given: str, allowed: str) -> None:
    error = refusal(write(text))

    assert given in error.given
    assert f"acme.yaml:{line}" in error.given
    assert allowed in error.allowed


def test_components_of_pipelines_get_roles_by_their_digests(write: Write) -> None:
    path = write(f"extends: team\nparameters:\n  pipeline_components: {{'{DIGEST}': training}}\n")
    settings = read(path)
    assert settings.parameters.pipeline_components == {DIGEST: "training"}
    assert settings.loosened == ()
    jsonschema.validate(parse_yaml(path.read_text(encoding="utf-8"), SettingsError, name="x").data, settings_schema())
    more = read(write(f"extends: {path}\nparameters:\n  pipeline_components: {{'{DIGEST}': other}}\n", "more.yaml"))
    assert [(each.what, each.before, each.after) for each in more.loosened] == [
        ("pipeline_components", f"{DIGEST} as training", f"{DIGEST} as other")
    ]


def test_a_tier_that_does_not_exist_comes_with_the_nearest() -> None:
    error = refusal("regluated")

    assert error.given == "regluated"
    assert error.allowed.startswith("regulated")


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert "none.yaml" in refusal(tmp_path / "none.yaml").given


def test_a_file_that_extends_one_that_does_not_exist_names_that(write: Write) -> None:
    assert "other.yml" in refusal(write("extends: other.yml\n")).given


def test_settings_that_extend_themselves_are_refused(write: Write) -> None:
    write("extends: acme.yaml\n", "base.yaml")

    assert "acme.yaml -> base.yaml -> acme.yaml" in refusal(write("extends: base.yaml\n")).given


def test_files_are_found_from_the_file_that_extends_them(write: Write, tmp_path: Path) -> None:
    write("extends: team\nlevels: {NET-01: off}\n", "base.yaml")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/acme.yaml").write_text("extends: ../base.yaml\n")

    assert read(tmp_path / "deep/acme.yaml").level(NET) is Level.OFF


def test_findings_about_waivers_have_levels_too(write: Write) -> None:
    settings = read(write("extends: regulated\nlevels: {WVR-13: warn, WVR: off}\n"))

    assert settings.level_for("WVR-13", Severity.MEDIUM) is Level.WARN
    assert settings.level_for("WVR-01", Severity.MEDIUM) is Level.OFF
    assert {each.what for each in settings.loosened} == {"WVR-13", "WVR"}


def test_without_any_settings_everything_blocks() -> None:
    assert Settings().level(NET_LOW) is Level.BLOCK


def test_the_schema_is_one_and_knows_every_parameter() -> None:
    schema = settings_schema()
    jsonschema.Draft202012Validator.check_schema(schema)

    assert set(parameter_types()) == set(Parameters.describe())
    jsonschema.validate(json.loads(json.dumps(parse_yaml(LOOSER, SettingsError, name="x").data, default=str)), schema)


@pytest.mark.parametrize(
    "value",
    [{"level": {}}, {"levels": {"NET-01": "wran"}}, {"parameters": {"residency": 1}}, {"approvers": "x"}]
    + [{"parameters": {"pipeline_components": {each: role}}} for each, role in (("x", "other"), (DIGEST, "ROLE"))],
)
def test_the_schema_refuses_what_the_reader_refuses(value: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, settings_schema())


def test_the_controls_of_the_package_are_the_default(write: Write) -> None:
    assert read_settings(write("extends: team\nlevels: {DAT-05: warn}\n")).loosened[0].controls == ("DAT-05",)


BYP = control(id="BYP-15", severity=Severity.HIGH)
WATCHED = by_id(NET, NET_LOW, ENC, BYP)


@pytest.mark.parametrize("levels", ["all: off", "all: warn", "high: off"])
def test_no_level_for_many_reaches_the_controls_on_ways_around(write: Write, levels: str) -> None:
    settings = read_settings(write(f"extends: regulated\nlevels: {{{levels}}}\n"), controls=WATCHED)

    assert settings.level(BYP) is Level.BLOCK
    assert settings.level(NET) is not Level.BLOCK
    assert [each.what for each in settings.loosened] == [levels.partition(":")[0]]
    assert "BYP-15" not in settings.loosened[0].controls


@pytest.mark.parametrize("key", ["BYP", "BYP-15"])
def test_a_level_that_blinds_them_is_refused(write: Write, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(write(f"extends: regulated\nlevels: {{{key}: warn}}\n"), controls=WATCHED)
    assert caught.value.given.startswith(f"`warn` for {key}")
    assert "acme.yaml:2" in caught.value.given


def test_they_may_be_asked_more(write: Write) -> None:
    settings = read_settings(write("extends: learner\nlevels: {BYP: block}\n"), controls=WATCHED)
    assert settings.level(BYP) is Level.BLOCK


def test_settings_on_top_of_others_keep_the_floor_of_the_tier(write: Write) -> None:
    write("extends: regulated\nlevels: {all: warn}\n", "base.yaml")
    settings = read_settings(write("extends: base.yaml\nlevels: {all: off}\n"), controls=WATCHED)
    assert settings.level(BYP) is Level.BLOCK


def test_to_say_again_what_the_tier_says_is_no_fault(write: Write) -> None:
    settings = read_settings(write("extends: regulated\nlevels: {BYP: block, BYP-15: block}\n"), controls=WATCHED)
    assert (settings.level(BYP), settings.loosened) == (Level.BLOCK, ())
