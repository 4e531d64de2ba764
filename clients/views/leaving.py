"""Leaving the portal quickly: signed out at once, and a page that says nothing of where one was."""

from __future__ import annotations

import calendar

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import clock
from audit.doors import public


@public("A way out for somebody who is watched: it ends the session and shows nothing of anybody.")
def quick_exit(request: HttpRequest) -> HttpResponse:
    """A link, so that it works without JavaScript; from another site it leads away and signs nobody out."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin":
        logout(request)
    return redirect(settings.QUICK_EXIT_URL or "calendar_month")


@public("A calendar of this month: whoever left quickly looks at it.")
def calendar_month(request: HttpRequest) -> HttpResponse:
    """Today, in a month of days."""
    today = clock.today()
    weeks = calendar.Calendar(firstweekday=6).monthdayscalendar(today.year, today.month)
    return render(request, "clients/calendar_month.html", {"today": today, "weeks": weeks})
