"""The product's WSGI application with a second one beside it that has sessions and sign-in alone; and a counter of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import override_settings

from config.wsgi import application as house

Start = Callable[..., Any]
LIGHT = ["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"]

with override_settings(MIDDLEWARE=LIGHT):
    light = WSGIHandler()


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Answer one request; asked by a header, say in another how many statements it took (BEGIN and COMMIT are not counted)."""
    answer = light if environ["PATH_INFO"].startswith("/bench/light/") else house
    if "HTTP_X_BENCH_COUNT" not in environ:
        return answer(environ, start_response)
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [*headers, ("X-Bench-Queries", str(len(asked)))], *more)

    with connection.execute_wrapper(note):
        return answer(environ, start)
