"""``/guided``: a sentence with places to fill in, and the SPARQL that it stands for."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request, url_for
from flask_babel import LazyString, gettext, lazy_gettext
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import WrongUse
from pesai.web.collections import INITIATIVES
from pesai.web.facets import NONE, Held, Selection, held
from pesai.web.kept import kept
from pesai.web.overview import choosers, chosen_words, read, shown_all
from pesai.web.rows import Row, Term, ask_text, text_of
from pesai.web.takeaway import Takeaway, behind
from pesai.web.values import Shown, shown

__all__ = ["blueprint"]

blueprint = Blueprint("guided", __name__)

SLOTS = ("organisation", "country", "theme", "task", "users", "stage")
"""Facets that the sentence asks for, in its order."""
SHOWN = 100
"""Rows that the page shows; the downloads have all."""


@dataclass(frozen=True)
class What:
    """What is looked for: what it is called, and the patterns that say so."""

    name: str
    label: LazyString
    patterns: tuple[str, ...] = ()


WHATS = {
    one.name: one
    for one in (
        What("initiatives", lazy_gettext("initiatives")),
        What("ai-tools", lazy_gettext("tools that use AI, as their sources say"), (
            "?initiative pai:hasSolution ?solution .",
        )),
        What("evaluated", lazy_gettext("evaluated initiatives"), (
            "?measurement pai:measures ?initiative ; pai:withDesign ?design .",
            "VALUES ?design { design:randomised design:quasi-experiment design:before-after }",
        )),
        What("measured", lazy_gettext("initiatives with any figure on results"), (
            "?measurement pai:measures ?initiative .",
        )),
    )
}  # fmt: skip
"""By name in addresses."""

_PATTERNS = {
    "organisation": "pai:undertakenBy",
    "country": "pai:inCountry",
    "theme": "pai:hasTheme/skos:broader*",
    "task": "pai:hasTaskType",
    "users": "pai:hasTargetUser",
    "stage": "pai:hasMaturity",
}
"""The property, or path, behind each slot."""

_PLACE = "  # SENTENCE"


@blueprint.route("/guided")
@kept
def page() -> AnyResponse:
    """The sentence, what it finds, and the query that it is."""
    what = _what(request.args.get("what", "initiatives"))
    known = held(INITIATIVES)
    selection = read(known, SLOTS)
    patterns = [*what.patterns, *_patterns(known, selection)]
    text, graph = (_text(name, patterns) for name in ("guided-rows", "guided-graph"))
    taken = Takeaway("guided", gettext("Guided search"), text, graph)
    data = taken.response()
    if data is not None:
        return data
    lists = choosers(known, selection, SLOTS)
    rows = ask_text(text)
    return make_response(
        render_template(
            "guided/guided.html",
            what=what,
            whats=WHATS.values(),
            slots={chooser.name: chooser for chooser in lists},
            chosen=chosen_words(lists),
            asked=bool(request.args.keys() - {"lang"}),
            rows=_shown(rows[:SHOWN]),
            total=len(rows),
            most=SHOWN,
            query=text,
            address=behind(text),
            action=url_for("guided.page"),
            taken=taken,
        )
    )


def _what(name: str) -> What:
    found = WHATS.get(name or "initiatives")
    if found is None:
        raise WrongUse(
            "'{what}' is not what the sentence can look for. There are: {known}.",
            what=name[:40],
            known=", ".join(WHATS),
        )
    return found


def _patterns(known: Held, selection: Selection) -> Iterable[str]:
    """One line of SPARQL for each slot that is filled in."""
    for slot, values in selection.chosen.items():
        path = _PATTERNS[slot]
        terms = [known.terms[slot][value] for value in sorted(values) if value != NONE]
        lacks = f"MINUS {{ ?initiative {path.partition('/')[0]} ?{slot}Any }}"
        if not terms:
            yield lacks
        elif len(terms) == 1:
            # Written by pyoxigraph: a term cannot end the pattern that it stands in.
            yield f"?initiative {path} {terms[0]} ."
        else:
            yield f"VALUES ?{slot} {{ {' '.join(map(str, terms))} }}"
            yield f"?initiative {path} ?{slot} ."


def _text(name: str, patterns: Iterable[str]) -> str:
    """A query with the patterns in their place, and only the prefixes that it uses."""
    lines = "\n".join(f"  {pattern}" for pattern in patterns)
    text = text_of(name).replace(_PLACE + "\n", f"{lines}\n" if lines else "")
    head, body = text[: text.index("\n\n")], text[text.index("\n\n") :]
    kept = [
        line
        for line in head.splitlines()
        if not line.startswith("PREFIX") or line.split()[1] in body
    ]
    return "\n".join(kept) + body


def _shown(rows: list[Row]) -> list[tuple[Shown, Shown | None, Shown | None, str]]:
    """Initiative, organisation, stage and year of what is known, for the page."""
    names = ("initiative", "organisation", "stage")
    terms: list[Term] = [row[name] for row in rows for name in names if name in row]
    labels = shown_all(terms)

    def one(row: Row, name: str) -> Shown | None:
        return labels[row[name].value] if name in row else None

    return [
        (
            one(row, "initiative") or shown(NamedNode(row["initiative"].value), {}),
            one(row, "organisation"),
            one(row, "stage"),
            row["asOf"].value[:4] if "asOf" in row else "",
        )
        for row in rows
    ]
