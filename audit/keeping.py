"""One round of the worker: seal what is new, hand copies outside, say how it stands. And the verification, with its outcome kept.

Rooms further right say who is told (``checkpoints``, ``alarms``): this one knows no people and sends no mail.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from . import anchors, checking, clock, sealing
from .models import Event, Seal, Watch
from .sealing import CannotSeal
from .verify_bundle import Record, fingerprint, identity

LATE = datetime.timedelta(minutes=5)  # without a round for so long, the pulse says ill
MANY = 1000  # unsealed lines are counted up to here

checkpoints: list[Callable[[Record], None]] = []  # told of the last seal after each round that made one
alarms: list[Callable[[str], None]] = []  # told once when something new is wrong, in a word

WORDS = {
    "": "",
    "forked": "The database does not hold the seals that are kept outside: it is an older copy, or it was changed.",
    "gone": "The file with the copies of the seals is gone, or its end is.",
    "anchor": "The copies of the seals could not be written.",
    "key": "The key is a new one, and the former one is not there to vouch for it.",
    "findings": "The verification found lines or seals that do not hold.",
}


@contextmanager
def looking() -> Iterator[Any]:
    """A cursor in a transaction, for what reads lines and seals in plain SQL."""
    with transaction.atomic(), connection.cursor() as cursor:
        yield cursor


def seal_and_anchor() -> str:
    """A round; returns "" or the word of what stopped it (a key of WORDS, or "busy")."""
    try:
        last = _round()
    except CannotSeal as stopped:
        return _note(stopped.word)
    except OSError:
        return _note("anchor")
    _note("")
    for tell in checkpoints if last else []:
        tell(last)  # type: ignore[arg-type]  # there is one, or nobody is told
    return ""


def _round() -> Record | None:
    with connection.cursor() as cursor:
        anchors.begin(cursor)
        anchors.require_same(cursor)
        upto, vouched = sealing.horizon(cursor), anchors.everything().vouched if _new_key(cursor) else set()
        while True:
            with transaction.atomic():
                if sealing.seal_next(cursor, sealing.ring(), upto, vouched) is None:
                    break
        return anchors.catch_up(cursor)


def _new_key(cursor: Any) -> bool:
    last = sealing.seal_at(cursor)
    return bool(last and last["key"] != sealing.ring()[0].public)


def _note(word: str) -> str:
    """Keep how the round went. "busy" is no trouble: the round is late, and the pulse sees that."""
    if word == "busy":
        return word
    before = Watch.objects.values_list("trouble", flat=True).first()
    now, told = clock.now(), dict[str, Any](trouble=word)
    if not word:
        told |= {"looked_at": now, "anchored_at": now, "anchored": (anchors.tip() or (0, ""))[0]}
    Watch.objects.update(**told)
    if word and word != before:
        _alarm(word)
    return word


def _alarm(word: str) -> None:
    for tell in alarms:
        tell(word)


def verify(tell: Callable[[checking.Progress], None] = lambda _: None, start: checking.Progress | None = None) -> checking.Progress:
    """Verify the whole trail, or the rest of it from ``start``, and keep the outcome; ``tell`` hears after each step."""
    with looking() as cursor:
        done = checking.run(cursor, anchors.everything(), sealing.ring(), tell, start)
    before = Watch.objects.values_list("findings", flat=True).first()
    Watch.objects.update(verified_at=clock.now(), verified_lines=done.lines, findings=len(done.findings))
    if done.findings and not before:
        _alarm("findings")
    return done


def is_well() -> bool:
    """Whether the trail is sealed, anchored and, as far as anybody looked, untouched."""
    watch = Watch.objects.first()
    return bool(watch and watch.looked_at and watch.looked_at > clock.now() - LATE and not watch.trouble and not watch.findings)


@dataclass(frozen=True)
class Standing:
    """How the seals stand, for a page."""

    watch: Watch
    last: Seal | None
    open_lines: int
    oldest: datetime.datetime | None

    @property
    def trouble(self) -> str:
        """What is wrong, in a sentence; nothing where all is well."""
        if self.watch.trouble or self.watch.findings:
            return WORDS[self.watch.trouble or "findings"]
        return "" if self.well else "No round of sealing was finished in the last minutes."

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        late = self.watch.looked_at is None or self.watch.looked_at <= clock.now() - LATE
        return not (late or self.watch.trouble or self.watch.findings)

    @property
    def name(self) -> str:
        """The short hash of the last seal, as mails tell it."""
        return identity(_record(self.last))[:16] if self.last else ""

    @property
    def key(self) -> str:
        """The fingerprint of the key."""
        return fingerprint(self.last.key) if self.last else ""

    @property
    def more(self) -> bool:
        """Whether there are more unsealed lines than were counted."""
        return self.open_lines >= MANY


def _record(seal: Seal) -> Record:
    return sealing.as_record(tuple(getattr(seal, name) for name in sealing.FIELDS))


def standing() -> Standing:
    """How the seals stand; lines that the reader may not see are not counted."""
    last, watch = Seal.objects.defer("marks").order_by("-number").first(), Watch.objects.get()
    anchored = last if last is None or last.number == watch.anchored else Seal.objects.filter(number=watch.anchored).first()
    waiting = list(Event.objects.filter(id__gt=anchored.upto if anchored else 0).values_list("at", flat=True)[:MANY])
    return Standing(watch, last, len(waiting), min(waiting, default=None))
