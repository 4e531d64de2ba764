"""In place of pytest's loop: for each mutant a fork of this warmed-up process, and in it the tests that could notice.

One process, one mutant at a time. Two states to fork from: the matrix with its furnished practice, and plain. Which
test killed a mutant is remembered (killers.txt here, and where the results lie), and asked first.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from _pytest.runner import runtestprotocol
from django.db import connection, connections

from audit import asking
from tests.conftest import TEMPLATE, on_database
from tests.matrix import locks, test_matrix

from . import choosing, code, doors, policies
from .mutant import Mutant
from .remembered import KILLERS, lines

MATRIX = "tests/matrix/test_matrix.py"
LEFT_OUT = (
    "tests/journeys/", "tests/ops/", "tests/proofs/", "tests/demo/", "tests/config/", "tests/architecture/",
    "tests/matrix/test_other_origins.py",
)  # fmt: skip
LONGEST = {"matrix": 1.5, "plain": 3.0}  # seconds of the processor that one mutant is worth
AGED = 480  # seconds: a signed-in person may be away for fifteen minutes
Killed = dict[str, str]


class Run:
    """One mutation run."""

    def __init__(self, session: pytest.Session) -> None:
        kept = [item for item in session.items if not item.nodeid.startswith(LEFT_OUT)]
        self.items = {item.nodeid: item for item in kept}
        self.matrix = [item for item in kept if item.nodeid.startswith(MATRIX)]
        self.plain = [item for item in kept if not item.nodeid.startswith(MATRIX)]
        self.first = next(item for item in self.plain if "db" in item.fixturenames)
        self.place = Path(os.environ["MUTANTS_PLACE"])
        self.killers: Killed = lines(KILLERS) | lines(self.place / "killers.txt")
        before = self.place / "results.json"
        self.results: dict[str, dict[str, Any]] = json.loads(before.read_text()) if before.exists() else {}
        self.longest = 0.0
        self.furnished: float | None = None

    # --- the way through ---

    def whole(self) -> None:
        """Both states, one after the other; results are written as they come."""
        runtestprotocol(self.first, log=False, nextitem=self.plain[-1])  # the session's fixtures stand from here on
        self.chosen = list(self._chosen())
        print(f"\n{len(self.chosen)} mutants, {len(self.items)} tests", flush=True)
        self._pass("plain", self._remembered("plain"), "remembered")
        self._furnish()
        self._pass("matrix", self._remembered("matrix"), "remembered")
        self._pass("matrix", lambda mutant: choosing.conditions(mutant, self.matrix), "conditions")
        self._pass("matrix", lambda mutant: choosing.alone(mutant, self.matrix), "alone")
        self._pass("matrix", lambda mutant: choosing.cells(mutant, self.matrix) if mutant.name.startswith("door ") else [], "cells")
        self._leave()
        self._pass("plain", lambda mutant: choosing.likely(mutant, self.plain), "plain")
        self._furnish()
        self._pass("matrix", lambda mutant: choosing.cells(mutant, self.matrix), "cells")

    def _chosen(self) -> Iterator[Mutant]:
        with (
            psycopg2.connect(on_database(os.environ["DATABASE_URL_OWNER"], connection.settings_dict["NAME"])) as link,
            link.cursor() as cursor,
        ):
            every = [*policies.mutants(cursor), *doors.mutants(), *code.mutants()]
        link.close()
        only, other = os.environ.get("ONLY", ""), os.environ.get("EXCEPT", "\0")
        every = [mutant for mutant in every if only in mutant.name and other not in mutant.name]
        many = os.environ.get("MUTANTS", "40")
        chance = random.Random(int(os.environ.get("SEED", "20261122")))
        some = set(range(len(every))) if many == "all" else set(chance.sample(range(len(every)), min(int(many), len(every))))
        print(f"\ngenerated {len(every)} mutants", flush=True)
        yield from (mutant for number, mutant in enumerate(every) if number in some)

    def _furnish(self) -> None:
        """The furnished practice of the matrix stands from here on. After a while its people would be signed out."""
        runtestprotocol(self.plain[-1], log=False, nextitem=self.matrix[0])
        runtestprotocol(self.matrix[0], log=False, nextitem=self.matrix[1])
        self._warm()
        self.furnished = time.monotonic()

    def _leave(self) -> None:
        runtestprotocol(self.matrix[1], log=False, nextitem=self.first)
        runtestprotocol(self.first, log=False, nextitem=self.plain[-1])
        self.furnished = 0.0  # once warm, much is known

    def _warm(self) -> None:
        """The control: everything that is asked most passes while nothing is broken. Templates and rules are read on the way."""
        often = [item for item in self.matrix if choosing.ALONE in item.nodeid or "attack_18" in item.nodeid]
        asked = often if self.furnished is None else [item for item in often if choosing.HANGS not in item.nodeid]
        for item in asked:
            reports = runtestprotocol(item, log=False, nextitem=self.matrix[1])
            assert all(report.passed for report in reports), [str(report.longrepr) for report in reports if report.failed]
        gc.collect()
        gc.freeze()

    def _remembered(self, state: str) -> Callable[[Mutant], list[pytest.Function]]:
        def tests(mutant: Mutant) -> list[pytest.Function]:
            item = self.items.get(self.killers.get(mutant.name, ""))
            return [item] if item and (item in self.matrix) == (state == "matrix") else []

        return tests

    # --- one mutant ---

    def _pass(self, state: str, tests: Callable[[Mutant], list[pytest.Function]], words: str) -> None:
        self.longest = LONGEST[state]
        todo = [mutant for mutant in self.chosen if words not in self.results.get(mutant.name, {"tried": ["nothing"]})["tried"]]
        todo = [mutant for mutant in todo if not self.results.get(mutant.name, {}).get("by")]
        todo = [(mutant, found) for mutant in todo if (found := tests(mutant))]
        todo.sort(key=lambda pair: (pair[0].name.startswith(("practice.", "audit.")), len(choosing.narrowed(pair[0]))))  # the longest last
        began = time.monotonic()
        for number, (mutant, items) in enumerate(todo):
            if state == "matrix" and time.monotonic() - (self.furnished or 0.0) > AGED:
                self._leave()
                self._furnish()
            by = self._try(mutant, items)
            told = self.results.setdefault(mutant.name, {"by": "", "where": mutant.where, "asked": 0, "tried": []})
            told["by"], told["asked"] = by, told["asked"] + len(items)
            told["tried"].append(words)
            if by and not by.startswith("stopped"):
                self.killers[mutant.name] = by.split(" | ")[0]
            if number % 25 == 0 or not by:
                left = sum(not self.results[m.name]["by"] for m, _ in todo[: number + 1])
                spent, named = time.monotonic() - began, "" if by else f"   {mutant.name}"
                print(f"  {words}: {number + 1} of {len(todo)}, {left} alive, {spent:.0f} s{named}", flush=True)
                self._write()
        self._write()

    def _write(self) -> None:
        (self.place / "results.json").write_text(json.dumps(self.results, indent=0))
        (self.place / "killers.txt").write_text("".join(f"{name} | {by}\n" for name, by in sorted(self.killers.items())))

    def _try(self, mutant: Mutant, items: list[pytest.Function]) -> str:
        """The first of ``items`` that fails with the hole in place, or nothing."""
        asked = choosing.narrowed(mutant), choosing.routes_of(mutant)  # before the fork: what they read is kept for the next
        names = {connection.settings_dict["NAME"], TEMPLATE} if mutant.alter else set()
        connections.close_all()
        for name in names:
            _say(name, mutant.alter)
        try:
            return str(self._fork(lambda: self._first_failing(mutant, items, *asked), 240))
        finally:
            for name in names:
                _say(name, mutant.restore)

    def _first_failing(self, mutant: Mutant, items: list[pytest.Function], only: frozenset[str], asked: frozenset[str]) -> str:
        _forget()
        mutant.apply()
        locks.only = only
        if kept := [line for line in test_matrix.PRIVATE_LINES if line[0] in asked]:
            test_matrix.PRIVATE_LINES = kept
        began = time.process_time()
        for number, item in enumerate(items):
            nextitem = items[number + 1] if number + 1 < len(items) else item
            if time.process_time() - began > self.longest:
                break
            for report in runtestprotocol(item, log=False, nextitem=nextitem):
                if report.failed:
                    crash = getattr(report.longrepr, "reprcrash", None)
                    return f"{item.nodeid} | {str(getattr(crash, 'message', report.longrepr))[:200]}"
        return ""

    def _fork(self, work: Callable[[], Any], longest: int) -> Any:
        """What ``work`` answers in a fork of this process, which then is gone without a word."""
        connections.close_all()
        read, write = os.pipe()
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _in_child(work, write, longest)
        os.close(write)
        with os.fdopen(read) as answer:
            text = answer.read()
        os.waitpid(child, 0)
        _drop_copies()
        return json.loads(text) if text else "stopped | no answer in time"


def _in_child(work: Callable[[], Any], write: int, longest: int) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(longest)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    try:
        with os.fdopen(write, "w") as answer:
            answer.write(json.dumps(work()))
    except BaseException as error:  # whatever it is, the parent must not go on twice
        os.write(2, repr(error).encode())
    finally:
        os._exit(0)


def _forget() -> None:
    """No statement of a rule is kept from before the hole."""
    asking._kept.clear()
    asking._models.clear()
    for _, function, _, _ in code.functions():
        clear = getattr(function.__globals__.get(function.__name__), "cache_clear", None)
        if clear:
            clear()


def _say(name: str, statements: tuple[str, ...]) -> None:
    link = psycopg2.connect(on_database(os.environ["DATABASE_URL_OWNER"], name))
    link.autocommit = True
    with link.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    link.close()


def _drop_copies() -> None:
    """The databases that tests of a child made for themselves."""
    link = psycopg2.connect(os.environ["DATABASE_URL_OWNER"])
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'subrosa\\_own\\_%%' AND datname <> %s", [connection.settings_dict["NAME"]]
        )
        for (name,) in cursor.fetchall():
            with suppress(psycopg2.Error):  # a process of the server's own looks at it: it goes the next time
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    link.close()
