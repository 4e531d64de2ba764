"""A real server with a real database, and a real browser: what the journeys travel in."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from clients.models import Client
from tests.cast import PASSWORD, acting
from tests.committed import House, furnish, own_database
from tests.conftest import ROOT, on_database
from tests.consented import consented

# How a page is built, as axe sees it: elements, classes, roles and states, which attributes there are, and which of them hold nothing.
BUILD = """() => matchMedia("(prefers-color-scheme: dark)").matches + innerWidth + [...document.querySelectorAll("*")].map(
  element => [element.tagName, element.type, element.className, !element.textContent.trim(), !element.checkVisibility(),
    ...[...element.attributes].map(found =>
      found.name + (/^(role|lang|dir|style|tabindex|aria-(?!label))/.test(found.name) ? found.value : !found.value))].join()).join(" ")"""
# In which colours, sizes and weights a page sets its texts, on which grounds: all that contrast hangs on, and two thirds of what axe takes.
SETTINGS = """() => {
  const ground = element => {
    if (!element) return "";
    const {backgroundColor, backgroundImage, opacity, filter} = getComputedStyle(element);
    const own = [backgroundColor, backgroundImage, opacity, filter].join();
    return /^rgb\\(/.test(backgroundColor) && opacity === "1" ? own : own + "<" + ground(element.parentElement);
  };
  const says = element => element.value || [...element.childNodes].some(node => node.nodeName === "#text" && node.textContent.trim());
  const setting = element => {
    const {color, fontSize, fontWeight, textShadow} = getComputedStyle(element);
    return [color, fontSize, fontWeight, textShadow, element.matches(":disabled"), ground(element)].join();
  };
  const texts = [...document.querySelectorAll("body, body *")].filter(element => element.checkVisibility() && says(element));
  return [...new Set(texts.map(setting))];
}"""
_legible: set[str] = set()  # settings that axe found good
_judged: set[str] = set()  # pages built like one of these were found good; axe takes half a second for each
# By itself the browser asks its maker for updates and about forms: tests reach nobody outside.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
NARROW, WIDE = {"width": 320, "height": 780}, {"width": 1280, "height": 900}


@dataclass
class Site:
    """The running house: its address, and what is in it."""

    url: str
    house: House


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _environment(name: str, port: int) -> dict[str, str]:
    """The demo's door policy (staff without a second factor) on a database of the journeys' own."""
    urls = {key: on_database(os.environ[key], name) for key in ("DATABASE_URL", "DATABASE_URL_WORKER", "DATABASE_URL_OWNER")}
    site = f"http://127.0.0.1:{port}"
    return {
        **os.environ,
        **urls,
        "SUBROSA_AS": "web",
        "SUBROSA_DEMO": "1",
        "SUBROSA_TESTING": "1",
        "SITE_URL": site,
        "ALLOWED_HOSTS": "127.0.0.1",
    }


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Any) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{url}/accounts/login/", timeout=5) as answer:  # noqa: S310 (our own address)
                assert answer.status == 200
                return
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, log.seek(0) or log.read().decode()
            time.sleep(0.2)
    raise AssertionError("The server did not answer within a minute.")


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[Site]:
    """granian, as `make run` starts it but with one worker, on a furnished practice."""
    # Playwright keeps an event loop in this thread; the database is used in it all the same, one thing at a time.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with own_database(django_db_blocker, worker_id) as name, tempfile.TemporaryFile() as log:
        house, port = furnish(), _free_port()
        command = [
            "granian",
            "--interface",
            "wsgi",
            "--workers",
            "1",
            "--no-ws",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "config.wsgi:application",
        ]
        server = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=_environment(name, port), stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}", server, log)
            yield Site(f"http://127.0.0.1:{port}", house)
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser, with the back-forward cache that people have (playwright would switch it off)."""
    with sync_playwright() as playwright:
        off = ["--disable-back-forward-cache"]
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox", ALONE], ignore_default_args=off)
        yield browser
        browser.close()


@dataclass
class Traveller:
    """Somebody at a browser. Every page they look at is checked as it is seen by all kinds of people."""

    page: Page
    site: Site
    trouble: list[str] = field(default_factory=list)

    def go(self, path: str, status: int = 200) -> Traveller:
        """Open a page and look at it."""
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return self.look()

    def sign_in(self, name: str) -> Traveller:
        """Through the sign-in page, as a person does; ``name`` is the beginning of their address."""
        self.go("/accounts/login/")
        self.page.fill("#id_login", f"{name}@sub.test")
        self.page.fill("#id_password", PASSWORD)
        self.page.click("form >> text=Sign in >> nth=0")
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return self.look()

    def press(self, name: str, exact: bool = False) -> Traveller:
        """Press the button of this name and look at the page that comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=exact).first.click()
        return self.look()

    def look(self) -> Traveller:
        """No complaint of axe, nothing wider than the screen, a title, no error of a script."""
        self.page.wait_for_load_state("load")
        if (built := self.page.evaluate(BUILD)) not in _judged:
            self._judge()
            _judged.add(built)
        assert self.page.title()
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{self.page.url} is {wide} px wider than {size['width']} px"
        assert self.trouble == [], self.page.url
        return self

    def _judge(self) -> None:
        settings = {*self.page.evaluate(SETTINGS)}
        found = Axe().run(self.page, options=None if settings - _legible else {"rules": {"color-contrast": {"enabled": False}}})
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        _legible.update(settings)

    def text(self) -> str:
        """What the page shows."""
        return str(self.page.inner_text("body"))


Arrive = Callable[[], Traveller]


def consented_at_intake(traveller: Traveller, client: str) -> None:
    """The client at this path has signed what Ana's sessions need, on paper that we do not watch being signed."""
    ana = traveller.site.house.ana
    with acting(ana):
        found = Client.objects.get(pk=client.strip("/").split("/")[-1])
    consented(found, ana)


def _listen(page: Page, trouble: list[str], home: str) -> None:
    page.on("pageerror", lambda error: trouble.append(f"script: {error}"))
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" and "404" not in said.text else None)
    page.on("request", lambda asked: None if asked.url.startswith((home, "data:")) else trouble.append(f"asked {asked.url}"))


@pytest.fixture
def arrive(chromium: Browser, site: Site) -> Iterator[Arrive]:
    """A new person at a new browser, each time it is called."""
    contexts: list[BrowserContext] = []

    def new() -> Traveller:
        context = chromium.new_context(viewport=WIDE, accept_downloads=True)  # type: ignore[arg-type]  # a plain dict
        context.set_default_timeout(60_000)  # nothing waits that long; a machine that does much else may
        contexts.append(context)
        traveller = Traveller(context.new_page(), site)
        _listen(traveller.page, traveller.trouble, site.url)
        return traveller

    yield new
    for context in contexts:
        context.close()
