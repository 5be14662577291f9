"""Classifications that initiatives name in words, and the codes they stand for."""

import csv
from functools import cache

from pyoxigraph import NamedNode

from pesai.loading.codes import codes
from pesai.loading.near import nearest
from pesai.loading.reading import Record
from pesai.namespaces import PAI
from pesai.resources import files

__all__ = ["named", "taxonomies"]


@cache
def named() -> dict[str, NamedNode]:
    """The table ``data/taxonomies_named.csv``: words to code."""
    path = files("data") / "taxonomies_named.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["words"]: codes("taxonomy")[row["code"]] for row in csv.DictReader(handle)}


def taxonomies(row: Record, column: str) -> None:
    """The words as given, and the classification that they name, used or planned."""
    for words in row.texts(column, "en"):
        row.say(PAI.taxonomyNamed, words)
        code = named().get(words.value)
        planned = "planned" in words.value
        row.say(PAI.plansTaxonomy if planned else PAI.usesTaxonomy, code)
        if code is None and words.value:
            near = nearest(words.value, named())
            row.complain(
                column, "is kept in words only", value=words.value, severity="note",
                expected=f"did you mean '{near}'?" if near else "a line in taxonomies_named.csv",
            )  # fmt: skip
