"""Writing a consultation down, advising, deciding, and a page for somebody of outside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from audit.clock import today
from clients.forms.fields import StaffField, day, text
from consent.models import Authorization
from practice.models import User
from supervision import law
from supervision.actions import Held
from supervision.models import Consultation

Basis, Relation = Consultation.Basis, Consultation.Relation
_PLAIN = {"autocomplete": "off", "dir": "auto"}


def words(label: str, *, rows: int = 3, required: bool = True, help_text: str = "") -> forms.CharField:
    """Several lines of text."""
    widget = forms.Textarea(attrs=_PLAIN | {"rows": rows})
    return forms.CharField(label=label, max_length=8000, required=required, help_text=help_text, widget=widget)


class HeldForm(forms.Form):
    """A consultation about a client, as it was held."""

    relation = forms.ChoiceField(label="Whom did you ask?", choices=Relation.choices, widget=forms.RadioSelect, initial=Relation.COLLEAGUE)
    consultant = StaffField(label="Which colleague", required=False, help_text="Of a colleague or supervisor here.")
    who = text("Name and profession", longest=200, help_text="Of a lawyer, or an expert from outside.")
    held_on = day("On which day", required=True)
    basis = forms.ChoiceField(
        label="What were they told of the client?", choices=Basis.choices, widget=forms.RadioSelect, initial=Basis.DEIDENTIFIED,
        help_text="Without naming the client is what a consultation usually needs (SU-2). Otherwise say on what basis they may know.",
    )  # fmt: skip
    authorization = forms.ChoiceField(label="What the client signed", required=False)
    grounds = words(
        "Why that basis holds", rows=2, required=False, help_text="Such as what they treat the client for, or who retained the lawyer."
    )
    about = forms.ChoiceField(label="What it is needed for", required=False)
    question = words("Your question")
    told = words("What they were told, one thing a line", required=False, help_text="Only what the question needs.")
    advice = words("What they advised", required=False, help_text="Empty: you add it when it comes.")

    def __init__(self, *args: Any, people: Iterable[User], signed: Iterable[Authorization], about: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = today()
        self.signed = {str(row.pk): row for row in signed}
        staff, chosen, thing = self.fields["consultant"], self.fields["authorization"], self.fields["about"]
        staff.offer(people, nobody="Nobody here: named below")  # type: ignore[attr-defined]  # a StaffField
        chosen.choices = [("", "Nothing"), *((key, self._signed(row)) for key, row in self.signed.items())]  # type: ignore[attr-defined]  # a choice field
        thing.choices = [("", "Nothing in particular"), *about.items()]  # type: ignore[attr-defined]  # a choice field
        for name, needed in (("authorization", self.signed), ("about", about)):
            if not needed:
                del self.fields[name]

    def _signed(self, row: Authorization) -> str:
        return f"To {row.to_party}, {row.get_purpose_display()}"

    def held(self) -> Held:
        """What was written down."""
        said = self.cleaned_data
        return Held(
            said["held_on"], said["relation"], said["basis"], said["question"], said["told"].splitlines(), said["who"], said["consultant"],
            said["grounds"], self.signed.get(said.get("authorization", "")), said.get("about", ""), said["advice"],
        )  # fmt: skip


class FreeForm(HeldForm):
    """A consultation about no client, or about many: nobody is named."""

    field_order = ["relation", "consultant", "who", "held_on", "about", "question", "told", "advice"]

    def __init__(self, *args: Any, people: Iterable[User], about: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, people=people, signed=[], about=about, **kwargs)
        del self.fields["basis"], self.fields["grounds"]
        chosen = self.fields["relation"]
        chosen.choices = [(key, label) for key, label in Relation.choices if key != Relation.SUPERVISOR]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """What was typed, with the one basis there is."""
        return (super().clean() or self.cleaned_data) | {"basis": Basis.DEIDENTIFIED, "grounds": ""}


class AdviceForm(forms.Form):
    """What was advised."""

    text = words("What they advised")


class AnswerForm(forms.Form):
    """One's own advice."""

    text = words("Your advice", rows=6, help_text="It goes to whoever asked, and does not change.")


class DecisionForm(forms.Form):
    """What came of it."""

    decision = words("What you decided", rows=2)
    rationale = words("Why", help_text="Also where you decided against the advice.")


class PageForm(forms.Form):
    """A page for the consultant of outside: where its link goes, for how long it stands."""

    mail = forms.EmailField(label="Mail the link to", required=False, help_text="Empty: you are shown the link, and pass it on yourself.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = law.page_limits()
        self.fields["days"] = forms.IntegerField(
            label="It stands for how many days", min_value=1, max_value=limits["days"], initial=limits["offered"],
            help_text="It opens once. Whoever opened it can answer until then.",
        )  # fmt: skip


class WordsForm(forms.Form):
    """The words that were told another way."""

    words = text("The three words you were told", longest=100, required=True, autocapitalize="none")
