"""The suite, where it is, and a runner over the real service."""

import os

import pytest

from tests.conformance.running import Outcome
from tests.conformance.service import run
from tests.conformance.suite import Suite, archive, unpacked
from tests.conformance.table import SPECIFICATIONS
from tests.shortened import some


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """The suite, or a skip that says how to get it."""
    found = archive()
    if found is None:
        missing = "PESAI_W3C_TESTS names no folder with rdf-tests-sparql11-….tar.gz (w3c/rdf-tests)"
        if os.environ.get("PESAI_REQUIRE_TAXONOMIES") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return unpacked(found, tmp_path_factory.mktemp("w3c"))


EACH = {"update": 16}
"""Of these tests, one in so many is run: each of Update makes a release."""


@pytest.fixture(scope="session")
def outcomes(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """How the tests of the suite go, in the order of the manifests."""
    chosen = [
        test
        for subject in SPECIFICATIONS
        for test in some(suite.tests(subject), EACH.get(subject, 1))
    ]
    return run(suite, tmp_path_factory.mktemp("plain"), chosen)
