"""The review of safeguards: planned by the house, begun, shown by evidence, completed by somebody, followed by actions (rulebook 13)."""

from __future__ import annotations

import datetime

from django.utils import timezone

from audit import clock, trail
from audit.models import Act
from audit.trail import Line
from practice.files import LONGEST_NAME, cleaned
from practice.models import User
from practice.refusals import Refused
from review.models import Evidence, ReviewAction, ReviewTask
from review.schedule import Kind, first_due, kinds, next_due, planned, subjects_of
from upkeep.models import Run

FILES = 5  # of one review; a scan of a report is one


def _today() -> datetime.date:
    return clock.today()


def plan_reviews() -> int:
    """Every review of the schedule has a row of the next time it is due; returns how many were missing."""
    there = set(ReviewTask.objects.filter(completed_at=None).values_list("kind", flat=True))
    missing = [kind for kind in planned() if kind.id not in there]
    for kind in missing:
        last = ReviewTask.objects.filter(kind=kind.id).order_by("-due_on").values_list("due_on", flat=True).first()
        ReviewTask(kind=kind.id, due_on=next_due(kind, last) if last else first_due(kind, _today())).save(force_insert=True)
    if missing:
        trail.recorder().write(Line(Act.SYSTEM, "review.reviewtask", "plan_reviews"))
    return len(missing)


def _open(kind: str) -> ReviewTask:
    plan_reviews()
    return ReviewTask.objects.defer("findings").get(kind=kind, completed_at=None)


def record_evidence(
    kind: str, key: str, words: str, *, by: User | None = None, file: tuple[str, bytes] | None = None, task: ReviewTask | None = None
) -> Evidence:
    """Keep evidence under ``key`` for the review of ``kind`` (such as "REV-3") that comes next, or for ``task``; ``by`` None: a job.

    ``file`` is a name and its bytes, which pass the sieve. Raises Refused without words or file, for a name that the schedule does not
    ask for, and once the review is completed.
    """
    if key not in kinds()[kind].evidence:
        raise Refused(kind, "The schedule asks for no such evidence.", "Choose one of those that it names.")
    if not words.strip() and not file:
        raise Refused(kind, "Evidence is a line or a file.", "Write down what you looked at, or add the file.")
    row = Evidence(task=task or _open(kind), key=key, given_by=by)
    if row.task.completed_at:
        raise Refused(kind, "This review is completed, and what it rests on is final.", "Keep it for the next one.")
    if file:
        _keep(row, *file)
    row.words = words.strip()
    row.save(force_insert=True)
    trail.change(row, "record_evidence")
    return row


def take_drills() -> int:
    """The last good drill of a restore since REV-3 was planned is its evidence, given once; returns how many lines that were."""
    task = ReviewTask.objects.defer("findings").filter(kind="REV-3", completed_at=None).first()
    if task is None or Evidence.objects.filter(task=task).exists():
        return 0
    good = Run.objects.filter(kind=Run.Kind.DRILL, outcome=Run.Outcome.GOOD, ended_at__gt=task.planned_at).order_by("-ended_at").first()
    if good is None:
        return 0
    shown = f"Set {good.name}: {good.rows:,} rows, {good.differing} tables differing, {good.opened:,} values opened, {good.shut} shut."
    record_evidence("REV-3", "hash", shown, task=task)
    record_evidence("REV-3", "took", f"{good.took_seconds or 0:.0f} seconds, on {timezone.localtime(good.ended_at):%-d %b %Y}.", task=task)
    return 2


def _keep(row: Evidence, name: str, raw: bytes) -> None:
    held = Evidence.objects.filter(task=row.task, about__isnull=False).count()
    if held >= FILES:
        raise Refused(row.task.kind, f"A review holds {FILES} files at most.", "Put several papers into one PDF.")
    clean = cleaned(name, raw)
    row.about = {"name": name[-LONGEST_NAME:], "sort": clean.sort.key, "size": len(clean.content)}
    row.content = clean.content


def begin_review(task: ReviewTask, *, by: User) -> None:
    """``by`` is at it. Begun again, nothing happens."""
    if task.begun_at is None and task.completed_at is None:
        task.begun_at, task.reviewer = clock.now(), task.reviewer or by
        task.save(update_fields=["begun_at", "reviewer"])
        trail.change(task, "begin_review")


