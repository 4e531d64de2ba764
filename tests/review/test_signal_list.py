"""Signals (REV-1): what the rules notice in the trail, what colleagues say, what a person decides, and the month signed off."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction

from audit import clock, doors
from audit.models import Act, Event
from clients import actions as clients
from clients.access import emergencies_to_review
from practice.models import Notice, Practice, User
from practice.refusals import Refused
from practice.roles import Role
from review import access, actions, tasks
from review.models import Decision, Month, Reply, Signal
from review.rules import Known, Watcher, rules
from tests.cast import acting, browser_of, person
from tests.committed import House, as_owner, as_worker, furnish, own_database

MINUTE = datetime.timedelta(minutes=1)
NOON = datetime.datetime(2026, 11, 18, 20, 0, tzinfo=datetime.UTC)  # 12:00 in Los Angeles, a Wednesday
ANA, BEN, CLEO, BRUNO = (uuid.uuid4() for _ in range(4))


def watcher(leaves_at: datetime.datetime | None = None) -> Watcher:
    """Ana is on Cleo's team and is called like Bruno; Ben is a client, too, and has nothing to do with anybody."""

    def relation(who: uuid.UUID, client: uuid.UUID, moment: datetime.datetime) -> str:
        return {(ANA, CLEO): "team", (BEN, BRUNO): "portal"}.get((who, client), "none")

    people = {ANA: Known([b"family"], [b"ana"], leaves_at), BEN: Known([b"okafor"], [b"ben"], None)}
    return Watcher(ZoneInfo("America/Los_Angeles"), people, relation, lambda client, tokens: client == BRUNO and b"family" in tokens)


def line(
    who: uuid.UUID | None = ANA, client: uuid.UUID | None = CLEO, act: Act = Act.READ, at: datetime.datetime = NOON, **more: Any
) -> Event:
    given = {"role": "counselor", "part": "client_detail", "what": "clients.client", "what_id": client} | more
    return Event(id=uuid.uuid4().int % 10**9, actor_id=who, client_id=client, act=act, at=at, **given)


@pytest.mark.parametrize(
    ("given", "met"),
    [
        (line(), set()),
        (line(client=BRUNO), {"own_name", "no_relation"}),
        (line(client=BRUNO, act=Act.REFUSED), {"own_name"}),
        (line(BEN, BRUNO), {"own_file"}),
        (line(BEN, BRUNO, part="portal_record"), set()),
        (line(BEN), {"no_relation"}),
        (line(BEN, role="desk"), set()),
        (line(BEN, BRUNO, what="breaches.incident", act=Act.EXPORT), set()),
        (line(BEN, act=Act.REFUSED), set()),
        (line(at=NOON + datetime.timedelta(hours=15)), {"odd_hours"}),
        (line(at=NOON + datetime.timedelta(hours=9, minutes=59)), set()),
        (line(at=NOON + datetime.timedelta(hours=10)), {"odd_hours"}),
        (line(act=Act.EXPORT), {"exports"}),
        (line(client=None, act=Act.EXPORT), {"exports"}),
        (line(BEN, act=Act.BREAK_GLASS), {"break_glass"}),
        (line(uuid.uuid4(), act=Act.EXPORT), set()),  # nobody of the staff
        (line(role="system:majority", act=Act.EXPORT), set()),
    ],
)
def test_rev_1_each_rule_meets_what_it_says_and_nothing_beside(given: Event, met: set[str]) -> None:
    assert {name for name, _ in watcher().signals(given)} == met


