"""Asking a client to read and sign: which version, whom, by what rule, and the words with names filled in."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from audit import clock, trail
from clients.actions import authority_in_force
from clients.actions.team import supervisor_of
from clients.age import majority_of
from clients.models import Client, Representative
from consent import clauses, law
from consent.access import recipient_token
from consent.evidence import add_step, shown_hash
from consent.models import Authorization, Form, Request, Signer, Version
from consent.naming import names_for
from practice.models import User
from practice.refusals import Refused

_COVERS = {Form.Kind.COUNSELING: ["in_person", "phone"], Form.Kind.TELEHEALTH: ["video", "phone"], Form.Kind.RECORDING: ["recording"]}
_RELEASES = (Form.Kind.RELEASE, Form.Kind.PSYCHOTHERAPY, Form.Kind.PART2)
_LANGUAGES = {"en": ("english",), "es": ("spanish", "español", "espanol", "castellano")}


@dataclass(frozen=True)
class Named:
    """Somebody to sign: a person (the client or a member), or a representative for them."""

    person: Client
    capacity: str
    representative: Representative | None = None

    @property
    def whom(self) -> tuple[UUID, UUID | None]:
        """Who holds the pen, whatever the capacity: ids of the person and of their representative."""
        return self.person.pk, self.representative and self.representative.pk


@dataclass(frozen=True)
class Particulars:
    """What a release names (AU-1). ``expires_on`` or ``expiry_event``; ``information`` are keys of the law's list."""

    kind: str
    information: Sequence[str]
    description: str
    from_party: str
    to_party: str
    purpose: str
    purpose_words: str = ""
    to_address: str = ""
    expires_on: datetime.date | None = None
    expiry_event: str = ""
    from_date: datetime.date | None = None
    to_date: datetime.date | None = None


@dataclass(frozen=True)
class Sending:
    """How a request is sent: together with which others, until when, and what was recorded about its language (IC-25)."""

    batch: UUID = field(default_factory=uuid4)
    reply_by: datetime.datetime | None = None
    interpreter: str = ""
    replaces: Request | None = None


def ask(
    client: Client,
    version: Version,
    *,
    by: User | None,
    counselor: User,
    signers: Sequence[Named],
    rule: str = Request.Rule.ALL,
    particulars: Particulars | None = None,
    sending: Sending | None = None,
) -> Request:
    """Ask ``client`` to read and sign ``version``. ``by`` is None where the house asks by itself, at a renewal or a birthday.

    Raises Refused: GEN-9 for a version not in force, IC-24 without somebody who may sign, IC-25 in a language the client does not
    read, AU-1 for a release that leaves something open.
    """
    sending = sending or Sending()
    _require_in_force(version)
    _require_signers(signers)
    _require_language(client, version, sending.interpreter)
    _require_particulars(version, particulars)
    request = Request(client=client, wording=version, batch=sending.batch, counselor=counselor, asked_by=by, rule=rule)
    supervision = supervisor_of(counselor)
    request.supervisor = supervision.supervisor if supervision else None
    request.shown = clauses.filled(version.text, names_for(client, counselor))
    request.modalities = list(_COVERS.get(Form.Kind(version.form.kind), []))
    request.reply_by = sending.reply_by or clock.now() + datetime.timedelta(days=law.reply_days())
    request.replaces = sending.replaces
    request.no_later_than = _authority_ends(signers)
    request.shown_hash = shown_hash(request)
    request.save(force_insert=True)
    Signer.objects.bulk_create([_signer(request, named) for named in signers])
    if particulars:
        _authorize(request, particulars)
    add_step(request, "asked", user=by, language=version.language, interpreter=sending.interpreter)
    trail.change(request, "ask_consent")
    return request


def _signer(request: Request, named: Named) -> Signer:
    return Signer(
        request=request, client_id=request.client_id, person=named.person, representative=named.representative, capacity=named.capacity
    )


def _require_in_force(version: Version) -> None:
    if version.state != Version.State.IN_FORCE:
        raise Refused("GEN-9", "Only a form that the practice has approved and put in force can be sent.", "Ask an admin to approve it.")


def _require_signers(signers: Sequence[Named]) -> None:
    for named in signers:
        if named.representative:
            authority_in_force(named.representative)
    if not any(named.capacity != Signer.Capacity.ASSENT for named in signers):
        raise Refused("IC-24", "Nobody is named who can consent.", "Name the client, or somebody with authority to sign for them.")


def _require_language(client: Client, version: Version, interpreter: str) -> None:
    read = client.languages.casefold()
    known = _LANGUAGES.get(version.language, (version.language,))
    if read.strip() and not any(word in read for word in known) and not interpreter.strip():
        raise Refused("IC-25", "This form is not in a language the client reads.", "Choose another language, or record who interprets it.")


def _require_particulars(version: Version, particulars: Particulars | None) -> None:
    if version.form.kind not in _RELEASES:
        return
    wanted = {
        "what is released": particulars and particulars.description.strip() and particulars.information,
        "who releases it": particulars and particulars.from_party.strip(),
        "who receives it": particulars and particulars.to_party.strip(),
        "what for": particulars and particulars.purpose,
        "until when": particulars and (particulars.expires_on or particulars.expiry_event.strip()),
    }
    if lacking := [words for words, there in wanted.items() if not there]:
        raise Refused("AU-1", f"A release names {', '.join(lacking)}.", "Fill that in, then ask again.")
    assert particulars
    _require_alone(particulars)


def _require_alone(particulars: Particulars) -> None:
    for key, rule in law.released_alone().items():
        if key in particulars.information and len(particulars.information) > 1:
            raise Refused(
                rule, f"{law.information()[key].capitalize()} are released alone, never together with anything else.", "Ask for each."
            )


def _authority_ends(signers: Sequence[Named]) -> datetime.datetime | None:
    """Where only representatives decide, a consent holds no longer than the first of their authorities, nor past majority (IC-32)."""
    deciding = [named for named in signers if named.capacity != Signer.Capacity.ASSENT]
    if not all(named.representative for named in deciding):
        return None
    ends = [named.representative.until for named in deciding if named.representative] + [majority_of(named.person) for named in deciding]
    return min((end for end in ends if end is not None), default=None)


def _authorize(request: Request, particulars: Particulars) -> None:
    values: dict[str, Any] = {name: getattr(particulars, name) for name in Particulars.__dataclass_fields__}
    values["information"] = list(particulars.information)
    row = Authorization(client_id=request.client_id, request=request, recipient=recipient_token(particulars.to_party), **values)
    row.save(force_insert=True)


def supersede(former: Request, *, by: User | None, signer: Signer | None = None) -> None:
    """A newer paper took the place of ``former``: it ends, and stays readable. ``signer``: theirs, where one of them signed the newer
    one; the step is then of their own chain, since they cannot see the practice's."""
    former.ended_at, former.ended_as = clock.now(), Request.End.SUPERSEDED
    former.save(update_fields=["ended_at", "ended_as"])
    add_step(former, "superseded", user=by, signer=signer)
    trail.change(former, "supersede_consent")
