"""The age engine: whose authority ends when, to the minute, in every zone and on every day."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import clock
from clients import access, actions, majority
from clients.age import majority_of, may_consent_alone
from clients.models import Client, Codename, Representative
from practice.models import Practice, User
from practice.refusals import Refused
from practice.roles import Role
from tests.cast import acting, person

# Zones whose clocks skip or repeat midnight are among them.
ZONES = [
    "America/Los_Angeles",
    "America/Havana",
    "America/Asuncion",
    "Asia/Beirut",
    "Pacific/Apia",
    "America/St_Johns",
    "Asia/Kathmandu",
    "UTC",
]
MOMENT = datetime.timedelta(microseconds=1)
BORN, MAJORITY = datetime.date(2008, 12, 15), datetime.datetime(2026, 12, 15, 8, tzinfo=datetime.UTC)  # 00:00 in Los Angeles


@given(
    st.dates(datetime.date(1940, 1, 1), datetime.date(2040, 12, 31)),
    st.sampled_from(ZONES),
    st.sampled_from([[], ["OR"], ["AL"], ["MS", "OR"]]),
)
def test_ic_32_the_last_moment_of_a_minor_is_the_day_before_and_the_first_of_an_adult_the_day_itself(
    born: datetime.date, name: str, states: list[str]
) -> None:
    zone = ZoneInfo(name)
    at = majority.comes_of_age(born, states, zone)
    day = majority.birthday(born, majority.age_of_majority(states))
    assert at.astimezone(zone).date() >= day
    assert (at - MOMENT).astimezone(zone).date() < day
    assert (day.month, day.day) == (born.month, born.day) or (born.month, born.day, day.month, day.day) == (2, 29, 3, 1)


@pytest.mark.parametrize(
    ("born", "day"),
    [("2008-02-29", "2026-03-01"), ("2008-02-28", "2026-02-28"), ("2008-03-01", "2026-03-01"), ("2008-12-31", "2026-12-31")],
)
def test_ic_32_on_a_leap_day_nobody_is_of_age_too_early(born: str, day: str) -> None:
    assert majority.birthday(datetime.date.fromisoformat(born), 18) == datetime.date.fromisoformat(day)


def test_the_states_decide_and_of_several_the_lowest_age_counts() -> None:
    assert [majority.age_of_majority(states) for states in ([], ["OR"], ["AL"], ["AL", "OR"], ["MS"])] == [18, 18, 19, 18, 21]
    assert [majority.age_alone(states) for states in ([], ["OR"], ["NY"], ["OR", "WA"], ["OR", "NY"])] == [None, 14, None, 14, None]
    assert majority.limits_alone(["OH", "OR"]) == ["OH: For a short term only."]


@pytest.fixture
def teen(ana: User, mia: Client) -> Client:
    """Mia, born on 15 December 2008."""
    with acting(ana):
        actions.change_person(mia, by=ana, born_on=BORN)
    return mia


@pytest.fixture
def mother(ana: User, teen: Client) -> Representative:
    with acting(ana):
        return actions.add_representative(
            teen, by=ana, relation="parent", name="Rosa Aldana", authority="birth certificate", since=clock.now()
        )


@pytest.fixture
def rosa(ana: User, teen: Client, mother: Representative) -> User:
    user = person("Rosa Aldana", Role.REPRESENTATIVE)
    with acting(ana):
        actions.give_portal(teen, user, by=ana, representative=mother)
    return user


def ends_of(ana: User, client: Client) -> list[datetime.datetime | None]:
    with acting(ana):
        return list(access.live_grants([Codename.PORTAL_REPRESENT]).filter(content_object=client.pk).values_list("until", flat=True))


def test_ic_32_a_guardians_portal_ends_at_midnight_without_any_job(teen: Client, rosa: User) -> None:
    for at, seen in ((MAJORITY - MOMENT, True), (MAJORITY, False)):
        with clock.at(at), acting(rosa):
            assert access.portal_clients(rosa).exists() is seen


def test_rg_12_the_portal_ends_with_the_authority_where_that_is_earlier(
    ana: User, teen: Client, mother: Representative, rosa: User
) -> None:
    soon = clock.now() + datetime.timedelta(days=3)
    with acting(ana):
        actions.date_representation(Representative.objects.get(pk=mother.pk), soon, by=ana)
    assert ends_of(ana, teen) == [soon]
    with acting(ana):
        actions.date_representation(Representative.objects.get(pk=mother.pk), None, by=ana)
    assert ends_of(ana, teen) == [MAJORITY]


def test_ic_32_a_corrected_birthday_moves_the_end_at_once(ana: User, teen: Client, rosa: User) -> None:
    with acting(ana):
        actions.change_person(Client.objects.get(pk=teen.pk), by=ana, born_on=datetime.date(2009, 12, 15))
    assert ends_of(ana, teen) == [datetime.datetime(2027, 12, 15, 8, tzinfo=datetime.UTC)]
    with acting(ana):
        actions.change_person(Client.objects.get(pk=teen.pk), by=ana, born_on=datetime.date(2006, 12, 15))
    assert ends_of(ana, teen) == []


def test_ic_32_the_end_follows_the_practices_clock_and_states(ana: User, teen: Client, rosa: User) -> None:
    Practice.objects.update(timezone="America/New_York", states=["AL"])
    with acting(ana):
        assert actions.redate(Client.objects.get(pk=teen.pk)) == 1
    assert ends_of(ana, teen) == [datetime.datetime(2027, 12, 15, 5, tzinfo=datetime.UTC)]


@pytest.mark.parametrize(("authority", "begins", "rule"), [("", 0, "IC-24"), ("court order", 5, "IC-24")])
def test_ic_24_nobody_represents_on_an_authority_that_is_not_on_file_or_not_in_force(
    ana: User, teen: Client, authority: str, begins: int, rule: str
) -> None:
    since = clock.now() + datetime.timedelta(days=begins)
    rosa = person("Rosa Aldana", Role.REPRESENTATIVE)
    with acting(ana):
        paper = actions.add_representative(teen, by=ana, relation="parent", name="Rosa Aldana", authority=authority, since=since)
        with pytest.raises(Refused) as refused:
            actions.give_portal(teen, rosa, by=ana, representative=paper)
    assert refused.value.rule == rule


def test_ic_32_nobody_is_let_in_for_somebody_of_age(ana: User, teen: Client, mother: Representative) -> None:
    user = person("Rosa Aldana", Role.REPRESENTATIVE)
    with clock.at(MAJORITY), acting(ana), pytest.raises(Refused) as refused:
        actions.give_portal(Client.objects.get(pk=teen.pk), user, by=ana, representative=mother)
    assert refused.value.rule == "IC-32"


def test_adults_and_unknown_birthdays_have_no_majority_ahead(ana: User, cleo: Client, teen: Client) -> None:
    with acting(ana):
        assert majority_of(cleo) is None
        assert majority_of(Client(kind="minor")) is None
        assert majority_of(teen) == MAJORITY


def test_ic_31_a_minor_may_consent_alone_from_the_age_of_the_states_data(ana: User, teen: Client) -> None:
    with acting(ana):
        assert not may_consent_alone(teen)
        Practice.objects.update(states=["OR"])
        assert not may_consent_alone(teen)  # the practice has not chosen it
        Practice.objects.update(minors_alone=True)
        assert may_consent_alone(teen)
        with clock.at(datetime.datetime(2022, 12, 15, 7, 59, tzinfo=datetime.UTC)):
            assert not may_consent_alone(teen)
