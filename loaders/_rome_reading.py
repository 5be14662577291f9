"""What the files of ROME say, as SKOS: lists of concepts, and the links between them."""

from collections import defaultdict
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from loaders._rome_files import TABLES, Files
from pesai.loading.records import Records, read_records
from pesai.loading.sink import Sink
from pesai.loading.tally import Tally
from pesai.namespaces import CODE, DCTERMS, OWL, RDF, SKOS

__all__ = ["LICENCE", "Reading"]

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"

_SCHEME = CODE["rome"]
_PARTS = {
    "domain": ("domains", "domaines"),
    "card": ("job cards", "fiches métiers"),
    "title": ("job titles", "appellations"),
    "skill": ("skills", "compétences"),
    "macro-skill": ("groups of skills", "macro-compétences"),
    "knowledge": ("knowledge", "savoirs"),
    "context": ("contexts of work", "contextes de travail"),
}
"""Lists of ROME; each is a concept scheme beside the one of all."""
_TEXTS = {"definition": SKOS.definition, "acces_metier": SKOS.note}


class Reading:
    """The reading of one version."""

    def __init__(self, found: Files, sink: Sink, version: str) -> None:
        self.found, self.sink, self.version = found, sink, version
        self.kinds: dict[str, str] = {}
        self.rows: dict[str, tuple[str, int]] = {}
        self.made: dict[str, NamedNode] = {}

    def run(self) -> None:
        """All tables, each after those whose codes it names."""
        self._schemes()
        self._domains()
        self._cards()
        self._titles()
        self._skills()
        self._texts()
        self._links()
        self._moves()
        self._sectors()

    def node(self, code: str) -> NamedNode:
        """The IRI of a code."""
        made = self.made.get(code)
        if made is None:
            made = self.made[code] = NamedNode(f"{CODE.iri}rome/{quote(code, safe='')}")
        return made

    def records(self, table: str) -> tuple[Records, Tally] | None:
        """The rows of a table, if it is there."""
        member = self.found.tables.get(table)
        if member is None:
            return None
        layout = TABLES[table]
        records = read_records(
            member.origin, member.read(), self.sink, layout.needed, layout.optional,
            fallback="latin-1",
        )  # fmt: skip
        return None if records is None else (records, Tally(self.sink, member.origin))

    def concept(  # noqa: PLR0917 - a row and what it says
        self, tally: Tally, row: int, code: str, label: str, part: str, broader: str = ""
    ) -> NamedNode | None:
        """A concept of one of the lists; nothing when its code is empty or taken."""
        if not code or not label:
            message = "the code is missing" if not code else "the label is missing"
            tally.skip(message, row, value=label or code, expected="a text; no merged cell")
            return None
        if code in self.rows:
            file, before = self.rows[code]
            tally.skip(
                f"the code is also in row {before} of {file}", row, value=code,
                expected="each code once",
            )  # fmt: skip
            return None
        self.rows[code] = (tally.file, row)
        self.kinds[code] = part
        node, add = self.node(code), self.sink.add
        add(node, RDF.type, SKOS.Concept)
        add(node, SKOS.inScheme, _SCHEME)
        add(node, SKOS.inScheme, CODE[f"rome-{part}"])
        add(node, SKOS.notation, Literal(code))
        add(node, SKOS.prefLabel, Literal(label, language="fr"))
        if broader:
            add(node, SKOS.broader, self.node(broader))
        return node

    def _schemes(self) -> None:
        named = {"": ("", ""), **{f"-{part}": names for part, names in _PARTS.items()}}
        for part, (english, french) in named.items():
            scheme = CODE[f"rome{part}"]
            self.sink.add(scheme, RDF.type, SKOS.ConceptScheme)
            self.sink.text(scheme, SKOS.prefLabel, f"ROME, {english}".strip(" ,"), "en")
            self.sink.text(scheme, SKOS.prefLabel, f"ROME, {french}".strip(" ,"), "fr")
            self.sink.text(scheme, OWL.versionInfo, self.version)
            self.sink.add(scheme, DCTERMS.license, NamedNode(LICENCE))

    def _domains(self) -> None:
        for table, width in (("grand_domaine", 1), ("domaine_professionnel", 3)):
            found = self.records(table)
            if found is None:
                continue
            records, tally = found
            for row, code, label in records.pick(*TABLES[table].needed):
                above = code[:1] if width > 1 else ""
                node = self.concept(tally, row, code.strip(), label.strip(), "domain", above)
                if node is not None and not above:
                    self.sink.add(node, SKOS.topConceptOf, _SCHEME)
                    self.sink.add(_SCHEME, SKOS.hasTopConcept, node)
            tally.report()

    def _cards(self) -> None:
        found = self.records("referentiel_code_rome")
        if found is None:
            return
        records, tally = found
        for row, code, label, ogr in records.pick("code_rome", "libelle_rome", "code_ogr"):
            card = self.concept(tally, row, code.strip(), label.strip(), "card", code[:3])
            if card is not None:
                self.sink.text(card, DCTERMS.identifier, ogr.strip())
                self._refer(tally, row, "code_rome", code[:3])
        tally.report()

    def _titles(self) -> None:
        found = self.records("referentiel_appellation")
        if found is None:
            return
        records, tally = found
        for row, ogr, label, short, card in records.pick(
            "code_ogr", "libelle_appellation_long", "libelle_appellation_court", "code_rome"
        ):
            title = self.concept(tally, row, ogr.strip(), label.strip(), "title", card.strip())
            if title is not None:
                if short.strip() != label.strip():
                    self.sink.text(title, SKOS.altLabel, short.strip(), "fr")
                self._refer(tally, row, "code_rome", card.strip())
        tally.report()

    def _skills(self) -> None:
        found = self.records("referentiel_competence")
        if found is not None:
            records, tally = found
            for row, ogr, label, nature, about, macro, code in records.pick(
                "code_ogr", "libelle_competence", "nature", "definition", "code_ogr_macro_comp",
                "code_macro_comp",
            ):  # fmt: skip
                part = "macro-skill" if nature.startswith("Macro") else "skill"
                skill = self.concept(tally, row, ogr.strip(), label.strip(), part, macro.strip())
                if skill is not None:
                    self.sink.text(skill, SKOS.definition, about.strip(), "fr")
                    self.sink.text(skill, DCTERMS.identifier, code.strip())
            for row, macro in records.pick("code_ogr_macro_comp"):
                if macro:
                    self._refer(tally, row, "code_ogr_macro_comp", macro.strip())
            tally.report()
        for table, part, *columns in (
            ("referentiel_savoir", "knowledge", "categorie_savoir", "sous_categorie_savoir"),
            ("referentiel_contexte_travail", "context", "libelle_type_cont_trav"),
        ):
            self._plain(table, part, columns)

    def _plain(self, table: str, part: str, columns: list[str]) -> None:
        """A list without hierarchy; its categories are told in a note."""
        found = self.records(table)
        if found is None:
            return
        records, tally = found
        for row, ogr, label, *kinds in records.pick(*TABLES[table].needed, *columns):
            concept = self.concept(tally, row, ogr.strip(), label.strip(), part)
            if concept is not None:
                note = " > ".join(kind.strip() for kind in kinds if kind.strip())
                self.sink.text(concept, SKOS.note, note, "fr")
        tally.report()

    def _texts(self) -> None:
        found = self.records("texte")
        if found is None:
            return
        records, tally = found
        sentences: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        for row, card, kind, place, text in records.pick(
            "code_rome", "libelle_type_texte", "position_phrase", "libelle_texte"
        ):
            if kind not in _TEXTS or not place.strip().isdigit():
                message = "is no sentence of a known kind with its place"
                tally.skip(message, row, value=f"{kind} {place}", expected=", ".join(_TEXTS))
                continue
            if "''" in text:
                tally.add(
                    "note", "apostrophes are doubled", row, value=text, expected="kept as published"
                )
            sentences[card, kind].append((int(place), text.strip()))
            self._refer(tally, row, "code_rome", card)
        for (card, kind), parts in sentences.items():
            whole = " ".join(text for _, text in sorted(parts))
            self.sink.text(self.node(card), _TEXTS[kind], whole, "fr")
        tally.report()

    def _links(self) -> None:
        """Skills, knowledge and contexts of the job cards."""
        self._pairs("coherence_item", "code_rome", "code_ogr")

    def _moves(self) -> None:
        """From one job card to another that is near."""
        self._pairs("rubrique_mobilite", "code_rome", "code_rome_cible")

    def _pairs(self, table: str, one: str, other: str) -> None:
        found = self.records(table)
        if found is None:
            return
        records, tally = found
        add, related = self.sink.add, SKOS.related
        for row, left, right in records.pick(one, other):
            if not left or not right:
                tally.skip("a code is missing", row, expected="two codes; no merged cell")
                continue
            self._refer(tally, row, one, left)
            self._refer(tally, row, other, right)
            add(self.node(left), related, self.node(right))
        tally.report()

    def _sectors(self) -> None:
        """Sectors of activity (NAF), with the codes as they were published."""
        found = self.records("arborescence_secteur_naf")
        if found is None:
            return
        records, tally = found
        made: set[str] = set()
        scheme = CODE["naf"]
        self.sink.add(scheme, RDF.type, SKOS.ConceptScheme)
        for row, code, label, card in records.pick(*TABLES["arborescence_secteur_naf"].needed):
            if len(code) == 1 and code != "0":
                tally.add(
                    "warning", "the code has lost its leading zero", row, column="code_secteur_naf",
                    value=code, expected=f"0{code}; kept as published",
                )  # fmt: skip
            sector = NamedNode(f"{CODE.iri}naf/{quote(code, safe='')}")
            if code not in made:
                made.add(code)
                self.sink.add(sector, RDF.type, SKOS.Concept)
                self.sink.add(sector, SKOS.inScheme, scheme)
                self.sink.add(sector, SKOS.notation, Literal(code))
                self.sink.text(sector, SKOS.prefLabel, label.strip(), "fr")
            self._refer(tally, row, "code_rome", card)
            self.sink.add(self.node(card), SKOS.related, sector)
        tally.report()

    def _refer(self, tally: Tally, row: int, column: str, code: str) -> None:
        """A code must be that of a concept; the link is kept as published when it is not."""
        if code not in self.kinds:
            tally.add(
                "warning", "is in no list of ROME", row, column=column, value=code,
                expected="a code; kept as published",
            )  # fmt: skip
