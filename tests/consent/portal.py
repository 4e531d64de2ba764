"""Somebody at the portal: a browser that signed in as people do, and the ways through its pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from audit import clock
from clients import actions as clients
from clients.models import Client, Representative
from consent import access, actions, law
from consent.models import Signer
from consent.sample import word_for
from practice.models import User
from practice.roles import Role
from tests.cast import SignIn, acting, person
from tests.committed import House

from .papers import CONSENT, asked, form_in_force, signed_by
from .releases import WHAT, release

QUESTION = "Does my sister in Tarifa read the violet ledger?"
ANSWER = "Only if you tell us so in writing, with her name."
QUESTIONNAIRE = (
    CONSENT
    + """
## What brings you here? {#why long required}
In your own words.

## Since when? {#since date}

## How did you find us? {#how choice}
- A friend
- A doctor
"""
)


def at_portal(sign_in: SignIn, user: User, *records: dict[str, Any]) -> Browser:
    """A browser of ``user`` in which allauth has noted how they signed in; by password unless ``records`` say otherwise."""
    browser = sign_in(user)
    kept = browser.session
    kept["account_authentication_methods_user"] = str(user.pk)
    kept["account_authentication_methods"] = [*(records or [{"method": "password"}])]
    for each in kept["account_authentication_methods"]:
        each.setdefault("at", clock.now().timestamp())
    kept.save()
    return browser


def signer_of(user: User) -> Signer:
    """The one paper that ``user`` is named to sign."""
    with acting(user):
        return access.own_signers(user).get()


def read(browser: Browser, signer: Signer) -> None:
    """Open the paper, as the button in the list does."""
    assert browser.post(reverse("paper_read", args=[signer.pk]), {"act": "open"}).status_code == 302


def agree(browser: Browser, signer: Signer, user: User) -> Any:
    """Go through the six points with the right word."""
    said = {"edition": law.edition(), "word": word_for(user), "agree": "on"}
    return browser.post(reverse("paper_agree", args=[signer.pk]), said)


def ready(browser: Browser, user: User) -> Signer:
    """``user``'s one paper, opened, and signing on screen agreed to."""
    signer = signer_of(user)
    read(browser, signer)
    assert agree(browser, signer, user).status_code == 302
    return signer


def signature(signer: Signer, **more: str) -> dict[str, str]:
    """What the signing page sends."""
    shown = bytes(signer.request.shown_hash).hex()
    return {"shown": shown, "voluntary": "on", "name": "Cleo Marchetti", "then": "sign", "version": "0"} | more


def ask(browser: Browser, signer: Signer, text: str = QUESTION, ident: str = "5f9b9f0e-0000-4000-8000-000000000001") -> Any:
    """Ask about the clause on limits."""
    return browser.post(reverse("paper_read", args=[signer.pk]), {"act": "ask", "anchor": "limits", "ident": ident, "text": text})


def parent(client: Client, name: str, by: User, **more: Any) -> tuple[User, Representative]:
    """Somebody with authority for ``client`` and an account in the portal."""
    user = person(name, Role.REPRESENTATIVE)
    with acting(by):
        since = more.pop("since", clock.now())
        row = clients.add_representative(
            client, by=by, relation=Representative.Relation.PARENT, name=name, since=since, authority="joint legal custody", **more
        )
        clients.give_portal(client, user, by=by, representative=row)
        row = Representative.objects.get(pk=row.pk)
    return user, row


def answered(user: User, by: User, text: str = ANSWER) -> None:
    """``by`` answers the one question of ``user``."""
    with acting(by):
        actions.answer(access.open_questions(by).get(), text, by=by)


def cleos_papers(house: House) -> dict[str, Any]:
    """For the matrix: a paper of Cleo's that waits with an open question, one that is signed, and a release that ends with an event."""
    user, done = house.portal_cleo, asked(house.cleo, house.ana, form_in_force())
    made: dict[str, Any] = {"cleos_signature": signed_by(user, done)}
    waiting = asked(house.cleo, house.ana, form_in_force("questionnaire", text=QUESTIONNAIRE, title="About you"))
    made["cleos_release"] = release(house.cleo, house.ana, replace(WHAT, expires_on=None, expiry_event="the end of treatment"))
    signed_by(user, made["cleos_release"])
    with acting(user):
        made["cleos_agreement"] = access.own_agreements(user).get()
        made["cleos_paper"] = access.own_signers(user).get(request=waiting)
        actions.present(made["cleos_paper"], by=user)
        made["cleos_question"] = actions.ask_question(made["cleos_paper"], "limits", "Who hears the teal accordion?", by=user)
    return made
