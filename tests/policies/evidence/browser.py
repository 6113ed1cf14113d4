"""A browser that looks at a page, without a window: Chromium, where there is one."""

import html
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

CHROMIUM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_SECONDS: Final = 120


def run(page: Path, home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Load a page, in time that the browser makes for itself or in real time. `home` is a directory for the browser."""
    assert CHROMIUM is not None
    command: Sequence[str] = (
        *(CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
        *("--no-first-run", f"--user-data-dir={home}", "--disable-background-networking"),
        *options,
        page.as_uri(),
    )
    return subprocess.run(command, capture_output=True, text=True, timeout=2 * _SECONDS, check=True)


def first_paint(text: str, folder: Path) -> float:
    """Give after how many milliseconds a page first shows something, in real time."""
    script = """
        new PerformanceObserver((list) => {
          const paint = list.getEntries().find((each) => each.name === 'first-contentful-paint');
          if (paint) console.log(`painted after ${paint.startTime} ms`);
        }).observe({type: 'paint', buffered: true});
    """
    page = folder / "painted.html"
    page.write_text(_POLICY.sub("", text).replace("<body", f"<script>{script}</script><body", 1), encoding="utf-8")
    done = run(page, folder / "browser", "--enable-logging=stderr", f"--screenshot={folder / 'page.png'}")
    found = re.search(r"painted after ([\d.]+) ms", done.stderr)
    assert found is not None, "the browser painted nothing"
    return float(found[1])


def ask(text: str, script: str, folder: Path, *, dark: bool = False) -> str:
    """Add a script to a page, and give what it writes into an element of the id `answer`.

    The page's own policy would not let it run, and is taken out of the copy.
    """
    changed = _POLICY.sub("", text).replace("</body>", f"<script>{script}</script></body>")
    if dark:
        changed = changed.replace('<html lang="en">', '<html lang="en" data-theme="dark">')
    page = folder / "asked.html"
    page.write_text(changed, encoding="utf-8")
    options = (f"--virtual-time-budget={_SECONDS * 1000}", f"--timeout={_SECONDS * 1000}", "--dump-dom")
    found = re.search(r'<pre id="answer">(.*?)</pre>', run(page, folder / "browser", *options).stdout, re.DOTALL)
    assert found is not None, "the script gave no answer"
    return html.unescape(found[1])
