"""``manage.py demo``: furnishes the demo practice. Says no outside demo mode; can be repeated, and resumes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from audit import doors
from clients.models import Client
from demo import (
    asking,
    chronicle,
    cosigning,
    executors,
    forms,
    incidents,
    letting_go,
    lists,
    reviewing,
    served,
    shelves,
    supervising,
    traces,
)  # fmt: skip
from demo.diary import Diary, Visit
from demo.people import PASSWORD, People, ident, settle
from demo.story import Story, stories
from practice import pdf
from practice.models import User

Work = tuple[Story, list[Visit], People]


class Command(BaseCommand):
    """The command."""

    help = "Furnish the demo practice: invented people, clients and a year of their records (SUBROSA_DEMO=1 only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--only KEY …`` tells these stories alone, ``--jobs 1`` within the caller's transaction: both for tests."""
        parser.add_argument("--only", nargs="+", default=None, metavar="KEY", help="tell these stories alone")
        parser.add_argument("--jobs", type=int, default=2, metavar="N", help="stories told at the same time (2)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell every story that is not told yet; raises CommandError outside demo mode."""
        if not settings.DEMO:
            raise CommandError("The demo has known passwords: it is furnished only where SUBROSA_DEMO=1.")
        began = time.monotonic()
        every = [story for story in stories() if not options["only"] or story.key in options["only"]]
        missing = untold(every)
        if not missing:
            self.stdout.write(f"The demo practice is furnished: {len(every)} clients and families.")
            return
        with transaction.atomic():
            people, arrived = settle()
            lists.train(people)
            with doors.system("demo", on_behalf_of=people["ada"]):
                cosigning.require(people)
            forms.approve_forms(people)
            executors.plan(people)
            if arrived:
                traces.sign_ins(people)
        self._tell(every, missing, people, options["jobs"])
        if reviewing.STORY in {story.key for story in missing}:
            with transaction.atomic():
                reviewing.open_last_night(people)
                reviewing.ask_about_a_line(people)
                incidents.report(people)
                served.serve(people)
                asking.ask(people)
                supervising.supervise(people)
                letting_go.leave(people)
                shelves.fill(people)
                lists.fill(people)
        self.stdout.write(f"Told {len(missing)} of {len(every)} stories in {time.monotonic() - began:.0f} s. Password: {PASSWORD}")

    def _tell(self, every: list[Story], missing: list[Story], people: People, jobs: int) -> None:
        diary = Diary()
        booked = [(story, diary.visits(story)) for story in every]  # told or not: the hours of the others depend on it
        waiting = [(story, visits, people) for story, visits in booked if story in missing]
        for number, _ in enumerate(_furnished(waiting, jobs), start=1):
            self._progress(number, len(waiting))

    def _progress(self, number: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\rFurnishing the demo practice: {number} of {total} ", ending="\n" if number == total else "")
            self.stdout.flush()


def _furnished(waiting: list[Work], jobs: int) -> Iterator[None]:
    """Tell the stories, ``jobs`` at a time: each has its own transaction, and the database does most of the work."""
    if jobs == 1:
        for work in waiting:
            _furnish(work)
            yield None
        return
    pool = ThreadPoolExecutor(max_workers=jobs)
    try:
        yield from pool.map(_furnish_apart, waiting)
    finally:  # on an interruption those not begun are left for the next run
        pool.shutdown(cancel_futures=True)


def _furnish(work: Work) -> None:
    with pdf.in_this_process():  # a hundred papers of invented people: two processes for each would take minutes
        chronicle.furnish(*work)


def _furnish_apart(work: Work) -> None:
    try:
        _furnish(work)
    finally:
        connection.close()  # this thread's own


def untold(every: list[Story]) -> list[Story]:
    """The stories whose client is not there yet; a client is written whole or not at all."""
    with doors.system("demo", on_behalf_of=User(pk=ident("user", "ada"))):
        present = set(Client.objects.filter(pk__in=[story.client_id for story in every]).values_list("pk", flat=True))
    return [story for story in every if story.client_id not in present]
