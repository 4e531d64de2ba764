"""What is raced against what, and what is printed of it."""

from __future__ import annotations

import itertools
import subprocess
import sys
import uuid
from collections.abc import Iterator
from urllib.parse import urlencode

from ops.house import CHECKOUT

from .house import Bench, memory, without_second_lock, worker_of
from .table import Table
from .wire import Answer, Runner, Wire, get, post, race, ratio

WORDS = "she said that the week had been long and we looked at what helps with sleep "
PARTS = ("subjective", "objective", "assessment", "plan")
PAGES = (  # name, path, as whom, which ids: pages that must not slow down as the practice grows
    ("home, a counselor's", "/", "counselor0", ""),
    ("home, a supervisor's (600 clients)", "/", "supervisor0", ""),
    ("caseload, a counselor's (60 clients)", "/clients/", "counselor0", ""),
    ("caseload, a supervisor's (600 clients)", "/clients/", "supervisor0", ""),
    ("clients, the front desk's (everybody)", "/clients/", "desk", ""),
    ("open a note", "/notes/{}/", "counselor0", "signed"),
    ("write a note (the editor)", "/notes/{}/edit/", "counselor0", "drafts"),
    ("a client's page", "/clients/{}/", "counselor0", "clients"),
)


def pages(bench: Bench, name: str, path: str, who: str, ids: str, port: int = 0, **headers: str) -> Runner:
    """A runner that opens ``path``, in turn for each of the ids found under ``ids``."""
    cookie, idents = bench.people["cookies"][who], bench.ids(ids) if ids else [""]
    requests = [get(path.format(ident), cookie, **headers) for ident in idents]
    return Runner(name, Wire(port or bench.port), itertools.cycle(requests))


class Saves:
    """Saving a text of 3 KB, another one each time; the version of the last answer goes into the next form."""

    def __init__(self, bench: Bench, path: str) -> None:
        self.path, self.cookie = path, bench.people["cookies"]["counselor0"]
        self.version = 1

    def __iter__(self) -> Iterator[bytes]:
        for count in itertools.count():
            text = {part: f"{count} {uuid.uuid4().hex} " + WORDS * 10 for part in PARTS}
            yield post(self.path, self.cookie, urlencode({"version": self.version, "key": uuid.uuid4(), **text}))

    def heard(self, answer: Answer) -> None:
        """Take the version from the answer."""
        self.version = int(answer.body.rpartition(b'"version": "')[2].split(b'"')[0])


def _saves(bench: Bench, name: str, path: str, version: int = 1) -> Runner:
    saves = Saves(bench, path)
    saves.version = version
    return Runner(name, Wire(bench.port), iter(saves), heard=saves.heard)


def _version(bench: Bench, path: str) -> int:
    answer = Wire(bench.port).ask(get(path, bench.people["cookies"]["counselor0"]))
    return int(answer.body.split(b'name="version" value="')[1].split(b'"')[0])


def queries(runner: Runner, request: bytes) -> int:
    """How many statements the page takes; asked once it is warm."""
    return int(runner.wire.ask(request.replace(b"\r\nCookie:", b"\r\nX-Bench-Count: 1\r\nCookie:", 1)).headers["x-bench-queries"])


def _note(large: Bench, table: Table, turns: int) -> None:
    ours = pages(large, "open a note", "/notes/{}/", "counselor0", "signed")
    bare = pages(large, "bare view, the whole middleware", "/bench/bare/{}/", "counselor0", "rows")
    light = pages(large, "bare view, session and sign-in alone", "/bench/light/{}/", "counselor0", "rows")
    open_ = pages(large, "open a note, no second lock", "/notes/{}/", "counselor0", "signed", port=without_second_lock(large))
    race([ours, bare, light, open_], turns)
    table.times("Open a note of 4 KB", [ours, bare, light, open_])
    table.line("page sizes (bytes)", " / ".join(str(each.size) for each in (ours, bare, light)))
    table.ratio("to the bare view, same middleware", ratio(ours, bare), 1.25)
    table.ratio("to the bare view, session and sign-in alone", ratio(ours, light), 1.7)
    table.ratio("to itself without row-level security", ratio(ours, open_), 1.1)
    table.most("statements", queries(ours, next(ours.requests)), 6)


