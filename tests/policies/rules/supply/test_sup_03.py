"""SUP-03: packages from elsewhere come from known places, and ours come first."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_03 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, stated_verdicts, verdict

REPOSITORY = "artifactregistry.Repository"
PARAMETERS = Parameters(
    allowed_upstreams=("PYPI", "DOCKER_HUB", "NPMJS", "MAVEN_CENTRAL", "DEBIAN", "https://acme.test/")
)
WHOLE = {"project": PROJECT, "location": "europe-west4"}
OURS = R(REPOSITORY, {**WHOLE, "repositoryId": "ours", "format": "PYTHON"}, "ours")
CACHE = R(
    REPOSITORY,
    {
        **WHOLE,
        "repositoryId": "cache",
        "format": "PYTHON",
        "mode": "REMOTE_REPOSITORY",
        "remoteRepositoryConfig": {"pythonRepository": {"publicRepository": "PYPI"}},
    },
    "cache",
)


def remote(name: str = "remote", **config: Any) -> R:
    return R(REPOSITORY, {"mode": "REMOTE_REPOSITORY", "remoteRepositoryConfig": config}, name)


def name(repository: str) -> str:
    return f"projects/{PROJECT}/locations/europe-west4/repositories/{repository}"


def virtual(*policies: Any, **inputs: Any) -> R:
    return R(
        REPOSITORY,
        {
            **WHOLE,
            "mode": "VIRTUAL_REPOSITORY",
            "virtualRepositoryConfig": {"upstreamPolicies": list(policies)},
            **inputs,
        },
        "virtual",
    )


def policy(repository: str, priority: object, **more: Any) -> dict[str, Any]:
    return {"id": repository, "repository": name(repository), "priority": priority, **more}


EVERY = remote(
    disableUpstreamValidation=False,
    dockerRepository={"publicRepository": "DOCKER_HUB"},
    mavenRepository={"publicRepository": "MAVEN_CENTRAL"},
    npmRepository={"publicRepository": "NPMJS"},
    pythonRepository={"publicRepository": "PYPI"},
    aptRepository={"publicRepository": {"repositoryBase": "DEBIAN", "repositoryPath": "debian/dists/bookworm"}},
    commonRepository={"uri": "https://acme.test/common"},
)
IN_ORDER = virtual(policy("ours", 100), policy("cache", 50))

test_stated_verdicts = stated_verdicts(CONTROL, [EVERY, IN_ORDER], OURS, CACHE, parameters=PARAMETERS)

PLACES = [
    *(f"{each}Repository.publicRepository" for each in ("docker", "maven", "npm", "python")),
    *(f"{each}Repository.publicRepository.repositoryBase" for each in ("apt", "yum")),
    "commonRepository.uri",
    *(f"{each}Repository.customRepository.uri" for each in ("docker", "maven", "npm", "python")),
]


def nested(path: str, value: object) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    return {head: nested(rest, value) if rest else value}


@pytest.mark.parametrize("path", PLACES)
def test_an_upstream_that_nobody_allows_fails_and_is_not_shown(path: str) -> None:
    found = outcome(CONTROL, remote(**nested(path, "https://evil.example/simple")), parameters=PARAMETERS)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(f"remoteRepositoryConfig.{path}", "")]


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://acme.test", Verdict.PASS),
        ("https://acme.test/", Verdict.PASS),
        ("https://acme.test/simple", Verdict.PASS),
        ("https://acme.test.evil.example/simple", Verdict.FAIL),
        ("http://acme.test/simple", Verdict.FAIL),
        ("PYPI", Verdict.PASS),
    ],
)
def test_an_address_stands_for_what_is_below_it(uri: str, expected: Verdict) -> None:
    assert verdict(CONTROL, remote(commonRepository={"uri": uri}), parameters=PARAMETERS) is expected


def test_an_address_without_tls_fails_even_if_it_is_listed() -> None:
    found = remote(commonRepository={"uri": "http://acme.test"})
    assert verdict(CONTROL, found, parameters=Parameters(allowed_upstreams=("http://acme.test",))) is Verdict.FAIL


def test_a_preset_is_no_address() -> None:
    found = remote(pythonRepository={"publicRepository": "PYPI/other"})
    assert verdict(CONTROL, found, parameters=PARAMETERS) is Verdict.FAIL


def test_without_a_list_nobody_can_tell() -> None:
    assert verdict(CONTROL, EVERY, parameters=Parameters()) is Verdict.INDETERMINATE


@pytest.mark.parametrize("value", [name("ours"), UNKNOWN])
def test_a_repository_of_this_document_is_a_known_upstream(value: str) -> None:
    found = R(
        REPOSITORY,
        remote(commonRepository={"uri": value}).inputs,
        "remote",
        {"remoteRepositoryConfig.commonRepository.uri": OURS.urn} if value == UNKNOWN else {},
    )
    assert verdict(CONTROL, found, OURS, parameters=PARAMETERS) is Verdict.PASS
    assert verdict(CONTROL, found, parameters=PARAMETERS) is not Verdict.PASS


def test_a_remote_repository_names_an_upstream() -> None:
    found = outcome(CONTROL, remote(), parameters=PARAMETERS)
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, "remoteRepositoryConfig")


def test_an_upstream_must_be_validated() -> None:
    found = remote(disableUpstreamValidation=True, pythonRepository={"publicRepository": "PYPI"})
    said = outcome(CONTROL, found, parameters=PARAMETERS)
    assert (said.verdict, said.reasons[0].path) == (
        Verdict.FAIL,
        "remoteRepositoryConfig.disableUpstreamValidation",
    )


@pytest.mark.parametrize(("ours", "theirs"), [(100, 100), (50, 100), (0, 0), ("9", "10")])
def test_ours_come_strictly_first(ours: object, theirs: object) -> None:
    found = outcome(CONTROL, virtual(policy("cache", theirs), policy("ours", ours)), OURS, CACHE, parameters=PARAMETERS)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["virtualRepositoryConfig.upstreamPolicies[1].priority"]


def test_each_of_ours_comes_before_each_of_theirs() -> None:
    other = R(REPOSITORY, {**WHOLE, "repositoryId": "other"}, "other")
    found = virtual(policy("ours", 100), policy("cache", 50), policy("other", 10))
    said = outcome(CONTROL, found, OURS, CACHE, other, parameters=PARAMETERS)
    assert [each.path for each in said.reasons] == ["virtualRepositoryConfig.upstreamPolicies[2].priority"]


@pytest.mark.parametrize("names", [["ours"], ["cache"]])
def test_one_kind_alone_has_no_order(names: list[str]) -> None:
    found = virtual(*(policy(each, 0) for each in names))
    assert verdict(CONTROL, found, OURS, CACHE, parameters=PARAMETERS) is Verdict.PASS


def test_what_is_not_in_the_document_may_be_of_either_kind() -> None:
    found = outcome(CONTROL, virtual(policy("ours", 100), policy("gone", 1)), OURS, CACHE, parameters=PARAMETERS)
    assert (found.verdict, [each.path for each in found.reasons]) == (
        Verdict.INDETERMINATE,
        ["virtualRepositoryConfig.upstreamPolicies[1].repository"],
    )


def test_a_virtual_repository_is_no_upstream_that_is_ours() -> None:
    odd = R(REPOSITORY, {**WHOLE, "repositoryId": "odd", "mode": "VIRTUAL_REPOSITORY"}, "odd")
    assert verdict(CONTROL, virtual(policy("odd", 9)), odd, parameters=PARAMETERS) is Verdict.INDETERMINATE


@pytest.mark.parametrize("policies", [[], [{}], [UNKNOWN], [7]], ids=str)
def test_policies_that_cannot_be_read_are_no_pass(policies: list[Any]) -> None:
    assert verdict(CONTROL, virtual(*policies), parameters=PARAMETERS) is Verdict.INDETERMINATE


def test_a_standard_repository_does_not_apply_and_one_of_no_known_kind_is_unclear() -> None:
    assert verdict(CONTROL, OURS, parameters=PARAMETERS) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(REPOSITORY, {"mode": UNKNOWN}), parameters=PARAMETERS) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [({}, Verdict.INDETERMINATE), ({"mode": "STANDARD_REPOSITORY"}, Verdict.PASS), (CACHE.inputs, Verdict.PASS)],
)
def test_a_repository_that_is_only_read_is_not_ours_by_default(inputs: dict[str, Any], expected: Verdict) -> None:
    record = {"external": True, "id": name("read")}
    read = R(REPOSITORY, {**WHOLE, "repositoryId": "read", **inputs, "name": name("read")}, "read", record=record)
    shown = virtual({"id": "read", "repository": UNKNOWN, "priority": 60}, policy("cache", 50))
    path = "virtualRepositoryConfig.upstreamPolicies[0].repository"
    made = R(REPOSITORY, shown.inputs, "virtual", origins={path: read.urn})
    assert verdict(CONTROL, made, read, CACHE, parameters=PARAMETERS) is expected
