"""Asking a client to read and sign: which version, whom, by what rule, and the words with names filled in."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from audit import clock, trail
from clients.actions import authority_in_force
from clients.actions.team import supervisor_of
from clients.age import majority_of
from clients.models import Client, Representative
from consent import clauses, law
from consent.evidence import add_step, shown_hash
from consent.languages import reads
from consent.mandates import Mandate, carried_on, require_whole, with_mandate
from consent.models import Form, Request, Signer, Version
from consent.naming import names_for
from consent.particulars import Particulars, with_particulars
from consent.ways import with_ways
from practice.models import User
from practice.refusals import Refused

from .releases import authorize, require_each_member, require_minor, require_release

_COVERS = {Form.Kind.COUNSELING: ["in_person", "phone"], Form.Kind.TELEHEALTH: ["video", "phone"], Form.Kind.RECORDING: ["recording"]}


@dataclass(frozen=True)
class Named:
    """Somebody to sign: a person (the client or a member), or a representative for them."""

    person: Client
    capacity: str
    representative: Representative | None = None

    @property
    def whom(self) -> tuple[UUID, UUID | None]:
        """Who holds the pen, whatever the capacity: ids of the person and of their representative."""
        return self.person.pk, self.representative.pk if self.representative else None


@dataclass(frozen=True)
class Sending:
    """How a request is sent: together with which others, until when, and what was recorded about its language (IC-25).

    ``mandate``: where the client was told to come, what their consent for counseling says of it (IC-26).
    """

    batch: UUID = field(default_factory=uuid4)
    reply_by: datetime.datetime | None = None
    interpreter: str = ""
    replaces: Request | None = None
    mandate: Mandate | None = None


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
    read, IC-26 where a mandate is not told whole, CM-3 where no way of reaching them was agreed,
    and for a release by the rule that it breaks (consent/actions/releases.py).
    """
    sending = sending or Sending()
    _require_in_force(version)
    _require_signers(signers)
    _require_language(client, version, sending.interpreter)
    particulars = require_release(version, particulars) if law.is_release(version.form.kind) else None
    if particulars:
        require_each_member(client, signers, rule)
        require_minor(client, particulars, signers, rule)
    request = Request(client=client, wording=version, batch=sending.batch, counselor=counselor, asked_by=by, rule=rule)
    supervision = supervisor_of(counselor)
    request.supervisor = supervision.supervisor if supervision else None
    words = with_ways(words_of(version, client, counselor, particulars), version.form.kind, client, signers)
    request.shown = _mandated(words, version, sending)
    request.modalities = list(_COVERS.get(Form.Kind(version.form.kind), []))
    request.reply_by = sending.reply_by or clock.now() + datetime.timedelta(days=law.reply_days())
    request.replaces = sending.replaces
    request.no_later_than = _authority_ends(signers)
    request.shown_hash = shown_hash(request)
    request.save(force_insert=True)
    Signer.objects.bulk_create([_signer(request, named) for named in signers])
    if particulars:
        authorize(request, particulars)
    add_step(request, "asked", user=by, language=version.language, interpreter=sending.interpreter)
    trail.change(request, "ask_consent")
    return request


def words_of(version: Version, client: Client, counselor: User, particulars: Particulars | None) -> str:
    """The words as they are shown: with names filled in, and what a release names in a clause of its own."""
    text = clauses.filled(version.text, names_for(client, counselor, version.language))
    return with_particulars(text, particulars, client, version.language) if particulars else text


def _mandated(words: str, version: Version, sending: Sending) -> str:
    if version.form.kind != Form.Kind.COUNSELING:
        return words
    if sending.mandate:
        require_whole(sending.mandate)
        return with_mandate(words, sending.mandate, version.language)
    return carried_on(words, sending.replaces.shown) if sending.replaces else words


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
    if not reads(client, version.language) and not interpreter.strip():
        raise Refused("IC-25", "This form is not in a language the client reads.", "Choose another language, or record who interprets it.")


def _authority_ends(signers: Sequence[Named]) -> datetime.datetime | None:
    """Where only representatives decide, a consent holds no longer than the first of their authorities, nor past majority (IC-32)."""
    deciding = [named for named in signers if named.capacity != Signer.Capacity.ASSENT]
    if not all(named.representative for named in deciding):
        return None
    ends = [named.representative.until for named in deciding if named.representative] + [majority_of(named.person) for named in deciding]
    return min((end for end in ends if end is not None), default=None)


def supersede(former: Request, *, by: User | None, signer: Signer | None = None) -> None:
    """A newer paper took the place of ``former``: it ends, and stays readable. ``signer``: theirs, where one of them signed the newer
    one; the step is then of their own chain, since they cannot see the practice's."""
    former.ended_at, former.ended_as = clock.now(), Request.End.SUPERSEDED
    former.save(update_fields=["ended_at", "ended_as"])
    add_step(former, "superseded", user=by, signer=signer)
    trail.change(former, "supersede_consent")
