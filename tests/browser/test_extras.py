"""The query editor and the drawing in a real browser: they start, and ask nobody else."""

import pytest
from playwright.sync_api import Browser, expect

from pesai.web import shell
from tests.browser.test_pages import opened

pytestmark = pytest.mark.browser
THING = "/neighbours?iri=https%3A%2F%2Fw3id.org%2Fpes-ai%2Fid%2Finitiative%2Fat-ams-amas"
BARRIERS = "axe.run('#yasgui', {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa']})"


def _needed(name: str) -> None:
    if not shell.vendored(name, ".js"):
        pytest.skip("the files are not there (make assets, with npm)")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_editor_asks_the_graph_and_its_controls_have_names(
    browser: Browser, service: str, axe: str, language: str
) -> None:
    _needed("editor")
    window = opened(browser, f"{service}/editor", width=1280, language=language)
    with window as (page, wrong):
        expect(page.locator("#plain")).to_be_hidden()
        page.locator("#yasgui .yasqe_queryButton").first.click()
        expect(page.locator("#yasgui table tbody tr").first).to_be_visible()
        page.evaluate(axe)
        found = page.evaluate(BARRIERS)
        assert [(one["id"], one["nodes"][0]["html"][:150]) for one in found["violations"]] == []
        assert wrong == []


def test_the_drawing_shows_what_the_list_holds(browser: Browser, service: str) -> None:
    _needed("drawing")
    with opened(browser, service + THING, width=1280, language="fr") as (page, wrong):
        drawing = page.locator("#drawing")
        expect(drawing).to_be_visible()
        assert drawing.get_attribute("role") == "img"
        expect(page.locator("#drawing canvas").first).to_be_visible()
        expect(page.locator("#relations li").first).to_be_visible()
        assert wrong == []


def test_without_script_there_are_the_list_and_the_plain_form(
    browser: Browser, service: str
) -> None:
    with opened(browser, service + THING, width=1280, language="en", script=False) as (page, _):
        expect(page.locator("#drawing")).to_be_hidden()
        expect(page.locator("#relations li").first).to_be_visible()
        page.goto(f"{service}/editor")
        expect(page.get_by_role("textbox", name="Query")).to_be_visible()
