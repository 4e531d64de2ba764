"""The record as tables, for programs that read CSV: a cell that a spreadsheet would take for a formula is made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from audit import sheet

HEADS = {
    "clients": ["client_id", "code", "kind", "status", "given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages"],
    "contacts": ["contact_id", "client_id", "kind", "address", "label", "may_contact", "safe_to_leave_message"],
    "sessions": ["session_id", "client_id", "starts_at", "ends_at", "modality", "outcome", "setting", "counselor"],
    "notes": ["note_id", "client_id", "session_id", "kind", "format", "written_at", "author", "signed_by", "signed_at", "text"],
}


def rows_of(record: dict[str, Any]) -> dict[str, list[list[Any]]]:
    """The rows of each table for one record."""
    client = record["client"]
    mine = [client["id"]]
    return {
        "clients": [mine + [client[name] for name in HEADS["clients"][1:]]],
        "contacts": [[row["id"], *mine, *(row[name] for name in HEADS["contacts"][2:])] for row in record["contact_points"]],
        "sessions": [
            [row["id"], *mine, *(row[name] for name in HEADS["sessions"][2:-1]), _name(row["counselor"])] for row in record["sessions"]
        ],
        "notes": [_note(row, mine) for row in record["notes"]],
    }


def _note(row: dict[str, Any], mine: list[str]) -> list[Any]:
    added = [f"Addendum of {_name(one['author'])}, {one['at']}:\n{one['text']}" for one in row["addenda"]]
    text = "\n\n".join([*(f"{key}: {words}" for key, words in sorted(row["content"].items()) if words), *added])
    signed = row["signature"]
    facts = [row["session"], row["kind"], row["format"], row["written_at"], _name(row["author"])]
    return [row["id"], *mine, *facts, _name(signed["by"]), signed["at"], text]


def _name(person: dict[str, str] | None) -> str:
    return ", ".join(filter(None, [person["name"], person["credentials"]])) if person else ""


def lines(rows: list[list[Any]]) -> bytes:
    """``rows`` as CSV without a head, for one client's part."""
    return sheet.rows(rows).encode()


def head(table: str) -> bytes:
    """The first line of ``table``, with the mark by which spreadsheets know UTF-8."""
    return b"\xef\xbb\xbf" + sheet.rows([HEADS[table]]).encode()


def read(raw: bytes) -> Iterator[list[str]]:
    """The rows of a CSV in UTF-8."""
    yield from csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
