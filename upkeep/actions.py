"""Runs are kept: begun before anything is done, ended with what came of it, each with its line on the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from audit import clock, doors
from audit.models import Act
from audit.trail import Line

from .models import Run

witnesses: list[Callable[[Run], None]] = []  # rooms further right that keep evidence: told of each run that ended


def _line(run: Run) -> None:
    with doors.system(f"upkeep_{run.kind}") as opened:
        opened.write(Line(Act.SYSTEM, "upkeep.run", f"{run.kind}_{run.outcome}"))


@contextmanager
def kept(kind: Run.Kind) -> Iterator[Run]:
    """A run of ``kind``, good unless something is raised while inside."""
    run = Run.objects.create(kind=kind)
    _line(run)
    try:
        yield run
    except BaseException:
        _end(run, Run.Outcome.FAILED)
        raise
    _end(run, Run.Outcome.GOOD)


def _end(run: Run, outcome: Run.Outcome) -> None:
    run.outcome, run.ended_at = outcome, clock.now()
    run.save()
    _line(run)
    _tell(run)


def _tell(run: Run) -> None:
    for witness in witnesses:
        witness(run)


def noted(kind: Run.Kind, **told: Any) -> Run:
    """A run that is over, such as a restore, which could not be written down while the tables were away."""
    run = Run.objects.create(kind=kind, outcome=Run.Outcome.GOOD, ended_at=clock.now(), **told)
    _line(run)
    _tell(run)
    return run