def hand_review(task: ReviewTask, person: User, *, by: User) -> None:
    """``person`` does this review, admin or not. Raises Refused once it is completed."""
    if task.completed_at:
        raise Refused(task.kind, "This review is completed.", "")
    task.reviewer = person
    task.save(update_fields=["reviewer"])
    trail.change(task, "hand_review")


def missing_evidence(task: ReviewTask) -> list[str]:
    """What the schedule asks for and is not there yet, in words."""
    given = set(Evidence.objects.filter(task=task).values_list("key", flat=True))
    return [label for key, label in kinds()[task.kind].evidence.items() if key not in given]


def is_solo() -> bool:
    """Whether one person is the whole practice."""
    return User.objects.staff().count() == 1


def complete_review(task: ReviewTask, findings: str, *, by: User) -> ReviewTask:
    """``by`` says that they looked, and what they found; final. Returns the next one, due a period after this one was.

    Raises Refused without evidence, and where ``by`` is the only one whose work it looks at; alone in a practice it is allowed,
    and flagged as self-reviewed.
    """
    kind = kinds()[task.kind]
    if task.completed_at:
        raise Refused(kind.id, "This review is completed already.", "")
    if missing := missing_evidence(task):
        raise Refused(kind.id, f"Evidence is missing: {', '.join(missing)}.", "Add a line or a file for each of them.")
    solo = is_solo()
    if not solo:
        _require_another(kind, by)
    task.completed_at, task.completed_by, task.self_reviewed = clock.now(), by, solo
    task.findings = findings.strip()
    if not task.findings and not task.actions.filter(done_at=None).exists():
        task.closed_at = task.completed_at
    task.save(update_fields=["completed_at", "completed_by", "self_reviewed", "findings", "closed_at", "version"])
    trail.change(task, "complete_review")
    after = ReviewTask(kind=kind.id, due_on=next_due(kind, task.due_on))
    after.save(force_insert=True)
    return after


def _require_another(kind: Kind, by: User) -> None:
    if subjects_of(kind) == {by.pk}:
        words = "You are the only one whose work this review looks at, and nobody reviews themself."
        raise Refused(kind.id, words, "Hand it to a colleague.")


def add_review_action(task: ReviewTask, words: str, owner: User, due_on: datetime.date, *, by: User) -> ReviewAction:
    """``owner`` sees to ``words`` by ``due_on``. Raises Refused without words, for a day that is over, and once the review is closed."""
    if not words.strip():
        raise Refused(task.kind, "What is to be done is written down.", "One sentence is enough.")
    if due_on < _today():
        raise Refused(task.kind, "That day is over.", "Choose today or a day to come.")
    if task.closed_at:
        raise Refused(task.kind, "This review is closed.", "Add it to the next one.")
    row = ReviewAction(task=task, owner=owner, due_on=due_on)
    row.words = words.strip()
    row.save(force_insert=True)
    trail.change(row, "add_review_action")
    return row


def finish_review_action(row: ReviewAction, outcome: str, *, by: User) -> None:
    """It is done, as ``outcome`` says. Raises Refused without words, and twice."""
    if row.done_at:
        raise Refused(row.task.kind, "This is done already.", "")
    if not outcome.strip():
        raise Refused(row.task.kind, "What was done is written down.", "One sentence is enough.")
    row.done_at, row.done_by, row.outcome = clock.now(), by, outcome.strip()
    row.save(update_fields=["done_at", "done_by", "outcome", "version"])
    trail.change(row, "finish_review_action")


def close_review(task: ReviewTask, *, by: User) -> None:
    """Nothing of it is left to do. Raises Refused before it is completed, and while an action is open."""
    if not task.completed_at or task.closed_at:
        raise Refused(task.kind, "Only a completed review is closed, and once.", "")
    if task.actions.filter(done_at=None).exists():
        raise Refused(task.kind, "An action of it is not done.", "Do it, or write down why it is not needed.")
    task.closed_at = clock.now()
    task.save(update_fields=["closed_at"])
    trail.change(task, "close_review")
