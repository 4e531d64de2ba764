"""Verification of the whole trail against its seals, and of the seals against their copies outside the database.

Reads every line once, in the order of the numbers, as PostgreSQL's COPY gives it. Only where a seal does not fit are its lines
looked at one by one. What it can tell apart: a line changed, removed, added or moved; a seal changed, removed or made without the
key; a chain that ends before the last anchor (a cut tail, an older dump) or is another one than was anchored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from . import sealing
from .anchors import Kept
from .sealing import LOWEST, Key
from .verify_bundle import MARK, Record, digest, faults, fingerprint, identity

AT_ONCE = 100_000  # lines read between two steps

Fits = list[tuple[Record, bytes]]  # seals and the marks of their lines


@dataclass
class Finding:
    """Something that does not hold."""

    what: str  # a word: line, seal, chain, anchor, key
    seal: int
    words: str

    def __str__(self) -> str:
        return f"{self.what}, seal {self.seal}: {self.words}"


@dataclass
class Progress:
    """How far a verification came: what it needs to go on another time."""

    last: Record | None = None
    lines: int = 0
    seals: int = 0
    anchored: int = 0  # the last seal that is the same outside
    unkeyed: int = 0  # seals whose keyed part could not be checked: their key is not in the ring any more
    findings: list[Finding] = field(default_factory=list)
    known: list[Finding] = field(default_factory=list)  # declared by a person who looked into them

    @property
    def upto(self) -> int:
        """The number of the last line looked at."""
        return self.last["upto"] if self.last else 0

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return asdict(self)

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> Progress:
        """From a file; raises KeyError or TypeError on anything else."""
        return cls(**said | {name: [Finding(**each) for each in said[name]] for name in ("findings", "known")})


@dataclass(frozen=True)
class Open:
    """The exposure window: lines that could still be changed without this being found."""

    lines: int
    oldest: Any  # when the oldest of them was written


def verify(cursor: Any, kept: Kept, keys: list[Key], start: Progress | None = None) -> Iterator[Progress]:
    """Go through the trail from ``start`` on; yields what was found so far after each step, the last time with everything."""
    done = start or Progress()
    while fits := _some(cursor, done.last["number"] if done.last else 0):
        _check_seals(done, fits, kept, {key.public: key for key in keys})
        _check_lines(cursor, done, fits)
        done.last, done.seals = fits[-1][0], done.seals + len(fits)
        yield done
    _check_end(done, kept, keys)
    done.known = [each for each in done.findings if str(each) in kept.known_findings]
    done.findings = [each for each in done.findings if str(each) not in kept.known_findings]
    yield done


def _some(cursor: Any, after: int) -> Fits:
    """The next seals, with about AT_ONCE lines under them."""
    found, lines = [], 0
    for seal, marks in sealing.seals(cursor, after):
        found.append((seal, marks))
        lines += seal["lines"]
        if lines >= AT_ONCE:
            break
    return found


def exposed(cursor: Any, upto: int) -> Open:
    """The lines above ``upto``: as many and as old as they are."""
    cursor.execute("SELECT count(*), min(at) FROM audit_event WHERE id > %s", [upto])
    return Open(*cursor.fetchone())


# --- seals ------------------------------------------------------------------------------------------------------------


def _check_seals(done: Progress, fits: Fits, kept: Kept, keys: dict[str, Key]) -> None:
    before = done.last
    for seal, _ in fits:
        for fault in _faults(seal, before, kept):
            done.findings.append(Finding("seal", seal["number"], fault))
        _check_key(done, seal, keys)
        _check_anchor(done, seal, kept)
        before = seal


def _faults(seal: Record, before: Record | None, kept: Kept) -> list[str]:
    found = faults(seal, before)
    if before is None and (seal["number"], seal["after"]) != (1, 0):
        found.append("the seals before it are missing")
    if before and before["number"] in kept.vouched:
        found = [fault for fault in found if not fault.startswith("the key is another")]  # a person declared why
    return found


def _check_key(done: Progress, seal: Record, keys: dict[str, Key]) -> None:
    key = keys.get(seal["key"])
    if key is None:
        done.unkeyed += 1
    elif key.mac(sealing.body(seal)) != seal["mac"]:
        done.findings.append(Finding("seal", seal["number"], "its keyed hash does not hold: it was made without the key"))


def _check_anchor(done: Progress, seal: Record, kept: Kept) -> None:
    known = kept.known.get(seal["number"])
    if known == identity(seal):
        done.anchored = seal["number"]
    elif known:
        done.findings.append(Finding("anchor", seal["number"], "another seal of this number is kept outside: the seals were changed"))


# --- lines ------------------------------------------------------------------------------------------------------------


def _check_lines(cursor: Any, done: Progress, fits: Fits) -> None:
    first = done.last is None
    found = sealing.leaves(cursor, LOWEST if first else fits[0][0]["after"], fits[-1][0]["upto"])
    done.lines += len(found)
    if sum(seal["lines"] for seal, _ in fits) == len(found) and _fit(fits, found):
        return
    for number, (seal, marks) in enumerate(fits):
        done.findings += _look(cursor, seal, marks, first=first and number == 0)


def _fit(fits: Fits, found: list[bytes]) -> bool:
    place = 0
    for seal, marks in fits:
        mine = found[place : place + seal["lines"]]
        place += seal["lines"]
        if digest(mine) != seal["digest"] or _marks(mine) != marks:
            return False
    return True


def _marks(found: list[bytes]) -> bytes:
    return b"".join([each[:MARK] for each in found])


def _look(cursor: Any, seal: Record, marks: bytes, *, first: bool) -> list[Finding]:
    """What exactly does not fit under one seal."""
    named = sealing.named_leaves(cursor, LOWEST if first else seal["after"], seal["upto"])
    found, number = [each for _, each in named], seal["number"]
    if digest(found) == seal["digest"] and len(found) == seal["lines"]:
        return [] if _marks(found) == marks else [Finding("seal", number, "the marks of its lines were changed")]
    wanted = Counter(marks[at : at + MARK] for at in range(0, len(marks), MARK))
    strange = [ident for ident, each in named if not _taken(wanted, each[:MARK])]
    return [Finding("line", number, words) for words in _words(seal, strange, wanted.total(), len(found))]


def _taken(wanted: Counter[bytes], mark: bytes) -> bool:
    if wanted[mark] <= 0:
        return False
    wanted[mark] -= 1
    return True


def _words(seal: Record, strange: list[int], missing: int, found: int) -> list[str]:
    span = f"lines {seal['after'] + 1} to {seal['upto']} of {seal['at']}: {seal['lines']} were sealed, {found} are there"
    said = [f"{span}; {missing} removed or changed"] if missing else []
    if strange:
        some = ", ".join(str(each) for each in strange[:10]) + (" …" if len(strange) > 10 else "")
        said.append(f"{span}; changed or added, beginning with number {some}")
    return said or [f"{span}; what is there is not what was sealed"]


# --- the end ----------------------------------------------------------------------------------------------------------


def _check_end(done: Progress, kept: Kept, keys: list[Key]) -> None:
    number = done.last["number"] if done.last else 0
    ahead = sorted(each for each in kept.known if each > number)
    if ahead:
        words = f"seals {ahead[0]} to {ahead[-1]} are kept outside and not here: the end was cut off, or this is an older copy"
        done.findings.append(Finding("chain", number, words))
    if done.last and not kept.known:
        done.findings.append(Finding("anchor", number, "no seal is kept outside: the file of anchors is empty or gone"))
    if done.last and keys and done.last["key"] not in {key.public for key in keys}:
        done.findings.append(Finding("key", number, f"the last seal is made with a key that is not ours ({fingerprint(done.last['key'])})"))
    if missing := max(kept.known, default=0) - len(kept.known):
        unread = f" (lines {', '.join(str(line) for line in kept.unreadable)} of it cannot be read)" if kept.unreadable else ""
        done.findings.append(
            Finding("anchor", number, f"{missing} seals are missing in the file of anchors, and later ones are there{unread}")
        )
    done.findings += [Finding("anchor", number, f"line {line} of the file of anchors is a forged declaration") for line in kept.forged]


def run(cursor: Any, kept: Kept, keys: list[Key], tell: Callable[[Progress], None], start: Progress | None = None) -> Progress:
    """``verify`` to its end, with a word to ``tell`` after each step."""
    done = start or Progress()
    for done in verify(cursor, kept, keys, start):
        tell(done)
    return done
