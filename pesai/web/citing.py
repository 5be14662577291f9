"""``/q/{id}``: the permanent address of one answer, with its citation and its hash.

A citation is made by one POST and never changes: query, parameters, dataset, release, and the
reader whose store answered. The address gives the answer in every format, from that release.
"""

import json
from dataclasses import dataclass, field, replace

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from pesai.access.audiences import Reader
from pesai.engine.protocol import Query
from pesai.errors import WrongUse
from pesai.releases import citations
from pesai.releases.citations import LENGTH, Citation
from pesai.releases.status import now
from pesai.sparql.canonical import Canonical, canonical
from pesai.sparql.catalogue import bind
from pesai.sparql.citing import Cited
from pesai.sparql.formats import kind_of, of_kind
from pesai.web import allowance, headers, state
from pesai.web.answers import SHOWN, Answer, answer
from pesai.web.clients import keeper
from pesai.web.fetching import Plan, fetch, key_of
from pesai.web.i18n import LANGUAGES, language
from pesai.web.parameters import Parameters, read
from pesai.web.problems import wants_html
from pesai.web.queries import catalogue
from pesai.web.readers import current_principal, current_reader
from pesai.web.results import cells
from pesai.web.sessions import CSRF_FIELD

__all__ = ["blueprint"]

blueprint = Blueprint("citations", __name__)

WHY = {
    "volatile": lazy_gettext(
        "It uses NOW, RAND, UUID, STRUUID or BNODE, which give other values each time."
    ),
    "limit": lazy_gettext(
        "LIMIT or OFFSET cuts rows that are in no order (ORDER BY): which are left is not promised."
    ),
    "ties": lazy_gettext(
        "LIMIT or OFFSET cuts ordered rows: where several are equal in that order, which of them "
        "are left is not promised."
    ),
    "sample": lazy_gettext("SAMPLE may take any value of a group."),
    "group-concat": lazy_gettext("GROUP_CONCAT joins the values of a group in any order."),
    "reduced": lazy_gettext("REDUCED may leave out some duplicates, or none."),
}
"""What a reason of ``pesai.sparql.guard.Scan.unsettled`` means."""

_NOT_VALUES = frozenset({"stored", "release", "format", "via", "download", CSRF_FIELD})


@dataclass(frozen=True)
class _Asked:
    """What is to be cited."""

    query: Query
    stored: str = ""
    titles: dict[str, str] = field(default_factory=dict)


@blueprint.route("/q", methods=["POST"])
def make() -> AnyResponse:
    """Make a citation: of a query as for ``/sparql``, or of a stored one with its parameters."""
    found = _cite(_asked(read(request)))
    address = url_for("citations.show", name=found.name)
    if wants_html():
        return redirect(address, 303)
    response = _facts(found)
    response.status_code = 201
    response.headers["Location"] = address
    return response


@blueprint.route("/q/<name>", methods=["GET", "HEAD"])
def show(name: str) -> Response:
    """The answer that is cited, asked again; for people with its citation."""
    found = _find(name)
    return answer(
        _query(found),
        name=f"pesai-{found.name}",
        title=_cited(found).title(language()),
        page=lambda asked: _page(found, asked),
    )


@blueprint.route("/q/<name>.<any(bib, json):ending>")
def document(name: str, ending: str) -> Response:
    """The citation alone: BibTeX, or its facts for programs."""
    found = _find(name)
    if ending == "json":
        return _facts(found)
    response = Response(_cited(found).bibtex(language()), mimetype="text/x-bibtex")
    response.vary.update(("Accept-Language", "Cookie"))
    return _finish(found, response)


@blueprint.route("/q/<name>/check")
def check(name: str) -> Response:
    """Ask again, and say whether the answer has the hash that is cited."""
    found = _find(name)
    # Evaluated each time, so it costs and waits as a free query, a stored one too.
    again = _measure(replace(_query(found), curated=False), anew=True)
    facts = {
        "sha256": again.sha256,
        "rows": again.rows,
        "cited": found.sha256,
        "same": again.sha256 == found.sha256,
    }
    if wants_html():
        page = render_template("citations/check.html", found=found, why=_why(found), **facts)
        response = Response(page, mimetype="text/html")
    else:
        response = Response(json.dumps(facts, indent=1) + "\n", mimetype="application/json")
    response = _finish(found, response)
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked(given: Parameters) -> _Asked:
    release = given.first("release") or None
    if release:
        release = state.home().release(release).id
    if path := given.first("stored"):
        stored = catalogue().find(path)
        values = {name: value for name, value in given.pairs if name not in _NOT_VALUES}
        bound = bind(stored, values, state.base())
        query = Query(stored.text, current_reader(), release, bindings=bound, curated=True)
        return _Asked(replace(query, base=headers.endpoint()), stored.path, dict(stored.titles))
    queries = given.all("query")
    if len(queries) != 1 or not queries[0].strip():
        raise WrongUse(
            "Send one query to be cited as 'query', or the path of a stored one as 'stored'."
        )
    return _Asked(
        Query(
            queries[0],
            current_reader(),
            release,
            default_graphs=given.graphs("default-graph-uri"),
            named_graphs=given.graphs("named-graph-uri"),
            base=headers.endpoint(),
        )
    )


