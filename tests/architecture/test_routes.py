"""Every route has a door, or stands open with a reason; one word finds its view, its name and its rule."""

from __future__ import annotations

import inspect

import pytest
from django.apps import apps
from django.db.models import FileField
from django.urls import URLPattern

from audit.doors import Sign, sign_of

from .routes import Route, routes
from .source import ROOT

# Pages without a door to an object. A page that gets a door must leave this list, a new one must be entered here.
PUBLIC = {
    "account_login", "account_logout", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "calendar_month", "design", "healthz", "invitation_accept", "mfa_authenticate",
    "mfa_login_webauthn",
    "page_open", "portal_account", "portal_join", "release_fetch",
    "practice_logo", "quick_exit", "signin_again", "signin_here", "tablet_paper", "tablet_sign", "tablet_decline",
}  # fmt: skip

# Rows that are counted: allauth's own, and relations of staff or of a unit that are found through their parent.
COUNTED = {"factor_reset_finish", "mfa_edit_webauthn", "mfa_remove_webauthn", "supervision_end", "unit_leave"}


def _sign(route: Route) -> Sign:
    sign = sign_of(route.view)
    assert sign, f"{route.name} has no door"
    return sign


@pytest.mark.parametrize("route", routes(), ids=str)
def test_attack_25_every_route_has_a_door_or_a_reason(route: Route) -> None:
    """A route without either is refused here, and cannot be reached by a name that has no policy (test_matrix)."""
    assert len(_sign(route).why) > 15
    assert _sign(route).why.endswith(".")


def test_attack_26_the_open_pages_are_exactly_these() -> None:
    assert {route.name for route in routes() if _sign(route).kind == "public"} == PUBLIC


@pytest.mark.parametrize("route", routes(), ids=str)
def test_only_open_pages_are_exempt_from_sign_in(route: Route) -> None:
    assert getattr(route.view, "login_required", True) is (_sign(route).kind != "public")


@pytest.mark.parametrize("route", routes(), ids=str)
def test_one_word_finds_the_view_and_its_name(route: Route) -> None:
    assert route.view.__name__ == route.name
    module = inspect.getmodule(inspect.unwrap(route.view))
    assert module
    assert (ROOT / module.__name__.split(".")[0]).is_dir(), "a view of somebody else's is wrapped in one of ours"


@pytest.mark.parametrize("route", routes(), ids=str)
def test_every_rule_says_who_may_in_a_sentence(route: Route) -> None:
    for rule in (_sign(route).rule, _sign(route).within):
        if rule:
            assert (rule.__doc__ or "").split("\n")[0].endswith("."), rule.__name__


def test_names_and_paths_are_unique() -> None:
    found = routes()
    assert len({route.name for route in found}) == len({route.path for route in found}) == len(found)


@pytest.mark.parametrize("route", routes(), ids=str)
def test_ids_in_paths_are_uuids_but_for_rows_of_others(route: Route) -> None:
    """A counter tells how many clients there are, and is guessed."""
    assert isinstance(route.pattern, URLPattern)
    counted = {name for name, converter in route.pattern.pattern.converters.items() if type(converter).__name__ == "IntConverter"}
    assert not counted or route.name in COUNTED


def test_attack_29_an_export_has_no_number_to_guess() -> None:
    """What leaves is made for the one who asks, at that moment, and lies nowhere: no page hands out a stored export."""
    stored = {field.name for model in apps.get_models() for field in model._meta.get_fields() if isinstance(field, FileField)}
    assert stored == set()
    exporting = [route for route in routes() if _sign(route).kind == "exports"]
    assert exporting
    assert {name for route in exporting for name in route.pattern.pattern.converters} <= {"pk"}  # of the thing, never of the export
    for route in exporting:
        rule = _sign(route).rule
        assert rule
        assert rule.__module__.endswith(".access"), route.name
