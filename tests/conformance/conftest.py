"""The suite, where it is, and a runner over the real service."""

import os
from collections.abc import Iterator

import pytest

from tests.conformance.running import Outcome
from tests.conformance.service import running
from tests.conformance.suite import Suite, archive, unpacked
from tests.conformance.table import SPECIFICATIONS


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


@pytest.fixture(scope="session")
def outcomes(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Outcome]]:
    """How every test of the suite goes, in the order of the manifests."""
    with running(suite, tmp_path_factory.mktemp("plain") / "var") as runner:
        yield [runner.run(test) for test in suite.tests(*SPECIFICATIONS)]
