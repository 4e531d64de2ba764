"""The letters of an incident: what they say, who is told and how, batches for the post, and the proof."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from audit.doors import changes, exports, reads
from breaches import access, actions
from breaches.forms.letters import AddressForm, ProofForm, WordingForm
from breaches.letters import TITLES, missing, needs_public_notice, unplain
from breaches.models import BLOCKS, Batch, ClientLetter, Incident, Told
from breaches.standing import standing
from clients.paging import page_of
from clients.views import again, me
from practice.refusals import Refused

from .incidents import done, page
from .steps import steps_of

SIZE = 50
TONES = {"waiting": "wait", "ready": "info", "unreachable": "danger", "sending": "wait", "sent": "good", "returned": "warn"}
ORDER = ("returned", "unreachable", "waiting", "ready", "sending", "sent")


def _standing(request: HttpRequest, incident: Incident) -> list[tuple[str, str, int]]:
    """How many stand where: label, tone, number."""
    rows = access.told(request.user).filter(incident=incident).order_by()
    found = dict(rows.values_list("state").annotate(number=Count("pk")))
    return [(Told.State(state).label, TONES[state], found[state]) for state in ORDER if state in found]


def _uncertain(request: HttpRequest, incident: Incident) -> int:
    return access.told(request.user).filter(Q(notice__state="uncertain"), incident=incident, state=Told.State.SENDING).count()


@reads(access.kept_incidents)
def incident_letters(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Where the letters stand: what they say, who is told, what waits for the post, and what came back."""
    rows = access.told(request.user).filter(incident=incident).defer("proof", "mail", "name", "address")
    some = page_of(rows, order=("-planned_at", "-pk"), size=SIZE, newer=request.GET.get("newer", ""), older=request.GET.get("older", ""))
    numbers_by = _standing(request, incident)
    numbers = {label: number for label, _, number in numbers_by}
    lost = numbers.get(Told.State.UNREACHABLE.label, 0) + numbers.get(Told.State.RETURNED.label, 0)
    waiting = access.confirmed(incident).exclude(client__in=rows.order_by().values("client")).count()
    context: dict[str, Any] = {
        "incident": incident,
        "wording": access.wordings(incident).first(),
        "titles": TITLES,
        "told": some,
        "tones": TONES,
    }
    context |= {"batches": access.batches(request.user).filter(incident=incident).defer("pdf"), "standing": numbers_by, "waiting": waiting}
    context |= {"lost": lost, "public": needs_public_notice(lost), "uncertain": _uncertain(request, incident)}
    context |= {"portal": rows.filter(state=Told.State.READY, way=Told.Way.PORTAL).count(), "approved": access.approved_wording(incident)}
    context |= {
        "conflicts": [each.clock for each in standing(incident) if each.clock.conflict],
        "busy": rows.filter(state=Told.State.WAITING).exists(),
    }
    return render(request, "breaches/incident_letters.html", context | steps_of(incident))


@changes(access.open_incidents)
def wording_change(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Write the letter's five parts; approve it whole."""
    newest = access.wordings(incident).first()
    form, refusals = WordingForm(request.POST if request.method == "POST" else None, initial=newest.blocks if newest else {}), []
    if form.is_valid():
        row = actions.save_wording(incident, {name: form.cleaned_data[name] for name in BLOCKS}, by=me(request))
        if "approve" not in request.POST:
            return done(request, incident, "Saved.", to="incident_letters")
        refusals = [*missing(row.blocks), *unplain(row.blocks)]
        if not refusals:
            actions.approve_wording(row, by=me(request))
            return done(request, incident, "Approved. Letters can be prepared.", to="incident_letters")
    return _said(request, "wording_change", incident, form, refusals)


def _said(request: HttpRequest, name: str, incident: Incident, form: Form, refusals: list[Refused]) -> HttpResponse:
    """The form, with everything that is missing; it was kept all the same."""
    context = {"incident": incident, "form": form, "refusals": refusals} | steps_of(incident)
    return render(request, f"breaches/{name}.html", context) if refusals else again(request, f"breaches/{name}.html", context)


@changes(access.open_incidents)
def letters_prepare(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Have the worker prepare letters for everybody confirmed."""
    if request.method != "POST":
        return redirect("incident_letters", pk=incident.pk)
    rows = access.confirmed(incident)
    deceased = list(rows.filter(deceased=True).values_list("client", flat=True))
    try:
        number = actions.plan(incident, rows.values_list("client", flat=True), deceased=deceased, by=me(request))
    except Refused as refused:
        return page(request, "incident_refused", incident, Form(), refused)
    return done(request, incident, f"{number} letters are being prepared. This page shows how far they are.", to="incident_letters")


@changes(access.notifying_incidents)
def letters_send(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Send those that go by the portal."""
    if request.method == "POST":
        number = actions.send(incident, by=me(request))
        messages.success(request, f"{number} went to the outbox. Each is sent once.")
    return redirect("incident_letters", pk=incident.pk)


@changes(access.tellable)
def told_change(request: HttpRequest, told: Told) -> HttpResponse:
    """One person: another way or address, next of kin, that it came back, or that they were told otherwise."""
    form, proof, refusal = AddressForm(_posted(request, "name")), ProofForm(_posted(request, "proof")), None
    try:
        if _act(request, told, form, proof):
            return done(request, told.incident, "Kept.", to="incident_letters")
    except Refused as refused:
        refusal = refused
    return page(
        request, "told_change", told.incident, form, refusal, told=told, proof=proof, tone=TONES[told.state], posts=bool(told.address)
    )


def _posted(request: HttpRequest, field: str) -> Any:
    return request.POST if request.method == "POST" and field in request.POST else None


def _act(request: HttpRequest, told: Told, form: AddressForm, proof: ProofForm) -> bool:
    """Do what was asked; whether anything was."""
    by = me(request)
    if request.POST.get("way") in (Told.Way.POST, Told.Way.PORTAL):
        actions.choose(told, request.POST["way"], by=by)
    elif "returned" in request.POST:
        actions.returned(told, by=by)
    elif form.is_valid():
        actions.address(told, form.cleaned_data["name"], form.cleaned_data["address"], kin=form.cleaned_data["kin"], by=by)
    elif proof.is_valid():
        actions.told_otherwise(told, proof.cleaned_data["proof"], by=by)
    else:
        return False
    return True


@exports(access.batches)
def batch_paper(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The letters of a batch as one PDF, to print and to post."""
    header = content_disposition_header(True, f"letters-{batch.number}.pdf")
    return HttpResponse(bytes(batch.pdf), content_type="application/pdf", headers={"Content-Disposition": header})


@changes(access.postable)
def batch_posted(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The batch was handed to the post."""
    form = ProofForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, "batch_posted", batch.incident, form, batch=batch)
    number = actions.posted(batch, form.cleaned_data["proof"], by=me(request))
    return done(request, batch.incident, f"{number} letters are posted, each with its proof.", to="incident_letters")


@changes(access.letters_to_offer)
def letter_offer(request: HttpRequest, letter: ClientLetter) -> HttpResponse:
    """What the client was told, and that one offered to talk about it (BR-18)."""
    if request.method != "POST":
        return render(request, "breaches/letter_offer.html", {"letter": letter})
    actions.offer(letter, by=me(request))
    messages.success(request, "Kept: you offered to talk about it.")
    return redirect("home")
