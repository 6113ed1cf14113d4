"""A real browser, driven over the Chrome DevTools protocol (https://chromedevtools.github.io/devtools-protocol/)."""

import itertools
import json
import os
import subprocess
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from shutil import which
from typing import Any, Final, Self

from websockets.sync.client import ClientConnection, connect

PROGRAM: Final = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""The browser; None where there is none."""

_SECONDS: Final = 20
_FLAGS: Final = (
    *("--headless=new", "--remote-debugging-port=0", "--no-first-run", "--no-default-browser-check", "--disable-gpu"),
    *("--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-extensions", "--hide-scrollbars", "--force-device-scale-factor=1"),
)
_KEYS: Final = {"ArrowDown": 40, "ArrowUp": 38, "Enter": 13, "Escape": 27, "Tab": 9}


class Chromium:
    """A browser that runs, with a profile of its own.

    Args:
        profile: A folder for the profile.
    """

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self._numbers = itertools.count(1)
        self._open = ExitStack()
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        # A browser that runs as root refuses its own sandbox.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = [str(PROGRAM), *_FLAGS, *sandbox, f"--user-data-dir={self._profile}", "about:blank"]
        with ExitStack() as stack:
            process = stack.enter_context(
                subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
            )
            stack.callback(process.kill)
            said = process.stderr or ()
            address = next(line for line in said if line.startswith("DevTools listening on ")).split()[-1]
            # What it says later is read by nobody; unread, it would fill the pipe and stop the browser.
            drain = threading.Thread(target=list, args=[said], daemon=True)
            drain.start()
            stack.callback(drain.join)
            stack.callback(process.kill)
            self._socket: ClientConnection = stack.enter_context(connect(address, max_size=None, proxy=None))
            self._open = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def call(self, method: str, session: str = "", /, **params: object) -> dict[str, Any]:
        """Call a method of the protocol, and give its result. Events that come meanwhile are kept."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        self._socket.send(json.dumps(message))
        while True:
            found: dict[str, Any] = json.loads(self._socket.recv(_SECONDS))
            if found.get("id") == number:
                assert "error" not in found, (method, found["error"])
                return dict(found["result"])
            self.events.append(found)

    def open(self, url: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> "Page":
        """Open a page in a window of its own.

        Args:
            url: Its address.
            width: Of the window; a phone has 390.
            height: Of the window.
            dark: Whether its user prefers dark colours.
        """
        self.events.clear()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session, target)
        for each in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{each}.enable")
        page.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        page.call("Emulation.setEmulatedMedia", features=[scheme])
        page.call("Page.navigate", url=url)
        return page


class Page:
    """A page in a window.

    Args:
        browser: The browser.
        session: The session with the window.
        target: The window.
    """

    def __init__(self, browser: Chromium, session: str, target: str) -> None:
        self._browser = browser
        self._session = session
        self._target = target

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.call("Target.closeTarget", targetId=self._target)

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Call a method of the protocol for this window."""
        return self._browser.call(method, self._session, **params)

    def value(self, expression: str) -> Any:
        """Give the value of a JavaScript expression, which may be a promise."""
        found = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, (expression, found["exceptionDetails"])
        return found["result"].get("value")

    def until(self, condition: str) -> None:
        """Wait until a JavaScript condition holds. The page itself looks, at each frame."""
        waited = (
            f"new Promise((resolve) => {{ const until = Date.now() + {_SECONDS * 1000};"
            f" const look = () => (({condition}) ? resolve(true) : Date.now() > until ? resolve(false)"
            " : setTimeout(look, 20)); look(); })"
        )
        assert self.value(waited), (condition, self.value("document.body?.innerText"))

    def text(self, selector: str = "body") -> str:
        """Give the text that a reader sees of an element."""
        return str(self.value(f"document.querySelector({json.dumps(selector)}).innerText"))

    def press(self, key: str) -> None:
        """Press and release a key: a character, or one such as `ArrowDown`."""
        code = {"windowsVirtualKeyCode": _KEYS[key]} if key in _KEYS else {}
        text = {"text": "\r"} if key == "Enter" else {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **code, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, **code)

    def write(self, text: str) -> None:
        """Write into whatever has the focus."""
        self.call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Click the middle of an element, as a mouse does."""
        where = self.value(
            f"(() => {{ const found = document.querySelector({json.dumps(selector)}); found.scrollIntoView({{ block:"
            " 'nearest' }); const { x, y, width, height } = found.getBoundingClientRect();"
            " return { x: x + width / 2, y: y + height / 2 }; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **where)

    @property
    def hosts(self) -> set[str]:
        """The hosts, with their ports, that the page has asked anything of."""
        self.value("1")  # what has happened is told before this answer
        return {
            each["params"]["request"]["url"].split("/")[2]
            for each in self._of("Network.requestWillBeSent")
            if not each["params"]["request"]["url"].startswith("data:")
        }

    @property
    def complaints(self) -> list[str]:
        """What the browser complained of: errors of the script and of the console, what its policy stopped."""
        self.value("1")
        said = [json.dumps(each["params"]) for each in self._of("Runtime.exceptionThrown")]
        said += [json.dumps(each["params"]) for each in self._of("Runtime.consoleAPICalled")]
        said += [json.dumps(each["params"]) for each in self._of("Log.entryAdded")]
        return said

    def _of(self, method: str) -> list[Mapping[str, Any]]:
        return [
            each for each in self._browser.events if each.get("method") == method and each["sessionId"] == self._session
        ]
