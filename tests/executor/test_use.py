"""A plan is put to use: two persons, a wait, a list without a word of what was said, and an end (RET-26, IC-3)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from audit.models import Event
from clients import actions as clients
from clients.access import contact_clients, live_grants, readable_clients
from clients.models import Channel, Client, ClientPermission, Codename, ContactPoint, Purpose, SafeWay
from executor import access, actions, law, listing
from executor.models import Activation, Case, Plan
from messaging.models import Outgoing
from practice.models import Notice, User
from practice.refusals import Refused
from practice.roles import Role
from records.access import readable_notes
from records.models import Note
from tests.cast import acting, person, write_note
from tests.reached import reachable

from .made import ALL, asked, in_force, opened, released

HOUR = datetime.timedelta(hours=1)


def fresh(row: Any, who: User) -> Any:
    with acting(who):
        return type(row).objects.select_related(*(["activation__plan", "client"] if isinstance(row, Case) else ["plan"])).get(pk=row.pk)


def case_of(client: Client, who: User) -> Case:
    with acting(who):
        return access.open_cases(who).select_related("activation__plan", "client").get(client=client.pk)


# --- two persons ------------------------------------------------------------------------------------------------------------


def test_ret_26_the_counselor_and_whoever_may_decide_are_told_at_once_in_mail_that_says_nothing(
    plan: Plan, ana: User, ben: User, sofia: User, ada: User
) -> None:
    asked(plan, ben)
    with acting(ada):
        sent = [(str(each.to), f"{each.subject} {each.body}") for each in Notice.objects.filter(kind="executor").order_by("due_at")][-3:]
    assert sorted(to for to, _ in sent) == ["ada@sub.test", "ana@sub.test", "sofia@sub.test"]
    assert not [word for _, words in sent for word in ("Reyes", "hospital", "client", "counsel", "therap") if word in words]


@pytest.mark.parametrize("who", ["ben", "ana"])
def test_ret_26_neither_who_asked_nor_whom_it_is_about_releases_it(plan: Plan, ben: User, who: str, request: pytest.FixtureRequest) -> None:
    row, second = asked(plan, ben), request.getfixturevalue(who)
    with acting(second):
        assert not access.releasable_activations(second).exists()
        with pytest.raises(Refused, match="second person"):
            actions.release(row, by=second)
        now = clock.now()
        with pytest.raises(DatabaseError), transaction.atomic():
            Activation.objects.filter(pk=row.pk).update(released_by=second, released_at=now, opens_at=now + HOUR, until=now + 2 * HOUR)


def test_ret_26_who_would_act_by_it_does_not_release_it_though_an_admin_asked(plan: Plan, ben: User, ada: User, sofia: User) -> None:
    row = asked(plan, ada)
    assert row.executor == ben
    with acting(ben), pytest.raises(Refused, match="second person"):
        actions.release(fresh(row, ben), by=ben)
    with acting(ada), pytest.raises(Refused, match="second person"):
        actions.release(row, by=ada)
    with acting(sofia):
        actions.release(fresh(row, sofia), by=sofia)


def test_a_colleague_who_is_not_named_neither_asks_nor_sees_it(plan: Plan, ben: User, lena: User, dee: User) -> None:
    row = asked(plan, ben)
    for who in (lena, dee):
        with acting(who):
            assert not access.activatable_plans(who).exists()
            assert not Activation.objects.filter(pk=row.pk).exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            asked(plan, who)


def test_nobody_asks_twice_and_nobody_asks_about_themself(plan: Plan, ana: User, ben: User, sofia: User) -> None:
    asked(plan, ben)
    with pytest.raises(Refused, match="under way"):
        asked(plan, sofia)
    with pytest.raises(Refused, match="about themself"):
        asked(plan, ana)


# --- the wait ---------------------------------------------------------------------------------------------------------------


def test_ret_26_before_the_wait_is_over_nothing_opens_and_the_database_says_so(plan: Plan, ben: User, ada: User, cleo: Client) -> None:
    row = released(plan, ben, ada, hours=23)
    with acting(ben):
        assert not access.acting(ben).exists()
        with clock.at(row.opens_at), pytest.raises(DatabaseError, match="No list is open"), transaction.atomic():
            actions.open_list(row, by=ben)  # our own clock says yes, the database's does not
        assert not ClientPermission.objects.filter(user=ben, content_object=cleo.pk).exists()


def test_ret_26_the_counselor_stops_it_without_a_reason_and_nothing_ever_opens(plan: Plan, ana: User, ben: User, ada: User) -> None:
    row = released(plan, ben, ada)
    with acting(ana):
        assert access.own_alarms(ana).get() == row
        actions.end(fresh(row, ana), "", by=ana)
    with acting(ben):
        assert not access.acting(ben).exists()
        with pytest.raises(Activation.DoesNotExist):
            actions.open_list(row, by=ben)
    with acting(ana):
        assert Activation.objects.filter(pk=row.pk).update(until=clock.now() + HOUR, ended_at=None, ended_by=None) == 0


# --- the list ---------------------------------------------------------------------------------------------------------------


def test_ic_3_the_list_holds_the_caseload_and_each_line_of_it_is_a_grant_and_a_line_of_the_trail(
    open_: Activation, ben: User, cleo: Client, bens_client: Client, ada: User
) -> None:
    with acting(ben):
        assert [case.client for case in access.open_cases(ben)] == [cleo]
        grant = live_grants([Codename.EXECUTE]).get(user=ben)
        assert (grant.content_object_id, grant.until, grant.reason) == (cleo.pk, open_.until, "executor")
        assert actions.open_list(open_, by=ben) == 0  # once
    with acting(ada):
        assert Event.objects.filter(part="assign_execute", what_id=ben.pk, client_id=cleo.pk).count() == 1


def test_ic_3_the_list_says_who_and_how_to_reach_them_and_not_a_word_of_what_was_said(
    open_: Activation, ben: User, ana: User, cleo: Client, signed: Note
) -> None:
    with acting(ben):
        (line,) = listing.lines(open_, access.open_cases(ben).select_related("client"), by=ben)
        assert line.name == "Cleo Marchetti"
        assert not readable_clients(ben).exists()
        assert not contact_clients(ben).exists()
        assert not readable_notes(ben).exists()
        assert not Note.objects.filter(client=cleo.pk).exists()  # nor by plain SQL


def test_ic_3_somebody_is_reached_only_as_they_allowed(plan: Plan, ana: User, ben: User, ada: User, cleo: Client) -> None:
    with acting(ana):
        reachable(cleo, ana, "mail", "cleo@elsewhere.test")
    row = opened(plan, ben, ada)
    with acting(ben):
        (line,) = listing.lines(row, access.open_cases(ben).select_related("client"), by=ben)
        assert {way.channel: bool(way.address) for way in line.ways}[Channel.MAIL]
        assert all(way.refused.endswith(")") for way in line.ways if not way.address)


def test_ic_3_a_client_who_denied_the_executor_is_not_on_the_list(
    plan: Plan, ana: User, ben: User, ada: User, cleo: Client, mia: Client
) -> None:
    with acting(ana):
        clients.deny(cleo, ben, by=ana, reason="His brother")
    opened(plan, ben, ada)
    with acting(ben):
        assert [case.client_id for case in access.open_cases(ben)] == [mia.pk]
    with acting(ana):
        clients.deny(mia, ben, by=ana, reason="His sister")
    with acting(ben):
        assert not access.open_cases(ben).exists()
        assert not Case.objects.exists()


@pytest.mark.parametrize("opens", [[], ["contact"], ["sessions"]])
def test_ret_26_what_the_plan_does_not_open_stays_shut_in_the_database_too(
    opens: list[str], ana: User, ben: User, sofia: User, ada: User, cleo: Client
) -> None:
    row = opened(in_force(ana, ben, sofia, opens=opens), ben, ada)
    with acting(ben):
        assert ContactPoint.objects.filter(client=cleo.pk).exists() is ("contact" in opens)
        assert SafeWay.objects.filter(client=cleo.pk).exists() is ("contact" in opens and SafeWay.objects.exists())
        (line,) = listing.lines(row, access.open_cases(ben).select_related("client"), by=ben)
        assert bool(line.ways) is ("contact" in opens)
        with pytest.raises(Refused, match="opens no records"):
            actions.open_record(case_of(cleo, ben), "The date of the hearing", by=ben)
        if "contact" not in opens:
            with pytest.raises(Refused, match="does not open how"):
                actions.write_to(case_of(cleo, ben), Channel.MAIL, by=ben)


def test_ret_26_a_record_opens_by_a_grant_with_an_end_and_psychotherapy_notes_never(
    open_: Activation, ana: User, ben: User, cleo: Client, signed: Note
) -> None:
    private = write_note(ana, cleo, kind="psychotherapy", signed=True)
    with acting(ben):
        case = case_of(cleo, ben)
        with pytest.raises(Refused, match="Why it must be opened"):
            actions.open_record(case, "Because", by=ben)
        actions.open_record(case, "The date of the hearing", by=ben)
        assert readable_notes(ben).filter(pk=signed.pk).exists()
        assert not readable_notes(ben).filter(pk=private.pk).exists()
        assert not Note.objects.filter(pk=private.pk).exists()
        grant = live_grants([Codename.COVER]).get(user=ben)
        assert (grant.reason, grant.until) == ("executor", open_.until)
        with pytest.raises(Refused, match="open to you already"):
            actions.open_record(case, "The date again", by=ben)


def test_ret_26_nobody_takes_a_longer_grant_than_the_plan_gives(open_: Activation, ben: User, cleo: Client) -> None:
    with acting(ben), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        clients.open_to_executor(cleo, by=ben, until=open_.until + HOUR)


def test_ret_26_however_it_ends_every_grant_by_it_ends_in_the_same_moment(
    open_: Activation, ana: User, ben: User, ada: User, cleo: Client
) -> None:
    with acting(ben):
        actions.open_record(case_of(cleo, ben), "The date of the hearing", by=ben)
    with acting(ada):
        with pytest.raises(Refused, match="Why it ends"):
            actions.end(fresh(open_, ada), " ", by=ada)
        actions.end(fresh(open_, ada), "She is back.", by=ada)
        assert Event.objects.filter(part="end_execute", client_id=cleo.pk).count() == 1
    with acting(ben):
        assert not live_grants([Codename.EXECUTE, Codename.COVER]).filter(user=ben).exists()
        assert not readable_clients(ben).exists()
        assert not access.open_cases(ben).exists()
    for who in (ana, ben, ada):
        with acting(who):
            assert Case.objects.update(onward="referred") == 0


def test_ret_26_it_ends_by_itself(open_: Activation, ben: User, cleo: Client) -> None:
    with clock.at(open_.until + HOUR), acting(ben):
        assert not access.acting(ben).exists()
        assert not access.open_cases(ben).exists()
        assert not access.listed_clients(ben).exists()
        assert open_.is_over
    assert open_.until - open_.opens_at == law.LASTS


# --- clients are told ------------------------------------------------------------------------------------------------------


def test_ic_3_what_was_said_is_sealed_and_told_by_whom_and_when(open_: Activation, ben: User, ada: User, cleo: Client) -> None:
    with acting(ben):
        actions.tell(case_of(cleo, ben), actions.Telling("called", "referred", "copy", "To Dr. Ochre, whom she knows."), by=ben)
        case = case_of(cleo, ben)
        assert (case.told_by_id, case.words) == (ben.pk, "To Dr. Ochre, whom she knows.")
        assert case.told_at is not None
    with acting(ada):
        assert access.cases(ada).defer("words").get().told == "called"
        assert Event.objects.filter(part="tell_case", client_id=cleo.pk).count() == 1


def test_cm_3_a_client_is_written_to_only_by_a_way_they_allowed_and_the_words_tell_nothing(
    plan: Plan, ana: User, ben: User, ada: User, cleo: Client
) -> None:
    with acting(ana):
        reachable(cleo, ana, "mail", "cleo@elsewhere.test")
    opened(plan, ben, ada)
    with acting(ben):
        sent = actions.write_to(case_of(cleo, ben), Channel.MAIL, by=ben)
        kept = actions.write_to(case_of(cleo, ben), Channel.POST, by=ben)
        assert (sent.state, kept.state) == (Outgoing.State.HANDED, Outgoing.State.REFUSED)
        assert sent.purpose == Purpose.SCHEDULING
    with acting(ada):
        mail = Notice.objects.get(pk=sent.notice_id)
        assert mail.to == "cleo@elsewhere.test"
        assert mail.body == "Something has changed that you should know. Please call 503 555 0100 when you can speak freely."


def test_somebody_from_outside_acts_with_an_account_that_opened_nothing_before(ana: User, sofia: User, ada: User, cleo: Client) -> None:
    olive = person("Olive Outside", Role.EXECUTOR)
    plan = in_force(ana, olive, sofia, opens=ALL)
    opened(plan, olive, ada)
    with acting(olive):
        assert [case.client for case in access.open_cases(olive)] == [cleo]
        actions.open_record(case_of(cleo, olive), "The date of the hearing", by=olive)
        assert readable_clients(olive).get() == cleo
