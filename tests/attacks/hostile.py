"""A home full of hostile text, and graphs for others with a canary. QM and QN are fictional."""

from pathlib import Path

from tests.web.conftest import BASE, HOSTILE, literal, put

__all__ = ["ADDRESSES", "CANARY", "PAI", "TEXTS", "THEME", "fill"]

PAI = "https://w3id.org/pes-ai/def#"
TITLE = "http://purl.org/dc/terms/title"
TEXTS = [*HOSTILE, "\u202eevil\u202c\u2067x", "</title><script>alert(2)</script>", "x" * 100_000]
ADDRESSES = [
    "javascript:alert(1)", "data:text/html,%3Cb%3Ex", "vbscript:x", "http:///x",
    "https://user@evil.example/%22onclick=", "https://w3id.org/pes-ai/id/../../evil",
    "https://w3id.org/pes-ai/id/a/..%2F..%2Fevil", "https://w3id.org/pes-ai//evil.example/x",
]  # fmt: skip
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SKOS = "http://www.w3.org/2004/02/skos/core#"
CODE = "https://w3id.org/pes-ai/code/"
THEME = f"{CODE}theme/ethics"
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
    return sorted({*lines, *neighbours(thing.value)})


def neighbours(initiative: str) -> list[str]:
    """A thing of every kind that pages list, each text of it hostile. XA is fictional too."""
    description = "http://purl.org/dc/terms/description"
    kinds = {
        "organisation": (["http://www.w3.org/ns/org#Organization"],
                         [TITLE, f"{PAI}acronym", f"{PAI}originalName"]),
        "finding": ([f"{PAI}Finding"],
                    [description, f"{PAI}quantifierText", f"{PAI}populationText"]),
        "position": ([f"{PAI}Position", f"{PAI}Offer"], [description]),
        "measurement": ([f"{PAI}Measurement"],
                        [TITLE, f"{PAI}valueText", f"{PAI}comparison", f"{PAI}periodText"]),
        "study": ([f"{PAI}Study"], [TITLE, "http://purl.org/dc/terms/date"]),
        "passage": ([f"{PAI}Passage"], []),
    }  # fmt: skip
    things = {kind: BASE.thing(kind, "xa-hostile") for kind in kinds}
    lines = []
    for kind, (classes, properties) in kinds.items():
        thing = things[kind]
        lines += [f"{thing} <{TYPE}> <{one}> ." for one in classes]
        lines += [
            f"{thing} <{name}> {literal(text)}{tag} ."
            for name in properties for text in TEXTS for tag in ("", "@fr")
        ]  # fmt: skip
        lines += [
            f"{thing} <{PAI}hasEvidence> {things['passage']} .",
            f"{thing} <{PAI}hasTheme> <{THEME}> .", f"{thing} <{PAI}onTheme> <{THEME}> .",
        ]  # fmt: skip
    for address in ADDRESSES:
        lines += [
            f"{things['passage']} <http://www.w3.org/ns/oa#hasSource> <{address}> .",
            f"<{initiative}> <{PAI}hasTheme> <{address}> .",
            f"{things['finding']} <{PAI}inStudy> <{address}> .",
            f"{things['organisation']} <{PAI}inCountry> <{address}> .",
            f"{things['measurement']} <{PAI}withDesign> <{address}> .",
        ]
    return [
        *lines,
        f"{things['measurement']} <{PAI}measures> <{initiative}> .",
        f"{things['measurement']} <{PAI}withDesign> <{CODE}design/randomised> .",
        f"{things['position']} <{PAI}statedBy> {things['organisation']} .",
        f"<{initiative}> <{PAI}undertakenBy> {things['organisation']} .",
        f"<{initiative}> <{PAI}hasTheme> <{THEME}> .",
        f"<{initiative}> <{PAI}initiativeKind> <{CODE}initiative-kind/tool> .",
        f"<{THEME}> <{TYPE}> <{SKOS}Concept> .",
        f"<{THEME}> <{SKOS}inScheme> <{CODE}theme> .",
        *(
            f"<{THEME}> <{SKOS}{name}> {literal(text)}@en ."
            for name in ("prefLabel", "definition") for text in TEXTS
        ),
    ]  # fmt: skip


def fill(home: Path) -> None:
    """Publish all of it."""
    put(home, "hostile", hostile_lines())
    put(home, "open", ['<urn:t0> <urn:p0> "open" .'])
    secret = BASE.thing("initiative", "qn-secret")
    lines = [
        f"{secret} <{TITLE}> {literal(CANARY)} .",
        f"{secret} <{TYPE}> <{PAI}Initiative> .",
        f"{secret} <{PAI}hasTheme> <{THEME}> .",
    ]
    put(home, f"secret-{CANARY}", lines, audience="partners")
    put(home, f"closed-{CANARY}", lines, audience="owners:pes-qn")
