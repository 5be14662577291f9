"""The files of ROME: their names, whatever the version in them, and their columns."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from loaders._tables import Layout
from pesai.loading.bundle import Member

__all__ = ["NEEDED", "TABLES", "Files", "files", "version_of"]

_FILE = re.compile(
    r"unix_(?P<stem>[a-z_]+?)(?:_v(?P<version>\d+))?(?:_utf8|_iso\w*)?\.csv", re.IGNORECASE
)
_SHORT = re.compile(r"(?:^|rome|v)[-_ ]?(\d)\.?(\d{2})(?!\d)", re.IGNORECASE)


TABLES = {
    "grand_domaine": Layout(
        ("code_grand_domaine", "libelle_grand_domaine"), (), "it holds the main domains"
    ),
    "domaine_professionnel": Layout(
        ("code_domaine_professionnel", "libelle_domaine_professionnel"), (), "it holds the domains"
    ),
    "referentiel_code_rome": Layout(
        ("code_rome", "libelle_rome"),
        ("code_fiche_metier", "code_ogr", "transition_eco", "transition_num", "transition_demo",
         "emploi_reglemente", "emploi_cadre", "code_rome_parent"),
        "it holds the job cards",
    ),
    "referentiel_appellation": Layout(
        ("code_ogr", "libelle_appellation_long", "code_rome"),
        ("libelle_appellation_court", "transition_eco", "transition_num", "transition_demo",
         "emploi_reglemente", "emploi_cadre", "classification", "origine", "code_rome_parent",
         "peu_usite", "code_fiche_metier", "code_type_section_appellation",
         "libelle_type_section_appellation", "statut"),
        "it holds the job titles",
    ),
    "referentiel_competence": Layout(
        ("code_ogr", "libelle_competence"),
        ("nature", "definition", "code_ogr_macro_comp", "code_macro_comp", "cat_comp",
         "sous_cat_comp", "transition_eco", "transition_num", "libelle_heterogeneite",
         "libelle_origine"),
        "it holds the skills",
    ),
    "referentiel_savoir": Layout(
        ("code_ogr_savoir", "libelle_savoir"),
        ("categorie_savoir", "sous_categorie_savoir", "transition_eco", "transition_num"),
        "it holds the knowledge",
    ),
    "referentiel_contexte_travail": Layout(
        ("code_ogr", "libelle_cont_travail"), ("code_type_cont_trav", "libelle_type_cont_trav"),
        "it holds the contexts of work",
    ),
    "texte": Layout(
        ("code_rome", "libelle_type_texte", "position_phrase", "libelle_texte"),
        ("code_compo_bloc",),
        "it holds the definitions of the job cards",
    ),
    "coherence_item": Layout(
        ("code_rome", "code_ogr"), ("coeur_metier",), "it links job cards to skills"
    ),
    "rubrique_mobilite": Layout(
        ("code_rome", "code_rome_cible"), ("numero_ordre",), "it holds moves between job cards"
    ),
    "arborescence_secteur_naf": Layout(
        ("code_secteur_naf", "libelle_secteur_naf", "code_rome"), ("code_ogr_rome", "libelle_rome"),
        "it links job cards to sectors of activity",
    ),
}  # fmt: skip
NEEDED = tuple(name for name in TABLES if name != "arborescence_secteur_naf")
"""Without one of these the graph lacks something that people will look for."""


@dataclass
class Files:
    """The tables of a source by name, other files, and copies that are left out."""

    tables: dict[str, Member]
    others: list[Member]
    copies: list[tuple[Member, Member]]
    versions: set[str]


def files(members: Iterable[Member]) -> Files:
    """Sort the files of a source. Of two with one name, the one that lies higher up is taken."""
    found = Files({}, [], [], set())
    for member in sorted(members, key=lambda member: (member.depth, member.path)):
        match = _FILE.fullmatch(member.name)
        if not match:
            found.others.append(member)
            continue
        stem = match["stem"].lower()
        if match["version"]:
            found.versions.add(match["version"])
        if stem not in TABLES:
            found.others.append(member)
        elif stem in found.tables:
            found.copies.append((found.tables[stem], member))
        else:
            found.tables[stem] = member
    return found


def version_of(text: str) -> str:
    """The version that a name or the release note speaks of: ``4.60`` for version 60 of ROME 4.0.

    >>> version_of("rome-4.60.tar.gz"), version_of("RefRomeCsv_v460.zip"), version_of("4.61-test")
    ('4.60', '4.60', '4.61')
    """
    short = _SHORT.search(text)
    if short:
        return f"{short[1]}.{short[2]}"
    return ""
