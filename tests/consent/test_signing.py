"""Signing, by rule: what holds a signature, what it proves, and what ends it."""

from __future__ import annotations

import dataclasses

import pytest
from django.db import DatabaseError, connection, transaction

from audit import clock
from clients.models import Client
from consent import access, actions, law
from consent.evidence import broken_at
from consent.models import Paper, Request, Signature, Step, Version
from consent.states import state_of
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting

from .papers import CHECK, CONSENT, asked, form_in_force, given, signed_by

QUESTION = "Does my mother see the violet ledger?"


@pytest.fixture
def version(db: None) -> Version:
    return form_in_force()


@pytest.fixture
def request_(cleo: Client, ana: User, portal_cleo: User, version: Version) -> Request:
    return asked(cleo, ana, version)


def fresh(request: Request) -> Request:
    return Request.objects.get(pk=request.pk)


def test_a_signed_consent_covers_sessions_from_now_until_its_renewal(cleo: Client, ana: User, portal_cleo: User, request_: Request) -> None:
    with acting(ana):
        assert not access.covering(cleo, "in_person").exists()
        assert state_of(fresh(request_)).key == "waiting_client"
    signed_by(portal_cleo, request_)
    with acting(ana):
        now = fresh(request_)
        assert state_of(now).key == "active"
        assert access.covering(cleo, "in_person").get() == request_
        assert not access.covering(cleo, "video").exists()
        assert now.until is not None
        assert not access.covering(cleo, "in_person", now.until).exists()  # IC-37: a year, by the practice's own days


def test_what_is_shown_has_the_names_filled_in_as_plain_words(cleo: Client, ana: User, request_: Request) -> None:
    with acting(ana):
        assert "Ana Reyes, LPC\\-A will **listen**" in fresh(request_).shown
        assert "under the supervision of Sofia Lindqvist" in fresh(request_).shown  # IC-11


def test_ic_21_a_question_holds_the_signature_until_it_is_answered(ana: User, portal_cleo: User, request_: Request) -> None:
    with acting(portal_cleo):
        signer = access.own_signers(portal_cleo).get()
        actions.present(signer, by=portal_cleo)
        actions.agree_electronically(signer, by=portal_cleo, shown=list(law.disclosures()), demonstrated="opened the sample")
        question = actions.ask_question(signer, "limits", QUESTION, by=portal_cleo)
        with pytest.raises(Refused) as refused:
            actions.sign(signer, given(request_), by=portal_cleo)
        assert refused.value.rule == "IC-21"
    with acting(ana):
        assert access.open_questions(ana).get().text == QUESTION
        actions.answer(question, "No. Only if you say so in writing.", by=ana)
        assert not access.open_questions(ana).exists()
    with acting(portal_cleo):
        assert actions.sign(access.own_signers(portal_cleo).get(), given(request_), by=portal_cleo)


def test_ic_21_whoever_asked_may_say_that_it_is_settled(portal_cleo: User, request_: Request) -> None:
    with acting(portal_cleo):
        signer = access.own_signers(portal_cleo).get()
        question = actions.ask_question(signer, "limits", QUESTION, by=portal_cleo)
        actions.settle(question, by=portal_cleo)
    assert signed_by(portal_cleo, request_)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"name": "  "}, "ES-1"),
        ({"voluntary": False}, "IC-22"),
        ({"shown": "00" * 32}, "ES-6"),
    ],
)
def test_a_signature_is_refused_by_rule(portal_cleo: User, request_: Request, change: dict[str, object], rule: str) -> None:
    with pytest.raises(Refused) as refused:
        signed_by(portal_cleo, request_, **change)
    assert refused.value.rule == rule
    assert not Signature.objects.exists()


def test_es_2_nobody_signs_on_screen_who_did_not_agree_to(portal_cleo: User, request_: Request) -> None:
    with acting(portal_cleo):
        signer = access.own_signers(portal_cleo).get()
        actions.present(signer, by=portal_cleo)
        with pytest.raises(Refused) as refused:
            actions.sign(signer, given(request_), by=portal_cleo)
        assert refused.value.rule == "ES-2"
        with pytest.raises(Refused) as untold:
            actions.agree_electronically(signer, by=portal_cleo, shown=["paper"], demonstrated="opened")
        assert untold.value.rule == "ES-3"


def test_ic_22_the_understanding_check_is_answered_rightly_and_kept(cleo: Client, ana: User, portal_cleo: User) -> None:
    request = asked(cleo, ana, form_in_force(text=CONSENT + CHECK))
    with pytest.raises(Refused) as refused:
        signed_by(portal_cleo, request, answers={"who-reads": ["Anybody"]})
    assert refused.value.rule == "IC-22"
    signature = signed_by(portal_cleo, request, answers={"who-reads": ["The care team"]})
    with acting(ana):
        kept = Signature.objects.get(pk=signature.pk).understanding
        assert kept == {"answers": {"who-reads": ["The care team"]}, "teach_back": "", "judged_by": "the page"}


def test_attack_48_signing_twice_keeps_the_first_signature(portal_cleo: User, request_: Request) -> None:
    first = signed_by(portal_cleo, request_)
    assert signed_by(portal_cleo, request_, name="Somebody Else") == first
    with acting(portal_cleo):
        assert Signature.objects.get().name == "Cleo Marchetti"


