"""What a password may be: long, not common, not about its owner. No composition rules, no expiry (NIST 800-63B, ASVS 6.2)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import Practice

_LIST = Path(__file__).with_name("common_passphrases.txt")
_WORD = re.compile(r"[^\W_]+")


class Argon2(Argon2PasswordHasher):
    """Argon2id over the NFC form, so that the same typed letters match on every keyboard and system."""

    def encode(self, password: str, salt: str) -> str:
        return super().encode(unicodedata.normalize("NFC", password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        return super().verify(unicodedata.normalize("NFC", password), encoded)


def _plain(text: str) -> str:
    """Letters and digits alone, folded: "Correct-Horse" and "correct horse" are the same guess."""
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


@lru_cache
def common() -> frozenset[str]:
    """Long passphrases that many people choose: our own list, read once."""
    return frozenset(_plain(line) for line in _LIST.read_text().splitlines() if line and not line.startswith("#"))


class NotCommonPassphrase:
    """Refuses passphrases that many people choose, and one short piece typed again and again."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if ``password`` is on the list or only repeats itself."""
        plain = _plain(password)
        if plain in common() or self._repeats(plain):
            raise ValidationError(_("Many people use this one. Choose words that only you would put together."), code="common")

    def get_help_text(self) -> str:
        return str(_("Not one that many people use."))

    def _repeats(self, plain: str) -> bool:
        return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, 6))


class NotAboutYou:
    """Refuses passwords whose substance is the person's name or address, or the practice's name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if little is left of ``password`` once those words are taken out."""
        rest = _plain(password)
        for word in sorted(self._words(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < 10:
            raise ValidationError(_("This is mostly your name, your address or the practice's name."), code="about_you")

    def get_help_text(self) -> str:
        return str(_("Not made of your name, your address or the practice's name."))

    def _words(self, user: Any) -> set[str]:
        texts = [practice.name for practice in Practice.objects.all()]
        if user is not None:
            texts += [user.name, user.email]
        return {_plain(word) for text in texts for word in _WORD.findall(text.casefold()) if len(word) > 3}
