"""Papers in every state that a page can show: waiting, asked about, answered, declined, and taken back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager

from clients.models import Client
from consent import actions, law
from consent.access import own_signers
from consent.actions.asking import Sending
from consent.actions.signing import Given
from consent.clauses import clauses
from consent.models import Question, Request, Signature, Signer, Version
from practice.models import User

from .consents import answers_to, signers
from .people import People, days_ago

Acting = Callable[[User, datetime.datetime], AbstractContextManager[None]]
DAY = datetime.timedelta(days=1)
KEYS = ("cleo", "mia", "ray", "lucia", "juniper")


class Desk:
    """One client's papers, asked by their counselor; every act at its own moment by whoever does it."""

    def __init__(self, client: Client, by: User, people: People, acting: Acting) -> None:
        self.client, self.by, self.people, self.acting = client, by, people, acting

    def ask(self, form: str, ago: int, *, language: str = "en", days: int = 30) -> Request:
        """The shipped ``form`` in force, asked ``ago`` days ago, open for ``days``."""
        with self.acting(self.by, days_ago(ago)):
            found = Version.objects.filter(form__shipped_as=form, state=Version.State.IN_FORCE, language=language)
            version, sending = found.select_related("form").get(), Sending(reply_by=days_ago(-days))
            return actions.ask(self.client, version, by=self.by, counselor=self.by, signers=signers(self.client, []), sending=sending)

    def question(self, paper: Request, who: str, ago: int, anchor: str, text: str) -> Question:
        """``who`` reads ``paper`` in the portal and asks about a clause."""
        user = self.people[who]
        with self.acting(user, days_ago(ago)):
            signer = own_signers(user).get(request=paper)
            actions.present(signer, by=user)
            return actions.ask_question(signer, anchor, text, by=user)

    def answer(self, question: Question, ago: int, text: str) -> None:
        """The counselor answers."""
        with self.acting(self.by, days_ago(ago)):
            actions.answer(question, text, by=self.by)

    def sign(self, paper: Request, who: str, name: str, ago: int) -> Signer:
        """``who`` agrees to sign on screen, and signs."""
        user = self.people[who]
        with self.acting(user, days_ago(ago)):
            signer = own_signers(user).get(request=paper)
            actions.present(signer, by=user)
            actions.agree_electronically(signer, by=user, shown=list(law.disclosures()), demonstrated="typed the word of the sample paper")
            given = Given(
                name=name, shown=bytes(paper.shown_hash).hex(), voluntary=True, method=Signature.Method.PASSWORD,
                answers=answers_to(paper.shown),
            )  # fmt: skip
            actions.sign(signer, given, by=user)
            return signer

    def withdraw(self, signer: Signer, who: str, ago: int, reason: str) -> None:
        """``who`` takes it back."""
        with self.acting(self.people[who], days_ago(ago)):
            actions.withdraw(own_signers(self.people[who]).get(pk=signer.pk), by=self.people[who], reason=reason)

    def decline(self, paper: Request, ago: int, reason: str) -> None:
        """The client says no, on the device that the counselor handed over."""
        with self.acting(self.by, days_ago(ago)):
            actions.decline(paper.signers.get(), by=self.by, reason=reason)


def leave(key: str, desk: Desk) -> None:
    """Leave the papers of the story ``key`` as its pages show them; nothing for most stories."""
    if key in KEYS:
        {"cleo": _cleo, "mia": _mia, "ray": _ray, "lucia": _lucia, "juniper": _juniper}[key](desk)


def _cleo(desk: Desk) -> None:
    desk.sign(desk.ask("confidentiality", 60), "cleo", "Cleo Marchetti", 58)
    desk.sign(desk.ask("reaching", 50), "cleo", "Cleo Marchetti", 49)
    back = desk.sign(desk.ask("recording", 40), "cleo", "Cleo Marchetti", 39)
    desk.withdraw(back, "cleo", 20, "I would rather not be on tape this month.")
    desk.ask("intake-adult", 3)
    asked = desk.ask("privacy-notice", 5)
    desk.question(asked, "cleo", 2, _anchor(asked), "My mother calls every evening. If she called you, would you tell her I come here?")


def _mia(desk: Desk) -> None:
    paper = desk.ask("telehealth", 6)
    asked = desk.question(paper, "gus", 4, _anchor(paper), "Does Mia have to be alone in the room when you meet by video?")
    desk.answer(asked, 1, "No. You can begin together, and she tells us when she would like the door closed.")
    desk.ask("intake-minor", 45, days=30)  # its time is over


def _ray(desk: Desk) -> None:
    desk.decline(desk.ask("recording", 9), 9, "My voice is the one thing I keep.")


def _lucia(desk: Desk) -> None:
    desk.ask("counseling", 2, language="es")


def _juniper(desk: Desk) -> None:
    desk.ask("recording", 1)


def _anchor(paper: Request) -> str:
    return next(clause.anchor for clause in clauses(paper.shown) if clause.title)
