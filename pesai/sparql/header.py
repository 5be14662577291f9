"""The header of a query file: lines that begin with ``#+`` and hold TOML.

    #+ title.en = "Who evaluates whom?"
    #+ title.fr = "Qui évalue qui ?"

Everything after the header is SPARQL, so a file can be pasted into any client as it is.
"""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from pesai.errors import InputProblem

__all__ = ["LANGUAGES", "BrokenQuery", "Header"]

LANGUAGES = ("en", "fr")
"""The languages that every title, description and label must have."""


class BrokenQuery(InputProblem):
    """A query file does not hold what it must."""

    code, title, status = "query-file", "A query file is not in order", 500


@dataclass
class Header:
    """The header of one file; every reading takes its key away, so that leftovers can be told."""

    file: str
    lines: list[str]
    values: dict[str, Any]

    @classmethod
    def split(cls, file: str, whole: str) -> tuple["Header", str]:
        """The header of a file and the SPARQL after it.

        Raises:
            BrokenQuery: there is no header, or it is not TOML.
        """
        lines = whole.splitlines()
        end = next((n for n, line in enumerate(lines) if not line.startswith("#+")), len(lines))
        if not end:
            raise BrokenQuery("{file}:1: begins without a header of lines '#+ …'", file=file)
        header = [re.sub(r"^#\+ ?", "", line) for line in lines[:end]]
        try:
            values = tomllib.loads("\n".join(header))
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"line (\d+)", str(error))
            line = int(place[1]) if place else end
            raise BrokenQuery(
                "{file}:{line}: {reason}", file=file, line=line, reason=error
            ) from None
        return cls(file, header, values), "\n".join(lines[end:]).strip() + "\n"

    def wrong(self, key: str, reason: str) -> BrokenQuery:
        """The error about one key, at its line."""
        return BrokenQuery(
            "{file}:{line}: {key}: {reason}",
            file=self.file,
            line=self._line(key),
            key=key,
            reason=reason,
        )

    def take(self, key: str, kind: type, default: object = None) -> Any:  # noqa: ANN401
        """The value of a key; ``default`` when it is absent, unless that is ``...``."""
        value = self.values.pop(key, default)
        if value is ...:
            raise self.wrong(key, "is missing")
        if value is not default and type(value) is not kind:
            raise self.wrong(key, f"must be {kind.__name__}, not {value!r}")
        return value

    def texts(self, key: str) -> dict[str, str]:
        """Texts in every language, none of them blank."""
        found: dict[str, Any] = self.take(key, dict, ...)
        for language in LANGUAGES:
            text = found.get(language)
            if not isinstance(text, str) or not text.strip():
                raise self.wrong(f"{key}.{language}", "is missing")
        extra = set(found) - set(LANGUAGES)
        if extra:
            raise self.wrong(f"{key}.{min(extra)}", f"is none of the languages {LANGUAGES}")
        return {
            language: re.sub(r"\s*\n\s*", " ", found[language].strip()) for language in LANGUAGES
        }

    def tables(self, key: str) -> "list[tuple[str, Header]]":
        """The tables below a key, each as a header of its own."""
        found: dict[str, Any] = self.take(key, dict, {})
        for name, values in found.items():
            if not isinstance(values, dict):
                raise self.wrong(f"{key}.{name}", "must be a table")
        return [(n, Header(self.file, self.lines, dict(v))) for n, v in found.items()]

    def finish(self) -> None:
        """Nothing may be left.

        Raises:
            BrokenQuery: a key is not known.
        """
        for key in self.values:
            raise self.wrong(key, "is not known")

    def _line(self, key: str) -> int:
        """The line that names the key, or its last part, or the first line."""
        for part in (key, key.split(".", maxsplit=1)[0], key.rsplit(".", 1)[-1]):
            for number, line in enumerate(self.lines, 1):
                if re.match(rf"\[?([\w-]+\.)*{re.escape(part)}\b", line):
                    return number
        return 1
