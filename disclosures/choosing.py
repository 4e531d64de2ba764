"""What of a record a release may hold, and what of that was chosen, in plain values with what was blacked out really gone.

Nothing beyond the scope is ever offered, and what is chosen is held against the offer again before it is packed (attack 53).
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit import clock
from clients.access import readable_clients, together
from practice.access import staffed_practice
from practice.models import User
from practice.refusals import Refused
from records import access as records
from records.models import Addendum, Document, Kind, Note, Session
from records.paper import chart_paper

from . import law
from .law import process
from .models import Release

MARK = "[blacked out]"
CHANGED = "Passages were blacked out before this was given. The record itself is as it was signed."
SHARED = "What a couple, family or group said together is released from its own record, and only if each of them signs (IC-33)."
MOST = 300  # notes, or documents, in one release
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


@dataclass(frozen=True)
class Offer:
    """What may be chosen: sessions in full, as attendance, or not at all; notes; documents; texts to be written, by key."""

    sessions: str
    notes: list[Note]
    documents: list[Document]
    texts: dict[str, str]
    withheld: list[str]


@dataclass(frozen=True)
class Chosen:
    """What was chosen of an offer, as it is kept in the release."""

    sessions: bool = False
    notes: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    redact: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would leave."""
        return not (self.sessions or self.notes or self.documents or any(text.strip() for text in self.texts.values()))


def chosen_of(release: Release) -> Chosen:
    """What was chosen for ``release``; nothing at first."""
    return Chosen(**release.chosen)


def kept(chosen: Chosen) -> dict[str, Any]:
    """``chosen`` as a release keeps it."""
    return asdict(chosen)


# --- the offer ----------------------------------------------------------------------------------------------------------


def scope(release: Release) -> list[str]:
    """The kinds of information that ``release`` may hold: those its authorization or the paper it answers names, or all (LP-1).

    Psychotherapy notes only alone (AU-4).
    """
    known = law.parts()
    named = _named(release) or [key for key in known if not key.startswith("part2")]
    return [key for key in named if key in known and known[key].apart == release.apart]


def _named(release: Release) -> list[str]:
    """What it rests on names: nothing where that is a law that names no kinds."""
    if release.authorization:
        return list(release.authorization.information)
    return [*process.scope(release.process.granted).kinds, ""] if release.process else []  # "": not even where it names nothing


def offer(release: Release, by: User) -> Offer:
    """What ``by`` may choose for ``release``, which a door gave: within its kinds of information and its days, and what they may read."""
    found = [law.parts()[key] for key in scope(release)]
    rows = together(release.client, readable_clients, by)
    notes = _notes(release, by).filter(client__in=rows)
    shared = notes.exclude(copied_from=None).exists()
    kinds = [kind for part in found for kind in part.notes] + [Kind.PSYCHOTHERAPY] * any(part.apart for part in found)
    sessions = {part.sessions for part in found} - {""}
    documents = records.charted_documents(by).filter(client__in=rows, **_days(release, "added_at"))[:MOST]
    return Offer(
        "full" if "full" in sessions else next(iter(sessions), ""),
        list(notes.filter(kind__in=kinds, copied_from=None)[:MOST]),
        list(documents) if any(part.documents for part in found) else [],
        {key: law.parts()[key].text for key in scope(release) if law.parts()[key].text},
        [SHARED] if shared else [],
    )


def _notes(release: Release, by: User) -> QuerySet[Note]:
    if not release.apart:
        return records.charted_notes(by).filter(**_days(release, "dated"))
    own = records.readable_notes(by).filter(kind=Kind.PSYCHOTHERAPY, author=by.pk, signed_at__isnull=False)
    addenda = Prefetch("addenda", Addendum.objects.select_related("author").order_by("signed_at", "pk"))
    dated = own.annotate(dated=Coalesce("session__starts_at", "created_at")).order_by("dated", "pk")
    return dated.defer("session__place").prefetch_related(addenda).filter(**_days(release, "dated"))


def _days(release: Release, moment: str) -> dict[str, Any]:
    """The days of the information that the authorization, or the paper it answers, names, as a condition."""
    if release.authorization:
        first, last = release.authorization.from_date, release.authorization.to_date
    elif release.process:
        granted = process.scope(release.process.granted)
        first, last = granted.first, granted.last
    else:
        return {}
    found = {f"{moment}__gte": _start(first)} if first else {}
    return found | ({f"{moment}__lt": _start(last + datetime.timedelta(days=1))} if last else {})


