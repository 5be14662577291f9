"""Signing in and out in a real browser: by keyboard, and without script."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.access.conftest import fill, make_token

pytestmark = pytest.mark.browser
Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[tuple[str, str]]:
    """The address of a service, and a token of the fictional service QM."""
    home = tmp_path_factory.mktemp("sign-in") / "var"
    fill(home)
    with serve(home) as address:
        yield address, make_token(home, "owner:pes-qm", name="Unité QM")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.innerText || document.activeElement.id")
        if focused.strip() == name:
            return
    raise AssertionError(f"{name} is not reached by keyboard")


@pytest.mark.parametrize("script", [True, False])
def test_signing_in_and_out_by_keyboard(
    browser: Browser, place: tuple[str, str], script: bool
) -> None:
    address, token = place
    context = browser.new_context(locale="fr", java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{address}/graphs")
    expect(page.get_by_text("pes-qm.own")).to_have_count(0)
    page.get_by_role("link", name="Se connecter").press("Enter")
    field = page.get_by_label("Jeton")
    field.fill("pesai_wrong")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("n’est pas accepté")
    expect(page.get_by_label("Jeton")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Jeton").fill(token)
    page.get_by_label("Jeton").press("Enter")
    expect(page).to_have_url(f"{address}/graphs")
    expect(page.locator("header")).to_contain_text("Unité QM")
    expect(page.get_by_text("pes-qm.own").first).to_be_visible()
    assert page.evaluate("document.cookie") == "", "scripts see no cookie"
    if script:
        tab_to(page, "Se déconnecter")
        page.keyboard.press("Enter")
    else:
        page.get_by_role("button", name="Se déconnecter").press("Enter")
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_text("pes-qm.own")).to_have_count(0)
    context.close()
