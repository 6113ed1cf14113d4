"""Writes the page."""

from functools import lru_cache
from importlib.resources import files

from jinja2 import Template
from markupsafe import Markup, escape

from groundplan_policies.evidence.html.drawing import HEIGHT, WIDTH, draw
from groundplan_policies.evidence.html.rows import clause_word, joined, kinds, rows, standings
from groundplan_policies.evidence.levels import REACHES
from groundplan_policies.evidence.model import Bundle
from groundplan_policies.evidence.words import CLAIM, GAPS, STATES, headline, standing, title, verdict, what
from groundplan_policies.reports.pages import policy_hash, templates
from groundplan_policies.reports.safe import count, plain

_MARK = "%MARK%"
"""Where the style sheet takes the watermark: pages have margins, and only a style sheet writes into those."""


MOST_ROWS = 1200
"""Rows of the inventory and of access before the rest is only counted, so that the page stays small enough to open."""


def as_html(bundle: Bundle) -> str:
    """Write the evidence as a page."""
    style = _asset("evidence.css").replace(_MARK, bundle.reach.watermark)
    script = _asset("evidence.js")
    return _template().render(
        bundle=bundle,
        report=bundle.report,
        title=title(bundle),
        what=what(bundle),
        verdict=verdict(bundle),
        headline=headline(bundle),
        claim=CLAIM,
        standing=list(standing(bundle)),
        states=STATES,
        reaches=list(REACHES.values()),
        rows=rows(bundle),
        kinds=kinds(bundle),
        standings=list(standings(bundle)),
        gaps=GAPS,
        drawing=draw(bundle.flow),
        box_width=WIDTH,
        box_height=HEIGHT,
        count=count,
        most_rows=MOST_ROWS,
        style=style,
        script=script,
        style_hash=policy_hash(style),
        script_hash=policy_hash(script),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    """Make the template once: that takes as long as to fill it."""
    made = templates(_asset)
    made.filters.update(plain=plain, path=_path, ours=_ours, joined=joined, clause_word=clause_word)
    return made.get_template("evidence.html.j2")


def _path(text: str) -> Markup:
    """Let a path break after its slashes."""
    return escape(text).replace("/", Markup("/<wbr>"))


def _ours(sentence: str) -> Markup:
    """Give a sentence of ours, in which a pair of backticks marks code."""
    parts = sentence.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def _asset(name: str) -> str:
    return files("groundplan_policies.evidence.html").joinpath("assets", name).read_text(encoding="utf-8")
