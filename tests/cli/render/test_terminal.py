"""What only a terminal gets, and what only long plans have."""

from io import StringIO

import pytest
from rich.console import Console

from groundplan_cli.changes import compare
from groundplan_cli.errors import Error, report
from groundplan_cli.graph.model import build_graph
from groundplan_cli.render import console, progress
from groundplan_cli.render.changes import print_changes
from groundplan_cli.render.diagnostics import print_diagnostics
from groundplan_cli.render.mermaid import mermaid
from groundplan_cli.render.tree import FOLD, MOST_GROUPS, print_plan, summary, tree
from groundplan_policies.engine import Document
from groundplan_policies.engine.values import UNKNOWN
from mockcloud import Preview, Progress, Seconds
from tests.cli.documents import Builder, shop


def terminal(width: int = 60) -> tuple[Console, StringIO]:
    screen = StringIO()
    return Console(file=screen, force_terminal=True, width=width, markup=False, highlight=False), screen


def paper() -> tuple[Console, StringIO]:
    page = StringIO()
    return Console(file=page, width=120, markup=False, highlight=False), page


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (Progress(phase="imports", registered=0), "dev: importing"),
        (Progress(phase="program", registered=41), "dev: 41 resources"),
    ],
    ids=["imports", "program"],
)
def test_progress_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch, said: Progress, shown: str) -> None:
    made, screen = terminal()
    monkeypatch.setattr(progress, "error_console", lambda: made)

    with progress.progress("dev") as tell:
        assert tell is not None
        tell(said)

    assert shown in screen.getvalue()


def test_progress_is_not_told_where_nobody_sees_it() -> None:
    with progress.progress("dev") as tell:
        assert tell is None


def test_output_to_a_terminal_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    made, screen = terminal()
    monkeypatch.setattr(console, "output_console", lambda: made)

    with console.output() as used:
        used.print("a plan")

    assert screen.getvalue() == "a plan\n"


def test_an_error_fits_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    made, screen = terminal(width=40)
    monkeypatch.setattr(console, "error_console", lambda: made)

    report(Error("It failed", given="one two three four five six seven", allowed="x", remedy="y"), debug=False)

    lines = screen.getvalue().splitlines()
    assert "one two three four five six" in lines[1]
    assert lines[2] == " " * 11 + "seven"


def test_markup_in_a_name_is_no_markup() -> None:
    build = Builder()
    build.add("gcp:storage/bucket:Bucket", "[red]bold[/red] :smile:")
    made, page = paper()

    print_plan(made, Document.read(build.document()))

    assert "[red]bold[/red] :smile:" in page.getvalue()


def test_a_long_list_of_unknown_values_is_cut_and_counted() -> None:
    build = Builder()
    origins = [build.add("gcp:kms/cryptoKey:CryptoKey", f"key-{number}") for number in range(MOST_GROUPS + 2)]
    for number, origin in enumerate(origins):
        for _ in range(2):
            build.add("gcp:storage/bucket:Bucket", f"b-{number}-{_}", uses={"key": origin})
    for number in range(3):
        build.add("gcp:storage/bucket:Bucket", f"more-{number}", uses={"key": origins[0]})
    build.add("gcp:storage/bucket:Bucket", "loose", inputs={"list": [UNKNOWN], "a-b": UNKNOWN})
    made, page = paper()

    print_plan(made, Document.read(build.document()))

    text = page.getvalue()
    assert " 5  key-0 (kms.CryptoKey)" in text
    assert "→ b-0-0.key, b-0-1.key and 3 more" in text
    assert "not recorded" in text
    assert 'loose.list[0], loose["a-b"]' in text
    assert "and 6 values of 3 more sources" in text


def test_a_plan_of_nothing_is_short() -> None:
    made, page = paper()
    document = Document.read({"version": 3, "deployment": {"resources": []}})

    print_plan(made, document)

    assert page.getvalue() == "(no stack)\n"
    assert str(summary(document, {})) == "0 resources in 0 components"


def test_marks_say_what_options_do() -> None:
    build = Builder()
    build.add(
        "gcp:storage/bucket:Bucket", "b", external=True, importID="b-1", retainOnDelete=True, initErrors=["timed out"]
    )
    made, page = paper()

    print_plan(made, Document.read(build.document()))

    assert "b  storage.Bucket  read only  adopted  kept on delete  failed to come up" in page.getvalue()


def test_every_kind_of_change_has_a_line() -> None:
    old, new = shop(), Builder()
    network = new.add("gcp:compute/network:Network", "net", inputs={"autoCreateSubnetworks": True, "mtu": 1460})
    new.add(
        "gcp:compute/subnetwork:Subnetwork",
        "subnet-b",
        inputs={"ipCidrRange": "10.0.0.0/24"},
        uses={"network": network},
        aliases=["urn:pulumi:dev::shop::gcp:compute/subnetwork:Subnetwork::subnet"],
    )
    new.add("gcp:kms/cryptoKey:CryptoKey", "key")
    new.outputs(region="europe-west1")
    made, page = paper()

    print_changes(made, compare(Document.read(old.document()), Document.read(new.document())), than="plan.json")

    assert (
        page.getvalue()
        == """\
Changes from plan.json
  - store  shop.Store
  - logs  storage.Bucket
  ~ net  compute.Network
      autoCreateSubnetworks: false → true
      mtu: + 1460
  » subnet-b  compute.Subnetwork  was urn:pulumi:dev::shop::gcp:compute/subnetwork:Subnetwork::subnet
  ~ key  kms.CryptoKey
      rotationPeriod: - "7776000s"
      <protect>: true → false
  ~ outputs
      region: "europe-west4" → "europe-west1"
      bucket: - known after apply
      password: - secret
0 added, 2 removed, 2 changed, 1 renamed.
"""
    )


def test_placeholders_are_said() -> None:
    made, page = paper()
    preview = Preview({}, {}, (), "", "", (), (), Seconds(0, 0), placeholders=("shop:token",))

    print_diagnostics(made, preview)

    assert page.getvalue() == "note: shop:token is encrypted, so the program got a placeholder\n"


def test_mermaid_counts_what_a_card_holds() -> None:
    build = Builder()
    store = build.add("shop:index:Store", "store")
    for number in range(2):
        build.add("gcp:storage/bucket:Bucket", f"b{number}", parent=store)

    assert 'c0["store<br/>shop.Store<br/>2 resources"]' in mermaid(build_graph(Document.read(build.document())))


def many() -> Document:
    build = Builder()
    home = build.add("shop:index:Home", "home")
    for number in range(FOLD + 1):
        build.add("gcp:projects/service:Service", f"api-{number}", parent=home, inputs={"a": UNKNOWN})
        build.add("gcp:storage/bucket:Bucket", f"bucket-{number}", parent=home, protect=number == 0)
    return Document.read(build.document())


def test_many_of_one_type_share_a_line() -> None:
    made, page = paper()

    made.print(tree(many(), every=False))

    lines = page.getvalue().splitlines()
    assert lines[2].strip() == "├── api-0 … api-8  projects.Service ×9  9 unknown"
    assert lines[3].strip() == "├── bucket-0  storage.Bucket  protected"
    assert len(lines) == 4 + FOLD


def test_each_can_have_a_line_of_its_own() -> None:
    made, page = paper()

    made.print(tree(many(), every=True))

    assert len(page.getvalue().splitlines()) == 2 + 2 * (FOLD + 1)
