"""Somebody at the real server, by plain HTTP with cookies."""

from __future__ import annotations

import http.client
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from tests.cast import PASSWORD

from .forms import forms_of, multipart

TYPED = "application/x-www-form-urlencoded"
Files = dict[str, tuple[str, bytes, str]]


class Person:
    """One of the cast, signed in through the sign-in page."""

    def __init__(self, site: str, name: str) -> None:
        self.site, self.name, self.sent_to = site, name, ""
        self.cookies: dict[str, str] = {}
        self.patience = 60.0  # seconds
        self.asked = self.refused = self.failed = 0

    def sign_in(self) -> None:
        """As a person does; the password is asked for anew by pages that want fresh proof."""
        self.cookies = {}
        _, page = self.ask("GET", "/accounts/login/")
        given = {each.name: [each.value] for each in forms_of(page)[0].fields}
        given |= {"login": [f"{self.name.removeprefix('portal_')}@sub.test"], "password": [PASSWORD]}
        status, page = self.post("/accounts/login/", given)
        assert status == 302, f"{self.name} cannot sign in: {status}"

    def open(self, path: str) -> tuple[int, str]:
        """A page; where it asks who that is, or for fresh proof, after signing in."""
        answer = self.ask("GET", path)
        if self.name != "anonymous" and answer[0] == 302 and ("/login" in self.sent_to or "/reauthenticate" in self.sent_to):
            self.sign_in()
            answer = self.ask("GET", path)
        return answer

    def post(self, path: str, given: dict[str, list[str]], files: Files | None = None) -> tuple[int, str]:
        """Send a form."""
        if files:
            return self.ask("POST", path, *multipart(given, files))
        return self.ask("POST", path, urlencode(given, doseq=True).encode(), TYPED)

    def link(self) -> http.client.HTTPConnection:
        """A connection of its own for each request."""
        return http.client.HTTPConnection(urlsplit(self.site).netloc, timeout=self.patience)

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", **headers: str) -> tuple[int, str]:
        """One request; status and text of the answer. Cookies are kept."""
        link = self.link()
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Referer": self.site + "/"} | headers
        try:
            link.request(method, path, body or None, sent | ({"Content-Type": kind} if kind else {}))
            answer = link.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            link.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        self.asked, self.sent_to = self.asked + 1, answer.headers.get("Location", "")
        self.refused += answer.status in (400, 403, 404, 405, 409, 422)
        self.failed += answer.status >= 500
        return answer.status, text


def target(path: str, action: str) -> str:
    """Where a form of the page at ``path`` goes."""
    return urlsplit(urljoin(f"http://x{path}", action)).path
