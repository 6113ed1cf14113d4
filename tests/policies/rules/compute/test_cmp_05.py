from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_05 import CONTROL
from groundplan_policies.rules.compute.metadata import MACHINES
from tests.policies.rules.harness import PROJECT, R, secret, stated_verdicts, verdict

SAID = {"enable-oslogin": "TRUE", "block-project-ssh-keys": "true"}


def machine(type_: str, metadata: Any) -> R:
    inputs = {"gceSetup": {"metadata": metadata}} if type_ == "workbench.Instance" else {"metadata": metadata}
    return R(type_, {"project": PROJECT, **inputs}, "machine")


test_stated = stated_verdicts(
    CONTROL,
    [
        *(machine(type_, SAID) for type_ in MACHINES),
        R("compute.ProjectMetadata", {"metadata": SAID, "project": "acme-other"}, "all"),
        R("compute.ProjectMetadataItem", {"key": "enable-oslogin", "value": "TRUE", "project": "acme-other"}, "item"),
    ],
)


def judged(metadata: Any, *others: R, type_: str = "compute.Instance") -> Verdict:
    return verdict(CONTROL, machine(type_, metadata), *others)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("true", Verdict.FAIL),
        ("1", Verdict.FAIL),
        ("yes", Verdict.FAIL),
        ("Y", Verdict.FAIL),
        pytest.param(1, Verdict.FAIL, id="number"),
        (True, Verdict.FAIL),
        ("false", Verdict.PASS),
        ("0", Verdict.PASS),
        (secret(), Verdict.INDETERMINATE),
    ],
)
@pytest.mark.parametrize("type_", list(MACHINES))
def test_the_serial_port_is_closed(type_: str, value: object, expected: Verdict) -> None:
    assert judged({**SAID, "serial-port-enable": value}, type_=type_) is expected


@pytest.mark.parametrize("key", ["ssh-keys", "sshKeys"])
def test_there_are_no_keys(key: str) -> None:
    assert judged({**SAID, key: "alice:ssh-rsa AAAA"}) is Verdict.FAIL
    assert judged({**SAID, key: ""}) is Verdict.PASS


@pytest.mark.parametrize("key", list(SAID))
def test_login_is_by_iam(key: str) -> None:
    assert judged({**SAID, key: "false"}) is Verdict.FAIL
    assert judged({**SAID, key: UNKNOWN}) is Verdict.INDETERMINATE
    rest = {each: value for each, value in SAID.items() if each != key}
    assert judged(rest) is Verdict.FAIL
    assert judged(rest, type_="tpu.V2Vm") is Verdict.PASS


def project(metadata: Any, of: str = PROJECT) -> R:
    return R("compute.ProjectMetadata", {"metadata": metadata, "project": of}, "project")


def item(key: str, value: Any, of: str = PROJECT) -> R:
    return R("compute.ProjectMetadataItem", {"key": key, "value": value, "project": of}, key)


def test_the_project_may_say_it_for_all() -> None:
    assert judged({}, project(SAID)) is Verdict.PASS
    assert judged({}, *(item(key, value) for key, value in SAID.items())) is Verdict.PASS
    assert judged({}, project(SAID, "acme-other")) is Verdict.FAIL
    assert judged({"enable-oslogin": "false"}, project(SAID)) is Verdict.FAIL


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (SAID, Verdict.PASS),
        ({"enable-oslogin": "FALSE"}, Verdict.FAIL),
        ({"ssh-keys": "alice:ssh-rsa AAAA"}, Verdict.FAIL),
        ({"serial-port-enable": "true"}, Verdict.FAIL),
        ({"other": "x"}, Verdict.PASS),
    ],
)
def test_what_a_project_says_is_judged_too(metadata: Any, expected: Verdict) -> None:
    assert verdict(CONTROL, project(metadata)) is expected
    [(key, value)] = list(metadata.items())[:1]
    assert verdict(CONTROL, item(key, value)) is expected
