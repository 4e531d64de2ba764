"""Checker C: what the database says after everything is well again, against what was acknowledged."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.db import connections
from django.test import override_settings

from audit import keeping
from audit.models import Event
from messaging.models import Message
from practice.models import Notice
from records.models import Note, Session
from records.models.notes import NoteSave
from tests.cast import acting
from tests.committed import House, as_worker

from .work import Saver

TRACES = ("Traceback (most recent call last)", "django.db.utils", "psycopg2", "site-packages")


def _texts(saver: Saver) -> Counter[str]:
    """What was sent and booked for the saver's client, however often."""
    said = [str(row.text) for row in Message.objects.filter(thread=saver.thread)]
    return Counter(said + [str(row.place) for row in Session.objects.filter(client=saver.client)])


def _possible(saver: Saver) -> set[str]:
    """What the draft may say now: the last acknowledged text, or one sent after it of which nobody knows."""
    sent = [act for act in saver.history if act.kind in ("edit", "autosave")]
    last = max((at for at, act in enumerate(sent) if act.outcome == "ok"), default=-1)
    after = {act.text for act in sent[last + 1 :] if act.outcome == "unknown"}
    return after | {sent[last].text if last >= 0 else "begins"}


def lost(house: House, people: list[Saver]) -> list[str]:
    """Acknowledged texts that are not there exactly once, and drafts that say something else than they may."""
    connections.close_all()
    found = []
    with acting(house.ana):
        for saver in people:
            texts, draft = _texts(saver), Note.objects.filter(pk=saver.note.pk).first()
            once = [act for act in saver.history if act.kind in ("message", "book")]
            found += [f"{act.kind} {texts[act.text]} times" for act in once if act.outcome == "ok" and texts[act.text] != 1]
            found += ["a draft says another text"] if draft and str(draft.content["presenting"]) not in _possible(saver) else []
            found += [] if draft else ["a draft is gone"]
    return found


def torn(house: House, people: list[Saver]) -> list[str]:
    """What was saved by half: there though refused, twice, or without its version, its key or its line."""
    connections.close_all()
    found = []
    with acting(house.ana):
        for saver in people:
            texts, note = _texts(saver), Note.objects.get(pk=saver.note.pk)
            found += ["there twice" for many in texts.values() if many > 1]
            found += ["there though refused" for act in saver.history if act.outcome == "fail" and texts[act.text]]
            kept = sorted(NoteSave.objects.filter(note=note).values_list("note_version", flat=True))
            lines = Event.objects.filter(what_id=note.pk, part="save_note", act="change").count()
            found += ["versions have a gap"] if kept != list(range(2, note.version + 1)) else []
            found += [f"{len(kept)} saves have {lines} lines"] if lines != len(kept) else []
            told = Event.objects.filter(client_id=saver.client.pk, part="send_message", act="change").count()
            found += ["a message without its line"] if told != Message.objects.filter(thread=saver.thread).count() else []
        begun = Message.objects.filter(thread__in=[saver.thread for saver in people]).values("thread").distinct().count()
        sent = Message.objects.filter(thread__in=[saver.thread for saver in people]).count()
        notices = Notice.objects.filter(kind="message").count()  # one for each thread, and one more after somebody read it
        found += [f"{sent} messages in {begun} threads have {notices} notices"] if not begun <= notices <= sent else []
    return found


def trail(place: Path) -> int:
    """Seal what is there and verify all of it; findings."""
    connections.close_all()
    with override_settings(TRAIL_ANCHOR=place / "trail.jsonl", TRAIL_STORE=""), as_worker():
        assert keeping.seal_and_anchor() == ""
        return len(keeping.verify().findings)


def traces(people: list[Saver]) -> int:
    """Pages on which a person saw the inside of the program."""
    return sum(any(trace in page for trace in TRACES) for each in people for _, page in each.pages)


def statuses(people: list[Saver]) -> dict[int, int]:
    """Which answers were not as wanted."""
    return dict(sorted(Counter(status for each in people for status, _ in each.pages).items()))
