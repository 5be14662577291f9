"""Organisations of fictional countries, which no table describes, meet the data contract."""

from pathlib import Path

from tests.conftest import RunPesai

TABLE = """\
id,name_original,name_en,acronym,alt_names,country,kind,parent_id,website,source_url,note
xa-work,,Work Service of a fictional country,,,XA,PES,,,https://example.org/,fictional
"""


def test_a_service_of_a_fictional_country_is_loaded(tmp_path: Path, run_pesai: RunPesai) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(TABLE, encoding="utf-8")
    home = tmp_path / "var"
    loaded = run_pesai(home, "load", "organisations", str(table))
    assert loaded.returncode == 0, loaded.stderr
    count = (
        "PREFIX pai: <https://w3id.org/pes-ai/def#>"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
        "SELECT ?code { ?service pai:inCountry ?country . ?country a skos:Concept ;"
        " skos:notation ?code }"
    )
    asked = run_pesai(home, "query", "-e", count, "--format", "csv")
    assert asked.stdout.split() == ["code", "XA"]
