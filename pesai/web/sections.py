"""The three doors of the site, and which pages lie behind each: main menu and section pages."""

from typing import NamedTuple

from flask import Blueprint, abort, current_app, g, render_template, request, url_for
from flask_babel import LazyString, gettext, lazy_gettext

__all__ = [
    "Link",
    "Page",
    "Section",
    "addresses",
    "blueprint",
    "here",
    "links",
    "menu",
    "sections",
    "within",
]

blueprint = Blueprint("sections", __name__)


class Page(NamedTuple):
    """A page of a section: its endpoint, its name in menus, and one sentence about it.

    Attributes:
        given: what its address has after the path.
    """

    endpoint: str
    name: LazyString
    sentence: LazyString
    given: str = ""


class Section(NamedTuple):
    """A door: its address, its name, whom it is for, and its pages in order.

    Attributes:
        also: page groups without an entry in the menu whose pages belong here too.
    """

    slug: str
    name: LazyString
    lead: LazyString
    pages: tuple[Page, ...]
    also: frozenset[str] = frozenset()


class Link(NamedTuple):
    """A link of a menu: where, what it is called, and whether the reader is there."""

    address: str
    name: str
    here: bool
    sentence: str = ""


_SECTIONS = (
    Section(
        "prepare",
        lazy_gettext("Prepare a meeting"),
        lazy_gettext("Who has experience with what you are looking for, and what is known of it."),
        (
            Page(
                "matches.page",
                lazy_gettext("Who could talk to whom"),
                lazy_gettext(
                    "With whom a talk is worth having about a theme, who can inform whom, and for "
                    "which reasons."
                ),
            ),
            Page(
                "compare.page",
                lazy_gettext("Compare"),
                lazy_gettext(
                    "Two to six organisations side by side: in common, only one, who is further "
                    "along."
                ),
            ),
            Page(
                "changes.page",
                lazy_gettext("What changed"),
                lazy_gettext(
                    "What was added, changed and removed since a day, for example your last "
                    "meeting."
                ),
            ),
            Page(
                "queries.index",
                lazy_gettext("Ready-made questions"),
                lazy_gettext(
                    "Questions about initiatives, results, surveys, roles and cooperation: choose "
                    "one, fill in what you look for, read or download the answer."
                ),
            ),
        ),
    ),
    Section(
        "explore",
        lazy_gettext("Explore"),
        lazy_gettext("What services do with artificial intelligence, by country, theme and stage."),
        (
            Page(
                "initiatives.index",
                lazy_gettext("Initiatives"),
                lazy_gettext(
                    "Tools, programmes, partnerships and rules, by theme, stage, country, results "
                    "and nine other criteria."
                ),
            ),
            Page(
                "organisations.index",
                lazy_gettext("Organisations"),
                lazy_gettext("Services and their partners: what they do, seek and offer."),
            ),
            Page(
                "themes.index",
                lazy_gettext("Themes"),
                lazy_gettext("Ethics, staff, governance, data, solutions, labour-market ontology."),
            ),
            Page(
                "findings.index",
                lazy_gettext("Findings"),
                lazy_gettext(
                    "What surveys and reports say, with their own quantities and the passages "
                    "they rest on."
                ),
            ),
            Page(
                "findings.surveys",
                lazy_gettext("Surveys"),
                lazy_gettext("The surveys and reports from which findings were taken."),
            ),
            Page(
                "results.index",
                lazy_gettext("Results"),
                lazy_gettext(
                    "Reported figures: which are measured effects, and which are usage, plans or "
                    "claims."
                ),
            ),
            Page(
                "matrix.page",
                lazy_gettext("Matrix"),
                lazy_gettext(
                    "Organisations by themes: how many initiatives, and how far they have come."
                ),
            ),
            Page(
                "map.page",
                lazy_gettext("Map"),
                lazy_gettext("Where initiatives are documented, with the same as a list."),
            ),
            Page(
                "timeline.page",
                lazy_gettext("Time line"),
                lazy_gettext("When initiatives began, and how recent the knowledge of them is."),
            ),
            Page(
                "guided.page",
                lazy_gettext("Guided search"),
                lazy_gettext("Fill in a sentence; read what it finds, and the query that it is."),
            ),
            Page(
                "quality.page",
                lazy_gettext("Data quality"),
                lazy_gettext("What is documented and what is not, and what should be looked at."),
            ),
            Page(
                "search.page",
                lazy_gettext("Search"),
                lazy_gettext(
                    "Initiatives, services, results, occupations and skills by what they are "
                    "called, in French and English."
                ),
            ),
            Page(
                "concepts.scheme_or_all",
                lazy_gettext("Classifications"),
                lazy_gettext(
                    "Occupations, skills, sectors and countries as trees, with what is linked "
                    "to them."
                ),
            ),
        ),
        also=frozenset({"things"}),
    ),
    Section(
        "research",
        lazy_gettext("For researchers"),
        lazy_gettext("Whole, citable answers: SPARQL, vocabulary, sources and releases."),
        (
            Page(
                "sparql.sparql",
                lazy_gettext("SPARQL"),
                lazy_gettext("Your own queries, by the W3C standard, in every usual format."),
            ),
            Page(
                "vocabulary.ontology",
                lazy_gettext("Vocabulary"),
                lazy_gettext(
                    "What the classes and relations of the graph mean, to read or to load into "
                    "your own tools."
                ),
            ),
            Page(
                "vocabulary.codes",
                lazy_gettext("Code lists"),
                lazy_gettext(
                    "Themes, tasks, stages and other lists that sort what is in the graph, in "
                    "French and English, with what each entry leads to."
                ),
            ),
            Page(
                "vocabulary.alignments",
                lazy_gettext("Alignments"),
                lazy_gettext("Links from our codes to ESCO, ROME and other vocabularies."),
            ),
            Page(
                "graphs.index",
                lazy_gettext("Graphs"),
                lazy_gettext(
                    "Where every statement comes from: files, licences, dates, and the rows that "
                    "were read."
                ),
            ),
            Page(
                "releases.index",
                lazy_gettext("Releases"),
                lazy_gettext("Every state of the data, what changed in it, and its downloads."),
            ),
            Page(
                "journal.page",
                lazy_gettext("Journal of changes"),
                lazy_gettext("Who changed which graph, when and why; also as a feed."),
            ),
            Page(
                "reconcile.service",
                lazy_gettext("Reconciliation"),
                lazy_gettext("Find the identifiers of the names in your tables, in OpenRefine."),
                "?format=html",
            ),
            Page(
                "service.service",
                lazy_gettext("Service"),
                lazy_gettext("Limits, versions, and what the service refuses."),
            ),
        ),
    ),
)
"""The doors. A new page is one entry here; pages that an application does not have are left out."""


