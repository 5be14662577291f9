"""``/search``: things by what they are called, as a page and as JSON."""

import hashlib
import json
import time
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from pesai.alignment.index import Filters, Grouping, Index
from pesai.alignment.kinds import class_of
from pesai.alignment.schema import Role
from pesai.alignment.searching import Found, Hit, Question, excerpt, search
from pesai.errors import WrongUse
from pesai.web import headers, indexed, state
from pesai.web.documents import HTML, wanted
from pesai.web.fetching import edition
from pesai.web.i18n import LANGUAGES, language
from pesai.web.labels import Label as Name
from pesai.web.labels import tidy
from pesai.web.numbers import asked_number
from pesai.web.readers import current_reader
from pesai.web.sorting import natural

__all__ = ["Asked", "Result", "blueprint"]

blueprint = Blueprint("search", __name__)

LONGEST = 1000
"""Characters of a question."""
MOST, USUAL, LAST_PAGE = 100, 20, 50
"""Results of one answer: at most, and when nobody says; and pages."""

_FORMATS = {"json": ("application/json", "JSON")}
_NAMES = {role: role.name.lower() for role in Role}


@dataclass(frozen=True)
class Asked:
    """What a request asks for.

    Attributes:
        text: the words.
        kind: only things of that kind, by short name.
        scheme: only things in that concept scheme, by IRI.
        labels: only labels in that language.
        limit: results of one page.
        page: from 1.
    """

    text: str
    kind: str
    scheme: str
    labels: str
    limit: int
    page: int

    def address(self, page: int) -> str:
        """The address of a page of results."""
        given = {
            "q": self.text, "kind": self.kind, "scheme": self.scheme, "in": self.labels,
            "limit": "" if self.limit == USUAL else self.limit, "page": page if page > 1 else "",
        }  # fmt: skip
        return f"/search?{urlencode({k: v for k, v in given.items() if v})}"


@dataclass(frozen=True)
class Result:
    """One thing of the list.

    Attributes:
        entry: the thing.
        hit: the text by which it was found, and how well it answers.
        matched: that text as it is shown, in one line.
        href: its page.
        scheme_names: of its concept schemes, by IRI.
    """

    entry: indexed.Entry
    hit: Hit
    matched: Name
    href: str
    scheme_names: dict[str, Name]

    @cached_property
    def told(self) -> bool:
        """Whether the name says already why this was found."""
        return self.matched.text == self.entry.name.text

    @property
    def kind(self) -> str:
        """The kind in the reader's language."""
        return indexed.kind_name(self.entry.kind)

    @property
    def role(self) -> str:
        """What the matched text is to the thing, in the reader's language."""
        return str(indexed.ROLES[self.hit.label.role])


@blueprint.route("/search")
def page() -> AnyResponse:
    """What is called so."""
    begun = time.perf_counter()
    ending = wanted(_FORMATS, page=True)
    held = indexed.index()
    asked = _asked(held)
    etag = _etag(asked, ending)
    if etag in request.if_none_match:
        return _headed(Response(status=304), etag, begun)
    found = search(held, Question(asked.text, language(), _filters(held, asked)))
    start = (asked.page - 1) * asked.limit
    hits = found.hits[start : start + asked.limit]
    more = len(found.hits) > start + asked.limit and asked.page < LAST_PAGE
    listed = _results(held, hits, asked)
    if ending == HTML:
        response = make_response(_html(held, asked, found, listed, more))
    else:
        response = _json(asked, found, listed, more=more)
    return _headed(response, etag, begun)


def _asked(held: Index) -> Asked:
    """The request, checked.

    Raises:
        WrongUse: a parameter is not what it should be; the message says what would be right.
    """
    text = request.args.get("q", "").strip()
    if len(text) > LONGEST:
        raise WrongUse("A search may have {limit} characters.", limit=LONGEST)
    scheme = request.args.get("scheme", "").strip()
    return Asked(
        text=text,
        kind=_kind(held, request.args.get("kind", "").strip()),
        scheme=_scheme(held, scheme).iri if scheme else "",
        labels=_language(request.args.get("in", "").strip().lower()),
        limit=asked_number("limit", USUAL, MOST),
        page=asked_number("page", 1, LAST_PAGE),
    )


