"""From a question to a citation, by hand and without script; and no barrier on the way."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_pages import RUN, opened

pytestmark = pytest.mark.browser


def test_an_answer_is_cited_with_one_click(browser: Browser, service: str) -> None:
    question = f"{service}/queries/initiatives/regions-of-the-world"
    with opened(browser, question, width=320, language="fr", script=False) as (page, wrong):
        page.get_by_role("button", name="Citer cette réponse").click()
        expect(page.get_by_text("@misc{pesai-000001-")).to_be_visible()
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0
        address = page.url
        page.get_by_role("button", name="Reposer la question et comparer").click()
        expect(page.get_by_text("l’empreinte est la même")).to_be_visible()
        assert wrong == []
        page.goto(address)
        expect(page.locator("table tbody tr").first).to_be_visible()


@pytest.mark.parametrize("part", ["", "/check"])
def test_axe_finds_no_barrier_in_a_citation(
    browser: Browser, service: str, axe: str, part: str
) -> None:
    question = f"{service}/sparql?query=SELECT+*+%7B+%3Fs+a+%3Fo+%7D+LIMIT+3&format=html"
    with opened(browser, question, width=1280, language="en") as (page, wrong):
        page.get_by_role("button", name="Cite this answer").click()
        expect(page.get_by_text("The same answer cannot be promised")).to_be_visible()
        page.goto(page.url + part)
        page.evaluate(axe)
        found = page.evaluate(RUN)
        assert [one["id"] for one in found["violations"]] == []
        assert wrong == []
