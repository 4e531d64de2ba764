"""Changing a password, and choosing a new one by a link that came by mail."""

from __future__ import annotations

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from audit.doors import changes, public
from practice import access, throttle
from practice.actions import credentials
from practice.forms.passwords import AddressForm, FirstPasswordForm
from practice.models import User
from practice.models.people import address_token
from practice.sessions import stored_key

from .entrance import rendered


@changes(access.own_account)
def account_change_password(request: HttpRequest, person: User) -> HttpResponseBase:
    """A new password, with the old one. Every other session ends."""
    response = rendered(account.password_change(request))
    if request.method == "POST" and response.status_code == 302:
        credentials.changed(person, "password_change", "a new password", keep=stored_key(request.session.session_key or ""))
    return response


@public("Whoever forgot the password cannot sign in; one answer for every address.")
def account_reset_password(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail."""
    form = AddressForm(request.POST or None)
    if not form.is_valid():
        return render(request, "account/password_reset.html", {"form": form})
    address = form.cleaned_data["email"].strip()
    if throttle.guess(request, address_token(address), "reset"):
        credentials.ask_for_reset(address)
    return redirect("account_reset_password_done")


@public("Says the same to everybody who asked for a link.")
def account_reset_password_done(request: HttpRequest) -> HttpResponse:
    """Look in your mail."""
    return render(request, "account/password_reset_done.html")


@sensitive_post_parameters()
@public("The link from the mail is the proof; opening it uses nothing up.")
def account_reset_password_from_key(request: HttpRequest, ident: str, token: str) -> HttpResponse:
    """Choose a new password by a link. GET shows the form as often as a mail scanner likes; POST uses the link."""
    person = credentials.person_of_link(ident, token)
    form = FirstPasswordForm(request.POST or None, person=person) if person else None
    if form and form.is_valid():
        if credentials.reset(ident, token, form.cleaned_data["password1"]):
            return redirect("account_reset_password_from_key_done")
        form = None
    page = {"form": form, "token_fail": form is None, "action_url": request.path, "cancel_url": "/"}
    return render(request, "account/password_reset_from_key.html", page, status=200 if form else 404)


@public("Says that the password is new.")
def account_reset_password_from_key_done(request: HttpRequest) -> HttpResponse:
    """The password is changed; sign in."""
    return render(request, "account/password_reset_from_key_done.html")
