"""Where everybody arrives after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from audit.doors import reads
from practice import access
from practice.models import User


def _portal_home() -> str:
    try:
        return reverse("portal_home")
    except NoReverseMatch:
        return ""


@reads(access.own_account)
def home(request: HttpRequest, person: User) -> HttpResponse:
    """Staff see what needs attention; clients and representatives go to the portal once there is one."""
    portal = "" if person.is_staff_member else _portal_home()
    return HttpResponseRedirect(portal) if portal else render(request, "home.html", {"person": person})
