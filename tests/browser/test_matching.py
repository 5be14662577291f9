"""'Explain why a pair is ranked first', by visible links and labels alone.

In both languages, by mouse, by keyboard, and without script: never more steps than are stated. A
step is what a person does on purpose: follow a link, choose in a list, press a button.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.hands import typed
from tests.browser.test_pages import opened

pytestmark = pytest.mark.browser

MOST_STEPS = 6
MOST_TABS = 120
"""Presses of the tabulator between two steps, so that nobody is lost in a page."""


@dataclass(frozen=True)
class Words:
    """What the pages say."""

    door: str
    page: str
    organisation: str
    theme: str
    chosen_theme: str
    show: str
    can_inform: str
    first: str
    offer: str
    behind: str


WORDS = {
    "en": Words(
        "Prepare a meeting", "Who could talk to whom", "Organisation", "Theme",
        "data management and enrichment",
        "Show", "France Travail can inform Brussels Regional Employment Office",
        "Ranked first for these reasons", "offer stated", "the query behind it (offer stated)",
    ),
    "fr": Words(
        "Préparer une rencontre", "Qui pourrait échanger avec qui", "Organisation", "Thème",
        "gestion et enrichissement des données", "Afficher",
        "France Travail peut éclairer Brussels Regional Employment Office",
        "Classée première pour ces raisons", "offre exprimée",
        "la requête correspondante (offre exprimée)",
    ),
}  # fmt: skip
ORGANISATION = "Brussels Regional Employment Office"


class Hands:
    """A person at a page, whose steps are counted."""

    def __init__(self, page: Page, *, keyboard: bool) -> None:
        self.page, self.keyboard, self.steps = page, keyboard, 0

    def follow(self, name: str, within: Locator | None = None) -> None:
        """Follow a link that is to be seen."""
        self._press((within or self.page.locator("main")).get_by_role("link", name=name).first)

    def press(self, name: str) -> None:
        """Press a button."""
        self._press(self.page.get_by_role("button", name=name, exact=True).first)

    def choose(self, label: str, option: str) -> None:
        """Choose in a list; by keyboard, by writing the beginning of what is wanted."""
        self.steps += 1
        chosen = self.page.locator("main").get_by_label(label, exact=True)
        expect(chosen).to_be_visible()
        if self.keyboard:
            self._tab_to(chosen)
            typed(self.page, option)
        else:
            chosen.select_option(label=option)
        expect(chosen.locator("option:checked")).to_have_text(option)

    def _press(self, wanted: Locator) -> None:
        self.steps += 1
        expect(wanted).to_be_visible()
        if self.keyboard:
            self._tab_to(wanted)
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        else:
            wanted.click()

    def _tab_to(self, wanted: Locator) -> None:
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("it => it === document.activeElement"):
                return
        pytest.fail(f"{wanted} is not reached by {MOST_TABS} presses of the tabulator")


def explain(hands: Hands, words: Words) -> None:
    """From the home page to the statement that gave a pair its points."""
    page = hands.page
    hands.follow(words.door)
    hands.follow(words.page)
    expect(page.locator("h1")).to_have_text(words.page)
    hands.choose(words.organisation, ORGANISATION)
    hands.choose(words.theme, words.chosen_theme)
    hands.press(words.show)
    first = page.locator("main ol > li").first
    expect(first.get_by_role("heading")).to_have_text(words.can_inform)
    expect(first).to_contain_text(words.first)
    reason = first.locator("li").filter(has_text=words.offer).first
    expect(reason).to_contain_text("+15")
    expect(reason.locator("details a").first).to_be_visible()
    hands.follow(words.behind, first)
    expect(page.locator("table tbody tr").first).to_be_visible()
    expect(page.locator("table")).to_contain_text("France Travail")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("keyboard", "script"),
    [(False, True), (True, True), (False, False), (True, False)],
    ids=["mouse", "keyboard", "mouse-without-script", "keyboard-without-script"],
)
def test_explain_why_a_pair_is_ranked_first(
    browser: Browser, service: str, language: str, keyboard: bool, script: bool
) -> None:
    with opened(browser, service, width=1280, language=language, script=script) as (page, wrong):
        hands = Hands(page, keyboard=keyboard)
        explain(hands, WORDS[language])
        assert hands.steps <= MOST_STEPS
        assert wrong == []


def test_a_ranking_with_weights_of_ones_own(browser: Browser, service: str) -> None:
    """Opened, changed and sent without script; the address can be passed on."""
    path = f"{service}/matches?org=actiris&theme=data-management"
    with opened(browser, path, width=1280, language="en", script=False) as (page, _):
        expect(page.locator("ol > li strong").first).to_have_text("75 points")
        page.get_by_text("Weigh the reasons otherwise").click()
        page.get_by_label("need stated", exact=True).fill("50")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.locator("ol > li strong").first).to_have_text("105 points")
        expect(page.locator("main")).to_contain_text("weighed otherwise")
        page.get_by_role("link", name="Back to the published weights").click()
        expect(page.locator("ol > li strong").first).to_have_text("75 points")
