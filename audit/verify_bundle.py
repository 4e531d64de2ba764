"""Checks an exported bundle of the trail, on any machine: this one file, Python 3.11 or newer and the package ``cryptography``.

    python verify_bundle.py BUNDLE [--key FINGERPRINT] [--checkpoint NUMBER:HASH]

A line of the trail is hashed as it stands in the bundle (SHA-256). The hashes of the lines between two seals, in the order of their
numbers, are hashed together; a seal carries that hash, the hash of the seal before it, and an Ed25519 signature over all of it. No
secret is needed to check any of this. The house seals and verifies with these same functions (audit/sealing.py, audit/checking.py).

Of lines about others a bundle may hold number and hash alone, and no lines of seals under which nothing is told ("veiled"): that what is
told was sealed so still shows; that nothing was left out does not.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VERSION = 1
COLUMNS = ("id", "at", "act", "actor_id", "role", "what", "what_id", "client_id", "part", "purpose", "request_id", "session", "address")
SIGNED = ("version", "number", "at", "after", "upto", "lines", "digest", "previous", "key")  # what the signature covers
NOTHING = "0" * 64  # what the first seal names as the one before it
MARK = 8  # bytes kept of each line's hash beside a seal, to name the line that does not fit

Record = dict[str, Any]  # a seal: SIGNED, then "mac", "signature" and "farewell"


def leaf(line: bytes) -> bytes:
    """The hash of one line, its newline included. A line begins with a digit or a sign, so no line is hashed like a seal's list."""
    return hashlib.sha256(line).digest()


def veil(line: bytes) -> bytes:
    """What stands in the place of ``line`` where it is not told: its number and its hash. No line has two columns."""
    return line.split(b"\t", 1)[0] + b"\t" + leaf(line).hex().encode() + b"\n"


def unveil(line: bytes) -> tuple[bytes, bool]:
    """The hash of a line of a bundle, and whether it is not told. Raises ValueError where it is neither a line nor a hash."""
    columns = line.rstrip(b"\n").split(b"\t")
    return (bytes.fromhex(columns[1].decode("ascii")), True) if len(columns) == 2 else (leaf(line), False)


def digest(leaves: Iterable[bytes]) -> str:
    """The hash over the hashes of lines, in their order."""
    return hashlib.sha256(b"\x01" + b"".join(leaves)).hexdigest()


def body(seal: Record) -> bytes:
    """What is signed of ``seal``: the same bytes whoever writes them."""
    return json.dumps({name: seal[name] for name in SIGNED}, sort_keys=True, separators=(",", ":")).encode("ascii")


def identity(seal: Record) -> str:
    """The hash that the next seal, an anchor or a mail names ``seal`` by: its body and everything said about it."""
    whole = {name: seal[name] for name in (*SIGNED, "mac", "signature", "farewell")}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def fingerprint(key: str) -> str:
    """The short name of a public key (base64): what mails and pages show."""
    return hashlib.sha256(base64.b64decode(key)).hexdigest()[:16]


