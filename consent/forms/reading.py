"""Asking about a clause, answering a question, and the reason somebody may give."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 4000


def words(label: Any, *, required: bool, rows: int = 4, help_text: Any = "", missing: Any = "") -> forms.CharField:
    """Some sentences; the browser is asked to remember nothing of them."""
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off", "dir": "auto"})
    messages = {"required": missing} if missing else None
    return forms.CharField(label=label, max_length=LONGEST, required=required, help_text=help_text, widget=widget, error_messages=messages)


class QuestionForm(forms.Form):
    """A question pinned to one clause. ``ident`` makes a second press the same question."""

    act = forms.CharField(initial="ask", widget=forms.HiddenInput)
    anchor = forms.SlugField(max_length=60, widget=forms.HiddenInput)
    ident = forms.UUIDField(widget=forms.HiddenInput)
    text = words(_("Your question"), required=True, missing=_("Write your question, then send it."))


class SettleForm(forms.Form):
    """Which question is settled."""

    question = forms.UUIDField()


class AnswerForm(forms.Form):
    """The practice's answer to a question."""

    ident = forms.UUIDField(widget=forms.HiddenInput)
    text = words("Your answer", required=True, rows=6, missing="Write what you would say.")


class ReasonForm(forms.Form):
    """A reason that nobody has to give."""

    reason = words(
        _("Do you want to say why?"), required=False, help_text=_("You do not have to. Whatever you write goes to your counselor.")
    )
