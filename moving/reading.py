"""Reading a file as people export them: any usual encoding and separator, and nothing in it that could do more than be text."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from dataclasses import dataclass
from typing import Any

from practice.refusals import Refused

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 200, 200_000
_NUL = "\u2400"  # stands for a NUL: its row is told, and the others are read
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WAYS = {
    "iso": ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"),
    "us": ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%b %d, %Y", "%B %d, %Y"),
    "eu": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %b %Y", "%d %B %Y"),
}
DATES = [("us", "Month first: 3/31/2024"), ("eu", "Day first: 31.3.2024"), ("iso", "Year first: 2024-03-31")]
_TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p")
csv.field_size_limit(16 * 1024 * 1024)  # a cell that is too long is its row's fault, not the file's


@dataclass(frozen=True)
class Sheet:
    """A file that was read: how it is written, its heads, and its rows."""

    encoding: str
    separator: str
    heads: list[str]
    rows: list[list[str]]


def sheet(raw: bytes) -> Sheet:
    """``raw`` as rows. Raises Refused where it is no table."""
    text, encoding = _decoded(raw)
    separator = "" if text.lstrip().startswith(("[", "{")) else _separator(text)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator) if separator else _objects(text)
        lines = [line for line in rows if any(cell.strip() for cell in line)]
    except (csv.Error, ValueError, RecursionError):
        raise Refused("", "This is not a table that can be read.", "Export it again as CSV, and send that.") from None
    if len(lines) < 2:
        raise Refused("", "There is no row below the headings.", "Choose a file with one line of headings and one for each entry.")
    if len(lines) > MOST_ROWS + 1 or len(lines[0]) > MOST_COLUMNS:
        raise Refused("", f"At most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns at once.", "Send it in several files.")
    return Sheet(encoding, separator, [head.strip() for head in lines[0]], lines[1:])


def _objects(text: str) -> list[list[str]]:
    """A list of objects in JSON as a table: its heads are their keys, and what is no plain value is left out."""
    found = json.loads(text)
    objects = [each for each in (found if isinstance(found, list) else []) if isinstance(each, dict)]
    heads = list(dict.fromkeys(key for each in objects for key, value in each.items() if not isinstance(value, list | dict)))
    return [heads, *([_cell(each.get(head)) for head in heads] for each in objects)]


def _cell(value: Any) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value).replace("\0", _NUL)


def _decoded(raw: bytes) -> tuple[str, str]:
    """The text, and in which encoding it was: what has no mark and is not UTF-8 is taken for Windows' own."""
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), "")
    for encoding in filter(None, (marked, "utf-8", "cp1252", "latin-1")):
        try:
            return raw.decode(encoding).replace("\0", _NUL), encoding
        except UnicodeDecodeError:
            continue
    raise Refused("", "This file cannot be read as text.", "Export it again as CSV in UTF-8.")


def _separator(text: str) -> str:
    first = text.splitlines()[0] if text.strip() else ""
    return max(",;\t|", key=first.count)


class Fault(Exception):
    """Something about one row: in words, for whoever mends it."""


def checked(cells: list[str], heads: list[str]) -> dict[str, str]:
    """The cells of a row by heading. Raises Fault for what no row may hold."""
    if len([cell for cell in cells[len(heads) :] if cell.strip()]):
        raise Fault("This row has more cells than there are headings: a separator or quotation mark is missing.")
    for head, cell in zip(heads, cells, strict=False):
        if _NUL in cell:
            raise Fault(f"“{head}” holds a sign that no text holds (NUL).")
        if len(cell) > LONGEST_CELL:
            raise Fault(f"“{head}” is longer than {LONGEST_CELL:,} letters.")
    return {head: plain(cell) for head, cell in zip(heads, cells, strict=False)}


def plain(cell: str) -> str:
    """``cell`` as it is kept: without the apostrophe by which exports make a formula harmless. Here it is text in any case."""
    cell = cell.strip()
    return cell[1:] if re.match(r"'[=+\-@|%\t\r\n]", cell) else cell


def day(text: str, order: str) -> datetime.date:
    """A day, in the order that the file writes them; ISO always. Raises Fault."""
    return moment(text, order).date()


def moment(text: str, order: str) -> datetime.datetime:
    """A day with or without its time; naive unless it says where. Raises Fault."""
    text = " ".join(text.replace("\u202f", " ").split())
    try:
        return _sane(datetime.datetime.fromisoformat(text))
    except ValueError:
        pass
    for way in (*_WAYS[order], *_WAYS["iso"]):
        for time in ("", *_TIMES):
            try:
                return _sane(datetime.datetime.strptime(text, f"{way} {time}".strip()))  # noqa: DTZ007 (the practice's zone is added later)
            except ValueError:
                continue
    raise Fault(f"“{text[:40]}” is no day that can be read.")


def _sane(found: datetime.datetime) -> datetime.datetime:
    if not 1900 <= found.year <= 2100:
        raise Fault(f"{found:%Y} cannot be the year.")
    return found


def clock_time(text: str) -> datetime.time:
    """A time of day. Raises Fault."""
    for way in _TIMES:
        try:
            return datetime.datetime.strptime(" ".join(text.split()), way).time()  # noqa: DTZ007 (a time alone)
        except ValueError:
            continue
    raise Fault(f"“{text[:40]}” is no time that can be read.")
