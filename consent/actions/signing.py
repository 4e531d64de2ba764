"""Opening a paper, agreeing to sign on screen, and signing. Every refusal names its rule."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from audit import clock, trail
from clients.actions import sign_ways
from clients.actions.portal_access import require_not_refused
from consent import law, papers
from consent.access import own_signers, unanswered
from consent.clauses import Clause, clauses
from consent.evidence import add_step, intent, is_complete, of_paper, of_signature, shows_what_was_asked
from consent.lifetimes import end_of
from consent.models import ElectronicConsent, Form, Request, Signature, Signer
from practice.models import User
from practice.refusals import Refused

from .asking import supersede
from .notices import acknowledge_notice

_STANDS_FOR_ANOTHER = (Signer.Capacity.GUARDIAN, Signer.Capacity.CASEWORKER, Signer.Capacity.REPRESENTATIVE)


@dataclass(frozen=True)
class Given:
    """What a signer gives: the name they type, that it is of their own will, and their answers to what the form asks.

    ``shown`` is the hex fingerprint of what their page showed. ``answers``: anchor -> text, or a list of chosen options.
    ``method`` says how they showed who they are; in person, ``witness`` is who handed the device over.
    """

    name: str
    shown: str
    voluntary: bool
    method: str
    relationship: str = ""
    drawing: str = ""
    address: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    teach_back: str = ""
    witness: User | None = None


def present(signer: Signer, *, by: User) -> None:
    """The paper is open before ``signer``, who may ask about each clause: noted once (IC-21)."""
    if not signer.request.steps.filter(signer=signer, what="presented").exists():
        add_step(signer.request, "presented", user=by, signer=signer, shown=bytes(signer.request.shown_hash).hex())
        add_step(signer.request, "questions_offered", user=by, signer=signer)
        trail.change(signer.request, "open_consent")


def agree_electronically(signer: Signer, *, by: User, shown: list[str], demonstrated: str) -> ElectronicConsent:
    """``by`` agrees to read and sign on screen. Raises Refused by ES-3 unless all was shown and a copy could be opened."""
    if set(shown) != set(law.disclosures()) or not demonstrated.strip():
        raise Refused("ES-3", _("Before you can sign on screen we have to tell you six things, and see that you can read our papers."))
    standing = ElectronicConsent.objects.filter(user=by, client=signer.request.client_id, withdrawn_at=None)
    standing.exclude(edition=law.edition()).update(withdrawn_at=clock.now())
    if agreed := standing.first():
        return agreed
    agreed = ElectronicConsent(client_id=signer.request.client_id, user=by, disclosures=sorted(shown), edition=law.edition())
    agreed.demonstrated = demonstrated
    agreed.save(force_insert=True)
    add_step(signer.request, "electronic", user=by, signer=signer, disclosures=sorted(shown), edition=law.edition())
    trail.change(agreed, "agree_electronically")
    return agreed


def withdraw_electronic(agreed: ElectronicConsent, *, by: User) -> None:
    """``by`` does not want to sign on screen any more: from now on on paper. What they signed stays signed."""
    agreed.withdrawn_at = clock.now()
    agreed.save(update_fields=["withdrawn_at"])
    trail.change(agreed, "withdraw_electronic")


def sign(signer: Signer, given: Given, *, by: User) -> Signature:
    """Sign. A second call for the same signer hands back the signature that is there.

    Raises Refused: ES-1 without a name, ES-2/ES-3 without consent to sign on screen, ES-6 where another text was shown, IC-21 while a
    question waits, IC-22 where the check is not answered rightly or it is not said to be voluntary, IC-24 where authority has ended.
    """
    request = Request.objects.select_for_update().get(pk=signer.request_id)
    signer.request = request
    if already := Signature.objects.filter(signer=signer).first():
        return already
    _require_open(signer, given)
    understanding = _understood(signer, given)
    signature = _signed(signer, given, by, understanding)
    signature.save(force_insert=True)
    assent = signer.capacity == Signer.Capacity.ASSENT
    add_step(request, "assented" if assent else "signed", user=by, signer=signer, **of_signature(signature))
    paper = papers.keep(signature)
    add_step(request, "copy", user=by, signer=signer, how="portal" if given.witness is None else "on the spot", paper=of_paper(paper))
    acknowledge_notice(request, by=given.witness or by, in_person=given.witness is not None)
    _complete(request, by, signature)
    trail.change(signature, "sign_consent")
    return signature


def _require_open(signer: Signer, given: Given) -> None:
    request, now = signer.request, clock.now()
    if request.ended_as or (request.reply_by is not None and request.reply_by <= now):
        raise Refused("ES-6", _("This paper is closed and cannot be signed any more."), _("Ask the practice to send it again."))
    if not signer.request.steps.filter(signer=signer, what="questions_offered").exists():
        raise Refused("IC-21", _("Open and read the paper first: you may ask about every clause."))
    if unanswered(signer):
        raise Refused("IC-21", _("Your question has not been answered yet."), _("Wait for the answer, or say that it is settled for you."))
    if given.shown != bytes(request.shown_hash).hex() or not shows_what_was_asked(request):
        raise Refused("ES-6", _("The paper is not the one that your page showed."), _("Read it again below, then sign what you see."))
    _require_authority(signer, now)
    _require_intent(signer, given)


def _require_authority(signer: Signer, now: datetime.datetime) -> None:
    """Whoever signs for another stands for them now, and is not kept out (RG-12, RG-13), also on the device handed over in the room."""
    if signer.capacity not in _STANDS_FOR_ANOTHER:
        return
    who, known_end = signer.representative, signer.request.no_later_than
    ends = [end for end in (who.until if who else now, known_end) if end is not None]
    if who is None or who.since > now or any(end <= now for end in ends):
        raise Refused("IC-24", _("The authority to sign for this client has ended."), _("Ask the practice who signs now."))
    require_not_refused(signer.person, who)


def _require_intent(signer: Signer, given: Given) -> None:
    if not given.name.strip():
        raise Refused("ES-1", _("Type your name to sign."))
    if signer.capacity in _STANDS_FOR_ANOTHER and not given.relationship.strip():
        raise Refused("IC-24", _("Say what you are to the client."))
    if not given.voluntary:
        raise Refused("IC-22", _("Tick that you agree of your own free will. If you do not, choose “I do not agree”."))
    if given.method == Signature.Method.IN_PERSON and given.witness is None:
        raise Refused("ES-5", _("Who handed over the device is not known."), _("Ask your counselor to open the paper again."))


def _understood(signer: Signer, given: Given) -> dict[str, Any]:
    """What the signer answered, with who judged it. Raises Refused by IC-22 or AU-1 for what is missing or not right."""
    asked = [clause for clause in clauses(signer.request.shown) if clause.answer]
    answers = {clause.anchor: _answered(clause, given.answers.get(clause.anchor)) for clause in asked}
    checked = any(clause.answer == "check" for clause in asked)
    said = given.teach_back.strip()
    return {"answers": answers, "teach_back": said, "judged_by": _judge(given) if said else ("the page" if checked else "")}


def _judge(given: Given) -> str:
    return f"user {given.witness.pk}" if given.witness else "the signer's own words"


def _at(clause: Clause, words: str) -> str:
    return f"“{clause.title}”: {words}"


def _answered(clause: Clause, answer: Any) -> Any:
    if clause.answer == "check":
        right = sorted(option.text for option in clause.options if option.right)
        if sorted(answer if isinstance(answer, list) else []) != right:
            raise Refused(
                "IC-22",
                _at(clause, _("that is not quite what the paper says.")),
                _("Read that part again, or ask a question about it."),
            )
        return right
    text = answer if isinstance(answer, str) else ""
    if clause.required and not text.strip():
        raise Refused("IC-22", _at(clause, _("this is not answered yet.")))
    if clause.answer == "choice" and text and text not in [option.text for option in clause.options]:
        raise Refused("IC-22", _at(clause, _("choose one of the answers given.")))
    return text


def _signed(signer: Signer, given: Given, by: User, understanding: dict[str, Any]) -> Signature:
    request, in_person = signer.request, given.method == Signature.Method.IN_PERSON
    return Signature(
        client_id=request.client_id,
        request=request,
        signer=signer,
        user=None if in_person else by,
        witnessed_by=given.witness if in_person else None,
        method=given.method,
        name=given.name.strip(),
        relationship=given.relationship.strip(),
        drawing=given.drawing,
        intent=intent(),
        understanding=understanding,
        address=given.address,
        voluntary=given.voluntary,
        electronic=None if in_person else _electronic(signer, by),
        shown_hash=bytes(request.shown_hash),
    )


def _electronic(signer: Signer, by: User) -> ElectronicConsent:
    standing = ElectronicConsent.objects.filter(user=by, client=signer.request.client_id, withdrawn_at=None, edition=law.edition())
    agreed = standing.first()
    if agreed is None:
        raise Refused(
            "ES-2", _("You have not agreed to sign on screen yet."), _("Read the six points and agree, or ask for the papers on paper.")
        )
    return agreed


def _complete(request: Request, by: User, last: Signature) -> None:
    """In force once everybody, or anybody, that the rule asks for has signed; what it replaces ends with that."""
    if request.active_from is not None or not is_complete(request):
        return
    request.active_from = clock.now()
    if request.wording.form.kind == Form.Kind.REACHING:
        sign_ways(request.client, last.signer.representative, until=request.asked_at, signature=last.pk)
    request.until = end_of(request)
    request.save(update_fields=["active_from", "until"])
    for former in _replaced_by(request):
        supersede(former, by=by, signer=own_signers(by).filter(request=former).first())


def _replaced_by(request: Request) -> list[Request]:
    """What this one takes the place of: the paper it names, and every consent of its form. A release stands beside other releases."""
    standing = Request.objects.filter(client=request.client_id, ended_at=None).exclude(pk=request.pk)
    named, same = Q(pk=request.replaces_id), Q(wording__form=request.wording.form_id, active_from__isnull=False)
    return list(standing.filter(named if hasattr(request, "authorization") else named | same))
