"""Writing a message, choosing to whom, and saying that one is away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from clients.forms.fields import StaffField, day
from clients.models import ClientPermission
from messaging.actions import MOST_FILES, File
from messaging.models import Draft, Thread
from practice.files import ACCEPTED, too_large
from practice.models import User

LONGEST = 10_000  # letters of one message


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files, or none; the value is a list. Whether each may be kept is for practice.files to say."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files; raises ValidationError where one is too large, of which the bytes were not even kept (practice.uploads)."""
        given = [each for each in (data if isinstance(data, list) else [data]) if each]
        found = [super(FilesField, self).clean(each, initial) for each in given]
        if len(found) > MOST_FILES:
            raise forms.ValidationError(f"At most {MOST_FILES} files go with one message.")
        if any((file.size or 0) > settings.DOCUMENT_BYTES for file in found):
            refusal = too_large()
            raise forms.ValidationError(f"{refusal.words} {refusal.todo}")
        return found


class MessageForm(forms.Form):
    """A message. ``version`` is that of the draft the writer saw, ``ident`` makes a second press the same message."""

    version = forms.IntegerField(min_value=0, max_value=2**31, widget=forms.HiddenInput)
    ident = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="Your message",
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": "This is longer than 10,000 letters. Nothing was cut: shorten it, or send it in two messages."},
    )
    attached = FilesField(
        label="Files",
        required=False,
        max_length=255,
        allow_empty_file=True,  # said by practice.files, in the same words as the rest
        help_text="At most five, 10 MB in all: PDF, JPEG, PNG, WebP or plain text. Place, camera, author and hidden parts are taken out.",
        widget=_FilesInput(attrs={"accept": ACCEPTED}),
        error_messages={"max_length": "This file's name is too long. Give it a shorter one."},
    )

    def __init__(self, data: Any = None, files: Any = None, *, draft: Draft | None = None) -> None:
        super().__init__(
            data, files, initial={"version": draft.version if draft else 0, "ident": uuid4(), "text": draft.text if draft else ""}
        )
        self.fields["text"].widget.attrs.pop("maxlength", None)  # a browser cuts a paste to it in silence

    def full_clean(self) -> None:
        """A file may go without a word, and a draft may be empty; the page calls neither box optional."""
        self.fields["text"].required = False
        super().full_clean()
        self.fields["text"].required = True

    def clean_text(self) -> str:
        """The text with every line ending as one newline."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")

    def chosen(self) -> list[File]:
        """The files, with their bytes."""
        return [File(file.name or "", file.read()) for file in self.cleaned_data["attached"]]

    def renewed(self, version: int) -> dict[str, str]:
        """What was typed, on top of ``version``."""
        return {"version": str(version), "ident": str(self.cleaned_data["ident"]), "text": self.cleaned_data["text"]}


KINDS = (
    (Thread.Kind.CARE, "Anything about the counseling. The care team reads it, the front desk never does."),
    (Thread.Kind.OFFICE, "Appointments and bills. The front desk reads it too."),
)


class KindForm(forms.Form):
    """What it is about: that decides who reads it."""

    kind = forms.ChoiceField(label="What is it about?", choices=KINDS, widget=forms.RadioSelect, initial=Thread.Kind.CARE)


class ToForm(KindForm):
    """To whom of those in the portal: one person. There is no other address, and no way to write to several."""

    person = forms.ChoiceField(label="To whom", widget=forms.RadioSelect)
    field_order = ("person", "kind")

    def __init__(self, data: Any = None, *, people: Iterable[tuple[ClientPermission, str]], care: bool) -> None:
        super().__init__(data)
        self.people = {str(grant.pk): grant for grant, _ in people}
        self.fields["person"].choices = [(str(grant.pk), words) for grant, words in people]  # type: ignore[attr-defined]  # a choice field
        if not care:
            self.fields["kind"].choices = KINDS[1:]  # type: ignore[attr-defined]  # a choice field
            self.fields["kind"].initial = Thread.Kind.OFFICE

    @property
    def chosen(self) -> ClientPermission:
        """The grant of whom it is to."""
        return self.people[self.cleaned_data["person"]]


class AwayForm(forms.Form):
    """From when until when, and who answers meanwhile."""

    first = day("First day", required=True)
    last = day("Last day", required=True)
    cover = StaffField(label="Who covers")

    def __init__(self, data: Any = None, *, people: Iterable[User]) -> None:
        super().__init__(data)
        self.fields["cover"].offer(people, nobody="Choose…")  # type: ignore[attr-defined]  # a StaffField
