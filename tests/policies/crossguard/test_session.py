"""What the controls say while a stack is planned and deployed, and what they leave for its end."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from groundplan_policies.crossguard.registered import Provider, Registered
from groundplan_policies.crossguard.session import GUARDRAILS, Session, StackAnswer, Violation
from groundplan_policies.engine import Resource
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.names import token
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, declared, fail, indeterminate
from groundplan_policies.settings.model import Settings
from groundplan_policies.waivers import Waiver
from tests.policies.engine.small import DAY, HAS_A_BUCKET, PRIVATE, PUBLIC, by_id, control, evaluated
from tests.policies.rules.harness import STACK, R, secret, urn

PROVIDER = Provider(urn="urn:pulumi:dev::shop::pulumi:providers:gcp::it", type="pulumi:providers:gcp", inputs={})
ROOT = Registered(urn=STACK, type="pulumi:pulumi:Stack", properties={})


def bucket(inputs: Mapping[str, Any], name: str = "it", **more: Any) -> Registered:
    return Registered(
        **{
            "urn": urn("storage.Bucket", name),
            "type": token("storage.Bucket"),
            "properties": inputs,
            "provider": PROVIDER,
            "parent": STACK,
            **more,
        }
    )


def session(*controls: Control, **more: Any) -> Session:
    return Session(
        more.pop("settings", Settings()), controls=by_id(*(controls or (control(),))), **{"as_of": DAY, **more}
    )


def end(of: Session, *resources: Registered, dry_run: bool = True) -> StackAnswer:
    return of.at_the_end([*resources, ROOT], dry_run=dry_run)


def run(of: Session, *resources: Registered, dry_run: bool = True) -> tuple[list[Violation], StackAnswer]:
    early = [each for one in (ROOT, *resources) for each in of.before(one)]
    return early, end(of, *resources, dry_run=dry_run)


def asks_for_others(resource: Resource, context: Context) -> Outcome:
    return PASS if context.graph.referrers(resource) else fail("nobody uses it")


def raises(resource: Resource, _: Context) -> Outcome:
    raise ValueError(resource.inputs["canary"])


def test_what_fails_by_itself_is_told_before_it_is_made_and_once() -> None:
    early, answer = run(session(), bucket(PUBLIC))

    assert early == [
        Violation(
            policy="TST-01",
            title="Buckets are private",
            message="fails: publicAccessPrevention: is not enforced (inherited)\nTo do: Mend it.",
            urn=urn("storage.Bucket", "it"),
            level=Level.BLOCK,
            severity=Severity.HIGH,
        )
    ]
    assert answer.violations == ()
    assert answer.no_pass == {"TST-01": "It was told with the resources."}


def test_a_pass_is_silent() -> None:
    assert run(session(), bucket(PRIVATE)) == ([], StackAnswer(violations=(), no_pass={}))


def test_a_resource_that_is_shown_again_is_told_again() -> None:
    one = session()
    assert one.before(bucket(PUBLIC))
    assert one.before(bucket(PRIVATE)) == ()
    assert end(one, bucket(PRIVATE)).no_pass == {}


def test_a_run_ends_with_the_stack() -> None:
    one = session()
    run(one, bucket(PUBLIC))
    (found,) = end(one, bucket(PUBLIC)).violations

    assert found.policy == "TST-01"


def test_what_only_the_stack_can_tell_is_left_for_the_end() -> None:
    early, answer = run(session(control(checks={"storage.Bucket": asks_for_others})), bucket(PUBLIC))

    assert early == []
    assert [each.message.splitlines()[0] for each in answer.violations] == ["fails: nobody uses it"]


def test_a_default_of_the_provider_counts_at_once() -> None:
    def in_europe(resource: Resource, context: Context) -> Outcome:
        return PASS if context.graph.effective(resource, "region").text == "europe-west4" else fail("is elsewhere")

    one = session(control(checks={"storage.Bucket": in_europe}))
    elsewhere = Provider(urn=PROVIDER.urn, type=PROVIDER.type, inputs={"region": "us-central1"})

    assert one.before(bucket({}, provider=elsewhere))
    assert one.before(bucket({"region": "europe-west4"}, provider=elsewhere)) == ()
    # Without a provider nobody knows its defaults.
    assert one.before(bucket({}, provider=None)) == ()


def test_the_stack_as_a_whole_is_told_at_the_end() -> None:
    early, answer = run(session(HAS_A_BUCKET))

    assert early == []
    assert [(each.policy, each.urn) for each in answer.violations] == [("TST-02", "")]


@pytest.mark.parametrize(("dry_run", "level"), [(True, Level.WARN), (False, Level.BLOCK)])
def test_a_value_that_the_deployment_computes_stops_no_preview(dry_run: bool, level: Level) -> None:
    early, answer = run(session(), bucket({"publicAccessPrevention": UNKNOWN}), dry_run=dry_run)

    assert early == []
    (found,) = answer.violations
    assert found.message.startswith("indeterminate: publicAccessPrevention: is known only after the deployment")
    assert found.level is level
    assert ("The deployment is looked at again" in found.message) is dry_run


def test_a_doubt_that_no_deployment_removes_stops_a_preview() -> None:
    _, answer = run(session(), bucket({"publicAccessPrevention": secret(), "name": UNKNOWN}))

    assert [each.level for each in answer.violations] == [Level.BLOCK]


def test_a_doubt_that_is_only_partly_the_deployment_s_stops_a_preview() -> None:
    def two(resource: Resource, _: Context) -> Outcome:
        first, second = indeterminate("is unknown", "name"), indeterminate("is odd", "location")
        return Outcome(first.verdict, first.reasons + second.reasons)

    _, answer = run(session(control(checks={"storage.Bucket": two})), bucket({"name": UNKNOWN, "location": 7}))

    assert [each.level for each in answer.violations] == [Level.BLOCK]


def test_an_advisory_control_stays_advisory() -> None:
    early, _ = run(session(settings=Settings(layers=({"all": Level.WARN},))), bucket(PUBLIC))

    assert [each.level for each in early] == [Level.WARN]


def test_a_control_that_is_off_is_not_asked() -> None:
    early, answer = run(session(settings=Settings(layers=({"all": Level.OFF},))), bucket(PUBLIC))

    assert early == []
    assert answer == StackAnswer(violations=(), no_pass={"TST-01": "The settings switch it off."})


def waiver(fingerprint: str, expires: date = date(2026, 6, 30)) -> Waiver:
    return Waiver(
        control="TST-01",
        urn=urn("storage.Bucket", "it"),
        type=token("storage.Bucket"),
        reason="A partner reads it.",
        ticket="SEC-1",
        owner="ana@acme.test",
        approver="ben@acme.test",
        issued=date(2026, 6, 1),
        expires=expires,
        fingerprints=(fingerprint,),
        approver_owns=True,
        place="waivers.yaml:2",
    )


def test_a_waiver_silences_and_is_no_pass() -> None:
    fingerprint = evaluated(R("storage.Bucket", PUBLIC)).findings[0].fingerprint
    early, answer = run(session(waivers=(waiver(fingerprint),)), bucket(PUBLIC))

    assert early == []
    assert answer.violations == ()
    assert answer.no_pass == {"TST-01": "A waiver silences it, which is no pass."}


def test_a_waiver_that_has_lapsed_silences_nothing_and_is_told() -> None:
    early, answer = run(session(waivers=(waiver("0" * 32),)), bucket(PUBLIC))

    assert early == []
    assert [each.policy for each in answer.violations] == ["TST-01", "WVR-08"]
    assert answer.violations[1].message.startswith("waivers.yaml:2: TST-01: ")


def test_a_rule_at_fault_is_told_once_without_what_it_says() -> None:
    early, answer = run(session(control(checks={"storage.Bucket": raises})), bucket({"canary": "s3cr3t"}))

    assert early == []
    (found,) = answer.violations
    assert found.message.startswith("the rule itself is at fault: ValueError")
    assert found.level is Level.BLOCK
    assert "s3cr3t" not in repr(answer)


def test_an_answer_that_is_none_is_told_at_the_end() -> None:
    early, answer = run(session(control(checks={"storage.Bucket": lambda *_: "pass"})), bucket({}))

    assert early == []
    assert [each.message.partition(".")[0] for each in answer.violations] == ["the rule itself is at fault: TypeError"]


def test_a_type_that_nobody_has_reviewed_is_told() -> None:
    odd = Registered(urn="urn:pulumi:dev::shop::odd:a/b:B::it", type="odd:a/b:B", properties={}, provider=PROVIDER)
    _, answer = run(session(), odd)

    (found,) = answer.violations
    assert (found.policy, found.level) == (GUARDRAILS, Level.BLOCK)
    assert found.message.startswith("nobody has reviewed odd:a/b:B, of which there are 1")


def test_a_component_is_not_looked_at() -> None:
    part = Registered(urn="urn:pulumi:dev::shop::acme:ml:Team::it", type="acme:ml:Team", properties=PUBLIC)
    early, answer = run(session(control(checks={"*": raises})), part)

    assert early == []
    assert answer.violations == ()


def test_a_declaration_is_no_pass() -> None:
    says_so = control(checks={"storage.Bucket": lambda *_: declared("somebody says so")})

    assert run(session(says_so), bucket({}))[1] == StackAnswer(
        violations=(), no_pass={"TST-01": "Somebody says so, which is no pass."}
    )


def test_nothing_to_look_at_is_no_pass() -> None:
    assert run(session())[1].no_pass == {"TST-01": "There is nothing that it could look at."}


def test_what_the_engine_does_not_show_is_no_pass() -> None:
    blind = control(reads=(Read("*", "document:hooks"), Read("*", "document:protect"), Read("*", "request:transforms")))

    assert run(session(blind), bucket(PRIVATE))[1].no_pass == {
        "TST-01": "The engine does not show policy packs what it reads: hooks, transforms."
    }


def test_inputs_count_and_not_what_a_provider_answers() -> None:
    one = session()
    one.before(ROOT)
    one.before(bucket(PRIVATE))

    assert end(one, bucket(PUBLIC), dry_run=False).violations == ()


def test_of_a_resource_that_was_not_shown_only_what_is_there_is_believed() -> None:
    assert [each.message.splitlines()[0] for each in end(session(), bucket(PUBLIC)).violations] == [
        "fails: publicAccessPrevention: is not enforced (inherited)"
    ]
    assert [each.message.splitlines()[0] for each in end(session(), bucket({"location": "EU"})).violations] == [
        "indeterminate: publicAccessPrevention: is not in the document: the resource is only read here"
    ]


def test_a_part_of_a_stack_passes_nothing_stack_wide() -> None:
    whole, part = session(HAS_A_BUCKET), session(HAS_A_BUCKET)
    run_ = bucket(PRIVATE, dependencies=(urn("kms.CryptoKey", "k"),))

    assert end(whole, bucket(PRIVATE)).violations == ()
    assert [each.message.splitlines()[0] for each in end(part, run_).violations] == [
        "indeterminate: the document does not hold the whole deployment"
    ]
    assert [each.policy for each in session(HAS_A_BUCKET).at_the_end([bucket(PRIVATE)], dry_run=True).violations] == [
        "TST-02"
    ]


def test_a_provider_that_is_only_shown_beside_a_resource_is_in_the_document() -> None:
    def only_there(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
        yield None, PASS if next(context.graph.of("Provider"), None) is not None else fail("has no provider")

    assert end(session(control(checks={}, stack=only_there)), bucket(PRIVATE)).violations == ()
