"""Forms about the practice's papers: a form, a draft, its approval, and packets."""

from __future__ import annotations

from typing import Any

from django import forms

from clients.models import Client
from consent import languages
from consent.models import Form, Packet

LONGEST = 100_000  # characters of a form


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


class FormForm(forms.Form):
    """What a form is for, its name, and after how long it is asked anew."""

    title = forms.CharField(label="Name", max_length=120, help_text="As clients see it, such as Consent to counseling.")
    kind = forms.ChoiceField(label="What it is for", choices=[(value, _capital(label)) for value, label in Form.Kind.choices])
    renewal_months = forms.IntegerField(
        label="Asked anew after how many months",
        required=False,
        min_value=1,
        max_value=60,
        help_text="Consents are asked anew after 12 months where you say nothing; policies, notices and questionnaires are not.",
        error_messages={"min_value": "At least one month.", "max_value": "At most 60 months."},
    )


class SettingsForm(FormForm):
    """The same of a form that is there: its kind stays, since its versions were checked by it."""

    kind = None  # type: ignore[assignment]  # Django's way to take a field away


class LanguageForm(forms.Form):
    """In which language a new version is written."""

    language = forms.ChoiceField(label="Language", choices=list(languages.NAMES.items()))


class FormText(forms.CharField):
    """The Markdown of a form, in one way of ending lines; the browser is not told to cut it."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "note-text form-text", "dir": "auto", "rows": 30, "spellcheck": "true", "autocomplete": "off"}
        message = f"This is longer than {LONGEST:,} characters. Nothing was cut: shorten it, or make two forms of it."
        super().__init__(
            widget=forms.Textarea(attrs=attrs),
            strip=False,
            max_length=LONGEST,
            error_messages={"max_length": message, "required": "Write something first."},
            **kwargs,
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``: a browser cuts a paste to it in silence."""
        return {key: value for key, value in super().widget_attrs(widget).items() if key != "maxlength"}

    def to_python(self, value: Any) -> str:
        """The text with every line ending as one newline."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class VersionForm(forms.Form):
    """A draft: its title and text, and the revision that was opened, so that nobody is overwritten."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)
    title = forms.CharField(label="Title", max_length=120, help_text="Stands above the text that the client reads.")
    text = FormText(label="Text")


class ApprovalForm(forms.Form):
    """That the practice has reviewed the words; and, where an earlier version is in force, whether the change matters."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)
    reviewed = forms.BooleanField(
        label="The practice has reviewed these words, and stands behind them.",
        error_messages={"required": "Read the whole text, then tick this."},
    )
    material = forms.TypedChoiceField(
        label="Does the change matter to those who signed the earlier version?",
        choices=[("yes", "Yes, it is a material change: they are asked anew"), ("no", "No: what they signed still holds")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        error_messages={"required": "Say whether it matters."},
    )
    what_changed = forms.CharField(
        label="What changed, and why it does or does not matter",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="In a sentence or two. Clients who are asked anew read it first.",
    )

    def __init__(self, *args: Any, earlier: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not earlier:
            del self.fields["material"], self.fields["what_changed"]


class PacketForm(forms.Form):
    """A packet's name, and for whom it is proposed."""

    name = forms.CharField(label="Name", max_length=80)
    client_kinds = forms.MultipleChoiceField(
        label="Proposed for",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="A new client of this kind is offered this packet first.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_kinds"].choices = [(value, _capital(label)) for value, label in Client.Kind.choices]  # type: ignore[attr-defined]  # a choice field


def stored_packet(packet: Packet) -> dict[str, Any]:
    """What the form shows of a packet that is there."""
    return {"name": packet.name, "client_kinds": packet.client_kinds}
