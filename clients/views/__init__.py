"""The pages of the staff, one file per noun. Each is a function behind a door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from audit.doors import shown
from clients.access import Rule, kept_instead, together
from clients.models import Client
from practice.models import User


def me(request: HttpRequest) -> User:
    """Who acts, for the actions' ``by``."""
    assert isinstance(request.user, User)
    return request.user


def again(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page of a form: plain when it is opened, 422 when what was sent did not pass; typed text is kept."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def rows_of(request: HttpRequest, client: Client, rule: Rule) -> list[UUID]:
    """The ids of the rows shown as ``client``, of those the reader may open by ``rule`` (ADR 0011); the trail names each of them."""
    found = together(client, rule, request.user)
    shown(found[1:])
    return found


View = Callable[..., HttpResponseBase]


def under_kept(rule: Rule) -> Callable[[View], View]:
    """Under a door: a merged client's page leads to that of the client kept, for whoever may open that one by ``rule`` too.

    What is sent by POST is kept where it was sent.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def led(request: HttpRequest, client: Client, *args: Any, **kwargs: Any) -> HttpResponseBase:
            kept = None if request.method == "POST" else kept_instead(client, rule, request.user)
            if kept is None:
                return view(request, client, *args, **kwargs)
            assert request.resolver_match
            answer = redirect(request.resolver_match.view_name, pk=kept)
            if query := request.META.get("QUERY_STRING"):
                answer["Location"] += f"?{query}"
            return answer

        return led

    return wrap