def _start(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _sessions(release: Release, by: User) -> list[Session]:
    rows = together(release.client, readable_clients, by)
    past = records.charted_sessions(by).filter(starts_at__lte=clock.now())  # where somebody will be is nobody else's to know
    return list(past.filter(client__in=rows, **_days(release, "starts_at")))


# --- what was chosen, in words ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Content:
    """What leaves: plain values with nothing of what was blacked out, and the documents, which leave whole."""

    values: dict[str, Any]
    documents: list[Document]
    notes: list[Note]
    description: str  # for the accounting: brief, and no word of the record
    whole: bool


def content(release: Release, chosen: Chosen, by: User) -> Content:
    """``chosen`` in plain values. Raises Refused where it goes beyond the offer, or blacks out what stands nowhere."""
    found = offer(release, by)
    notes, documents = (_picked(release, *each) for each in ((found.notes, chosen.notes), (found.documents, chosen.documents)))
    if (chosen.sessions and not found.sessions) or {key for key, text in chosen.texts.items() if text.strip()} - {*found.texts}:
        raise _beyond(release)
    met = _sessions(release, by) if chosen.sessions else []
    values = _values(release, found, chosen, notes, met, by) | {"titles": [row.title for row in documents]}
    all_notes, all_documents = len(notes) == len(found.notes), len(documents) == len(found.documents)
    own = release.basis in ("authorization", "individual")  # whoever it is about said what: that is no question of too much
    whole = not own and all_notes and all_documents and chosen.sessions == bool(found.sessions)
    return Content(_blacked_out(values, chosen.redact), documents, notes, _described(found, chosen, notes, documents), whole)


def _beyond(release: Release) -> Refused:
    rule = "LP-1" if release.process_id and not release.authorization_id else "AU-3"
    return Refused(rule, "Something that was chosen is not within what this release covers.", "Choose from what is shown.")


def _picked(release: Release, offered: list[Any], idents: list[str]) -> list[Any]:
    known = {str(row.pk): row for row in offered}
    if not {*idents} <= known.keys():
        raise _beyond(release)
    return [row for ident, row in known.items() if ident in idents]


def _values(release: Release, found: Offer, chosen: Chosen, notes: list[Note], met: list[Session], by: User) -> dict[str, Any]:
    today = clock.today()
    paper = chart_paper(
        release.client, also=[], since=today, until=today, sessions=met, notes=notes, by=by, practice=staffed_practice(by).get()
    )
    rows = [[row[0], row[4]] if found.sessions == "attendance" else list(row) for row in paper["sessions"]]
    texts = [{"heading": found.texts[key], "text": text} for key, text in chosen.texts.items() if text.strip()]
    return {"sessions": rows if chosen.sessions else None, "notes": paper["notes"], "texts": texts}


def _described(found: Offer, chosen: Chosen, notes: list[Note], documents: list[Document]) -> str:
    said = []
    if chosen.sessions:
        said.append("attendance" if found.sessions == "attendance" else "dates and length of sessions")
    if notes:
        days = sorted(timezone.localdate(note.session.starts_at if note.session else note.created_at) for note in notes)
        kinds = " and ".join(sorted({str(note.get_kind_display()) for note in notes}))
        span = f"{days[0]:%-d %b %Y}" + (f" to {days[-1]:%-d %b %Y}" if days[-1] != days[0] else "")
        said.append(f"{len(notes)} signed {_plural('note', len(notes))} ({kinds}) of {span}")
    if documents:
        said.append(f"{len(documents)} {_plural('document', len(documents))}")
    said += [found.texts[key].lower() for key, text in chosen.texts.items() if text.strip()]
    whole = "; ".join(said)
    return whole[:1].upper() + whole[1:]


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"


# --- blacking out -------------------------------------------------------------------------------------------------------


def _blacked_out(values: dict[str, Any], phrases: Iterable[str]) -> dict[str, Any]:
    plain = _each(values, lambda text: unicodedata.normalize("NFC", text).translate(_UNSEEN))
    for phrase in phrases:
        pattern = _pattern(phrase)
        if not any(pattern.search(text) for text in texts_of(plain)):
            raise Refused("ACC-3", f"“{phrase}” stands nowhere in what you chose.", "Write it as it stands there, or leave it out.")
        plain["notes"] = [_marked(note, pattern) for note in plain["notes"]]
        plain |= {key: _each(plain[key], lambda text, hit=pattern: hit.sub(MARK, text)) for key in ("sessions", "texts", "titles")}
    return plain


def _pattern(phrase: str) -> re.Pattern[str]:
    """``phrase`` as whole words, in any case and spacing, and with the s of a plural or possessive."""
    words = unicodedata.normalize("NFC", phrase).translate(_UNSEEN).split()
    joined = r"\s+".join(re.escape(word).replace("\u2019", "'").replace("'", "['\u2019]") for word in words)
    return re.compile(rf"(?<!\w){joined}(?:['\u2019]?s)?(?!\w)", re.IGNORECASE)


def _marked(note: dict[str, Any], pattern: re.Pattern[str]) -> dict[str, Any]:
    """``note`` without what ``pattern`` finds; its signatures then say that it was changed for the release."""
    found: dict[str, Any] = _each(note, lambda text: pattern.sub(MARK, text))
    if found != note:
        signatures = [found["signature"], found["cosignature"], *[one["signature"] for one in found["addenda"]]]
        for signature in filter(None, signatures):
            signature["words"] = CHANGED if signature["holds"] else signature["words"]
    return found


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, dict):
        return {key: _each(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_each(inner, change) for inner in value]
    return change(value) if isinstance(value, str) else value


def texts_of(value: Any) -> list[str]:
    """Every text in plain values."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts_of(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in texts_of(inner)]
    return [value] if isinstance(value, str) else []
