"""ROME: France Travail's directory of occupations, as its open data CSV files.

ROME has no web identifiers of its own. Its codes stand behind ``https://w3id.org/pes-ai/code/rome/``,
the same for everybody: ``M1405`` a job card, ``38972`` a title, ``100023`` a skill (the OGR numbers
of titles, skills, knowledge and contexts never overlap).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from loaders._rome_files import NEEDED, TABLES, Files, files, version_of
from loaders._rome_reading import LICENCE, Reading
from pesai.errors import InputProblem
from pesai.loading.bundle import bundle
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Description, Source
from pesai.loading.records import bulk
from pesai.loading.sink import Sink

__all__ = ["RomeLoader"]

_HOMEPAGE = "https://www.francetravail.org/opendata/repertoire-operationnel-des-meti.html"


class RomeLoader:
    """Domains, job cards and titles; skills, knowledge and contexts with their cards; moves."""

    kind: ClassVar[str] = "rome"
    classification: ClassVar[bool] = True

    def name(self, paths: Iterable[Path]) -> str:
        """What the graph is called when nobody says: the version."""
        found = tuple(paths)
        folders = (version_of(path.parent.name) for path in found)
        return _version(Source("rome", "", found)) or next(filter(None, folders), "")

    def describe(self, source: Source) -> Description:
        """What the source is."""
        version = _version(source)
        return Description(
            title_en=f"ROME {version}".strip(),
            title_fr=f"ROME {version}".strip(),
            version=version,
            licence=LICENCE,
            attribution="ROME, France Travail",
            homepage=_HOMEPAGE,
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:  # noqa: ARG002
        """Read the files into the sink.

        Raises:
            InputProblem: there is no file of ROME, or there are two versions of it.
        """
        with bundle(source.paths) as members, bulk():
            found = files(members)
            if not found.tables:
                names = ", ".join(sorted(member.name for member in members)[:5])
                raise InputProblem(
                    "there is no file of ROME among {names}: the CSV files of France Travail are "
                    "called unix_referentiel_code_rome_v460_utf8.csv and so on",
                    names=names or "no files at all",
                )
            _one_version(found, source)
            _tell(found, source, sink)
            Reading(found, sink, _version(source)).run()


def _version(source: Source) -> str:
    """What the name of the graph says, or that of a file, or of a file in an archive."""
    names = [source.name, *(path.name for path in source.paths)]
    found = next(filter(None, map(version_of, names)), "")
    if not found:
        with bundle(source.paths) as members:
            found = next(filter(None, (version_of(member.name) for member in members)), "")
    return found


def _one_version(found: Files, source: Source) -> None:
    said = version_of(source.name)
    versions = found.versions | ({said.replace(".", "")} if said else set())
    if len(versions) > 1:
        raise InputProblem(
            "the files are of version {versions}, and the graph is called {name}: load each "
            "version by itself, under its own name",
            versions=" and ".join(sorted(found.versions)),
            name=source.name,
        )


def _tell(found: Files, source: Source, sink: Sink) -> None:
    for kept, copy in found.copies:
        same = "the same" if kept.read() == copy.read() else "another"
        sink.report(
            "warning", f"stands twice, with {same} content: {copy.path} is left out",
            place=Place(kept.origin), expected="each file once",
        )  # fmt: skip
    if found.others:
        names = ", ".join(sorted(member.name for member in found.others))
        place = Place(source.paths[0].name)
        sink.report("note", f"{len(found.others)} files are not read", place=place, value=names)
    for table in NEEDED:
        if table not in found.tables:
            message = f"there is no file unix_{table}_v….csv: {TABLES[table].use}"
            sink.report(
                "warning", message, place=Place(source.paths[0].name), expected="load it too"
            )
