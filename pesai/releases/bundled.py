"""What ships with the program: the one list of sources that ``pesai build`` loads.

The order is that of reference: a source comes after those whose things it names.
"""

from pathlib import Path

from pesai.loading.loader import Source
from pesai.resources import files

__all__ = ["bundled", "kind_of"]

NAME = "observatory"
"""Name of the graphs of the observatory's own data."""

RDF_ENDINGS = frozenset((".ttl", ".nt", ".nq", ".trig", ".rdf", ".jsonld"))

_TABLES = (
    ("organisations", "organisations.csv"),
    ("members", "survey_members.csv"),
    ("initiatives", "initiatives.csv"),
    ("outcomes", "outcomes.csv"),
    ("findings", "findings.csv"),
)


def bundled() -> tuple[Source, ...]:
    """Every source that ships with the program, in the order of loading."""
    ontology, data = files("ontology"), files("data")
    return (
        Source("ontology", "pes-ai", (ontology / "pes-ai.ttl", *_all(ontology / "modules"))),
        Source("ontology", "codes", _all(ontology / "codes")),
        Source("ontology", "imports", _all(ontology / "imports")),
        *(Source(kind, NAME, (data / file,)) for kind, file in _TABLES),
        Source("consultation", "pole-emploi-2020", _all(data, "consultation_*.csv")),
        Source("positions", NAME, (data / "positions.csv",)),
        *(
            Source("sssom", path.name.removesuffix(".sssom.tsv"), (path,))
            for path in _all(ontology / "alignments", "*.sssom.tsv")
        ),
    )


def kind_of(path: Path) -> str | None:
    """The kind of source of a file that is named as those that ship with the program."""
    if path.suffix in RDF_ENDINGS:
        return "rdf"
    for source in bundled():
        names = {file.name for file in source.paths}
        if source.kind != "ontology" and path.name in names:
            return source.kind
    return "sssom" if path.name.endswith(".sssom.tsv") else None


def _all(folder: Path, pattern: str = "*.ttl") -> tuple[Path, ...]:
    return tuple(sorted(folder.glob(pattern)))
