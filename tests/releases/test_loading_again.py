"""Loading a graph again never shows it to more readers than now."""

from pathlib import Path

from tests.conftest import RunPesai

SECRET = "<https://example.org/a> <https://example.org/p> <https://example.org/secret{}> .\n"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <https://example.org/p> ?o }"


def test_the_audience_stays_and_is_never_widened(tmp_path: Path, run_pesai: RunPesai) -> None:
    home, file = tmp_path / "var", tmp_path / "notes.nt"

    def count(audience: str) -> str:
        asked = run_pesai(home, "query", "-e", COUNT, "--format", "csv", "--audience", audience)
        return asked.stdout.split()[1]

    file.write_text(SECRET.format(1), encoding="utf-8")
    first = run_pesai(home, "load", "rdf", str(file), "--audience", "owners:xa-work")
    assert first.returncode == 0, first.stderr
    file.write_text(SECRET.format(1) + SECRET.format(2), encoding="utf-8")

    again = run_pesai(home, "load", "rdf", str(file))
    assert again.returncode == 0, again.stderr
    assert (count("public"), count("partners"), count("owner:xa-work")) == ("0", "0", "2")

    for wider in ("public", "partners", "owners:xa-work,xb-jobs"):
        refused = run_pesai(home, "load", "rdf", str(file), "--audience", wider)
        assert refused.returncode == 3
        assert "pesai graphs audience rdf/notes" in refused.stderr
    assert count("public") == "0"

    widened = run_pesai(home, "graphs", "audience", "rdf/notes", "partners")
    assert widened.returncode == 0, widened.stderr
    assert count("partners") == "2"
