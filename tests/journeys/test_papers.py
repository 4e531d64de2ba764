"""Papers on a phone: asked about, answered, signed, read again, taken back; heard by a screen reader; and without JavaScript."""

from __future__ import annotations

import io
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from consent import access
from consent.actions.asking import Named
from consent.models import Signer
from practice.models import User
from tests.cast import PASSWORD, acting
from tests.consent.papers import CHECK, CONSENT, asked, form_in_force
from tests.consent.portal import ANSWER, QUESTION, QUESTIONNAIRE, answered, parent

from .conftest import Arrive, Site, Traveller

pytestmark = pytest.mark.journey

PHONE = {"width": 320, "height": 640}
ELSEWHERE = "The other parent's words: the cobalt teapot."


def _to_sign(site: Site, title: str, text: str, kind: str = "counseling") -> Signer:
    """A paper asked of Cleo by Ana."""
    request = asked(site.house.cleo, site.house.ana, form_in_force(kind, text=text, title=title))
    with acting(site.house.portal_cleo):
        return access.own_signers(site.house.portal_cleo).get(request=request)


def _read(traveller: Traveller, title: str) -> Page:
    """From the list to the paper of this title."""
    traveller.go("/portal/papers/")
    traveller.press(title)
    return traveller.page


def _word(page: Page) -> str:
    """Open the sample as a person does, and read its large word."""
    with page.expect_download() as coming:
        page.get_by_role("link", name="Open the sample paper (PDF)").click()
    text = PdfReader(io.BytesIO(coming.value.path().read_bytes())).pages[0].extract_text()
    return text.split("The word to type is:")[1].split()[0]


def _agree(page: Page) -> None:
    page.get_by_label("The word in the sample paper").fill(_word(page))
    page.get_by_label("I have read these six points").check()
    page.get_by_role("button", name="Agree and go on").click()


def test_a_client_asks_is_answered_signs_reads_the_copy_and_withdraws(arrive: Arrive, site: Site) -> None:
    agreement = _to_sign(site, "Counseling agreement", CONSENT + CHECK)
    _to_sign(site, "Video agreement", CONSENT, "telehealth")
    cleo = arrive().sign_in("cleo")
    page = _read(cleo, "Counseling agreement")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dict
    limits = page.get_by_role("article", name="Limits")
    limits.get_by_text("I have a question about this").click()
    limits.get_by_label("Your question").fill(QUESTION)
    limits.get_by_role("button", name="Send this question").click()
    expect(page.get_by_text("Your question comes first")).to_be_visible()
    answered(site.house.portal_cleo, site.house.ana)
    page.reload()
    expect(page.get_by_role("article", name="Limits")).to_contain_text(ANSWER)
    cleo.look().press("Go on to sign")
    _agree(page)
    page.wait_for_url("**/sign/")
    box = page.locator("canvas").bounding_box()
    assert box
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box() or box
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60)
    page.mouse.up()
    page.get_by_label("The care team").check()
    page.get_by_label("I agree of my own free will").check()
    page.get_by_label("Your full name").fill("Cleo Marchetti")
    cleo.look().press("Sign", exact=True)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Your signed copy (PDF)").click()
    paper = PdfReader(io.BytesIO(coming.value.path().read_bytes()))
    copy = " ".join(each.extract_text() for each in paper.pages)
    assert "There are limits, by law." in copy
    assert QUESTION.split()[-1] in copy
    assert "Marchetti" not in coming.value.suggested_filename
    cleo.press("Read the next paper").press("Sign", exact=True)  # two presses for each paper after the first
    assert "That is all for now" in cleo.text()
    cleo.go("/portal/papers/")
    page.get_by_role("link", name="Counseling agreement").click()
    page.get_by_role("link", name="Withdraw").click()
    assert "Sessions in person and by phone stop" in cleo.look().text()
    cleo.press("Withdraw now")
    assert "Taken back" in cleo.text()
    page.get_by_role("link", name="Your signed copy (PDF)").wait_for()
    for visited in page.evaluate("[document.title, location.href]"):
        assert "Marchetti" not in visited
    with acting(site.house.ana):
        assert not access.covering(site.house.cleo, "in_person").filter(pk=agreement.request_id).exists()


def test_answers_survive_a_closed_window(arrive: Arrive, site: Site) -> None:
    _to_sign(site, "About you", QUESTIONNAIRE, "questionnaire")
    cleo = arrive().sign_in("cleo")
    page = _read(cleo, "About you")
    page.get_by_role("button", name="Go on to sign").click()
    if "/agree/" in page.url:
        _agree(page)
    page.wait_for_url("**/sign/")
    page.get_by_role("textbox", name="What brings you here?").fill("The slate ferry.")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Saved", timeout=15_000)
    where = page.url
    page.goto(site.url + "/portal/papers/")
    page.goto(where)
    expect(page.get_by_role("textbox", name="What brings you here?")).to_have_value("The slate ferry.")
    cleo.look()


