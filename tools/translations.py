"""Take the texts of pages and errors into the catalogues: ``python -m tools.translations``.

English texts are the keys; errors give theirs by title and template. The English catalogue is
filled by itself. Texts that are new in French are left empty and listed, and a test fails until
they are written; texts that are no longer used are dropped.
"""

import ast
import copy
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

import pesai
from pesai.errors import Problem

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = ROOT / "pesai" / "web" / "translations"
LANGUAGES = ("en", "fr")
PLACES = (
    "web", "alignment", "engine", "exchange", "sparql", "access", "errors.py", "releases/layout.py",
    "releases/closing.py", "releases/since.py", "releases/citations.py", "releases/admission.py",
    "releases/services.py", "releases/writing.py", "cli/writer.py",
)  # fmt: skip
"""Where texts come from that a reader of the service may see, below the package."""

_OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
_KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "translatable": None}


def main() -> int:
    """Renew the catalogues; 1 when French texts are missing."""
    texts = extracted()
    missing: list[str] = []
    for language in LANGUAGES:
        path = catalogue_path(language)
        catalogue = read(path, language)
        made = catalogue.creation_date
        catalogue.update(copy.deepcopy(texts), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.creation_date = catalogue.revision_date = made
        if language == "en":
            _fill(catalogue)
        missing += [
            str(message.id) for message in catalogue if message.id and not _is_done(message)
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, no_location=True)
    for text in missing:
        print(f"translations: no French for: {text}")
    print(f"translations: {len(texts)} texts")
    return 1 if missing else 0


def catalogue_path(language: str) -> Path:
    """The catalogue of a language."""
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def read(path: Path, language: str) -> Catalog:
    """A catalogue, or an empty one."""
    if not path.is_file():
        catalogue = Catalog(locale=language, charset="utf-8", fuzzy=False)
    else:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    catalogue.project, catalogue.version = "PESAI", pesai.__version__
    catalogue.header_comment = f"# PESAI, {language}. Renewed by 'make translations'."
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = "PESAI"
    return catalogue


def extracted() -> Catalog:
    """All texts of the program that a reader of the service may see."""
    texts = Catalog(project="PESAI", charset="utf-8")
    kinds = problems()
    for kind in kinds.values():
        texts.add(kind.title)
    for path in _files():
        method = "python" if path.suffix == ".py" else "jinja2"
        for _line, text, _comments, _context in extract_from_file(
            method, path, keywords=_KEYWORDS, options=_OPTIONS
        ):
            texts.add(text)
        if path.suffix == ".py":
            for template in templates(path, set(kinds)):
                texts.add(template, flags=["python-brace-format"] if "{" in template else [])
    return texts


def problems() -> dict[str, type[Problem]]:
    """Every kind of problem of the core, by the name of its class."""
    for module in pkgutil.walk_packages(pesai.__path__, "pesai."):
        importlib.import_module(module.name)
    found: dict[str, type[Problem]] = {}
    waiting: list[type[Problem]] = [Problem]
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = kind
        waiting += kind.__subclasses__()
    return found


def templates(path: Path, kinds: set[str]) -> Iterator[str]:
    """The sentences of problems that a file raises, given at once or as ``template = …``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            value: ast.expr | None = node.args[0] if name in kinds else None
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value if node.targets[0].id == "template" else None
        else:
            continue
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def _files() -> Iterator[Path]:
    for place in PLACES:
        path = ROOT / "pesai" / place
        found = path.rglob("*") if path.is_dir() else [path]
        yield from sorted(one for one in found if one.suffix in {".py", ".html", ".xml"})


def _fill(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            message.string = message.id


def _is_done(message: object) -> bool:
    string = getattr(message, "string", "")
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
