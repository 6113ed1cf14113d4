"""Mermaid, DOT and HTML of a program whose names are an attack on each of them."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import TypedDict

import pytest

from groundplan_cli.graph.model import build_graph
from groundplan_cli.render.dot import dot
from groundplan_cli.render.html import MOST_FLOWS, html
from groundplan_cli.render.mermaid import mermaid
from groundplan_policies.engine import Document
from groundplan_policies.engine.values import Value, redacted_secret
from tests.cli.documents import Builder, shop

HOSTILE = '</script><script>alert(1)</script>"];\n  evil --> c0 <b onclick="x">&amp; \\" \x1b[31m\u202e {{ 7 * 7 }} ]]>'


def hostile() -> Builder:
    build = Builder()
    build.add("gcp:storage/bucket:Bucket", HOSTILE, inputs={HOSTILE: HOSTILE, "token": redacted_secret()})
    build.add("shop:index:<i>Store</i>", "store")
    return build


def draw(builder: Builder) -> tuple[str, str, str]:
    graph = build_graph(Document.read(builder.document()))
    return mermaid(graph), dot(graph), html(graph)


class Page(HTMLParser):
    """Collects the elements, ids and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts.setdefault(self.inside[-1], []).append(data)


def test_mermaid_is_a_flowchart_of_zones() -> None:
    assert (
        draw(shop())[0]
        == """\
flowchart TB
  subgraph network["Network"]
    c0["net<br/>compute.Network"]
    c1["subnet<br/>compute.Subnetwork"]
  end
  subgraph data["Data"]
    c3["store<br/>shop.Store"]
  end
  subgraph keys["Keys and logs"]
    c2["key<br/>kms.CryptoKey"]
  end
  c0 --> c1
  c2 --> c3
"""
    )


def test_names_cannot_add_to_a_mermaid_chart() -> None:
    lines = draw(hostile())[0].splitlines()

    assert len(lines) == 4
    assert lines[2].count('"') == 2
    assert not set("<>\\{}") & set(lines[2].replace("<br/>", ""))


def test_names_cannot_add_to_a_dot_graph() -> None:
    text = draw(hostile())[1]

    assert text.count("\n") == draw(one_plain())[1].count("\n")
    assert re.search(r'label="(?:[^"\\]|\\.)*"\];\n', text)
    assert "\x1b" not in text


def one_plain() -> Builder:
    build = Builder()
    build.add("gcp:storage/bucket:Bucket", "plain", inputs={"a": 1})
    return build


def test_dot_draws_clusters_and_edges() -> None:
    text = draw(shop())[1]

    assert 'c0 [label="net\\ncompute.Network"];' in text
    assert "subgraph cluster_keys {" in text
    assert "c2 -> c3;" in text
    assert text.count("{") == text.count("}")


def test_names_cannot_add_elements_to_the_page() -> None:
    plain, attacked = Page(draw(one_plain())[2]), Page(draw(hostile())[2])

    assert [tag for tag, _ in attacked.tags] == [tag for tag, _ in plain.tags]
    assert not any(name.startswith("on") for _, attributes in attacked.tags for name in attributes)
    assert "\x1b" not in draw(hostile())[2]
    assert "\u202e" not in draw(hostile())[2]


def test_the_data_cannot_end_its_element() -> None:
    found = re.search(r'id="data">(.*)</script>\n<script>', draw(hostile())[2])

    assert found
    assert not set("<>&") & set(found[1])
    assert found[1].isascii()


def test_the_page_shows_the_name_as_it_is() -> None:
    assert any("</script><script>alert(1)" in text for text in Page(draw(hostile())[2]).texts["span"])


def test_the_page_loads_nothing() -> None:
    text = draw(shop())[2]
    page = Page(text)

    assert not {"link", "img", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in page.tags}
    assert not any(name in {"src", "href", "style"} for _, attributes in page.tags for name in attributes)
    assert "url(" not in "".join(page.texts["style"])
    assert set(re.findall(r"https?://[^\s\"'`)]+", text)) == {"http://www.w3.org/2000/svg"}


def test_the_policy_allows_this_script_and_this_style_only() -> None:
    text = draw(shop())[2]
    page = Page(text)
    [policy] = [
        attributes["content"]
        for _, attributes in page.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)[-1]
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)[-1]

    def allowed(content: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"

    assert policy == (
        f"default-src 'none'; script-src {allowed(script)}; style-src {allowed(style)};"
        " base-uri 'none'; form-action 'none'"
    )
    assert "innerHTML" not in script
    assert "eval(" not in script


class Data(TypedDict):
    nodes: dict[str, dict[str, object]]
    cards: dict[str, dict[str, object]]
    flows: list[list[object]]
    order: list[list[object]]


def embedded(builder: Builder) -> Data:
    text = draw(builder)[2]
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    data: Data = json.loads(found[1])
    return data


def test_the_data_says_what_a_click_shows() -> None:
    data = embedded(shop())

    logs = next(node for node in data["nodes"].values() if node["name"] == "logs")
    assert logs["type"] == "storage.Bucket"
    assert logs["marks"] == ["ignores labels"]
    assert logs["properties"] == [
        ["location", '"EU"', ""],
        ["labels.team", '"a"', ""],
        ["token", "secret", "secret"],
        ["defaultKmsKeyName", "known after apply", "unknown"],
    ]
    store = next(card for card in data["cards"].values() if card["name"] == "store")
    assert store["source"] == "__main__.py:12"
    assert data["flows"] == [["c0", "c1", ["network"]], ["c2", "r3", ["defaultKmsKeyName"]]]


@pytest.mark.parametrize("key", ["ciphertext", "plaintext"])
def test_no_picture_holds_a_secret(key: str) -> None:
    signature: Value = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", key: '"hunter2"'}
    build = Builder()
    build.add("gcp:storage/bucket:Bucket", "b", inputs={"token": signature, "nested": [{"token": signature}]})
    build.outputs(token=signature)

    assert not any("hunter2" in text for text in draw(build))


def test_every_element_that_the_script_looks_for_is_there() -> None:
    text = draw(shop())[2]
    ids = {attributes.get("id") for _, attributes in Page(text).tags}
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)[-1]

    assert set(re.findall(r'byId\("([a-z]+)"\)', script)) <= ids
    data = embedded(shop())
    assert {*data["nodes"], *data["cards"]} <= ids


@pytest.mark.parametrize(("users", "drawn"), [(MOST_FLOWS, True), (MOST_FLOWS + 1, False)])
def test_all_flows_are_drawn_at_first_only_where_they_can_be_read(users: int, drawn: bool) -> None:
    build = Builder()
    key = build.add("gcp:kms/cryptoKey:CryptoKey", "key")
    for number in range(users):
        store = build.add("shop:index:Store", f"store-{number}")
        build.add("gcp:storage/bucket:Bucket", f"bucket-{number}", parent=store, uses={"key": key})

    (switch,) = [attributes for _, attributes in Page(draw(build)[2]).tags if attributes.get("id") == "flows"]
    assert ("checked" in switch) is drawn


def test_an_order_is_told_apart_from_a_flow() -> None:
    build = Builder()
    first = build.add("gcp:projects/service:Service", "api")
    build.add("gcp:storage/bucket:Bucket", "b", dependencies=[first])

    data = embedded(build)
    assert data["flows"] == []
    assert data["order"] == [["c0", "c1"]]


def test_an_empty_outermost_zone_is_said() -> None:
    page = Page(draw(shop())[2])

    assert [text.strip() for text in page.texts["h2"]][:2] == ["Internet", "Network"]
    assert "Nothing in this plan." in page.texts["p"]
