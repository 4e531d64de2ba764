"""What is asked of who brings a file in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from moving.actions import Announced
from moving.actions.sending import LARGEST
from moving.columns import COLUMNS, systems
from moving.models import MoveIn
from moving.reading import DATES
from practice.models import User
from practice.roles import Role


class FileForm(forms.Form):
    """A file, what is in it, and where it comes from."""

    kind = forms.ChoiceField(label="What is in it", widget=forms.RadioSelect)
    system = forms.ChoiceField(
        label="Where it comes from", initial="other", help_text="What is known of its headings is offered; you check it on the next page."
    )
    file = forms.FileField(
        label="File",
        help_text="A CSV of at most 10 MB, a zip of PDF charts named by the client's id, code or name, or a bundle. Zips may have 1 GB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.zip"}),
        max_length=255,
        error_messages={"required": "Choose a file.", "empty": "This file is empty. Choose another one."},
    )  # fmt: skip
    # Of a file that is sent in parts (static/js/parts.js): the page announces it first.
    name = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)
    size = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    drafts = forms.BooleanField(
        label="Bring notes in as my own drafts", required=False,
        help_text="Otherwise they are locked as they come, marked as signed elsewhere. Choose this for what you go on writing.",
    )  # fmt: skip

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clinical = by.holds(Role.COUNSELOR)
        kinds = [each for each in MoveIn.Kind if clinical or each in (MoveIn.Kind.CLIENTS, MoveIn.Kind.CONTACTS)]
        self.fields["kind"].choices = [(each.value, f"{each.label[:1].upper()}{each.label[1:]}") for each in kinds]  # type: ignore[attr-defined]  # a choice field
        known = [(key, each.name if each.known else f"{each.name} (headings not known)") for key, each in systems().items()]
        self.fields["system"].choices = known  # type: ignore[attr-defined]  # as above
        self.fields["file"].required = not self.data.get("size")
        if not clinical:
            del self.fields["drafts"]

    def clean_file(self) -> UploadedFile | None:
        """The file; raises ValidationError if it is too large, of which the bytes were not even kept (practice.uploads)."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > settings.UPLOAD_BYTES:
            raise forms.ValidationError(
                "This file is larger than 10 MB. A zip goes in parts, with scripts allowed; send a table in several files."
            )
        return file

    def announced(self) -> Announced | None:
        """What is to come in parts; None where the file is here."""
        said = self.cleaned_data
        if said["file"]:
            return None
        return Announced(said["kind"], said["system"], said["name"], said["size"], said.get("drafts", False))


class PartForm(forms.Form):
    """A part of a large file, and where in it it begins."""

    offset = forms.IntegerField(min_value=0, max_value=LARGEST)
    part = forms.FileField()


class ColumnsForm(forms.Form):
    """Which column is what, and how days are written."""

    def __init__(self, *args: Any, row: MoveIn, guessed: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heads = [("", "None")] + [(head, head[:80]) for head in dict.fromkeys(row.about["heads"]) if head]
        for column in COLUMNS[row.kind]:
            label = column.label
            self.fields[column.key] = forms.ChoiceField(
                label=label, choices=heads, required=column.required, initial=guessed.get(column.key, "")
            )
        self.fields["dates"] = forms.ChoiceField(label="How days are written", choices=DATES, initial="us")

    def columns(self) -> dict[str, str]:
        """What was chosen, by column."""
        return {key: value for key, value in self.cleaned_data.items() if key != "dates"}
