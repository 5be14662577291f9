"""Ways to use a page by what is seen on it alone: by mouse, by keyboard, and without script."""

from dataclasses import dataclass, field

from playwright.sync_api import Page

__all__ = ["Hands", "Keyboard", "typed"]

FAR = 400
"""Presses of Tab after which something counts as out of reach."""

_FOCUSED = """() => {
  const one = document.activeElement;
  const label = one.labels && one.labels.length ? one.labels[0].innerText : one.innerText;
  return [one.tagName, (label || "").trim().replace(/\\s+/g, " ")];
}"""


def typed(page: Page, value: str) -> None:
    """Type the beginning of a value of the list that has the focus.

    A list forgets what was typed a second ago, so keys that came slowly are pressed again.
    """
    for _ in range(10):
        page.keyboard.type(value)
        chosen = page.evaluate("document.activeElement.selectedOptions[0].text.trim()")
        if chosen == value:
            return
        page.wait_for_timeout(1500)
    raise AssertionError(f"{value} cannot be chosen by its first letters; {chosen} is")


@dataclass
class Hands:
    """A mouse. Every link, choice and button is one step."""

    page: Page
    steps: list[str] = field(default_factory=list)

    def follow(self, name: str) -> None:
        """Follow the first link of that name within the page, or in the menus."""
        self.steps.append(f"link {name}")
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def choose(self, label: str, value: str) -> None:
        """Choose from the list of that label."""
        self.steps.append(f"choose {value}")
        self.page.get_by_label(label, exact=False).first.select_option(label=value)

    def date(self, label: str, year: str, month: str, day: str) -> None:
        """Fill in a day."""
        self.steps.append(f"date {year}-{month}-{day}")
        self.page.get_by_label(label).fill(f"{year}-{month}-{day}")

    def press(self, name: str) -> None:
        """Press the button of that name."""
        self.steps.append(f"button {name}")
        self.page.get_by_role("button", name=name, exact=True).first.click()


@dataclass
class Keyboard(Hands):
    """Keys alone: Tab to where one wants to go, then type or press Enter."""

    def _reach(self, tags: set[str], name: str, *, begins: bool = False) -> None:
        for _ in range(FAR):
            self.page.keyboard.press("Tab")
            tag, text = self.page.evaluate(_FOCUSED)
            if tag in tags and (text == name or (begins and text.startswith(name))):
                return
        raise AssertionError(f"{name} cannot be reached by {FAR} presses of Tab")

    def follow(self, name: str) -> None:
        """Tab to the link, then Enter."""
        self.steps.append(f"link {name}")
        self._reach({"A"}, name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, label: str, value: str) -> None:
        """Tab to the list, then type the beginning of the value."""
        self.steps.append(f"choose {value}")
        self._reach({"SELECT"}, label, begins=True)
        typed(self.page, value)

    def date(self, label: str, year: str, month: str, day: str) -> None:
        """Tab to the field, then type the digits: month, day, year.

        That is the order of the browser's own language, English here, whatever the page speaks.
        """
        self.steps.append(f"date {year}-{month}-{day}")
        self._reach({"INPUT"}, label)
        self.page.keyboard.type(month + day + year)

    def press(self, name: str) -> None:
        """Tab to the button, then Enter."""
        self.steps.append(f"button {name}")
        self._reach({"BUTTON"}, name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
