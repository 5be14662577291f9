"""Audiences of graphs and readers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pesai.access.audiences import PARTNERS, PUBLIC, THE_PUBLIC, Audience, Reader, readers
from pesai.errors import WrongUse

ORGANISATIONS = st.sampled_from(("xa", "xb", "tootukassa"))
AUDIENCES = st.one_of(
    st.sampled_from((PUBLIC, PARTNERS)),
    st.builds(
        lambda owners: Audience("owners", tuple(sorted(owners))),
        st.frozensets(ORGANISATIONS, min_size=1),
    ),
)
READERS = st.one_of(
    st.sampled_from((THE_PUBLIC, Reader("partners"))),
    st.builds(Reader, st.just("owner"), ORGANISATIONS),
)


@given(AUDIENCES, READERS)
def test_what_is_written_is_read_again(audience: Audience, reader: Reader) -> None:
    assert Audience.parse(str(audience)) == audience
    assert Reader.parse(str(reader)) == reader
    assert Reader.of_folder(reader.folder) == reader


@given(AUDIENCES, AUDIENCES, READERS)
def test_what_is_not_wider_shows_nobody_more(a: Audience, b: Audience, reader: Reader) -> None:
    if not a.is_wider_than(b):
        assert not reader.may_read(a) or reader.may_read(b)


@given(st.lists(AUDIENCES), READERS)
def test_a_reader_without_a_store_reads_the_same_as_the_next_wider(
    present: list[Audience], reader: Reader
) -> None:
    folders = {one.folder: one for one in readers(present)}
    given_folder = next(name for name in reader.chain if name in folders)
    for audience in present:
        assert folders[given_folder].may_read(audience) == reader.may_read(audience)


@pytest.mark.parametrize(
    "text", ["", "Public", "owners:", "owners:,", "owners:A", "owners:../x", "owner:xa", "all"]
)
def test_what_is_no_audience_is_refused(text: str) -> None:
    with pytest.raises(WrongUse):
        Audience.parse(text)


@pytest.mark.parametrize(
    "text", ["", "owners:xa", "owner:", "owner:XA", "owner:a/b", "owner:..", "x"]
)
def test_what_is_no_reader_is_refused(text: str) -> None:
    with pytest.raises(WrongUse):
        Reader.parse(text)
