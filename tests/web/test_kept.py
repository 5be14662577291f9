"""Kept pages are those that would be made: by language, address, reader and release."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from tests.web.conftest import BASE, Client, literal, put
from tests.web.test_pages import HTML

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
PAI = "https://w3id.org/pes-ai/def#"


def _initiative(name: str) -> list[str]:
    """An initiative of QM, a fictional service."""
    thing, service = BASE.thing("initiative", name), BASE.thing("organisation", "pes-qm")
    return [
        f"{thing} <{TYPE}> <{PAI}Initiative> .",
        f"{thing} <{PAI}undertakenBy> {service} .",
        f"{thing} <http://purl.org/dc/terms/title> {literal(name)}@en .",
    ]


def test_a_page_is_made_anew_for_another_language_address_and_release(
    tmp_path: Path, serve: Callable[..., AbstractContextManager[str]]
) -> None:
    home = tmp_path / "var"
    put(home, "a", _initiative("qm-one"))
    with serve(home) as address:
        client = Client(address)

        def page(path: str, language: str = "en") -> str:
            reply = client.send("GET", path, Accept=HTML, Accept_Language=language)
            assert reply.status == 200
            assert reply.headers["content-language"] == language
            return reply.text

        first = page("/guided")
        assert page("/guided") == first
        assert "qm-one" in first
        assert 'lang="fr"' in page("/guided", "fr").partition("<head>")[0]
        assert page("/guided") == first
        assert "qm-one" not in page("/guided?what=measured")
        csv = client.send("GET", "/guided?format=csv")
        assert csv.type == "text/csv"
        put(home, "b", _initiative("qm-two"))
        assert "qm-two" in page("/guided")
        put(home, "c", _initiative("qm-three"), audience="partners")
        assert "qm-three" not in page("/guided")
        assert client.send("GET", "/guided", Accept=HTML).headers["x-release"] == "000003"
