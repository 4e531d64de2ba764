"""Nothing that can be typed into these forms brings a page down."""

from __future__ import annotations

import string
from itertools import product

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.models import Client
from practice.models import User
from tests.cast import SignIn, acting

pytestmark = pytest.mark.django_db

FIELDS = {
    "client_new": (
        "kind",
        "given_name",
        "family_name",
        "preferred_name",
        "born_on",
        "phone",
        "phone_may",
        "mail",
        "emergency_phone",
        "anyway",
    ),
    "client_list": ("words",),
    "client_edit": ("given_name", "family_name", "born_on", "languages", "emergency_name"),
    "client_status": ("status",),
    "client_archive": ("reason",),
    "client_reopen": ("status", "reason"),
    "client_discharge": ("on", "ending", "words", "cancel", "leave"),
    "contact_point_new": ("kind", "address", "label", "may_contact", "safe_to_leave_message"),
    "representative_new": ("relation", "name", "phone", "authority", "since", "until"),
    "client_assign": ("person",),
    "client_deny": ("person", "reason", "confirm"),
    "client_access": ("person", "act", "newer", "older"),
    "unit_join": ("words", "person"),
}
FORM = "application/x-www-form-urlencoded"
BODIES = ((b'{"given_name": ["a"]}', "application/json"), (b"\xff\xfe\x00=\xed\xa0\x80", FORM), (b"given_name=" + b"x" * 3_000_000, FORM))
ANYTHING = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=string.printable + "\x00‮​é́👩", max_size=40),
    st.sampled_from(
        ["", "\x00", "9" * 400, "-1", "1e999", "2026-02-30", "NaN", "null", "[]", "{}", "%s", "'; --", "../..", "‏", "x" * 5000]
    ),
)


@pytest.mark.parametrize("name", FIELDS)
def test_no_text_brings_a_page_down(name: str, ana: User, cleo: Client, browser_of: SignIn) -> None:
    browser = browser_of(ana)

    @settings(max_examples=8, deadline=None)
    @given(data=st.data())
    def send(data: st.DataObject) -> None:
        values = {field: data.draw(st.one_of(ANYTHING, st.lists(ANYTHING, max_size=2))) for field in FIELDS[name]}
        kwargs = {} if name in ("client_new", "client_list") else {"pk": cleo.pk}
        assert browser.post(reverse(name, kwargs=kwargs), values).status_code in (200, 302, 422)

    send()


def test_no_body_brings_a_page_down(ana: User, cleo: Client, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    for name, (body, kind) in product(("client_new", "client_edit", "contact_point_new", "client_list", "client_deny"), BODIES):
        kwargs = {} if name in ("client_new", "client_list") else {"pk": cleo.pk}
        assert browser.post(reverse(name, kwargs=kwargs), body, content_type=kind).status_code in (200, 400, 422)
    with acting(ana):
        assert Client.objects.count() == 1
