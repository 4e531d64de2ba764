"""Containing: acts on accounts, tasks for the rest, and what a review escalated."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from breaches import access, actions
from breaches.models import Affected, Entry, Incident, Suspect, Task
from clients import actions as clients
from clients.access import kept_invitations
from clients.models import Client, PortalInvitation
from practice.models import Notice, Practice, SignedIn, User
from practice.refusals import Refused
from tests.cast import acting
from tests.clients.conftest import Ask, Lines, text_of

from .conftest import Report


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("practice.factors.is_fresh", lambda request: True)


def test_br_17_one_press_ends_every_sign_in_and_the_timeline_says_so(reported: Report, ada: User, ben: User, ask: Ask) -> None:
    row = reported(suspects=[ben])
    ask(ben, "shortcuts")
    assert SignedIn.objects.filter(user=ben).exists()
    assert f'value="{ben.pk}" selected' in text_of(ask(ada, "incident_contain", pk=row.pk))  # who may be the cause stands first
    assert ask(ada, "incident_contain", {"person": str(ben.pk), "act": "sessions"}, pk=row.pk).status_code == 302
    assert not SignedIn.objects.filter(user=ben).exists()
    assert "Ended 1 sign-in of Ben Okafor." in text_of(ask(ada, "incident_detail", pk=row.pk))


def test_br_17_each_act_does_what_it_says(reported: Report, ada: User, ben: User, ask: Ask) -> None:
    row = reported()
    for act, holds in (("suspend", False), ("resume", True), ("lock", True), ("invitations", True)):
        assert ask(ada, "incident_contain", {"person": str(ben.pk), "act": act}, pk=row.pk).status_code == 302
        now = User.objects.get(pk=ben.pk)
        assert (now.is_active, now.has_usable_password()) == (holds, act not in ("lock", "invitations"))
    with acting(ada):
        assert Notice.objects.filter(kind="reset").count() == 1
        assert access.entries(row).filter(kind="done").count() == 4
    both = {"person": str(ben.pk), "code": "amber-heron-1", "act": "suspend"}
    for given in ({"act": "suspend"}, both, {"code": "no-such-code", "act": "suspend"}, {"person": str(ada.pk), "act": "suspend"}):
        assert ask(ada, "incident_contain", given, pk=row.pk).status_code == 422
    assert User.objects.get(pk=ada.pk).is_active


def test_br_17_the_portal_accounts_of_a_client_are_found_by_code_and_named_by_it(
    reported: Report, ada: User, portal_cleo: User, cleo: Client, ask: Ask
) -> None:
    row = reported()
    assert ask(ada, "incident_contain", {"code": cleo.code, "act": "suspend"}, pk=row.pk).status_code == 302
    assert User.objects.get(pk=portal_cleo.pk).has_left
    page = text_of(ask(ada, "incident_detail", pk=row.pk))
    assert f"a portal account of {cleo.code}" in page
    assert "Marchetti" not in page


def test_br_17_open_invitations_to_the_portal_are_withdrawn_by_sender_or_client_and_nothing_of_them_is_shown(
    reported: Report, ada: User, ana: User, cleo: Client, mia: Client, lines: Lines, ask: Ask
) -> None:
    row = reported()
    with acting(ana):
        sent = [clients.invite_to_portal(client, by=ana).invitation for client in (cleo, mia)]
    assert ask(ada, "incident_contain", {"code": cleo.code, "act": "portal"}, pk=row.pk).status_code == 302
    with acting(ana):
        assert [each.state for each in kept_invitations(ana)].count("withdrawn") == 1
    assert ask(ada, "incident_contain", {"person": str(ana.pk), "act": "portal"}, pk=row.pk).status_code == 302
    assert ask(ada, "incident_contain", {"code": "no-such-code", "act": "portal"}, pk=row.pk).status_code == 422
    with acting(ana):
        assert {each.state for each in kept_invitations(ana)} == {"withdrawn"}
    with acting(ada):
        words = [entry.words for entry in access.entries(row).filter(kind="done")]
    assert words[0].startswith(f"Withdrew 1 invitation to the portal of {cleo.code}")
    assert words[1].startswith("Withdrew 1 invitation to the portal sent by Ana Reyes")
    assert {line.what_id for line in lines(part="withdraw_portal_invitation")} == {each.pk for each in sent}


def test_invitations_are_not_there_for_an_admin_without_an_incident(ada: User, ana: User, ben: User, cleo: Client) -> None:
    with acting(ana):
        clients.invite_to_portal(cleo, by=ana)
    for nobody in (ada, ben):
        with acting(nobody):
            assert not access.ended_invitations(nobody).exists()
            assert not PortalInvitation.objects.exists()


def test_what_no_page_can_do_is_a_task_that_names_the_command(reported: Report, ada: User, ask: Ask) -> None:
    page = text_of(ask(ada, "task_new", pk=reported().pk, query="?guide=keys"))
    assert "manage.py vault rotate-client CODE" in page
    assert 'name="owner"' in page


def test_a_drill_touches_no_account_and_mails_nobody(reported: Report, ada: User, ben: User, ask: Ask) -> None:
    row = reported(drill=True)
    assert ask(ada, "incident_contain", {"person": str(ben.pk), "act": "suspend"}, pk=row.pk).status_code == 302
    assert User.objects.get(pk=ben.pk).is_active
    with acting(ada):
        assert "Rehearsed" in Entry.objects.get(kind="done").words
        assert row.number.startswith("D-")
    assert "This is a drill" in text_of(ask(ada, "incident_detail", pk=row.pk))


# --- tasks ---


def test_whoever_is_given_a_task_reads_it_and_nothing_else(reported: Report, ada: User, ben: User, ana: User, ask: Ask) -> None:
    row = reported()
    given = {"words": "Fetch the teal folder.", "owner": str(ben.pk), "due_on": f"{clock.today()}"}
    assert ask(ada, "task_new", given | {"due_on": "2001-01-01"}, pk=row.pk).status_code == 422
    assert ask(ada, "task_new", given, pk=row.pk).status_code == 302
    with acting(ben):
        task = access.own_tasks(ben).get()
        assert task.words == "Fetch the teal folder."
    with acting(ana):
        assert not access.own_tasks(ana).exists()
    assert "compass" not in text_of(ask(ben, "task_done", pk=task.pk))
    with acting(ada):
        assert {notice.to for notice in Notice.objects.filter(kind="task")} == {"ben@sub.test"}
    assert [ask(who, "task_done", pk=task.pk).status_code for who in (ben, ana)] == [200, 404]
    assert ask(ben, "incident_detail", pk=row.pk).status_code == 404
    assert ask(ben, "task_done", {}, pk=task.pk).status_code == 302
    with acting(ada):
        assert Task.objects.get().done_by_id == ben.pk
        with pytest.raises(DatabaseError), transaction.atomic():
            Task.objects.update(done_at=clock.now() + datetime.timedelta(days=1), done_by=ada)


def test_attack_97_a_task_goes_out_of_sight_with_its_incident(reported: Report, ada: User, ben: User, ask: Ask) -> None:
    row = reported()
    with acting(ada):
        task = actions.give_task(row, ben, "Fetch the teal folder.", clock.today(), by=ada)
        actions.name_suspect(row, ben, by=ada)
        with pytest.raises(Refused, match="may be the cause"):
            actions.give_task(row, ben, "Another.", clock.today(), by=ada)
    assert ask(ben, "task_done", pk=task.pk).status_code == 404
    with acting(ben):
        assert not Task.objects.exists()
        assert not access.own_tasks(ben).exists()


# --- what a review escalated ---


def test_one_press_makes_an_incident_of_an_emergency_that_was_none(ada: User, nora: User, ben: User, cleo: Client, ask: Ask) -> None:
    with acting(ben):
        practice = Practice.objects.get()
        with clock.at(clock.now() - datetime.timedelta(hours=2)):
            glass = clients.open_in_emergency(practice, by=ben, sought=cleo.code, reason="I wanted to see the ivory tower.", minutes=5)
        assert glass
    with acting(nora):
        clients.review_emergency(glass, by=nora, findings="There was no ivory tower.", upheld=False, opens_incident=True)
    with acting(ada):
        assert [each.pk for each in access.escalated_emergencies(ada)] == [glass.pk]
    assert ask(ada, "emergency_incident", {}, pk=glass.pk).status_code == 302
    assert ask(ada, "emergency_incident", {}, pk=glass.pk).status_code == 404  # once
    with acting(ada):
        row = Incident.objects.get()
        assert (row.source, row.source_id, Suspect.objects.get().user_id) == ("emergency", glass.pk, ben.pk)
        assert Affected.objects.get().client_id == cleo.pk
        assert "ivory tower" in row.what


# --- bad input ---


def test_bad_words_about_calls_certainty_tasks_and_letters_are_kept_on_the_page(
    reported: Report, ada: User, cleo: Client, ask: Ask
) -> None:
    row = reported()
    with acting(ada):
        actions.add_affected(row, [cleo], "A folder.", by=ada)
        one = access.confirmed(row).get()
        task = actions.give_task(row, ada, "Fetch it.", clock.today(), by=ada)
    bad = "\x00\u202e" + "x" * 9000
    pages = (
        ("call_note", {"outcome": "sung", "caller": "nobody", "at": "2999-01-01T00:00", "words": bad}, {"affected": one.pk}),
        ("call_note", {"outcome": "not", "caller": str(ada.pk), "at": "2026-01-01T00:00", "words": " "}, {"affected": one.pk}),
        ("incident_discovery", {"certain-at": "yesterday", "certain-words": bad}, {}),
        ("incident_discovery", {"certain-at": "2001-01-01T00:00"}, {}),
        ("task_tick", {"outcome": bad}, {"task": task.pk}),
    )
    for name, given, more in pages:
        assert ask(ada, name, given, pk=row.pk, **more).status_code == 422, name
    assert ask(ada, "wording_change", {"protect": bad}, pk=row.pk, query="?for=US-ZZ&in=%00").status_code == 422
    assert "Urgent calls" in text_of(ask(ada, "incident_calls", pk=row.pk, query="?older=%00"))
