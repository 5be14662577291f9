"""What is told of a release as a data set, to the reader of this request."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, request, url_for
from pyoxigraph import Triple

from pesai.releases.layout import ReleaseFolder
from pesai.sparql.description import serialise
from pesai.sparql.published import Download, Published
from pesai.web import headers, state
from pesai.web.documents import RDF
from pesai.web.readers import current_reader

__all__ = ["answer_in", "published"]

_MEDIA = {"nq": "application/n-quads", "trig": "application/trig"}


def published(folder: ReleaseFolder) -> Published:
    """A release that the reader may read."""
    root, manifest, entry = headers.root(), state.manifest_of(folder), state.entry_of(folder)
    parent = state.base().release(manifest.parent).value if manifest.parent else ""
    return Published(
        iri=state.base().release(folder.id).value,
        number=folder.id,
        page=root + url_for("releases.show", identifier=folder.id),
        endpoint=root + url_for("sparql.past", identifier=folder.id),
        issued=manifest.created,
        triples=entry.triples,
        parent=parent,
        downloads=_downloads(folder),
        graphs=sorted(entry.graphs | entry.derived),
        licences=sorted({one.licence for one in state.visible(folder)} - {""}),
    )


def answer_in(ending: str, triples: list[Triple]) -> Response:
    """A description in one of the RDF formats of documents."""
    body = serialise(triples, ending)  # type: ignore[arg-type]  # the endings of RDF are formats
    response = Response(body, content_type=RDF[ending][0])
    response.headers["X-Query-Id"] = headers.query_id()
    response.vary.add("Accept")
    headers.caching(response, current_reader())
    response.add_etag()
    headers.cors(response)
    response.make_conditional(request)
    return response


def _downloads(folder: ReleaseFolder) -> list[Download]:
    quads = folder.folder(current_reader()) / "data.nq.gz"
    if not quads.is_file():
        return []
    size, digest = _measured(quads, folder.checksum(current_reader()))
    return [
        Download(_address(folder, "nq"), _MEDIA["nq"], size, digest),
        Download(_address(folder, "trig"), _MEDIA["trig"]),
    ]


def _address(folder: ReleaseFolder, ending: str) -> str:
    return headers.root() + url_for("releases.dump", identifier=folder.id, ending=ending)


@lru_cache(maxsize=64)
def _measured(path: Path, _checksum: str) -> tuple[int, str]:
    """Bytes and SHA-256 of a finished file, which never changes."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
