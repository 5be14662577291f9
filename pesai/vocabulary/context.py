"""The JSON-LD context of our terms, made from the ontology."""

import json
from typing import Any

from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef
from rdflib.term import Node

from pesai.loading.contexts import CONTEXT
from pesai.namespaces import PREFIXES
from pesai.vocabulary.merge import merged

__all__ = ["context", "document"]

_PAI = "https://w3id.org/pes-ai/def#"

# Terms of others that our data use beside ours, with what their values are.
_OTHERS: dict[str, dict[str, str]] = {
    "title": {"@id": "dcterms:title", "@container": "@language"},
    "description": {"@id": "dcterms:description", "@container": "@language"},
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "definition": {"@id": "skos:definition", "@container": "@language"},
    "notation": {"@id": "skos:notation"},
    "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
    "broader": {"@id": "skos:broader", "@type": "@id"},
    "source": {"@id": "dcterms:source", "@type": "@id"},
    "temporal": {"@id": "dcterms:temporal", "@type": "@id"},
    "startDate": {"@id": "dcat:startDate", "@type": "xsd:gYear"},
    "endDate": {"@id": "dcat:endDate", "@type": "xsd:gYear"},
    "hasSource": {"@id": "oa:hasSource", "@type": "@id"},
    "hasSelector": {"@id": "oa:hasSelector", "@type": "@id"},
    "exact": {"@id": "oa:exact"},
    "wasAssociatedWith": {"@id": "prov:wasAssociatedWith", "@type": "@id"},
    "wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
}
_YEARS = {"statusAsOf"}
_ADDRESSES = {"mainSource", "fromRow"}


def context() -> dict[str, Any]:
    """The document behind ``/context.jsonld``: short names for our classes and properties."""
    ontology = merged()
    terms: dict[str, Any] = {
        "id": "@id",
        "type": "@type",
        **dict(sorted(PREFIXES.items())),
        **_OTHERS,
    }
    for term in sorted(set(ontology.subjects(RDFS.isDefinedBy, None)), key=str):
        name = str(term).removeprefix(_PAI)
        if str(term).startswith(_PAI):
            terms[name] = _entry(ontology, term, name)
    return {"@context": terms}


def document(iri: str) -> bytes | None:
    """The context as a document, when that is what an IRI names: loaders never fetch it."""
    return json.dumps(context()).encode() if iri == CONTEXT else None


def _entry(ontology: Graph, term: Node, name: str) -> str | dict[str, str]:
    iri = f"pai:{name}"
    if (term, RDF.type, OWL.Class) in ontology:
        return iri
    if (term, RDF.type, OWL.ObjectProperty) in ontology or name in _ADDRESSES:
        return {"@id": iri, "@type": "@id"}
    if name in _YEARS:
        return {"@id": iri, "@type": "xsd:gYear"}
    datatype = ontology.value(term, RDFS.range)
    if isinstance(datatype, URIRef):
        # Counts are written as plain integers in data, whatever the range says of their sign.
        shown = XSD.integer if datatype == XSD.nonNegativeInteger else datatype
        return {"@id": iri, "@type": f"xsd:{str(shown).removeprefix(str(XSD))}"}
    return {"@id": iri}
