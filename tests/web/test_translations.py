"""Every text of pages and errors has a French translation that fits."""

import re
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "pesai" / "web" / "translations"


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, tuple | list) else [str(value)]


MESSAGES = {
    language: [message for message in catalogue(language) if message.id]
    for language in ("fr", "en")
}


def placeholders(text: str) -> set[str]:
    named = set(re.findall(r"%\((\w+)\)", text))
    if named or "{" not in text:
        return named
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_missing_or_fuzzy(language: str) -> None:
    assert len(MESSAGES[language]) > 250
    for message in MESSAGES[language]:
        assert all(texts(message.string)), message.id
        assert not message.fuzzy, message.id


def test_translations_take_the_same_values() -> None:
    wrong = []
    for message in MESSAGES["fr"]:
        expected = set().union(*(placeholders(text) for text in texts(message.id)))
        wrong += [text for text in texts(message.string) if placeholders(text) != expected]
    assert wrong == []


def test_french_is_written_as_french() -> None:
    """No-break spaces before double signs and within guillemets, and the curly apostrophe."""
    sign = r"(?<=[\w»)])[ ]?[;!?:](?=\s|$)|«(?!\u00a0)|(?<!\u00a0)»|\w'\w"
    wrong = []
    for message in MESSAGES["fr"]:
        for text in texts(message.string):
            plain = re.sub(r"%\(\w+\)\w|\{[^}]*\}", "x", text)
            if re.search(sign, plain):
                wrong.append(text)
    assert wrong == []


def test_the_catalogues_are_up_to_date(tmp_path: Path) -> None:
    """Extracting again finds the same texts."""
    script = (
        "from tools.translations import extracted\n"
        "print('\\n'.join(sorted(repr(m.id) for m in extracted() if m.id)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for language in ("fr", "en"):
        known = sorted(repr(message.id) for message in MESSAGES[language])
        assert known == done.stdout.splitlines()
