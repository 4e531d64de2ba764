"""The languages a form can be written in, each by its own name."""

from __future__ import annotations

NAMES = {
    "en": "English",
    "es": "Español",
    "zh-hans": "简体中文",
    "vi": "Tiếng Việt",
    "ru": "Русский",
    "uk": "Українська",
    "ko": "한국어",
    "tl": "Tagalog",
    "ar": "العربية",
    "so": "Soomaali",
    "fr": "Français",
    "pt": "Português",
    "de": "Deutsch",
}


def named(code: str) -> str:
    """The language of ``code`` by its own name, or the code where none is known."""
    return NAMES.get(code, code)
