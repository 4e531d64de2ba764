"""Forms of the staff's side: sending papers, the notice, an override's review."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.timezone import make_aware

from audit import clock
from clients.forms.portal import BY_HAND, addressed
from consent import languages
from consent.actions import Link
from consent.actions.asking import Named
from consent.mandates import Mandate
from consent.models import Form, NoticeDelivery, Request, Version
from consent.reach import Reach
from consent.signers import Possible

LINK, AGAIN, NO_LINK = "link-", "again", "none"  # of the fields and choices of how somebody gets in
LONGEST_WAIT = datetime.timedelta(days=366)


def capital(choices: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """``choices`` with each label beginning with a capital, as a form shows it."""
    return [(value, f"{label[:1].upper()}{label[1:]}") for value, label in choices]


def midnight_after(day: datetime.date) -> datetime.datetime:
    """The end of ``day`` by the practice's clock."""
    return make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))


class LinkField(forms.ChoiceField):
    """A choice that is "no link" where a page did not offer it."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or NO_LINK)


def _link(reach: Reach) -> forms.ChoiceField:
    """How somebody without an account gets in: an address they allowed is proposed, or a link to hand over."""
    offered = [(str(point.pk), addressed(point)) for point in reach.points] + [(BY_HAND, "A link that I hand over myself")]
    proposed = NO_LINK if reach.in_person else offered[0][0]
    nothing = "No link: they sign here, on this device or on paper"
    if reach.invitation:
        until = timezone.localtime(reach.invitation.expires_at)
        nothing = f"Nothing new: the invitation they have works until {until:%-d %b %Y}"
        offered, proposed = [(AGAIN, "A new link; the three words they were told still hold"), *offered], NO_LINK
    return LinkField(label=f"A link for {reach.who.words}", choices=[*offered, (NO_LINK, nothing)], initial=proposed)


class AskingForm(forms.Form):
    """Who signs, by what rule, in which language's company, how they get to it, and until when somebody may answer."""

    signers = forms.TypedMultipleChoiceField(label="Who signs", widget=forms.CheckboxSelectMultiple)
    rule = forms.ChoiceField(label="Whose signature is needed", choices=capital(Request.Rule.choices), widget=forms.RadioSelect)
    reply_by = forms.DateField(
        label="Answer by",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Thirty days where you say nothing.",
    )
    interpreter = forms.CharField(
        label="Who interprets it", required=False, max_length=200, help_text="Only where the client does not read the paper's language."
    )

    ident = forms.UUIDField(widget=forms.HiddenInput)  # of the batch: sent twice, it is sent once

    def __init__(self, people: Sequence[Possible], reach: Sequence[Reach], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reach = {each.who.key: each for each in reach if each.invitable}
        self.fields |= {f"{LINK}{key}": _link(each) for key, each in self._reach.items()}
        self._possible = {each.key: each for each in people}
        self.fields["signers"].choices = [(each.key, each.words) for each in people]  # type: ignore[attr-defined]  # a choice field

    def clean_reply_by(self) -> datetime.datetime | None:
        """The end of that day, within a year."""
        day: datetime.date | None = self.cleaned_data["reply_by"]
        if day is None:
            return None
        today = clock.today()
        if not today <= day <= today + LONGEST_WAIT:
            raise forms.ValidationError("Choose a day from today on, within a year.")
        return midnight_after(day)

    def named(self) -> list[Named]:
        """Who is to sign."""
        return [self._possible[key].named for key in self.cleaned_data["signers"]]

    def link_fields(self) -> list[forms.BoundField]:
        """For each who has no account: how they get in."""
        return [self[f"{LINK}{key}"] for key in self._reach]

    def links(self) -> list[Link]:
        """The links chosen, for those who are to sign."""
        signing = {named.whom for named in self.named()}
        chosen = {key: self.cleaned_data[f"{LINK}{key}"] for key, each in self._reach.items() if each.who.named.whom in signing}
        return [self._chosen(key, how) for key, how in chosen.items() if how != NO_LINK]

    def _chosen(self, key: str, how: str) -> Link:
        points = {str(point.pk): point for point in self._reach[key].points}
        return Link(self._reach[key].who.named, point=points.get(how), again=how == AGAIN)


def _told(label: str, rows: int = 2) -> forms.CharField:
    """Something a mandate brings; the rule says what is needed, and why (IC-26)."""
    box = forms.Textarea(attrs={"rows": rows, "dir": "auto", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=1000, widget=box)


class SendForm(AskingForm):
    """Which papers, beside who signs; and what the consent says to somebody who was told to come."""

    papers = forms.TypedMultipleChoiceField(label="Papers", widget=forms.CheckboxSelectMultiple)
    mandated = forms.BooleanField(
        label="They were told to come here",
        required=False,
        help_text="By a court, an employer, a school. What you write below stands in their consent for counseling (IC-26).",
    )
    mandate_by = _told("Who asks it of them", rows=1)
    mandate_limits = _told("What you cannot keep to yourselves because of that")
    mandate_reports = _told("Who gets reports from you, and about what")
    mandate_refusal = _told("What follows if they say no, or stop")

    def __init__(self, versions: Sequence[Version], people: Sequence[Possible], reach: Sequence[Reach], *args: Any, **kwargs: Any) -> None:
        super().__init__(people, reach, *args, **kwargs)
        self._versions = {str(version.pk): version for version in versions}
        self.fields["papers"].choices = [(pk, self._words(version)) for pk, version in self._versions.items()]  # type: ignore[attr-defined]  # a choice field

    def _words(self, version: Version) -> str:
        return f"{version.title} ({languages.named(version.language)}), {version.form.get_kind_display()}"

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError beside the papers where a mandate has no paper to stand in."""
        said: dict[str, Any] = super().clean() or {}
        chosen = [self._versions[pk] for pk in said.get("papers", [])]
        if said.get("mandated") and chosen and not any(each.form.kind == Form.Kind.COUNSELING for each in chosen):
            self.add_error("papers", "What a mandate brings stands in the consent for counseling: choose that one as well.")
        return said

    def mandate(self) -> Mandate | None:
        """What the consent says to somebody who was told to come; None: nobody told them."""
        said = self.cleaned_data
        return Mandate(*(said[f"mandate_{each}"] for each in ("by", "limits", "reports", "refusal"))) if said["mandated"] else None

    def mandate_fields(self) -> list[forms.BoundField]:
        """The fields about a mandate."""
        return [self[name] for name in ("mandated", "mandate_by", "mandate_limits", "mandate_reports", "mandate_refusal")]

    def versions(self) -> list[Version]:
        """The papers chosen."""
        return [self._versions[pk] for pk in self.cleaned_data["papers"]]


class NoticeForm(forms.Form):
    """What came of giving the notice to the client."""

    status = forms.ChoiceField(label="What came of it", choices=capital(NoticeDelivery.Status.choices), widget=forms.RadioSelect)
    method = forms.ChoiceField(label="How", required=False, choices=[("", "Not delivered"), *capital(NoticeDelivery.Method.choices)])
    day = forms.DateField(label="When", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    effort = forms.CharField(
        label="What you tried", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="Needed where no acknowledgment was obtained (NPP-2).",
    )  # fmt: skip
    reason = forms.CharField(
        label="Why it was not obtained, or what the emergency was", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip

    def clean_day(self) -> datetime.datetime:
        """The moment recorded: now for today, else the noon of that day; never ahead, and within ten years."""
        day, now = self.cleaned_data["day"], clock.now()
        today = timezone.localdate(now)
        if not today - datetime.timedelta(days=3660) <= day <= today:
            raise forms.ValidationError("Choose today or a day that is past.")
        return now if day == today else make_aware(datetime.datetime.combine(day, datetime.time(12)))


class ReviewForm(forms.Form):
    """Whether a session was rightly held without a consent."""

    upheld = forms.ChoiceField(
        label="What you find", choices=[("yes", "It was right to hold it"), ("no", "It was not right")], widget=forms.RadioSelect
    )
