"""The pages of whoever comes with a link to the portal: the words first, then an account. Opening them uses nothing up."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from audit import clock
from audit.doors import public
from clients.actions import inviting
from clients.forms.portal import OwnAddressForm, WordsForm
from practice import signin, throttle
from practice.forms.passwords import FirstPasswordForm
from practice.limits import PORTAL_OPENED
from practice.models import User

_SESSION = "portal_invitation"
# One sentence for wrong words, and for a link that never was, is used, withdrawn, closed or too old (attack 47, 82).
NO_MATCH = _("These words and this link do not go together, or the link no longer works. Check the words, or ask for a new link.")
TAKEN = _("This address cannot be used for a new account. If it is yours, sign in with it first.")


@sensitive_post_parameters()
@public("The link alone opens nothing and tells nothing; it needs the words that were told to the client.")
def portal_join(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for the three words: the same page for every link there could be."""
    form = WordsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        attempt = throttle.guess(request, hashlib.sha256(secret.encode()).hexdigest()[:32], "portal")
        ident = inviting.try_words(secret, form.cleaned_data["words"], allowed=attempt is not None)
        if attempt and ident:
            throttle.forgive(attempt)
            return _opened(request, ident)
        form.add_error(None, str(NO_MATCH))
    return render(request, "clients/portal_join.html", {"form": form}, status=422 if form.is_bound else 200)


def _opened(request: HttpRequest, ident: UUID) -> HttpResponse:
    request.session.cycle_key()
    request.session[_SESSION] = [str(ident), clock.now().timestamp()]
    return redirect("portal_account")


def _held(request: HttpRequest) -> UUID | None:
    """The invitation whose words were said in this session, not long ago."""
    ident, at = request.session.get(_SESSION) or ("", 0.0)
    return UUID(ident) if ident and clock.now().timestamp() - at < PORTAL_OPENED.total_seconds() else None


@sensitive_post_parameters()
@public("Whoever said the right words has no account yet, or signs in with theirs.")
def portal_account(request: HttpRequest) -> HttpResponse:
    """Choose a password or a passkey, or go on with the account one has."""
    ident = _held(request)
    guest = inviting.guest_of(ident) if ident else None
    if ident is None or guest is None:
        return render(request, "clients/portal_account.html", {"over": True}, status=404)
    if isinstance(request.user, User):
        return _linked(request, ident, request.user)
    forms = _forms(request, guest)
    if request.method == "POST" and not guest.has_account and all(form.is_valid() for form in forms.values()):
        return _joined(request, ident, guest, forms)
    return _page(request, guest, forms)


def _page(request: HttpRequest, guest: inviting.Guest, forms: dict[str, Any]) -> HttpResponse:
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(
        request, "clients/portal_account.html", {"guest": guest, "forms": forms, "here": reverse("portal_account")}, status=status
    )


def _forms(request: HttpRequest, guest: inviting.Guest) -> dict[str, Any]:
    sent = request.POST if request.method == "POST" else None
    typed = request.POST.get("email", "") if guest.by_hand else guest.email
    found: dict[str, Any] = {"address": OwnAddressForm(sent)} if guest.by_hand else {}
    if sent is None or "passkey" not in sent:
        found["password"] = FirstPasswordForm(sent, person=User(name=guest.name, email=typed))
    return found


def _joined(request: HttpRequest, ident: UUID, guest: inviting.Guest, forms: dict[str, Any]) -> HttpResponse:
    address = forms["address"].cleaned_data["email"] if guest.by_hand else ""
    password = forms["password"].cleaned_data["password1"] if "password" in forms else None
    try:
        person = inviting.accept_portal_invitation(ident, address=address, password=password)
    except inviting.AddressTaken:
        return _taken(request, guest, forms)
    del request.session[_SESSION]
    if person is None:
        return render(request, "clients/portal_account.html", {"over": True}, status=404)
    url = reverse("portal_home" if password else "mfa_add_webauthn")
    return signin.begin(request, person, "password" if password else "invitation", url)


def _taken(request: HttpRequest, guest: inviting.Guest, forms: dict[str, Any]) -> HttpResponse:
    """Say so, a few times at most: whoever tries addresses learns who else has an account."""
    request.session["portal_taken"] = tries = request.session.get("portal_taken", 0) + 1
    if tries >= 5:
        del request.session[_SESSION]
    next(iter(forms.values())).add_error(None, str(TAKEN))
    return _page(request, guest, forms)


def _linked(request: HttpRequest, ident: UUID, person: User) -> HttpResponse:
    if request.method != "POST":
        return render(request, "clients/portal_account.html", {"person": person})
    joined = inviting.accept_portal_invitation(ident, person=person)
    del request.session[_SESSION]
    if joined is None:
        return render(request, "clients/portal_account.html", {"over": True}, status=404)
    return redirect("portal_home")
