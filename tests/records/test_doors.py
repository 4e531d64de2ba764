"""What holds for every page of this room."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.test import Client as Browser

from audit.doors import sign_of
from practice.models import User
from records import access
from records.models import Note
from records.urls import urlpatterns
from tests.cast import SECRET, SignIn

from .hands import page, words

RULES = [
    access.readable_sessions, access.changeable_sessions, access.unnoted_sessions, access.readable_once_signed, access.readable_notes,
    access.editable_notes, access.signable_notes, access.amendable_notes, access.unsigned_drafts,
]  # fmt: skip


def test_attack_25_every_route_has_a_rule_and_no_rule_lets_nobody_in(signed: Note, draft: Note) -> None:
    for route in urlpatterns:
        sign = sign_of(route.callback)
        assert sign, route.name
        assert sign.rule, route.name
        assert route.name == route.callback.__name__
    nobody: Any = AnonymousUser()
    assert [rule(nobody).count() for rule in RULES] == [0] * len(RULES)


def test_whoever_is_not_signed_in_is_sent_to_the_door(signed: Note, draft: Note) -> None:
    for name, pk in [("home", None), ("note_detail", signed.pk), ("note_edit", draft.pk), ("session_list", signed.client_id)]:
        answer = Browser().get(page(name, pk))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_attack_87_no_page_is_kept_anywhere(ana: User, signed: Note, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    places = [("home", None), ("session_list", signed.client_id), ("session_detail", signed.session_id)]
    places += [("note_detail", signed.pk), ("addendum_new", signed.pk), ("note_edit", draft.pk), ("note_sign", draft.pk)]
    for name, pk in places:
        answer = browser.get(page(name, pk))
        assert answer["Cache-Control"] == "no-store"
        assert '"historyCacheSize": 0' in words(answer)
    browser.post("/accounts/logout/")
    for name, pk in places:
        answer = browser.get(page(name, pk))
        assert answer.status_code == 302
        assert SECRET not in words(answer)
