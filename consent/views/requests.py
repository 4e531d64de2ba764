"""A client's consents: the list, one of them with its evidence, taking back what nobody signed, and the signed paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from audit.doors import changes, exports, lists, reads
from clients import header
from clients.access import contact_changeable_clients, contact_clients
from clients.models import Client
from clients.views import me, rows_of, under_kept
from consent import access, actions
from consent.evidence import WHAT, broken_at, disagreements
from consent.models import Paper, Request, Signer
from consent.portal.standing import is_open
from consent.requirements import HOW
from consent.signers import name_of
from consent.states import state_of
from practice.models import User

_COVERED = (*HOW.items(), ("recording", "with a recording"))


@lists(access.kept_requests, within=contact_clients)
@under_kept(contact_clients)
def consent_list(request: HttpRequest, client: Client, requests: QuerySet[Request]) -> HttpResponse:
    """Every paper that was asked of the client, under whichever row, with its state; what is missing for sessions stands above."""
    here = rows_of(request, client, contact_clients)
    rows = access.listed_requests(requests, here)
    found = {"client": client, "head": header.of(request, client, "consent_list"), "standing": _standing(client, me(request))}
    return render(request, "consent/consent_list.html", found | {
        "rows": [{"request": row, "state": state_of(row, questions_open=row.asks), "signers": signers_of(row)} for row in rows],
        "notice": access.latest_notice(here),
        "sends": contact_changeable_clients(request.user).filter(pk=client.pk).exists(),
    })  # fmt: skip


def _standing(client: Client, reader: User) -> list[dict[str, Any]]:
    """For each way to meet, and recording: whether a consent covers it now, and until when."""
    found = []
    for modality, words in _COVERED:
        ends = [*access.covering(client, modality, by=reader).values_list("until", flat=True)]
        until = None if not ends or None in ends else max(end for end in ends if end)
        found.append({"words": words, "covered": bool(ends), "until": until})
    return found


def signers_of(request: Request) -> list[dict[str, Any]]:
    """Who signs, by what right, and when they did."""
    return [
        {
            "signer": signer,
            "name": name_of(signer.person, signer.representative),
            "signature": getattr(signer, "signature", None),
        }
        for signer in request.signers.all()
    ]


@reads(access.kept_requests)
def consent_detail(request: HttpRequest, paper: Request) -> HttpResponse:
    """One request: who signed and who has not; for the care team also questions, the words, and the evidence."""
    found = {"client": paper.client, "head": header.of(request, paper.client, "consent_list"), "paper": paper, "signers": signers_of(paper)}
    team = access.readable_requests(request.user).filter(pk=paper.pk).exists()
    asks = team and paper.questions.filter(answers=None, settled_at=None).exists()
    sends = access.sent_requests(request.user).filter(pk=paper.pk).exists()
    found |= {
        "state": state_of(paper, questions_open=asks),
        "team": team,
        "sends": sends,
        "waits": sends and not paper.active_from and is_open(paper),
    }
    counsels = access.counseled_requests(request.user).filter(pk=paper.pk).exists()
    found["here"] = counsels and not paper.active_from and is_open(paper)
    found["release"] = access.release_of(request.user, paper)
    found["eventful"] = found["release"] is not None and access.eventful_requests(request.user).filter(pk=paper.pk).exists()
    return render(request, "consent/consent_detail.html", found | (_evidence(request, paper) if team else {}))


def _evidence(request: HttpRequest, paper: Request) -> dict[str, Any]:
    chains = [("The practice", None), *((each["name"], each["signer"]) for each in signers_of(paper))]
    return {
        "chains": [{"name": name, "events": _events(paper, signer), "broken": broken_at(paper, signer)} for name, signer in chains],
        "disagreements": disagreements(paper),
        "hash": bytes(paper.shown_hash).hex(),
        "ending": access.ending_of(request.user, paper),
        "papers": access.readable_papers(request.user).filter(signature__request=paper).defer("pdf"),
        "questions": paper.questions.prefetch_related("answers__by"),
    }


def _events(paper: Request, signer: Signer | None) -> list[dict[str, Any]]:
    steps = paper.steps.filter(signer=signer).select_related("user").defer("facts")
    return [{"when": timezone.localtime(step.at), "what": WHAT[step.what].capitalize(), "icon": "dot"} for step in steps]


@require_POST
@changes(access.sent_requests)
def consent_cancel(request: HttpRequest, paper: Request) -> HttpResponse:
    """Take back what nobody signed yet; refused once it is in force."""
    actions.cancel(paper, by=me(request))
    messages.success(request, "Taken back. Nobody can sign it any more.")
    return redirect("consent_list", paper.client_id)


@require_POST
@changes(access.sent_requests)
def consent_remind(request: HttpRequest, paper: Request) -> HttpResponse:
    """Write once more to those who have not signed yet and have an account."""
    told = actions.remind(paper, by=me(request))
    if told:
        messages.success(request, "They get a mail that says only that something waits.")
    else:
        messages.info(request, "Nobody could be written to: they have no account, or allowed no mail. Call or invite them.")
    return redirect("consent_detail", paper.pk)


@exports(access.readable_papers)
def consent_paper(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The signed paper as PDF: it leaves the house."""
    return HttpResponse(
        paper.pdf, content_type="application/pdf", headers={"Content-Disposition": content_disposition_header(True, "signed-paper.pdf")}
    )
