"""What people do before a meeting, from the home page, by what they see; each way and language."""

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import Hands, Keyboard
from tests.browser.test_pages import opened

pytestmark = pytest.mark.browser

WAYS = ["mouse", "keyboard", "without script"]
WORDS = {
    "en": {
        "compare": "Compare", "organisation": "Organisation", "common": "In common",
        "stages": "Who is further along", "changes": "What changed",
        "since": "Since which day?", "show": "Show what changed", "added": "added",
    },
    "fr": {
        "compare": "Comparer", "organisation": "Organisation", "common": "Points communs",
        "stages": "Qui est le plus avancé", "changes": "Ce qui a changé",
        "since": "Depuis quel jour ?", "show": "Voir ce qui a changé", "added": "ajouté",
    },
}  # fmt: skip
NEW = "Letter writer of QM (fictional)"


@pytest.fixture(scope="module")
def changed_service(
    bundled_home: Path,
    tmp_path_factory: pytest.TempPathFactory,
    run_pesai: Callable[..., CompletedProcess[str]],
    serve: Callable[..., AbstractContextManager[str]],
) -> Iterator[str]:
    """The service after a second load of the initiatives: one new, one renamed, one gone."""
    folder = tmp_path_factory.mktemp("second")
    home = folder / "var"
    shutil.copytree(bundled_home, home, symlinks=True)
    source = Path(__file__).parents[2] / "data" / "initiatives.csv"
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[1]["status_as_of"] = "2026"
    rows[0] = {**rows[2], "id": "qm-new", "name": NEW, "name_original": "", "lang_original": ""}
    table = folder / "initiatives.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[1].keys())
        writer.writeheader()
        writer.writerows(rows)
    done = run_pesai(home, "load", "initiatives", str(table), "--name", "observatory")
    assert done.returncode == 0, done.stderr
    with serve(home) as address:
        yield address


def hands_of(way: str, page: Page) -> Hands:
    """The hands for a way."""
    return Keyboard(page) if way == "keyboard" else Hands(page)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("way", WAYS)
def test_three_services_are_compared(
    browser: Browser, service: str, way: str, language: str
) -> None:
    """In five steps: one link, three choices, one button."""
    words, script = WORDS[language], way != "without script"
    window = opened(browser, service, width=1280, language=language, script=script)
    with window as (page, wrong):
        hands = hands_of(way, page)
        hands.follow(words["compare"])
        three = ("France Travail (FT)", "Statistics Netherlands (CBS)", "Cedefop")
        for number, name in enumerate(three, 1):
            hands.choose(f"{words['organisation']} {number}", name)
        hands.press(words["compare"])
        for heading in ("common", "stages"):
            title = page.get_by_role("heading", name=words[heading], exact=True)
            expect(title).to_be_visible()
        expect(page.get_by_role("columnheader", name="Cedefop").first).to_be_visible()
        assert len(hands.steps) <= 5
        assert wrong == []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("way", WAYS)
def test_what_changed_since_a_day_is_found(
    browser: Browser, changed_service: str, way: str, language: str
) -> None:
    """In three steps: one link, the day, one button; the new thing is one link further."""
    words, script = WORDS[language], way != "without script"
    window = opened(browser, changed_service, width=1280, language=language, script=script)
    with window as (page, wrong):
        hands = hands_of(way, page)
        hands.follow(words["changes"])
        yesterday = datetime.now(UTC).date() - timedelta(days=1)  # it may be midnight
        year, month, day = yesterday.isoformat().split("-")
        hands.date(words["since"], year, month, day)
        hands.press(words["show"])
        entry = page.get_by_role("listitem").filter(has_text=words["added"]).filter(has_text=NEW)
        expect(entry.first).to_be_visible()
        assert len(hands.steps) <= 3
        hands.follow(NEW)
        expect(page.get_by_role("heading", level=1)).to_contain_text(NEW)
        assert wrong == []


PAGES = [
    "/compare?org=france-travail&org=vdab", "/matrix", "/map", "/timeline", "/changes", "/quality",
    "/guided", "/accessibility",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_at_twice_the_size_nothing_is_cut(browser: Browser, service: str, path: str) -> None:
    """A zoom to 200 % of a window of 1280 by 1024: half as many CSS pixels, each twice as large."""
    context = browser.new_context(
        viewport={"width": 640, "height": 512}, device_scale_factor=2, locale="fr"
    )
    page = context.new_page()
    page.goto(service + path)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    cut = page.evaluate(
        """() => [...document.querySelectorAll("main h1, main h2, main p, main label, main button")]
          .filter((one) => one.checkVisibility() && !one.closest(".scroll, .visually-hidden")
            && one.getBoundingClientRect().right > window.innerWidth + 1)
          .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert cut == []
    context.close()


def test_on_paper_there_are_no_menus_and_forms(browser: Browser, service: str) -> None:
    with opened(browser, f"{service}/matrix", width=1280, language="fr") as (page, _):
        page.emulate_media(media="print")
        expect(page.locator("nav.site-nav")).to_be_hidden()
        expect(page.locator("form.filters")).to_be_hidden()
        expect(page.locator("table.matrix")).to_be_visible()


def test_on_paper_it_is_said_whose_data_are_shown(browser: Browser, service: str) -> None:
    """Who must be named is named on paper too, where nothing can be unfolded."""
    with opened(browser, f"{service}/matrix", width=1280, language="fr") as (page, _):
        credits_ = page.locator("footer.site-footer details > :not(summary)").first
        expect(credits_).to_be_hidden()
        page.emulate_media(media="print")
        expect(credits_).to_be_visible()
        box = credits_.bounding_box()
        assert box is not None
        assert box["height"] > 10
