"""The page in a real browser: what a person sees of it, and does with mouse and keyboard."""

import json
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.faults import Fault
from mockcloud.doors.rest.server import Server, serve
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.calls import call, get_secret, make_secret
from tests.mockcloud.doors.console.chromium import PROGRAM, Chromium, Page
from tests.mockcloud.doors.console.conftest import Browser

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no chromium is installed")

VIEWS = ("resources", "operations", "calls", "changes", "access", "faults", "cloud")
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"
PHONE = 390


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("chromium")) as found:
        yield found


@pytest.fixture
def filled(browser: Browser) -> Cloud:
    """A cloud with something in every view."""
    cloud = browser.cloud
    for name in ("key", "other"):
        make_secret(cloud, name)
    bind(cloud, "user:alice@acme.test")
    path, body = "/v1/projects/acme-ml/locations/l/workflows", {"sourceContents": "main: {steps: []}"}
    call(cloud, "POST", path, body, query="workflowId=flow", host="workflows.googleapis.com")
    cloud.faults.add(Fault(method="storage.*", status=503))
    return cloud


def bind(cloud: Cloud, member: str, expression: str = "true") -> None:
    binding = {
        "role": "roles/secretmanager.secretAccessor",
        "members": [member],
        "condition": {"title": "some", "expression": expression},
    }
    body = {"policy": {"version": 3, "bindings": [binding]}}
    call(cloud, "POST", "/v1/projects/acme/secrets/key:setIamPolicy", body)


def opened(
    chromium: Chromium, server: Server, view: str = "resources", *, width: int = 1280, dark: bool = False
) -> Page:
    """Open a view, and wait until it is drawn and live."""
    page = chromium.open(f"{server.url}/#{view}", width=width, dark=dark)
    page.until("document.querySelector('#live.on') && document.querySelector('main')?.children.length")
    return page


def sees(page: Page, text: str, where: str = "body") -> None:
    page.until(f"document.querySelector({json.dumps(where)})?.innerText.includes({json.dumps(text)})")


def misses(page: Page, text: str, where: str = "main") -> None:
    page.until(f"!document.querySelector({json.dumps(where)}).innerText.includes({json.dumps(text)})")


def press_button(page: Page, text: str, beside: str = "") -> None:
    """Press a button, by its text; of several, that which has another text beside it."""
    page.value(
        f"[...document.querySelectorAll('button')].find((each) => each.textContent === {json.dumps(text)}"
        f" && each.parentElement.innerText.includes({json.dumps(beside)}))"
        ".dataset.pressed = '1'"
    )
    page.click("[data-pressed]")
    page.value("document.querySelectorAll('[data-pressed]').forEach((each) => delete each.dataset.pressed)")


def enter(page: Page, name: str, text: str) -> None:
    """Write into a field of a form."""
    page.click(f"main [name={name}]")
    page.write(text)


# What it looks like
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (PHONE, False), (PHONE, True)])
def test_every_view_is_drawn_in_its_window_without_complaint(
    chromium: Chromium, server: Server, width: int, dark: bool
) -> None:
    with opened(chromium, server, width=width, dark=dark) as page:
        for view in VIEWS:
            page.value(f"location.hash = '{view}'")
            page.until(f"document.querySelector('nav [aria-current=page]').dataset.view === '{view}'")
            page.until("document.querySelector('main .row, main .card')")
            assert page.value("document.documentElement.scrollWidth") == width, view
            assert page.value(
                "(() => { const { left, right } = document.querySelector('nav [aria-current]')"
                f".getBoundingClientRect(); return left > -1 && right < {width + 1}; }})()"
            ), view
        red = int(page.value("getComputedStyle(document.body).backgroundColor").partition("(")[2].partition(",")[0])
        assert (red < 64) is dark
        assert page.complaints == []
        assert page.hosts == {f"127.0.0.1:{server.port}"}


@pytest.mark.usefixtures("filled")
def test_on_a_phone_details_lie_over_the_list_and_can_be_closed(chromium: Chromium, server: Server) -> None:
    with opened(chromium, server, width=PHONE) as page:
        assert page.value("document.querySelector('#facets').open") is False
        assert page.value("document.querySelector('main').getBoundingClientRect().width") == PHONE, "it lies above"
        page.click("a.row[title='secretmanager/projects/acme/secrets/key']")
        sees(page, "As the API has it", "#details")
        assert page.value("document.querySelector('#details').getBoundingClientRect().width") == PHONE
        page.click("#details .close")
        page.until("document.querySelector('#details').hidden")


def test_an_empty_cloud_says_how_to_begin(chromium: Chromium, server: Server, browser: Browser) -> None:
    del browser
    with opened(chromium, server) as page:
        sees(page, "Nothing is here yet.")
        sees(page, "groundplan cloud exec")


