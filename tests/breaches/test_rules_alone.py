"""The rules of this room without the policies behind them: whoever may be the cause finds nothing by the rules alone (attack 97)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from breaches import access, actions
from breaches.models import ClientLetter, Suspect, Task, Told, Wording
from clients import actions as clients
from clients.models import Client
from disclosures import actions as disclosures
from disclosures.models import Sending
from practice.models import Practice, User
from practice.roles import Role
from records.models import Note
from review.access import signals
from review.models import Decision, Signal
from tests.cast import acting, person
from tests.disclosures.releasing import begun, packed
from tests.disclosures.test_rules_releases import TREATMENT, no_press
from tests.unhidden import asked, unhidden

from .conftest import Report
from .worded import BLOCKS

__all__ = ["no_press", "unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]


def test_the_only_officer_keeps_what_they_reported_of_themself_and_one_of_two_does_not(reported: Report, ada: User) -> None:
    row = reported(by=ada, suspects=[ada])
    assert asked(access.kept_incidents, ada) == {row.pk}
    nora = person("Nora Vance", Role.ADMIN)
    assert (asked(access.kept_incidents, ada), asked(access.kept_incidents, nora)) == (set(), {row.pk})


def test_where_no_officer_is_left_it_goes_to_supervisors_and_the_reporter_but_to_nobody_who_may_be_the_cause(
    reported: Report, ada: User, sofia: User, dee: User, ben: User
) -> None:
    of_ada, of_both, of_dee = reported(suspects=[ada]), reported(suspects=[ada, sofia]), reported(suspects=[ada, dee])
    assert asked(access.kept_incidents, sofia) == {of_ada.pk, of_dee.pk}
    assert asked(access.kept_incidents, dee) == {of_ada.pk, of_both.pk}
    assert asked(access.kept_incidents, ben) == set()
    assert asked(access.own_reports, dee) == {of_ada.pk, of_both.pk}


def test_a_task_is_there_for_whoever_has_it_and_not_once_they_may_be_the_cause(reported: Report, ada: User, ben: User, dee: User) -> None:
    today, tasks = clock.today(), []
    for row in (reported(), reported()):
        with acting(ada):
            tasks.append(actions.give_task(row, ben, "Fetch the teal folder.", today, by=ada))
    with acting(ada):
        actions.name_suspect(tasks[1].incident, ben, by=ada)
    assert asked(access.open_tasks, ben) == asked(access.own_tasks, ben) == {tasks[0].pk}
    assert asked(access.open_tasks, ada) == {each.pk for each in Task.objects.all()}
    assert asked(access.open_tasks, dee) == set()


def test_who_was_called_is_not_to_be_called_again(reported: Report, ada: User, cleo: Client, bens_client: Client, mia: Client) -> None:
    row, other = reported(), reported()
    with acting(ada):
        for each, people in ((row, [cleo, bens_client]), (other, [cleo, mia])):
            actions.add_affected(each, people, "The cobalt folder.", by=ada)
            actions.confirm(each, access.affected(each), by=ada)
        actions.note_call(access.confirmed(row).get(client=cleo), ada, clock.now(), "reached", "She asked for her copy.", by=ada)
        assert [each.client_id for each in access.uncalled(row)] == [bens_client.pk]
        assert {each.client_id for each in access.uncalled(other)} == {cleo.pk, mia.pk}


def test_what_a_review_escalated_waits_only_until_an_incident_came_of_it(ada: User, nora: User, ben: User, cleo: Client) -> None:
    hours, rows = datetime.timedelta(hours=2), []
    for ago in (2 * hours, hours):
        with clock.at(clock.now() - ago), acting(ben):
            practice = Practice.objects.get()
            glass = clients.open_in_emergency(practice, by=ben, sought=cleo.code, reason="I wanted to see the ivory tower.", minutes=5)
        assert glass
        rows.append(glass)
    with acting(nora):
        for each, escalated in zip(rows, (True, False), strict=True):
            clients.review_emergency(each, by=nora, findings="There was no ivory tower.", upheld=False, opens_incident=escalated)
    glass = rows[0]
    assert asked(access.escalated_emergencies, ada) == {glass.pk}
    with acting(ada):
        actions.incident_of_emergency(access.escalated_emergencies(ada).get(), by=ada)
    assert asked(access.escalated_emergencies, ada) == set()


def test_a_signal_that_was_closed_or_is_undecided_goes_no_further(ada: User, nora: User, ben: User) -> None:
    now, rows = clock.now(), []
    for line, outcome in enumerate(("escalated", "closed", ""), 1):
        signal = Signal(rule="exports", person=ben, day=now.date() - datetime.timedelta(days=line), line=line, line_at=now)
        signal.save(force_insert=True)
        rows.append(signal.pk)
        if outcome:
            with acting(nora):
                Decision.objects.create(signal=signal, outcome=outcome, finding="The ivory list.", decided_by=nora)
    assert asked(signals, ada) == {*rows}
    assert asked(access.escalated_signals, ada) == {rows[0]}


def test_links_are_there_to_be_stopped_only_while_an_incident_is_worked_on(
    reported: Report, ada: User, ana: User, cleo: Client, signed: Note
) -> None:
    release = begun(cleo, ana, **TREATMENT)
    packed(release, ana, notes=[str(signed.pk)])
    with acting(ana):
        disclosures.send_link(release, days=3, most=2, mail="osei@clinic.test", by=ana)
    assert asked(access.ended_links, ada) == set()
    reported()
    assert asked(access.ended_links, ada) == {Sending.objects.get().pk}


def test_a_letter_is_read_and_talked_about_once_it_was_sent_but_not_twice_nor_by_who_may_be_the_cause(
    reported: Report, ada: User, ana: User, cleo: Client, portal_cleo: User
) -> None:
    now, letters = clock.now(), []
    sent: dict[str, Any] = {"sent_at": now}
    for suspects, said in (([], sent), ([], sent | {"offered_at": now, "offered_by": ana}), ([ana], sent), ([], {})):
        row = reported(suspects=suspects)
        with acting(ada):
            wording = Wording.objects.create(incident=row, drawn_by=ada, **BLOCKS)
            told = Told.objects.create(incident=row, client=cleo, wording=wording, name="Cleo", address="", mail="", proof="")
            letters.append(ClientLetter.objects.create(incident=row, told=told, client=cleo, text="Call us.", **said).pk)
    assert asked(access.letters_to_offer, ana) == {letters[0]}
    assert asked(access.own_letters, portal_cleo) == {*letters[:3]}


def test_whoever_was_cleared_works_on_it_again_and_whoever_works_here_no_more_does_not(
    reported: Report, ada: User, nora: User, dee: User
) -> None:
    cleared, both = reported(suspects=[ada]), reported(suspects=[ada, nora])
    assert asked(access.kept_incidents, ada) == set()
    assert asked(access.kept_incidents, dee) == {both.pk}
    now = {"cleared_at": clock.now(), "cleared_by": nora}
    assert Suspect.objects.filter(incident=cleared.pk).update(**now)
    assert asked(access.kept_incidents, ada) == {cleared.pk}
    User.objects.filter(pk=dee.pk).update(roles=[Role.CLIENT])
    assert asked(access.kept_incidents, User.objects.get(pk=dee.pk)) == set()


def test_the_letters_of_an_incident_are_its_own(reported: Report, ada: User) -> None:
    rows = [reported() for _ in range(2)]
    with acting(ada):
        made = [Wording.objects.create(incident=row, drawn_by=ada, **BLOCKS) for row in rows]
        assert [[*access.wordings(row)] for row in rows] == [[each] for each in made]
