"""A country's code in an audience stands for its only service (the countries are made up)."""

from pathlib import Path

import pytest

from pesai.errors import WrongUse
from pesai.namespaces import PAI, RDF
from pesai.releases.layout import Home
from pesai.releases.services import audience, reader
from tests.web.conftest import BASE, put


def service(home: Path, name: str, country: str) -> None:
    """A graph that says of an organisation that it is the service of a country."""
    thing = BASE.thing("organisation", name)
    kind = f"{thing} {RDF.type} {PAI.PublicEmploymentService} ."
    put(home, name, [kind, f"{thing} {PAI.inCountry} {BASE.thing('country', country)} ."])


def test_a_code_is_the_id_of_the_only_service(tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    with pytest.raises(WrongUse, match="knows 0 there"):
        audience("owners:XA", home, BASE)
    service(home.path, "agency", "xa")
    assert str(audience("owners:XA,other", home, BASE)) == "owners:agency,other"
    assert str(reader("owner:XA", home, BASE)) == "owner:agency"
    assert [str(reader(text, home, BASE)) for text in ("public", "partners", "owner:xa")] == [
        "public", "partners", "owner:xa",
    ]  # fmt: skip


def test_a_code_that_is_not_one_service_is_told(tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    service(home.path, "agency", "xa")
    service(home.path, "bureau", "xa")
    with pytest.raises(WrongUse, match=r"knows 2 there \(agency, bureau\)"):
        reader("owner:XA", home, BASE)
    with pytest.raises(WrongUse, match="'ZZ' is not the code of a country"):
        audience("owners:ZZ", home, BASE)
