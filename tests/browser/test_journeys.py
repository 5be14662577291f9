"""What people come for, done by a script that follows only what is seen: links and labels."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_pages import opened

pytestmark = pytest.mark.browser

STEPS = 4
"""Links from the home page to a list of evaluated initiatives on AI solutions."""
TABS = 90
"""Presses of the tab key that a step may take."""

WORDS = {
    "fr": ("Explorer", "Initiatives", "solutions d’IA et résultats", "évaluée", "initiatives"),
    "en": ("Explore", "Initiatives", "AI solutions and results", "evaluated", "initiatives"),
}
RESULTS = {"fr": "Résultats et preuves", "en": "Results and evidence"}
EFFECT = {"fr": "effet mesuré", "en": "measured effect"}


def by_mouse(page: Page, name: str) -> None:
    """Click the first visible link of that name."""
    page.get_by_role("link", name=name, exact=True).first.click()


def by_keyboard(page: Page, name: str) -> None:
    """Press Tab until the link is reached, then Enter."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        text = page.evaluate("document.activeElement.innerText || ''")
        if text.strip() == name:
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid"
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"'{name}' is not reached by {TABS} presses of Tab")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("follow", "script"),
    [(by_mouse, True), (by_keyboard, True), (by_mouse, False)],
    ids=["mouse", "keyboard", "without script"],
)
def test_three_evaluated_initiatives_on_ai_solutions(
    browser: Browser,
    service: str,
    language: str,
    follow: Callable[[Page, str], None],
    *,
    script: bool,
) -> None:
    door, listed, theme, evaluated, noun = WORDS[language]
    with opened(browser, service, width=1280, language=language, script=script) as (page, wrong):
        steps = [door, listed, theme, evaluated]
        assert len(steps) == STEPS
        for step in steps:
            follow(page, step)
        expect(page.get_by_role("heading", level=2, name=f"4 {noun}")).to_be_visible()
        found = page.locator("ol.initiatives > li")
        expect(found).to_have_count(4)
        for place in range(3):
            expect(found.nth(place).get_by_text(evaluated, exact=True)).to_be_visible()
        names = [found.nth(place).get_by_role("link").first.inner_text() for place in range(3)]
        for name in names:
            follow(page, name)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            results = page.get_by_role("region", name=RESULTS[language]).first
            expect(results).to_be_visible()
            expect(results.get_by_text(EFFECT[language], exact=True).first).to_be_visible()
            page.go_back()
        assert wrong == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_filters_of_narrow_screens_open_and_choose(
    browser: Browser, service: str, language: str
) -> None:
    """On a telephone the filters are closed, and a country is chosen from a list."""
    words = {
        "fr": ("Filtrer la liste", "Pays", "Ajouter (Pays)", "Finlande"),
        "en": ("Filter the list", "Country", "Add (Country)", "Finland"),
    }[language]
    with opened(browser, f"{service}/initiatives", width=360, language=language) as (page, wrong):
        expect(page.get_by_text(words[1], exact=True)).not_to_be_visible()
        page.get_by_text(words[0], exact=True).first.click()
        page.locator("summary", has_text=words[1]).click()
        chooser = page.locator("#more-country")
        label = next(o for o in chooser.locator("option").all_inner_texts() if words[3] in o)
        chooser.select_option(label=label)
        page.get_by_role("button", name=words[2]).click()
        expect(page).to_have_url(f"{service}/initiatives?country=FIN")
        chips = page.locator("ul.chips")
        expect(chips.get_by_text(words[3])).to_be_visible()
        assert wrong == []
