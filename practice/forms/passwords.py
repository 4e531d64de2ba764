"""Forms for a password that is lost or not yet there."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.utils.translation import gettext_lazy as _

from practice.limits import LONGEST_PASSWORD
from practice.models import User

_HELP = _("15 characters or more. A few words that only you would put together.")


class AddressForm(forms.Form):
    """The address to send a link to. Whether it is known is never said."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class FirstPasswordForm(forms.Form):
    """A password typed twice, by someone who came with a link."""

    password1 = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_HELP,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("New password, once more"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password1(self) -> str:
        """Check against the practice's rules; raises ValidationError."""
        password: str = get_adapter().clean_password(self.cleaned_data["password1"], self.person)
        return password

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "password1" in found and found["password1"] != found.get("password2"):
            self.add_error("password2", _("The two are not the same."))
        return found
