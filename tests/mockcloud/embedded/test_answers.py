"""Functions of providers and outputs of other stacks: answered from settings, computed, or refused by name."""

from __future__ import annotations

import json

import pulumi
import pytest
from pulumi.runtime import invoke, invoke_output

from mockcloud import InvalidSettings, InvokeNotAnswered, StackReferenceNotAnswered, preview_program
from tests.conformance.programs import Cloud, Thing
from tests.mockcloud.embedded.helpers import SECRET, SIGNATURE, UNKNOWN, resources

TOKEN = "gcp:organizations/getProject:getProject"
POLICY = "gcp:organizations/getIAMPolicy:getIAMPolicy"
CLIENT = "gcp:organizations/getClientConfig:getClientConfig"
PLAIN_SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"hush-hush"'}
ENCRYPTED = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}


def ask() -> None:
    pulumi.export("plain", invoke(TOKEN, {"projectId": "p"}).value)
    pulumi.export("output", invoke_output(TOKEN, {"projectId": "p"}))


@pytest.mark.parametrize(
    "invokes",
    [
        {TOKEN: {"number": "12"}},
        {TOKEN: lambda arguments: {"number": "12"} if arguments == {"projectId": "p"} else {}},
        lambda token, arguments: {"number": "12"} if (token, arguments) == (TOKEN, {"projectId": "p"}) else None,
    ],
    ids=["result", "function", "one function"],
)
def test_a_function_is_answered_from_settings(invokes: object) -> None:
    preview = preview_program(ask, invokes=invokes)  # type: ignore[arg-type] # each of the three forms
    assert preview.outputs == {"plain": {"number": "12"}, "output": {"number": "12"}}
    assert "default" in resources(preview)  # the engine makes the provider that the call needs


def test_a_function_that_nobody_answers_is_refused_by_name() -> None:
    with pytest.raises(InvokeNotAnswered) as raised:
        preview_program(ask)
    assert TOKEN in raised.value.what
    assert f"invokes={{'{TOKEN}'" in raised.value.remedy
    assert raised.value.given == "arguments projectId"


def test_a_program_may_handle_the_refusal() -> None:
    def program() -> None:
        try:
            invoke(TOKEN, {})
        except Exception:  # noqa: BLE001 - as programs do
            pulumi.export("fallback", value=True)

    assert preview_program(program).outputs == {"fallback": True}


def test_a_function_of_something_unknown_is_unknown_and_not_asked() -> None:
    preview = preview_program(lambda: pulumi.export("x", invoke_output(TOKEN, {"projectId": Thing("thing").computed})))
    assert preview.outputs == {"x": UNKNOWN}


def test_a_secret_in_a_result_stays_secret() -> None:
    preview = preview_program(ask, invokes={TOKEN: {"key": PLAIN_SECRET}})
    assert preview.outputs["output"] == SECRET
    assert "hush-hush" not in json.dumps(preview.document["deployment"]).replace(
        json.dumps(preview.outputs["plain"]), ""
    )


@pytest.mark.parametrize("result", [3, [1], {"a": object()}, {1: 2}, "text"])
def test_a_result_that_is_none_is_refused(result: object) -> None:
    with pytest.raises(InvalidSettings, match=r"(?i)the result of"):
        preview_program(ask, invokes={TOKEN: result})


def test_an_iam_policy_is_computed() -> None:
    arguments = {
        "bindings": [
            {"role": "roles/b", "members": ["user:z@x.test", "user:a@x.test"]},
            {"role": "roles/a", "members": ["user:a@x.test"], "condition": {"title": "t", "expression": "true"}},
            {"role": "roles/b", "members": ["user:m@x.test", "user:a@x.test"]},
        ],
        "auditConfigs": [
            {
                "service": "allServices",
                "auditLogConfigs": [{"logType": "DATA_READ", "exemptedMembers": ["user:a@x.test"]}],
            }
        ],
    }
    outputs = preview_program(lambda: pulumi.export("p", invoke(POLICY, arguments).value)).outputs["p"]
    assert isinstance(outputs, dict)
    policy = json.loads(str(outputs["policyData"]))
    assert policy == {
        "auditConfigs": [
            {
                "auditLogConfigs": [{"exemptedMembers": ["user:a@x.test"], "logType": "DATA_READ"}],
                "service": "allServices",
            }
        ],
        "bindings": [
            {"condition": {"expression": "true", "title": "t"}, "members": ["user:a@x.test"], "role": "roles/a"},
            {"members": ["user:a@x.test", "user:m@x.test", "user:z@x.test"], "role": "roles/b"},
        ],
    }
    assert outputs["id"]


