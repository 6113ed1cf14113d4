from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_05 import CONTROL
from groundplan_policies.rules.compute.metadata import MACHINES, OF_MANY
from groundplan_policies.rules.encryption.copies import COPIES
from tests.policies.rules.harness import PROJECT, R, put, secret, stated_verdicts, verdict

SAID = {"enable-oslogin": "TRUE", "block-project-ssh-keys": "true"}


def machine(type_: str, metadata: Any) -> R:
    inputs = {"gceSetup": {"metadata": metadata}} if type_ == "workbench.Instance" else {"metadata": metadata}
    return R(type_, {"project": PROJECT, **inputs}, "machine")


def of_many(type_: str, *paths: str, metadata: Any = SAID) -> R:
    inputs: Mapping[str, Any] = {"project": "acme-other"}
    for path in paths:
        inputs = put(inputs, path, metadata)
    return R(type_, inputs, "many")


test_stated = stated_verdicts(
    CONTROL,
    [
        *(machine(type_, SAID) for type_ in (*MACHINES, *COPIES)),
        *(of_many(type_, *paths) for type_, paths in OF_MANY.items() if type_ != "compute.ProjectMetadata"),
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


@pytest.mark.parametrize("key", ["ssh-keys", "sshKeys", "windows-keys"])
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


def test_a_project_that_is_the_provider_s_default_is_the_same_for_both() -> None:
    bare = R("compute.ProjectMetadata", {"metadata": SAID}, "project")
    assert verdict(CONTROL, R("compute.Instance", {}, "machine"), bare) is Verdict.PASS
    assert verdict(CONTROL, machine("compute.Instance", {}), bare) is Verdict.FAIL


def test_of_several_words_for_a_project_the_no_counts() -> None:
    yes, no = project(SAID), item("enable-oslogin", "FALSE")
    assert judged({}, yes, no) is Verdict.FAIL
    assert judged({}, no, yes) is Verdict.FAIL
    assert judged({}, yes, item("enable-oslogin", UNKNOWN)) is Verdict.INDETERMINATE


@pytest.mark.parametrize("type_", COPIES)
def test_a_copy_has_the_metadata_of_its_template_unless_it_has_its_own(type_: str) -> None:
    template = R("compute.InstanceTemplate", {"name": "base", "project": PROJECT, "metadata": SAID}, "base")
    source = "sourceInstanceTemplate" if type_.endswith("Template") else "sourceMachineImage"
    copied, origins = {"project": PROJECT, source: UNKNOWN}, {source: template.urn}
    assert verdict(CONTROL, R(type_, copied, origins=origins), template) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(type_, {**copied, "metadata": {"a": "b"}}, origins=origins), template) is Verdict.FAIL
    assert verdict(CONTROL, R(type_, {**copied, "metadata": SAID}, origins=origins), template) is Verdict.PASS


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"serial-port-enable": "TRUE"}, Verdict.FAIL),
        ({"ssh-keys": "eve:ssh-rsa AAAA"}, Verdict.FAIL),
        ({"enable-oslogin": "FALSE"}, Verdict.FAIL),
        ({"block-project-ssh-keys": UNKNOWN}, Verdict.INDETERMINATE),
        ({"disable-legacy-endpoints": "true"}, Verdict.PASS),
        ("all", Verdict.INDETERMINATE),
    ],
)
@pytest.mark.parametrize("type_", list(OF_MANY))
def test_what_is_for_several_machines_undoes_nothing(type_: str, metadata: Any, expected: Verdict) -> None:
    for path in OF_MANY[type_]:
        assert verdict(CONTROL, of_many(type_, path, metadata=metadata)) is expected


def test_the_second_pool_of_a_cluster_counts() -> None:
    pools = [{"nodeConfig": {"metadata": SAID}}, {"nodeConfig": {"metadata": {"serial-port-enable": "1"}}}]
    assert verdict(CONTROL, R("container.Cluster", {"nodePools": pools})) is Verdict.FAIL


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
