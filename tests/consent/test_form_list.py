"""The practice's forms: everybody who works here reads them, admins write, approve and put them in force."""

from __future__ import annotations

import pytest

from clients.models import Client
from consent.models import Form, Packet, Version
from practice.models import User

from .conftest import Ask, Lines, text_of
from .papers import CONSENT, asked, form_in_force, signed_by

pytestmark = pytest.mark.django_db


def test_the_list_shows_state_and_how_many_clients_are_on_which_version(
    ada: User, ana: User, ben: User, cleo: Client, portal_cleo: User, ask: Ask
) -> None:
    version = form_in_force()
    signed_by(portal_cleo, asked(cleo, ana, version))
    for who, number in ((ada, 1), (ana, 1), (ben, 0)):
        body = text_of(ask(who, "form_list"))
        assert "Consent to counseling" in body
        assert f'data-label="Clients with it"><div class="stack tight"><span>{number}</span>' in body
        assert "Marchetti" not in body
    assert "New form" not in text_of(ask(ana, "form_list"))
    body = text_of(ask(ana, "form_detail", pk=version.form_id))
    assert "Approved" in body
    assert "version_edit" not in body
    assert "How wide" in text_of(ask(ana, "version_preview", pk=version.pk))


def test_a_form_is_begun_named_and_taken_out_of_use(ada: User, ana: User, ask: Ask, lines: Lines) -> None:
    page = ask(ada, "form_new", {"title": "House rules", "kind": "own"})
    assert page.status_code == 302
    form = Form.objects.get()
    assert ask(ada, "form_settings", {"title": "Rules of the house", "renewal_months": "6"}, pk=form.pk).status_code == 302
    form.refresh_from_db()
    assert (form.title, form.renewal_months) == ("Rules of the house", 6)
    ask(ada, "form_settings", {"then": "retire"}, pk=form.pk)
    assert "Not sent any more (1)" in text_of(ask(ana, "form_list"))
    assert {line.part for line in lines(actor_id=ada.pk, act="change")} >= {"begin_form", "change_form", "retire_form"}


@pytest.mark.parametrize("data", [{"title": "", "kind": "own"}, {"title": "a\x00b", "kind": "own"}, {"title": "Rules", "kind": "spell"}])
def test_a_form_without_a_name_or_kind_is_not_begun(ada: User, ask: Ask, data: dict[str, str]) -> None:
    page = ask(ada, "form_new", data)
    assert page.status_code == 422
    assert not Form.objects.exists()


def test_a_new_language_begins_with_the_words_in_force(ada: User, ask: Ask) -> None:
    version = form_in_force()
    ask(ada, "version_new", {"language": "es"}, pk=version.form_id)
    draft = Version.objects.get(state="draft")
    assert (draft.language, draft.number, draft.text) == ("es", 1, CONSENT)
    assert ask(ada, "version_new", {"language": "klingon"}, pk=version.form_id).status_code == 302
    assert Version.objects.count() == 2


def test_packets_are_made_ordered_by_buttons_and_emptied(ada: User, ana: User, ask: Ask) -> None:
    forms = [form_in_force(title=title).form for title in ("First paper", "Second paper")]
    ask(ada, "packet_new", {"name": "New adult client", "client_kinds": ["adult"]})
    packet = Packet.objects.get()
    for form in forms:
        ask(ada, "packet_edit", {"then": f"in:{form.pk}"}, pk=packet.pk)
    second = packet.items.last()
    assert second
    ask(ada, "packet_edit", {"then": f"up:{second.pk}"}, pk=packet.pk)
    body = text_of(ask(ana, "packet_list"))
    assert body.index("Second paper") < body.index("First paper")
    assert "No packet is proposed for: minor" in body
    ask(ada, "packet_edit", {"then": f"out:{second.pk}"}, pk=packet.pk)
    assert [item.form.title for item in packet.items.all()] == ["First paper"]
    refused = ask(ada, "packet_edit", {"then": "remove"}, pk=packet.pk)
    assert refused.status_code == 422
    assert "only packet" in text_of(refused)


def test_an_item_of_another_packet_is_not_found(ada: User, ask: Ask) -> None:
    form = form_in_force().form
    ask(ada, "packet_new", {"name": "One"})
    ask(ada, "packet_new", {"name": "Other"})
    one, other = Packet.objects.order_by("name")
    ask(ada, "packet_edit", {"then": f"in:{form.pk}"}, pk=one.pk)
    item = one.items.get()
    assert ask(ada, "packet_edit", {"then": f"out:{item.pk}"}, pk=other.pk).status_code == 404
    assert ask(ada, "packet_edit", {"then": "up:²"}, pk=one.pk).status_code == 404
    assert one.items.count() == 1
