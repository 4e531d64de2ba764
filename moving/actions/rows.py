"""One row of a file becomes a client, a contact point, a session or a note: what the same person could type in, by the same rules."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from audit import clock, trail
from clients import access as client_rules
from clients import actions as clients
from clients.forms.fields import EARLIEST
from clients.models import Client, ContactPoint
from moving import access
from moving.charts import source_token
from moving.models import Arrival, MoveIn
from moving.reading import Fault, clock_time, day, moment
from practice.models import User
from records import actions as records
from records.access import notable_sessions
from records.kinds import parts_of
from records.models import Format, Kind, Session

Row = Mapping[str, str]
_MODALITY = {"video": ("video", "tele", "online", "zoom"), "phone": ("phone", "call")}
_OUTCOME = {
    Session.Outcome.LATE: ("late cancel", "cancelled late", "canceled late", "late"),
    Session.Outcome.ABSENT: ("no show", "no-show", "absent", "did not"),
    Session.Outcome.CANCELLED: ("cancel",), Session.Outcome.PLANNED: ("planned", "scheduled", "upcoming"),
}  # fmt: skip
_KINDS = {
    Kind.INTAKE: ("intake",), Kind.PLAN: ("plan",), Kind.CONTACT: ("contact", "phone"), Kind.CRISIS: ("crisis",),
    Kind.TERMINATION: ("termination", "discharge"), Kind.PSYCHOTHERAPY: ("psychotherapy", "process"),
}  # fmt: skip
_STATUS = {
    "archived": ("archived",),
    "discharged": ("discharged", "inactive", "closed"),
    "enquiry": ("enquiry", "prospect"),
    "intake": ("intake",),
}


@dataclass(frozen=True)
class Bringer:
    """Who brings a file in, and what holds for all its rows. ``dry``: everything is tried, and the caller takes it back."""

    move: MoveIn
    by: User
    dates: str

    @property
    def system(self) -> str:
        """Where the file comes from."""
        return self.move.system


def known(about: Bringer, what: str, source: str) -> Arrival | None:
    """What was brought in of this system under this id, of those whom the person may write of."""
    return access.arrivals(about.by).filter(token=_token(about, what, source)).first()


def arrive(about: Bringer, what: str, source: str, client: Client, ident: uuid.UUID) -> None:
    """Remember that it is here. Raises Fault where the same person brought it in before, and may write of it no more."""
    mark = _token(about, what, source)
    if Arrival.objects.filter(brought_by=about.by, token=mark).exists():
        raise Fault("You brought this in before, and do not counsel this client any more.")
    row = Arrival(brought_by=about.by, client=client, token=mark, what=what, what_id=ident)
    row.save(force_insert=True)
    trail.change(row, "bring")


def _token(about: Bringer, what: str, source: str) -> bytes:
    return source_token(about.system, what, source)


def need(row: Row, *keys: str) -> None:
    """Raise Fault unless each of these cells says something."""
    for key in keys:
        if not row.get(key, "").strip():
            raise Fault(f"There is nothing under “{key.replace('_', ' ')}”.")


def _matched(text: str, words: Mapping[Any, tuple[str, ...]], otherwise: Any) -> Any:
    plain = text.casefold()
    return next((key for key, some in words.items() if any(each in plain for each in some)), otherwise)


# --- clients and how to reach them ----------------------------------------------------------------------------------------


def client_row(row: Row, about: Bringer) -> None:
    """A client, as somebody of the staff takes them in; no address may be used before the client says so (CM-3)."""
    need(row, "source", "given_name")
    born = _born(row.get("born_on", ""), about.dates)
    kind = _kind_of(row.get("kind", ""), born)
    names = {name: row.get(name, "") for name in ("given_name", "family_name", "preferred_name", "pronouns", "languages")}
    before = clients.Before(_matched(row.get("status", ""), _STATUS, Client.Status.ACTIVE))
    client = clients.bring_in(
        before, by=about.by, counselor=_counselor(row.get("counselor", ""), about.by), kind=kind, born_on=born, **_short(names)
    )
    for point in ("phone", "mail", "post"):
        if row.get(point):
            clients.add_contact_point(client, by=about.by, kind=point, address=_within(row[point], 300, point))
    arrive(about, "client", row["source"], client, client.pk)


def _short(names: dict[str, str]) -> dict[str, str]:
    return {name: _within(text, 120, name) for name, text in names.items()}


def _within(text: str, most: int, name: str) -> str:
    if len(text) > most:
        raise Fault(f"“{name.replace('_', ' ')}” is longer than {most} letters.")
    return text.strip()


def _born(text: str, dates: str) -> datetime.date | None:
    if not text.strip():
        return None
    found = day(text, dates)
    if not EARLIEST <= found <= clock.today():
        raise Fault("This cannot be a date of birth.")
    return found


def _kind_of(text: str, born: datetime.date | None) -> str:
    found = _matched(text, {kind: (kind.value,) for kind in Client.Kind}, None)
    if found is None:
        grown = born is None or clock.today() >= datetime.date(born.year + 18, born.month, min(born.day, 28))
        found = Client.Kind.ADULT if grown else Client.Kind.MINOR
    return str(found)


def _counselor(name: str, by: User) -> User | None:
    """Whoever counsels brings in their own clients; the front desk names somebody, or nobody yet."""
    people = list(client_rules.counselors())
    if any(person.pk == by.pk for person in people):
        return by
    wanted = name.casefold().partition(",")[0].strip()
    return next((person for person in people if wanted and str(person.name).casefold() == wanted), None)


def contact_row(row: Row, about: Bringer) -> None:
    """A contact point of a client who is here."""
    need(row, "source", "client", "address", "kind")
    client = _client(row, about, client_rules.contact_changeable_clients)
    kind = _matched(
        row["kind"],
        {"mail": ("mail",), "phone": ("phone", "mobile", "cell", "home", "work")},
        "post" if "post" in row["kind"].casefold() else None,
    )
    if kind is None and "address" in row["kind"].casefold():
        kind = "post"
    if kind not in ContactPoint.Kind.values:
        raise Fault("Whether this is a phone, a mail or a post address is not said.")
    values = {"address": _within(row["address"], 300, "address"), "label": _within(row.get("label", ""), 120, "label")}
    may = row.get("may_contact", "").strip().casefold() in ("yes", "true", "1", "y")
    point = clients.add_contact_point(client, by=about.by, kind=kind, may_contact=may, **values)
    arrive(about, "contact", row["source"], client, point.pk)


def _client(row: Row, about: Bringer, rule: Callable[[Any], Any]) -> Client:
    """The client whom the row names by the id of the old system. Whoever may not write of them is told the same as of nobody."""
    found = known(about, "client", row["client"])
    client: Client | None = rule(about.by).filter(pk=found.client_id).first() if found else None
    if client is None:
        raise Fault("No client of yours was brought in under this id. Bring in the clients first.")
    return client


# --- sessions and notes ---------------------------------------------------------------------------------------------------


def session_row(row: Row, about: Bringer) -> None:
    """A session that was held elsewhere."""
    need(row, "source", "client", "starts")
    client = _client(row, about, client_rules.counseled_clients)
    starts = _aware(moment(row["starts"], about.dates))
    ends = _ends(row, starts, about)
    outcome = _matched(row.get("outcome", ""), _OUTCOME, Session.Outcome.ATTENDED)
    elsewhere = {"system": about.system, "source": row["source"], "counselor": _person(row.get("counselor", ""))}
    held = records.Held(starts, ends, elsewhere, _matched(row.get("modality", ""), _MODALITY, "in_person"), outcome)
    session = records.bring_session(client, held, by=about.by)
    arrive(about, "session", row["source"], client, session.pk)


def _aware(at: datetime.datetime) -> datetime.datetime:
    return at if at.tzinfo else timezone.make_aware(at)


def _ends(row: Row, starts: datetime.datetime, about: Bringer) -> datetime.datetime:
    text = row.get("ends", "").strip()
    if text:
        try:
            return _aware(datetime.datetime.combine(timezone.localdate(starts), clock_time(text)))
        except Fault:
            return _aware(moment(text, about.dates))
    minutes = row.get("minutes", "").strip().split(" ")[0]
    if minutes and not (minutes.isascii() and minutes.isdigit() and 0 < int(minutes) <= 24 * 60):
        raise Fault("The minutes are no number between 1 and 1440.")
    return starts + datetime.timedelta(minutes=int(minutes or 50))


def _person(name: str) -> dict[str, str] | None:
    """Somebody of elsewhere: what stands before the first comma, and behind it their credentials."""
    given, _, credentials = name.strip().partition(",")
    return {"name": given.strip(), "credentials": credentials.strip()} if given.strip() else None


def note_row(row: Row, about: Bringer) -> None:
    """A note that was signed elsewhere: locked as it comes, unless whoever brings it in chose to go on writing."""
    need(row, "source", "client", "written", "text")
    client = _client(row, about, client_rules.counseled_clients)
    kind = _matched(row.get("kind", ""), _KINDS, Kind.PROGRESS)
    written = _aware(moment(row["written"], about.dates))
    form = Format.FREE if kind == Kind.PROGRESS else Format.GUIDED
    content = {parts_of(kind, form)[0].key: row["text"]}
    signed = _aware(moment(row["signed"], about.dates)).astimezone(datetime.UTC).isoformat() if row.get("signed", "").strip() else None
    elsewhere = {
        "system": about.system, "source": row["source"], "author": _person(row.get("author", "")),
        "signature": {"by": _person(row.get("signed_by", "")), "at": signed},
    }  # fmt: skip
    kept = records.Kept(kind, content, written, elsewhere, form)
    note = records.bring_note(client, kept, by=about.by, session=_session(row, about, client), draft=about.move.as_drafts)
    arrive(about, "note", row["source"], client, note.pk)


def _session(row: Row, about: Bringer, client: Client) -> Session | None:
    if not row.get("session", "").strip():
        return None
    found = known(about, "session", row["session"])
    session = notable_sessions(about.by).filter(pk=found.what_id, client=client.pk).first() if found else None
    if session is None:
        raise Fault("The session it names was not brought in. Bring in the sessions first, or leave that column out.")
    return session


BRING: dict[str, tuple[str, Callable[[Row, Bringer], None]]] = {
    MoveIn.Kind.CLIENTS: ("client", client_row),
    MoveIn.Kind.CONTACTS: ("contact", contact_row),
    MoveIn.Kind.SESSIONS: ("session", session_row),
    MoveIn.Kind.NOTES: ("note", note_row),
}