def _kind(held: Index, kind: str) -> str:
    if kind and class_of(kind, held.groupings) is None:
        known = ", ".join(held.kinds)
        raise WrongUse(
            "There is no kind '{kind}'. There are: {known}.", kind=kind[:50], known=known
        )
    return kind


def _scheme(held: Index, name: str) -> Grouping:
    """A concept scheme by IRI, or by the last part of it where only one ends so."""
    all_of_them = [one for one in held.groupings.values() if one.scheme]
    found = [one for one in all_of_them if name in {one.iri, one.iri.rpartition("/")[2]}]
    if len(found) != 1:
        raise WrongUse(
            "There is no concept scheme '{scheme}' here. Give its IRI, as in {example}.",
            scheme=name[:100],
            example=all_of_them[0].iri if all_of_them else "https://…",
        )
    return found[0]


def _language(tag: str) -> str:
    if tag and not (tag.isascii() and tag.isalpha() and len(tag) <= 8):
        raise WrongUse("'{tag}' is no language tag, as fr or en are.", tag=tag[:20])
    return tag


def _filters(held: Index, asked: Asked) -> Filters:
    iris = (class_of(asked.kind, held.groupings) if asked.kind else None, asked.scheme)
    # A class that nothing is in has no number: 0 is none's.
    known = (held.groupings.get(iri) for iri in iris if iri)
    return Filters(tuple((one.number if one else 0,) for one in known), asked.labels)


def _results(held: Index, hits: tuple[Hit, ...], asked: Asked) -> list[Result]:
    listed = indexed.entries(held, [hit.label.thing for hit in hits])
    names = indexed.names_of({one for entry in listed.values() for one in entry.schemes})
    return [
        Result(entry, hit, _matched(hit, asked), indexed.where(entry.iri), names)
        for hit in hits
        if (entry := listed.get(hit.label.thing))
    ]


def _matched(hit: Hit, asked: Asked) -> Name:
    label = hit.label
    text = excerpt(label.text, asked.text) if label.role is Role.TEXT else label.text
    return Name(tidy(text), label.language)


def _html(held: Index, asked: Asked, found: Found, listed: list[Result], more: bool) -> str:
    kinds = sorted(
        ((indexed.kind_name(kind), kind, n) for kind, n in held.kinds.items()),
        key=lambda one: natural(one[0]),
    )
    return render_template(
        "search/search.html",
        asked=asked,
        found=found,
        results=listed,
        first=(asked.page - 1) * asked.limit + 1,
        kinds=kinds,
        schemes=indexed.schemes(held),
        languages=LANGUAGES,
        previous=asked.address(asked.page - 1) if asked.page > 1 else "",
        following=asked.address(asked.page + 1) if more else "",
        as_json=f"{asked.address(asked.page)}&format=json",
    )


def _json(asked: Asked, found: Found, listed: list[Result], *, more: bool) -> Response:
    """The answer for programs; ``docs/reference/search.md`` tells its shape."""
    document = {
        "query": asked.text,
        "language": language(),
        "release": state.release().id,
        "corrected": found.corrected or None,
        "partial": found.partial,
        "more": more,
        "results": [_told(one) for one in listed],
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Response(f"{text}\n", mimetype="application/json")


def _told(one: Result) -> dict[str, object]:
    label = one.hit.label
    return {
        "iri": one.entry.iri,
        "page": one.href,
        "label": one.entry.name.text,
        "label_language": one.entry.name.language or None,
        "matched": one.matched.text,
        "matched_language": one.matched.language or None,
        "matched_as": _NAMES[label.role],
        "kind": one.entry.kind,
        "kind_label": one.kind,
        "schemes": [
            {"iri": each.iri, "label": one.scheme_names[each.iri].text}
            for each in one.entry.schemes
        ],
        "score": round(one.hit.score, 2),
    }


def _etag(asked: Asked, ending: str) -> str:
    parts = (state.checksum(), edition(), language(), ending, str(current_reader()),
             state.release().id, *map(str, vars(replace(asked)).values()))  # fmt: skip
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _headed(response: Response, etag: str, begun: float) -> Response:
    response.set_etag(etag)
    response.vary.update(("Accept", "Accept-Language", "Cookie"))
    response.headers["Content-Language"] = language()
    response.headers["Server-Timing"] = f"total;dur={(time.perf_counter() - begun) * 1000:.2f}"
    headers.caching(response, current_reader())
    return headers.cors(response)
