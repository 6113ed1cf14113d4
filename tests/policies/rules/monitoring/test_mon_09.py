"""MON-09: Security Command Center is wired."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.mon_09 import CONTROL
from tests.policies.rules.harness import PARAMETERS, PROJECT, R, outcome, outcomes, stated_verdicts

HERE = replace(PARAMETERS, monitoring_elsewhere=False, posture_elsewhere=False)
ELSEWHERE = replace(HERE, posture_elsewhere=True)
TOPIC = R("pubsub.Topic", {"project": PROJECT, "name": "found"}, "topic")
OF_PROJECT = ("securitycenter.ProjectNotificationConfig", "securitycenter.V2ProjectNotificationConfig")
WIDE = (
    "securitycenter.NotificationConfig",
    "securitycenter.FolderNotificationConfig",
    "securitycenter.V2FolderNotificationConfig",
    "securitycenter.V2OrganizationNotificationConfig",
)
POSTURE = R("securityposture.PostureDeployment", {"parent": "organizations/1", "postureId": "strict"}, "posture")
FRAMEWORK = R(
    "cloudsecuritycompliance.FrameworkDeployment",
    {"parent": "organizations/1", "framework": {"framework": "f"}},
    "framework",
)


def sends(type_: str = OF_PROJECT[0], name: str = "it", project: str = PROJECT) -> R:
    said = {"project": project, "pubsubTopic": UNKNOWN, "streamingConfig": {"filter": 'state="ACTIVE"'}}
    return R(type_, said, name, {"pubsubTopic": TOPIC.urn})


test_stated_verdicts = stated_verdicts(
    CONTROL, [*(sends(each) for each in (*OF_PROJECT, *WIDE)), POSTURE, FRAMEWORK], TOPIC, parameters=HERE
)


def test_a_topic_of_another_document_tells_nothing() -> None:
    named = R(OF_PROJECT[0], {"pubsubTopic": "projects/acme-soc/topics/found"})
    found = outcome(CONTROL, named, TOPIC)
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, "pubsubTopic")
    by_name = R(OF_PROJECT[0], {"pubsubTopic": f"projects/{PROJECT}/topics/found"})
    assert outcome(CONTROL, by_name, TOPIC).verdict is Verdict.PASS


@pytest.mark.parametrize("posture", [POSTURE, FRAMEWORK])
def test_every_project_sends_and_is_held_to_something(posture: R) -> None:
    assert outcomes(CONTROL, TOPIC, sends(), posture, parameters=HERE)[""].verdict is Verdict.PASS
    other = R("kms.KeyRing", {"project": "acme-keys"}, "ring")
    found = outcomes(CONTROL, TOPIC, other, sends(), posture, parameters=HERE)[""]
    assert [(each.shown, "nowhere" in each.message) for each in found.reasons] == [("acme-keys", True)]
    more = sends(OF_PROJECT[1], "two", "acme-keys")
    assert outcomes(CONTROL, TOPIC, other, sends(), more, posture, parameters=HERE)[""].verdict is Verdict.PASS


@pytest.mark.parametrize("type_", WIDE)
def test_what_is_above_projects_holds_for_all(type_: str) -> None:
    other = R("kms.KeyRing", {"project": "acme-keys"}, "ring")
    expected = Verdict.INDETERMINATE if "Folder" in type_ else Verdict.PASS
    assert outcomes(CONTROL, TOPIC, other, sends(type_), POSTURE, parameters=HERE)[""].verdict is expected


@pytest.mark.parametrize(
    ("elsewhere", "expected"), [(True, Verdict.DECLARED), (None, Verdict.INDETERMINATE), (False, Verdict.FAIL)]
)
def test_the_settings_say_what_is_elsewhere(elsewhere: bool | None, expected: Verdict) -> None:
    posture = replace(HERE, posture_elsewhere=elsewhere)
    assert outcomes(CONTROL, TOPIC, sends(), parameters=posture)[""].verdict is expected
    sent = replace(HERE, monitoring_elsewhere=elsewhere)
    assert outcomes(CONTROL, TOPIC, POSTURE, parameters=sent)[""].verdict is expected


def test_without_resources_there_is_nothing_to_watch() -> None:
    assert outcomes(CONTROL, parameters=HERE) == {}
    assert outcomes(CONTROL, TOPIC, sends(), parameters=ELSEWHERE)[""].verdict is Verdict.DECLARED


def test_what_is_no_text_is_no_topic() -> None:
    found = outcome(CONTROL, R(OF_PROJECT[0], {"pubsubTopic": 7}), TOPIC)
    assert (found.verdict, found.reasons[0].message) == (
        Verdict.INDETERMINATE,
        "is a number where a topic is expected",
    )


def test_a_notification_of_an_unknown_project_may_be_the_one() -> None:
    some = sends(project=UNKNOWN)
    assert outcomes(CONTROL, TOPIC, some, POSTURE, parameters=HERE)[""].verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('state = "ACTIVE"', Verdict.PASS),
        ('severity="HIGH" OR severity="CRITICAL"', Verdict.PASS),
        ('state="ACTIVE" AND NOT category="OPEN_FIREWALL"', Verdict.PASS),
        ('severity="CRITICAL"', Verdict.FAIL),
        ('severity="LOW"', Verdict.FAIL),
        ('state="INACTIVE"', Verdict.FAIL),
        ('NOT state="ACTIVE"', Verdict.FAIL),
        ("(", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_a_filter_keeps_out_nothing_that_is_active_and_grave(text: str, expected: Verdict) -> None:
    sent = sends()
    filtered = R(sent.type, {**sent.inputs, "streamingConfig": {"filter": text}}, sent.name, sent.origins)
    found = outcome(CONTROL, filtered, TOPIC)
    assert found.verdict is expected
    assert {each.path for each in found.reasons} <= {"streamingConfig.filter"}
