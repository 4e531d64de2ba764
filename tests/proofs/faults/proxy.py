"""Stands between two processes and spoils the line as told: delays, swallows, cuts, resets, refuses."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

AT_ONCE = struct.pack("ii", 1, 0)  # to close with a reset


class Fault(NamedTuple):
    """What is wrong with the line: ``much`` is seconds of a delay, or bytes before a cut."""

    kind: Literal["fine", "delay", "hole", "cut", "reset", "refuse"] = "fine"
    much: float = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.much:g}" if self.much else self.kind


FINE = Fault()


def _address(place: str) -> tuple[int, str | tuple[str, int]]:
    """A path, or host:port."""
    if place.startswith("/"):
        return socket.AF_UNIX, place
    host, _, port = place.rpartition(":")
    return socket.AF_INET, (host, int(port))


def _drop(line: socket.socket) -> None:
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()


@dataclass
class Proxy:
    """Listens at ``here`` and passes on to ``there``, both a path or host:port."""

    here: str
    there: str
    fault: Fault = FINE
    changed: threading.Event = field(default_factory=threading.Event)
    lines: list[socket.socket] = field(default_factory=list)
    listener: socket.socket | None = None

    def be(self, fault: Fault = FINE) -> None:
        """From now on the line is like this; after a reset or refusal nothing of the old ones is left."""
        self.fault = fault
        self.changed.set()
        self.changed = threading.Event()
        if fault.kind in ("reset", "refuse"):
            self._drop_all()
        if fault.kind == "refuse":
            self._shut()
        elif self.listener is None:
            self._open()

    def _open(self) -> None:
        family, address = _address(self.here)
        if family == socket.AF_UNIX:
            Path(self.here).unlink(missing_ok=True)
        self.listener = socket.socket(family)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(address)
        self.listener.listen(200)
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _shut(self) -> None:
        if self.listener:
            listener, self.listener = self.listener, None
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _drop_all(self) -> None:
        lines, self.lines = self.lines, []
        for line in lines:
            _drop(line)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            if self.fault.kind == "reset":
                _drop(near)
                continue
            family, address = _address(self.there)
            far = socket.socket(family)
            try:
                far.connect(address)
            except OSError:
                _drop(near)
                continue
            self.lines += [near, far]
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=ends, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        """Until one end closes. A hole keeps what comes until the line is something else."""
        passed = 0
        with suppress(OSError):
            while data := source.recv(65536):
                while self.fault.kind == "hole" and source.fileno() >= 0:
                    self.changed.wait(0.5)
                if self.fault.kind == "delay":
                    self.changed.wait(self.fault.much)
                if self.fault.kind == "cut" and passed + len(data) > self.fault.much:
                    target.sendall(data[: max(0, int(self.fault.much) - passed)])
                    break
                target.sendall(data)
                passed += len(data)
        _drop(source)
        _drop(target)


@contextmanager
def between(here: str, there: str) -> Iterator[Proxy]:
    """The proxy, while inside; every line through it is dropped at the end."""
    found = Proxy(here, there)
    found.be()
    try:
        yield found
    finally:
        found.be(Fault("refuse"))
