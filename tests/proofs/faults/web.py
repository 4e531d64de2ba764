"""The web as `make run` starts it, to be killed and started again by whoever looks after it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops.parts import COMMANDS
from tests.conftest import ROOT
from tests.journeys.conftest import _environment, _free_port, _wait_for

APPLICATION = "config.wsgi:application"


@dataclass
class Web:
    """granian with its two workers."""

    environ: dict[str, str]
    site: str
    log: Any
    before: tuple[str, ...] = ()  # a program that starts it
    application: str = APPLICATION
    process: subprocess.Popen[bytes] | None = None

    def start(self, wait: bool = True) -> None:
        command = [*self.before, sys.executable, "-m", *COMMANDS["web"][:-1], self.application]
        command += ["--host", "127.0.0.1", "--port", self.site.rpartition(":")[2]]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=self.log, stderr=self.log)
        if wait:
            _wait_for(self.site, self.process, self.log)

    def workers(self) -> list[int]:
        assert self.process is not None
        found = []
        with suppress(FileNotFoundError):
            for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
                with suppress(FileNotFoundError):
                    found += [int(pid)] if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes() else []
        return found

    def end(self, number: int = signal.SIGTERM) -> None:
        """The master; workers that outlive a killed one are ended as `ops part` does before it starts another."""
        assert self.process is not None
        left = self.workers()
        self.process.send_signal(number)
        self.process.wait(30)
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def said(self) -> str:
        """Its log so far."""
        self.log.seek(0)
        return str(self.log.read().decode(errors="replace"))


@contextmanager
def web(name: str, place: Path, *, before: tuple[str, ...] = (), application: str = APPLICATION, **more: str) -> Iterator[Web]:
    """On the database ``name``, its log and mail below ``place``, with ``more`` in its environment."""
    port = _free_port()
    with (place / f"web-{port}.log").open("w+b") as log:
        told = _environment(name, port) | {"MAIL_DIR": str(place / "mail")} | more
        found = Web(told, f"http://127.0.0.1:{port}", log, before, application)
        found.start()
        try:
            yield found
        finally:
            found.end()


@dataclass
class Jobs:
    """Worker and beat, or one of them, started again where they end, as the process manager does."""

    environ: dict[str, str]
    place: Path
    parts: tuple[str, ...]
    app: str
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    starts: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def start(self, part: str) -> None:
        words = [self.app if word == "config.celery" else word for word in COMMANDS[part]]
        command = [sys.executable, "-m", *words, *(["--schedule", str(self.place / "schedule")] if part == "beat" else [])]
        with (self.place / f"{part}.log").open("ab") as log:
            self.running[part] = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True)
        self.starts += 1

    def keep(self) -> None:
        """Until it is over."""
        while not self.over.wait(0.5):
            for part in self.parts:
                if part not in self.running or self.running[part].poll() is not None:
                    self.start(part)

    def end(self) -> None:
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


@contextmanager
def celery(name: str, place: Path, *parts: str, app: str = "config.celery", **more: str) -> Iterator[Jobs]:
    """Worker and beat, or one of them, as `make run` starts them; ended with all that they started."""
    told = _environment(name, 0) | {"MAIL_DIR": str(place / "mail"), "SUBROSA_AS": "worker", "PYTHONUNBUFFERED": "1"} | more
    (place / "mail").mkdir(exist_ok=True)
    jobs = Jobs(told, place, parts, app)
    keeper = threading.Thread(target=jobs.keep)
    keeper.start()
    try:
        yield jobs
    finally:
        jobs.over.set()
        keeper.join()
        jobs.end()
