"""Consultations: told without a name or on a basis, advised on, decided, and then final (SU-2, SU-5, SU-7, SU-8)."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from breaches.models import Incident
from clients.models import Client
from consent import access as consents
from consent import actions as consent
from consent.models import Authorization
from practice.models import Notice, User
from practice.refusals import Refused
from records.models import Note
from supervision import access, actions
from supervision.models import Advice, Consultation, DeidentifiedView, Outcome
from tests.breaches.conftest import Report
from tests.cast import acting
from tests.clients.conftest import Ask, Lines, text_of
from tests.disclosures.releasing import allowed

from .consulting import QUESTION, held, recorded
from .test_views import shared

MARIA = "Maria, born 3/4/1990, asks about the vermilion ladder."


def refused(client: Client | None, by: User, **more: object) -> str:
    with pytest.raises(Refused) as said:
        recorded(client, by, **more)
    return said.value.rule


@pytest.mark.parametrize("more", [{"question": MARIA}, {"told": ["Cleo came on time"]}, {"told": ["She rang from 503 555 0142"]}])
def test_su_2_told_without_a_name_nothing_may_look_like_an_identifier(ana: User, cleo: Client, more: dict[str, object]) -> None:
    assert refused(cleo, ana, **more) == "SU-2"
    assert refused(None, ana, question=MARIA) == "SU-2"


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"basis": ""}, "SU-2"),
        ({"basis": "treatment", "grounds": " "}, "SU-8"),  # without a word why
        ({"basis": "counsel", "relation": "expert", "grounds": "She asked"}, "SU-8"),
        ({"basis": "authorization"}, "SU-8"),
        ({"basis": "supervisor"}, "SU-5"),
        ({"relation": "colleague"}, "SU-2"),
        ({"about": "exception:6a1c1a0e-0000-4000-8000-000000000000"}, "SU-7"),
        ({"about": "exception:x"}, "SU-7"),
    ],
)
def test_su_8_whoever_is_told_who_it_is_stands_on_a_basis(ana: User, cleo: Client, more: dict[str, object], rule: str) -> None:
    assert refused(cleo, ana, **{"question": MARIA, "basis": "counsel", "grounds": "Retained in May"} | more) == rule


def test_su_5_only_who_supervises_this_clients_care_is_told_as_supervisor(ana: User, sofia: User, ben: User, cleo: Client) -> None:
    more = {"relation": "supervisor", "basis": "supervisor", "question": MARIA, "who": ""}
    assert refused(cleo, ana, consultant=ben, **more) == "SU-5"
    assert recorded(cleo, ana, consultant=sofia, **more).identified


def test_su_8_what_the_client_signed_is_asked_anew_for_each_page(cleo: Client, ana: User, portal_cleo: User) -> None:
    request = allowed(cleo, ana, portal_cleo)
    with acting(ana):
        named = Authorization.objects.get(request=request)
        to = named.to_party
    more = {"basis": "authorization", "question": MARIA, "authorization": named}
    assert refused(cleo, ana, **more) == "AU-3"  # signed for somebody else
    row = recorded(cleo, ana, who=to, **more)
    with acting(ana):
        made = actions.make_page(row, days=2, mail="", by=ana)
    with acting(portal_cleo):
        consent.withdraw(consents.own_signers(portal_cleo).get(request=request), by=portal_cleo)
    with acting(ana), pytest.raises(Refused) as said:
        actions.make_page(row, days=2, mail="", by=ana)
    assert said.value.rule == "AU-6"
    assert actions.open_page(made.url.rstrip("/").rsplit("/", 1)[-1], made.words, allowed=True) is None
    assert refused(cleo, ana, who=to, **more) == "SU-8"


def test_su_7_asked_advised_decided_and_then_final(ana: User, sofia: User, ben: User, cleo: Client) -> None:
    row = recorded(cleo, ana)
    with acting(ana):
        with pytest.raises(Refused) as said:
            actions.decide(row, "Wait", "It is early", by=ana)
        assert said.value.rule == "SU-7"
        actions.advise(row, "Wait a week, said she.", by=ana)
        with pytest.raises(Refused):
            actions.decide(row, "Wait", " ", by=ana)
        actions.decide(row, "Wait", "The ladder is far off.", by=ana)
        with pytest.raises(Refused):
            actions.advise(row, "Or not.", by=ana)
        for change in (
            lambda: Outcome.objects.update(version=2),
            lambda: Consultation.objects.filter(pk=row.pk).update(basis="counsel"),
            lambda: Advice.objects.update(version=2),
            lambda: Advice.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
    with acting(sofia):
        assert access.consultations(sofia).get().outcome.rationale == "The ladder is far off."
        assert not access.own_consultations(sofia).exists()
    with acting(ben):
        assert not Consultation.objects.exists()
        assert not Advice.objects.exists()


def test_a_colleague_advises_on_the_page_they_read_and_sees_no_more(
    ana: User, ben: User, sofia: User, cleo: Client, signed: Note, ask: Ask, lines: Lines
) -> None:
    view = shared(ana, ben, cleo, signed)
    assert "Send my advice" in text_of(ask(ben, "view_read", pk=view.pk))
    assert ask(ben, "view_answer", {"text": " "}, pk=view.pk).status_code == 422
    assert ask(sofia, "view_answer", {"text": "Mine"}, pk=view.pk).status_code == 404
    before = Notice.objects.count()
    assert ask(ben, "view_answer", {"text": "Ask her about the kiln."}, pk=view.pk).status_code == 302
    assert "about the kiln" in text_of(ask(ben, "view_read", pk=view.pk))
    assert Notice.objects.count() == before + 1
    assert lines(client_id=cleo.pk, actor_id=ben.pk, part="advised")
    assert "has advised" not in text_of(ask(ben, "home"))
    assert "They have advised you" in text_of(ask(ana, "home"))
    with acting(ben):
        row = Consultation.objects.get()
        assert access.consultations(ben).count() == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Advice.objects.create(consultation=row, client_id=cleo.pk, by=ana)
    page = text_of(ask(ana, "consultation_detail", pk=row.pk))
    assert "in their own words" in page
    assert ask(ana, "consultation_decide", {"decision": "Ask", "rationale": "Ben is right."}, pk=row.pk).status_code == 302
    assert ask(ben, "view_read", pk=view.pk).status_code == 404
    with acting(ben):
        assert not Consultation.objects.exists()
        assert not DeidentifiedView.objects.exists()


def test_on_the_pages_what_was_typed_is_kept_and_strangers_find_nothing(ana: User, ben: User, cleo: Client, ask: Ask) -> None:
    said = {"relation": "lawyer", "who": "Roa, attorney", "held_on": "2026-01-05", "basis": "deidentified", "question": MARIA, "told": ""}
    page = ask(ana, "consultation_new", said, pk=cleo.pk)
    assert (page.status_code, "SU-2" in text_of(page), "vermilion ladder" in text_of(page)) == (422, True, True)
    assert ask(ben, "consultation_new", said, pk=cleo.pk).status_code == 404
    assert ask(ana, "consultation_new", said | {"consultant": "x", "held_on": "\x00"}, pk=cleo.pk).status_code == 422
    assert ask(ana, "consultation_new", said | {"question": QUESTION}, pk=cleo.pk).status_code == 302
    assert "Roa, attorney" in text_of(ask(ana, "consultation_list", pk=cleo.pk))
    with acting(ana):
        row = Consultation.objects.get()
    assert ask(ben, "consultation_detail", pk=row.pk).status_code == 404


def test_about_no_client_who_asked_reads_it_and_of_an_incident_the_officers(
    ana: User, ben: User, ada: User, dee: User, ask: Ask, reported: Report
) -> None:
    free = recorded(None, ana, advice="Wait.")
    incident: Incident = reported()
    mine = recorded(None, ada, about=f"incident:{incident.pk}", advice="Tell them.")
    for user, seen in ((ana, {free.pk}), (ben, set()), (ada, {mine.pk}), (dee, set())):
        with acting(user):
            assert {*Consultation.objects.values_list("pk", flat=True)} == seen
    assert "Roa, attorney" in text_of(ask(ada, "incident_detail", pk=incident.pk))
    assert "Tell them." in text_of(ask(ada, "consultation_detail", pk=mine.pk))
    assert ask(dee, "consultation_mine").status_code == 404
    assert (
        ask(ana, "consultation_free", {"relation": "expert", "who": "Dr. Ito", "held_on": "2026-01-05", "question": QUESTION}).status_code
        == 302
    )
    assert refused(None, ana, about=f"incident:{incident.pk}") == "SU-7"


def test_what_lies_ahead_is_no_consultation(ana: User, cleo: Client) -> None:
    with acting(ana), pytest.raises(Refused):
        actions.record(cleo, held(held_on=clock.today() + datetime.timedelta(days=3)), by=ana)
