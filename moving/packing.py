"""Packing: one client's part of a bundle, and what frames all parts. File names are numbers: no name of anybody is a path (attack 72)."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from audit import bundles, clock, sealing
from audit.keeping import looking
from audit.models import Act
from clients.access import watched_lines
from clients.models import Client
from practice import pdf
from practice.access import staffed_practice
from practice.models import Practice, User
from records.access import charted_documents, charted_notes, charted_sessions
from records.paper import chart_paper

from . import fhir, tables
from .models import MoveOut, MoveOutPart
from .record import FORMAT, record_of

BUNDLE = "sub-rosa-bundle/1"
FORMATS = Path(__file__).with_name("formats")
WHEN = (1980, 1, 1, 0, 0, 0)  # nothing but the content tells when it was made
# Of which rows the trail is told: not of what is an author's alone, of reports, emergencies or incidents, which not everybody who takes a
# bundle along may know of (REC-1, REP-6, attack 97). A bundle for the client holds no trail: the portal shows them who opened their record.
TOLD = frozenset((
    "clients.client", "clients.contactpoint", "clients.representative", "clients.unitagreement", "practice.user", "records.session",
    "records.note", "records.addendum", "records.document", "consent.request", "consent.signature", "moving.moveout",
))  # fmt: skip
QUIET = (Act.BREAK_GLASS,)
MOST_EVENTS = 5_000  # of one record: the newest; the sealed trail holds them all
TABLES = "tables/"  # of a part: rows that are put together as they are sent


def part_of(client: Client, by: User, *, private: bool = False, told: bool = True) -> bytes:
    """The part of ``client``, as ``by`` may read it: a zip of record.json, fhir.json, chart.pdf, files, and rows of the tables.

    ``told``: with the trail, which a client's own copy has not.
    """
    values, files = record_of(client, by, private=private)
    apart = values.pop("apart")
    made = {"record.json": written(values), "chart.pdf": pdf.press("chart", _chart(client, by))} | files
    made["fhir.json"] = written(fhir.bundle(values, _events(client, by) if told else [], fhir.now(clock.now())))
    made |= {f"{TABLES}{name}.csv": tables.lines(rows) for name, rows in tables.rows_of(values).items()}
    if apart:
        made["apart/psychotherapy-notes.json"] = written({"format": FORMAT, "client": values["client"]["id"], "notes": apart})
    return zipped(made)


def _events(client: Client, by: User) -> list[dict[str, Any]]:
    lines = watched_lines(by).filter(client_id=client.pk, what__in=TOLD).exclude(act__in=QUIET)[:MOST_EVENTS]
    return [
        {"id": line.pk, "at": fhir.now(line.at), "act": line.act, "role": line.role, "what": line.what, "part": line.part}
        | {"actor": str(line.actor_id) if line.actor_id else ""}
        for line in lines
    ]


def _chart(client: Client, by: User) -> dict[str, Any]:
    today = clock.today()
    return chart_paper(
        client, also=[], since=timezone.localtime(client.since).date(), until=today, by=by, practice=staffed_practice(by).get(),
        sessions=charted_sessions(by).filter(client=client.pk), notes=charted_notes(by).filter(client=client.pk),
        documents=charted_documents(by).filter(client=client.pk),
    )  # fmt: skip


def frame_of(row: MoveOut, made: list[MoveOutPart]) -> bytes:
    """What stands around the parts: how to read it, the schema, the practice, what was left out, and the trail with its verifier."""
    files = {path.name: path.read_bytes() for path in sorted(FORMATS.glob("*.json"))}
    files["README.txt"] = (FORMATS / "README.txt").read_bytes()
    files["practice.json"] = written(_practice(row, made))
    if row.purpose == MoveOut.Purpose.PERSON:
        return zipped(files)
    return zipped(files | _trail({part.client_id for part in made if part.client_id and part.state == MoveOutPart.State.MADE}))


def _practice(row: MoveOut, made: list[MoveOutPart]) -> dict[str, Any]:
    practice = Practice.objects.get()
    out = [{"code": part.client.code, "why": part.get_state_display()} for part in made if part.client and part.state != part.State.MADE]
    people = {part.reader_id: part.reader for part in made if part.reader}
    counselors = {str(ident): {"name": who.name, "credentials": who.credentials} for ident, who in people.items()}
    parts = {f"{part.number:05}": str(part.reader_id) for part in made if part.client_id and part.state == part.State.MADE}
    said = {"format": BUNDLE, "name": practice.name, "timezone": practice.timezone, "made_at": clock.now().isoformat()}
    return said | {"purpose": row.get_purpose_display(), "counselors": counselors, "parts": parts, "left_out": out}


def _trail(whose: set[UUID]) -> dict[str, bytes]:
    """The sealed lines about these clients. They hold ids and no words, so a folder may hold them for a moment."""
    with tempfile.TemporaryDirectory() as name, looking() as cursor:
        newest = sealing.seal_at(cursor)
        for _ in bundles.make(cursor, Path(name), 1, newest["number"], frozenset(map(str, whose)), TOLD) if newest and whose else ():
            pass
        return {f"trail/{path.name}": path.read_bytes() for path in sorted(Path(name).iterdir())}


def written(values: dict[str, Any]) -> bytes:
    """``values`` as JSON that people can read."""
    return json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """``files`` in one zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, WHEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# --- putting it together, as it is sent -----------------------------------------------------------------------------------


class _Outgoing(io.RawIOBase):
    """Where a zip is written to as it is sent: nothing of it is kept."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, some: Any) -> int:
        self.waiting += some
        return len(some)

    def taken(self) -> bytes:
        """What was written since."""
        some, self.waiting = bytes(self.waiting), bytearray()
        return some


class Sending:
    """A bundle on its way: parts go in one after the other, their tables together, and at the end the checksums of all."""

    def __init__(self) -> None:
        self.out = _Outgoing()
        self.zip = zipfile.ZipFile(self.out, "w", zipfile.ZIP_DEFLATED)
        self.listed: list[dict[str, Any]] = []
        self.rows: dict[str, bytearray] = {name: bytearray(tables.head(name)) for name in tables.HEADS}

    def add(self, name: str, content: bytes) -> None:
        """One file."""
        self.zip.writestr(zipfile.ZipInfo(name, WHEN), content, zipfile.ZIP_DEFLATED)
        self.listed.append({"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})

    def part(self, number: int, content: bytes, *, frames: bool) -> bytes:
        """A part's files, under its number; returns the bytes to send."""
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                if name.startswith(TABLES):
                    self.rows[name[len(TABLES) : -4]] += packed.read(name)
                else:
                    self.add(name if frames else f"clients/{number:05}/{name}", packed.read(name))
        return self.out.taken()

    def end(self) -> bytes:
        """The tables and the manifest; returns the last bytes."""
        for name, content in self.rows.items():
            self.add(f"csv/{name}.csv", bytes(content))
        self.zip.writestr(zipfile.ZipInfo("manifest.json", WHEN), written({"format": BUNDLE, "files": self.listed}))
        self.zip.close()
        return self.out.taken()


def sent(parts: Iterator[tuple[int, bytes, bool]]) -> Iterator[bytes]:
    """The bundle of ``parts`` (number, content, whether it frames the others), piece by piece."""
    sending = Sending()
    for number, content, frames in parts:
        yield sending.part(number, content, frames=frames)
    yield sending.end()
