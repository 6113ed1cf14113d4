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
from groundplan_cli.render.html import MOST_FLOWS, PACK, html
from groundplan_cli.render.mermaid import mermaid
from groundplan_policies.engine import Document
from groundplan_policies.engine.values import Value, redacted_secret
from tests.cli.documents import Builder, shop
from tests.cli.graph.small_platform import platform

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
  subgraph keys["Keys and secrets"]
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
    assert not any(name in {"src", "style"} for _, attributes in page.tags for name in attributes)
    assert [attributes["href"] for _, attributes in page.tags if "href" in attributes] == ["#plan"]
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
    outsiders: dict[str, dict[str, object]]
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
    assert {*data["cards"], *data["outsiders"]} <= ids


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


def test_a_plan_without_a_way_in_or_out_says_so() -> None:
    assert "border to the internet: nothing in this plan" in draw(shop())[2]
    assert "border to the internet<" in draw(platform())[2]


def test_a_box_says_what_it_is_what_for_where_and_how_much() -> None:
    text = draw(platform())[2]
    box = text[text.index('id="' + card_id("datasets") + '"') :].partition("</button>")[0]
    words = " ".join(re.sub(r"<[^>]*>", " ", box).split())

    assert "Bucket for data" in words
    assert "Keeps files of one class of data, never public." in words
    assert words.endswith("acme-ml personal own key 2 resources")


def card_id(name: str) -> str:
    return next(key for key, card in embedded(platform())["cards"].items() if card["name"] == name)


def test_a_click_on_a_box_tells_its_keys_rights_and_users() -> None:
    cards = embedded(platform())["cards"]
    datasets, trainer, keys = (card_id(name) for name in ("datasets", "trainer", "main"))

    assert cards[datasets]["keys"] == [["main-key-personal", keys]]
    assert cards[datasets]["facts"] == [["Class of the data", "personal"]]
    assert cards[datasets]["users"] == [
        {
            "who": "trainer",
            "words": "read the objects of",
            "on": "datasets-bucket",
            "card": trainer,
            "condition": "",
            "kind": "",
        }
    ]
    assert cards[trainer]["may"] == [
        {"who": "", "words": "read the objects of", "on": "datasets-bucket", "card": datasets, "condition": ""}
    ]


def test_pictures_draw_rights_apart_from_values() -> None:
    chart, graph, _ = draw(platform())
    datasets, trainer = card_id("datasets"), card_id("trainer")

    assert f'  {trainer} -. "may read" .-> {datasets}\n' in chart
    assert f'  {trainer} -> {datasets} [style=dashed, label="may read", fontsize=8];\n' in graph
    assert f"{trainer} --> {datasets}" not in chart


def test_the_walk_is_in_the_page_with_names_set_apart() -> None:
    page = Page(draw(platform())[2])

    assert "A person opens a notebook" in page.texts["span"]
    assert {"alice@acme.test", "datasets"} <= set(page.texts["b"])
    assert not any("`" in text for text in page.texts["span"] + page.texts["p"])


def test_steps_name_boxes_that_are_there() -> None:
    page = Page(draw(platform())[2])
    named = {name for _, attributes in page.tags for name in (attributes.get("data-cards") or "").split()}

    assert named
    assert named <= set(embedded(platform())["cards"])


@pytest.mark.parametrize(("number", "packed"), [(PACK - 1, False), (PACK, True)])
def test_many_boxes_of_one_kind_are_packed_into_one_that_opens(number: int, packed: bool) -> None:
    build = Builder()
    for index in range(number):
        account = build.add("groundplan:security:ServiceIdentity", f"robot-{index}")
        build.add("gcp:serviceaccount/account:Account", f"robot-{index}-account", parent=account)

    text = draw(build)[2]

    assert (f"{number} service accounts" in text) is packed
    assert text.count('class="card"') == number


def test_names_cannot_add_elements_to_what_is_told_of_a_platform() -> None:
    plain, attacked = Page(draw(platform())[2]), Page(draw(platform(HOSTILE))[2])

    assert not any(name.startswith("on") for _, attributes in attacked.tags for name in attributes)
    assert [tag for tag, _ in attacked.tags if tag in {"script", "b"}].count("script") == 2
    assert len(attacked.tags) == len(plain.tags)


@pytest.mark.parametrize(("enforced", "frame"), [(True, "inside enforced"), (False, "inside dry"), (None, "inside")])
def test_a_perimeter_is_a_frame_dashed_while_it_is_a_dry_run(enforced: bool | None, frame: str) -> None:
    build = platform()
    if enforced is not None:
        build.add(
            "groundplan:network:ServicePerimeter", "wall", outputs={"enforced": enforced, "projects": ["acme-ml"]}
        )

    assert any(attributes.get("class") == frame for _, attributes in Page(draw(build)[2]).tags)
