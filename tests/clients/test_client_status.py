"""Enquiry, intake, active; and every step there is between these, discharged and archived."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import DatabaseError, transaction

from clients import actions
from clients.models import Client, StatusStep
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting
from vault.fields import Sealed

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db

Status = Client.Status
REASON = "He moved to the coast with the cobalt boat."
STEPS = {  # written by hand, from the words of the product: what is archived was discharged before
    ("enquiry", "intake"), ("enquiry", "active"), ("enquiry", "discharged"),
    ("intake", "enquiry"), ("intake", "active"), ("intake", "discharged"),
    ("active", "intake"), ("active", "discharged"),
    ("discharged", "intake"), ("discharged", "active"), ("discharged", "archived"),
    ("archived", "intake"), ("archived", "active"), ("archived", "discharged"),
}  # fmt: skip


def standing(client: Client, user: User) -> str:
    with acting(user):
        return Client.objects.get(pk=client.pk).status


def test_counselor_and_desk_change_it(ana: User, dee: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    for user, status in ((ana, "active"), (dee, "intake"), (dee, "enquiry")):
        assert ask(user, "client_status", {"status": status}, pk=cleo.pk).status_code == 302
        assert standing(cleo, ana) == status
        assert lines(client_id=cleo.pk, part=f"status_{status}", actor_id=user.pk)


@pytest.mark.parametrize("status", ["", "deleted", "ACTIVE", "active\x00", "x" * 10_000, "discharged", "archived", "intake"])
def test_no_other_status_is_taken_and_none_that_asks_for_a_reason(status: str, ana: User, cleo: Client, ask: Ask) -> None:
    assert ask(ana, "client_status", {"status": status}, pk=cleo.pk).status_code == 422
    assert standing(cleo, ana) == "intake"


def test_every_pair_of_states_is_a_step_or_refused_with_words(ana: User, cleo: Client) -> None:
    with acting(ana):
        for was, to in product(Status.values, repeat=2):
            cleo.status = was
            if (was, to) in STEPS:
                actions.change_status(cleo, to, by=ana, reason=REASON)
                assert cleo.status == to
                continue
            with pytest.raises(Refused) as refusal:
                actions.change_status(cleo, to, by=ana, reason=REASON)
            assert cleo.status == was
            assert refusal.value.words
            assert refusal.value.todo


def test_a_step_is_sealed_final_and_the_care_teams_to_read(ana: User, sofia: User, ben: User, dee: User, ada: User, cleo: Client) -> None:
    with acting(ana):
        actions.change_status(cleo, "discharged", by=ana, reason=REASON)
    for user, sees in ((ana, 1), (sofia, 1), (ben, 0), (dee, 0), (ada, 0)):
        with acting(user):
            assert StatusStep.objects.count() == sees, user
    with acting(sofia):
        step = StatusStep.objects.get()
        assert isinstance(step.__dict__["reason"], Sealed)
        assert (step.was, step.became, step.reason, step.taken_by_id) == ("intake", "discharged", REASON, ana.pk)
    for change in (lambda: StatusStep.objects.update(left_open=9), lambda: StatusStep.objects.all().delete()):
        with pytest.raises(DatabaseError), acting(ana), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), acting(sofia), transaction.atomic():  # the supervisor reads
        StatusStep(client=cleo, was="intake", became="archived", on="2026-01-01", reason="x", taken_by=sofia).save(force_insert=True)


def test_an_ended_client_is_said_to_be_reopened_by_the_counselor(ana: User, dee: User, cleo: Client, ask: Ask) -> None:
    with acting(ana):
        actions.change_status(cleo, "discharged", by=ana, reason=REASON)
    assert "Reopen them to go on" in text_of(ask(ana, "client_status", pk=cleo.pk))
    desk = text_of(ask(dee, "client_status", pk=cleo.pk))
    assert "Their counselor can reopen them." in desk
    assert "cobalt" not in desk
    assert ask(dee, "client_status", {"status": "active"}, pk=cleo.pk).status_code == 422
