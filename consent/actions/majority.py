"""The day a minor comes of age: what guardians were asked or gave is over, and the adult is asked for themself (IC-32)."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

from django.db.models import Exists, OuterRef

from clients.models import Client
from consent.access import versions_in_force
from consent.models import Form, Packet, Request, Signer, Version
from practice.models import User
from practice.refusals import Refused

from .asking import Named, Sending, ask
from .ending import end_by_date


def ask_the_adult(client: Client, counselor: User) -> None:
    """End what representatives were asked or gave for ``client``, and ask the client the papers of an adult, in one batch.

    Which papers: the packet for adults; where there is none, those that the representatives were asked.
    """
    stood = Signer.objects.filter(request=OuterRef("pk"), representative__isnull=False)
    former = list(Request.objects.filter(Exists(stood), client=client, ended_at=None).select_related("wording__form"))
    for request in former:
        end_by_date(request)
    batch = uuid4()
    for version in _papers(former):
        with suppress(Refused):  # such as a language they do not read: staff are told of the day, and send what fits
            ask(client, version, by=None, counselor=counselor, signers=[Named(client, Signer.Capacity.SELF)], sending=Sending(batch=batch))


def _papers(former: list[Request]) -> list[Version]:
    packet = Packet.objects.filter(client_kinds__contains=[Client.Kind.ADULT]).first()
    asked = {request.wording.form_id for request in former}
    forms = Form.objects.filter(packets=packet) if packet else Form.objects.filter(pk__in=asked)
    found = {version.form_id: version for version in versions_in_force().filter(form__in=forms).order_by("-language")}
    return list(found.values())  # one language each: English where there is one
