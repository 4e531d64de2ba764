"""The invented practice's forms: the shipped templates with its own words in the gaps, reviewed by Ada and put in force."""

from __future__ import annotations

import datetime

from audit import clock, doors
from consent import actions
from consent.checks import fill_gaps, gaps
from consent.models import Version

from .people import People, days_ago

# In force since before the first story, so that whoever came later was asked with them; the others wait for a review.
IN_FORCE = (
    "privacy-notice", "confidentiality", "counseling", "telehealth", "recording", "couple-family", "group-rules", "release",
    "psychotherapy-notes", "intake-adult", "intake-minor", "reaching",
)  # fmt: skip
SINCE = 850  # days
GAPS = {
    "how many years": "seven",
    "cuántos años": "siete",
    "who answers questions about privacy, and how to reach them": "Ada Novak, privacy officer, 503 555 0100",
    "quién responde preguntas sobre privacidad y cómo comunicarse": "Ada Novak, responsable de privacidad, 503 555 0100",
    "name or title, phone number and address of who answers questions about this notice": "Ada Novak, privacy officer, 503 555 0100, "
    "14 Willow Street, Portland, Oregon",
    "date": "the day this practice opened its portal",
    "where clients can read about each counselor's training, experience and approach": "on the wall beside the front desk, and on paper",
    "dónde leer sobre la formación, experiencia y enfoque de cada consejero": "en la pared junto a la recepción, y en papel",
    "name or role of the custodian of records": "Sofia Lindqvist, LPC-S",
    "nombre o función de quien custodia los expedientes": "Sofia Lindqvist, LPC-S",
    "length of a session": "50 minutes",
    "duración de una sesión": "50 minutos",
    "fee for a session": "140 dollars",
    "precio de una sesión": "140 dólares",
    "when and how clients pay": "at the end of each month, by card or transfer",
    "cuándo y cómo se paga": "al final de cada mes, con tarjeta o transferencia",
    "notice for canceling": "24 hours",
    "tiempo de aviso": "24 horas",
    "fee for a missed session": "70 dollars",
    "costo de una sesión perdida": "70 dólares",
    "days and hours": "weekdays from nine to five",
    "how soon": "one working day",
    "states of license": "Oregon",
    "why sessions are recorded, such as training or supervision of your counselor": "the supervision of your counselor",
    "who else will see or hear it": "your counselor's supervisor",
    "where recordings are kept": "the practice's own locked drive",
    "how long after the session": "eight weeks after the session",
}


def approve_forms(people: People) -> None:
    """Bring in the templates; fill in, approve and put in force the practice's choice of them. Called again it does nothing."""
    ada = people["ada"]
    with clock.at(days_ago(SINCE)), doors.system("demo", on_behalf_of=ada):
        actions.bring_in_templates()
        for version in Version.objects.filter(form__shipped_as__in=IN_FORCE, state=Version.State.DRAFT, number=1).select_related("form"):
            _approve(version, people)


def _approve(version: Version, people: People) -> None:
    ada = people["ada"]
    text = fill_gaps(version.text, GAPS)
    assert not gaps(text), f"{version.form.shipped_as}: {gaps(text)}"
    actions.save_version(version, by=ada, revision=version.revision, title=version.title, text=text, material=False, what_changed="")
    actions.approve(version, by=ada)
    with clock.at(clock.now() + datetime.timedelta(hours=2)):
        actions.put_in_force(version, by=ada)