def test_rev_1_many_records_refused_runs_and_leavers_are_counted_in_their_time() -> None:
    rule = rules()["many_records"].numbers["clients"]
    crowd = [line(client=uuid.uuid4(), at=NOON + number * datetime.timedelta(seconds=30)) for number in range(rule)]
    busy, calm = watcher(), watcher()
    assert ["many_records" in dict(busy.signals(each)) for each in crowd] == [False] * (rule - 1) + [True]
    slow = [line(client=uuid.uuid4(), at=NOON + number * 2 * MINUTE) for number in range(rule)]
    assert not any("many_records" in dict(calm.signals(each)) for each in slow)
    doors_tried = [line(BEN, act=Act.REFUSED, at=NOON + number * MINUTE) for number in range(3)]
    tried = watcher()
    assert ["refused_runs" in dict(tried.signals(each)) for each in doors_tried] == [False, False, True]
    leaving = watcher(NOON + datetime.timedelta(days=3))
    assert ("leaver", CLEO) in list(leaving.signals(line(act=Act.EXPORT)))


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[House]:
    """The cast, committed; Ben opened Cleo's record in an emergency, and a Marchetti of the staff was turned away from it."""
    with own_database(django_db_blocker, worker_id):
        house = furnish()
        house.people["mara"] = person("Mara Marchetti", Role.COUNSELOR)
        with acting(house.ben):
            clients.open_in_emergency(
                Practice.objects.get(), by=house.ben, sought=house.cleo.code, reason="Nobody could reach her since noon.", minutes=5
            )
        sign_in = browser_of.__wrapped__()  # type: ignore[attr-defined]  # a fixture's own function
        assert sign_in(house.mara).get(f"/clients/{house.cleo.pk}/").status_code == 404
        yield house


def look() -> int:
    """One run of the job, as the worker."""
    with as_worker(), doors.system("review"):
        return actions.watch()


def test_rev_1_the_job_notices_once_goes_on_where_it_was_and_compares_names_it_cannot_read(house: House) -> None:
    assert look() >= 2
    assert look() == 0
    with acting(house.ada):
        found = {(row.rule, row.person_id, row.client_id) for row in access.signals(house.ada)}
    assert ("break_glass", house.ben.pk, house.cleo.pk) in found
    assert ("own_name", house.mara.pk, house.cleo.pk) in found
    assert not any(rule == "own_name" and who != house.mara.pk for rule, who, _ in found)
    assert not any(rule == "no_relation" for rule, _, _ in found)


def test_the_job_decides_nothing_and_nobody_else_notices_anything(house: House) -> None:
    look()
    with as_worker(), doors.system("review"), pytest.raises(DatabaseError), transaction.atomic():
        Signal.objects.update(decided_at=clock.now())
    with acting(house.ada), pytest.raises(DatabaseError), transaction.atomic():
        Signal(rule="exports", person=house.ben, day=datetime.date(2026, 1, 1), line=1, line_at=clock.now()).save(force_insert=True)
    for who in (house.ana, house.ben, house.dee, house.sofia):
        with acting(who):
            assert not Signal.objects.exists()


def of(house: House, rule: str, who: User) -> Signal:
    look()
    with acting(house.ada):
        return access.signals(house.ada).get(rule=rule, person=who, client=house.cleo)


def test_rev_1_a_colleague_explains_and_the_finding_is_final(house: House) -> None:
    signal = of(house, "break_glass", house.ben)
    sign_in = browser_of.__wrapped__()  # type: ignore[attr-defined]  # as above
    ada, ben = sign_in(house.ada), sign_in(house.ben)
    assert ben.get(f"/review/{signal.pk}/explain/").status_code == 404
    assert ada.post(f"/review/{signal.pk}/", {"ask": "1"}).status_code == 302
    assert b"A colleague asks you" in ben.get("/").content
    assert ben.post(f"/review/{signal.pk}/explain/", {"words": "It was the night of the tin moon."}).status_code == 302
    assert b"tin moon" in ada.get(f"/review/{signal.pk}/").content
    assert ada.post(f"/review/{signal.pk}/", {"outcome": "escalated", "finding": ""}).status_code == 422
    assert ada.post(f"/review/{signal.pk}/", {"outcome": "escalated", "finding": "It goes to the breach room."}).status_code == 302
    assert b"Escalated" in ada.get("/review/").content
    with acting(house.ada):
        row = Decision.objects.get(signal=signal)
        assert (row.outcome, row.decided_by_id) == ("escalated", house.ada.pk)
        for change in (Decision.objects, Signal.objects.filter(pk=signal.pk)):
            with pytest.raises(DatabaseError), transaction.atomic():
                change.update(decided_at=clock.now())
        with pytest.raises(Refused, match="final"):
            actions.decide(signal, by=house.ada, outcome="closed", finding="No, it was nothing.")
        assert not any("tin moon" in str(values) for values in Event.objects.values_list())
        assert {notice.to for notice in Notice.objects.filter(kind="explain")} == {"ben@sub.test"}
    with acting(house.ana):
        assert not Reply.objects.exists()


