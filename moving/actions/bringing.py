"""Moving in: a file is read, its columns are chosen, it is tried, and brought in row by row. It goes on where it stopped."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.conf import settings
from django.db import DatabaseError, transaction

from audit import clock, trail
from audit.models import Act
from clients.models import Client
from moving import archives, charts, reading
from moving.columns import COLUMNS, systems
from moving.kept import PIECE, Kept, keep
from moving.models import MoveIn, MoveInFault
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role
from records import actions as records

from . import bundles
from .rows import BRING, Bringer, arrive, known

Kind, State = MoveIn.Kind, MoveIn.State
DAYS = 14  # a file is kept
STEP = 40  # rows of a step: each step is a transaction, and whoever dies in it begins with it again
TRIED = 200  # rows that are tried before anything is brought in
ZIPS = (Kind.CHARTS, Kind.BUNDLE)
CLINICAL = (Kind.SESSIONS, Kind.NOTES, Kind.CHARTS, Kind.BUNDLE)


def begin(kind: str, system: str, name: str, raw: bytes, *, by: User, drafts: bool = False) -> MoveIn:
    """Keep the file ``raw``, sealed, and read it. Raises Refused where it is none, or holds what ``by`` could not type in."""
    row = fresh(kind, system, name, by=by, drafts=drafts)
    row.about |= {"size": len(raw)}
    read(row, by, raw)
    row.save(force_insert=True)
    keep(row, raw)
    trail.change(row, "move_in")
    return row


def fresh(kind: str, system: str, name: str, *, by: User, drafts: bool = False) -> MoveIn:
    """A file of which nothing is here yet. Raises Refused by REC-1, and where it is not said where it comes from."""
    if kind in CLINICAL and not by.holds(Role.COUNSELOR):
        raise Refused(
            "REC-1", "Sessions, notes and charts are brought in by the counselor of the client.", "Bring in clients and contacts."
        )
    if system not in systems():
        raise Refused("", "Where the file comes from is not said.", "Choose it, or “Something else”.")
    row = MoveIn(kind=Kind(kind), as_drafts=drafts and kind == Kind.NOTES, brought_by=by)
    row.system = "subrosa" if kind == Kind.BUNDLE else system
    row.about, row.until = {"name": name[-150:]}, clock.now() + datetime.timedelta(days=DAYS)
    return row


def read(row: MoveIn, by: User, raw: bytes | None = None) -> None:
    """Look the file through: what is in it, and how many rows. ``raw``: its bytes, before they are kept. Raises Refused."""
    if row.kind in ZIPS:
        with archives.opened(_file(row, raw), **_bounds(row)) as found:
            parts = bundles.parts(found, by) if row.kind == Kind.BUNDLE else charts.files(found.namelist())
        row.about, row.total, row.state = row.about | {"parts": parts}, len(parts), State.READY
        return
    table = reading.sheet(content_of(row) if raw is None else raw)
    row.about = row.about | {"heads": table.heads, "encoding": table.encoding, "separator": table.separator}
    row.total, row.state = len(table.rows), State.MAPPING


def _file(row: MoveIn, raw: bytes | None = None) -> BinaryIO:
    return io.BufferedReader(Kept(row), PIECE) if raw is None else io.BytesIO(raw)


def _bounds(row: MoveIn) -> dict[str, int]:
    """A bundle of a practice holds many small files; a zip of charts that somebody made is looked at more narrowly."""
    return {"most_files": 200_000, "most_bytes": 8 * 1024**3} if row.kind == Kind.BUNDLE else {}


def content_of(row: MoveIn) -> bytes:
    """The whole file: a table, which is small."""
    return Kept(row).read()


def choose(row: MoveIn, columns: Mapping[str, str], dates: str, *, by: User) -> None:
    """Say which column is what. Raises Refused where one is missing, or stands for two things."""
    heads = row.about["heads"]
    # A column without a heading is no choice: "" stands for none.
    chosen = {column.key: head for column in COLUMNS[row.kind] if (head := columns.get(column.key, "")) and head in heads}
    if lacking := [column.label for column in COLUMNS[row.kind] if column.required and column.key not in chosen]:
        raise Refused("", f"Not chosen: {', '.join(lacking)}.", "Nothing is brought in without it: choose the column.")
    if len({*chosen.values()}) != len(chosen):
        raise Refused("", "One column stands for two things.", "Choose each column once.")
    row.about = row.about | {"columns": chosen, "dates": dates}
    row.state = State.READY
    row.save(update_fields=["about", "state"])
    trail.change(row, "move_in_columns")


def sheet_of(row: MoveIn) -> reading.Sheet:
    """The table of ``row``, which a door gave."""
    return reading.sheet(content_of(row))


def rows_of(row: MoveIn) -> list[dict[str, str] | str]:
    """Every row of a table by column, or in words why it cannot be read."""
    found, chosen = reading.sheet(content_of(row)), row.about.get("columns", {})
    out: list[dict[str, str] | str] = []
    for cells in found.rows:
        try:
            named = reading.checked(cells, found.heads)
            out.append({key: named.get(head, "") for key, head in chosen.items()})
        except reading.Fault as fault:
            out.append(str(fault))
    return out


# --- trying, and bringing in ----------------------------------------------------------------------------------------------


class _Tried(Exception):
    """Takes back what was only tried."""


def tried(row: MoveIn, *, by: User) -> list[tuple[int, str]]:
    """What would be wrong with the first rows: number and words. Everything that it does is taken back."""
    if row.kind in ZIPS:
        return []
    about, found = Bringer(row, by, row.about["dates"]), []
    opening = trail.recorder()
    before = {name: getattr(opening, name) for name in ("changes", "changed")} | {
        name: {*getattr(opening, name)} for name in ("told", "opened")
    }
    try:
        with transaction.atomic():
            for number, cells in enumerate(rows_of(row)[:TRIED], 1):
                words = _settle(cells, about)[1]
                found += [(number, words)] if words else []
            raise _Tried
    except _Tried:
        for name, value in before.items():
            setattr(opening, name, value)
    opening.write(trail.line_for(Act.READ, row, "move_in_try"))
    return found


def go_on(row: MoveIn, *, by: User) -> None:
    """The next rows, in the transaction of the caller. Raises Refused before the columns are chosen, and once it is over."""
    if row.state not in (State.READY, State.RUNNING) or row.gone_at or row.until <= clock.now():
        raise Refused("", "There is nothing to bring in of this file now.", "Look at its page.")
    made: list[tuple[Any, str, str]]
    if row.kind in ZIPS:
        made = _zipped(row, by)
    else:
        about = Bringer(row, by, row.about["dates"])
        made = [(cells, *_settle(cells, about)) for cells in rows_of(row)[row.done : row.done + STEP]]
    for number, (cells, how, words) in enumerate(made, row.done + 1):
        setattr(row, how, getattr(row, how) + 1)
        if words:
            MoveInFault(move=row, number=number, words=words, cells=_kept(row, number, cells)).save(force_insert=True)
    row.done += len(made)
    row.state = State.DONE if row.done >= row.total else State.RUNNING
    row.save(update_fields=["done", "made", "known", "wrong", "state"])
    trail.change(row, "move_in_step")


def _kept(row: MoveIn, number: int, cells: Any) -> list[str]:
    """A wrong row as it stands in the file, so that it can be mended and sent again."""
    if row.kind in ZIPS:
        return [str(cells)]
    return reading.sheet(content_of(row)).rows[number - 1]


def _settle(cells: dict[str, str] | str, about: Bringer) -> tuple[str, str]:
    """Bring one row in: which counter it goes to, and what is wrong with it."""
    if isinstance(cells, str):
        return "wrong", cells
    what, bring = BRING[about.move.kind]
    if cells.get("source", "").strip() and known(about, what, cells["source"]):
        return "known", ""
    try:
        with transaction.atomic():
            bring(cells, about)
    except reading.Fault as fault:
        return "wrong", str(fault)
    except Refused as refused:
        return "wrong", " ".join(filter(None, [refused.words, refused.todo]))
    except DatabaseError:
        return "wrong", "This row does not fit with what is here."
    return "made", ""


def _zipped(row: MoveIn, by: User) -> list[tuple[Any, str, str]]:
    about = Bringer(row, by, "iso")
    act, step = (bundles.bring, 1) if row.kind == Kind.BUNDLE else (_chart, 5)  # one client a step
    with archives.opened(_file(row), **_bounds(row)) as found:
        return [(name, *_safely(act, found, name, about)) for name in row.about["parts"][row.done : row.done + step]]


def _safely(act: Any, *given: Any) -> tuple[str, str]:
    try:
        with transaction.atomic():
            return ("made", "") if act(*given) else ("known", "")
    except reading.Fault as fault:
        return "wrong", str(fault)
    except Refused as refused:
        return "wrong", " ".join(filter(None, [refused.words, refused.todo]))


def _chart(found: Any, name: str, about: Bringer) -> bool:
    """A chart becomes a document of the client it is named by; False where it is here already."""
    client = charts.whose([name], about.system, about.by)[name]
    if isinstance(client, str):
        raise reading.Fault(client)
    if known(about, "document", name):
        return False
    raw = archives.content(found, name, settings.DOCUMENT_BYTES)
    where = {"system": about.system, "source": name}
    document = records.add_document(client, raw, by=about.by, name=name, elsewhere=where)
    arrive(about, "document", name, client, document.pk)
    return True


def matched(row: MoveIn, *, by: User) -> dict[str, Client | str]:
    """Of each chart of ``row``, which a door gave, whose it is; or why it is nobody's."""
    return charts.whose(row.about["parts"], row.system, by)


def halt(row: MoveIn, *, by: User) -> None:
    """Bring in nothing more of it; what is in stays."""
    row.state = State.STOPPED
    row.save(update_fields=["state"])
    trail.change(row, "move_in_stopped")
