"""Forms of signing in and confirming; the field names are allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordAgain
from django import forms
from django.utils.translation import gettext_lazy as _

from practice.limits import LONGEST_PASSWORD
from practice.models.people import address_token


class SignInForm(LoginForm):
    """Address and password. The address is looked up by its keyed token; what was typed is kept nowhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.EmailInput(attrs={"autocomplete": "username webauthn", "autocapitalize": "none", "spellcheck": "false"})
        self.fields["login"] = forms.CharField(label=_("E-mail address"), max_length=254, widget=widget)
        self.fields["password"].max_length = LONGEST_PASSWORD
        self.fields["password"].help_text = ""
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, str]:
        return {"username": address_token(self.cleaned_data["login"]), "password": self.cleaned_data["password"]}


class ConfirmForm(PasswordAgain):
    """The password again, before a dangerous act."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class NewPasswordForm(ChangePasswordForm):
    """A new password for the person signed in. The old one is a guess like any other, and counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password, once more")

    def clean_oldpassword(self) -> str:
        old: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, old):
            raise get_adapter().validation_error("enter_current_password")
        return old
