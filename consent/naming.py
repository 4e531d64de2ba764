"""What the [[names]] of a form stand for, for one client and counselor."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from audit import clock
from clients.actions.team import supervisor_of
from clients.models import Client
from consent.languages import spoken
from practice.models import Practice, User


def names_for(client: Client, counselor: User, language: str) -> dict[str, str]:
    """What the [[names]] of a form in ``language`` stand for, for this client and counselor, today."""
    with spoken(language):
        return _names(client, counselor)


def _names(client: Client, counselor: User) -> dict[str, str]:
    practice = Practice.objects.get()
    supervision = supervisor_of(counselor)
    who = f"{counselor.name}, {counselor.credentials}" if counselor.credentials else counselor.name
    alone = _("Your counselor works under no supervisor.")
    return {
        "practice": practice.name,
        "counselor": who,
        "client": client.legal_name,
        "date": formats.date_format(clock.now().astimezone(ZoneInfo(practice.timezone)).date(), "j F Y"),
        "supervision": _supervised(supervision.supervisor, supervision.licence) if supervision else alone,
    }


def _supervised(supervisor: User, licence: str) -> str:
    title = "".join(f", {each}" for each in (supervisor.credentials, licence) if each)
    told = _("Your counselor works under the supervision of %(name)s, who reads the record for that purpose.")
    return told % {"name": f"{supervisor.name}{title}"}


def sample_names() -> dict[str, str]:
    """Invented people in the place of the [[names]], for whoever looks at a form without a client."""
    practice = Practice.objects.get()
    return {
        "practice": practice.name,
        "counselor": "Robin Sample, LPC",
        "client": "Alex Sample",
        "date": formats.date_format(clock.now().astimezone(ZoneInfo(practice.timezone)).date(), "j F Y"),
        "supervision": "Your counselor works under the supervision of Kim Sample, LPC-S, who reads the record for that purpose.",
    }
