"""Text where several values are wanted: one error, whatever it has of letters, and the other faults beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

import groundplan as gp
from groundplan.core.sequences import as_tuples
from groundplan.core.validation import Checks
from tests.constructs.plan import environment, plan


@dataclass(frozen=True, kw_only=True)
class Inner:
    """Holds several values, as an argument of an argument does."""

    projects: tuple[str, ...] = ()
    note: str = "kept"


@dataclass(frozen=True, kw_only=True)
class Outer:
    """Holds one inner, and several."""

    one: Inner = field(default_factory=Inner)
    many: tuple[Inner, ...] = ()


def test_what_is_right_is_the_same_object() -> None:
    checks = Checks("test")
    given = Outer(one=Inner(projects=("a", "b")), many=(Inner(),))
    assert as_tuples(checks, given) is given
    assert not checks.problems


def test_text_is_told_once_wherever_it_stands() -> None:
    checks = Checks("test")
    text: tuple[str, ...] = "acme-partner"  # type: ignore[assignment] # the mistake
    mended = as_tuples(checks, Outer(one=Inner(projects=text), many=(Inner(), Inner(projects=text))))
    assert [problem.field for problem in checks.problems] == ["one.projects", "many[1].projects"]
    assert mended == Outer(one=Inner(projects=("acme-partner",)), many=(Inner(), Inner(projects=("acme-partner",))))


def test_an_environment_takes_no_text_for_domains_and_zones() -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        environment(domains="acme.test", zones="europe-west4-a")
    assert [problem.field for problem in caught.value.problems] == ["zones", "domains"]


def test_a_construct_tells_it_with_its_other_faults() -> None:
    def program() -> None:
        gp.OnlineStore(
            "main",
            gp.OnlineStoreArgs(
                env=environment(gp.Tier.LEARNER),
                data_class="internal",  # type: ignore[arg-type] # the second mistake
                serving=gp.OptimizedServing(project_allowlist="acme-serving"),  # type: ignore[arg-type] # the first
            ),
        )

    with pytest.raises(gp.ArgumentError) as caught:
        plan(program)
    assert [problem.field for problem in caught.value.problems] == ["serving.project_allowlist", "data_class"]
    first = caught.value.problems[0]
    assert (first.fault, first.given) == ("is text, where several values are wanted", "acme-serving")


def test_no_project_has_the_number_nought() -> None:
    def program() -> None:
        gp.OnlineStore(
            "main",
            gp.OnlineStoreArgs(
                env=environment(gp.Tier.LEARNER),
                data_class=gp.DataClass.INTERNAL,
                serving=gp.OptimizedServing(project_allowlist=("0", "123456789012", "*", "acme-serving")),
            ),
        )

    with pytest.raises(gp.ArgumentError) as caught:
        plan(program)
    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["serving.project_allowlist[0]", "serving.project_allowlist[2]"]
