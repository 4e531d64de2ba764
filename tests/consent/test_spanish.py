"""A Spanish paper is understood: all around its words speaks Spanish as well (IC-25)."""

from __future__ import annotations

from django.urls import reverse

from clients.models import Client
from consent.models import Signature
from practice.models import User
from tests.cast import SignIn, acting

from .papers import CONSENT, asked, form_in_force
from .portal import agree, at_portal, read, signature, signer_of


def test_ic_25_a_spanish_paper_is_read_asked_about_agreed_and_signed_in_spanish(
    ana: User, cleo: Client, portal_cleo: User, browser_of: SignIn
) -> None:
    """The buttons, the six points, what is refused and the statement that is kept speak as the paper does; the list does not."""
    request = asked(cleo, ana, form_in_force(text=CONSENT, language="es"))
    browser, signer = at_portal(browser_of, portal_cleo), signer_of(portal_cleo)
    read(browser, signer)
    page = browser.get(reverse("paper_read", args=[signer.pk]))
    assert page["Content-Language"] == "es"
    assert '<html lang="es">' in page.text
    assert "Tengo una pregunta sobre esto" in page.text
    assert "bajo la supervisión de" in page.text  # [[supervision]], within the words that are signed
    assert "six things" not in page.text
    points = browser.get(reverse("paper_agree", args=[signer.pk])).text
    assert "recibir cada documento en papel" in points
    assert agree(browser, signer, portal_cleo).status_code == 302
    path = reverse("paper_sign", args=[signer.pk])
    refused = browser.post(path, signature(signer) | {"name": "", "voluntary": ""}).text
    assert "Escriba su nombre para firmar." in refused
    assert "Type your name" not in refused
    assert browser.post(path, signature(signer)).status_code == 302
    assert "Gracias" in browser.get(reverse("paper_done", args=[signer.pk])).text
    assert "Your papers" in browser.get(reverse("paper_list")).text
    with acting(ana):
        kept = Signature.objects.get(request=request)
        assert kept.intent == "Al pulsar «Firmar» firmo este documento tal como se muestra arriba, por mi propia voluntad."
