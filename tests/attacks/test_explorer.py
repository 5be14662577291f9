"""Lists, counts and spreadsheets of the explorer over the hostile home (rows 16, 25)."""

import csv
import io
import re

import pytest

from tests.attacks.hostile import CANARY
from tests.web.conftest import Client
from tests.web.test_pages import HTML

csv.field_size_limit(1 << 20)
PATHS = ["/", "/initiatives", "/organisations", "/findings", "/results", "/themes", "/surveys",
         "/code/theme/ethics", "/page/organisation/xa-hostile"]  # fmt: skip


@pytest.mark.attack("25")
@pytest.mark.parametrize("path", PATHS)
def test_what_is_for_others_is_in_no_page_and_no_download(hostile: Client, path: str) -> None:
    for query in ("", "?format=nt", "?format=csv", "?format=json", "?format=xlsx"):
        if query and path.startswith("/page/"):
            continue
        reply = hostile.send("GET", path + query, Accept=HTML)
        # A cell of a workbook holds 32,767 characters: a longer text is told of, not cut.
        assert reply.status in ({200, 507} if query.endswith("xlsx") else {200}), query
        assert CANARY.encode() not in reply.body


@pytest.mark.attack("25")
def test_counts_are_of_what_the_reader_may_see(hostile: Client) -> None:
    """The theme has a second initiative that is for partners: no public number knows of it."""
    for path in ("/initiatives", "/code/theme/ethics", "/themes"):
        text = hostile.send("GET", path, Accept=HTML, Accept_Language="en").text
        counts = re.findall(r'href="/initiatives/count[^"]*"[^>]*>\s*(\d+)', text)
        assert counts
        assert set(counts) <= {"0", "1"}, path
    counted = hostile.send("GET", "/initiatives/count?theme=ethics").json
    assert counted["results"]["bindings"][0]["count"]["value"] == "1"
    home = hostile.send("GET", "/", Accept=HTML, Accept_Language="en").text
    assert re.search(r'<span class="figure">1</span>\s*initiatives', home)
    rows = hostile.send("GET", "/initiatives?format=csv").text
    assert len(list(csv.DictReader(io.StringIO(rows)))) == 1


@pytest.mark.attack("16")
@pytest.mark.parametrize("path", ["/organisations", "/findings", "/results"])
def test_spreadsheets_hold_no_formula(hostile: Client, path: str) -> None:
    text = hostile.send("GET", f"{path}?format=csv&download=1").text
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    if path == "/findings":
        assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
