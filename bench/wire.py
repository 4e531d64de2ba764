"""Asking pages over the wire, and racing them: in turns (A B C A B C …), so that whatever else the machine does falls on all."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median, quantiles

from .people import SECRET


@dataclass
class Answer:
    """One answer: status, headers and body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """One kept connection to a server; bytes in, bytes out, so that the asking costs next to nothing."""

    def __init__(self, port: int) -> None:
        self.link = socket.create_connection(("127.0.0.1", port))
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> Answer:
        """Send ``request`` and read the whole answer."""
        self.link.sendall(request)
        data = self.link.recv(1 << 18)
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if headers.get("transfer-encoding") == "chunked":
            return Answer(int(first.split()[1]), headers, self._chunks(body))
        while len(body) < int(headers.get("content-length", "0")):
            body += self._more()
        return Answer(int(first.split()[1]), headers, body)

    def _more(self) -> bytes:
        more = self.link.recv(1 << 18)
        if not more:
            raise ConnectionError("The server closed the connection.")
        return more

    def _chunks(self, body: bytes) -> bytes:
        whole = b""
        while True:
            while b"\r\n" not in body:
                body += self._more()
            size, _, body = body.partition(b"\r\n")
            length = int(size, 16)
            while len(body) < length + 2:
                body += self._more()
            whole, body = whole + body[:length], body[length + 2 :]
            if not length:
                return whole


def get(path: str, cookie: str, **headers: str) -> bytes:
    """A GET as bytes."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n{more}\r\n".encode()


def post(path: str, cookie: str, body: str, **headers: str) -> bytes:
    """A form sent by POST, as bytes."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nX-CSRFToken: {SECRET}\r\n{more}"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body.encode()


@dataclass
class Runner:
    """One thing that is raced: where, what is asked in turn, and how long each answer took (ms)."""

    name: str
    wire: Wire
    requests: Iterator[bytes]
    status: int = 200
    heard: Callable[[Answer], None] | None = None
    size: int = 0
    times: list[float] = field(default_factory=list)

    def step(self, count: bool = True) -> None:
        """Ask once. Raises SystemExit when the answer is not the one that was to be measured."""
        request = next(self.requests)
        began = time.perf_counter()
        answer = self.wire.ask(request)
        took = 1000 * (time.perf_counter() - began)
        if answer.status != self.status:
            raise SystemExit(f"{self.name}: {answer.status} instead of {self.status}\n{answer.body[:2000].decode(errors='replace')}")
        self.size = len(answer.body)
        if self.heard:
            self.heard(answer)
        if count:
            self.times.append(took)

    @property
    def typical(self) -> float:
        """The median time in ms."""
        return median(self.times)


def race(runners: list[Runner], turns: int, warm: int = 8) -> None:
    """Let every runner answer ``turns`` times, in turns."""
    for count in [False] * warm + [True] * turns:
        for runner in runners:
            runner.step(count)


def ratio(ours: Runner, theirs: Runner, slot: int = 20) -> tuple[float, float, float]:
    """Ours to theirs: the median over slots of neighbouring turns of the ratio of medians, and its quartiles."""
    pairs = zip(_medians(ours.times, slot), _medians(theirs.times, slot), strict=True)
    ratios = [mine / other for mine, other in pairs]
    low, middle, high = quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    return low, middle, high


def _medians(times: list[float], slot: int) -> list[float]:
    return [median(times[start : start + slot]) for start in range(0, len(times), slot)]
