"""What leaves for a backup is sealed to a key whose other half is not here (age, X25519): this machine can make backups and open none.

Everything streams: 64 KiB at a time are sealed, hashed and written, and nothing plain touches a disk.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyrage
from django.conf import settings

from .refusing import CannotRestore, NotSetUp

PIECE = 1 << 20
AGE = b"age-encryption.org/"
Tell = Callable[[int], None]


class Readable(Protocol):
    """Whatever gives bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes; none at the end."""
        ...


class Writable(Protocol):
    """Whatever takes bytes."""

    def write(self, raw: bytes, /) -> int | None:
        """Take ``raw``."""
        ...

    def flush(self) -> None:
        """See that it got there."""
        ...


@dataclass(frozen=True)
class Piece:
    """A sealed file of a set: its name, how long it is, and its SHA-256."""

    name: str
    bytes: int
    sha256: str


class _Told:
    """Reads on, and tells how much."""

    def __init__(self, source: Readable, tell: Tell) -> None:
        self.source, self.tell = source, tell

    def read(self, size: int = PIECE) -> bytes:
        raw = self.source.read(size)
        self.tell(len(raw))
        return raw


class _Hashed:
    """Writes on, and hashes what it writes."""

    def __init__(self, target: Writable) -> None:
        self.target, self.hash, self.bytes = target, hashlib.sha256(), 0

    def write(self, raw: bytes) -> int:
        self.target.write(raw)
        self.hash.update(raw)
        self.bytes += len(raw)
        return len(raw)

    def flush(self) -> None:
        self.target.flush()


class _Mouth:
    """Writes on, and remembers if that failed: then the reason is not in what was read."""

    def __init__(self, target: Writable) -> None:
        self.target = target
        self.failed: OSError | None = None

    def write(self, raw: bytes) -> int:
        try:
            self.target.write(raw)
        except OSError as error:
            self.failed = error
            raise
        return len(raw)

    def flush(self) -> None:
        self.target.flush()


def recipient() -> str:
    """The public half of the backup's key; raises NotSetUp where there is none."""
    text = str(settings.BACKUP_RECIPIENT)
    if not text and settings.BACKUP_RECIPIENT_KEPT.exists():
        text = settings.BACKUP_RECIPIENT_KEPT.read_text().strip()
    try:
        return str(pyrage.x25519.Recipient.from_str(text))
    except pyrage.RecipientError:
        raise NotSetUp() from None


def seal(source: Readable, path: Path, to: str, tell: Tell = lambda _: None) -> Piece:
    """Seal what ``source`` gives into the new file ``path``, synced to the disk. Raises OSError where either fails."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        hashed = _Hashed(file)
        try:
            pyrage.encrypt_io(_Told(source, tell), hashed, [pyrage.x25519.Recipient.from_str(to)])
        except pyrage.EncryptError as error:
            raise OSError(f"{path.name} could not be written: {error}") from None
        file.flush()
        os.fsync(file.fileno())
    return Piece(path.name, hashed.bytes, hashed.hash.hexdigest())


def opened(path: Path, target: Writable, identity: pyrage.x25519.Identity, tell: Tell = lambda _: None) -> None:
    """Open ``path`` into ``target``, piece by piece; raises CannotRestore where the key is another or a byte was changed,
    OSError where the target takes no more."""
    mouth = _Mouth(target)
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(_Told(file, tell), mouth, [identity])
    except (pyrage.DecryptError, OSError) as error:
        raise mouth.failed or CannotRestore(_why(path, str(error))) from None


def _why(path: Path, said: str) -> str:
    if "No matching keys" in said:
        return f"This key does not open {path.name}: the backup was made for another one."
    return f"{path.name} was changed or is damaged: it does not open to its end. Take another set."


def digest(path: Path, tell: Tell = lambda _: None) -> Piece:
    """The file as it is on the disk."""
    found, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while raw := file.read(PIECE):
            found.update(raw)
            size += len(raw)
            tell(len(raw))
    return Piece(path.name, size, found.hexdigest())


class Lines:
    """Lines as something to read from."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.lines, self.rest = lines, b""

    def read(self, size: int = PIECE) -> bytes:
        """Up to ``size`` bytes of them."""
        while len(self.rest) < size and (line := next(self.lines, b"")):
            self.rest += line
        found, self.rest = self.rest[:size], self.rest[size:]
        return found


# --- the other half -------------------------------------------------------------------------------------------------------


def new_identity(passphrase: str) -> tuple[bytes, str]:
    """A new key: the text of its file, locked by ``passphrase`` if there is one, and its public half."""
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    text = f"# Opens the backups of Sub Rosa. Keep it apart from them.\n# public key: {public}\n{identity}\n".encode()
    return (pyrage.passphrase.encrypt(text, passphrase) if passphrase else text), public


def identity_of(raw: bytes, ask: Callable[[], str]) -> pyrage.x25519.Identity:
    """The key in a file as it was made; ``ask`` gives the passphrase where it is locked. Raises CannotRestore with the reason."""
    try:
        text = pyrage.passphrase.decrypt(raw, ask()) if raw.startswith(AGE) else raw
    except pyrage.DecryptError:
        raise CannotRestore("The passphrase does not open the file of the key.") from None
    lines = [line for line in text.decode(errors="replace").splitlines() if line.startswith("AGE-SECRET-KEY-")]
    try:
        return pyrage.x25519.Identity.from_str(lines[0])
    except (IndexError, pyrage.IdentityError):
        raise CannotRestore("This file holds no key of a backup: it has a line that begins with AGE-SECRET-KEY-1.") from None
