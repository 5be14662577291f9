"""Matches as a derived step: for each reader, from what he may read."""

from collections.abc import Iterator
from typing import ClassVar

from pesai.exchange.facts import gather, relevant
from pesai.exchange.matching import Match, matches
from pesai.exchange.table import fingerprint
from pesai.loading.canonical import Lines
from pesai.namespaces import CODE, PAI, PROV, RDF, XSD
from pesai.releases.steps import StepContext, StepResult

__all__ = ["MatchStep", "lines_of"]

_ELSEWHERE = frozenset(
    ("aiwatch", "crosswalk", "derived", "esco", "isco", "m49", "nace", "onet", "rome", "sssom")
)
"""Kinds of graphs that say nothing of organisations: loading ESCO computes no match anew."""

_TYPE, _INTEGER = str(RDF.type), str(XSD.integer)
_MATCH, _REASON = str(PAI.Match), str(PAI.Reason)
_SEEKER, _PROVIDER, _THEME = str(PAI.matchSeeker), str(PAI.matchProvider), str(PAI.hasTheme)
_GROUND, _KIND, _POINTS = str(PAI.matchKind), str(PAI.reasonKind), str(PAI.points)
_HAS, _FROM = str(PAI.hasReason), str(PROV.wasDerivedFrom)


class MatchStep:
    """Writes ``{base}graph/derived/matches``: every match, its reasons, and what they rest on."""

    name: ClassVar[str] = "matches"
    version: ClassVar[str] = f"1-{fingerprint()}"
    after: ClassVar[tuple[str, ...]] = ()

    def reads(self, kind: str, iri: str) -> bool:  # noqa: ARG002
        """Every graph that may speak of organisations, and the code lists."""
        return kind not in _ELSEWHERE

    def run(self, context: StepContext) -> StepResult:
        """Derive."""
        facts = gather(relevant(context.store, context.inputs))
        found = lines_of(matches(facts, context.base))
        graph = context.base.graph("derived", "matches").value
        return StepResult({graph: found} if found else {})


def lines_of(found: Iterator[Match]) -> Lines:
    """Matches as canonical lines.

    Written as text: every IRI comes out of a store or is made by ``Base``, and a triple as an
    object would cost ten times as much.
    """
    lines: set[str] = set()
    told: set[str] = set()
    for match in found:
        lines.update(_about(match))
        for reason in match.reasons:
            if reason.iri not in told:
                told.add(reason.iri)
                own = f"<{reason.iri}> "
                lines.add(f"{own}{_TYPE} {_REASON} .")
                lines.add(f"{own}{_KIND} {CODE[f'match-reason/{reason.kind}']} .")
                lines.add(f'{own}{_POINTS} "{reason.points}"^^{_INTEGER} .')
                lines.update(f"{own}{_FROM} <{one}> ." for one in reason.statements)
    return tuple(sorted(lines))


def _about(match: Match) -> Iterator[str]:
    own = f"<{match.iri}> "
    yield f"{own}{_TYPE} {_MATCH} ."
    yield f"{own}{_SEEKER} <{match.seeker}> ."
    yield f"{own}{_PROVIDER} <{match.provider}> ."
    yield f"{own}{_THEME} <{match.theme}> ."
    yield f"{own}{_GROUND} {CODE[f'match-kind/{match.ground}']} ."
    yield f'{own}{_POINTS} "{match.points}"^^{_INTEGER} .'
    for reason in match.reasons:
        yield f"{own}{_HAS} <{reason.iri}> ."
    for statement in match.statements:
        yield f"{own}{_FROM} <{statement}> ."
