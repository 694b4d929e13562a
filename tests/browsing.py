"""Our pages in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright


@contextmanager
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert program, "Chromium is missing: make test installs it (tools/setup.sh dev), apt-get install chromium"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()


class Opened:
    """A page in the browser, and what it asked for and complained of."""

    def __init__(self, browser: Browser, path: Path, **how: Any) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = browser.new_context(**how).new_page()
        self.page.on("request", lambda one: self.asked.append(one.url))
        self.page.on("console", lambda one: self.complaints.append(one.text))
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))
        self.page.goto(path.as_uri())

    def sideways(self) -> int:
        """Pixels by which the page is wider than the screen."""
        return max(0, int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth")))


def violations(seen: Opened) -> list[tuple[str, str]]:
    """What axe finds. It is handed to the page by the browser: open it with `bypass_csp`."""
    found = Axe().run(seen.page).response
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]]
