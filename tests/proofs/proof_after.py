"""T33: Ana walks through her pages, signs out, and goes back through all of them. Neither the browser nor its disk shows any again.

The control is the same house through a proxy that takes away what keeps a page from being kept: the header, and the script that looks.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

from tests.cast import PRIVATE, SECRET
from tests.journeys.conftest import Site
from tests.journeys.conftest import site as site

from .figures import figure
from .walking import browser, pages_of, sign_in

WORDS = ("Cleo", "Marchetti", "Couplings", SECRET, PRIVATE)
ROUND = 12  # pages between two signings in: a browser keeps fifty addresses to go back to
HEARD = ("Transfer-Encoding", "Connection", "Content-Length", "Cache-Control", "Vary")


class Kept(BaseHTTPRequestHandler):
    """Hands everything on, but lets it be kept."""

    upstream = ""
    protocol_version = "HTTP/1.1"

    def _handed_on(self) -> None:
        link = http.client.HTTPConnection(self.upstream, timeout=30)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        link.request(self.command, self.path, body, dict(self.headers.items()))
        answer = link.getresponse()
        said = b"" if self.path.endswith("bfcache.js") else answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.title() not in HEARD:
                self.send_header(name, value)
        self.send_header("Cache-Control", "max-age=3600")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)
        link.close()

    do_GET = do_POST = _handed_on

    def log_message(self, *said: Any) -> None:
        """Nothing is told."""


@contextmanager
def proxied(url: str) -> Iterator[str]:
    """The same house at another address, without what forbids to keep its pages."""
    handler = type("Handler", (Kept,), {"upstream": urlsplit(url).netloc})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def shows(page: Page) -> bool:
    """Whether anything of a client stands there, seen or in the source."""
    said = page.content()
    return any(word in said for word in WORDS)


def sign_out(page: Page) -> None:
    """By the button of the page, as a person does."""
    with page.expect_navigation():
        page.evaluate("document.querySelector('form[data-sign-out]').requestSubmit()")


def visible_after(context: BrowserContext, url: str, paths: list[str]) -> list[str]:
    """The addresses that still show something once Ana has signed out: by going back, anew, in a new tab, as its source."""
    page, seen = context.new_page(), []
    sign_in(page, url, "ana")
    for path in paths:
        page.goto(url + path)
        assert shows(page), path
    sign_out(page)
    for _ in paths:
        page.evaluate("history.back()")
        page.wait_for_timeout(150)  # of the browser's own time: the page is there, or its address is asked for
        page.wait_for_function("document.readyState === 'complete'")  # playwright's own waiting hangs where a page comes out of the cache
        seen += [f"back: {page.url}"] if shows(page) else []
    for path in paths:
        for how, address in (("tab", url + path), ("source", f"view-source:{url}{path}")):
            tab = context.new_page()
            tab.goto(address)
            seen += [f"{how}: {path}"] if shows(tab) else []
            tab.close()
    page.close()
    return seen


def on_disk(profile: Path) -> list[str]:
    """Files of the browser's profile with a word of a client in them."""
    wanted = [word.encode(code) for word in (SECRET, PRIVATE, "Marchetti") for code in ("utf-8", "utf-16-le")]
    files = [path for path in profile.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path.relative_to(profile).as_posix() for path in files if any(word in path.read_bytes() for word in wanted)]


def walked(profile: Path, url: str, most: int) -> tuple[int, list[str], list[str]]:
    """How many pages, which were visible afterwards, and which files have something."""
    with browser(profile) as context:
        paths = [path for path, page in pages_of(context, url, "ana") if shows(page)][:most]
        seen = [each for at in range(0, len(paths), ROUND) for each in visible_after(context, url, paths[at : at + ROUND])]
    return len(paths), seen, on_disk(profile)


def test_t33_nothing_is_seen_of_a_page_once_one_has_signed_out(site: Site, tmp_path: Path) -> None:
    many, seen, files = walked(tmp_path / "browser", site.url, 200)
    assert many > 30
    with proxied(site.url) as url:
        few, kept, written = walked(tmp_path / "other", url, ROUND)
    figure(
        "T33 private pages visible after sign-out",
        len(seen),
        f"{many} pages: back, a new tab, the source; {len(files)} files of the browser with their words",
        f"without the header and the script, of {few} pages: seen in {len(kept)} ways, {len(written)} files",
    )
    assert kept, "the control: pages that may be kept are seen"
    assert written, "the control: they are on the disk"
    assert (seen, files) == ([], [])
