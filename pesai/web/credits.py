"""Whose data are shown: versions, licences and the sentences that their publishers ask for."""

from collections.abc import Iterable
from dataclasses import dataclass

from pesai.releases.manifest import GraphEntry
from pesai.web import state
from pesai.web.i18n import language
from pesai.web.links import Place, place

__all__ = ["Credit", "credits_of", "everybody"]


@dataclass(frozen=True)
class Credit:
    """A publisher's sentence, and the graphs that it is about.

    Attributes:
        sentence: as the publisher wants it; empty when there is none.
        graphs: title, version and address of each.
        licence: its address as it is written, and where it leads.
        homepage: where the publication is.
    """

    sentence: str
    graphs: tuple[tuple[str, str, str], ...]
    licence: str
    licence_link: Place | None
    homepage: Place | None


def everybody() -> list[Credit]:
    """All whose data the reader may see: for the foot of every page."""
    folder = state.release_or_none()
    entries = state.visible(folder) if folder is not None else ()
    return _credits(entry for entry in entries if entry.attribution)


def credits_of(graphs: list[str]) -> list[Credit]:
    """Those of some graphs, by IRI."""
    wanted = set(graphs)
    return _credits(entry for entry in state.visible(state.release()) if entry.iri in wanted)


def _credits(entries: Iterable[GraphEntry]) -> list[Credit]:
    grouped: dict[tuple[str, str], list[GraphEntry]] = {}
    for entry in entries:
        grouped.setdefault((entry.attribution, entry.licence), []).append(entry)
    return [_credit(sentence, licence, held) for (sentence, licence), held in grouped.items()]


def _credit(sentence: str, licence: str, entries: list[GraphEntry]) -> Credit:
    return Credit(
        sentence=sentence,
        graphs=tuple(_graph(entry) for entry in entries),
        licence=licence,
        licence_link=place(licence) if licence else None,
        homepage=place(entries[0].homepage) if entries[0].homepage else None,
    )


def _graph(entry: GraphEntry) -> tuple[str, str, str]:
    where = place(entry.iri)
    title = entry.title_fr if language() == "fr" else entry.title_en
    return title or entry.name, entry.version, where.href if where else ""