def _draft(large: Bench, table: Table, turns: int) -> None:
    draft, row = large.ids("drafts")[0], large.ids("rows")[0]
    ours = _saves(large, "save a draft", f"/notes/{draft}/save/", _version(large, f"/notes/{draft}/edit/"))
    bare = _saves(large, "bare save, the whole middleware", f"/bench/bare/{row}/save/")
    race([ours, bare], turns)
    table.times("Save a draft of 3 KB", [ours, bare])
    table.ratio("to the bare save", ratio(ours, bare), 1.25)
    table.most("statements", queries(ours, next(ours.requests)), 0)


def _flat(small: Bench, large: Bench, table: Table, turns: int) -> None:
    sides = [(pages(small, *page), pages(large, *page)) for page in PAGES]
    race([each for pair in sides for each in pair], turns // 2)
    table.head("From 1,000 clients to all of them: time, growth, statements")
    for few, many in sides:
        table.flat(many, ratio(many, few), 1.15, queries(many, next(many.requests)))


def _search(small: Bench, large: Bench, table: Table, turns: int) -> None:
    """Searching in the words of one's own caseload's notes: 60 clients with as many notes each as the size has."""
    few, many = (_searcher(bench) for bench in (small, large))
    race([few, many], max(6, turns // 40), warm=1)
    table.head("Search in the notes of one's own caseload (60 clients), to the last result")
    table.flat(many, ratio(many, few, 3), 1.15, queries(many, next(many.requests)))


def _searcher(bench: Bench) -> Runner:
    asked = post("/notes/search/", cookie_of(bench), urlencode({"words": "orchard"}))  # a word of no note: all are looked through
    return Runner("search for a word that no note has", Wire(bench.port), itertools.cycle([asked]))


def cookie_of(bench: Bench) -> str:
    """The counselor's cookie."""
    cookie: str = bench.people["cookies"]["counselor0"]
    return cookie


def _trail(large: Bench, table: Table, turns: int) -> None:
    runners = [
        pages(large, "who opened this record", "/clients/{}/access/", "admin", "ordinary"),
        pages(large, "who opened the busiest record", "/clients/{}/access/", "admin", "busy"),
        pages(large, "the whole trail, newest lines", "/trail/", "admin", ""),
        pages(large, "trail search by client", "/trail/?client={}", "admin", "ordinary"),
        pages(large, "trail search: what was changed", "/trail/?act=change", "admin", ""),
    ]
    race(runners, max(20, turns // 4))
    table.times("The trail", runners)
    table.most("who opened this record, ms", runners[0].typical, 25)
    table.most("who opened the busiest record, ms", runners[1].typical, 25)
    table.line("statements", " / ".join(str(queries(each, next(each.requests))) for each in runners))


def _memory(large: Bench, table: Table) -> None:
    table.head("Memory of a worker after all this, and sealing")
    found = [memory(pid) for pid in worker_of(large)]
    table.most("a worker's share (PSS), MB", max(pss for pss, _ in found), 120)
    table.line("of which resident (RSS), MB", f"{max(rss for _, rss in found):.0f}")


def _sealing(table: Table) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bench.sealing"], cwd=CHECKOUT, env=table.environ, capture_output=True, text=True, check=True
    )
    ours, bare = (float(each) for each in told.stdout.split())
    table.line("sealing 4 KB, µs", f"{ours:.1f}, of which AES-GCM {bare:.1f}")
    table.most("sealing 4 KB above AES-GCM, µs", ours - bare, 3)


def run(small: Bench, large: Bench, turns: int) -> None:
    """Race everything and print the table."""
    table = Table(large.told)
    _note(large, table, turns)
    _draft(large, table, turns)
    _flat(small, large, table, turns)
    _search(small, large, table, turns)
    _trail(large, table, turns)
    _memory(large, table)
    _sealing(table)
    table.end()
