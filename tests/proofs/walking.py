"""Somebody at a browser who follows every link there is, for the proofs that look at all pages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.cast import PASSWORD
from tests.journeys.conftest import ALONE

IDENT = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
NOT_PAGES = re.compile(r"/logout|/static/|/quick|/month/|/media/")
LINKS = "() => [...document.querySelectorAll('a[href]')].map(link => link.href).filter(address => address.startsWith(location.origin))"


@contextmanager
def browser(profile: Path) -> Iterator[BrowserContext]:
    """A browser with a profile on disk and the back-forward cache that people have."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=os.environ["CHROMIUM"],
            args=["--no-sandbox", ALONE],
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield context
        context.close()


def sign_in(page: Page, url: str, who: str) -> None:
    """``who`` (the beginning of their address) at this browser, and nobody else any more."""
    page.context.clear_cookies()
    page.goto(f"{url}/accounts/login/")
    page.fill("#id_login", f"{who}@sub.test")
    page.fill("#id_password", PASSWORD)
    page.click("form >> text=Sign in >> nth=0")
    page.wait_for_url(lambda address: "/accounts/login/" not in address, wait_until="commit", timeout=60_000)


def _opens(page: Page, address: str) -> bool:
    """Whether there is a page; a download would not open as one."""
    answer = page.request.get(address, max_redirects=0)
    kind = answer.headers.get("content-type", "")
    return answer.status == 200 and "text/html" in kind and "content-disposition" not in answer.headers


def pages_of(context: BrowserContext, url: str, who: str) -> Iterator[tuple[str, Page]]:
    """The address of each page that ``who`` gets to by following links, with that page open; of addresses built alike, one."""
    page = context.new_page()
    sign_in(page, url, who)
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        if not _opens(page, url + path):
            continue
        page.goto(url + path)
        for address in page.evaluate(LINKS):
            there = urlsplit(address).path
            if IDENT.sub("…", there) not in seen and not NOT_PAGES.search(there):
                seen.add(IDENT.sub("…", there))
                waiting.append(there)
        yield path, page
    page.close()
