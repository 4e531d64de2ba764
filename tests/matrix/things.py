"""Everything that a route can be asked for, by the names of policy.txt, and those who ask."""

from __future__ import annotations

import base64
import datetime
import json
import uuid
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client as Browser
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from audit import clock, doors
from breaches import actions as breaches
from breaches.actions import preparing
from breaches.models import Affected, Batch, ClientLetter, FollowUp, Knowledge, Told
from breaches.standing import standing
from clients import actions as clients
from clients.models import BreakGlass, ClientPermission, Member, Representative
from consent import actions as consent
from consent.requirements import Meeting
from disclosures import actions as disclosures
from disclosures.choosing import Chosen
from disclosures.law.process import Scope
from messaging import actions as messaging
from practice.actions import factors, invitations, outbox
from practice.models import Practice, SignedIn, Supervision, User
from practice.roles import Role
from records import actions as records
from review import actions as review
from review.access import portal_lines
from review.models import Signal
from review.telling import moment_of
from tests.breaches.worded import notifying, settle
from tests.cast import PRIVATE, SignIn, acting, person, write_note
from tests.committed import House, as_worker, furnish
from tests.consent.papers import form_in_force
from tests.consent.portal import cleos_papers
from tests.disclosures.serving import logged, ordered
from tests.records.uploads import keep, picture
from tests.supervision.consulting import advised_on

from .consulting import OF_CONSULTATIONS, consultations
from .executing import OF_EXECUTORS, executors
from .keeping import OF_RETENTION, kept_longer
from .listing import OF_LISTS, listed
from .moving import OF_MOVING, moves
from .papers import OF_PAPER, papers
from .safeguarding import OF_SAFEGUARDS, safeguards
from .supervising import OF_SUPERVISION, supervised
from .transferring import OF_TRANSFERS, offers
from .writing import OF_MESSAGES, threads

STAFF = ("ana", "ben", "sofia", "dee", "ada", "lena", "root")
PORTAL = ("portal_cleo", "gus")
SIGNED_IN = (*STAFF, *PORTAL)
OUTSIDE = ("anonymous", "otto", "nofactor")  # not signed in, left yesterday, without a second factor


@dataclass
class World:
    """A furnished practice, the things in it by name, and a browser of each of the cast."""

    house: House
    things: dict[str, dict[str, Any]]
    browsers: dict[str, Browser]
    users: dict[str, User]


_OF_DISCLOSURES = (
    "cleos_suspension", "cleos_restriction", "open_release", "cleos_exception", "cleos_consult", "apart_release", "cleos_link",
    "cleos_accounting", "given_accounting", "cleos_wish", "denied_wish", "cleos_complaint", "own_wish", "cleos_subpoena", "neutral_letter",
)  # fmt: skip


