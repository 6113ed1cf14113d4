"""Markdown is read rendered: so the tests render it, as a code host does."""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from groundplan_policies.reports.markdown import LONGEST, MOST_RESOURCES, as_markdown
from groundplan_policies.reports.report import Report
from tests.policies.reports.sample import FRAMEWORK, PUBLIC, bucket, clean, made, resources

RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Page(HTMLParser):
    """The elements of a rendered page, with the text in each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.found: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert attrs == [] or (tag in {"th", "td"} and attrs[0][0] == "style"), (tag, attrs)
        if tag != "br":
            self.opened.append(tag)
            self.found.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag != "br":
            assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.opened:
            self.found.append((self.opened[-1], data))

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.found}

    def texts(self, tag: str) -> list[str]:
        return [data for found, data in self.found if found == tag and data.strip()]


def page(report: Report) -> Page:
    return Page(RENDERER.render(as_markdown(report)))


ALLOWED = {
    "h3", "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "b", "ul", "li",
}  # fmt: skip


def test_it_renders_as_headings_tables_and_folds() -> None:
    found = page(made(framework=FRAMEWORK))

    assert found.tags <= ALLOWED
    assert found.opened == []
    assert "".join(found.texts("h3")) == "Guardrails:  is not clean"
    assert "logs-public" in found.texts("code")
    assert "storage.Bucket" in found.texts("code")
    assert "storage.py:12" in found.texts("code")


def test_the_table_counts_by_severity() -> None:
    lines = as_markdown(made()).splitlines()

    assert "| critical | 3 | 0 | 0 | 1 |" in lines
    assert "| high | 1 | 0 | 0 | 0 |" in lines
    assert "| medium | 0 | 1 | 0 | 0 |" in lines
    assert "| low | 0 | 0 | 1 | 0 |" in lines


def test_a_clean_report_is_short() -> None:
    text = as_markdown(clean())

    assert text.startswith("### Guardrails: <code>dev</code> is clean\n\n**Clean. Exit code 0.**\n")
    assert "No findings." in text
    assert text.count("<details>") == 1


def test_our_own_sentences_are_no_markup_either() -> None:
    text = as_markdown(made())

    assert "&#60;b&#62;for years&#60;/b&#62;, as <code>allUsers</code> is a word." in text


def test_every_section_has_its_fold() -> None:
    folds = re.findall(r"<summary>(.*)</summary>", as_markdown(made(framework=FRAMEWORK)))

    assert folds == [
        "<b>TST-01</b> Buckets prevent public access · critical · 3",
        "<b>TST-03</b> There is an archive · high · 1",
        "Faults of rules · 1",
        "Wrong with waivers · 1",
        "Waived: not satisfied, and let through for a while · 1",
        "<b>TST-02</b> Buckets use uniform access · medium · advisory · 1",
        "Declared · 1",
        "Settings that ask less than the tier · 2",
        "Types that nobody has reviewed · 1",
        "What this can prove",
        "Our own framework 1",
    ]


def test_many_resources_are_counted() -> None:
    report = made(*(bucket(f"b-{each}", PUBLIC) for each in range(MOST_RESOURCES + 2)), with_waivers=())
    text = as_markdown(report)

    assert "<code>b-19</code>" in text
    assert "<code>b-20</code>" not in text
    assert "… and 2 more resources." in text


def test_it_stays_shorter_than_a_comment_may_be() -> None:
    long = "n" * 3000
    text = as_markdown(made(*(bucket(f"{long}-{each}", PUBLIC) for each in range(30)), with_waivers=()))

    assert len(text) <= LONGEST + 100
    assert "1 more section would not fit here: the other formats have everything. Among them: TST-01." in text


def test_names_are_neither_markup_nor_links_nor_mentions() -> None:
    name = "`x` | **b** [l](https://evil.test) @all #1 <img src=x onerror=alert(1)> www.evil.test :+1: ~~s~~ &amp; $a$"
    text = as_markdown(made(*resources(name), with_waivers=(), subject=name))
    found = Page(RENDERER.render(text))

    assert found.tags <= ALLOWED
    assert f"{name}-public".replace("\n", "") in "".join(found.texts("code"))
    outside = re.sub(r"<code>[^<]*</code>", "", text)
    for part in ("@all", "evil.test", "onerror", "**b**"):
        assert part not in outside
    assert not set("@`|[]*:~$") & set("".join(re.findall(r"<code>([^<]*)</code>", text)))