@blueprint.route("/<any(prepare, explore, research):slug>")
def section(slug: str) -> str:
    """What lies behind one door."""
    found = next((one for one in _SECTIONS if one.slug == slug), None) or abort(404)
    return render_template("section.html", section=found, pages=links(found))


def sections() -> tuple[Section, ...]:
    """The doors, in order."""
    return _SECTIONS


def links(found: Section) -> list[Link]:
    """The pages of a section that there are."""
    return [
        Link(
            url_for(page.endpoint) + page.given, str(page.name), _is_here(page), str(page.sentence)
        )
        for page in found.pages
        if page.endpoint in current_app.view_functions
    ]


def addresses() -> list[str]:
    """Home, the doors, and all pages behind them."""
    doors = [url_for("sections.section", slug=one.slug) for one in _SECTIONS]
    behind = [link.address for one in _SECTIONS for link in links(one)]
    return [url_for("home.home"), *doors, *dict.fromkeys(behind)]


def here() -> Section | None:
    """The section of this request's page."""
    endpoint = _endpoint()
    if endpoint == "sections.section":
        return next(one for one in _SECTIONS if one.slug == (request.view_args or {})["slug"])
    group = endpoint.partition(".")[0]
    return next((one for one in _SECTIONS if group in one.also or group in _groups(one)), None)


def menu() -> list[Link]:
    """The main menu: home, the doors, and search."""
    now, endpoint = here(), request.endpoint
    doors = [
        Link(url_for("sections.section", slug=one.slug), str(one.name), one is now)
        for one in _SECTIONS
    ]
    home = Link(url_for("home.home"), gettext("Home"), endpoint == "home.home")
    found = Link(url_for("search.page"), gettext("Search"), endpoint == "search.page")
    return [home, *doors, found]


def within(endpoint: str) -> list[tuple[str, str]]:
    """Put this request's page below one of the menu; gives the way there, for its crumbs."""
    g.menu = endpoint
    names = {page.endpoint: page.name for one in _SECTIONS for page in one.pages}
    return [(url_for(endpoint), str(names[endpoint]))]


def _endpoint() -> str:
    """The page of the menu that the reader is at, or below."""
    return str(g.get("menu") or request.endpoint or "")


def _groups(found: Section) -> set[str]:
    return {page.endpoint.partition(".")[0] for page in found.pages}


def _is_here(page: Page) -> bool:
    """Whether this request's page is that one, or one below it.

    A page group with one entry in the menu lends it to all its pages.
    """
    if page.endpoint == _endpoint():
        return True
    group = page.endpoint.partition(".")[0]
    entries = [one.endpoint for each in _SECTIONS for one in each.pages]
    alone = sum(one.partition(".")[0] == group for one in entries) == 1
    return alone and _endpoint().partition(".")[0] == group