def _made(house: House) -> dict[str, Any]:
    """What furnish() leaves out: one of each of the practice's and the clients' smaller things."""
    ana, ben, ada, cleo, bruno = house.ana, house.ben, house.ada, house.cleo, house.bruno
    with acting(ada):
        made: dict[str, Any] = {
            "invitation": invitations.invite("new@sub.test", "Nia New", [Role.DESK], by=ada),
            "factor_reset": factors.ask_for_reset(house.sofia, by=ada),
            "notice": outbox.queue("test", "nia@sub.test", "A subject", "A body"),
        }
    with acting(ana):
        made["denial"] = clients.deny(cleo, house.lena, by=ana, reason="a former partner of the sister")
        clients.join_unit(house.couple, cleo, by=ana)
        start = clock.now() - datetime.timedelta(hours=30)
        hour: dict[str, Any] = {"starts_at": start, "ends_at": start + datetime.timedelta(hours=1), "modality": "phone"}
        made["together"] = records.plan_session(house.couple, by=ana, participants=[cleo], **hour)
        made["row"] = made["together"].rows.get()
        made["place"] = Member.objects.get(unit=house.couple, person=cleo)
        made["phone"] = cleo.contact_points.get()
        made["grant"] = ClientPermission.objects.get(content_object=cleo, user=ana)
        made["guardian"] = clients.add_representative(
            house.mia, by=ana, relation=Representative.Relation.GUARDIAN, name="Gus Aldana", since=clock.now() - datetime.timedelta(days=9)
        )
        made["refusal"] = clients.refuse_representative(made["guardian"], by=ana, reason="A reason about the tin whistle.")
        made["portal"] = clients.invite_to_portal(house.mia, by=ana).invitation
    with acting(ana):
        made["duplicate"] = clients.take_in(by=ana, counselor=ana, kind="minor", given_name="Mia", family_name="Aldana")
        clients.merge(made["duplicate"], house.mia, by=ana)
    with acting(house.dee):
        made["enquiry"], made["closed"] = (clients.take_in(by=house.dee, given_name="Enid", family_name="Quill") for _ in range(2))
        clients.close_enquiry(made["closed"], by=house.dee, reason="No place was free.")
        made["far"] = clients.take_in(by=house.dee, counselor=ana, given_name="Far", family_name="Away")
    with clock.at(clock.now() - datetime.timedelta(days=120)), acting(ana):
        old = clients.take_in(by=ana, counselor=ana, given_name="Olda", family_name="Away")
    with acting(ana):
        made["old_grant"] = ClientPermission.objects.get(content_object=old, user=ana)
    with acting(ada):
        records.set_cosign_rule(ana, ["crisis"], by=ada)
    with acting(ana):
        made["snippet"] = records.keep_snippet(by=ana, name="Own words", text="{client} named the pewter gull.", shared=False)
    made["waiting"] = write_note(ana, cleo, kind="crisis", signed=True)
    shown = write_note(ana, cleo)
    with acting(ana):
        made["shared"] = records.share_draft(shown, by=ana, version=shown.version)
    made["letter"] = keep(ana, cleo, name="pewter gull.txt", title="Of the ochre bridge")
    made["drawing"] = keep(ana, cleo, name="a.png", raw=picture("PNG"), title="Of the ochre bridge")
    made["private_letter"] = keep(
        ana, cleo, note=write_note(ana, cleo, kind="psychotherapy", text=PRIVATE), title="A silver orchard letter"
    )
    made["version"] = form_in_force(title="Consent to counseling")
    with acting(ada):
        made["version_draft"] = consent.begin_version(made["version"].form, by=ada)
        made["packet"] = consent.begin_packet("New adult client", ["adult"], [made["version"].form], by=ada)
    made |= cleos_papers(house)
    with acting(ana):
        made["cleos_request"], made["cleos_pdf"] = made["cleos_signature"].request, made["cleos_signature"].paper
        far = Meeting(cleo, ana, "in_person", clock.now() - datetime.timedelta(days=3900))
        made["override"] = consent.hold_without(far, by=ana, reason="The press of the ochre bridge was broken.")[0]
    with acting(ben):
        made["bens_phone"] = clients.add_contact_point(bruno, by=ben, kind="phone", address="503 555 0177", may_contact=True)
        practice = Practice.objects.get()
        asked = {"by": ben, "reason": "A reason about the bronze heron.", "minutes": 60}
        with clock.at(clock.now() - datetime.timedelta(hours=2)):
            made["over_emergency"] = clients.open_in_emergency(practice, sought=cleo.code, **asked)
        with clock.at(clock.now() - datetime.timedelta(hours=9)):
            asked_again = asked | {"reason": "A reason about the ecru ladder.", "minutes": 5}
            made["questioned"] = clients.open_in_emergency(practice, sought=house.mia.code, **asked_again)
        made["bens_emergency"] = clients.open_in_emergency(practice, sought=made["far"].code, **asked)
        made["bens_grant"] = ClientPermission.objects.get(content_object=bruno, user=ben)
    with acting(house.portal_cleo):
        line = portal_lines(house.portal_cleo).filter(actor_id=ana.pk).exclude(at=None)[0]
        made["line"], made["asked_line"] = line, review.ask_about_line(cleo, line, "Who was it, by the wicker gate?", by=house.portal_cleo)
        made["other_line"] = portal_lines(house.portal_cleo).filter(actor_id=ana.pk).exclude(at=line.at)[0]
    with as_worker(), doors.system("review"):
        review.watch()
    with acting(ada):
        made["bens_signal"] = Signal.objects.get(rule="break_glass", person=ben, client=cleo)
        review.ask_to_explain(made["bens_signal"], by=ada)
    made |= _messaging(house) | _accounting(house) | _releases(house) | _wishes(house)
    made |= (
        supervised(house)
        | offers(house)
        | kept_longer(house)
        | consultations(house)
        | _incidents(house)
        | _escalated(house, made["questioned"])
    )
    made |= _letters(house) | threads(house) | safeguards(house) | papers(house) | listed(house) | moves(house) | executors(house)
    return made


