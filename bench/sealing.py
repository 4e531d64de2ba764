"""`python -m bench.sealing`: sealing 4 KB against bare AES-GCM, in turns, in one process. Prints two medians in µs."""

from __future__ import annotations

import os
import sys
import time
import timeit
import uuid
from collections.abc import Callable
from statistics import median

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault import blob, gate

TEXT = os.urandom(4092)  # with its length in front, 4096 bytes
ROUNDS, EACH = 60, 500


def _taken(what: Callable[[], bytes]) -> float:
    return timeit.timeit(what, number=EACH, timer=time.process_time)


def measured() -> tuple[float, float]:
    """µs for sealing one value, and for AES-256-GCM itself on as many bytes, with a fresh nonce and the same bound data."""
    key, ident, place = os.urandom(32), uuid.uuid4(), f"{uuid.uuid4()}|record|None|records.note.content|{uuid.uuid4()}|1"
    cipher, body, bound = AESGCM(key), b"\0" * 4096, bytes(17) + place.encode()
    ours, bare = [], []
    for _ in range(ROUNDS):
        with gate.open_by(gate.Opening()):
            ours.append(_taken(lambda: blob.seal(TEXT, data_key=key, key_id=ident, label="records.note.content", place=place)))
        bare.append(_taken(lambda: cipher.encrypt(os.urandom(12), body, bound)))
    return 1e6 * median(ours) / EACH, 1e6 * median(bare) / EACH


if __name__ == "__main__":
    sys.stdout.write("{:.3f} {:.3f}".format(*measured()))
