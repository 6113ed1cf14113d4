"""What is deployed on an endpoint: versions of models, on which machines, with which share of the traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from groundplan.core.accelerators import CombinationProblem, check_combination
from groundplan.core.environment import Environment
from groundplan.core.names import LOGICAL_NAME
from groundplan.core.validation import Checks

METRICS: Final = "aiplatform.googleapis.com/prediction/online"
"""Beginning of the names of an endpoint's metrics."""
_MOST_REPLICAS: Final = 1000
_WHOLE: Final = 100  # per cent
MOST_DEPLOYMENTS: Final = 6
"""Deployments on one endpoint: an alert on saturation has a condition for each, and six at most."""
# "default" moves with every upload, so that nobody reviews what it stands for.
_VERSION: Final = r"[1-9][0-9]*|(?!default$)[a-z][a-zA-Z0-9-]{0,126}[a-zA-Z0-9]"


@dataclass(frozen=True, kw_only=True)
class ServingMachine:
    """What answers requests: machines of one type, as many as the traffic asks for."""

    machine_type: str = "n2-standard-4"
    """Compute Engine machine type."""
    accelerator: str | None = None
    """GPU type, such as ``NVIDIA_L4``; refused where no zone of the region or the machine type can have it."""
    accelerator_count: int = 1
    """GPUs a replica, where there is an accelerator."""
    min_replicas: int | None = None
    """Replicas that are always there, and bill always; by default, and at least, as many as the tier says."""
    max_replicas: int | None = None
    """Most replicas; by default twice the least."""
    utilisation: int = 60
    """Per cent of use, of the GPU where there is one and else of the CPU, beyond which a replica is added; 1 to 100."""
    spot: bool = False
    """Whether the machines are spot machines, which are cheaper and which Google takes away at any time."""

    @property
    def metric(self) -> str:
        """Name of the metric that ``utilisation`` is about."""
        return f"{METRICS}/accelerator/duty_cycle" if self.accelerator is not None else f"{METRICS}/cpu/utilization"

    def replicas(self, env: Environment) -> tuple[int, int]:
        """Return the least and the most replicas."""
        least = self.min_replicas or env.defaults.endpoint_min_replicas
        return least, self.max_replicas or 2 * least

    def check(self, checks: Checks, field: str, env: Environment) -> None:
        """Record what is wrong; field names are those below ``field``."""
        if self.accelerator is not None:
            checks.within(f"{field}.accelerator_count", self.accelerator_count, 1, 16, "GPUs")
        checks.within(f"{field}.utilisation", self.utilisation, 1, 100, "per cent")
        problem = self._misfit(env)
        if problem is not None:
            checks.problems.append(problem)
        tier = env.defaults.endpoint_min_replicas
        if self.min_replicas is not None and checks.within(
            f"{field}.min_replicas", self.min_replicas, 1, _MOST_REPLICAS, "replicas"
        ):
            checks.that(
                self.min_replicas >= tier,
                f"{field}.min_replicas",
                f"is below what tier {env.tier.name} has, so that one zone's end is the endpoint's",
                given=self.min_replicas,
                allowed=f"at least {tier}",
                do="leave it out",
            )
        if self.max_replicas is not None and checks.within(
            f"{field}.max_replicas", self.max_replicas, 1, _MOST_REPLICAS, "replicas"
        ):
            least, most = self.replicas(env)
            checks.that(
                most >= least,
                f"{field}.max_replicas",
                "is below the least",
                given=f"{most}, with at least {least}",
                allowed=f"{least} or more",
                do="raise it or leave it out",
            )

    def _misfit(self, env: Environment) -> CombinationProblem | None:
        """Return why no zone of the region can have such machines; None where one can."""
        found = None
        for zone in env.zones:
            found = check_combination(
                machine_type=self.machine_type,
                accelerator=self.accelerator,
                count=self.accelerator_count if self.accelerator else 0,
                zone=zone,
                service="vertex",
                consumption="spot" if self.spot else "on_demand",
            )
            if found is None:
                return None
        return found


