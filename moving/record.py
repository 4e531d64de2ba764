"""One client's record as open data: plain values for JSON, and the files beside it. What each field means: formats/record.schema.json.

Only what ``by`` may read goes in, by the rules of each room. Drafts, mandated reports and what is another author's alone stay out.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from clients import access as clients
from clients.models import Client, Member
from consent import access as consent
from consent.models import Paper
from consent.states import state_of
from disclosures.access import readable_disclosures
from paper.access import paper_files
from paper.models import PaperFile
from practice.files import SORTS
from practice.models import Practice, User
from records import access as records
from records import actions
from records.contents import contents_of
from records.kinds import EARLIER, ELSEWHERE
from records.models import Addendum, Document, Kind, Note, Session

FORMAT = "sub-rosa-record/1"
PERSON = ("given_name", "family_name", "preferred_name", "pronouns", "languages", "emergency")
# What goes along as it is and is nobody's to edit where it arrives: by key, what the document it becomes is called.
CARRIED = {
    "agreements": "Agreements made elsewhere",
    "disclosures": "Accounting of disclosures kept elsewhere",
    "paper": "Paper kept elsewhere",
}
Values = dict[str, Any]
Files = dict[str, bytes]


def record_of(client: Client, by: User, *, private: bool = False) -> tuple[Values, Files]:
    """What ``by`` may take along of ``client``, and the files it names; ``private``: with their own psychotherapy notes, apart."""
    documents = list(records.readable_documents(by).filter(client=client.pk).order_by("added_at", "pk"))
    documents = [row for row in documents if row.note is None or (row.note.is_signed and row.note.kind != Kind.PSYCHOTHERAPY)]
    notes = list(records.charted_notes(by).filter(client=client.pk))
    here = {before["source"]: str(note.pk) for note in notes if (before := earlier_of(note))}
    listed, files = _documents([row for row in documents if _of(row) == "documents"], here)
    papers, more = _consents(client, by, [row for row in documents if _of(row) == "consents"])
    earlier = {key: [each for row in documents if _of(row) == key for each in json.loads(contents_of(row))] for key in CARRIED}
    values = {
        "format": FORMAT, "client": _client(client), "contact_points": _points(client), "representatives": _representatives(client),
        "members": [_member(row) for row in Member.objects.filter(unit=client.pk).order_by("pk")],
        "agreements": earlier["agreements"] + [_agreement(row) for row in clients.agreements(by, client)],
        "sessions": [_session(row) for row in records.readable_sessions(by).filter(client=client.pk).order_by("starts_at", "pk")],
        "notes": [_note(row) for row in notes],
        "apart": [_note(row) for row in _own(client, by)] if private else [],
        "documents": listed, "consents": papers, "disclosures": earlier["disclosures"] + _disclosures(client, by),
        "paper": earlier["paper"] + _paper_files(client, by),
    }  # fmt: skip
    return values, files | more


def _of(row: Document) -> str:
    """What ``row`` stands for: a document, or what was brought in from elsewhere as one."""
    return str(row.about.get("elsewhere", {}).get("of", "documents"))


def _own(client: Client, by: User) -> Iterable[Note]:
    mine = records.readable_notes(by).filter(client=client.pk, author=by.pk, kind=Kind.PSYCHOTHERAPY, signed_at__isnull=False)
    return mine.order_by("created_at", "pk")


def moment(at: datetime.datetime | None) -> str | None:
    """A moment in UTC, as ISO 8601."""
    return at.astimezone(datetime.UTC).isoformat() if at else None


def whom(person: User | None) -> Values | None:
    """Somebody of the staff, by name and credentials."""
    return {"name": person.name, "credentials": person.credentials} if person else None


# --- the person -----------------------------------------------------------------------------------------------------------


def _client(client: Client) -> Values:
    known = {name: getattr(client, name) for name in PERSON}
    born = client.born_on.isoformat() if client.born_on else None
    about = {"id": str(client.pk), "code": client.code, "kind": client.kind, "status": client.status, "since": moment(client.since)}
    return about | known | {"born_on": born}


def _points(client: Client) -> list[Values]:
    names = ("kind", "address", "label", "may_contact", "safe_to_leave_message")
    return [{"id": str(row.pk)} | {name: getattr(row, name) for name in names} for row in clients.contact_points([client.pk])]


def _representatives(client: Client) -> list[Values]:
    return [
        {"id": str(row.pk), "relation": row.relation, "name": row.name, "phone": row.phone, "authority": row.authority}
        | {"since": moment(row.since), "until": moment(row.until)}
        for row in clients.representatives([client.pk])
    ]


def _member(row: Member) -> Values:
    return {"client": str(row.person_id), "left_at": moment(row.left_at)}


def _agreement(row: Any) -> Values:
    said = {name: getattr(row, name) for name in ("who_is_client", "secrets", "how", "shared_into_records")}
    return said | {"since": row.since.isoformat(), "recorded_at": moment(row.recorded_at), "by": whom(row.recorded_by)}


# --- the record -----------------------------------------------------------------------------------------------------------


def _session(row: Session) -> Values:
    facts = {name: getattr(row, name) for name in ("modality", "outcome", "crisis", "recorded", "place", "setting")}
    times = {"starts_at": moment(row.starts_at), "ends_at": moment(row.ends_at)}
    held = {"counselor": whom(row.counselor), "within": str(row.within_id) if row.within_id else None}
    before = {key: value for key, value in (row.elsewhere or {}).items() if key in ("counselor", "within", "setting")}
    return {"id": str(row.pk)} | times | facts | held | before


def _note(row: Note) -> Values:
    """A note; of one that was signed elsewhere, who wrote and signed it there, and what was added there before what was added here."""
    before = earlier_of(row)
    content = {key: text for key, text in row.content.items() if key not in (EARLIER.key, ELSEWHERE)}
    facts: Values = {"id": str(row.pk), "session": str(row.session_id) if row.session_id else None, "kind": row.kind, "format": row.format}
    facts |= {"author": whom(row.author), "written_at": moment(row.created_at), "late_entry": row.late_entry, "content": content}
    added = list(row.addenda.all())
    here = [_addendum(one) for one in added]
    found = facts | {"signature": _signature(row), "addenda": here, "cosignature": _cosignature(row, added)}
    if before:
        found |= {key: before[key] for key in ("author", "cosignature") if key in before}
        found["signature"] = {"holds": actions.signature_holds(row), "system": before.get("system", "")} | before["signature"]
        found["addenda"] = [*before.get("addenda", ()), *here]
    return found


def earlier_of(row: Note) -> Values:
    """What is known of where ``row`` was signed, if it was elsewhere; nothing otherwise."""
    found: Values = json.loads(row.content.get(ELSEWHERE, "{}"))
    return found


def _addendum(one: Addendum) -> Values:
    return {"author": whom(one.author), "at": moment(one.signed_at), "text": one.text, "holds": actions.addendum_holds(one)}


def _signature(row: Note) -> Values:
    """Who signed, when, and whether the text still is what was signed; the fingerprint is keyed, and evidence in the house alone."""
    fingerprint = bytes(row.signed_hash).hex() if row.signed_hash else ""
    said: Values = {"by": whom(row.signed_by), "at": moment(row.signed_at), "holds": actions.signature_holds(row)}
    return said | {"fingerprint": fingerprint, "system": system()}


def _cosignature(row: Note, added: list[Any]) -> Values | None:
    signed = getattr(row, "cosignature", None)
    if signed is None:
        return None
    return {"by": whom(signed.supervisor), "at": moment(signed.signed_at), "holds": actions.cosignature_holds(signed, added)}


def system() -> str:
    """What signatures made here say of where they were made."""
    return f"Sub Rosa, {Practice.objects.get().name}"


def _documents(rows: list[Document], notes: dict[str, str]) -> tuple[list[Values], Files]:
    """``notes``: the ids here of notes from elsewhere, by their ids there, for what hung on them."""
    listed, files = [], {}
    for number, row in enumerate(rows, 1):
        name, content = f"documents/{number:04}{SORTS[row.sort].extension}", contents_of(row)
        files[name] = content
        said: Values = {"id": str(row.pk), "note": str(row.note_id) if row.note_id else None, "title": row.title, "name": row.name}
        said |= {"sort": row.sort, "added_at": moment(row.added_at), "by": whom(row.uploader)}
        before = row.about.get("elsewhere", {})
        said |= {key: before[key] for key in ("name", "added_at", "by") if before.get(key)}
        if before.get("note"):
            said["note"] = notes.get(before["note"])
        listed.append(said | {"file": name, "sha256": hashlib.sha256(content).hexdigest()})
    return listed, files


def _consents(client: Client, by: User, before: list[Document]) -> tuple[list[Values], Files]:
    """The signed papers: what each is, how it stands today, and the certified PDF, which is the evidence. Those of elsewhere come first."""
    listed, files = [], {}
    papers = consent.readable_papers(by).filter(client=client.pk).select_related("signature__request__wording")
    kept = [json.loads(contents_of(row)) for row in before]
    rows = [(said, base64.b64decode(said.pop("pdf"))) for said in kept] + [(_paper(row), bytes(row.pdf)) for row in papers]
    for number, (said, content) in enumerate(rows, 1):
        name = f"consents/{number:04}.pdf"
        files[name] = content
        listed.append(said | {"file": name, "sha256": hashlib.sha256(content).hexdigest()})
    return listed, files


def _paper(row: Paper) -> Values:
    request = row.signature.request
    said = {"id": str(row.pk), "title": request.wording.title, "version": request.wording.number, "language": request.wording.language}
    dates = {"active_from": moment(request.active_from), "until": moment(request.until), "ended_at": moment(request.ended_at)}
    return said | dates | {"state": state_of(request).key, "signed_by": row.signature.name, "signed_at": moment(row.signature.signed_at)}


def _disclosures(client: Client, by: User) -> list[Values]:
    """The accounting; what was reported under a mandate stays in its sealed compartment, and so does that it was (REP-6)."""
    rows = readable_disclosures(by).filter(client=client.pk, in_portal=True).order_by("on", "made_at", "pk")
    names = ("basis", "recipient", "address", "description", "purpose", "accountable")
    return [{"id": str(row.pk), "on": row.on.isoformat()} | {name: getattr(row, name) for name in names} | _taken_back(row) for row in rows]


def _paper_files(client: Client, by: User) -> list[Values]:
    """Where the paper of the record is; psychotherapy notes on paper are their originator's, and not told."""
    rows = paper_files(by).filter(client=client.pk, kind=PaperFile.Kind.MAIN).select_related(None).select_related("cabinet")
    return [
        {"id": str(row.pk), "label": row.label, "state": row.state, "cabinet": row.cabinet.name, "place": row.cabinet.place}
        | {"since": moment(row.made_at)}
        for row in rows
    ]


def _taken_back(row: Any) -> Values:
    return {"reverses": str(row.reverses_id) if row.reverses_id else None}
