"""A bundle of Sub Rosa is brought in: each client anew, with new ids, what was signed there as signed elsewhere, the rest as documents."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import re
import zipfile
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings

from audit import trail
from clients import actions as clients
from clients.models import Client, Member
from moving import archives
from moving.reading import Fault
from moving.record import CARRIED, FORMAT
from practice.models import User
from practice.refusals import Refused
from records import actions as records
from records.models import Kind, Note, Session

from .rows import Bringer, arrive, known

Values = dict[str, Any]
_PART = re.compile(r"clients/\d{5}/record\.json")
MOST_JSON, MOST_PAPER = 50 * 1024 * 1024, 5 * 1024 * 1024


def parts(found: zipfile.ZipFile, by: User) -> list[str]:
    """The records of a bundle that are for ``by``, persons before the couples, families and groups they make up. Raises Refused if none.

    Where some were packed in the name of a counselor called as they are, it is those; otherwise all.
    """
    names = sorted(name for name in found.namelist() if _PART.fullmatch(name))
    if not names:
        raise Refused("", "This zip is not a bundle of Sub Rosa.", "Choose the file as it was fetched, without unpacking it.")
    theirs = _packed_for(found, by)
    names = [name for name in names if name.split("/")[1] in theirs] or names
    return sorted(names, key=lambda name: bool(_read(found, name).get("members")))


def _packed_for(found: zipfile.ZipFile, by: User) -> set[str]:
    """The numbers of the parts that were packed in the name of somebody called as ``by`` is."""
    if "practice.json" not in found.namelist():
        return set()
    try:
        said = json.loads(archives.content(found, "practice.json", MOST_JSON))
        mine = {ident for ident, person in said["counselors"].items() if person["name"] == by.name}
        return {number for number, ident in said["parts"].items() if ident in mine}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("", "This bundle is damaged: practice.json cannot be read.", "Fetch the bundle again.") from None


def _read(found: zipfile.ZipFile, name: str) -> Values:
    try:
        values = json.loads(archives.content(found, name, MOST_JSON))
    except (ValueError, RecursionError):
        raise Refused("", "A record in this bundle is damaged.", "Fetch the bundle again.") from None
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise Refused("", "This bundle is of another version.", f"This house reads {FORMAT}.")
    return values


def bring(found: zipfile.ZipFile, name: str, about: Bringer) -> bool:
    """One client of a bundle; False where they are here already. Raises Fault and Refused where something of it does not fit."""
    values = _read(found, name)
    _require_whole(found, str(PurePosixPath(name).parent))
    try:
        if known(about, "client", values["client"]["id"]):
            return False
        client = _client(values, about)
        sessions = _sessions(values, client, about)
        plans_first = sorted(values["notes"], key=lambda note: note["kind"] != Kind.PLAN)
        notes = {note["id"]: _note(note, client, sessions, about) for note in plans_first}
        _files(found, str(PurePosixPath(name).parent), values, client, about)
        _apart(found, str(PurePosixPath(name).parent), client, sessions, about)
        _evidence(found, values, client, about)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Fault("This record is not as record.schema.json says.") from None
    arrive(about, "client", values["client"]["id"], client, client.pk)
    for source, note in notes.items():
        arrive(about, "note", source, client, note.pk)
    return True


def _require_whole(found: zipfile.ZipFile, folder: str) -> None:
    """Every file of this record is there, and as it was when it was packed. Raises Fault: what somebody changed is no evidence."""
    try:
        said = {each["name"]: each["sha256"] for each in json.loads(archives.content(found, "manifest.json", MOST_JSON))["files"]}
    except (ValueError, KeyError, TypeError, Refused):
        raise Fault("The manifest of this bundle is missing or damaged. Fetch the bundle again.") from None
    mine = {name for name in (*said, *found.namelist()) if name.startswith(f"{folder}/") and not name.endswith("/")}
    there = set(found.namelist())
    for name in sorted(mine):
        if name not in there or _digest(found, name) != said.get(name):
            raise Fault("A file of this record is not as the manifest says: it was changed, or is missing. Fetch the bundle again.")


def _digest(found: zipfile.ZipFile, name: str) -> str:
    with found.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a file of a zip is one


def moment(text: str) -> datetime.datetime:
    """A moment as a bundle writes it."""
    found = datetime.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


# --- the person -----------------------------------------------------------------------------------------------------------


def _client(values: Values, about: Bringer) -> Client:
    said, by = values["client"], about.by
    born = datetime.date.fromisoformat(said["born_on"]) if said["born_on"] else None
    names = ("given_name", "family_name", "preferred_name", "pronouns", "languages", "emergency")
    before = clients.Before(said["status"], moment(said["since"]), said["code"])
    client = clients.bring_in(before, by=by, counselor=by, kind=said["kind"], born_on=born, **{name: said[name] for name in names})
    for point in values["contact_points"]:
        keys = ("kind", "address", "label", "may_contact", "safe_to_leave_message")
        clients.add_contact_point(client, by=by, **{key: point[key] for key in keys})
    for person in values["representatives"]:
        until = moment(person["until"]) if person["until"] else None
        named = {key: person[key] for key in ("relation", "name", "phone", "authority")}
        clients.add_representative(client, by=by, since=moment(person["since"]), until=until, **named)
    for place in values["members"]:
        _member(client, place, about)
    return client


def _member(unit: Client, place: Values, about: Bringer) -> None:
    """A person of the unit who came in before; one who did not is said in the document of what was kept elsewhere."""
    found = known(about, "client", place["client"])
    if found is None:
        return
    clients.join_unit(unit, Client.objects.get(pk=found.client_id), by=about.by)
    if place["left_at"]:
        Member.objects.filter(unit=unit, person=found.client_id).update(left_at=moment(place["left_at"]))
        trail.change(unit, "leave_unit")


# --- the record -----------------------------------------------------------------------------------------------------------


def _sessions(values: Values, client: Client, about: Bringer) -> dict[str, Session]:
    """Sessions by their id there. A person's row of a unit's session stands alone here: nothing in it names the unit (IC-34)."""
    made = {}
    for row in values["sessions"]:
        facts = {key: row[key] for key in ("modality", "outcome", "crisis", "recorded", "place")}
        elsewhere = {
            "system": _system(values),
            "source": row["id"],
            "counselor": row["counselor"],
            "within": row["within"],
            "setting": row["setting"],
        }
        held = records.Held(moment(row["starts_at"]), moment(row["ends_at"]), elsewhere, **facts)
        made[row["id"]] = records.bring_session(client, held, by=about.by)
        arrive(about, "session", row["id"], client, made[row["id"]].pk)
    return made


def _system(values: Values) -> str:
    found = next((note["signature"].get("system") for note in values["notes"] if note["signature"]), None)
    return str(found or "Sub Rosa")


def _note(row: Values, client: Client, sessions: dict[str, Session], about: Bringer) -> Note:
    elsewhere = {key: row[key] for key in ("author", "signature", "addenda", "cosignature")}
    elsewhere |= {"system": row["signature"].get("system", "Sub Rosa"), "source": row["id"], "session": row["session"]}
    kept = records.Kept(row["kind"], row["content"], moment(row["written_at"]), elsewhere, row["format"], row["late_entry"])
    return records.bring_note(client, kept, by=about.by, session=sessions.get(row["session"] or ""))


def _apart(found: zipfile.ZipFile, folder: str, client: Client, sessions: dict[str, Session], about: Bringer) -> None:
    """Psychotherapy notes, for their author alone: whoever brings them in says that they are theirs by bringing them in (REC-3)."""
    name = f"{folder}/apart/psychotherapy-notes.json"
    if name not in found.namelist():
        return
    for row in _read(found, name)["notes"]:
        if (row["author"] or {}).get("name") == about.by.name:
            _note(row, client, sessions, about)


def _files(found: zipfile.ZipFile, folder: str, values: Values, client: Client, about: Bringer) -> None:
    for row in values["documents"]:
        where = {key: row[key] for key in ("id", "note", "name", "by", "added_at")}
        _document(found, f"{folder}/{row['file']}", row["title"], client, about, where | {"of": "documents"})
    for row in values["consents"]:
        _paper(found, f"{folder}/{row['file']}", row, client, about)


def _paper(found: zipfile.ZipFile, path: str, row: Values, client: Client, about: Bringer) -> None:
    """A signed paper: cleaned to be read, as every PDF; and to the byte, as text that nothing runs, so that its certificate still holds."""
    title, raw = f"Signed elsewhere: {row['title']}"[:100], archives.content(found, path, MOST_PAPER)
    said = {key: row[key] for key in row if key not in ("file", "sha256")} | {"pdf": base64.b64encode(raw).decode()}
    _text(client, about.by, "paper.txt", f"{title} (evidence)", json.dumps(said, ensure_ascii=False, indent=1), {"of": "consents"})
    with suppress(Refused):  # one that our own reader cannot clean is there as evidence alone
        _document(found, path, title, client, about, {"of": "copies"})


def _document(found: zipfile.ZipFile, path: str, title: str, client: Client, about: Bringer, elsewhere: Values) -> None:
    raw = archives.content(found, path, settings.DOCUMENT_BYTES)
    records.add_document(client, raw, by=about.by, name=PurePosixPath(path).name, title=title, elsewhere=elsewhere)


def _evidence(found: zipfile.ZipFile, values: Values, client: Client, about: Bringer) -> None:
    """What was agreed and disclosed there, and the trail of it: kept as it was, as documents that nobody edits."""
    for key, title in CARRIED.items():
        if values.get(key):
            text = json.dumps(values[key], ensure_ascii=False, indent=1, sort_keys=True)
            _text(client, about.by, f"{key}.txt", title, text, {"of": key})
    if told := _lines(found, values["client"]["id"]):
        _text(client, about.by, "trail.txt", f"Trail kept elsewhere ({len(told)} lines)", "".join(told), {"of": "trail"})


def _text(client: Client, by: User, name: str, title: str, text: str, elsewhere: Values) -> None:
    records.add_document(client, text.encode(), by=by, name=name, title=title, elsewhere=elsewhere)


def _lines(found: zipfile.ZipFile, ident: str) -> list[str]:
    """The lines of the trail in the bundle that are about this client; the bundle itself holds the proof of them."""
    names = sorted(name for name in found.namelist() if re.fullmatch(r"trail/lines-\d+\.tsv", name))
    every = (archives.content(found, name, MOST_JSON).decode().splitlines(keepends=True) for name in names)
    return [line for lines in every for line in lines if len(cells := line.split("\t")) > 2 and cells[7] == ident]
