"""Every type of page in a real browser: no errors, nothing from elsewhere, no barriers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.shortened import some

pytestmark = pytest.mark.browser

PAGES = [
    line.split(" ", 1)
    for line in (Path(__file__).parent / "pages.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
VISITS = [
    pytest.param(name, path, language, id=f"{name}-{language}")
    for number, (name, path) in enumerate(PAGES)
    for language in some(["fr", "en"] if number % 2 else ["en", "fr"], 2)
]
"""Each page; in French and in English by turns, and in both by ``make soak``."""

LONG = "ontology"
"""The page of a module, ten times as long: it has no barriers that the module has not."""

MISSING = {"missing", "nowhere", "no-concept"}
RUN = (
    "axe.run(document, {resultTypes: ['violations'], runOnly: "
    "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
)


@contextmanager
def opened(
    browser: Browser, address: str, *, width: int, language: str, script: bool = True
) -> Iterator[tuple[Page, list[str]]]:
    """A page in a window, and what went wrong in it."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        locale=language,
        java_script_enabled=script,
        bypass_csp=False,
        reduced_motion="reduce",
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    wrong: list[str] = []
    origin = "/".join(address.split("/")[:3])
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            wrong.append(f"console: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((origin, "data:"))
            else wrong.append(f"external: {request.url}")
        ),
    )
    page.goto(address)
    yield page, wrong
    context.close()


def without_expected(name: str, wrong: list[str]) -> list[str]:
    """The browser tells of a 404 by itself; on pages that are one, that is no error."""
    return [one for one in wrong if not (name in MISSING and "404" in one)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "path", "language"), VISITS)
def test_a_page_is_sound_narrow_and_wide_and_has_no_barrier(  # noqa: PLR0917 - and fixtures
    browser: Browser, service: str, axe: str, name: str, path: str, language: str
) -> None:
    with opened(browser, service + path, width=1280, language=language) as (page, wrong):
        assert without_expected(name, wrong) == []
        assert page.locator("html").get_attribute("lang") == language
        widths = (1280, 320) if len(name) % 2 else (320, 1280)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{name} is {overflow} px too wide at {width} px"
        # One run a visit, narrow and wide by turns: a run takes seconds.
        if name != LONG:
            assert barriers(page, axe) == []


def barriers(page: Page, axe: str) -> list[str]:
    """What axe finds in a page."""
    page.evaluate(axe)
    found = page.evaluate(RUN)
    assert len(found["passes"]) > 10
    return [
        f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
    ]


def test_the_keyboard_reaches_skip_link_and_menu(browser: Browser, service: str) -> None:
    with opened(browser, service, width=1280, language="fr") as (page, _):
        page.keyboard.press("Tab")
        skip = page.locator("a.skip")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.goto(service)
        texts = []
        for _ in range(12):
            page.keyboard.press("Tab")
            texts.append(page.evaluate("document.activeElement.textContent.trim()"))
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid"
        assert {"Préparer une rencontre", "Explorer", "Pour la recherche"} <= set(texts)
        page.get_by_role("link", name="Pour la recherche").first.focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{service}/research")
        menu = page.get_by_role("navigation", name="Pour la recherche")
        expect(menu.get_by_role("link", name="Vocabulaire")).to_be_visible()


def test_the_language_stays_when_it_was_chosen(browser: Browser, service: str) -> None:
    with opened(browser, f"{service}/graphs", width=1280, language="fr") as (page, _):
        page.get_by_role("link", name="English").click()
        expect(page.locator("h1")).to_have_text("Graphs")
        page.get_by_role("link", name="Service", exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_question_is_asked_without_script(browser: Browser, service: str) -> None:
    """From the home page to an answer and to one of its things, by visible links and labels."""
    with opened(browser, service, width=1280, language="en", script=False) as (page, _):
        page.get_by_role("link", name="Ready-made questions").click()
        page.get_by_role("link", name="Which AI tools serve a task").click()
        page.get_by_label("Task").select_option(label="profiling")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("table tbody tr").first).to_be_visible()
        page.locator("table tbody tr a").first.click()
        expect(page.locator("h1")).to_be_visible()
        expect(page.get_by_role("heading", name="Sources")).to_be_visible()


def test_a_tree_is_walked_by_keyboard_without_script(browser: Browser, service: str) -> None:
    """Open a branch, close it, follow it to its concept: by keys alone."""
    address = f"{service}/concept?iri=http%3A%2F%2Fdata.europa.eu%2Fesco%2Fisco%2FC2"
    with opened(browser, address, width=1280, language="en", script=False) as (page, _):
        tree = page.get_by_role("navigation", name="Hierarchy")
        opener = tree.get_by_role("link", name="Open “").first
        name = (opener.get_attribute("aria-label") or "").partition("“")[2].partition("”")[0]
        opener.focus()
        page.keyboard.press("Enter")
        closer = tree.get_by_role("link", name=f"Close “{name}”")
        expect(closer).to_be_visible()
        branch = tree.locator("li:target")
        expect(branch).to_be_in_viewport()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(closer).to_be_focused()
        page.keyboard.press("Enter")
        expect(tree.get_by_role("link", name=f"Open “{name}”")).to_be_visible()
        tree.get_by_role("link", name=name, exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(name)
