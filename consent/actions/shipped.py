"""Bringing in the shipped templates: as drafts that cannot be sent until the practice has reviewed and approved them."""

from __future__ import annotations

from typing import Any, NamedTuple

from consent import shipped
from consent.checks import flags
from consent.models import Form, Packet, Version

from .forms import begin_form, begin_version
from .packets import begin_packet


class Brought(NamedTuple):
    """How many drafts and packets are new."""

    drafts: int
    packets: int


def bring_in_templates() -> Brought:
    """Every shipped template that this practice does not have yet, as a draft, and the packets of them.

    What exists is left as it is, however it was changed. Called again it does nothing.
    """
    holds = flags()
    forms = {form.shipped_as: form for form in Form.objects.exclude(shipped_as="")}
    drafts = [_bring(each, forms, holds) for each in shipped.templates()]
    return Brought(sum(drafts), _bring_packets(forms))


def _bring(template: shipped.Template, forms: dict[str, Form], holds: frozenset[str]) -> bool:
    form = forms.get(template.name)
    if form is None:
        form = begin_form(
            by=None, kind=template.kind, title=template.title, renewal_months=template.renewal_months, shipped_as=template.name
        )
        forms[template.name] = form
    if Version.objects.filter(form=form, language=template.language).exists():
        return False
    begin_version(form, by=None, language=template.language, title=template.title, text=template.text(holds))
    return True


def _bring_packets(forms: dict[str, Form]) -> int:
    """A packet for each kind of client that has none."""
    there = {kind for packet in Packet.objects.all() for kind in packet.client_kinds}
    wanted: list[Any] = shipped.packets_toml()["packets"]
    missing = [each for each in wanted if not there & set(each["client_kinds"])]
    for each in missing:
        begin_packet(each["name"], each["client_kinds"], [forms[name] for name in each["forms"]], by=None)
    return len(missing)