# --- heard --------------------------------------------------------------------------------------------------------------


def _walk(page: Page) -> list[tuple[str, str]]:
    """What a screen reader meets on the page, in order: role and name, from Chromium's accessibility tree."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    met: list[tuple[str, str]] = []

    def visit(node: dict[str, Any]) -> None:
        if not node.get("ignored"):
            met.append((node["role"]["value"], node.get("name", {}).get("value", "").strip()))
        for child in node.get("childIds", []):
            if child in by_id:
                visit(by_id[child])

    visit(nodes[0])
    return met


def test_the_signing_page_is_heard_in_order(arrive: Arrive, site: Site) -> None:
    signer = _to_sign(site, "Heard agreement", CONSENT + CHECK)
    cleo = arrive().sign_in("cleo")
    page = _read(cleo, "Heard agreement")
    page.get_by_role("button", name="Go on to sign").click()
    if "/agree/" in page.url:
        _agree(page)
    page.wait_for_url("**/sign/")
    wanted = [
        ("heading", "Heard agreement"),
        ("article", "What counseling is"),
        ("article", "Limits"),
        ("article", "Supervision"),
        ("article", "Who may read the notes?"),
        ("group", "Who may read the notes?"),
        ("checkbox", "The care team"),
        ("checkbox", "Anybody"),
        ("heading", "Your signature"),
        ("checkbox", "I agree of my own free will"),
        ("textbox", "Your full name"),
        ("button", "Sign"),
        ("link", "I do not agree"),
    ]
    met = _walk(page)
    places = [met.index(each) for each in wanted]
    assert places == sorted(places), met
    assert all(name for role, name in met if role in ("button", "link", "textbox", "checkbox", "article"))
    page.get_by_label("Your full name").press("Tab")  # by keyboard alone: the drawing is passed by its one button
    for name in ("Clear the drawing", "Sign"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert f"/portal/papers/{signer.pk}/sign/" in page.url
    cleo.trouble.clear()  # the console says 422
    cleo.look()


# --- without JavaScript -------------------------------------------------------------------------------------------------


def _plainly(chromium: Browser, site: Site, user: User, name: str) -> Page:
    """Somebody whose browser runs no scripts, signed in, on a narrow phone."""
    page = chromium.new_context(java_script_enabled=False, viewport=PHONE, accept_downloads=True).new_page()  # type: ignore[arg-type]  # as above
    page.set_default_timeout(20_000)
    page.goto(f"{site.url}/accounts/login/?next=/portal/papers/")
    page.fill("#id_login", f"{name}@sub.test")
    page.fill("#id_password", PASSWORD)
    page.click("form >> text=Sign in >> nth=0")
    page.wait_for_url("**/portal/papers/")
    return page


def test_attack_54_two_separated_parents_without_javascript(chromium: Browser, site: Site) -> None:
    house = site.house
    (paula, mother), (otis, father) = parent(house.mia, "Paula Aldana", house.ana), parent(house.mia, "Otis Farrow", house.ana)
    signers = [Named(house.mia, Signer.Capacity.GUARDIAN, row) for row in (mother, father)]
    asked(house.mia, house.ana, form_in_force(title="For a minor"), *signers)
    page = _plainly(chromium, site, paula, "paula")
    page.get_by_role("button", name="Read and sign").click()
    page.get_by_text("I have a question about this").nth(2).click()
    page.locator("#clause-limits").get_by_label("Your question").fill(ELSEWHERE)
    page.locator("#clause-limits").get_by_role("button", name="Send this question").click()
    page.get_by_role("button", name="This is settled for me").click()
    page.get_by_role("button", name="Go on to sign").click()
    _agree(page)
    page.get_by_label("I agree of my own free will").check()
    page.get_by_label("Your full name").fill("Paula Aldana")
    page.get_by_label("What you are to the person you sign for").fill("mother")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", name="Signed. Thank you.")).to_be_visible()
    assert not page.locator("canvas").count()
    his = _plainly(chromium, site, otis, "otis")
    assert "To read and sign" in his.inner_text("main")
    his.get_by_role("button", name="Read and sign").click()
    seen = his.content()
    assert "Paula" not in seen
    assert "cobalt teapot" not in seen
    assert "mother" not in seen
    his.get_by_role("link", name="I do not agree").click()
    his.get_by_role("button", name="I do not agree").click()
    expect(his.get_by_text("You did not agree")).to_be_visible()
    page.goto(f"{site.url}/portal/papers/")
    told = page.content()
    assert "Farrow" not in told
    assert "Otis" not in told
