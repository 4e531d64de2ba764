"""Asking pages as somebody of the cast, and reading what the trail says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from audit.models import Event
from clients import actions
from clients.access import live_grants
from clients.models import Client, Codename
from practice.models import User
from tests.cast import SignIn, acting

Ask = Callable[..., HttpResponse]
Lines = Callable[..., list[Event]]


@pytest.fixture
def ask(browser_of: SignIn) -> Ask:
    """``ask(user, url name, data?, **url kwargs)``: GET, or POST where there is data."""
    browsers: dict[Any, Any] = {}

    def ask(user: User, name: str, data: dict[str, Any] | None = None, query: str = "", **kwargs: Any) -> HttpResponse:
        if user.pk not in browsers:
            browsers[user.pk] = browser_of(user)
        url = reverse(name, kwargs=kwargs) + query
        return browsers[user.pk].get(url) if data is None else browsers[user.pk].post(url, data)

    return ask


@pytest.fixture
def lines(ada: User) -> Lines:
    """Lines of the trail, newest first, as the privacy officer may read them."""

    def lines(**conditions: Any) -> list[Event]:
        with acting(ada):
            return list(Event.objects.filter(**conditions).order_by("-id"))

    return lines


def grant_of(client: Client, user: User, codename: Codename = Codename.COUNSEL) -> Any:
    """The live grant of ``user``, read by that user."""
    with acting(user):
        return live_grants([codename]).filter(content_object=client.pk, user=user).select_related("user", "permission").get()


@pytest.fixture
def former(lena: User, ana: User, cleo: Client) -> User:
    """Lena, who counseled Cleo beside Ana until a moment ago."""
    with acting(ana):
        actions.assign(cleo, lena, by=ana)
    with acting(ana):
        actions.end_grant(live_grants([Codename.COUNSEL]).filter(content_object=cleo.pk, user=lena).get(), by=ana)
    return lena


@pytest.fixture
def couple(ana: User, cleo: Client, bens_client: Client) -> Client:
    """A couple that Ana counsels: Cleo, and Bruno, whose own record is Ben's."""
    with acting(ana):
        unit = actions.take_in(by=ana, counselor=ana, kind="couple", given_name="Cleo and Bruno", family_name="Marchetti")
        actions.join_unit(unit, cleo, by=ana)
        actions.join_unit(unit, bens_client, by=ana)
    return unit


def text_of(response: HttpResponse) -> str:
    """The page's text."""
    return response.content.decode()
