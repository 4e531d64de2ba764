"""What is asked when a document is added, and when it is taken out again."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from practice.files import ACCEPTED, too_large


class DocumentForm(forms.Form):
    """A file, and what it is called on the pages. Whether the file may be kept is for practice.files to say."""

    ident = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    file = forms.FileField(
        label="File",
        help_text="PDF, JPEG, PNG, WebP or plain text, at most 10 MB. Place, camera, author and hidden parts are taken out.",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        max_length=255,
        allow_empty_file=True,  # said by practice.files, in the same words as the rest
        error_messages={
            "required": "Choose a file.",
            "max_length": "This file's name is too long. Give it a shorter one.",
        },
    )
    title = forms.CharField(
        label="Title", max_length=120, required=False, help_text="What it is, in a few words. Without one, the file's own name is shown."
    )

    def clean_file(self) -> UploadedFile:
        """The file; raises ValidationError if it is too large, of which the bytes were not even kept (practice.uploads)."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.DOCUMENT_BYTES:
            refusal = too_large()
            raise forms.ValidationError(f"{refusal.words} {refusal.todo}")
        return file


class RemovalForm(forms.Form):
    """Why a document is taken out."""

    reason = forms.CharField(
        label="Why it is taken out",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "spellcheck": "false", "autocomplete": "off"}),
        help_text="It stays on the record, for the same people who could read the document.",
        error_messages={"required": "Say why it is taken out."},
    )
