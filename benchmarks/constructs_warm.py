"""What a construct costs in a process that has its imports, beside plain resources of the same number.

The programs are the examples of the constructs' own pages, in every tier that takes them.
"""

import ast
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import mean, median

import groundplan as gp
import mockcloud
from benchmarks.preview_growth import program as plain
from benchmarks.registry import Benchmark, Measurement
from tools.construct_catalog import ROOT, Construct, constructs

TIERS = ("LEARNER", "TEAM", "REGULATED")
TIER = re.compile(r"\bgp\.Tier\.[A-Z]+\b")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What Google Cloud would answer, where an example asks it.
ANSWERS = {"gcp:organizations/getProject:getProject": {"projectId": "acme-ml-dev", "number": "123456789012"}}


@dataclass(frozen=True, kw_only=True)
class Example:
    """The example of a construct in one tier."""

    construct: str
    """Name of the construct."""
    tier: str
    """Name of the tier, as in ``gp.Tier``."""
    whole: Callable[[], None]
    """The program: what the construct needs, and the construct."""
    needs: Callable[[], None]
    """The same program without the construct."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one preview of a program costs."""

    seconds: float
    """Processor time: what else the machine runs has no part in it."""
    resources: int
    """What it registers: resources, components, providers, the stack."""


def examples() -> Iterator[Example]:
    """Yield the example of every construct in the tier that its page has, and in the others where they take it."""
    for construct in constructs():
        text = page(construct)
        for tier in TIERS:
            example = in_tier(construct.name, text, tier)
            if takes(example, must=f"gp.Tier.{tier}" in text):
                yield example


def page(construct: Construct) -> str:
    """Return the first example on a construct's page."""
    path = ROOT / "docs" / "constructs" / f"{construct.path.stem}.md"
    block = BLOCK.search(path.read_text(encoding="utf-8"))
    if block is None:
        message = f"{path} has no example in Python"
        raise RuntimeError(message)
    return block[1]


def in_tier(name: str, text: str, tier: str) -> Example:
    """Cut an example before and after the statement that makes the construct.

    What follows it (grants, further constructs) is left out; what is made inside it counts as the construct's.
    """
    tree = ast.parse(TIER.sub(f"gp.Tier.{tier}", text))
    made = (number for number, statement in enumerate(tree.body) if makes(statement, name))
    first = next(made, None)
    if first is None:
        message = f"the example of {name} does not make one"
        raise RuntimeError(message)
    return Example(construct=name, tier=tier, whole=runs(tree.body[: first + 1]), needs=runs(tree.body[:first]))


def makes(statement: ast.stmt, name: str) -> bool:
    """Whether a statement calls ``gp.<name>``."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
        for node in ast.walk(statement)
    )


def runs(statements: list[ast.stmt]) -> Callable[[], None]:
    """Return a program of these statements."""
    code = compile(ast.Module(body=statements, type_ignores=[]), "example", "exec")

    def program() -> None:
        exec(code, {"__name__": "example"})  # noqa: S102 - running the documentation is the purpose

    return program


def takes(example: Example, *, must: bool) -> bool:
    """Whether the tier takes the example; what fails otherwise, or in the tier of the page, is raised."""
    refused = False

    def program() -> None:
        nonlocal refused
        try:
            example.whole()
        except gp.ArgumentError:
            refused = True
            raise

    try:
        registrations(program)
    except mockcloud.ProgramFailed:
        if must or not refused:
            raise
    return not refused


def registrations(program: Callable[[], None]) -> int:
    """Preview a program once and return how many resources it registers, the stack among them."""
    seen: list[mockcloud.Progress] = []
    mockcloud.preview_program(program, project="warm", stack="dev", invokes=ANSWERS, on_progress=seen.append)
    return seen[-1].registered if seen else 0


def cost(program: Callable[[], None]) -> Cost:
    """Preview a program three times and return the best."""
    seconds, resources = [], 0
    for _ in range(3):
        start = time.process_time()
        resources = registrations(program)
        seconds.append(time.process_time() - start)
    return Cost(seconds=min(seconds), resources=resources)


def measure() -> Measurement:
    """Preview each example with and without its construct, and as many plain resources as lie between."""
    empty = cost(plain(0)).seconds
    own, peers, whole = (defaultdict[str, list[float]](list) for _ in range(3))
    for example in examples():
        full, needs = cost(example.whole), cost(example.needs)
        own[example.construct].append(full.seconds - needs.seconds)
        whole[example.construct].append(full.seconds - empty)
        peers[example.construct].append(cost(plain(full.resources - needs.resources)).seconds - empty)
    # Each construct counts once, however many tiers take its example.
    means = {name: mean(seconds) for name, seconds in own.items()}
    dearest = max(means, key=means.__getitem__)
    return Measurement(
        seconds=mean(means.values()),
        baseline_seconds=mean(map(mean, peers.values())),
        details={
            "constructs": len(means),
            "examples, in all tiers that take them": sum(map(len, own.values())),
            "ms a construct, on average": 1000 * mean(means.values()),
            "ms for the median": 1000 * median(means.values()),
            f"ms for {dearest}, the dearest": 1000 * means[dearest],
            "ms with all that the example needs, on average": 1000 * mean(map(mean, whole.values())),
        },
    )


BENCHMARK = Benchmark(
    name="constructs-warm",
    judged="a construct previewed after the imports, on average",
    baseline="as many plain resources",
    limit=1.5,
    measure=measure,
)