def test_the_steps_are_chained_and_a_change_is_found(ana: User, portal_cleo: User, request_: Request) -> None:
    signed_by(portal_cleo, request_)
    with acting(ana):
        signer = fresh(request_).signers.get()
        assert broken_at(fresh(request_), signer) == 0
        assert broken_at(fresh(request_), None) == 0
        assert [step.what for step in Step.objects.filter(signer=signer)] == [
            "presented",
            "questions_offered",
            "electronic",
            "signed",
            "copy",
        ]
        step = Step.objects.filter(signer=signer, what="signed").get()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE consent_step SET at = now() WHERE id = %s", [step.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["signature", "paper", "step", "signer", "answer", "ending"])
def test_attack_52_evidence_is_never_changed_or_deleted_by_sql_of_the_web_role(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'UPDATE, DELETE')", [f"consent_{table}"])
        assert cursor.fetchone() == (False,)


def test_attack_45_what_was_shown_stays_when_a_newer_version_comes(cleo: Client, ana: User, ada: User, portal_cleo: User) -> None:
    version = form_in_force()
    request = asked(cleo, ana, version)
    signed_by(portal_cleo, request)
    with acting(ada):
        newer = actions.begin_version(version.form, by=ada)
        actions.save_version(
            newer, by=ada, revision=1, title="Consent", text=CONSENT.replace("limits", "borders"), material=True, what_changed="x"
        )
        actions.approve(newer, by=ada)
        actions.put_in_force(newer, by=ada)
    with acting(portal_cleo):
        assert "There are limits, by law." in access.own_requests(portal_cleo).get().shown


def test_withdrawing_needs_no_reason_and_holds_at_once(cleo: Client, ana: User, portal_cleo: User, request_: Request) -> None:
    signed_by(portal_cleo, request_)
    with acting(portal_cleo):
        actions.withdraw(access.own_signers(portal_cleo).get(), by=portal_cleo)
    with acting(ana):
        assert not access.covering(cleo, "in_person").exists()
        assert state_of(fresh(request_)).key == "revoked"
        assert Signature.objects.filter(request=request_).exists()  # past acts stay listed


def test_declining_is_a_state_and_the_reason_is_the_signers(cleo: Client, ana: User, portal_cleo: User, request_: Request) -> None:
    with acting(portal_cleo):
        actions.decline(access.own_signers(portal_cleo).get(), by=portal_cleo, reason="I want to think about it.")
    with acting(ana):
        assert state_of(fresh(request_)).key == "declined"
        assert fresh(request_).ending.reason == "I want to think about it."


def test_strangers_and_other_clients_see_nothing(ben: User, request_: Request, portal_cleo: User, gus: User) -> None:
    signed_by(portal_cleo, request_)
    for stranger in (ben, gus):
        with acting(stranger):
            assert not access.readable_requests(stranger).exists()
            assert not access.own_requests(stranger).exists()
            assert [model.objects.count() for model in (Request, Signature, Paper, Step)] == [0, 0, 0, 0]


def test_the_front_desk_sees_states_and_no_questions(dee: User, portal_cleo: User, request_: Request) -> None:
    with acting(portal_cleo):
        actions.ask_question(access.own_signers(portal_cleo).get(), "limits", QUESTION, by=portal_cleo)
    with acting(dee):
        seen = access.kept_requests(dee).get()
        assert state_of(seen).key == "waiting_client"
        assert not seen.questions.exists()
        assert not access.readable_requests(dee).exists()


def test_gen_9_only_what_is_in_force_can_be_sent(cleo: Client, ana: User, ada: User) -> None:
    version = form_in_force()
    with acting(ada):
        draft = actions.begin_version(version.form, by=ada)
    with pytest.raises(Refused) as refused:
        asked(cleo, ana, draft)
    assert refused.value.rule == "GEN-9"


def test_ic_20_a_form_that_leaves_something_out_is_not_approved(ada: User) -> None:
    version = form_in_force()
    with acting(ada):
        draft = actions.begin_version(version.form, by=ada)
        text = CONSENT.replace(" IC-7", "")
        actions.save_version(draft, by=ada, revision=1, title="Consent", text=text, material=False, what_changed="")
        with pytest.raises(Refused) as refused:
            actions.approve(draft, by=ada)
        assert refused.value.rule == "IC-20"
        assert "confidentiality and its limits" in refused.value.words


def test_gen_9_an_approved_version_is_frozen_in_the_database(ada: User) -> None:
    version = form_in_force()
    with pytest.raises(DatabaseError, match="stands as it is"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(text="Anything goes.")


def test_nobody_is_in_force_by_sql_without_the_signatures(ana: User, request_: Request) -> None:
    with acting(ana), pytest.raises(DatabaseError, match="stands as it is"), transaction.atomic():
        Request.objects.filter(pk=request_.pk).update(active_from=clock.now())


def test_es_6_given_is_what_the_page_showed() -> None:
    fields = {field.name for field in dataclasses.fields(given(Request(shown_hash=b"")))}
    assert {"shown", "voluntary", "method", "name"} <= fields
