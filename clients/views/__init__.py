"""The pages of the staff, one file per noun. Each is a function behind a door."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from practice.models import User


def me(request: HttpRequest) -> User:
    """Who acts, for the actions' ``by``."""
    assert isinstance(request.user, User)
    return request.user


def again(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page of a form: plain when it is opened, 422 when what was sent did not pass; typed text is kept."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)
