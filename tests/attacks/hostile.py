"""A home full of hostile text, and graphs for others with a canary. QM and QN are fictional."""

from pathlib import Path

from tests.web.conftest import BASE, HOSTILE, literal, put

__all__ = ["ADDRESSES", "CANARY", "PAI", "TEXTS", "fill"]

PAI = "https://w3id.org/pes-ai/def#"
TITLE = "http://purl.org/dc/terms/title"
TEXTS = [*HOSTILE, "\u202eevil\u202c\u2067x", "</title><script>alert(2)</script>", "x" * 100_000]
ADDRESSES = [
    "javascript:alert(1)", "data:text/html,%3Cb%3Ex", "vbscript:x", "http:///x",
    "https://user@evil.example/%22onclick=", "https://w3id.org/pes-ai/id/../../evil",
    "https://w3id.org/pes-ai/id/a/..%2F..%2Fevil", "https://w3id.org/pes-ai//evil.example/x",
]  # fmt: skip
CANARY = "Kanarienvogel"
"""A word that is in graphs for others alone: in their names, triples and things."""


def hostile_lines() -> list[str]:
    """A thing whose every property and neighbour is hostile. QM is a fictional service."""
    thing = BASE.thing("initiative", "qm-hostile")
    lines = [f"{thing} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{PAI}Initiative> ."]
    properties = [
        TITLE, "http://purl.org/dc/terms/description", f"{PAI}technique", f"{PAI}dataUsed",
        "http://www.w3.org/2004/02/skos/core#definition", "https://evil.example/p",
    ]  # fmt: skip
    for name in properties:
        for text in TEXTS:
            lines.append(f"{thing} <{name}> {literal(text)} .")
            lines.append(f"{thing} <{name}> {literal(text)}@en .")
    for address in ADDRESSES:
        lines += [
            f"{thing} <{PAI}undertakenBy> <{address}> .",
            f"{thing} <http://purl.org/dc/terms/source> <{address}> .",
            f"<{address}> <{PAI}about> {thing} .",
            f"<{address}> <{TITLE}> {literal(HOSTILE[0])} .",
        ]
    lines.append(f'{thing} <{PAI}value> "1"^^<javascript:alert(2)> .')
    return sorted(set(lines))


def fill(home: Path) -> None:
    """Publish all of it."""
    put(home, "hostile", hostile_lines())
    put(home, "open", ['<urn:t0> <urn:p0> "open" .'])
    secret = BASE.thing("initiative", "qn-secret")
    lines = [f"{secret} <{TITLE}> {literal(CANARY)} ."]
    put(home, f"secret-{CANARY}", lines, audience="partners")
    put(home, f"closed-{CANARY}", lines, audience="owners:pes-qn")
