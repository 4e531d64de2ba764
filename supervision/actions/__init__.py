"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .deidentified import Asked, Settled, begin, end, findings, known_of, marked, settle, share

__all__ = ["Asked", "Settled", "begin", "end", "findings", "known_of", "marked", "settle", "share"]
