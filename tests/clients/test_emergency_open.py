"""Opening a record in an emergency (SE-2, attack 96): with a reason, for a while, told to others, reviewed by somebody else."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser

from audit import clock, doors
from audit.models import Act, Event
from audit.trail import Actor
from clients import access, actions, emergency
from clients.models import BreakGlass, Client, ClientPermission, Codename, GlassReview
from practice.models import Notice, Practice, User
from practice.refusals import Refused
from practice.roles import Role
from records.access import readable_notes
from records.models import Note
from tests.cast import PRIVATE, SECRET, SignIn, acting, person
from vault.models import DataKey

from .conftest import Ask, Lines, grant_of, text_of

pytestmark = pytest.mark.django_db

WHY = "Her sister called: she has not been seen since morning, and left a letter about the copper kettle."
KETTLE = "copper kettle"
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[Any]:
    with patch("practice.factors.is_fresh", return_value=True) as fresh:
        yield fresh


def opened(by: User, client: Client, minutes: int = 60, **given: Any) -> BreakGlass:
    """``client`` opened by code through the action."""
    with acting(by):
        row = actions.open_in_emergency(Practice.objects.get(), by=by, sought=client.code, reason=WHY, minutes=minutes, **given)
    assert row
    return row


def sends(who: str, **more: Any) -> dict[str, Any]:
    return {"who": who, "reason": WHY, "minutes": "60", **more}


# --- who, whom, and what is told of it ---


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "Cleo Marchetti", "CLEOPATRA   marchetti"])
def test_se_2_a_code_or_the_whole_name_opens_one_record_to_one_person(typed: str, ben: User, cleo: Client, signed: Note, ask: Ask) -> None:
    answer = ask(ben, "emergency_open", sends(typed.format(code=cleo.code)))
    assert (answer.status_code, answer["Location"]) == (302, f"/clients/{cleo.pk}/")
    assert "Cleo Marchetti" in text_of(ask(ben, "client_detail", pk=cleo.pk))
    assert SECRET in text_of(ask(ben, "note_detail", pk=signed.pk))
    grant = grant_of(cleo, ben, Codename.COVER)
    assert (grant.reason, grant.granted_by_id) == ("emergency", ben.pk)
    assert abs(grant.until - clock.now() - HOUR) < datetime.timedelta(minutes=1)


@pytest.mark.parametrize("typed", ["amber-nobody-11", "Cleo", "Marchetti", "Nobody Atall", "%", "{denied}"])
def test_attack_19_and_32_denied_missing_and_half_known_are_the_same(
    typed: str, ana: User, ben: User, cleo: Client, ask: Ask, lines: Lines
) -> None:
    with acting(ana):
        actions.deny(cleo, ben, by=ana, reason="His neighbour.")
    body = text_of(answer := ask(ben, "emergency_open", sends(typed.format(denied=cleo.code))))
    assert answer.status_code == 422
    assert "This opens nobody" in body
    assert KETTLE in body  # what was typed is kept
    assert not lines(act=Act.BREAK_GLASS)
    (line,) = lines(act=Act.REFUSED, actor_id=ben.pk)
    assert (line.part, line.client_id, line.what_id) == ("open_in_emergency", None, None)


@pytest.mark.parametrize("who", ["dee", "ada", "portal_cleo", "otto"])
def test_attack_96_no_other_role_opens_anything(who: str, cleo: Client, ask: Ask, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    assert ask(user, "emergency_open", sends(cleo.code)).status_code in (302, 403, 404)
    with acting(user):
        assert not BreakGlass.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            BreakGlass(client=cleo, user=user, until=clock.now() + HOUR, review_due=clock.now() + HOUR).save(force_insert=True)


def test_the_counselor_the_supervisor_and_every_admin_are_told_at_once_in_words_that_tell_nothing(
    ben: User, ana: User, sofia: User, ada: User, nora: User, cleo: Client
) -> None:
    opened(ben, cleo)
    with acting(ada):
        told = {notice.to: f"{notice.subject} {notice.body}" for notice in Notice.objects.filter(kind="emergency")}
        assert set(told) == {user.email for user in (ana, sofia, ada, nora)}
    for words in told.values():
        assert not any(secret in words for secret in ("Cleo", "March", cleo.code, "Ben", "emergency", "client", "counsel", KETTLE))


def test_the_trail_tells_it_as_break_glass_and_never_why(ben: User, ada: User, cleo: Client, lines: Lines) -> None:
    row = opened(ben, cleo)
    (line,) = lines(act=Act.BREAK_GLASS)
    assert (line.actor_id, line.client_id, line.what_id) == (ben.pk, cleo.pk, row.pk)
    with acting(ada):
        assert not any(KETTLE in str(values) for values in Event.objects.values_list())


# --- limits ---


@pytest.mark.parametrize(
    "given", [{"reason": ""}, {"reason": "help"}, {"reason": "x" * 40}, {"minutes": "1441"}, {"minutes": "0"}, {"quiet": "on"}]
)
def test_attack_96_not_without_a_reason_not_for_longer_than_a_day_and_not_silently(
    given: dict[str, str], ben: User, cleo: Client, ask: Ask
) -> None:
    assert ask(ben, "emergency_open", sends(cleo.code) | given).status_code == 422
    with acting(ben):
        assert not BreakGlass.objects.exists()


@pytest.mark.parametrize(("reason", "minutes"), [("", 60), ("because", 60), (WHY, 0), (WHY, 1441)])
def test_the_action_refuses_what_the_form_would(reason: str, minutes: int, ben: User, cleo: Client) -> None:
    with acting(ben), pytest.raises(Refused) as refused:
        actions.open_in_emergency(Practice.objects.get(), by=ben, sought=cleo.code, reason=reason, minutes=minutes)
    assert refused.value.rule == "SE-2"


def test_attack_86_an_old_session_signs_in_again_first(ben: User, cleo: Client, ask: Ask, fresh: Any) -> None:
    fresh.return_value = False
    answer = ask(ben, "emergency_open", sends(cleo.code))
    assert answer.status_code == 302
    assert "/accounts/" in answer["Location"]
    with acting(ben):
        assert not BreakGlass.objects.exists()


def test_attack_96_it_ends_by_itself_in_an_open_tab_and_is_not_made_longer_by_repetition(ben: User, cleo: Client, ask: Ask) -> None:
    opened(ben, cleo, minutes=30)
    again = ask(ben, "emergency_open", sends(cleo.code, minutes="1440"))
    assert "open to you already" in text_of(again)
    with clock.at(clock.now() + datetime.timedelta(minutes=31)), doors.acting(Actor("counselor", ben.pk)):
        assert not access.readable_clients(ben).exists()


def test_attack_96_an_open_tab_shows_nothing_more_once_it_is_over(over: BreakGlass, ben: User, cleo: Client, ask: Ask) -> None:
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 404
    assert "Emergency access until" not in text_of(ask(ben, "home"))


def test_attack_96_repeated_openings_end_a_day_after_the_first_until_somebody_reviewed_it(ben: User, ada: User, cleo: Client) -> None:
    now = clock.now()
    with clock.at(now - 25 * HOUR):
        first = opened(ben, cleo, minutes=60)
    with acting(ben), pytest.raises(Refused, match="nobody has reviewed"):
        actions.open_in_emergency(Practice.objects.get(), by=ben, sought=cleo.code, reason=WHY, minutes=60)
    with acting(ada):
        actions.review_emergency(first, by=ada, findings="I called the sister.", upheld=True)
    assert opened(ben, cleo).until > now


def test_attack_96_not_for_a_whole_list(ben: User, ana: User) -> None:
    with acting(ana):
        crowd = [actions.take_in(by=ana, counselor=ana, given_name=name, family_name="Crowd") for name in ("Ida", "Jon", "Kim", "Lou")]
    for each in crowd[: emergency.policy().at_once]:
        opened(ben, each)
    with acting(ben), pytest.raises(Refused, match="open to you already"):
        actions.open_in_emergency(Practice.objects.get(), by=ben, sought=crowd[-1].code, reason=WHY, minutes=60)


def test_whoever_guesses_is_stopped(ben: User, cleo: Client, ask: Ask) -> None:
    for number in range(emergency.policy().misses_a_day):
        ask(ben, "emergency_open", sends(f"amber-nobody-{number}"))
    assert "Too many tries" in text_of(ask(ben, "emergency_open", sends(cleo.code)))


def test_attack_96_with_the_role_goes_what_it_opened(ben: User, ada: User, cleo: Client) -> None:
    row = opened(ben, cleo)
    with acting(ada):
        actions.lay_down(ben, {Role.COUNSELOR})
    with acting(ben):
        assert not access.readable_clients(ben).exists()
        assert BreakGlass.objects.get(pk=row.pk).ended_at


# --- what it opens, and what it does not ---


def test_attack_11_a_denial_made_meanwhile_closes_it(ben: User, ana: User, cleo: Client, ask: Ask) -> None:
    opened(ben, cleo)
    with acting(ana):
        actions.deny(cleo, ben, by=ana, reason="His neighbour.")
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 404


def test_psychotherapy_notes_stay_closed(ben: User, cleo: Client, psychotherapy: Note, ask: Ask) -> None:
    opened(ben, cleo)
    with acting(ben):
        assert not readable_notes(ben).filter(kind="psychotherapy").exists()
        assert not DataKey.objects.filter(owner=cleo.pk, compartment="psychotherapy").exists()
    assert ask(ben, "note_detail", pk=psychotherapy.pk).status_code == 404
    assert PRIVATE not in text_of(ask(ben, "session_list", pk=cleo.pk))


def test_it_hands_nothing_on(ben: User, lena: User, cleo: Client, ask: Ask) -> None:
    opened(ben, cleo)
    assert ask(ben, "client_assign", {"person": str(lena.pk)}, pk=cleo.pk).status_code == 404
    permission = grant_of(cleo, ben, Codename.COVER).permission
    with acting(ben), pytest.raises(DatabaseError), transaction.atomic():
        ClientPermission.objects.bulk_create([ClientPermission(user=lena, content_object=cleo, permission=permission, granted_by=ben)])


def test_the_second_lock_lets_nobody_make_it_longer_or_skip_the_row_that_explains_it(ben: User, ana: User, cleo: Client) -> None:
    permission = grant_of(cleo, ana).permission.__class__.objects.get(codename="cover")
    row = ClientPermission(user=ben, content_object=cleo, permission=permission, granted_by=ben, until=clock.now() + HOUR)
    with acting(ben), pytest.raises(DatabaseError), transaction.atomic():
        ClientPermission.objects.bulk_create([row])
    opened(ben, cleo)
    with acting(ben), pytest.raises(DatabaseError), transaction.atomic():
        ClientPermission.objects.filter(user=ben).update(until=clock.now() + 20 * HOUR)
    with acting(ben), pytest.raises(DatabaseError), transaction.atomic():
        BreakGlass.objects.update(until=clock.now() + 20 * HOUR)


# --- what its person and the others see ---


def test_a_red_banner_stands_on_every_page_until_it_ends(ben: User, cleo: Client, ask: Ask) -> None:
    row = opened(ben, cleo)
    for page in (ask(ben, "client_detail", pk=cleo.pk), ask(ben, "home"), ask(ben, "client_list")):
        assert "Emergency access until" in text_of(page)
    assert ask(ben, "emergency_end", {}, pk=row.pk)["Location"] == "/emergency/"
    assert "Emergency access until" not in text_of(ask(ben, "home"))
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 404


def test_every_page_that_says_nothing_is_here_offers_it_to_those_who_may_alike(
    ben: User, dee: User, cleo: Client, browser_of: SignIn
) -> None:
    browser: Browser = browser_of(ben)
    there = browser.get(f"/clients/{cleo.pk}/")
    nowhere = browser.get("/clients/00000000-0000-4000-8000-0000000000aa/")
    no_page = browser.get("/no/such/page/")
    assert "/emergency/open/" in there.content.decode()
    assert there.content == nowhere.content == no_page.content
    assert "/emergency/open/" not in browser_of(dee).get("/no/such/page/").content.decode()


def test_the_client_is_told_in_the_portal_unless_somebody_said_why_not(
    ben: User, ada: User, cleo: Client, portal_cleo: User, ask: Ask
) -> None:
    row = opened(ben, cleo, untold_reason="He reads over her shoulder.")
    assert "opened in an emergency" not in text_of(ask(portal_cleo, "portal_home"))
    with acting(ada):
        actions.end_emergency(row, by=ada)
        row = BreakGlass.objects.get()
        actions.review_emergency(row, by=ada, findings="Rightly so.", upheld=True)
    body = text_of(ask(portal_cleo, "portal_home"))
    assert "opened in an emergency" in body
    assert "Ben Okafor" in body
    assert "found it right" in body
    assert KETTLE not in body
    assert "shoulder" not in body


def test_the_portal_has_no_key_to_reasons_and_findings(ben: User, cleo: Client, portal_cleo: User, gus: User) -> None:
    opened(ben, cleo)
    for user in (portal_cleo, gus):
        with acting(user):
            assert not DataKey.objects.filter(compartment="glass").exists()
    with acting(gus):
        assert not BreakGlass.objects.exists()


# --- the review ---


@pytest.fixture
def over(ben: User, cleo: Client) -> BreakGlass:
    with clock.at(clock.now() - 3 * HOUR):
        return opened(ben, cleo)


@pytest.mark.parametrize("who", ["ana", "sofia", "ada"])
def test_se_2_somebody_else_reviews_it_and_what_they_find_is_final(who: str, over: BreakGlass, ask: Ask, request: Any) -> None:
    user = request.getfixturevalue(who)
    assert "Review it" in text_of(ask(user, "home"))
    body = text_of(ask(user, "emergency_review", pk=over.pk))
    assert KETTLE in body
    found = {"findings": "I called her; the letter is real.", "upheld": "no", "incident": "on"}
    assert ask(user, "emergency_review", found, pk=over.pk).status_code == 302
    with acting(user):
        review = GlassReview.objects.get()
        assert (review.upheld, review.opens_incident, review.reviewed_by_id) == (False, True, user.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            GlassReview.objects.update(upheld=True)
    assert ask(user, "emergency_review", found, pk=over.pk).status_code == 404
    assert "Not found right" in text_of(ask(user, "emergency_list"))


def test_se_2_nobody_reviews_themself(over: BreakGlass, ben: User, ada: User, ask: Ask) -> None:
    User.objects.filter(pk=ben.pk).update(roles=[Role.COUNSELOR, Role.ADMIN])
    ben = User.objects.get(pk=ben.pk)
    assert ask(ben, "emergency_review", pk=over.pk).status_code == 404
    with acting(ben):
        with pytest.raises(Refused, match="Nobody reviews their own"):
            actions.review_emergency(over, by=ben, findings="All was right.", upheld=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            GlassReview(glass=over, client_id=over.client_id, upheld=True, reviewed_by=ben).save(force_insert=True)


def test_a_review_without_findings_or_while_it_lasts_is_refused(ben: User, ada: User, cleo: Client, over: BreakGlass, mia: Client) -> None:
    lasting = opened(ben, mia)
    with acting(ada):
        with pytest.raises(Refused, match="what was found"):
            actions.review_emergency(over, by=ada, findings=" ", upheld=True)
        with pytest.raises(Refused, match="still open"):
            actions.review_emergency(lasting, by=ada, findings="All was right.", upheld=True)


def test_whoever_has_nothing_to_do_with_it_sees_nothing_of_it(over: BreakGlass, lena: User, dee: User, ask: Ask) -> None:
    stranger = person("Stan Aloof", Role.COUNSELOR, Role.SUPERVISOR)
    for user in (lena, dee, stranger):
        assert ask(user, "emergency_review", pk=over.pk).status_code == 404
        with acting(user):
            assert not BreakGlass.objects.exists()


FRIDAY_NIGHT = datetime.datetime(2026, 7, 3, 5, 30, tzinfo=datetime.UTC)  # Thursday 22:30 in Los Angeles; Friday is the holiday observed


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (FRIDAY_NIGHT, "2026-07-07T00:00:00-07:00"),
        (FRIDAY_NIGHT - datetime.timedelta(days=1), "2026-07-03T00:00:00-07:00"),
        (datetime.datetime(2026, 11, 25, 20, 0, tzinfo=datetime.UTC), "2026-11-28T00:00:00-08:00"),
    ],
)
def test_se_2_the_review_is_due_by_the_end_of_the_next_business_day(moment: datetime.datetime, due: str) -> None:
    practice = Practice(timezone="America/Los_Angeles", states=[])
    assert emergency.review_due(moment, practice) == datetime.datetime.fromisoformat(due)
