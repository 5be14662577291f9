"""``/reconcile``: the Reconciliation Service API 0.2, for OpenRefine and the like.

(W3C Entity Reconciliation Community Group, https://www.w3.org/community/reports/reconciliation/)
"""

import json
import time
from collections.abc import Iterable, Mapping
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

import pesai
from pesai.alignment.index import Filters, Grouping, Index
from pesai.alignment.reconciling import CERTAIN, Candidate, candidates
from pesai.alignment.searching import Question, choose, search
from pesai.engine.protocol import TooSlow
from pesai.errors import NotFound, WrongUse
from pesai.namespaces import ESCO, ORG, PAI, SKOS
from pesai.settings import DEFAULT_BASE
from pesai.web import headers, indexed, state
from pesai.web.asking import BODY, Ask, Batch, extension, read_batch, type_of
from pesai.web.extension import COLUMNS, cells
from pesai.web.i18n import language
from pesai.web.labels import Label as Name
from pesai.web.labels import tidy
from pesai.web.problems import TooLarge, wants_html

__all__ = ["blueprint"]

R = TypeVar("R", bound=AnyResponse)

blueprint = Blueprint("reconcile", __name__, url_prefix="/reconcile")

SUGGESTIONS = 10
_DEFAULT_TYPES = (
    ESCO.Occupation, ESCO.Skill, PAI.Initiative, ORG.Organization, PAI.PublicEmploymentService,
    SKOS.Concept,
)  # fmt: skip
_PREVIEW_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""A preview is made to be shown inside other sites; it has no script and no form."""


@blueprint.route("", methods=["GET", "POST", "OPTIONS"])
def service() -> AnyResponse:
    """The manifest; candidates for a batch of names; values for a batch of things."""
    if request.method == "OPTIONS":
        return headers.preflight("GET", "HEAD", "POST", "OPTIONS")
    given = _given()
    if "queries" in given:
        return _json(_reconciled(read_batch(given["queries"])))
    if "extend" in given:
        return _json(_extended(*extension(given["extend"])))
    if request.method == "POST":
        raise WrongUse("Send 'queries' or 'extend' as a form.")
    if wants_html():
        held = indexed.index()
        return make_response(
            render_template("reconcile/service.html", address=_root(), types=_types(held))
        )
    return _json(_manifest(indexed.index()))


@blueprint.route("/suggest/entity")
def suggest_entity() -> Response:
    """Things that are called so, or begin so."""
    held = indexed.index()
    start = _cursor()
    found = search(held, Question(_prefix(), language(), _asked_type(held)))
    hits = found.hits[start : start + SUGGESTIONS]
    entries = indexed.entries(held, [hit.label.thing for hit in hits])
    told = _Told(held, [hit.label.thing for hit in hits])
    return _json({"result": [told.suggestion(n, entry) for n, entry in entries.items()]})


@blueprint.route("/suggest/type")
def suggest_type() -> Response:
    """Classes and concept schemes that are called so."""
    asked = _prefix().lower()
    found = [
        one for one in _types(indexed.index()) if asked in f"{one['name']} {one['id']}".lower()
    ]
    return _json({"result": found[_cursor() :][:SUGGESTIONS]})


@blueprint.route("/suggest/property")
def suggest_property() -> Response:
    """Properties that can be given with a name, or fetched."""
    asked = _prefix().lower()
    found = [one for one in _properties() if asked in f"{one['name']} {one['id']}".lower()]
    return _json({"result": found[_cursor() :][:SUGGESTIONS]})


@blueprint.route("/properties")
def propose_properties() -> Response:
    """Properties that can be fetched for things of a type."""
    kind = request.args.get("type", "")
    document: dict[str, object] = {"properties": _properties()}
    if kind:
        document["type"] = kind
    limit = request.args.get("limit", "")
    if limit.isascii() and limit.isdigit():
        document["limit"] = int(limit[:6])
        document["properties"] = _properties()[: int(limit[:6])]
    return _json(document)


@blueprint.route("/preview")
def preview() -> AnyResponse:
    """A small page on a thing, to be shown inside another."""
    held = indexed.index()
    number = _known(held)
    entry = indexed.entries(held, [number])[number]
    text, tag = choose(held.texts([number]).get(number, ()), language())
    page = render_template(
        "reconcile/preview.html",
        entry=entry,
        kind=indexed.kind_name(entry.kind),
        scheme_names=indexed.names_of(entry.schemes),
        codes=[code for code, _tag in held.codes([number]).get(number, ())],
        text=Name(tidy(text), tag),
        address=f"{_root()}/view?{urlencode({'id': entry.iri})}",
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _PREVIEW_POLICY
    return headers.cors(_asked_anew(response))


@blueprint.route("/view")
def view() -> AnyResponse:
    """To the page of a thing."""
    held = indexed.index()
    number = _known(held)
    iri = held.things([number])[number][0]
    return _asked_anew(redirect(indexed.where(iri), 303))


def _given() -> Mapping[str, str]:
    """The parameters: of the form, or of the address.

    Raises:
        TooLarge: the form is.
        WrongUse: JSONP is asked for.
    """
    if "callback" in request.args:
        raise WrongUse("JSONP is not supported: scripts of every site may read the JSON (CORS).")
    if request.method != "POST":
        return request.args
    request.max_content_length = request.max_form_memory_size = BODY
    if (request.content_length or 0) > BODY:
        raise TooLarge("A batch may have {limit} bytes.", limit=BODY)
    return request.form


def _reconciled(batch: Batch) -> dict[str, object]:
    """Candidates by the keys of the batch."""
    held = indexed.index()
    deadline = time.monotonic() + state.chosen().query_seconds
    found: dict[str, list[Candidate]] = {}
    for key, ask in batch.items():
        if time.monotonic() > deadline:
            raise TooSlow("The batch took longer than {seconds} s. Send fewer names at once.",
                          seconds=state.chosen().query_seconds)  # fmt: skip
        found[key] = _candidates(held, ask)
    told = _Told(held, {one.label.thing for listed in found.values() for one in listed})
    return {
        key: {"result": [told.candidate(one) for one in listed]} for key, listed in found.items()
    }


def _candidates(held: Index, ask: Ask) -> list[Candidate]:
    wanted = ask.resolved(held)
    return candidates(held, wanted) if wanted is not None else []


class _Told:
    """Things as the answers of this service tell of them."""

    def __init__(self, held: Index, things: Iterable[int]) -> None:
        numbers = sorted(set(things))
        self.entries = indexed.entries(held, numbers)
        self.codes = held.codes(numbers)
        by_number = {one.number: one for one in held.groupings.values()}
        self.types = {
            number: sorted((by_number[n] for n in groupings if n in by_number), key=_size)
            for number, (_iri, _kind, groupings) in held.things(numbers).items()
        }
        self.names = indexed.names_of({one for held in self.types.values() for one in held})

    def candidate(self, one: Candidate) -> dict[str, object]:
        """A candidate, with what its score is made of."""
        number, label = one.label.thing, one.label
        entry = self.entries[number]
        found_as = "" if label.text == entry.name.text else tidy(label.text)
        return {
            "id": entry.iri,
            "name": entry.name.text,
            "description": self._description(number, found_as),
            "type": self._types(number),
            "score": one.score,
            "match": one.match,
            "features": [
                {"id": "exact", "value": one.score >= CERTAIN},
                {"id": "similarity", "value": one.likeness},
                {"id": "properties", "value": one.agrees},
            ],
        }

    def suggestion(self, number: int, entry: indexed.Entry) -> dict[str, object]:
        """A thing that is suggested."""
        return {
            "id": entry.iri,
            "name": entry.name.text,
            "description": self._description(number, ""),
            "notable": self._types(number),
        }

    def _description(self, number: int, found_as: str) -> str:
        """What tells namesakes apart: kind, classification, codes, the text that was found."""
        entry = self.entries[number]
        parts = [indexed.kind_name(entry.kind)]
        parts += [self.names[one.iri].text for one in entry.schemes[:1]]
        parts += [code for code, _tag in self.codes.get(number, ())[:2]]
        return " · ".join([*parts, *([f"“{found_as}”"] if found_as else [])])

    def _types(self, number: int) -> list[dict[str, str]]:
        return [{"id": one.iri, "name": self.names[one.iri].text} for one in self.types[number]]


def _size(one: Grouping) -> tuple[int, str]:
    return one.things, one.iri


def _extended(ids: list[str], wanted: Mapping[str, int]) -> dict[str, object]:
    """Values by thing and property."""
    meta = [
        {"id": name, "name": str(column.name)} | ({"service": _root()} if column.things else {})
        for name in wanted
        if (column := COLUMNS[name])
    ]
    return {"meta": meta, "rows": cells(ids, wanted)}


def _manifest(held: Index) -> dict[str, object]:
    root = headers.root()
    names = indexed.names_of(held.groupings.values())
    defaults = [held.groupings[t.value] for t in _DEFAULT_TYPES if t.value in held.groupings]
    return {
        "versions": ["0.2"],
        "name": "PESAI",
        "identifierSpace": state.base().iri,
        "schemaSpace": f"{DEFAULT_BASE}def#",
        "documentation": f"{_root()}?format=html",
        "serviceVersion": pesai.__version__,
        "logo": f"{root}{url_for('static', filename='icon.svg')}",
        "view": {"url": f"{_root()}/view?id={{{{id}}}}"},
        "preview": {
            "url": f"{_root()}/preview?id={{{{id}}}}&lang={language()}",
            "width": 400,
            "height": 200,
        },
        "defaultTypes": [{"id": one.iri, "name": names[one.iri].text} for one in defaults],
        "suggest": {
            name: {"service_url": root, "service_path": f"/reconcile/suggest/{name}"}
            for name in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/reconcile/properties"},
            "property_settings": [{
                "type": "number", "name": "limit", "default": 0,
                "label": gettext("Most values of one cell"), "help_text": gettext("0: all"),
            }],
        },
    }  # fmt: skip


def _types(held: Index) -> list[dict[str, str]]:
    """Classes and concept schemes that things are in, the largest first."""
    names = indexed.names_of(held.groupings.values())
    return [
        {
            "id": one.iri,
            "name": names[one.iri].text,
            "description": gettext("%(number)s things", number=one.things),
        }
        for one in held.groupings.values()
    ]


def _properties() -> list[dict[str, str]]:
    return [{"id": name, "name": str(column.name)} for name, column in COLUMNS.items()]


def _asked_type(held: Index) -> Filters:
    """The type to which suggestions are narrowed, when one is named."""
    named = request.args.get("type", "")
    if not named:
        return Filters()
    found = type_of(held, named)
    return Filters(((found.number if found else 0,),))


def _known(held: Index) -> int:
    """The thing that the address names.

    Raises:
        NotFound: there is no such thing for this reader.
    """
    iri = request.args.get("id", "")
    try:
        number = held.thing(iri)
    except UnicodeEncodeError:
        number = None
    if number is None:
        raise NotFound("There is nothing here with the identifier {id}.", id=iri[:200])
    return number


def _prefix() -> str:
    return request.args.get("prefix", "")[:1000]


def _cursor() -> int:
    text = request.args.get("cursor", "")
    return int(text[:6]) if text.isascii() and text.isdigit() else 0


def _root() -> str:
    return f"{headers.root()}/reconcile"


def _json(document: object) -> Response:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return headers.cors(_asked_anew(Response(f"{text}\n", mimetype="application/json")))


def _asked_anew(response: R) -> R:
    """Nothing is reused before it was asked whether it still holds: a release may have come."""
    response.headers["Cache-Control"] = "no-cache"
    return response
