"""The second sheet of a workbook: what the rows are, where they come from, what to mind."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask_babel import format_date, gettext

import pesai
from pesai.engine.protocol import Query
from pesai.releases.layout import ReleaseFolder
from pesai.web import headers, state
from pesai.web.i18n import language

__all__ = ["Notes", "notes_of"]


@dataclass(frozen=True)
class Notes:
    """Names of the two sheets, lines of the second, and the date of the data."""

    sheets: tuple[str, str]
    lines: list[tuple[str, str]]
    made: datetime


def notes_of(query: Query, folder: ReleaseFolder, title: str) -> Notes:
    """What a workbook says about the answer in it, in the reader's language."""
    manifest = state.manifest_of(folder)
    lines = [
        (gettext("Title"), title or gettext("Result of a query")),
        (gettext("Date of the data"), format_date(manifest.created, "long")),
        (gettext("Release"), f"{folder.id} – {state.base().release(folder.id).value}"),
        (gettext("Licence"), gettext("CC BY 4.0 for data and ontology of the observatory")),
        (gettext("Permanent address of the query"), _link(query)),
        *_attributions(query, folder),
        (
            gettext("Limits"),
            gettext(
                "The graph holds what published sources document. What is not there is not "
                "documented; it is not a no. Only figures that say so are measured effects."
            ),
        ),
        (gettext("Query"), query.text.strip()),
        *((f"?{name}", term) for name, term in sorted(query.bindings.items())),
        (gettext("Program"), f"PESAI {pesai.__version__}"),
    ]
    return Notes((gettext("Result"), gettext("Sources & limits")), lines, manifest.created)


def _attributions(query: Query, folder: ReleaseFolder) -> list[tuple[str, str]]:
    """What the publishers of the graphs in the reader's store ask to be said."""
    manifest = state.manifest_of(folder)
    entry = manifest.audiences.get(folder.folder(query.reader).name)
    held = set(entry.graphs) if entry else set()
    found = []
    for graph in manifest.graphs:
        if graph.iri in held and (graph.attribution or graph.licence):
            title = graph.title_fr if language() == "fr" else graph.title_en
            said = " – ".join(filter(None, (title or graph.iri, graph.attribution, graph.licence)))
            found.append((gettext("Source"), said))
    return list(dict.fromkeys(found))


def _link(query: Query) -> str:
    """An address that asks the query again; without one when it would be too long."""
    if query.bindings:
        return f"{headers.endpoint()}"
    arguments = [("query", query.text)]
    arguments += [("default-graph-uri", iri) for iri in query.default_graphs]
    arguments += [("named-graph-uri", iri) for iri in query.named_graphs]
    address = f"{headers.endpoint()}?{urlencode(arguments)}"
    return address if len(address) < 8000 else headers.endpoint()
