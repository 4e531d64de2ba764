"""Deliberately broken: a web that says "saved" and saves afterwards. The checker must see what a kill then takes away."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections

from config.wsgi import application as honest

LATER = 0.5


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a save at once; do it a moment later."""
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] != "POST" or not path.startswith(("/notes/", "/messages/", "/clients/")):
        return honest(environ, start)
    body = environ["wsgi.input"].read()
    kept = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}

    def save() -> None:
        time.sleep(LATER)
        try:
            list(honest(kept, lambda *told: None))
        finally:
            connections.close_all()  # they are this thread's, and end with it

    threading.Thread(target=save).start()
    start("200 OK" if path.endswith("/save/") else "302 Found", [("Location", "/"), ("Content-Type", "text/plain")])
    return [b"{}"]
