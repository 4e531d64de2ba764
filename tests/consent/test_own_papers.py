"""The notice and the policy are always within reach of a client (NPP-4)."""

from __future__ import annotations

from django.urls import reverse

from clients.models import Client
from consent.models import Form, NoticeDelivery
from practice.models import User
from tests.cast import SignIn, acting

from .papers import asked, form_in_force


def test_npp_4_every_page_of_the_portal_links_both(portal_cleo: User, ana: User, browser_of: SignIn) -> None:
    foot = browser_of(portal_cleo).get(reverse("portal_home")).content.decode().split("<footer")[1]
    assert reverse("privacy_notice") in foot
    assert reverse("confidentiality_policy") in foot
    assert reverse("privacy_notice") not in browser_of(ana).get("/").content.decode()


def test_npp_1_opening_the_notice_is_noted_as_its_delivery_once(cleo: Client, ana: User, portal_cleo: User, browser_of: SignIn) -> None:
    asked(cleo, ana, form_in_force())
    form_in_force(Form.Kind.NOTICE, text="## Your rights {#rights}\nYou may ask for a copy.", title="Notice of privacy practices")
    browser, url = browser_of(portal_cleo), reverse("privacy_notice")
    assert "You may ask for a copy." not in browser.get(url).content.decode()
    for _ in range(2):
        assert browser.post(url).status_code == 302
    assert "You may ask for a copy." in browser.get(url).content.decode()
    with acting(ana):
        row = NoticeDelivery.objects.get()
        assert (row.client_id, row.status, row.method, row.recorded_by_id) == (cleo.pk, "delivered", "portal", portal_cleo.pk)


def test_who_was_asked_nothing_yet_reads_the_notice_all_the_same(portal_cleo: User, browser_of: SignIn) -> None:
    form_in_force(Form.Kind.NOTICE, text="## Your rights {#rights}\nYou may ask for a copy.")
    assert "You may ask for a copy." in browser_of(portal_cleo).get(reverse("privacy_notice")).content.decode()


def test_the_policy_in_force_is_read_with_the_practices_name(portal_cleo: User, browser_of: SignIn) -> None:
    browser, url = browser_of(portal_cleo), reverse("confidentiality_policy")
    assert "Not here yet" in browser.get(url).content.decode()
    form_in_force(Form.Kind.POLICY, text="## Purpose {#purpose}\n[[practice]] keeps what you say.")
    assert "The practice keeps what you say." in browser.get(url).content.decode()
