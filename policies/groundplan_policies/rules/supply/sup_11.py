"""SUP-11: runtimes enforce Binary Authorization."""

import re
from dataclasses import replace
from typing import Final

from groundplan_policies.engine.control import Control, Read, full, partial
from groundplan_policies.engine.expect import Expectation, either, every, is_absent, is_one_of, is_set, is_true
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.rules import annotations

_POLICY: Final = re.compile(r"default|projects/[^/\s]+/platforms/[^/\s]+/\S+")
_CLUSTER: Final = "container.Cluster"
_RUNS: Final = ("cloudrunv2.Service", "cloudrunv2.Job", "cloudrunv2.WorkerPool")
_MODE = is_one_of("binaryAuthorization.evaluationMode", "PROJECT_SINGLETON_POLICY_ENFORCE")
_PROJECT = is_true("binaryAuthorization.useDefault")
_OWN = is_set("binaryAuthorization.policy", expected="a policy, or `useDefault`")
_NO_EXCUSE = is_absent("binaryAuthorization.breakglassJustification", "a way past the policy")
_FIRST = Expectation(
    annotations.of_service("binary-authorization"),
    "`default`, or a policy",
    lambda value: _POLICY.fullmatch(str(value)) is not None,
    "a text",
    (str,),
    quick="default",
)
_FUNCTION: Final = "cloudfunctionsv2.Function"
_OF_FUNCTION = is_set("serviceConfig.binaryAuthorizationPolicy", expected="a policy")
_FIRST_NO_EXCUSE = replace(_NO_EXCUSE, path=annotations.of_service("binary-authorization-breakglass"))

CONTROL = Control(
    id="SUP-11",
    title="Runtimes enforce Binary Authorization",
    why=(
        "A policy on images holds where a runtime asks for it. GKE does by its mode: the older switch `enabled` is "
        "deprecated and not counted. Cloud Run does where it names the project's policy or one of its own; its first "
        "form says so in annotations, and functions of the second generation, which run there, by a property. A "
        "justification for breaking the glass puts one deployment past the policy, and stays in the program for all "
        "the later ones."
    ),
    remedy="Use TrainingCluster, or set `binary_authorization` with `evaluation_mode`, in Cloud Run `use_default`.",
    severity=Severity.HIGH,
    objectives=("3.2.c", "5.1.d"),
    clauses=(
        full("cis-gke-1.6", "5.10.4"),
        partial("nist-800-53-r5", "SI-7", "What is no container image."),
    ),
    reads=(
        _MODE.reads(_CLUSTER),
        *(_PROJECT.reads(each) for each in _RUNS),
        *(Read.aside(each, _OWN.path.text) for each in _RUNS),
        *(_NO_EXCUSE.reads(each) for each in _RUNS),
        annotations.read(_FIRST.path),
        _OF_FUNCTION.reads(_FUNCTION),
    ),
    checks={
        _CLUSTER: _MODE,
        **dict.fromkeys(_RUNS, every(either(_PROJECT, _OWN), _NO_EXCUSE)),
        annotations.SERVICE: every(_FIRST, _FIRST_NO_EXCUSE),
        _FUNCTION: _OF_FUNCTION,
    },
)