def _messaging(house: House) -> dict[str, Any]:
    """Something that did not leave to Cleo, what Ana sent when she was in danger, and a line of the contact log."""
    with acting(house.ana):
        line = messaging.Line("voice", "in", clock.now(), "About the Couplings")
        return {
            "unsent": messaging.notify("paper", messaging.To(house.cleo, reader=False), messaging.Words("A", "B"), by=house.ana),
            "danger": messaging.send_in_danger(house.cleo, "sms", "503 555 0199", "Call.", reason="The opal compass turned.", by=house.ana),
            "log_line": messaging.log_contact(house.cleo, line, by=house.ana),
        }


def _accounting(house: House) -> dict[str, Any]:
    """What of Cleo's record went to a licensing board, which had it kept out; and two requests for the accounting."""
    ana, today = house.ana, clock.today()
    said = {"agency": "The board", "authority": "Its letter of May"}
    with acting(ana):
        entry = disclosures.Entry(today, "oversight", "The plaid lantern board", "Dates of sessions", "An audit", details=said)
        made = {"cleos_entry": disclosures.record(house.cleo, entry, by=ana)}
        stated: dict[str, Any] = {"written": True, "stated_on": today, "until": today + datetime.timedelta(days=9)}
        made["cleos_suspension"] = disclosures.suspend(made["cleos_entry"], official="Officer 7", words="Wait.", by=ana, **stated)
        asked = disclosures.Asked("client", "Cleo Marchetti", "Known in person", today)
        made |= {name: disclosures.ask(house.cleo, asked, by=ana) for name in ("cleos_accounting", "given_accounting")}
        disclosures.extend(made["cleos_accounting"], "We are moving house.", by=ana)
        disclosures.give(made["given_accounting"], by=ana, looked=True)
        agreed = disclosures.restrict(
            house.cleo, recipient="The Fuchsia Gate Plan", words="Nothing", agreed_on=today, paid_in_full=False, by=ana
        )
        made["cleos_restriction"] = agreed
    return made


def _wishes(house: House) -> dict[str, Any]:
    """What was asked by right: an access that takes longer, a denial to be reviewed, a complaint, and a wish of Mia's guardian."""
    ana, today, practice = house.ana, clock.today(), Practice.objects.get()

    def asked(client: Any, kind: str, words: str, by: User = ana, **more: Any) -> Any:
        wish = disclosures.Wish(kind, more.pop("whom", "client"), "Whoever asks", "Known in person", words, today)
        with acting(by):
            return disclosures.receive(client, wish, practice=practice, by=by, **more)

    made = {"cleos_wish": asked(house.cleo, "access", "The maize notebook"), "denied_wish": asked(house.cleo, "access", "Pages 4 and 5")}
    made["cleos_complaint"] = asked(house.cleo, "complaint", "Late nine times, says the walnut clock")
    made["own_wish"] = asked(house.mia, "amend", "The garnet scarf was hers", house.gus, whom="representative", asker=house.gus)
    advised_on("right", made["denied_wish"], ana)
    with acting(ana):
        disclosures.extend_rights(made["cleos_wish"], "We are moving house.", practice=practice, by=ana)
        disclosures.decide(made["denied_wish"], disclosures.Answer("denied", "Not now.", "endanger", "The slate hatchet"), by=ana)
        disclosures.reply(made["denied_wish"], "review", "Again, please", by=ana)
        disclosures.decide(made["own_wish"], disclosures.Answer("denied", "It was not.", "accurate"), by=ana)
    return made


