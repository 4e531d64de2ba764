"""Containing: what the house can do at once, and tasks for the rest. Each act stands on the trail and on the incident's timeline."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import NamedTuple

from audit import clock, trail
from breaches.access import ended_invitations, ended_links, own_suspicion
from breaches.models import Entry, Incident, Outcome, Task
from clients.actions import withdraw_portal_invitation
from clients.models import Client
from disclosures.actions import stop_link
from practice.access import invitations as sent_invitations
from practice.actions import credentials, invitations, outbox, sessions, staff
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused

from .timeline import write

SUBJECT = "Something waits for you"
BODY = """A colleague gave you something to do. Sign in to see what, and until when:

{url}
"""


def _end_sessions(person: User, by: User) -> str:
    ended = sessions.end_others(person, keep="", by=by)
    return f"Ended {ended} sign-in{'' if ended == 1 else 's'} of {{who}}."


def _suspend(person: User, by: User) -> str:
    staff.suspend(person, by=by)
    return "Suspended {who}: signed out everywhere, nobody signs in as them, and links they sent stop working."


def _resume(person: User, by: User) -> str:
    staff.resume(person, by=by)
    return "Let {who} sign in again."


def _lock(person: User, by: User) -> str:
    keys = credentials.lock(person, by=by)
    return f"Made the password of {{who}} useless and removed {keys} passkey{'' if keys == 1 else 's'}; a link to choose anew went to them."


def _withdraw(person: User, by: User) -> str:
    open_ones = list(sent_invitations(by).filter(invited_by=person, used_at=None, withdrawn_at=None))
    for each in open_ones:
        invitations.withdraw(each, by=by)
    return f"Withdrew {len(open_ones)} invitation{'' if len(open_ones) == 1 else 's'} that {{who}} sent."


class Act(NamedTuple):
    """One act on an account: its words for the form, and what does it and says what was done."""

    words: str
    do: Callable[[User, User], str]


ACTS = {
    "sessions": Act("End every sign-in. They can sign in again.", _end_sessions),
    "suspend": Act("Suspend the account: signed out everywhere, nobody signs in, and links they sent stop working.", _suspend),
    "lock": Act("Make the password and the passkeys useless. A link goes to their mail; suspend if that is not safe.", _lock),
    "invitations": Act("Withdraw the open invitations to the staff that they sent.", _withdraw),
    "resume": Act("Let a suspended account sign in again.", _resume),
}


def contain(incident: Incident, person: User, act: str, *, by: User, called: str) -> Entry:
    """Do ``act`` (of ACTS) to the account ``person``, ``called`` so in the timeline. In a drill nothing is done but written down.

    Raises Refused where the act may not be: for oneself, and where no privacy officer would be left.
    """
    if incident.drill:
        return write(incident, Entry.Kind.DONE, f"Rehearsed for {called}: {ACTS[act].words}", by=by)
    words = ACTS[act].do(person, by).format(who=called)
    return write(incident, Entry.Kind.DONE, words, by=by)


def withdraw_from_portal(incident: Incident, of: User | Client, *, by: User, called: str) -> Entry:
    """Withdraw every open invitation to the portal that a colleague sent, or that went to a client; ``called`` so in the timeline."""
    if incident.drill:
        return write(incident, Entry.Kind.DONE, f"Rehearsed for {called}: withdraw the open invitations to the portal.", by=by)
    whose = {"invited_by": of} if isinstance(of, User) else {"client": of.pk}
    open_ones = list(ended_invitations(by).filter(**whose))
    for each in open_ones:
        withdraw_portal_invitation(each, by=by)
    number, sent = len(open_ones), "sent by" if isinstance(of, User) else "of"
    words = f"Withdrew {number} invitation{'' if number == 1 else 's'} to the portal {sent} {called}: link and words open nothing now."
    return write(incident, Entry.Kind.DONE, words, by=by)


def stop_links(incident: Incident, of: User | Client, *, by: User, called: str) -> Entry:
    """Stop every link of a release that a colleague sent, or that opens the record of a client; ``called`` so in the timeline."""
    if incident.drill:
        return write(incident, Entry.Kind.DONE, f"Rehearsed for {called}: stop the links of releases.", by=by)
    whose = {"sent_by": of} if isinstance(of, User) else {"client": of.pk}
    working = list(ended_links(by).filter(**whose))
    for each in working:
        stop_link(each, by=by)
    number, sent = len(working), "sent by" if isinstance(of, User) else "to the record of"
    words = f"Stopped {number} link{'' if number == 1 else 's'} of releases {sent} {called}: nothing can be fetched by them now."
    return write(incident, Entry.Kind.DONE, words, by=by)


def give_task(incident: Incident, owner: User, words: str, due_on: datetime.date, *, by: User) -> Task:
    """``owner`` is to do something until ``due_on``; it waits on their Home, and a mail says that something does.

    Raises Refused without words, for a day that is over, and for somebody who may be the cause.
    """
    if not words.strip():
        raise Refused("BR-17", "A task says what is to be done.", "One sentence is enough.")
    if due_on < clock.today():
        raise Refused("BR-17", "That day is over.", "Choose today or a day to come.")
    if own_suspicion(incident, owner).exists() and owner.pk != by.pk:
        raise Refused("BR-17", "This person may be the cause, and sees nothing of it.", "Give it to somebody else.")
    row = Task(incident=incident, owner=owner, due_on=due_on, given_by=by)
    row.words = words.strip()
    row.save(force_insert=True)
    trail.change(row, "incident_task")
    if owner.pk != by.pk and not incident.drill:
        outbox.queue("task", owner.email, SUBJECT, BODY.format(url=site_link("home")))
    return row


def finish_task(task: Task, *, by: User, outcome: str = "") -> None:
    """It is done, and ``outcome`` says what came of it, or why it was not needed. Done again, nothing happens."""
    if task.done_at is None:
        if outcome.strip():
            said = Outcome(incident_id=task.incident_id, task=task, by=by)
            said.words = outcome.strip()
            said.save(force_insert=True)
        Task.objects.filter(pk=task.pk).update(done_by=by, done_at=clock.now())
        trail.change(task, "incident_task_done")
