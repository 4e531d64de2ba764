"""What one agreed to about papers on screen, and the practice's own papers that are always within reach (NPP-4)."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audit.doors import changes, lists
from clients.views import me
from consent import access, actions, law
from consent.clauses import clauses, filled
from consent.models import ElectronicConsent, Form, Version
from practice.access import portal_practice
from practice.models import Practice


@lists(access.own_agreements, within=portal_practice)
def my_agreements(request: HttpRequest, practice: Practice, agreements: QuerySet[ElectronicConsent]) -> HttpResponse:
    """The agreements to read and sign on screen that stand, each with what was told, and the way out."""
    return render(request, "consent/my_agreements.html", {"agreements": agreements, "points": law.disclosures()})


@changes(access.own_agreements)
def agreement_withdraw(request: HttpRequest, agreement: ElectronicConsent) -> HttpResponse:
    """No more signing on screen: papers come on paper from now on, and what was signed stays signed."""
    if request.method == "POST":
        actions.withdraw_electronic(agreement, by=me(request))
        messages.success(request, _("From now on we give you papers on paper. What you signed before stays signed."))
        return redirect("my_agreements")
    return render(request, "consent/agreement_withdraw.html", {"agreement": agreement})


# --- always within reach ------------------------------------------------------------------------------------------------


@changes(portal_practice)
def privacy_notice(request: HttpRequest, practice: Practice) -> HttpResponse:
    """The notice of privacy practices in force. Opening it the first time is noted as its delivery (NPP-1)."""
    wording = _in_force(Form.Kind.NOTICE)
    reached = access.notices_open_to(request.user).filter(wording=wording)
    unreached = access.own_signers(request.user).exclude(client__in=reached.values("client")).order_by()
    missing = {*unreached.values_list("client_id", flat=True)} if wording else set()
    if request.method == "POST":
        if wording:
            actions.deliver_notice(wording, missing, by=me(request))
        return redirect("privacy_notice")
    return _own_paper(request, practice, None if missing else wording, _("Notice of privacy practices"), unopened=bool(missing))


@changes(portal_practice)
def confidentiality_policy(request: HttpRequest, practice: Practice) -> HttpResponse:
    """The confidentiality policy in force."""
    return _own_paper(request, practice, _in_force(Form.Kind.POLICY), _("Confidentiality policy"))


def _in_force(kind: str) -> Version | None:
    """The wording in force of the practice's paper of that kind, in English where there are several."""
    found = access.versions_in_force().filter(form__kind=kind)
    return found.filter(language="en").first() or found.first()


def _own_paper(request: HttpRequest, practice: Practice, wording: Version | None, heading: str, *, unopened: bool = False) -> HttpResponse:
    names = {"practice": practice.name, "counselor": "your counselor", "client": "you", "supervision": "", "date": ""}
    parts = [{"clause": clause} for clause in clauses(filled(wording.text, names))] if wording else []
    found = {"wording": wording, "parts": parts, "heading": heading, "unopened": unopened}
    return render(request, "consent/own_paper.html", found)
