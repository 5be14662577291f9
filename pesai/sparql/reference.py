"""``docs/reference/queries.md``, made from the catalogue: ``python -m pesai.sparql.reference``."""

import sys

from pesai.sparql.catalogue import Area, Catalogue, Parameter, StoredQuery

__all__ = ["main", "page"]

_HEAD = """\
# Stored queries

<!-- Made by `python -m pesai.sparql.reference > docs/reference/queries.md`. A test checks it. -->

Every query is one file, `queries/{area}/{name}.rq`, and is run at `/queries/{area}/{name}` or by
`pesai query {name}`. It can be pasted into any SPARQL client as it is: a parameter that is not
given leaves its variable free, and texts are then in English.

A file begins with a header of `#+` lines, which hold TOML:

| key | what |
|---|---|
| `title.en`, `title.fr` | the question |
| `description.en`, `description.fr` | what to know about the answer |
| `tags` | words to find it by |
| `least`, `on` | least number of rows, on the data `bundled` (default) or the fictional `example` |
| `cq` | number of the competency question of the ontology that it answers |
| `[parameters.{name}]` | `type`, `label.en`, `label.fr`, and `default`, `required`, `language` |

| type of a parameter | a value | becomes |
|---|---|---|
| `iri` | an http or https address | the IRI |
| `code:{scheme}` | a code such as `matching` | the code's IRI |
| `organisation` | an id such as `france-travail` | the IRI of the organisation on this node |
| `country` | `FR`, `FRA` | the IRI of the EU country table |
| `text` | any text | a literal, with the `language` of the parameter if it has one |
| `language` | a tag such as `fr` | a plain literal in lower case |
| `integer`, `year`, `boolean` | `12`, `2024`, `true` | `xsd:integer`, `xsd:gYear`, `xsd:boolean` |

Where a type names things, their full addresses are taken as well. A value never becomes part of
the text of a query: it is bound as a term, or refused with a message.
"""


def page() -> str:
    """The whole page, in Markdown."""
    catalogue = Catalogue.read()
    count = f"There are {len(list(catalogue))} queries.\n"
    return "\n".join([_HEAD, count, *(_area(area) for area in catalogue.areas())])


def _area(area: Area) -> str:
    head = f"## {area.titles['en']} (`{area.name}`)\n\n| query | question | parameters | rows |\n"
    return head + "|---|---|---|---|\n" + "".join(_row(query) for query in area.queries)


def _row(query: StoredQuery) -> str:
    number = f" (CQ{query.cq:02})" if query.cq else ""
    rows = f"{query.least}+" + (" (example)" if query.on == "example" else "")
    parameters = ", ".join(_parameter(parameter) for parameter in query.parameters)
    question = f"{query.titles['en']}{number}<br>*{query.titles['fr']}*"
    return f"| `{query.name}` | {question} | {parameters} | {rows} |\n"


def _parameter(parameter: Parameter) -> str:
    value = f" = `{parameter.default}`" if parameter.default else ""
    return f"`{parameter.name}` ({parameter.type}){value}{', required' * parameter.required}"


def main() -> None:
    """Write the page to the output."""
    sys.stdout.write(page())


if __name__ == "__main__":
    main()
