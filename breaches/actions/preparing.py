"""What the worker does for letters: finds the safe address, sets the PDFs, and sees what the outbox sent.

Each piece is a transaction of its own, so that a worker that dies leaves whole pieces, and the next one goes on where it stopped.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import BooleanField, DateTimeField, Func, QuerySet, UUIDField, Value

from audit import clock, doors, trail
from audit.models import Act
from breaches.letters import law, letter_text, sheet
from breaches.models import Batch, ClientLetter, State, Told, Wording
from clients.models import Client, Representative
from clients.reaching import agreed_mail, lawful_post
from consent.languages import reads
from practice import pdf
from practice.models import Notice, Practice

JOB = "breach_letters"


def prepare_next() -> bool:
    """Prepare one waiting letter: name, safe address, the client's own copy; whether there was one."""
    with doors.system(JOB):
        row = _waiting(Told.State.WAITING).select_related("incident", "wording", "client").first()
        if row is None:
            return False
        if row.incident.drill:
            row.name, row.address = f"Practice data {row.client.code}", "1 Drill Street\nNowhere"
        elif row.way != Told.Way.KIN:  # of somebody who died the next of kin is entered by hand
            _find(row)
            row.wording = _as_read(row)
        row.way = Told.Way.POST if row.way == Told.Way.PORTAL and not row.may_portal else row.way
        row.state = Told.State.READY if row.address or row.way == Told.Way.PORTAL else Told.State.UNREACHABLE
        row.prepared_at = clock.now()
        if not row.incident.drill and not ClientLetter.objects.filter(told=row).exists():
            _copy(row)
        row.save(update_fields=["name", "address", "mail", "may_portal", "state", "way", "wording", "prepared_at"])
        trail.recorder().write(trail.line_for(Act.SYSTEM, row, "told_prepared"))
        return True


def look_again() -> int:
    """Letters that are ready, and whose person said since how they may be reached: their address is looked up anew (CM-5); how many."""
    with doors.system(JOB):
        ready = _waiting(Told.State.READY).exclude(way=Told.Way.KIN).filter(batch__posted_at=None, incident__drill=False)
        rows = [row for row in ready if changed_since(row)]
        for row in rows:
            row.state, row.batch = Told.State.WAITING, None
            row.save(update_fields=["state", "batch"])
            trail.recorder().write(trail.line_for(Act.SYSTEM, row, "told_again"))
        return len(rows)


def changed_since(row: Told) -> bool:
    """Whether the ways to this person changed since the letter was prepared. The database says that and no more."""
    given = Value(row.client_id, UUIDField()), Value(row.prepared_at, DateTimeField())
    asked = Func(*given, function="subrosa_reach_changed", output_field=BooleanField())
    return bool(row.prepared_at and Practice.objects.values_list(asked, flat=True).get())


def _waiting(state: str) -> QuerySet[Told]:
    rows = Told.objects.filter(state=state, incident__state=State.NOTIFYING)
    return rows.select_for_update(of=("self",), skip_locked=True).order_by("pk")


def _find(row: Told) -> None:
    """Who is written to, and where: a minor's representative, else themself; only at an address they allowed (BR-8, CM-3)."""
    guardian = _guardian(row.client)
    row.name = guardian.name if guardian else row.client.legal_name
    row.address = lawful_post(row.client)
    row.mail = agreed_mail(row.client, guardian if guardian and guardian.user_id else None)
    row.may_portal = bool(row.mail)


def _as_read(row: Told) -> Wording:
    """The same letter in a language they read, where it was approved in one: a parent's is not on file, and theirs is the client's."""
    if reads(row.client, row.wording.language):
        return row.wording
    approved = Wording.objects.filter(incident=row.incident_id, place=row.place, approved_at__isnull=False).order_by("-number")
    return next((each for each in approved if reads(row.client, each.language)), row.wording)


def _guardian(client: Client) -> Representative | None:
    if client.kind != Client.Kind.MINOR:
        return None
    standing = Representative.objects.filter(client=client.pk, since__lte=clock.now()).exclude(until__lte=clock.now())
    return standing.order_by("since", "pk").first()


def _copy(row: Told) -> None:
    letter = ClientLetter(incident_id=row.incident_id, told=row, client_id=row.client_id)
    letter.language = row.wording.language
    letter.text = letter_text(row.wording.blocks, Practice.objects.get().name, row.name, row.wording.language)
    letter.save(force_insert=True)


def press_next() -> bool:
    """Set one batch of ready letters as a PDF; whether there was one. It waits until all of an incident are prepared."""
    with doors.system(JOB):
        first = _unbatched().first()
        if first is None:
            return False
        rows = list(_unbatched().filter(incident=first.incident_id)[: law("batch")["letters"]])
        batch = Batch(incident=first.incident, number=_next_number(first.incident_id), letters=len(rows))
        batch.pdf = pdf.press("letters", _letters(rows))
        batch.save(force_insert=True)
        for row in rows:
            row.batch = batch
            row.save(update_fields=["batch"])
        trail.recorder().write(trail.line_for(Act.SYSTEM, batch, "batch_made"))
        return True


def _unbatched() -> QuerySet[Told]:
    busy = Told.objects.filter(state=Told.State.WAITING).values("incident")
    rows = _waiting(Told.State.READY).filter(batch=None, way__in=[Told.Way.POST, Told.Way.KIN]).exclude(incident__in=busy)
    return rows.select_related("incident", "wording").order_by("incident", "pk")


def _next_number(incident: UUID) -> int:
    return (Batch.objects.filter(incident=incident).order_by("-number").values_list("number", flat=True).first() or 0) + 1


def _letters(rows: list[Told]) -> dict[str, object]:
    today = clock.today()
    return {
        "title": "Letters",
        "code": "",
        "confidential": "",
        "demo": settings.DEMO,
        "practice": Practice.objects.get().name,
        "drill": rows[0].incident.drill,
        "letters": [sheet(row.wording.blocks, row.name, row.address, row.wording.language, today) for row in rows],
    }


def settle() -> int:
    """Letters whose mail the outbox has sent are told now, with that as the proof; how many."""
    with doors.system(JOB):
        rows = list(_waiting(Told.State.SENDING).filter(notice__state=Notice.State.SENT).select_related("notice"))
        for row in rows:
            assert row.notice
            row.state, row.sent_at = Told.State.SENT, row.notice.sent_at
            row.proof = f"The mail server took the mail that says a letter waits in the portal, {row.notice.sent_at:%-d %b %Y %H:%M} UTC."
            row.save(update_fields=["state", "sent_at", "proof"])
            ClientLetter.objects.filter(told=row).update(sent_at=row.sent_at)
            trail.recorder().write(trail.line_for(Act.SYSTEM, row, "told"))
        return len(rows)
