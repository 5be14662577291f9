"""Which release holds the state of the data before a day, or has a number."""

import re
from datetime import UTC, date, datetime, timedelta

from pesai.access.audiences import Reader
from pesai.errors import Gone, NotFound, WrongUse
from pesai.releases.closing import Closures
from pesai.releases.layout import Home, ReleaseFolder

__all__ = ["before", "day", "since"]

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_EUROPEAN_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")


def since(home: Home, closures: Closures, reader: Reader, text: str) -> ReleaseFolder:
    """The release to compare with: the one of that number, or the last one before that day.

    Args:
        home: where the releases are.
        closures: what is closed to whom.
        reader: who asks.
        text: the number of a release, or a day as ``2026-03-31`` or ``31/03/2026``.

    Raises:
        WrongUse: it is neither, or the day is still to come.
        NotFound: there is no such release, or none that the reader may read.
        Gone: the release of that number is closed to the reader.
    """
    if text.isascii() and text.isdigit() and len(text) <= 6:
        found = home.release(text)
        closures.check(reader, found)
        return found
    limit = day(text)
    if limit > datetime.now(UTC).date() + timedelta(1):  # it may be tomorrow where somebody is
        raise WrongUse(
            "'{text}' is still to come: name a day that has been, as 2026-03-31.", text=text[:40]
        )
    return before(home, closures, reader, limit)


def before(home: Home, closures: Closures, reader: Reader, limit: date) -> ReleaseFolder:
    """The last release made before a day (UTC); the first one of all when none was.

    Releases that are closed to the reader are passed over.

    Raises:
        NotFound: the reader may read no release.
    """
    first: ReleaseFolder | None = None
    for release in reversed(home.all_releases()):
        try:
            closures.check(reader, release)
        except Gone:
            continue
        first = release
        if release.manifest().created.date() < limit:
            return release
    if first is None:
        raise NotFound("There is no release that you may read yet.")
    return first


def day(text: str) -> date:
    """The day that is meant.

    Raises:
        WrongUse: it is none.
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _EUROPEAN_DAY.fullmatch(text):
            return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        pass
    raise WrongUse(
        "'{text}' is neither a day nor the number of a release. Write a day as 2026-03-31, or the "
        "number of a release as 000042.",
        text=text[:40],
    )
