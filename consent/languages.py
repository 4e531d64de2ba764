"""The languages a form can be written in, each by its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from clients.models import Client

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

_TOLD = {"en": ("english",), "es": ("spanish", "español", "espanol", "castellano")}


def named(code: str) -> str:
    """The language of ``code`` by its own name, or the code where none is known."""
    return NAMES.get(code, code)


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Speak the language of a form within the block, where the house speaks it; else its own."""
    with translation.override(code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        yield


def as_the_paper(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page about one paper, handed over by a door, speaks as the paper does: who reads it understands the buttons around it (IC-25)."""

    @wraps(view)
    def spoken_view(request: HttpRequest, signer: Any) -> HttpResponseBase:
        with spoken(signer.request.wording.language):
            response = view(request, signer)
            response.headers["Content-Language"] = str(translation.get_language())
        return response

    return spoken_view


def reads(client: Client, language: str) -> bool:
    """Whether ``client``, whose languages may not be on file, reads ``language`` as far as is known (IC-25)."""
    told = client.languages.casefold()
    return not told.strip() or any(word in told for word in _TOLD.get(language, (language,)))
