"""Locks, cabinets and keys, and what is out of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, lists, shown
from clients.views import again, me
from paper import access, actions
from paper.forms import CabinetForm, KeyForm, LockForm, ReturnedKeyForm
from paper.models import Checkout
from practice.access import colleagues, governed_practice, staffed_practice
from practice.models import Practice
from practice.refusals import Refused


@lists(access.open_checkouts, within=staffed_practice)
def paper_out(request: HttpRequest, practice: Practice, checkouts: QuerySet[Checkout]) -> HttpResponse:
    """What is out: by label, with whom, until when; and which keys the reader has."""
    rows = list(checkouts.defer("purpose", "destination", "condition")[:200])
    shown([row.client_id for row in rows])
    found = {"rows": rows, "keys": access.keys(request.user).filter(person=request.user.pk), "cabinets": access.cabinets(request.user)}
    return render(request, "paper/paper_out.html", found | {"governs": governed_practice(request.user).exists()})


@changes(governed_practice)
def paper_cabinets(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Locks, cabinets and who has which key."""
    what = request.POST.get("what", "")
    forms, refusal = _forms(request, what), None
    form = forms.get(what)
    if form is not None and form.is_valid():
        try:
            _done(what, form.cleaned_data, me(request))
            messages.success(request, "Kept.")
            return redirect("paper_cabinets")
        except Refused as refused:
            refusal = refused
    found = {"forms": forms, "refusal": refusal, "cabinets": access.cabinets(request.user), "keys": access.keys(request.user)}
    return again(request, "paper/paper_cabinets.html", found)


def _forms(request: HttpRequest, what: str) -> dict[str, Any]:
    locks, people = list(access.locks(request.user)), list(colleagues(request.user))
    kept = list(access.keys(request.user))
    made: dict[str, Callable[..., Any]] = {
        "lock": lambda *given: LockForm(*given, people=people),
        "cabinet": lambda *given: CabinetForm(*given, locks=locks),
        "key": lambda *given: KeyForm(*given, locks=locks, people=people),
        "back": lambda *given: ReturnedKeyForm(*given, keys=kept),
    }
    return {name: make(*([request.POST] if what == name else [])) for name, make in made.items()}


def _done(what: str, said: dict[str, Any], by: Any) -> None:
    if what == "lock":
        actions.add_lock(said["lock_name"], by=by, originator=said["originator"])
    elif what == "cabinet":
        actions.add_cabinet(said["name"], said["place"], said["lock"], by=by)
    elif what == "key":
        actions.give_key(said["key_lock"], said["person"], by=by)
    else:
        actions.take_key(said["key"], by=by)