def _releases(house: House) -> dict[str, Any]:
    """A release for a court, packed and waiting for a second look; one of a psychotherapy note; and a link that still works."""
    ana = house.ana
    paper = ordered(house.cleo, ana, Scope(("session_dates", "psychotherapy_notes")), issuer="The Fuchsia Gate Court")
    values: dict[str, Any] = {"basis": "court_order", "process": paper, "asked": "By order", "verified": "Rang the court"}
    values |= {"recipient": "The Fuchsia Gate Court", "purpose": "Case 9"}
    with acting(ana):
        made, apart = (disclosures.begin_release(house.cleo, disclosures.Begun(**values, apart=apart), by=ana) for apart in (False, True))
        disclosures.prepare(made, Chosen(sessions=True), "", by=ana)
        given = {"basis": "treatment", "process": None}
        linked = disclosures.begin_release(house.cleo, disclosures.Begun(**(values | given)), by=ana)
        disclosures.prepare(linked, Chosen(notes=[str(house.signed.pk)]), "", by=ana)
        link = disclosures.send_link(linked, days=3, most=1, mail="", by=ana).sending
        opened = disclosures.Opened("child_abuse", clock.now(), "Marks, by the magenta weir.", "He said it")
        event = disclosures.open_exception(house.cleo, opened, by=ana)
        consult = disclosures.ask_supervisor(event, "", by=ana)
        subpoena = logged(house.cleo, ana, "subpoena_attorney", issuer="Lawyer of the Fuchsia Gate")
        letter = disclosures.reply_to(subpoena, "neutral", "Lawyer of the Fuchsia Gate", by=ana)
    made_of_it = {"cleos_subpoena": subpoena, "neutral_letter": letter}
    return (
        made_of_it
        | {"cleos_exception": event, "cleos_consult": consult}
        | {"open_release": made, "apart_release": apart, "cleos_link": link}
    )


def _escalated(house: House, questioned: BreakGlass) -> dict[str, Any]:
    """A signal about Lena that was escalated, and an emergency of Ben whose review opens an incident."""
    with acting(house.ada):
        clients.review_emergency(questioned, by=house.ada, findings="The ecru ladder was no emergency.", upheld=False, opens_incident=True)
        escalated = Signal.objects.get(rule="break_glass", person=house.ben, client=house.mia)
        review.decide(escalated, by=house.ada, outcome="escalated", finding="It was the ecru ladder again.")
    return {"escalated": escalated}


def _incidents(house: House) -> dict[str, Any]:
    """One incident that Dee reported, and one of which Ada may be the cause: she is the only privacy officer."""
    given: dict[str, Any] = {"by": house.dee, "noticed_at": clock.now(), "going_on": "no"}
    with acting(house.dee):
        made = {
            "incident": breaches.report("A letter about the opal compass went to the wrong door.", **given),
            "adas_incident": breaches.report("The slate umbrella was seen by somebody.", suspects=[house.ada], **given),
        }
    with acting(house.ada):
        breaches.add_affected(made["incident"], [house.cleo, house.bruno], "They were in the khaki folder.", by=house.ada)
        made["clock"] = standing(made["incident"])[0].clock
        made["affected"] = Affected.objects.get(client=house.cleo)
        made["lenas_task"] = breaches.give_task(made["incident"], house.lena, "Ring about the puce envelope.", clock.today(), by=house.ada)
        made["knowledge"] = Knowledge.objects.get(incident=made["incident"])
    return made


