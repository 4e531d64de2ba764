"""T43: a page of another place, open in the browser where Ana is signed in, tries to look at hers. It learns nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from .conftest import Arrive, Traveller

pytestmark = pytest.mark.journey
# Every way in which a page can ask for another's address, and what it would learn of it.
TRY = """async url => {
  const element = (name, attributes) => new Promise(done => {
    const made = Object.assign(document.createElement(name), attributes);
    made.onload = () => done("loaded");
    made.onerror = () => done("error");
    document.body.append(made);
    setTimeout(() => done("error"), 3000);
  });
  const frame = async () => {
    const made = document.createElement("iframe");
    await new Promise(done => { made.onload = done; made.src = url; document.body.append(made); setTimeout(done, 3000); });
    try { return made.contentDocument ? "readable" : "shut" } catch { return "shut" }
  };
  const fetched = options => fetch(url, options).then(answer => answer.text()).then(text => text ? "readable" : "empty", () => "error");
  return {
    img: await element("img", {src: url}),
    script: await element("script", {src: url}),
    frame: await frame(),
    fetch: await fetched({credentials: "include"}),
    opaque: await fetched({credentials: "include", mode: "no-cors"}),
  };
}"""
NOTHING = {"img": "error", "script": "error", "frame": "shut", "fetch": "error"}


class Elsewhere(BaseHTTPRequestHandler):
    """A page of nobody's, and a picture and a script for the control."""

    def do_GET(self) -> None:
        kind, body = {"/picture": ("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')}.get(
            self.path, ("text/html", b"<!doctype html><title>Elsewhere</title><body>Cats.</body>")
        )
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: Any) -> None:
        """Nothing is told."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Another site for the browser: ``localhost`` is not 127.0.0.1."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def learned(ana: Traveller, elsewhere: str, url: str) -> dict[str, str]:
    ana.page.goto(elsewhere)
    return dict(ana.page.evaluate(TRY, url))


def test_a_page_from_elsewhere_learns_nothing_of_a_private_page(arrive: Arrive, elsewhere: str) -> None:
    ana = arrive().sign_in("ana")
    house, site = ana.site.house, ana.site.url
    for path in (
        "/",
        "/clients/",
        f"/clients/{house.cleo.pk}/",
        f"/notes/{house.signed.pk}/",
        f"/notes/{house.signed.pk}/pdf/",
        "/healthz",
    ):
        told = learned(ana, elsewhere, site + path)
        assert told.pop("opaque") in ("empty", "error"), path
        assert told == NOTHING, path
    assert learned(ana, elsewhere, f"{elsewhere}/picture")["img"] == "loaded"  # the control: what may be seen is seen
    ana.trouble.clear()  # the browser complains of each refusal; that is what is tried here
    ana.go("/clients/")  # and Ana is still signed in
