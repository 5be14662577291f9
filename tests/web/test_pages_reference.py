"""The reference of pages names every address that the service answers for."""

import re
from pathlib import Path

from pesai.web import create_app

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "pages.md"


def test_every_address_is_documented() -> None:
    text = PAGE.read_text("utf-8")
    firsts = {
        rule.rule.split("/")[1].partition(".<")[0] for rule in create_app().url_map.iter_rules()
    }
    firsts -= {"", "static"}
    assert len(firsts) > 30
    plain = {first for first in firsts if "<" not in first}
    assert [first for first in sorted(plain) if not re.search(rf"`/{first}\b", text)] == []
