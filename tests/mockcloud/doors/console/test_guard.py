"""Who may use the console: this machine's browsers and tools, and no page of the internet."""

import pytest

from tests.mockcloud.cloud.calls import make_secret
from tests.mockcloud.doors.console.conftest import Browser

OURS = {"X-Mock-Cloud": "console"}


def test_a_tool_with_the_header_is_answered(browser: Browser) -> None:
    assert browser.send("GET", "/_mock/about", headers=OURS).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**OURS, "Host": "attacker.example"},
        {**OURS, "Host": "attacker.example:8080"},
        {**OURS, "Host": "127.0.0.1.attacker.example"},
        {**OURS, "Host": "localhost.attacker.example"},
        {**OURS, "Host": "secretmanager.googleapis.com"},
        {**OURS, "Host": ""},
        {**OURS, "Host": "[::1"},
        {**OURS, "Origin": "https://attacker.example"},
        {**OURS, "Origin": "null"},
        {**OURS, "Origin": "http://localhost:3000"},
        {**OURS, "Sec-Fetch-Site": "cross-site"},
        {**OURS, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_a_page_of_another_site_can_send_is_refused(browser: Browser, headers: dict[str, str]) -> None:
    make_secret(browser.cloud, "key")

    assert browser.send("POST", "/_mock/reset", b"{}", headers).status == 403
    assert len(browser.cloud.store) > 0


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "192.168.1.5"])
def test_this_machine_has_several_names(browser: Browser, host: str) -> None:
    assert browser.send("GET", "/_mock/about", headers={**OURS, "Host": f"{host}:{browser.server.port}"}).status == 200


def test_the_page_itself_may(browser: Browser) -> None:
    origin = f"http://127.0.0.1:{browser.server.port}"
    headers = {**OURS, "Origin": origin, "Sec-Fetch-Site": "same-origin"}

    assert browser.send("POST", "/_mock/reset", b"{}", headers).status == 200


def test_cors_is_never_granted(browser: Browser) -> None:
    preflight = {"Origin": "https://attacker.example", "Access-Control-Request-Headers": "x-mock-cloud"}

    answered = browser.send("OPTIONS", "/_mock/reset", headers=preflight)

    assert answered.status == 403
    assert not any(name.lower().startswith("access-control") for name in answered.headers)


@pytest.mark.parametrize(
    ("origin", "status"), [("https://attacker.example", 403), ("null", 403), ("http://localhost:3000", 200)]
)
def test_google_s_apis_answer_pages_of_this_machine_only(browser: Browser, origin: str, status: int) -> None:
    """What a page can post without asking must not change the cloud; a developer's own page may call it."""
    body, path = b'{"replication":{"automatic":{}}}', "/v1/projects/acme/secrets?secretId=key"
    headers = {"Origin": origin, "Content-Type": "text/plain"}

    assert browser.send("POST", path, body, headers).status == status
    assert (len(browser.cloud.store) > 0) is (status == 200)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("attacker.example", 403),
        ("attacker.example:8080", 403),
        ("secretmanager.googleapis.com.attacker.example", 403),
        ("[::1", 403),
        ("mockcloud:8080", 200),
        ("localhost", 200),
        ("192.168.1.5", 200),
        ("secretmanager.googleapis.com", 200),
        ("europe-west4-secretmanager.googleapis.com:443", 200),
        ("", 200),
    ],
)
def test_a_name_that_an_attacker_can_point_here_is_not_answered(browser: Browser, host: str, status: int) -> None:
    assert browser.send("GET", "/v1/projects/acme/secrets", headers={"Host": host}).status == status


def test_the_root_of_a_google_host_is_google_s(browser: Browser) -> None:
    assert (
        browser.send("GET", "/", headers={"Host": "storage.googleapis.com"})
        .headers["content-type"]
        .startswith("application/")
    )


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
)
def test_a_link_or_an_image_of_another_site_calls_nothing(browser: Browser, site: str, status: int) -> None:
    assert browser.send("GET", "/v1/projects/acme/secrets", headers={"Sec-Fetch-Site": site}).status == status
    assert len(browser.cloud.journal.calls) == (status == 200)
