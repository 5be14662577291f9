"""The list that a person gives to the bench, and the table of proposals that comes back."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile
from pathlib import Path

from pesai.alignment.ranking import Proposal, Reason
from pesai.errors import InputProblem
from pesai.loading.grid import read_csv
from pesai.loading.near import nearest
from pesai.loading.review import COLUMN as REVIEW
from pesai.loading.review import GUARD
from pesai.loading.sheets import SPREADSHEETS, read_sheet
from pesai.loading.sink import Sink
from pesai.loading.table import rows_of
from pesai.namespaces import Base, slug

__all__ = ["Asked", "Set", "is_unmarked", "read_list", "write"]

_COLUMNS = (
    REVIEW, "subject_label", "object_label", "comment", "similarity_score", "subject_id",
    "predicate_id", "object_id", "mapping_justification",
)  # fmt: skip
_JUSTIFIED = {
    Reason.EXACT: "LexicalMatching",
    Reason.ALTERNATIVE: "LexicalMatching",
    Reason.CROSSWALK: "MappingChaining",
    Reason.LEXICAL: "LexicalSimilarityThresholdMatching",
}
_TOLD = {
    "en": {
        Reason.EXACT: "exact: it is called so",
        Reason.ALTERNATIVE: "alternative label: {label}",
        Reason.CROSSWALK: "through a crosswalk, from: {through}",
        Reason.LEXICAL: "lexical: {label}",
    },
    "fr": {
        Reason.EXACT: "exact : c’est son nom",
        Reason.ALTERNATIVE: "autre libellé : {label}",
        Reason.CROSSWALK: "par une table de correspondance, depuis : {through}",
        Reason.LEXICAL: "lexical : {label}",
    },
}
"""Why a concept is proposed, for whoever goes through the rows."""
_HELP = """\
# PROPOSALS. In the column 'review' of each row that is right, say what the proposed concept is
# to your term: exact, close, broad (it is wider), narrow (it is narrower), related; or no.
# Rows without a mark are never loaded. Then: pesai load sssom THIS-FILE
# PROPOSITIONS. Dans la colonne « review » de chaque ligne juste, dites ce que le concept proposé
# est pour votre terme : exacte, proche, large (il est plus large), étroite (il est plus étroit),
# associée ; ou non. Les lignes sans marque ne sont jamais chargées."""


@dataclass(frozen=True)
class Asked:
    """A row of the list: its text, and the IRI that stands for it."""

    iri: str
    text: str


@dataclass(frozen=True)
class Set:
    """What the table of proposals says of itself.

    Attributes:
        name: of the list.
        iri: of the set of mappings.
        language: of the texts, and of the reasons.
        scheme: IRI of the class or concept scheme.
        version: of the scheme, when it is known.
    """

    name: str
    iri: str
    language: str
    scheme: str
    version: str


def read_list(path: Path, column: str, sink: Sink, base: Base, code: str = "") -> list[Asked]:
    """The different texts of a column, in their order.

    Args:
        path: a CSV file (UTF-8, commas) or a spreadsheet.
        column: the column of the texts.
        sink: takes what is wrong with the file.
        base: makes the IRIs of the rows.
        code: the column with the row's own code or IRI; without it the text is taken.

    Raises:
        InputProblem: there is no such column, or nothing in it; those that there are are told.
    """
    grid = read_sheet(path, sink) if path.suffix.lower() in SPREADSHEETS else read_csv(path, sink)
    if grid is None or not grid.rows:
        raise InputProblem("{file} holds nothing that can be read", file=path.name)
    there = [name for cell in grid.rows[0].cells if (name := cell.strip())]
    wanted = [name for name in (column, code) if name]
    for name in wanted:
        if name not in there:
            near = nearest(name, there)
            raise InputProblem(
                "{file} has no column '{column}'{meant} It has: {there}",
                file=path.name,
                column=name,
                meant=f"; did you mean '{near}'?" if near else ".",
                there=", ".join(there),
            )
    found: dict[str, Asked] = {}
    for row in rows_of(grid, wanted, sink, optional=[name for name in there if name not in wanted]):
        if row.fault:
            sink.report("error", row.fault, place=row.place)
        elif text := " ".join(row[column].split()):
            iri = _iri(row[code] if code else text, path, base)
            found.setdefault(iri, Asked(iri, text))
    if not found:
        raise InputProblem(
            "the column '{column}' of {file} is empty", column=column, file=path.name
        )
    return list(found.values())