@dataclass(frozen=True, kw_only=True)
class ModelDeployment:
    """One version of a model on the endpoint."""

    name: str
    """Short name, such as ``champion``."""
    model: str
    """The model's id in the registry, in the endpoint's project and region."""
    version: str
    """Number of the version, or an alias that only a review moves; never ``default``, which every upload moves."""
    traffic: int
    """Per cent of the requests that it answers, once the rollout has ended; 0 for one that is kept to fall back on."""
    machine: ServingMachine | None = None
    """Its own machines; by default ``ServingMachine()``, or the endpoint's pool where it has one."""

    def check(self, checks: Checks, field: str, env: Environment, *, pooled: bool) -> None:
        """Record what is wrong; ``pooled`` says whether the endpoint has a pool of machines for all."""
        checks.matches(f"{field}.name", self.name, LOGICAL_NAME, "lower-case words joined by hyphens", "rename it")
        checks.matches(
            f"{field}.model", self.model, "[a-z0-9][a-z0-9_-]{0,62}", "a model's id, without any path", "look it up"
        )
        checks.matches(
            f"{field}.version",
            self.version,
            _VERSION,
            "a number, or an alias other than default",
            "name the version that was reviewed",
        )
        checks.within(f"{field}.traffic", self.traffic, 0, _WHOLE, "per cent")
        if pooled:
            checks.that(
                self.machine is None,
                f"{field}.machine",
                "is given, and the endpoint has a pool for all",
                given="a machine",
                allowed="one of the two",
                do="leave the machine or the pool out",
            )
        elif self.machine is not None and not isinstance(self.machine, ServingMachine):
            checks.instance(f"{field}.machine", self.machine, ServingMachine, "a ServingMachine")
        else:
            (self.machine or ServingMachine()).check(checks, f"{field}.machine", env)


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """How traffic moves to one deployment, step by step; past an alert's threshold it goes back at once."""

    candidate: str
    """Name of the deployment that is rolled out."""
    steps: tuple[int, ...] = (10, 50, 100)
    """Per cent of the requests at each step, rising, the last being the deployment's own ``traffic``."""
    step_minutes: int = 30
    """Minutes without an alert after which the next step is taken, 5 to 1,440."""

    def check(self, checks: Checks, deployments: Sequence[ModelDeployment]) -> None:
        """Record what is wrong, given what is deployed."""
        checks.within("rollout.step_minutes", self.step_minutes, 5, 1440, "minutes")
        for index, step in enumerate(self.steps):
            checks.within(f"rollout.steps[{index}]", step, 1, _WHOLE, "per cent")
        named = {deployment.name: deployment for deployment in deployments}
        if not checks.one_of("rollout.candidate", self.candidate, named):
            return
        final = named[self.candidate].traffic
        checks.that(
            self.steps and list(self.steps) == sorted(set(self.steps)) and self.steps[-1] == final,
            "rollout.steps",
            "do not rise to the deployment's own traffic",
            given=", ".join(map(str, self.steps)) or "nothing",
            allowed=f"rising shares that end with {final}",
            do=f"write them as ({', '.join(map(str, dict.fromkeys((10, 50, final))))})",
        )
        checks.that(
            len(named) > 1,
            "rollout.candidate",
            "is all there is, so that nothing can take its traffic back",
            given=self.candidate,
            allowed="another deployment beside it",
            do="keep the version before it, with traffic=0",
        )

    def splits(self, deployments: Sequence[ModelDeployment]) -> list[dict[str, int]]:
        """Return the share of each deployment at each step, by name; the first is that of a rollback."""
        return [_split(self.candidate, share, deployments) for share in (0, *self.steps)]


def check_deployments(checks: Checks, deployments: Sequence[object], env: Environment, *, pooled: bool) -> None:
    """Record what is wrong with the deployments, one by one and together."""
    good = [
        deployment
        for index, deployment in enumerate(deployments)
        if checks.instance(f"deployments[{index}]", deployment, ModelDeployment, "a ModelDeployment")
        and isinstance(deployment, ModelDeployment)
    ]
    for index, deployment in enumerate(good):
        deployment.check(checks, f"deployments[{index}]", env, pooled=pooled)
    checks.unique("deployments", (deployment.name for deployment in good), "deployment")
    checks.that(
        len(deployments) <= MOST_DEPLOYMENTS,
        "deployments",
        "are more than one alert on saturation has conditions for",
        given=len(deployments),
        allowed=f"at most {MOST_DEPLOYMENTS}",
        do="withdraw the oldest, or make a second endpoint",
    )
    shares = [deployment.traffic for deployment in good if isinstance(deployment.traffic, int)]
    checks.that(
        not shares or sum(shares) == _WHOLE,
        "deployments",
        "have shares of the traffic that do not sum to 100",
        given=" + ".join(map(str, shares)),
        allowed="shares that sum to 100",
        do="correct the traffic of one",
    )


def _split(candidate: str, share: int, deployments: Sequence[ModelDeployment]) -> dict[str, int]:
    """Return whole shares that sum to 100: the candidate's, and the rest in proportion to the others' own."""
    others = [deployment for deployment in deployments if deployment.name != candidate]
    own = [deployment.traffic for deployment in others]
    weights = own if sum(own) else [1] * len(others)
    rest = _WHOLE - share
    shares = [rest * weight // sum(weights) for weight in weights]
    # What rounding leaves over goes to the first, which is the same in every run.
    shares[0] += rest - sum(shares)
    found: Mapping[str, int] = {
        candidate: share,
        **{d.name: part for d, part in zip(others, shares, strict=True)},
    }
    return {deployment.name: found[deployment.name] for deployment in deployments}
