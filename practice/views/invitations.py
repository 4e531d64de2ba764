"""The link from an invitation: opened by anyone who has it, finished once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from audit.doors import public
from practice.actions import invitations
from practice.forms.passwords import FirstPasswordForm
from practice.models import User


@sensitive_post_parameters()
@public("The link from the mail is the proof; opening it uses nothing up.")
def invitation_accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Choose a password and join the staff. Signing in comes after, and with it the second step."""
    invitation = invitations.find(secret)
    if invitation is None:
        return render(request, "practice/invitation_accept.html", {"form": None}, status=404)
    known = invitations.holder(invitation)
    person = known or User(name=invitation.name, email=invitation.email)
    form = None if known else FirstPasswordForm(request.POST or None, person=person)
    if request.method == "POST" and (form is None or form.is_valid()):
        invitations.accept(secret, form.cleaned_data["password1"] if form else "")
        return redirect("account_login")
    return render(request, "practice/invitation_accept.html", {"form": form, "known": bool(known), "name": invitation.name})
