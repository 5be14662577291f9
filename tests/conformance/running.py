"""Runs tests of the suite against the service over HTTP, as any client would."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import pyoxigraph as ox
import rdflib

from tests.conformance import comparing
from tests.conformance.requests import Request, requests_of
from tests.conformance.suite import BASE, Suite, Test
from tests.web.conftest import DIRECT, Client, Pairs, Reply

__all__ = ["Outcome", "Runner"]

_ASKED = {".srx": "xml", ".srj": "json", ".tsv": "tsv", ".csv": "csv"}
_NOWHERE: Pairs = [("default-graph-uri", "urn:no-such-graph")]

_PROLOGUE = re.compile(
    r"(?:\s|#[^\n]*\n|PREFIX\s+[^\s:]*:\s*<[^>]*>|BASE\s*<[^>]*>)*", re.IGNORECASE
)
_TYPES = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json", "application/sparql-results+xml", "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml"},
}  # fmt: skip
_DESCRIBES = (
    "endpoint", "feature", "defaultEntailmentRegime", "entailmentRegime", "extensionFunction",
    "extensionAggregate", "languageExtension", "supportedLanguage", "propertyFeature",
    "defaultDataset", "availableGraphs", "resultFormat", "inputFormat", "defaultGraph",
    "namedGraph", "name", "graph", "supportedEntailmentProfile",
    "defaultSupportedEntailmentProfile",
)  # fmt: skip
"""The properties of the vocabulary (SPARQL 1.1 Service Description, section 3.4)."""


@dataclass(frozen=True)
class Outcome:
    """How a test went: ``passed``, ``failed``, or ``refused`` by the guard; and what was seen."""

    test: Test
    status: str
    seen: str = ""

    def kind(self, known: Mapping[str, Mapping[str, str]]) -> str:
        """``passed``, the kind of reason that is known for it, or ``ours``."""
        if self.status == "passed":
            return "passed"
        told = "decision" if self.status == "refused" else "engine"
        return told if self.test.key in known[told] else "ours"


class Wrong(Exception):
    """The service did not do what the test expects."""


class Refused(Exception):
    """The guard refuses SERVICE and LOAD."""


class Runner:
    """Runs tests one after the other.

    Args:
        suite: where files are.
        client: the service. Query tests find their data in its named graphs; Update and Graph
            Store tests take away what is there.
        token: of one who may write to everything.
    """

    def __init__(self, suite: Suite, client: Client, token: str) -> None:
        self.suite, self.client = suite, client
        self.authorisation = f"Bearer {token}"
        self.ways: dict[str, Callable[[Test], None]] = {
            "QueryEvaluationTest": self._query,
            "CSVResultFormatTest": self._query,
            "PositiveSyntaxTest11": self._positive,
            "NegativeSyntaxTest11": self._negative,
            "ServiceDescriptionTest": self._description,
            "ProtocolTest": self._protocol,
            "UpdateEvaluationTest": self._update,
            "PositiveUpdateSyntaxTest11": self._positive_update,
            "NegativeUpdateSyntaxTest11": self._negative_update,
            "GraphStoreProtocolTest": self._graph_store,
        }

    def run(self, test: Test) -> Outcome:
        """Run one test."""
        try:
            self.ways[test.kind](test)
        except Wrong as wrong:
            return Outcome(test, "failed", str(wrong))
        except Refused as refused:
            return Outcome(test, "refused", str(refused))
        return Outcome(test, "passed")

    def _query(self, test: Test) -> None:
        """Ask the data of the test by the dataset of the protocol, in the format of the answer."""
        default = [("default-graph-uri", iri) for iri in test.before.default]
        named = [("named-graph-uri", iri) for iri in test.before.named]
        # What the text names itself (FROM) is named by the text alone.
        itself = re.search(r"\bFROM\b", test.text, re.IGNORECASE)
        dataset = [] if itself else [*default, *named] or _NOWHERE
        suffix = comparing.suffix_of(test.result)
        more = [*dataset, ("format", _ASKED.get(suffix) or self._form(test))]
        reply = self.client.direct(f"BASE <{BASE}{test.group}/>\n{test.text}", more)
        self._check(reply)
        expected = self.suite.path(test.result).read_bytes()
        if suffix == ".csv":
            _same(comparing.same_csv(reply.text, expected.decode()), reply)
            return
        ordered = re.search(r"ORDER\s+BY", test.text, re.IGNORECASE) is not None
        given = suffix if suffix in _ASKED else (".srj" if self._form(test) == "json" else ".ttl")
        # How a number is written counts where a format is tested; elsewhere its value does.
        rules = comparing.Rules(ordered=ordered, exact=test.subject == "results")
        actual = comparing.read_answer(reply.body, given, test.result, rules)
        _same(actual == comparing.read_answer(expected, suffix, test.result, rules), reply)

    def _form(self, test: Test) -> str:
        """The format of an answer whose expected form is RDF: rows can be written so, too."""
        return "json" if re.search(r"\bSELECT\b", test.text.split("{")[0]) else "ttl"

    def _positive(self, test: Test) -> None:
        reply = self.client.direct(test.text, _NOWHERE)
        # Whether a function exists is no question of syntax.
        if not (reply.status == 400 and reply.json["type"].endswith("/evaluation")):
            self._check(reply)

    def _negative(self, test: Test) -> None:
        if test.subject == "update":
            self._negative_update(test)
            return
        reply = self.client.direct(test.text, _NOWHERE)
        if reply.status != 400 or not reply.json["type"].endswith("/syntax"):
            raise Wrong(f"{reply.status}, where the text is no query")

    def _description(self, test: Test) -> None:
        reply = self.client.send("GET", "/sparql", Accept="text/turtle")
        self._check(reply)
        found = rdflib.Graph().parse(data=reply.text, format="turtle")
        sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
        service = found.value(predicate=rdflib.RDF.type, object=sd.Service)
        endpoint = rdflib.URIRef(f"{self.client.address}/sparql")
        if (service, sd.endpoint, endpoint) not in found:
            raise Wrong("the description names another endpoint, or none")
        if test.name == "conforms-to-schema":
            known = {str(one) for one in found.predicates() if str(one).startswith(str(sd))}
            wanted = {str(sd[name]) for name in _DESCRIBES}
            if not known <= wanted or (service, sd.supportedLanguage, None) not in found:
                raise Wrong(f"not of the vocabulary: {sorted(known - wanted)}")

    def _protocol(self, test: Test) -> None:
        for request in requests_of(test):
            query = request.path.partition("?")[2]
            update = "update" in test.name and request.media != DIRECT
            path = "/update" if update else "/sparql"
            reply = self._send(request, f"{path}?{query}" if query else path)
            self._expect(request, reply)

    def _graph_store(self, test: Test) -> None:
        self._write("DROP ALL")
        known: dict[str, str] = {}
        for request in requests_of(test):
            path = request.path
            for name, value in known.items():
                path = path.replace(name, quote(value, safe=""))
            direct = path.startswith("/gsp/")
            path = f"/graph/rdf/{path[5:]}" if direct else f"/graphs{path[4:]}"
            reply = self._send(request, path)
            self._expect(request, reply)
            if request.location:
                known[request.location] = reply.headers["location"]

    def _send(self, request: Request, path: str) -> Reply:
        headers = {name.replace("-", "_"): value for name, value in request.headers.items()}
        headers.setdefault("accept", "*/*")
        return self.client.send(
            request.method, path, request.body, Authorization=self.authorisation, **headers
        )

    def _expect(self, request: Request, reply: Reply) -> None:
        """Compare an answer with what the manifest says."""
        said = f"{request.method} {request.path[:80]}: {reply.status} {reply.text[:200]}"
        if not {reply.status, reply.status // 100} & request.statuses:
            raise Wrong(said)
        if request.boolean is not None and reply.json.get("boolean") is not request.boolean:
            raise Wrong(said)
        if request.format and reply.type not in _TYPES[request.format]:
            raise Wrong(f"{reply.type} is not {request.format}")
        if request.answer is not None:
            suffix = ".ttl" if request.answer.media == "text/turtle" else ".nt"
            base = f"{self.client.address}{request.path}"
            wanted = comparing.graph_of(request.answer.text.encode(), suffix, base)
            actual = comparing.graph_of(reply.body, suffix, base)
            if comparing.canonical(wanted) != comparing.canonical(actual):
                raise Wrong(f"another graph: {reply.text[:300]}")

    def _update(self, test: Test) -> None:
        """Put the data of the test in the place of all there is, then update, and compare all.

        Both are one request: each write is a release, and takes its time. Its prologue is first:
        the engine reads none between operations.
        """
        prologue = _PROLOGUE.match(test.text)
        own = prologue[0] if prologue else ""
        rest = test.text[len(own) :]
        self._write(f"BASE <{BASE}{test.group}/>\n{own}\n{self._state(test)}{rest}")
        names = {iri for row in self._select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
                 for iri in row.values()}  # fmt: skip
        wanted = {iri: [file] for iri, file in test.after.named.items()}
        for iri in sorted(names | wanted.keys()):
            self._compare(f"GRAPH <{iri}> {{ ?s ?p ?o }}", wanted.get(iri, []), iri)
        self._compare("?s ?p ?o", list(test.after.default), "the default graph")

    def _compare(self, pattern: str, files: list[str], what: str) -> None:
        reply = self.client.direct(f"CONSTRUCT {{ ?s ?p ?o }} {{ {pattern} }}", [("format", "nt")])
        self._check(reply)
        wanted = [quad for file in files for quad in self._quads(file)]
        actual = comparing.graph_of(reply.body, ".nt", "")
        if comparing.canonical(wanted) != comparing.canonical(actual):
            raise Wrong(f"{what} holds another graph: {reply.text[:300]}")

    def _state(self, test: Test) -> str:
        """The operations that leave the data of a test and nothing else."""
        default = [self._quads(file) for file in test.before.default]
        named = [(iri, self._quads(file)) for iri, file in test.before.named.items()]
        parts = [_block(quads) for quads in default]
        parts += [f"GRAPH <{iri}> {{ {_block(quads)} }}" for iri, quads in named]
        data = " ".join(parts)
        return f"DROP ALL ;\nINSERT DATA {{ {data} }} ;\n" if data else "DROP ALL ;\n"

    def _quads(self, file: str) -> list[ox.Quad]:
        path = self.suite.path(file)
        return comparing.graph_of(path.read_bytes(), comparing.suffix_of(file), file)

    def _select(self, query: str) -> list[dict[str, str]]:
        reply = self.client.direct(query)
        self._check(reply)
        return [
            {n: v["value"] for n, v in row.items()} for row in reply.json["results"]["bindings"]
        ]

    def _positive_update(self, test: Test) -> None:
        reply = self._send_update(test.text)
        if reply.status == 400 and reply.json["type"].endswith("/syntax"):
            raise Wrong(reply.text)
        if reply.status == 403:
            self._check(reply)
        if reply.status >= 500:
            raise Wrong(reply.text)

    def _negative_update(self, test: Test) -> None:
        reply = self._send_update(test.text)
        # The guard looks for LOAD before anything is parsed: either way the text is not taken.
        told = reply.json["type"].rpartition("/")[2] if reply.status in (400, 403) else ""
        if told not in ("syntax", "refused"):
            raise Wrong(f"{reply.status}, where the text is no update: {reply.text[:200]}")

    def _write(self, text: str) -> None:
        self._check(self._send_update(text))

    def _send_update(self, text: str) -> Reply:
        return self.client.send(
            "POST", "/update", text.encode(),
            Content_Type="application/sparql-update", Authorization=self.authorisation,
        )  # fmt: skip

    def _check(self, reply: Reply) -> None:
        if reply.status == 403 and reply.json.get("rule") in ("no-service", "no-load"):
            raise Refused(reply.json["rule"])
        if not 200 <= reply.status < 300:
            raise Wrong(f"{reply.status}: {reply.text[:300]}")


def _block(quads: list[ox.Quad]) -> str:
    """Statements as INSERT DATA takes them; labels of blank nodes are of one request."""
    return " ".join(f"{quad.triple} ." for quad in quads)


def _same(same: bool, reply: Reply) -> None:
    if not same:
        raise Wrong(f"another answer: {reply.text[:500]}")