def _cite(asked: _Asked) -> Citation:
    """Ask, and keep what was asked with the hash of the answer.

    The reader that is kept is the one whose store answered: what a partner asks of a node where
    nothing is for partners is public.
    """
    folder = state.home().release(asked.query.release or state.release().id)
    reader = Reader.of_folder(folder.folder(asked.query.reader).name)
    query = replace(asked.query, reader=reader, release=folder.id)
    plan = Plan.of(query)
    name = f"{folder.id}-{key_of(query, folder.id, 'citation')[:LENGTH]}"
    measured = _measure(query)
    made = Citation(
        name=name,
        text=query.text,
        bindings=dict(query.bindings),
        default_graphs=query.default_graphs,
        named_graphs=query.named_graphs,
        base=query.base,
        form=plan.scan.form or "select",
        reader=str(reader),
        release=folder.id,
        checksum=plan.checksum,
        rows=measured.rows,
        sha256=measured.sha256,
        unsettled=plan.scan.unsettled,
        stored=asked.stored,
        titles=asked.titles,
        made=now(),
    )
    who = current_principal()
    if state.chosen().client_seconds and not citations.is_kept(state.home(), name):
        allowance.take(keeper(who), len(made.content()))
    citations.keep(state.home(), made, stranger=who is None)
    return citations.find(state.home(), name, current_reader())


def _measure(query: Query, *, anew: bool = False) -> Canonical:
    """The canonical form of an answer."""
    plan = Plan.of(query)
    form = plan.scan.form or "select"
    found = fetch(plan, "tsv" if kind_of(form) == "table" else "nt", readable=True, anew=anew)
    found.keep_now()
    with found.body as body:
        return canonical(body, form)


def _find(name: str) -> Citation:
    """A citation that the reader may see; this request then sees the node at its release.

    Raises:
        NotFound: there is none for this reader.
        Gone: the release was withdrawn or pruned, or is closed to those for whom it was cited.
    """
    found = citations.find(state.home(), name, current_reader())
    folder = state.home().release(found.release)
    state.closures().check(Reader.parse(found.reader), folder)
    state.travel(folder)
    return found


def _query(found: Citation) -> Query:
    return Query(
        found.text,
        Reader.parse(found.reader),
        found.release,
        default_graphs=found.default_graphs,
        named_graphs=found.named_graphs,
        bindings=found.bindings,
        base=found.base,
        curated=bool(found.stored),
    )


def _cited(found: Citation) -> Cited:
    folder = state.home().release(found.release)
    address = f"{headers.root()}{url_for('citations.show', name=found.name)}"
    published = state.manifest_of(folder).created
    return Cited(found, address, published, state.base().release(folder.id).value)


def _why(found: Citation) -> list[str]:
    return [str(WHY[reason]) for reason in found.unsettled]


def _page(found: Citation, asked: Answer) -> str:
    rows, labelled = cells(asked)
    cited = _cited(found)
    formats = [one for one in of_kind(asked.format.kind) if one.name != "html"]
    files = [(f"{cited.address}?format={one.name}", one.media[0]) for one in formats]
    address = url_for("citations.show", name=found.name)
    return render_template(
        "citations/citation.html",
        schema=cited.schema_org(language(), files, _licences(found)),
        found=found,
        cited=cited,
        title=cited.title(language()),
        sentences=[(code, name, cited.sentence(code)) for code, name in LANGUAGES.items()],
        bibtex=cited.bibtex(language()),
        why=_why(found),
        answer=asked,
        rows=rows,
        labelled=labelled,
        shown=SHOWN,
        downloads=[(f"{address}?format={one.name}&download=1", one.label) for one in formats],
    )


def _licences(found: Citation) -> list[str]:
    """Addresses of the licences of the graphs that were asked: those of the cited reader."""
    folder = state.home().release(found.release)
    held = folder.entry(Reader.parse(found.reader)).graphs
    graphs = [graph for graph in state.manifest_of(folder).graphs if graph.iri in held]
    return sorted({graph.licence for graph in graphs} - {""})


def _facts(found: Citation) -> Response:
    text = json.dumps(_cited(found).facts(), ensure_ascii=False, indent=1)
    return _finish(found, Response(text + "\n", mimetype="application/json"))


def _finish(found: Citation, response: Response) -> Response:
    response.headers["X-Release"] = found.release
    response.headers["X-Query-Id"] = headers.query_id()
    headers.caching(response, Reader.parse(found.reader))
    return headers.cors(response)
