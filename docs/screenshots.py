"""Takes the README's pictures from a demo of its own: `make screenshots`. Needs the dev requirements and chromium."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run as a file: ops/ lies beside docs/

from ops.banner import PASSWORD  # noqa: E402  (after the path)
from ops.browser import find_browser  # noqa: E402  (as above)

PORT = "8765"
SITE = f"http://127.0.0.1:{PORT}"
WIDE, PHONE = (1280, 800), (390, 844)


@contextmanager
def demo() -> Iterator[None]:
    """A house with the demo practice on a port of its own, gone afterwards."""
    with tempfile.TemporaryDirectory() as var:
        env = {**os.environ, "SUBROSA_VAR": var, "PORT": PORT}
        house = subprocess.Popen([sys.executable, "-m", "ops", "run"], cwd=ROOT, env=env)
        try:
            _wait(house)
            yield
        finally:
            house.send_signal(signal.SIGTERM)
            house.wait(60)


def _wait(house: subprocess.Popen[bytes]) -> None:
    for _ in range(600):  # furnishing takes minutes on a busy machine
        with suppress(OSError), urllib.request.urlopen(f"{SITE}/healthz", timeout=2):  # noqa: S310  (our own address)
            return
        if house.poll() is not None:
            sys.exit("The demo did not start; what it said stands above.")
        time.sleep(1)
    sys.exit("The demo did not answer within ten minutes.")


def signed_in(browser: Browser, who: str, size: tuple[int, int], scheme: str) -> Page:
    """A page of somebody of the demo, past the sign-in."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark"
    page = context.new_page()
    page.goto(f"{SITE}/accounts/login/")
    page.fill("[name=login]", f"{who}@demo.test")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    return page


def shoot(page: Page, name: str) -> None:
    """One picture of what stands in the window."""
    page.screenshot(path=ROOT / "docs" / "img" / f"{name}.png")


def pictures(browser: Browser) -> None:
    """The day of a counselor, the trail of an admin, the phone."""
    ana = signed_in(browser, "counselor", WIDE, "light")
    shoot(ana, "home")
    ana.goto(f"{SITE}/clients/")
    ana.click("text=Cleo Marchetti")
    ana.click("text=Sessions & notes")
    shoot(ana, "client")
    ana.goto(f"{SITE}/")
    ana.click("text=Go on writing >> nth=0")
    shoot(ana, "note")
    shoot(signed_in(browser, "counselor", PHONE, "dark"), "phone")
    ada = signed_in(browser, "admin", WIDE, "light")
    ada.goto(f"{SITE}/trail/")
    ada.evaluate("document.querySelector('.table').scrollIntoView()")
    shoot(ada, "trail")


def main() -> None:
    """Start the demo, take the pictures, stop the demo."""
    (ROOT / "docs" / "img").mkdir(exist_ok=True)
    with demo(), sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        pictures(browser)
        browser.close()


if __name__ == "__main__":
    main()