# What is hostile
# ---------------------------------------------------------------------------------------------------------------------


def test_markup_in_names_stays_text(chromium: Chromium, server: Server, browser: Browser) -> None:
    cloud = browser.cloud
    make_secret(cloud, "key")
    host, path = "europe-west4-aiplatform.googleapis.com", "/v1/projects/acme/locations/europe-west4/endpoints"
    call(cloud, "POST", path, {"displayName": MARKUP, "description": MARKUP}, host=host)
    bind(cloud, "user:alice@acme.test", f"resource.name == '{MARKUP}'")
    get_secret(cloud, "%3Cimg%20src=x%3E")
    cloud.faults.add(Fault(name=MARKUP, status=503))
    browser.ask("snapshots", {"name": MARKUP})
    with opened(chromium, server) as page:
        sees(page, MARKUP)
        page.click("a.row[title*=endpoints]")
        sees(page, MARKUP, "#details h2")
        sees(page, f'"description": "{MARKUP}"', "#details pre")
        for view, where in (("access", MARKUP), ("faults", MARKUP), ("cloud", MARKUP), ("calls", "img src=x")):
            page.value(f"location.hash = '{view}'")
            sees(page, where, "main")
        assert page.value("document.querySelectorAll('img, body script + *').length") == 0
        assert page.complaints == []


# What moves
# ---------------------------------------------------------------------------------------------------------------------


def test_what_happens_is_seen_without_asking(chromium: Chromium, server: Server, filled: Cloud) -> None:
    with opened(chromium, server, "operations") as page:
        sees(page, "running")
        sees(page, "ends at 2026-01-01 00:00:0", "main .due")
        filled.advance(60)
        sees(page, "done", "main")
        page.value("location.hash = 'resources'")
        misses(page, "latest-one")
        make_secret(filled, "latest-one")
        sees(page, "latest-one", "main")
        sees(page, str(len(filled.journal.calls)), "#n-calls")


def test_it_says_when_the_server_has_gone(chromium: Chromium) -> None:
    with serve(new_cloud()) as server:
        page = opened(chromium, server)
    with page:
        sees(page, "no answer", "#live")


def test_time_passes_at_a_press(chromium: Chromium, server: Server, filled: Cloud) -> None:
    before = filled.clock.now
    with opened(chromium, server) as page:
        press_button(page, "+1 h")
        sees(page, "01:00", "#now")
    assert (filled.clock.now - before).total_seconds() >= 3600


# Search, choice, keyboard
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("filled")
def test_search_narrows_what_is_shown(chromium: Chromium, server: Server) -> None:
    with opened(chromium, server) as page:
        page.press("/")
        assert page.value("document.activeElement.id") == "search"
        page.write("OTHER secret")
        misses(page, "flow")
        sees(page, "1 resource", "main .above")
        page.press("Escape")
        sees(page, "flow", "main")
        page.press("3")
        sees(page, "the last 500", "main")
        page.press("/")
        page.write("workflows.create")
        misses(page, "secretmanager")
        page.write(" nonsense")
        sees(page, "Nobody called.", "main")


@pytest.mark.usefixtures("filled")
def test_projects_and_services_narrow_it_too(chromium: Chromium, server: Server) -> None:
    with opened(chromium, server) as page:
        sees(page, "acme-ml", "#facets")
        page.click("""[data-key='{"project":"acme-ml"}']""")
        misses(page, "other")
        sees(page, "flow", "main")
        page.click("""[data-key='{"project":"acme-ml"}']""")
        sees(page, "other", "main")
        page.click("""[data-key='{"api":"secretmanager"}']""")
        misses(page, "flow")
        sees(page, "2 resources in secretmanager", "main")


def test_the_keyboard_alone_is_enough(chromium: Chromium, server: Server, filled: Cloud) -> None:
    with opened(chromium, server) as page:
        for number, view in enumerate(VIEWS, 1):
            page.press(str(number))
            page.until(f"document.querySelector('nav [aria-current=page]').dataset.view === '{view}'")
        page.press("1")
        page.until("document.querySelector('a.row')")
        page.press("ArrowDown")
        page.press("ArrowDown")
        page.press("ArrowUp")
        page.press("j")
        key = page.value("document.activeElement.dataset.key")
        assert key == page.value("document.querySelectorAll('a.row')[1].dataset.key")
        page.press("Enter")
        page.until("!document.querySelector('#details').hidden")
        make_secret(filled, "meanwhile")
        sees(page, "meanwhile", "main")
        assert page.value("document.activeElement.dataset.key") == key, (
            "the focus survives that the list is drawn again"
        )
        page.press("Escape")
        page.until("document.querySelector('#details').hidden")


