"""The published files, read by these tests on their own, and what they ask of the graph."""

import csv
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

BASE = "https://w3id.org/pes-ai/"
ESCO_EN = "ESCO dataset - v1.1.1 - classification - en - csv.zip"
ESCO = "ESCO dataset - v1.1.1 - classification -  - csv.zip"
DATA_SCIENTIST = "http://data.europa.eu/esco/occupation/258e46f9-0075-4a2e-adae-1ff0477e0f30"
PREFIXES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX esco: <http://data.europa.eu/esco/model#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX sssom: <https://w3id.org/sssom/>
PREFIX pai: <https://w3id.org/pes-ai/def#>
PREFIX isco: <http://data.europa.eu/esco/isco/C>
PREFIX rome: <https://w3id.org/pes-ai/code/rome/>
PREFIX code: <https://w3id.org/pes-ai/code/>
"""

Rows = list[dict[str, str]]
Ask = Callable[[str], list[tuple[str, ...]]]


def table(content: bytes, encoding: str = "utf-8-sig", skip: int = 0) -> Rows:
    lines = io.StringIO(content.decode(encoding), newline="")
    for _ in range(skip):
        next(lines)
    return list(csv.DictReader(lines))


def zipped(archive: Path, name: str) -> bytes:
    with zipfile.ZipFile(archive) as opened:
        inner = next(each for each in opened.namelist() if each.endswith(name))
        return opened.read(inner)


def tarred(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as opened:
        inner = next(each for each in opened.getnames() if each.endswith(name))
        handle = opened.extractfile(inner)
        assert handle is not None
        return handle.read()


def count(ask: Ask, pattern: str) -> int:
    return int(ask(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")[0][0])


def in_graph(graph: str, pattern: str) -> str:
    return f"GRAPH <{BASE}graph/{graph}> {{ {pattern} }}"
