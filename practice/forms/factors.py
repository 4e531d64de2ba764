"""Forms that take a code. Each code is a guess, counted like a password."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
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
