from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_04 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict

SETTINGS = Parameters(notebook_images=("cloud-notebooks-managed", "europe-docker.pkg.dev/acme/images"))
IMAGE = R(
    "workbench.Instance", {"gceSetup": {"vmImage": {"project": "cloud-notebooks-managed", "family": "workbench"}}}
)
test_stated = stated_verdicts(CONTROL, [IMAGE], parameters=SETTINGS)


def judged(setup: dict[str, Any], parameters: Parameters = SETTINGS) -> Verdict:
    return verdict(CONTROL, R("workbench.Instance", {"gceSetup": setup}), parameters=parameters)


@pytest.mark.parametrize(
    ("repository", "expected"),
    [
        ("europe-docker.pkg.dev/acme/images", Verdict.PASS),
        ("europe-docker.pkg.dev/acme/images/notebook", Verdict.PASS),
        ("europe-docker.pkg.dev/acme/images-other", Verdict.FAIL),
        ("docker.io/evil", Verdict.FAIL),
        (None, Verdict.FAIL),
        (7, Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_containers_come_from_allowed_repositories(repository: object, expected: Verdict) -> None:
    assert judged({"containerImage": {"repository": repository, "tag": "1"}}) is expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ({"project": "cloud-notebooks-managed", "name": "workbench-2026"}, Verdict.PASS),
        ({"project": "cloud-notebooks-managed"}, Verdict.FAIL),
        ({"project": "somebody", "family": "workbench"}, Verdict.FAIL),
        ({"family": "workbench"}, Verdict.FAIL),
        ({"project": "cloud-notebooks-managed", "family": UNKNOWN}, Verdict.INDETERMINATE),
        ({"project": "cloud-notebooks-managed", "name": 7}, Verdict.INDETERMINATE),
    ],
)
def test_images_come_from_allowed_projects_by_name(image: dict[str, Any], expected: Verdict) -> None:
    assert judged({"vmImage": image}) is expected


def test_without_settings_nobody_can_tell() -> None:
    assert judged({"vmImage": {"project": "x", "family": "y"}}, Parameters()) is Verdict.INDETERMINATE
    assert judged({}) is Verdict.FAIL
