"""Attacks on consents by number: half-filled papers, undoing what somebody else signed, and giving more than was agreed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from clients import actions as clients
from clients.models import Client
from consent import access, actions, law
from consent.actions.asking import Named, Sending
from consent.models import Authorization, Request, Signature, Signer
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting

from .papers import CONSENT, asked, form_in_force, given, signed_by
from .portal import QUESTIONNAIRE
from .releases import DOCTOR, release


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signed paper itself is made elsewhere (test_papers)."""
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))


def test_attack_44_no_form_is_completed_with_an_answer_left_empty_or_without_a_signature(
    cleo: Client, ana: User, portal_cleo: User
) -> None:
    request = asked(cleo, ana, form_in_force("questionnaire", text=QUESTIONNAIRE, title="About you"))
    answers = {"why": "The heron came back.", "since": "", "how": "A friend"}
    with acting(portal_cleo):
        signer = access.own_signers(portal_cleo).get()
        actions.present(signer, by=portal_cleo)
        actions.agree_electronically(signer, by=portal_cleo, shown=list(law.disclosures()), demonstrated="opened the sample paper")
        for wrong, rule in (
            ({"answers": {}}, "IC-22"),
            ({"answers": answers | {"why": " \u00a0\n"}}, "IC-22"),
            ({"answers": answers | {"why": ["a list"]}}, "IC-22"),
            ({"answers": answers | {"how": "An owl"}}, "IC-22"),
            ({"answers": answers, "name": "\t"}, "ES-1"),
            ({"answers": answers, "voluntary": False}, "IC-22"),
        ):
            with pytest.raises(Refused) as refused, transaction.atomic():
                actions.sign(signer, given(request, **wrong), by=portal_cleo)
            assert refused.value.rule == rule
        assert not Signature.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():  # nor beside the actions
            Request.objects.filter(pk=request.pk).update(active_from=request.asked_at)
        actions.sign(signer, given(request, answers=answers), by=portal_cleo)
        assert Request.objects.get(pk=request.pk).active_from is not None


def test_attack_51_nobody_else_undoes_what_somebody_signed(
    cleo: Client, ana: User, ben: User, dee: User, ada: User, sofia: User, gus: User, portal_cleo: User
) -> None:
    request = asked(cleo, ana, form_in_force(text=CONSENT))
    signature = signed_by(portal_cleo, request)
    undo: tuple[Callable[[], object], ...] = (
        lambda: Request.objects.filter(pk=request.pk).update(active_from=None),
        lambda: Request.objects.filter(pk=request.pk).update(until=request.asked_at),
        lambda: Request.objects.filter(pk=request.pk).delete(),
        lambda: Signature.objects.filter(pk=signature.pk).delete(),
        lambda: Signature.objects.filter(pk=signature.pk).update(method="passkey"),
        lambda: Signer.objects.filter(request=request).update(capacity="assent"),
    )
    for person in (ana, ben, dee, ada, sofia, gus, portal_cleo):
        for act in undo:
            with acting(person), transaction.atomic():
                try:
                    with transaction.atomic():
                        assert act() in (0, (0, {}))
                except DatabaseError:
                    continue
        if person != portal_cleo:
            with acting(person):
                assert not access.own_signers(person).filter(request=request).exists()  # the door to withdrawing
    with acting(ana):
        with pytest.raises(Refused) as refused:
            actions.cancel(request, by=ana)
        assert refused.value.rule == "AU-6"
        assert access.covering(cleo, "in_person").get() == request
        assert Signature.objects.get(pk=signature.pk).name == "Cleo Marchetti"


def test_attack_53_nothing_beyond_what_a_release_names_rests_on_it(cleo: Client, ana: User, portal_cleo: User) -> None:
    """What else is in a record, of whatever kind, for whatever else, to whomever else, or of another client: each is refused."""
    request = release(cleo, ana)
    signed_by(portal_cleo, request)
    with acting(ana):
        named = Authorization.objects.get(request=request)
        allowed = {
            (information, purpose)
            for information, purpose in (
                *((each, "treatment") for each in law.information()),
                *(("summary", each) for each in Authorization.Purpose.values),
            )
            if access.authorizations_in_force(cleo, recipient=DOCTOR, purpose=purpose, information=information, by=ana).exists()
        }
        assert allowed == {(information, "treatment") for information in named.information}
        for other in (f"{DOCTOR}, PhD", "Dr. Amara", "dr. amara osei's office", "%", ""):
            with pytest.raises(Refused) as refused:
                actions.authorized(cleo, actions.Use(other, "treatment", "summary"), by=ana)
            assert refused.value.rule == "AU-3"


def test_attack_53_a_release_of_one_client_opens_no_record_of_another(cleo: Client, mia: Client, ana: User, portal_cleo: User) -> None:
    signed_by(portal_cleo, release(cleo, ana))
    with acting(ana), pytest.raises(Refused) as refused:
        actions.authorized(mia, actions.Use(DOCTOR, "treatment", "summary"), by=ana)
    assert refused.value.rule == "AU-3"


def test_attack_54_nobody_signs_for_a_minor_who_is_kept_out_or_whose_minor_is_of_age_not_even_in_the_room(mia: Client, ana: User) -> None:
    with acting(ana):
        row = clients.add_representative(mia, by=ana, relation="guardian", name="Gus Aldana", authority="sole custody", since=clock.now())
    far = Sending(reply_by=clock.now() + datetime.timedelta(days=4000))
    request = asked(mia, ana, form_in_force(), Named(mia, Signer.Capacity.GUARDIAN, row), sending=far)
    with acting(ana):
        signer = request.signers.get()
        actions.present(signer, by=ana)
        in_the_room = given(request, name="Gus Aldana", relationship="guardian", method="in_person", witness=ana)
        refusal = clients.refuse_representative(row, by=ana, reason="A reason about the tin whistle.")
        with pytest.raises(Refused) as kept_out:
            actions.sign(signer, in_the_room, by=ana)
        clients.lift_refusal(refusal, by=ana)
        assert request.no_later_than
        with clock.at(request.no_later_than), pytest.raises(Refused) as of_age:
            actions.sign(signer, in_the_room, by=ana)
        assert (kept_out.value.rule, of_age.value.rule) == ("RG-13", "IC-24")
        assert not Signature.objects.exists()
