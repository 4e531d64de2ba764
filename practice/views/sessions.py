"""One's own sessions: where one is signed in, and ending any of them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, lists
from practice import access
from practice.actions import sessions
from practice.models import SignedIn, User
from practice.sessions import alive, stored_key


def _here(request: HttpRequest) -> str:
    return stored_key(request.session.session_key or "")


@lists(access.own_sessions)
def signin_list(request: HttpRequest, rows: QuerySet[SignedIn]) -> HttpResponse:
    """Where one is signed in, since when, last seen when."""
    live = list(rows.filter(alive()).order_by("-seen_at"))
    return render(request, "practice/signin_list.html", {"sessions": live, "here": _here(request), "others": len(live) > 1})


@changes(access.own_sessions)
def signin_end(request: HttpRequest, row: SignedIn) -> HttpResponse:
    """End one session. Ending this one signs out."""
    if request.method != "POST":
        return redirect("signin_list")
    this_one = row.pk == _here(request)
    sessions.end(row, by=row.user or User())
    if this_one:
        request.session.flush()
        return redirect("account_login")
    messages.success(request, "That session has ended.")
    return redirect("signin_list")


@changes(access.own_account)
def signin_end_others(request: HttpRequest, person: User) -> HttpResponse:
    """End every session but this one."""
    if request.method == "POST":
        sessions.end_others(person, keep=_here(request), by=person)
        messages.success(request, "You are signed in here only.")
    return redirect("signin_list")
