"""Zips that people bring: listed and read with a bound on everything, and nothing in them is ever a path (attacks 69, 72)."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO

from practice.refusals import Refused

MOST_FILES, MOST_BYTES, MOST_RATIO = 2_000, 300 * 1024 * 1024, 200
_AGAIN = "Make the zip again, of the files alone, and send that."


def opened(file: BinaryIO, *, most_files: int = MOST_FILES, most_bytes: int = MOST_BYTES) -> zipfile.ZipFile:
    """The zip ``file``, looked through. Raises Refused for a bomb, a path out of it, a link, a password, or what is no zip."""
    try:
        found = zipfile.ZipFile(file)
        entries = found.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Refused("", "This is not a zip that can be read.", _AGAIN) from None
    files = [entry for entry in entries if not entry.is_dir()]
    if not files:
        raise Refused("", "There is nothing in this zip.", "Choose another one.")
    if len(files) > most_files or sum(entry.file_size for entry in files) > most_bytes:
        raise Refused("", f"At most {most_files:,} files and {most_bytes // 1024**2:,} MB, unpacked.", "Send it in several zips.")
    for entry in files:
        _require_plain(entry)
    if len({entry.filename for entry in files}) != len(files):
        raise Refused("", "Two files in this zip have the same name.", _AGAIN)
    return found


def _require_plain(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\0" in entry.filename or ":" in path.parts[0]:
        raise Refused("", "A file in this zip names a place outside of it.", _AGAIN)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Refused("", "This zip holds a link or a device, and not files alone.", _AGAIN)
    if entry.flag_bits & 0x1:
        raise Refused("", "This zip is locked with a password.", "Make it again without one. What you send is sealed here.")
    if entry.file_size > MOST_RATIO * max(entry.compress_size, 1) and entry.file_size > 1024 * 1024:
        raise Refused("", "A file in this zip unpacks to far more than it is.", _AGAIN)


def content(found: zipfile.ZipFile, name: str, most: int) -> bytes:
    """The bytes of ``name``, however many it claims: never more than ``most``. Raises Refused."""
    try:
        with found.open(name) as file:
            raw = file.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, KeyError):
        raise Refused("", "This file in the zip is damaged.", _AGAIN) from None
    if len(raw) > most:
        raise Refused("", f"This file in the zip is larger than {most // 1024**2} MB.", "Save it smaller.")
    return raw
