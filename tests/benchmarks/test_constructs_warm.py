"""The programs that the benchmark of the constructs previews."""

import ast

import pytest

import mockcloud
from benchmarks.constructs_warm import Example, in_tier, page, registrations, runs, takes
from tools.construct_catalog import Construct, constructs

TEXT = """
import groundplan as gp
env = gp.Environment(project="acme-ml-dev", region="europe-west4", tier=gp.Tier.TEAM)
account = gp.ServiceIdentity("trainer", gp.ServiceIdentityArgs(env=env, purpose="Training jobs"))
raise RuntimeError("what follows the construct is left out")
"""


def example(whole: str) -> Example:
    statements = ast.parse(whole).body
    return Example(construct="X", tier="TEAM", whole=runs(statements), needs=runs([]))


@pytest.mark.parametrize("construct", constructs(), ids=lambda construct: construct.name)
def test_the_page_of_each_construct_has_an_example_that_makes_it(construct: Construct) -> None:
    assert in_tier(construct.name, page(construct), "TEAM").construct == construct.name


def test_an_example_is_cut_before_and_after_its_construct() -> None:
    cut = in_tier("ServiceIdentity", TEXT, "TEAM")
    assert registrations(cut.whole) > registrations(cut.needs)


def test_an_example_that_makes_something_else_is_refused() -> None:
    with pytest.raises(RuntimeError, match="KeyRing"):
        in_tier("KeyRing", TEXT, "TEAM")


REFUSED = """
import groundplan as gp
gp.Environment(project="acme-ml-dev", region="nowhere", tier=gp.Tier.TEAM)
"""


def test_a_tier_that_refuses_an_example_is_passed_over() -> None:
    assert not takes(example(REFUSED), must=False)


@pytest.mark.parametrize(("program", "must"), [(REFUSED, True), ("1 / 0", False)])
def test_another_failure_is_not_passed_over(program: str, must: bool) -> None:
    with pytest.raises(mockcloud.ProgramFailed):
        takes(example(program), must=must)
