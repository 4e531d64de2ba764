"""Taking somebody out of a couple, family or group."""

from __future__ import annotations

from django import forms


class LeaveForm(forms.Form):
    """Whether they came and come no more, or never belonged there."""

    why = forms.ChoiceField(
        label="Why?",
        choices=[
            ("left", "They come no more. What was said together stays theirs, too: it is released only if they sign as well."),
            ("mistake", "They were added by mistake, and were at no session."),
        ],
        widget=forms.RadioSelect,
        initial="left",
    )
