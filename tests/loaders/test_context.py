"""JSON-LD that names our own context is read with the one that ships; nothing is fetched."""

import json
from pathlib import Path

from tests.conftest import RunPesai


def test_json_ld_with_our_context_is_loaded_and_made_again(
    tmp_path: Path, run_pesai: RunPesai
) -> None:
    service = {
        "@context": "https://w3id.org/pes-ai/context.jsonld",
        "id": "https://example.org/id/service",
        "type": ["PublicEmploymentService", "org:Organization"],
        "title": {"en": "A fictional service"},
        "organisationKind": {
            "id": "https://w3id.org/pes-ai/code/organisation-kind/pes",
            "type": "skos:Concept",
        },
        "inCountry": {"id": "https://example.org/id/country/xa", "type": "skos:Concept"},
    }
    file = tmp_path / "service.jsonld"
    file.write_text(json.dumps(service), encoding="utf-8")
    home = tmp_path / "var"
    question = (
        "ASK { <https://example.org/id/service> a"
        " <https://w3id.org/pes-ai/def#PublicEmploymentService> }"
    )
    loaded = run_pesai(home, "load", "rdf", str(file))
    assert loaded.returncode == 0, loaded.stderr
    for _ in range(2):
        asked = run_pesai(home, "query", "-e", question, "--format", "json")
        assert json.loads(asked.stdout)["boolean"], loaded.stderr
        again = run_pesai(home, "rebuild")
        assert again.returncode == 0, again.stderr
