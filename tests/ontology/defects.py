"""One defect for each rule of ontology/verify: the graph it is put into, and its triples."""

PREFIXES = """
@prefix pai: <https://w3id.org/pes-ai/def#> .
@prefix code: <https://w3id.org/pes-ai/code/> .
@prefix theme: <https://w3id.org/pes-ai/code/theme/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix x: <https://example.org/> .
"""

_CORE = "https://w3id.org/pes-ai/def/core"
_THEME = "https://w3id.org/pes-ai/code/theme"
_LINKS = "https://w3id.org/pes-ai/alignments/role-esco"
_NEW = "pai:New a owl:Class ; rdfs:isDefinedBy <https://w3id.org/pes-ai/def/core> ; "
_CODE = "theme:new a skos:Concept ; skos:inScheme code:theme ; "

DEFECTS: dict[str, tuple[str, str]] = {
    "term-label": (_CORE, _NEW + 'rdfs:label "new"@en , "newer"@en , "nouveau"@fr .'),
    "term-definition": (_CORE, _NEW + 'skos:definition "Only this."@en .'),
    "term-label-shared": (_CORE, _NEW + 'rdfs:label "statement"@en . pai:Statement a owl:Class .'),
    "term-definition-shared": (
        _CORE,
        _NEW + 'skos:definition "Same."@en . pai:Passage skos:definition "Same."@en .',
    ),
    "term-home": (_CORE, 'pai:New a owl:Class ; rdfs:label "new"@en .'),
    "term-undefined": (_CORE, "pai:Statement rdfs:seeAlso pai:Missing ."),
    "term-undeclared": (_CORE, "pai:Statement rdfs:subClassOf x:Foreign ."),
    "term-foreign-axiom": (
        _CORE,
        "prov:Entity rdfs:isDefinedBy x:prov ; rdfs:subClassOf prov:Activity .",
    ),
    "term-name": (_CORE, "pai:wrongName a owl:Class ."),
    "term-many-domains": (_CORE, "pai:about rdfs:domain pai:Passage , pai:Statement ."),
    "term-cycle": (
        _CORE,
        "pai:New rdfs:subClassOf pai:Newer . pai:Newer rdfs:subClassOf pai:New .",
    ),
    "term-superclass": (_CORE, "pai:New a owl:Class ."),
    "term-inverse": (_CORE, "pai:about owl:inverseOf pai:about ."),
    "term-functional": (_CORE, "pai:about a owl:FunctionalProperty ."),
    "term-equivalent-outside": (_CORE, "pai:Statement owl:equivalentClass x:Claim ."),
    "term-date-range": (_CORE, "pai:acronym rdfs:range xsd:date ."),
    "term-text-range": (_CORE, "pai:acronym rdfs:range xsd:string ."),
    "term-circular": (
        _CORE,
        _NEW + 'rdfs:label "new thing"@en ; skos:definition "A new thing in a service."@en .',
    ),
    "term-builtin": (_CORE, "rdfs:label rdfs:range xsd:token ."),
    "term-deprecated": (_CORE, "pai:acronym owl:deprecated true ."),
    "module-axiom": (_CORE, "pai:Statement owl:disjointWith pai:Passage ."),
    "ontology-metadata": (_CORE, "<https://w3id.org/pes-ai/def/new> a owl:Ontology ."),
    "ontology-language": (
        _CORE,
        (
            '<https://w3id.org/pes-ai/def/new> a owl:Ontology ; dcterms:title "New"@en ; '
            'dcterms:description "New."@en , "Neuf."@fr .'
        ),
    ),
    "ontology-version": (
        _CORE,
        (
            '<https://w3id.org/pes-ai/def/new> a owl:Ontology ; owl:versionInfo "9.9.9" ; '
            "owl:versionIRI <https://w3id.org/pes-ai/def/9.9.9/new> ."
        ),
    ),
    "ontology-imports": (
        _CORE,
        (
            "<https://w3id.org/pes-ai/def/new> a owl:Ontology ; "
            "owl:versionIRI <https://w3id.org/pes-ai/def/0.1.0/new> ."
        ),
    ),
    "text-blanks": (_THEME, 'theme:ethics skos:altLabel "two  blanks"@en .'),
    "text-definition-form": (_THEME, 'theme:ethics skos:definition "no capital, no stop"@en .'),
    "text-french": (_THEME, """theme:ethics skos:altLabel "l'éthique"@fr ."""),
    "code-label": (_THEME, _CODE + 'skos:prefLabel "new"@en .'),
    "code-definition": (_THEME, _CODE + 'skos:definition "New."@en .'),
    "code-label-shared": (
        _THEME,
        _CODE + 'skos:prefLabel "matching of supply and demand"@en . '
        "theme:matching skos:inScheme code:theme .",
    ),
    "code-notation": (
        _THEME,
        _CODE + 'skos:notation "ethics" . theme:ethics skos:inScheme code:theme .',
    ),
    "code-place": (_THEME, _CODE.rstrip(" ;") + " ."),
    "code-name": (_THEME, "x:new a skos:Concept ; skos:inScheme code:theme ."),
    "code-cycle": (_THEME, "theme:a skos:broader theme:b . theme:b skos:broader theme:a ."),
    "code-related": (
        _THEME,
        "theme:matching skos:related theme:ai-solutions .",
    ),
    "code-list-metadata": (_THEME, "code:new a skos:ConceptScheme ."),
    "code-unlisted": (
        _THEME,
        "<https://w3id.org/pes-ai/code/new/one> skos:inScheme code:new .",
    ),
    "code-mapping": (_THEME, "theme:ethics skos:closeMatch x:ethics ."),
    "code-rank": (
        _THEME,
        (
            "theme:ethics skos:inScheme code:theme ; pai:rank 1 . "
            "theme:matching skos:inScheme code:theme ; pai:rank 1 ."
        ),
    ),
    "code-indicator": (
        _THEME,
        (
            "<https://w3id.org/pes-ai/code/indicator/new> skos:inScheme code:indicator ; "
            "pai:direction <https://w3id.org/pes-ai/code/direction/neutral> ."
        ),
    ),
    "mapping-clash": (
        _LINKS,
        "theme:ethics skos:exactMatch x:o ; skos:broadMatch x:o .",
    ),
    "mapping-subject": (_LINKS, "<https://w3id.org/pes-ai/code/role/nobody> skos:exactMatch x:o ."),
    "import-header": (
        "https://w3id.org/pes-ai/imports/new",
        '<https://w3id.org/pes-ai/imports/new> a dcat:Dataset ; dcterms:title "New"@en .',
    ),
    "import-country": (
        "https://w3id.org/pes-ai/imports/countries",
        "x:nowhere skos:inScheme <http://publications.europa.eu/resource/authority/country> .",
    ),
}

DATA_DEFECTS = {
    "data-undefined-term": "x:i pai:undertakenFor x:o .",
    "data-undefined-code": "x:i pai:hasTheme theme:no-such .",
    "data-date": 'x:p pai:acronym "2024-01-01"^^xsd:date .',
    "data-measured": "x:m pai:measures x:nothing .",
    "data-effect-unquantified": "x:m pai:isEffect true ; pai:sampleSize 10 .",
    "data-succession": "x:i dcterms:isPartOf x:i .",
    "data-period": 'x:p dcat:startDate "2024"^^xsd:gYear ; dcat:endDate "2020"^^xsd:gYear .',
}
