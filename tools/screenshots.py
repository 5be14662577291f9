"""Pictures of every page in both languages, narrow and wide: ``python -m tools.screenshots``.

They go to ``.cache/screenshots``. Uses Debian's chromium, and the release in ``PESAI_HOME``.
Arguments are names of pages (see ``tests/browser/pages.txt``); without any, all are taken.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / ".cache" / "screenshots"
WIDTHS = {"narrow": 320, "wide": 1280}


def main() -> int:
    """Take the pictures; 2 when there is no browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("screenshots: install chromium first (apt-get install chromium)", file=sys.stderr)
        return 2
    TARGET.mkdir(parents=True, exist_ok=True)
    chosen = [(name, path) for name, path in pages() if name in sys.argv[1:] or not sys.argv[1:]]
    given = os.environ.get("PESAI_SCREENSHOT_URL")
    if given:
        take(given, chromium, chosen)
    else:
        with served() as address:
            take(address, chromium, chosen)
    print(f"screenshots: {len(chosen) * len(WIDTHS) * 2} pictures in {TARGET}")
    return 0


def pages() -> list[tuple[str, str]]:
    """Name and address of every type of page."""
    lines = (ROOT / "tests" / "browser" / "pages.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    return [(name, path) for name, path in pairs]


def take(address: str, chromium: str, chosen: list[tuple[str, str]]) -> None:
    """Open each page in each language and width, and keep its picture."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for width_name, width in WIDTHS.items():
            for language in ("fr", "en"):
                context = browser.new_context(
                    viewport={"width": width, "height": 900}, locale=language
                )
                page = context.new_page()
                for name, path in chosen:
                    page.goto(address + path)
                    page.screenshot(
                        path=TARGET / f"{name}-{language}-{width_name}.png", full_page=True
                    )
                context.close()
        browser.close()


@contextmanager
def served() -> Iterator[str]:
    """The service over ``PESAI_HOME``, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "pesai"), "serve", "--port", str(port)]
    process = subprocess.Popen(command)
    address = f"http://127.0.0.1:{port}"
    try:
        wait(f"{address}/readyz")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def wait(address: str) -> None:
    """Until the service answers, at most half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("screenshots: the service did not start; run 'pesai build' first")


if __name__ == "__main__":
    sys.exit(main())
