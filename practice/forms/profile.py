"""The form of the practice's profile. What each flag switches stands beside it (GEN-8)."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from practice import ownership
from practice.models import Practice
from practice.models.profile import LONGEST_IDLE, LONGEST_LATE, SHORTEST_IDLE
from practice.profile import zone_of
from practice.residency import elsewhere
from practice.states import STATES

LARGEST_LOGO = 200 * 1024  # bytes

# Field, label, what it switches.
FLAGS = (
    ("names_staff", _("Clients see who opened their record by name"), _(
        "In the portal, under \"Who opened my record\". Off: they see the role alone, such as \"front desk\".")),
    ("is_covered_entity", _("Covered by HIPAA"), _(
        "The privacy notice, rights requests, the accounting of disclosures and HIPAA's breach clocks. "
        "Off only for a practice that sends no standard electronic transactions, such as insurance claims.")),
    ("is_part2_program", _("Substance use program (42 CFR Part 2)"), _(
        "The Part 2 notice and consents, and the statement that goes along with each disclosure of these records.")),
    ("holds_part2_records", _("Holds records from a Part 2 program"), _(
        "The same limits for records that came from such a program: no use in proceedings against the client "
        "without consent or a court order.")),
    ("ca_licensed_clinic", _("Clinic licensed in California"), _(
        "Notice of a breach to the state and to clients within 15 business days.")),
    ("minors_alone", _("Minors may consent alone"), _(
        "Where the law of your states allows it: a counselor may decide that a minor holds the rights alone, and then nobody "
        "who represents them sees the portal.")),
    ("gdpr", _("GDPR (European Union)"), _(
        "A privacy notice with its legal grounds, the rights of those concerned, and 72 hours to report a breach.")),
    ("uk_gdpr", _("UK GDPR"), _("The same for the United Kingdom, reported to its own authority.")),
    ("pipeda", _("PIPEDA (Canada)"), _("Reports of breaches with a real risk of harm, and the book of all breaches.")),
    ("phipa_on", _("PHIPA (Ontario)"), _("Ontario's rules for custodians of health information, with its own reports and yearly numbers.")),
    ("au_privacy", _("Privacy Act (Australia)"), _("Australia's principles, and 30 days to assess a suspected breach.")),
)  # fmt: skip


def _zones() -> list[tuple[str, str]]:
    named = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/")))
    return [(zone, zone.replace("_", " ")) for zone in named]


def _idle_field() -> forms.IntegerField:
    limit = max(SHORTEST_IDLE, min(LONGEST_IDLE, settings.SESSION_IDLE_MINUTES))
    words = _("Minutes without anybody at the page, at most %(limit)s.") % {"limit": limit}
    return forms.IntegerField(label=_("Lock a page after how many minutes"), min_value=SHORTEST_IDLE, max_value=limit, help_text=words)


class ProfileForm(forms.Form):
    """Name, clock, limits, states and flags. It names the fields it takes; nothing else of the practice can be set."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Shown at the top of every page and on papers."))
    timezone = forms.ChoiceField(label=_("Time zone"), help_text=_("The practice's clock: all times are shown in it."))
    late_after_hours = forms.IntegerField(
        label=_("Late entry after how many hours"),
        min_value=1,
        max_value=LONGEST_LATE,
        help_text=_("A note that is begun later than this after its session is labelled a late entry."),
    )
    reply_time = forms.CharField(
        label="When messages are answered",
        max_length=80,
        help_text="Shown to clients before they write, after “We answer”. For example: within two working days.",
    )
    crisis_words = forms.CharField(
        label="In a crisis, in your own words",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "autocomplete": "off"}),
        help_text="Shown to clients before they write, behind the emergency numbers of your place. For example your own line.",
    )
    states = forms.MultipleChoiceField(
        label=_("States"),
        required=False,
        choices=STATES,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
        help_text=_("Where you are licensed or see clients. They choose the law on minors, retention and breaches."),
    )

    def __init__(self, data: Any = None, *, practice: Practice) -> None:
        super().__init__(data, initial={"timezone": zone_of(practice.timezone).key})
        self.fields["timezone"].choices = _zones()  # type: ignore[attr-defined]  # a choice field
        self.fields["idle_minutes"] = _idle_field()
        self.fields |= {flag: forms.BooleanField(label=label, help_text=what, required=False) for flag, label, what in FLAGS}
        self.initial = {**{name: getattr(practice, name) for name in self.fields}, **self.initial}

    def clean_states(self) -> list[str]:
        """States whose records may be kept where this house is; raises ValidationError by the rule that says otherwise."""
        chosen: list[str] = self.cleaned_data["states"]
        if law := elsewhere(chosen):
            words = _(
                "%(state)s: its law asks that records are kept in this country: %(country)s (%(rule)s). This house does not say that it is "
                "there. Whoever runs it sets DATA_REGION=%(country)s, if that is so."
            )
            raise forms.ValidationError(words % {"state": dict(STATES)[law["state"]], "country": law["country"], "rule": law["rule"]})
        return chosen

    @property
    def about(self) -> list[forms.BoundField]:
        """Name, clock and limits."""
        return [self[name] for name in ("name", "timezone", "late_after_hours", "idle_minutes", "reply_time", "crisis_words")]

    @property
    def flags(self) -> list[forms.BoundField]:
        """The flags, in order."""
        return [self[flag] for flag, *_ in FLAGS]


class OwnershipForm(forms.Form):
    """To whom the records belong, and for a change why."""

    model = forms.ChoiceField(label=_("To whom do the records belong?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why it changes"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, data: Any = None, *, chosen: bool) -> None:
        super().__init__(data)
        self.fields["model"].choices = [(key, f"{each.label}. {each.staff}") for key, each in ownership.models().items()]  # type: ignore[attr-defined]  # a choice field
        if not chosen:
            del self.fields["reason"]


class LogoForm(forms.Form):
    """A picture, small enough to look at. Whether it is one is for practice.pictures to say."""

    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, at most 200 KB. We draw it again, so that nothing hidden in the file is kept."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"required": _("Choose a file.")},
    )

    def clean_logo(self) -> bytes:
        """The bytes of the file; raises ValidationError if they are too many."""
        file = self.cleaned_data["logo"]
        if file.size > LARGEST_LOGO:
            raise forms.ValidationError(_("This file is larger than 200 KB. Save it smaller and try again."))
        found: bytes = file.read()
        return found
