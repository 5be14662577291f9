"""What strangers send to the web process itself costs it little: no wall stands around it."""

import resource
import time

import pytest

from pesai.sparql.negotiation import accepted
from pesai.sparql.terms import read


@pytest.mark.parametrize(
    "header", [" " * 160_000, "a" * 80_000 + "/", "a/b;" * 40_000, '"' * 99_999, "a/b;q=" * 9_000]
)
def test_an_accept_header_without_end(header: str) -> None:
    started = time.process_time()
    accepted(header)
    assert time.process_time() - started < 2, "it grows with the square"


def test_a_long_literal_is_read_in_its_own_size() -> None:
    text = '"' + "a\\n" * 5_000_000 + '"@en'
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    term = read(text)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert term is not None
    assert term.value == "a\n" * 5_000_000
    assert grown * 1024 < 15 * len(text)
