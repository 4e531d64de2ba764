"""The practice's profile, kept by admins; and its logo, which everybody sees."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audit.doors import changes, public
from practice import access, ownership
from practice.actions import profile
from practice.factors import reauthenticated
from practice.forms.profile import LogoForm, OwnershipForm, ProfileForm
from practice.models import Practice, User
from practice.profile import profile as sign
from practice.refusals import Refused


@changes(access.governed_practice)
@reauthenticated
def practice_profile(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Name, clock, limits, states and flags."""
    form = ProfileForm(request.POST if request.method == "POST" else None, practice=practice)
    if not form.is_valid():
        return _page(request, form=form)
    changed = profile.change(practice, by=_me(request), **form.cleaned_data)
    messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
    return redirect("practice_profile")


@changes(access.governed_practice)
@reauthenticated
def logo_change(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Put up a logo, or take it down."""
    if request.method != "POST":
        return redirect("practice_profile")
    if "remove" in request.POST:
        profile.take_down_logo(practice, by=_me(request))
        messages.success(request, _("The logo is gone."))
        return redirect("practice_profile")
    logo = LogoForm(request.POST, request.FILES)
    if logo.is_valid():
        try:
            profile.put_up_logo(practice, logo.cleaned_data["logo"], by=_me(request))
            messages.success(request, _("This is the new logo."))
            return redirect("practice_profile")
        except Refused as refusal:
            logo.add_error("logo", f"{refusal.words} {refusal.todo}")
    return _page(request, form=ProfileForm(practice=practice), logo=logo)


@changes(access.governed_practice)
@reauthenticated
def ownership_choose(request: HttpRequest, practice: Practice) -> HttpResponse:
    """To whom the records belong: chosen once, changed for a reason."""
    chosen = list(access.ownerships())
    form, refusal = OwnershipForm(request.POST if request.method == "POST" else None, chosen=bool(chosen)), None
    if form.is_valid():
        try:
            profile.choose_ownership(practice, by=_me(request), **form.cleaned_data)
            messages.success(request, _("Chosen. It holds from now on and does not work back."))
            return redirect("practice_profile")
        except Refused as refused:
            refusal = refused
    context = {"form": form, "refusal": refusal, "chosen": [(row, ownership.models()[row.model]) for row in chosen]}
    return render(request, "practice/ownership_choose.html", context, status=422 if request.method == "POST" else 200)


def _page(request: HttpRequest, *, form: ProfileForm, logo: LogoForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "logo_form": logo or LogoForm(), "owner": ownership.models().get(sign().ownership)}
    return render(request, "practice/practice_profile.html", context, status=422 if request.method == "POST" else 200)


@public("The practice's own sign, as over a door; it shows no person and no record.")
def practice_logo(request: HttpRequest, mark: str) -> HttpResponse:
    """The logo as WebP. ``mark`` only makes the address a new one when the logo changes."""
    found = access.logos().first()
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.image), content_type="image/webp", headers={"X-Content-Type-Options": "nosniff"})


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