def _iri(value: str, path: Path, base: Base) -> str:
    """The row's own IRI, or one of the file and the value: C, C# and C++ are three."""
    if value.startswith(("http://", "https://")):
        return value
    digest = sha256(value.encode()).hexdigest()[:8]
    return base.thing("term", f"{slug(path.stem)}-{slug(value)[:60]}-{digest}").value


def write(path: Path, about: Set, rows: Iterable[tuple[Asked, list[Proposal]]]) -> None:
    """The table of proposals in SSSOM/TSV: head in YAML, a row for each proposal, none marked.

    The predicate stays empty until a person decides, so that no program takes a row for a mapping.
    """
    listed = list(rows)
    ends = [one.concept.iri for _, found in listed for one in found]
    prefixes = {"term": _start([asked.iri for asked, _ in listed]), "concept": _start(ends)}
    with path.open("w", encoding="utf-8", newline="") as out:
        out.writelines(f"#{line}\n" for line in _head(about, prefixes))
        table = csv.writer(out, delimiter="\t", lineterminator="\n")
        table.writerow(_COLUMNS)
        for asked, found in listed:
            table.writerows(_rows(asked, found, about.language, prefixes))


def is_unmarked(path: Path) -> bool:
    """Whether a file is a table of proposals as ``write`` left it. If in doubt, it is not."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return rows[:1] == [list(_COLUMNS)] and not any(row[0].strip() for row in rows[1:])


def _head(about: Set, prefixes: dict[str, str]) -> Iterator[str]:
    yield from _HELP.splitlines()
    yield f"mapping_set_id: {about.iri}"
    yield f'mapping_set_title: "{slug(about.name)}"'
    yield "license: https://w3id.org/sssom/license/unspecified"
    yield f"object_source: {about.scheme}"
    if about.version:
        yield f'object_source_version: "{about.version}"'
    yield "extension_definitions:"
    yield f"  - slot_name: {REVIEW}"
    yield "    type_hint: http://www.w3.org/2001/XMLSchema#string"
    yield "curie_map:"
    yield "  semapv: https://w3id.org/semapv/vocab/"
    yield from (f"  {name}: {start}" for name, start in prefixes.items() if start)


def _rows(
    asked: Asked, found: list[Proposal], language: str, prefixes: dict[str, str]
) -> Iterator[tuple[str, ...]]:
    told = _TOLD.get(language, _TOLD["en"])
    for one in found:
        yield (
            "",
            _guarded(asked.text),
            _guarded(one.concept.name),
            told[one.reason].format(label=one.label, through=one.through),
            f"{one.score:.3f}",
            _short(asked.iri, "term", prefixes),
            "",
            _short(one.concept.iri, "concept", prefixes),
            f"semapv:{_JUSTIFIED[one.reason]}",
        )


def _start(iris: list[str]) -> str:
    """What all the IRIs begin with, up to a slash or a hash."""
    first, last = min(iris, default=""), max(iris, default="")
    pairs = zip(first, last, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return first[: max(first.rfind("/", 0, same), first.rfind("#", 0, same)) + 1]


def _short(iri: str, prefix: str, prefixes: dict[str, str]) -> str:
    start = prefixes[prefix]
    return f"{prefix}:{iri.removeprefix(start)}" if start.count("/") > 2 else iri


def _guarded(text: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    return GUARD + text if text[:1] in {"=", "+", "-", "@"} else text