def _letters(house: House) -> dict[str, Any]:
    """People are told of an incident: Cleo by phone, so that there is a letter to talk about, and Bruno by post."""
    ada, row = house.ada, notifying(house.ada)
    with acting(ada):
        breaches.plan(row, [house.cleo.pk, house.bruno.pk], by=ada)
    with as_worker():
        while preparing.prepare_next():
            pass
    with acting(ada):
        told = {each.client_id: each for each in Told.objects.filter(incident=row)}
        breaches.told_otherwise(told[house.cleo.pk], "By phone, at the beige gate.", by=ada)
        breaches.address(told[house.bruno.pk], "Bruno Ferreira", "7 Quartz Lane", kin=False, by=ada)
        over = notifying(ada)
        settle(over, ada)
        said = breaches.Ending("We fetched it back.", "We look twice.", "none", "")
        breaches.close(over, said, by=ada)
        follow_up = FollowUp.objects.get(incident=over)
        draft = breaches.draw(row, "hhs", "HHS", by=ada)
    with as_worker():
        preparing.press_next()
    with acting(ada):
        batch, letter = Batch.objects.get(incident=row), ClientLetter.objects.get(told=told[house.cleo.pk])
    found = {"told": told[house.bruno.pk], "batch": batch, "cleos_letter": letter, "draft_notice": draft}
    return found | {"telling": row, "over": over, "follow_up": follow_up}


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _passkey() -> dict[str, Any]:
    """What a browser would have sent when a passkey was made."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = AttestedCredentialData.create(bytes(16), b"a passkey of ana", public)
    proof = AttestationObject.create("none", AuthenticatorData.create(sha256(b"testserver").digest(), 0x45, 0, held), {})
    said = json.dumps({"type": "webauthn.create", "challenge": "AAAA", "origin": "http://testserver"}).encode()
    ident = _text(held.credential_id)
    answer = {"clientDataJSON": _text(said), "attestationObject": _text(proof)}
    return {"id": ident, "rawId": ident, "type": "public-key", "response": answer, "clientExtensionResults": {}}


def _things(house: House, made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    cleo, bruno, mia, couple = house.cleo.pk, house.bruno.pk, house.mia.pk, house.couple.pk
    passkey = Authenticator.objects.create(user=house.ana, type=Authenticator.Type.WEBAUTHN, data={"name": "key", "credential": _passkey()})
    whole = ("session", "draft", "signed", "psychotherapy")
    return {
        "-": {},
        "cleo": {"pk": cleo}, "bruno": {"pk": bruno}, "mia": {"pk": mia}, "couple": {"pk": couple},
        **{name: {"pk": getattr(house, name).pk} for name in whole},
        **{name: {"pk": made[name].pk} for name in ("invitation", "factor_reset", "notice", "snippet", "waiting", "shared", "together")},
        "cleos_row": {"pk": made["row"].pk},
        **{name: {"pk": made[name].pk} for name in ("version", "version_draft", "packet")},
        "form": {"pk": made["version"].form_id},
        **{name: {"pk": made[name].pk} for name in ("cleos_paper", "cleos_signature", "cleos_agreement", "cleos_question")},
        **{name: {"pk": made[name].pk} for name in ("cleos_request", "cleos_release", "cleos_pdf", "override")},
        **{name: {"pk": made[name].pk} for name in ("letter", "private_letter", "drawing")},
        "ben": {"pk": house.ben.pk}, "cleos_account": {"pk": house.portal_cleo.pk},
        "supervision": {"pk": Supervision.objects.latest("since").pk}, "passkey": {"pk": passkey.pk},
        "cleos_phone": {"pk": cleo, "point": made["phone"].pk}, "phone_elsewhere": {"pk": cleo, "point": made["bens_phone"].pk},
        "mias_guardian": {"pk": mia, "representative": made["guardian"].pk},
        "guardian_elsewhere": {"pk": cleo, "representative": made["guardian"].pk},
        "mias_refusal": {"pk": mia, "refusal": made["refusal"].pk},
        "mias_invitation": {"pk": mia, "invitation": made["portal"].pk},
        "invitation_elsewhere": {"pk": cleo, "invitation": made["portal"].pk},
        "couples_place": {"pk": couple, "place": made["place"].pk}, "place_elsewhere": {"pk": bruno, "place": made["place"].pk},
        "duplicate": {"pk": made["duplicate"].pk}, "mias_duplicate": {"pk": mia, "duplicate": made["duplicate"].pk},
        "duplicate_elsewhere": {"pk": cleo, "duplicate": made["duplicate"].pk},
        "denial": {"pk": made["denial"].pk}, "enquiry": {"pk": made["enquiry"].pk}, "closed_enquiry": {"pk": made["closed"].pk},
        "bens_signal": {"pk": made["bens_signal"].pk}, "old_grant": {"pk": made["old_grant"].pk},
        "asked_line": {"pk": made["asked_line"].pk}, "cleos_line": {"client": cleo, "moment": moment_of(made["other_line"].at)},
        "mias_line": {"client": mia, "moment": moment_of(made["other_line"].at)},
        "bens_emergency": {"pk": made["bens_emergency"].pk}, "over_emergency": {"pk": made["over_emergency"].pk},
        "cleos_denial": {"pk": cleo, "denial": made["denial"].pk}, "denial_elsewhere": {"pk": bruno, "denial": made["denial"].pk},
        "cleos_grant": {"pk": cleo, "grant": made["grant"].pk}, "grant_elsewhere": {"pk": cleo, "grant": made["bens_grant"].pk},
        "dead_link": {"ident": "bm9uZQ", "token": "abc-def"}, "dead_invitation": {"secret": "x" * 43}, "no_logo": {"mark": "1"},
        "no_link": {"secret": "y" * 43},
        "incident": {"pk": made["incident"].pk}, "adas_incident": {"pk": made["adas_incident"].pk},
        "knowledge": {"pk": made["incident"].pk, "knowledge": made["knowledge"].pk},
        "clock": {"pk": made["incident"].pk, "clock": made["clock"].pk},
        "clock_elsewhere": {"pk": made["adas_incident"].pk, "clock": made["clock"].pk},
        "affected": {"pk": made["incident"].pk, "affected": made["affected"].pk},
        "affected_elsewhere": {"pk": made["adas_incident"].pk, "affected": made["affected"].pk},
        "task": {"pk": made["incident"].pk, "task": made["lenas_task"].pk}, "lenas_task": {"pk": made["lenas_task"].pk},
        "task_elsewhere": {"pk": made["adas_incident"].pk, "task": made["lenas_task"].pk},
        **{name: {"pk": made[name].pk} for name in ("told", "batch", "cleos_letter", "draft_notice", "telling", "over", "follow_up")},
        **{name: {"pk": made[name].pk} for name in (*_OF_DISCLOSURES, *OF_TRANSFERS, *OF_CONSULTATIONS, *OF_MESSAGES, *OF_EXECUTORS)},
        **{name: {"pk": made[name].pk} for name in (*OF_SUPERVISION, *OF_RETENTION, *OF_SAFEGUARDS, *OF_PAPER, *OF_LISTS, *OF_MOVING)},
        "cleo_in_portal": {"client": cleo}, "mia_in_portal": {"client": mia},
        "file_kind": {"pk": made["agreement"].pk, "kind": "payment"}, "no_kind": {"pk": made["agreement"].pk, "kind": "outcome"},
        "unsent": {"pk": made["unsent"].pk}, "cleos_danger": {"pk": made["danger"].pk},
        "cleos_log_line": {"pk": cleo, "line": made["log_line"].pk},
        "cleos_calls": {"pk": cleo, "channel": "voice"},
        "cleos_own_calls": {"client": cleo, "channel": "voice"},
        "cleos_own_phone": {"client": cleo, "point": made["phone"].pk},
        "cleos_entry": {"pk": cleo, "entry": made["cleos_entry"].pk}, "entry_elsewhere": {"pk": bruno, "entry": made["cleos_entry"].pk},
        "escalated": {"pk": made["escalated"].pk}, "questioned": {"pk": made["questioned"].pk},
        "knowledge_elsewhere": {"pk": made["adas_incident"].pk, "knowledge": made["knowledge"].pk},
        "no_device": {"signer": made["cleos_signature"].signer_id},
    }  # fmt: skip


def missing(thing: dict[str, Any]) -> dict[str, Any]:
    """The same kind of key, of nothing that is there."""
    name = "pk" if "pk" in thing else "client"
    key = thing[name]
    nothing = 987654321 if isinstance(key, int) else uuid.uuid4() if isinstance(key, uuid.UUID) else "0" * 40
    return thing | {name: nothing}


def build(sign_in: SignIn) -> World:
    """Everything, committed; nobody has asked for anything yet."""
    house = furnish()
    things = _things(house, _made(house))
    users = house.people | {"nofactor": person("Noor Unproven", Role.COUNSELOR)}
    browsers = {name: sign_in(user) for name, user in users.items()} | {"anonymous": Browser()}
    session = browsers["nofactor"].session
    session["has_factor"] = False
    session.save()
    things["signin"] = {"pk": SignedIn.objects.get(user=users["ana"]).pk}
    for browser in browsers.values():
        browser.raise_request_exception = False
    return World(house, things, browsers, users)
