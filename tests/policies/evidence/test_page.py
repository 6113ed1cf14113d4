"""The page: one file, no network, and something for everybody whatever they read it with."""

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

from groundplan_policies.engine.results import RuleFault
from groundplan_policies.evidence.html.drawing import HEIGHT, TOP, WIDTH, draw
from groundplan_policies.evidence.html.page import MOST_ROWS, as_html
from groundplan_policies.evidence.html.rows import rows
from groundplan_policies.evidence.words import headline
from tests.policies.evidence.world import made, resources
from tests.policies.flow.world import TRAINER, account, bucket, on_bucket, schedule
from tests.policies.rules.harness import R

LARGEST = 1_500_000
"""Bytes of a page."""


@cache
def page() -> str:
    return as_html(made())


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def elements(*tags: str) -> list[dict[str, str | None]]:
    return [attributes for tag, attributes in Elements(page()).found if tag in tags]


def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else() -> None:
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page())
    style, script = (re.search(rf"<{tag}>(.*?)</{tag}>", page(), re.DOTALL) for tag in ("style", "script"))
    assert style is not None
    assert script is not None
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(each[1].encode()).digest()).decode() for each in (style, script)
    )

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_nothing_is_loaded_and_nothing_is_inline() -> None:
    loading = {"src", "srcset", "action", "formaction", "data", "poster", "ping"}
    for tag, attributes in Elements(page()).found:
        assert not loading & attributes.keys(), tag
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert (attributes.get("href") or "#").startswith("#"), tag
    assert "@import" not in page()
    assert "url(#tip)" in page()
    assert re.findall(r"url\((?!#)", page()) == []


def test_identifiers_are_unique_and_what_is_named_is_there() -> None:
    found = [str(each["id"]) for _, each in Elements(page()).found if "id" in each]

    assert len(found) == len(set(found))
    named = {str(each["href"])[1:] for each in elements("a")}
    named |= {str(each["data-for"]) for each in elements("div") if "data-for" in each}
    assert named <= set(found)


def test_tables_have_heads_and_can_be_scrolled_by_keyboard() -> None:
    assert page().count("<table") == page().count("<thead>")
    scrolled = [each for each in elements("div") if each.get("class") in {"scroll", "picture"}]
    assert len(scrolled) > page().count("<table")
    assert all(each.get("tabindex") == "0" and each.get("aria-label") for each in scrolled)
    labels = [each["aria-label"] for each in scrolled]
    assert len(labels) == len(set(labels))


def test_the_page_is_whole_without_its_script() -> None:
    static = page().partition("<script>")[0]

    assert "html:not(.js) .js-only { display: none; }" in static
    assert '<th scope="row">raw</th>' in static
    assert "hidden>" not in static


def test_the_picture_has_a_name_and_tables_beside_it() -> None:
    (picture,) = elements("svg")

    assert picture["role"] == "img"
    assert picture["aria-labelledby"] == "flow-title flow-text"
    assert "<h3>The boxes</h3>" in page()
    assert "<h3>The arrows</h3>" in page()


def test_boxes_do_not_overlap_and_arrows_join_them() -> None:
    drawing = draw(made().flow)

    places = {(each.x, each.y) for each in drawing.boxes}
    assert len(places) == len(drawing.boxes) > 4
    for one in drawing.boxes:
        assert one.y >= TOP
        assert one.x + WIDTH <= drawing.width
        assert one.y + HEIGHT <= drawing.height
        for other in drawing.boxes:
            assert one is other or abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    assert drawing.arrows


def test_there_and_back_is_one_arrow_with_two_tips() -> None:
    view = made(bucket("out"), account("trainer"), on_bucket("out", "roles/storage.objectUser"), schedule(TRAINER)).flow

    (link,) = (each for each in view.links if "allowed" in each.why)

    assert link.both
    assert 'marker-start="url(#tip)"' in page()


def test_what_no_data_reaches_is_named_and_not_drawn() -> None:
    view = made(*resources(), R("storage.Bucket", {"name": "lonely"}, "lonely")).flow

    drawing = draw(view)

    assert "lonely" in {each.name for each in drawing.idle}
    assert "lonely" not in {each.stop.name for each in drawing.boxes}


def test_a_rule_at_fault_is_shown_with_where_it_broke() -> None:
    bundle = made()
    fault = RuleFault(control="DAT-05", urn=bundle.inventory[0].urn, kind="KeyError", where="rules/data/dat_05.py:7")
    evaluation = replace(bundle.report.evaluation, faults=(fault,))

    broken = as_html(replace(bundle, report=replace(bundle.report, evaluation=evaluation)))

    assert "<strong>rule at fault</strong>: raw: KeyError at rules/data/dat_05.py:7. Nothing is known here." in broken


def test_each_control_is_shown_with_its_answer() -> None:
    bundle = made()

    shown = re.findall(r'<tr data-state="([^"]+)" data-severity="\w+">\n<th scope="row">([A-Z]+-\d+)</th>', page())

    assert {control: state for state, control in shown} == {each.control: each.state.value for each in bundle.results}


def test_the_worst_of_a_control_comes_first() -> None:
    words = [[each.word for each in row.found] for row in rows(made())]

    order = ["fails", "indeterminate", "waived", "declared"]
    assert [each for each in words if each != sorted(each, key=order.index)] == []
    assert any(len({*each}) > 1 for each in words)


def test_what_a_control_takes_a_word_for_is_listed_once_with_what_to_ask() -> None:
    declared = page().partition("What controls take somebody’s word for")[2].partition("</section>")[0]
    ids = re.findall(r"<summary>([A-Z]+-\d+) <span>", declared)

    assert ids == sorted({each.control for each in made().declarations if each.control})
    assert "DAT-02" in ids
    assert "<strong>To ask:</strong> Ask the owners who are named whether they know" in declared


def test_a_large_deployment_has_a_page_that_opens() -> None:
    many = (R("storage.Bucket", {"name": f"bucket-{number}"}, f"bucket-{number}") for number in range(MOST_ROWS + 800))

    large = as_html(made(*many))

    assert len(large.encode()) <= LARGEST
    assert "<strong>800 more rows would not fit here.</strong>" in large
    assert "would not fit" not in page()


def test_a_deployment_without_data_has_a_page() -> None:
    assert "The document tells of no flow of data." in as_html(made(R("kms.KeyRing", {}, "r")))


def test_the_headline_counts_what_fails_in_words() -> None:
    several = made(R("storage.Bucket", {"name": "open", "publicAccessPrevention": "inherited"}, "open"))

    assert re.search(r" declared, [1-9][0-9]+ fail, ", headline(several))


@pytest.mark.parametrize("word", ["proven", "declared", "fails", "cannot be told", "waived"])
def test_what_is_proven_is_counted_apart(word: str) -> None:
    summary = page().partition('<section id="person"')[0]

    assert f"<strong>{word}</strong>" in summary
