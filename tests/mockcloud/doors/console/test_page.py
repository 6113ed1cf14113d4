import base64
import hashlib
import re

from tests.mockcloud.doors.console.conftest import Browser


def test_the_page_loads_nothing_and_its_policy_allows_nothing_else(browser: Browser) -> None:
    answered = browser.send("GET", "/")
    page = answered.body.decode()
    policy = answered.headers["content-security-policy"]

    assert answered.status == 200
    assert answered.headers["content-type"] == "text/html; charset=utf-8"
    assert re.findall(r"(?:src|href)=\"(?!#|data:)[^\"]*\"", page.partition("<script>")[0]) == []
    assert "http://" not in page
    assert "https://" not in page
    assert "unsafe" not in policy
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        inline = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
        assert len(inline) == 1
        assert f"{directive} 'sha256-{digest}'" in policy


def test_the_page_cannot_be_framed_or_kept(browser: Browser) -> None:
    headers = browser.send("GET", "/").headers

    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_the_script_writes_no_markup(browser: Browser) -> None:
    """Names of resources come from programs: they become text, and nothing else."""
    page = browser.send("GET", "/").body.decode()

    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "style="):
        assert way not in page


def test_a_page_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.refused("nonsense").status == 404
    assert browser.refused("reset").status == 405
