"""`groundplan evidence`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundplan_cli.commands.options import (
    AnswersOption,
    AsOfOption,
    ConfigOption,
    DebugOption,
    ProjectOption,
    SettingsOption,
    TierOption,
    TimeoutOption,
    WaiversOption,
    complete_stack,
)

if TYPE_CHECKING:
    from groundplan_cli.guardrails.checking import Asked

VERIFY = "verify"
"""The word that, before a folder, asks whether that is as it was written."""


def evidence(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[STACK|FILE|DIRECTORY|-|verify]",
            help="What to write evidence of, as for check: a stack, which is previewed first, or a document. Or "
            "verify, with a folder of evidence after it.",
            autocompletion=complete_stack,
            show_default=False,
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="After verify: the folder of evidence.", show_default=False),
    ] = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The folder to write, which must not exist.", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier folder of evidence.")] = False,
    diff: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "--diff",
            metavar="OLD NEW",
            help="Compare two folders of evidence: what got better, worse, is new or gone. Exits with 1 if anything is "
            "worse, or new and neither proven nor declared.",
            show_default=False,
        ),
    ] = None,
    root: Annotated[
        str | None,
        typer.Option(
            "--root",
            metavar="DIGEST",
            help="With verify: the root digest that the folder must have, as it was signed or noted elsewhere.",
            show_default=False,
        ),
    ] = None,
    project: ProjectOption = None,
    tier: TierOption = None,
    settings: SettingsOption = None,
    waivers: WaiversOption = None,
    as_of: AsOfOption = None,
    applied: Annotated[
        bool,
        typer.Option("--applied", help="Deploy the stack on a mock cloud first, and write evidence of the state."),
    ] = False,
    drift: Annotated[
        Path | None,
        typer.Option(
            "--drift",
            metavar="FILE",
            help="With a state: what groundplan drift --out FILE found. Where nothing differs, the evidence is of the "
            "cloud itself.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    answers: AnswersOption = None,
    timeout: TimeoutOption = None,
    debug: DebugOption = False,
) -> None:
    """Write one folder that a reviewer can read, verify and sign; verify one; or compare two.

    The folder has a page for people (index.html), Markdown, JSON, SARIF, OSCAL, and a manifest of digests. Writing it
    exits with 0 whatever the evidence says: `groundplan check` is the gate. With verify, exits with 1 if a file was
    edited, added or is missing.
    """
    from groundplan_cli.guardrails.checking import Asked
    from groundplan_cli.guardrails.rules import Chosen
    from groundplan_cli.guardrails.target import RunOptions

    del debug  # its callback has remembered it
    if diff is not None:
        _refuse(target is not None or out is not None, "--diff with something else", "--diff with two folders")
        raise typer.Exit(_compare(*diff))
    if folder is not None or (target == VERIFY and out is None):
        said = " ".join(str(each) for each in (target, folder, out and f"--out {out}") if each)
        _refuse(target != VERIFY or folder is None or out is not None, said, "`verify`, and then one folder")
        raise typer.Exit(_verify(folder or Path(), root))
    _refuse(root is not None, "--root without verify", "--root after `verify FOLDER`")
    asked = Asked(
        target=target,
        project=project,
        run=RunOptions(config=config, answers=answers, timeout=timeout, applied=applied),
        chosen=Chosen(tier=tier, settings=settings, waivers=waivers, as_of=as_of, config=config),
    )
    _make(asked, out, drift, force=force)


def _refuse(wrong: bool, given: str, allowed: str) -> None:
    from groundplan_cli.errors import Error

    if wrong:
        raise Error(
            "The command is not understood",
            given=given,
            allowed=f"{allowed}, and nothing of another form of the command",
            remedy="use one form: evidence STACK --out DIR, evidence verify DIR, or evidence --diff OLD NEW",
        )


def _make(asked: "Asked", out: Path | None, drift: Path | None, *, force: bool) -> None:
    from groundplan_cli.errors import Error
    from groundplan_cli.guardrails.proving import make_bundle
    from groundplan_policies.evidence.folder import check_place, render, write
    from groundplan_policies.evidence.verify import verify
    from groundplan_policies.evidence.words import headline, verdict

    if out is None:
        raise Error(
            "The evidence has no place",
            given="no --out",
            allowed="--out DIR, with the name of a new folder",
            remedy="name the folder, such as: --out evidence",
        )
    check_place(out, force=force)  # before the program runs, which takes a while
    bundle = make_bundle(asked, drift)
    write(out, render(bundle), force=force)
    if bundle.reach.watermark:
        typer.echo(bundle.reach.watermark)
    typer.echo(f"{verdict(bundle)} {headline(bundle)}")
    typer.echo(f"Root digest: {verify(out).root}")
    typer.echo(f"Evidence: {out / 'index.html'}")


def _verify(folder: Path, root: str | None) -> int:
    from groundplan_cli.text import count
    from groundplan_policies.evidence.verify import verify

    found = verify(folder, root)
    for problem in found.problems:
        typer.echo(f"{problem}.")
    if found.problems:
        typer.echo(f"Not as it was written: {count(len(found.problems), 'problem')}. Exit code 1.")
    else:
        typer.echo(f"{count(found.files, 'file')} as written, evidence for {found.subject}. Root digest: {found.root}")
    return found.exit_code


def _compare(old: Path, new: Path) -> int:
    from groundplan_cli.render.difference import print_difference
    from groundplan_policies.evidence.diff import compare

    found = compare(old, new)
    print_difference(found)
    return found.exit_code
