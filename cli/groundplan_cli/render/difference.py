"""What got better and worse between two folders of evidence, as text."""

from collections.abc import Sequence

import typer

from groundplan_policies.evidence.diff import Change, Difference

NOTHING = "nothing"


def print_difference(found: Difference) -> None:
    """Print a difference: what is worse comes first."""
    for remark in found.remarks:
        typer.echo(f"{remark}.")
    _print("Worse", [_words(each) for each in found.worse])
    _print("New", [_words(each) for each in found.new])
    _print("Better", [_words(each) for each in found.better])
    _print("Gone", [_words(each) for each in found.gone])
    _print("Access that was not there before", found.access_new)
    _print("Access that is gone", found.access_gone)
    counts = (
        f"{len(found.better)} better, {len(found.worse)} worse, {len(found.new)} new, {len(found.gone)} gone; "
        f"access: {len(found.access_new)} new, {len(found.access_gone)} gone"
    )
    typer.echo(f"\n{counts}. Exit code {found.exit_code}.")


def _print(title: str, lines: Sequence[str]) -> None:
    if lines:
        typer.echo(f"\n{title}")
        for line in lines:
            typer.echo(f"  {line}")


def _words(change: Change) -> str:
    return f"{change.control} on {change.name}: {change.before or NOTHING} → {change.after or NOTHING}"