def is_signed(text: bytes, signature: str, key: str) -> bool:
    """Whether ``signature`` (base64) is that of the public ``key`` (base64) over ``text``."""
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(base64.b64decode(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True


def faults(seal: Record, before: Record | None) -> list[str]:
    """What does not hold about ``seal`` itself and its place after ``before`` (None: nothing is known before it)."""
    try:
        found = [] if is_signed(body(seal) + seal["mac"].encode(), seal["signature"], seal["key"]) else ["the signature does not hold"]
        return found + (_misplaced(seal, before) if before else [])
    except (KeyError, TypeError, AttributeError, ValueError):
        return ["it is not a seal"]


def _misplaced(seal: Record, before: Record) -> list[str]:
    found = []
    if seal["number"] != before["number"] + 1 or seal["after"] != before["upto"]:
        found.append(f"it does not follow seal {before['number']}: seals are missing or were moved")
    if seal["previous"] != identity(before):
        found.append(f"it names another seal {before['number']} than the one that is here")
    if seal["key"] != before["key"] and not is_signed(body(seal), seal["farewell"], before["key"]):
        found.append("the key is another one, and the key before it does not vouch for that")
    return found


@dataclass
class Result:
    """What a check of a bundle found."""

    seals: int = 0
    lines: int = 0
    veiled: int = 0  # lines of which only the hash is here
    untold: int = 0  # seals of which no line is here
    last: Record | None = None
    keys: set[str] = field(default_factory=set)
    known: dict[int, str] = field(default_factory=dict)  # number of each seal: the hash that names it
    faults: list[str] = field(default_factory=list)


def _seals(place: Path) -> Iterator[Record]:
    for path in sorted(place.glob("seals-*.jsonl")):
        with path.open(encoding="ascii") as file:
            yield from (json.loads(line) for line in file)


def _lines(place: Path) -> Iterator[tuple[int, bytes]]:
    for path in sorted(place.glob("lines-*.tsv")):
        with path.open("rb") as file:
            yield from ((int(line.split(b"\t", 1)[0]), line) for line in file)


def check(place: Path) -> Result:
    """Check every seal and line of the bundle in the folder ``place``. Raises ValueError and OSError where it is no bundle."""
    result, lines = Result(), _lines(place)
    waiting = next(lines, None)
    for seal in _seals(place):
        leaves = []
        while waiting and waiting[0] <= seal["upto"]:
            found, veiled = unveil(waiting[1])
            leaves.append(found)
            result.veiled += veiled
            waiting = next(lines, None)
        _take(result, seal, leaves)
    if waiting:
        result.faults.append(f"line {waiting[0]} and what follows is under no seal of this bundle")
    return result


def _take(result: Result, seal: Record, leaves: list[bytes]) -> None:
    """Check one seal against the lines that stand under it."""
    found = faults(seal, result.last)
    if seal.get("veiled") is True and not leaves:
        result.untold += 1
    elif (len(leaves), digest(leaves)) != (seal["lines"], seal["digest"]):
        found.append(f"of its {seal['lines']} lines ({seal['after'] + 1} to {seal['upto']}) one or more were changed, removed or added")
    result.faults += [f"seal {seal['number']}: {fault}" for fault in found]
    result.seals, result.lines, result.last = result.seals + 1, result.lines + len(leaves), seal
    result.keys.add(fingerprint(seal["key"]))
    result.known[seal["number"]] = identity(seal)


def expectations(result: Result, key: str, checkpoints: list[str]) -> list[str]:
    """What the holder knows from elsewhere (a mail, a colleague's note) and the bundle does not bear out."""
    found = [f"no seal here is made with the key {key}"] if key and key not in result.keys else []
    for checkpoint in checkpoints:
        number, _, known = checkpoint.partition(":")
        if not number.isdigit() or result.known.get(int(number)) != known:
            found.append(f"checkpoint {checkpoint} is not that of this bundle")
    return found


def main(arguments: list[str]) -> int:
    """Check the bundle named on the command line; 0 where everything holds, 1 where not, 2 where there is nothing to check."""
    parser = argparse.ArgumentParser(description="Checks an exported bundle of the trail.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", default="", help="the fingerprint of the key, as you were told it")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="NUMBER:HASH", help="a checkpoint, as you were mailed it")
    given = parser.parse_args(arguments)
    try:
        result = check(given.bundle)
    except (ValueError, KeyError, TypeError, OSError) as error:
        sys.stdout.write(f"This is no bundle of a trail: {error}\n")
        return 2
    if not result.last:
        sys.stdout.write("There is no seal in this folder.\n")
        return 2
    wrong = result.faults + expectations(result, given.key, given.checkpoint)
    sys.stdout.write(f"{result.seals} seals, {result.lines} lines, up to {result.last['at']}. Keys: {', '.join(sorted(result.keys))}.\n")
    if result.veiled or result.untold:
        told = result.lines - result.veiled
        sys.stdout.write(f"A part: {told} lines are told, {result.veiled} are here as hashes alone, {result.untold} seals without lines.\n")
        sys.stdout.write("What is told was sealed so. Whether more could have been told, this bundle cannot say.\n")
    sys.stdout.write("".join(f"DOES NOT HOLD: {fault}\n" for fault in wrong) or "Everything holds.\n")
    if not given.key and not given.checkpoint:
        sys.stdout.write("Compare the key with one you were told by other means (--key): a signature says who only if the key is theirs.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