def test_rev_1_nobody_decides_about_themself_while_there_is_another_admin(house: House) -> None:
    with transaction.atomic():
        User.objects.filter(pk=house.mara.pk).update(roles=[Role.COUNSELOR, Role.ADMIN])
        mara = User.objects.get(pk=house.mara.pk)
        with acting(mara):
            assert not access.signals(mara).filter(person=mara).exists()
            assert not Signal.objects.filter(person=mara).exists()
        transaction.set_rollback(True)


def test_rev_1_a_month_is_signed_when_it_is_over_and_all_of_it_is_decided(house: House) -> None:
    look()
    begins = clock.now().astimezone(ZoneInfo(Practice.objects.get().timezone)).date().replace(day=1)
    with acting(house.ada), pytest.raises(Refused, match="not over"):
        actions.sign_month(begins, by=house.ada)
    with clock.at(clock.now() + datetime.timedelta(days=32)), acting(house.ada):
        with pytest.raises(Refused, match="wait for a decision"):
            actions.sign_month(begins, by=house.ada)
        for signal in list(access.open_signals(house.ada)):
            actions.decide(signal, by=house.ada, outcome="closed", finding="I asked them; nothing was wrong.")
        row = actions.sign_month(begins, by=house.ada)
    assert row.signals >= 2
    assert row.lines > 10
    with acting(house.ada), pytest.raises(DatabaseError), transaction.atomic():
        Month.objects.update(escalated=0)


def remind(house: House, days: int) -> dict[str, int]:
    """How many mails the job would write for each of them so many days from now; they stay written."""
    found = {}
    with as_worker(), clock.at(clock.now() + datetime.timedelta(days=days)):
        for who in ("ana", "ben", "ada", "dee"):
            with transaction.atomic(), doors.system("review", on_behalf_of=getattr(house, who)):
                found[who] = actions.remind_of_late(by=getattr(house, who))
    return found


def test_rev_3_a_drill_that_held_is_the_evidence_of_a_restore_once(house: House) -> None:
    with as_worker(), transaction.atomic(), doors.system("review"):
        actions.plan_reviews()
    with as_owner(connection.settings_dict["NAME"]) as owner:
        columns = "bytes, rows, differing, lines, findings, opened, shut, took_seconds"
        owner.execute(
            f"INSERT INTO upkeep_run (id, kind, name, outcome, began_at, ended_at, {columns}) "
            "VALUES (gen_random_uuid(), 'drill', 'n-1', 'good', now(), now() + interval '1 minute', 1, 700, 0, 9, 0, 40, 0, 61)"
        )
    with as_worker(), transaction.atomic(), doors.system("review"):
        assert (actions.take_drills(), actions.take_drills()) == (2, 0)
    with acting(house.ada):
        task = access.reviews(house.ada).get(kind="REV-3")
        assert actions.missing_evidence(task) == []
        held = list(access.evidence(house.ada).filter(task=task))
        assert [row.given_by for row in held] == [None, None]
        assert "700 rows, 0 tables differing" in " ".join(row.words for row in held)


def test_se_2_and_rev_1_what_is_late_is_told_once_to_whoever_may_review_it_and_says_nothing(house: House) -> None:
    nobody = dict.fromkeys(("ana", "ben", "ada", "dee"), 0)
    assert remind(house, 0) == nobody
    with as_worker(), clock.at(clock.now() + datetime.timedelta(days=6)):
        tasks.remind()  # the job itself, of everybody
    assert remind(house, 6) == nobody
    staff = [who for name, who in house.people.items() if name not in ("portal_cleo", "gus", "otto")]
    may = set()
    for who in staff:
        with acting(who):
            may |= {who.email} if emergencies_to_review(who).exists() else set()
    assert {"ana@sub.test", "ada@sub.test"} <= may
    assert "ben@sub.test" not in may  # it was he who opened it
    assert remind(house, 75) == nobody | {"ada": 4}  # the month before, whose ten days are over, and REV-3, REV-4 and REV-14
    assert remind(house, 75) == nobody
    with acting(house.ada):
        mails = list(Notice.objects.filter(kind="late"))
        assert {mail.to for mail in mails} == may
        words = " ".join(f"{mail.subject} {mail.body}" for mail in mails)
    assert not [word for word in ("Cleo", "Ben", "emergency", "record", "counsel") if word in words]
