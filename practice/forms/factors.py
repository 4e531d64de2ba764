"""Forms that take a code. Each code is a guess, counted like a password."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms

from audit import doors
from audit.models import Act
from practice import throttle
from practice.factors import factors_of, spend_code


class _Counted(forms.Form):
    user: Any

    def clean_code(self) -> str:
        """The code, used up; raises ValidationError if it is wrong, used, or one too many."""
        code: str = self.cleaned_data["code"]
        attempt = throttle.guess(context.request, self.user.username, "code")
        factor = next((f for f in factors_of(self.user) if attempt and spend_code(f, self.user, code)), None)
        if attempt is None or factor is None:
            doors.tell(Act.FAILED, self.user, "second factor")
            raise get_adapter().validation_error("incorrect_code")
        throttle.forgive(attempt)
        factor.refresh_from_db()
        factor.user = self.user
        self.authenticator = factor
        return code


class CodeForm(_Counted, AuthenticateForm):
    """The second step of signing in."""


class CodeAgain(_Counted, ReauthenticateForm):
    """A code again, before a dangerous act."""


# What a browser sends as a credential is parsed deep inside the library; whatever it stumbles over is a wrong passkey.
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError)


class _Passkey(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        """The passkey that answered our challenge; raises ValidationError, with a line, if none did."""
        try:
            key: Authenticator = super().clean_credential()
        except (forms.ValidationError, *_MALFORMED):
            doors.tell(Act.FAILED, self.user, "passkey")
            raise get_adapter().validation_error("incorrect_code") from None
        return key


class PasskeyForm(_Passkey):
    """A passkey as the second step."""


class PasskeySignIn(_Passkey, LoginWebAuthnForm):
    """A passkey instead of everything else."""


class PasskeyAgain(_Passkey, ReauthenticateWebAuthnForm):
    """A passkey again, before a dangerous act."""


class NewPasskeyForm(AddWebAuthnForm):
    """A new passkey and its name. Whoever has no password signs in with it alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = not self.user.has_usable_password()

    def clean_passwordless(self) -> bool:
        """Whether it signs in by itself; raises ValidationError where there is no other way in."""
        alone: bool = self.cleaned_data["passwordless"]
        if not alone and not self.user.has_usable_password():
            raise forms.ValidationError("You have no password: let the passkey sign you in by itself.")
        return alone

    def clean(self) -> dict[str, Any]:
        """The registration, checked against our challenge; raises ValidationError if it is not one."""
        try:
            found: dict[str, Any] = super().clean()
        except _MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None
        return found
