"""What every page answers, whoever asks: the methods it takes, and the headers it sends."""

from __future__ import annotations

POST_ONLY = {
    "answers_save", "consent_cancel", "consent_remind", "meeting_save", "tablet_hand_over", "note_save", "own_thread_save",
    "thread_save", "session_outcome", "version_new", "version_save",
}  # fmt: skip  # their views answer GET with 405, to everybody alike
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    **dict.fromkeys(("Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"), "same-origin"),
}
