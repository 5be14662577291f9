"""Languages of the interface: which one a reader gets, and where the texts come from.

The catalogues are read as ``messages.po``. Nothing is compiled beforehand, so a fresh clone, an
editable install and the wheel work alike; reading one takes some ten milliseconds, once.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, request
from flask_babel import Babel, Domain, get_locale

__all__ = ["LANGUAGES", "catalogue", "init_app", "language", "language_links"]

LANGUAGES = {"fr": "Français", "en": "English"}
"""Languages of the interface with their own names; the first is the default."""

FOLDER = Path(__file__).parent / "translations"
_COOKIE = "pesai_language"
_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Give the application its languages."""
    _Babel(app, default_locale=next(iter(LANGUAGES)), locale_selector=_choose)
    app.after_request(_remember)


def language() -> str:
    """The language of the interface for this request: ``fr`` or ``en``."""
    found = get_locale()
    return str(found) if found else next(iter(LANGUAGES))


def language_links() -> list[tuple[str, str, str, bool]]:
    """The language switch: code, name, the same address in that language, whether it is chosen."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    return [
        (code, name, f"{request.path}?{urlencode([*kept, ('lang', code)])}", code == language())
        for code, name in LANGUAGES.items()
    ]


@cache
def catalogue(code: str) -> Translations | NullTranslations:
    """The texts in one language; texts without a translation stay as they are in the code."""
    path = FOLDER / code / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        texts = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return Translations(compiled)


def _choose() -> str:
    """``lang=`` before cookie before ``Accept-Language`` before French."""
    for asked in (request.args.get("lang"), request.cookies.get(_COOKIE)):
        if asked in LANGUAGES:
            return asked
    return request.accept_languages.best_match(list(LANGUAGES)) or next(iter(LANGUAGES))


def _remember(response: Response) -> Response:
    """Keep a choice that was made, and only then set a cookie."""
    if response.mimetype != "text/html":
        return response
    chosen = request.args.get("lang")
    if chosen in LANGUAGES and request.cookies.get(_COOKIE) != chosen:
        response.set_cookie(_COOKIE, chosen, max_age=_YEAR, httponly=True, samesite="Lax")
    response.headers["Content-Language"] = language()
    response.vary.update(("Accept", "Accept-Language", "Cookie"))
    return response


class _Domain(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    def get_translations(self) -> Translations | NullTranslations:
        return catalogue(language())


class _Babel(Babel):  # type: ignore[misc]
    domain_instance = _Domain()
