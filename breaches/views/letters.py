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
from breaches.letters import LANGUAGES, TITLES, lacks, needs_public_notice, own_letters, parts_of
from breaches.models import Batch, ClientLetter, Incident, Told, Wording
from breaches.standing import Standing, standing, unplanned
from clients.paging import page_of
from clients.views import again, me
from consent.languages import spoken
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


def _letters(incident: Incident, found: list[Standing]) -> list[dict[str, Any]]:
    """Every letter there is, and those that the clocks ``found`` ask for: everybody's first, then Spanish, then a state's own (SB-9)."""
    newest = {(row.place, row.language): row for row in access.wordings(incident).order_by("number")}
    wanted = {place for place, own in own_letters().items() for each in found if each.clock.conflict and each.clock.rule == own.rule}
    keys = [("", "en"), *sorted(newest.keys() - {("", "en")}), *((place, "en") for place in sorted(wanted))]
    return [_letter(place, language, newest.get((place, language))) for place, language in dict.fromkeys(keys)]


def _letter(place: str, language: str, wording: Wording | None) -> dict[str, Any]:
    own = own_letters().get(place)
    title = f"For those who live in {own.name}" if own else "For everybody"
    titles = [(TITLES[name], getattr(wording, name)) for name in parts_of(place)] if wording else []
    return {"wording": wording, "own": own, "place": place, "language": language, "title": title, "titles": titles}


@reads(access.kept_incidents)
def incident_letters(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Where the letters stand: what they say, who is told, what waits for the post, and what came back."""
    rows = access.told(request.user).filter(incident=incident).defer("proof", "mail", "name", "address")
    some = page_of(rows, order=("-planned_at", "-pk"), size=SIZE, newer=request.GET.get("newer", ""), older=request.GET.get("older", ""))
    lost = rows.filter(state__in=[Told.State.UNREACHABLE, Told.State.RETURNED]).order_by().values("client").distinct().count()
    people, found = access.confirmed(incident).values_list("client", flat=True), standing(incident)
    context: dict[str, Any] = {"incident": incident, "letters": _letters(incident, found), "told": some, "tones": TONES}
    context |= {"batches": access.batches(request.user).filter(incident=incident).defer("pdf"), "standing": _standing(request, incident)}
    context |= {"lost": lost, "public": needs_public_notice(lost), "uncertain": _uncertain(request, incident)}
    context |= {"portal": rows.filter(state=Told.State.READY, way=Told.Way.PORTAL).count(), "approved": access.approved_wording(incident)}
    context |= {"waiting": len(unplanned(incident, people)) or (0 if context["approved"] else people.count())}
    context |= {"busy": rows.filter(state=Told.State.WAITING).exists(), "names": {place: own.name for place, own in own_letters().items()}}
    return render(request, "breaches/incident_letters.html", context | steps_of(incident))


@changes(access.open_incidents)
def wording_change(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Write one of the letters; approve it whole. Which one stands in the address: a state's own, another language."""
    place = request.GET.get("for", "") if request.GET.get("for", "") in own_letters() else ""
    language = request.GET.get("in", "") if request.GET.get("in", "") in LANGUAGES else "en"
    newest = access.wordings(incident).filter(place=place, language=language).first()
    with spoken(language):
        form = WordingForm(request.POST if request.method == "POST" else None, place=place, initial=newest.blocks if newest else {})
    which, refusals = _letter(place, language, newest), []
    if form.is_valid():
        row = actions.save_wording(incident, form.blocks, by=me(request), place=place, language=language)
        if "approve" not in request.POST:
            return done(request, incident, "Saved.", to="incident_letters")
        refusals = lacks(row.blocks, place, language)
        if not refusals:
            actions.approve_wording(row, by=me(request))
            return done(request, incident, "Approved. Letters can be prepared.", to="incident_letters")
    return _said(request, "wording_change", incident, form, refusals, which)


def _said(request: HttpRequest, name: str, incident: Incident, form: Form, refusals: list[Refused], which: dict[str, Any]) -> HttpResponse:
    """The form, with everything that is missing; it was kept all the same."""
    context = {"incident": incident, "form": form, "refusals": refusals, "which": which} | steps_of(incident)
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