@pytest.mark.parametrize("selector", ["#facets button", "#details .close"])
def test_the_focus_stays_where_it_is_when_something_happens(
    chromium: Chromium, server: Server, filled: Cloud, selector: str
) -> None:
    with opened(chromium, server, "resources?at=secretmanager/projects/acme/secrets/key") as page:
        page.until(f"document.querySelector('{selector}') && document.querySelector('#details pre')")
        page.value(f"document.querySelector('{selector}').focus()")
        key = page.value("document.activeElement.dataset.key")
        make_secret(filled, "meanwhile")
        sees(page, "meanwhile", "main")
        sees(page, "secretmanager\n3", "#facets")
        assert page.value("document.activeElement.dataset.key") == key != ""


def test_what_is_pressed_stays_until_it_is_let_go(chromium: Chromium, server: Server, filled: Cloud) -> None:
    with opened(chromium, server) as page:
        sees(page, "acme-ml", "#facets")
        where = page.value(
            "(() => { const { x, y } = document.querySelector('#facets button:nth-of-type(2)').getBoundingClientRect();"
            " return { x: x + 5, y: y + 5, button: 'left', clickCount: 1 }; })()"
        )
        page.call("Input.dispatchMouseEvent", type="mousePressed", **where)
        make_secret(filled, "meanwhile")
        sees(page, str(len(filled.journal.calls)), "#n-calls")
        page.value("new Promise((resolve) => setTimeout(resolve, 400))")  # longer than it gathers news
        page.call("Input.dispatchMouseEvent", type="mouseReleased", **where)
        misses(page, "other")
        sees(page, "flow", "main")


@pytest.mark.usefixtures("filled")
def test_the_first_tab_leads_past_the_header(chromium: Chromium, server: Server) -> None:
    with opened(chromium, server) as page:
        page.press("Tab")
        assert page.value("document.activeElement.textContent") == "To the content"
        page.press("Enter")
        assert page.value("document.activeElement.id") == "view"


# What is done
# ---------------------------------------------------------------------------------------------------------------------


def test_a_fault_is_made_and_ended(chromium: Chromium, server: Server, browser: Browser) -> None:
    with opened(chromium, server, "faults") as page:
        sees(page, "Nothing goes wrong on request.")
        enter(page, "method", "secretmanager.*")
        enter(page, "status", "503")
        press_button(page, "Add")
        sees(page, "method secretmanager.*, status 503", "main")
        assert make_secret(browser.cloud, "key").status == HTTPStatus.SERVICE_UNAVAILABLE
        sees(page, "1 of 1", "main")
        press_button(page, "End")
        sees(page, "Nothing goes wrong on request.")
    assert len(browser.cloud.faults) == 0


def test_a_refusal_is_told_with_its_remedy(chromium: Chromium, server: Server, browser: Browser) -> None:
    del browser
    with opened(chromium, server, "faults") as page:
        enter(page, "method", "secretmanager.*")
        press_button(page, "Add")
        sees(page, "The fault makes no sense", "#message")
        assert len(page.text("#message").splitlines()) == 4


def test_who_can_is_answered_and_the_answer_stays(chromium: Chromium, server: Server, filled: Cloud) -> None:
    with opened(chromium, server, "access") as page:
        sees(page, "only if true", "main")
        enter(page, "permission", "secretmanager.versions.access")
        enter(page, "at", "secretmanager/projects/acme/secrets/key")
        press_button(page, "Who can?")
        sees(page, "user:alice@acme.test", ".answer")
        bind(filled, "user:bob@acme.test")
        sees(page, "user:bob@acme.test", "main .rows")
        assert "user:alice@acme.test" in page.text(".answer")
        assert page.value("document.querySelector('main [name=permission]').value") == "secretmanager.versions.access"
        page.click("a.row")
        sees(page, "secretmanager.secretAccessor only if true", "#details")


def test_rules_snapshots_and_the_end_of_everything(chromium: Chromium, server: Server, filled: Cloud) -> None:
    with opened(chromium, server, "cloud") as page:
        page.value("[...document.querySelectorAll('.switch')].find((each) => each.innerText === 'quota').id = 'quota'")
        page.click("#quota input")
        page.until("!document.querySelector('#quota')")  # it is drawn again when that has been done
        assert "quota" in filled.rules.names
        enter(page, "name", "before")
        press_button(page, "Keep")
        sees(page, "before", "main")
        press_button(page, "Empty the cloud")
        assert len(filled.store) > 0, "one press is not enough"
        press_button(page, "Really empty it?")
        page.until("document.querySelector('#n-calls').innerText === ''")
        assert len(filled.store) == 0
        press_button(page, "Restore", beside="before")
        page.press("1")
        sees(page, "flow", "main")
    filled.rules.switch("quota", on=False)