def test_an_empty_iam_policy_is_an_empty_object() -> None:
    outputs = preview_program(lambda: pulumi.export("p", invoke(POLICY, {}).value["policyData"])).outputs
    assert outputs == {"p": "{}"}


def test_the_client_configuration_is_the_providers() -> None:
    def program() -> None:
        pulumi.export("default", invoke(CLIENT, {}).value["project"])
        cloud = Cloud("cloud", {"project": "other", "defaultLabels": json.dumps({"team": "a"})})
        found = invoke(CLIENT, {}, pulumi.InvokeOptions(provider=cloud)).value
        pulumi.export("explicit", [found["project"], found["region"], found["defaultLabels"]])

    preview = preview_program(program, config={"gcp:project": "mine"})
    assert preview.outputs == {"default": "mine", "explicit": ["other", "", {"team": "a"}]}


def test_a_transform_of_calls_comes_first() -> None:
    def add(args: pulumi.InvokeTransformArgs) -> pulumi.InvokeTransformResult:
        return pulumi.InvokeTransformResult({**args.args, "added": True}, args.opts)

    def leave(args: pulumi.InvokeTransformArgs) -> None:
        return None

    def program() -> None:
        pulumi.runtime.register_invoke_transform(add)
        pulumi.runtime.register_invoke_transform(leave)
        ask()

    preview = preview_program(program, invokes={TOKEN: lambda arguments: arguments})
    assert preview.outputs["plain"] == {"added": True, "projectId": "p"}


def read_other() -> None:
    other = pulumi.StackReference("acme/network/prod")
    pulumi.export("subnet", other.get_output("subnet"))
    pulumi.export("key", other.get_output("key"))
    pulumi.export("hidden", other.get_output("hidden"))
    pulumi.export("missing", other.get_output("missing"))


@pytest.mark.parametrize("name", ["acme/network/prod", "network/prod"])
def test_a_stack_reference_is_answered_from_settings(name: str) -> None:
    outputs = {"subnet": "subnets/a", "key": PLAIN_SECRET, "hidden": ENCRYPTED}
    preview = preview_program(read_other, organization="acme", stack_references={name: outputs})
    assert preview.outputs == {"subnet": "subnets/a", "key": SECRET, "hidden": SECRET}
    state = resources(preview)["acme/network/prod"]
    assert (state["external"], state["id"], state["inputs"]) == (
        True,
        "acme/network/prod",
        {"name": "acme/network/prod"},
    )
    assert state["outputs"] == {
        "name": "acme/network/prod",
        "outputs": {"hidden": SECRET, "key": SECRET, "subnet": "subnets/a"},
        "secretOutputNames": ["hidden", "key"],
    }


@pytest.mark.parametrize("given", [None, {"acme/network/dev": {}}])
def test_a_stack_reference_that_nobody_answers_is_refused_by_name(given: dict[str, dict[str, object]] | None) -> None:
    with pytest.raises(StackReferenceNotAnswered) as raised:
        preview_program(read_other, stack_references=given)
    assert "'acme/network/prod'" in raised.value.what
    assert raised.value.given == ("outputs of acme/network/dev" if given else "outputs of no stack")


def test_a_required_output_that_is_missing_is_the_programs_failure() -> None:
    with pytest.raises(Exception, match="KeyError"):
        preview_program(
            lambda: pulumi.export("x", pulumi.StackReference("a/b/c").require_output("x")),
            stack_references={"a/b/c": {}},
        )
