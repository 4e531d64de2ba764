"""Links to a release: words told another way, an end, a count; asked anew at each fetch, for their sender (attacks 16, 18, 49, 82)."""

from __future__ import annotations

import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from audit import clock
from audit.models import Act, Event
from clients import actions as clients
from clients.access import live_grants
from clients.models import Client
from consent import access as consents
from consent import actions as consent
from consent.models import Request
from disclosures import access, actions
from disclosures.actions import sending
from disclosures.models import Disclosure, Sending
from practice.models import Notice, User
from records import actions as records
from records.models import Note
from tests.cast import SECRET, acting
from tests.records.uploads import keep

from .releasing import allowed, begun, packed, record_of


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))
    monkeypatch.setattr("disclosures.packing.pdf.press", lambda name, data: b"%PDF quick")


@pytest.fixture
def paper(cleo: Client, ana: User, portal_cleo: User) -> Request:
    return allowed(cleo, ana, portal_cleo)


@pytest.fixture
def linked(cleo: Client, ana: User, paper: Request, signed: Note) -> actions.Linked:
    """A link that can be fetched twice, mailed."""
    row = begun(cleo, ana, paper)
    packed(row, ana, notes=[str(signed.pk)])
    with acting(ana):
        return actions.send_link(row, days=3, most=2, mail="osei@clinic.test", by=ana)


def secret(linked: actions.Linked) -> str:
    return linked.url.rstrip("/").rsplit("/", 1)[-1]


def fetched(linked: actions.Linked, words: str | None = None) -> bytes | None:
    return actions.fetch(secret(linked), linked.words if words is None else words, allowed=True)


def entries(ana: User) -> int:
    with acting(ana):
        return Disclosure.objects.count()


def test_it_is_accounted_for_when_it_is_fetched_and_no_sooner(linked: actions.Linked, ana: User) -> None:
    assert entries(ana) == 0
    bundle = fetched(linked)
    assert bundle
    assert SECRET in str(record_of(bundle))
    assert entries(ana) == 1
    assert fetched(linked) == bundle  # to the byte
    assert entries(ana) == 1
    assert fetched(linked) is None  # twice is all
    with acting(ana):
        assert Event.objects.filter(act=Act.EXPORT, part="release_fetch", role="system:release").count() == 2


def test_the_mail_says_nothing_of_anybody_and_the_words_are_in_none(linked: actions.Linked, ana: User) -> None:
    with acting(ana):
        mail = Notice.objects.get(kind="release")
        assert linked.url in mail.body
        for words in (linked.words, "Cleo", "Marchetti", "counsel", "Osei"):
            assert words.lower() not in f"{mail.subject} {mail.body}".lower()


def test_attack_82_wrong_words_and_no_link_look_the_same_and_five_close_it(linked: actions.Linked, ana: User) -> None:
    for _ in range(5):
        assert fetched(linked, "cedar cedar cedar") is None
    assert fetched(linked) is None
    assert actions.fetch("never-was", linked.words, allowed=True) is None
    assert entries(ana) == 0


def test_attack_49_what_was_taken_back_between_sending_and_fetching_cannot_be_fetched(
    linked: actions.Linked, paper: Request, ana: User, portal_cleo: User
) -> None:
    with acting(portal_cleo):
        consent.withdraw(consents.own_signers(portal_cleo).get(request=paper), by=portal_cleo)
    assert fetched(linked) is None
    assert entries(ana) == 0


def test_attack_16_and_18_a_link_ends_with_the_grant_and_the_work_of_whoever_sent_it(
    linked: actions.Linked, cleo: Client, ana: User, ben: User
) -> None:
    assert fetched(linked)
    User.objects.filter(pk=ana.pk).update(leaves_at=clock.now() - datetime.timedelta(minutes=1))
    assert fetched(linked) is None
    User.objects.filter(pk=ana.pk).update(leaves_at=None)
    with acting(ana):
        clients.assign(cleo, ben, by=ana)
    with acting(ana):
        clients.end_grant(live_grants(["counsel"]).filter(content_object=cleo.pk, user=ana).get(), by=ana)
    assert fetched(linked) is None


def test_it_ends_with_its_day_and_by_hand(linked: actions.Linked, ana: User) -> None:
    with clock.at(clock.now() + datetime.timedelta(days=4)):
        assert fetched(linked) is None
    with acting(ana):
        actions.stop_link(Sending.objects.get(), by=ana)
    assert fetched(linked) is None


def test_attack_82_behind_a_link_stands_its_sending_until_its_day_its_last_fetch_or_its_last_try(linked: actions.Linked, ana: User) -> None:
    def stands(later: datetime.timedelta = datetime.timedelta()) -> bool:
        with clock.at(clock.now() + later), acting(ana):
            return access.fetchable(ana, sending._hash(secret(linked))).exists()

    assert fetched(linked)
    assert stands()
    assert not stands(later=datetime.timedelta(days=3, minutes=1))
    for over in ({"taken": 2}, {"tries": 5}):
        with acting(ana):
            Sending.objects.update(**{"taken": 1, "tries": 4} | over)
        assert not stands()
        with acting(ana):
            Sending.objects.update(taken=1, tries=4)
        assert stands()


def test_attack_82_no_link_is_nobodys(linked: actions.Linked, ana: User, ben: User) -> None:
    assert access.sender_of(sending._hash(secret(linked))) == ana
    assert access.sender_of(sending._hash("never-was")) is None


def test_what_was_packed_leaves_though_the_record_has_changed_since(cleo: Client, ana: User, signed: Note) -> None:
    letter = keep(ana, cleo, name="letter.txt", title="A letter")
    row = begun(cleo, ana, basis="treatment", authorization=None, recipient="The Quince Clinic", purpose="Her care")
    packed(row, ana, notes=[str(signed.pk)], documents=[str(letter.pk)])
    with acting(ana):
        sent = actions.send_link(row, days=1, most=1, mail="", by=ana)
        records.remove_document(letter, by=ana, reason="It was another client's.")
    assert fetched(sent)
    with acting(ana):
        assert "1 document" in Disclosure.objects.get().description


def test_the_page_asks_for_the_words_and_gives_the_bundle(linked: actions.Linked) -> None:
    browser: Any = Browser()
    url = reverse("release_fetch", args=[secret(linked)])
    page = browser.get(url)
    assert page.status_code == 200
    assert not re.search("Cleo|Osei|Marchetti", page.content.decode())
    assert browser.post(url, {"words": "cedar cedar cedar"}).status_code == 422
    answer = browser.post(url, {"words": linked.words})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"] == 'attachment; filename="release.zip"'
    assert SECRET in str(record_of(answer.content))
