"""The living page of the look: every token and part, with made-up people. Shown in the demo only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from audit.doors import public

_COLOURS = "desk sheet raised ink muted line edge accent accent-strong accent-soft good wait warn danger info"
_STATES = (
    ("Draft", "neutral", ""),
    ("Signed", "good", ""),
    ("Locked", "good", "lock-keyhole"),
    ("Awaiting co-signature", "wait", ""),
    ("Expires in 5 days", "warn", ""),
    ("Refused", "danger", ""),
    ("Late entry", "info", "clock"),
)
_TABS = (("Overview", 0), ("Sessions & notes", 12), ("Consents", 1), ("Messages", 0), ("Disclosures", 0), ("Contacts", 0), ("Access", 0))
_PEOPLE = (("Ana Reyes", "counselor"), ("Sofia Lindt", "supervisor"), ("Cleo Marsh", "the client, once signed"), ("Ben Okafor", "cover"))
_QUEUE = (
    ("Note of Tuesday's session, WREN-4821", "2 days", "Unsigned", "warn"),
    ("Consent to telehealth, HERON-1170", "today", "Question", "wait"),
    ("Edits requested by Sofia, LARK-3307", "yesterday", "Draft", "neutral"),
)
_READINGS = (
    ("21 Nov 2026, 09:12", "Ana Reyes", "Read a note", 3),
    ("20 Nov 2026, 17:40", "Sofia Lindt", "Read a note", 1),
    ("20 Nov 2026, 11:03", "Ben Okafor", "Refused", 12),
)
_FACTS = (
    ("Legal name", "Juniper Alexandra Vale"),
    ("Born", "4 May 1991 (35)"),
    ("Phone", "555 0134, voice mail is safe"),
    ("Counselor", "Ana Reyes since 3 Feb 2026"),
)
_NOTICES: tuple[dict[str, str], ...] = (
    {
        "tone": "danger",
        "title": "This cannot be signed yet",
        "why": "A psychotherapy note must not hold the diagnosis or the plan.",
        "rule": "REC-2",
        "todo": "Move those lines to the progress note of the same session.",
    },
    {
        "tone": "warn",
        "title": "The consent ends in 5 days",
        "text": "Ask for a new one before the next session.",
        "url": "#main",
        "link": "Send the consent again",
    },
    {"tone": "info", "text": "Sofia Lindt co-signs your notes until 1 March."},
    {"tone": "good", "text": "Signed and locked at 14:05."},
)
_EVENTS: tuple[dict[str, Any], ...] = (
    {
        "when": datetime(2026, 11, 21, 9, 12, tzinfo=UTC),
        "who": "Ana Reyes",
        "what": "Signed and locked",
        "tone": "good",
        "icon": "lock-keyhole",
    },
    {
        "when": datetime(2026, 11, 20, 17, 40, tzinfo=UTC),
        "who": "Sofia Lindt",
        "what": "Asked for edits",
        "tone": "wait",
        "detail": "Please add what was agreed for the week.",
    },
    {"when": "20 Nov 2026", "who": "Ana Reyes", "what": "Draft begun", "tone": "neutral", "icon": "pencil"},
)
_TYPED = {"email": "not an address", "kind": "m", "languages": ["es"], "note": "Words that were typed are kept."}


class Specimen(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Preferred name", help_text="The name to use in the room and on the phone.")
    email = forms.EmailField(label="E-mail", required=False)
    born = forms.DateField(label="Date of birth", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Adult"), ("m", "Minor"), ("f", "Couple, family or group")])
    reach = forms.ChoiceField(
        label="How may we reach you?",
        choices=[("p", "Phone"), ("m", "Mail"), ("n", "Not at all")],
        widget=forms.RadioSelect,
        help_text="You can change this at any time.",
    )
    languages = forms.MultipleChoiceField(
        choices=[("en", "English"), ("es", "Spanish"), ("pt", "Portuguese")], widget=forms.CheckboxSelectMultiple, required=False
    )
    safe = forms.BooleanField(label="It is safe to leave a message", help_text="Somebody else may hear it.")
    note = forms.CharField(widget=forms.Textarea)
    paper = forms.FileField(label="Signed paper", required=False)
    letter = forms.FileField(label="A file to drop", required=False)


def specimens() -> dict[str, Any]:
    """What the page shows: invented people, states, texts, and a form that was sent with mistakes."""
    return {
        "crumbs": [{"url": "/", "label": "Home"}],
        "colours": _COLOURS.split(),
        "states": [{"word": word, "tone": tone, "icon": icon} for word, tone, icon in _STATES],
        "tabs": [{"url": "#main", "label": label, "count": count, "current": label == "Overview"} for label, count in _TABS],
        "people": [{"name": name, "role": role} for name, role in _PEOPLE],
        "notices": _NOTICES,
        "queue": [{"what": what, "when": when, "word": word, "tone": tone} for what, when, word, tone in _QUEUE],
        "table": [{"when": when, "who": who, "what": what, "times": times} for when, who, what, times in _READINGS],
        "facts": _FACTS,
        "events": _EVENTS,
        "left": "Juniper slept better this week and kept the diary on five of seven days. We looked at Thursday together.",
        "right": "Juniper slept better this week and kept the diary on most days.",
        "form": Specimen(_TYPED),
    }


@public("Made-up people only, and only in the demo; it shows how the house looks.")
def design(request: HttpRequest) -> HttpResponse:
    """The design page; 404 outside the demo."""
    if not settings.DEMO:
        raise Http404
    return render(request, "design.html", {"design": specimens()})
