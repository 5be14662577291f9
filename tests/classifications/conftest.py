"""Other people's classifications: the real files where they are, made-up ones where not."""

import io
import os
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from pesai.loading.discovery import loader
from pesai.loading.loader import Context, Source
from pesai.loading.sink import Sink
from pesai.namespaces import Base

BASE = Base("https://w3id.org/pes-ai/")

Read = Callable[..., Sink]
"""``read("esco", paths, name="1.2.1")``: what a loader made of some files."""
Graph = Callable[[Sink], Store]
"""A store with what a sink holds."""
Write = Callable[..., Path]
"""``write("a.csv", header, *rows)``: a file of a test."""


@pytest.fixture(scope="session")
def taxonomies() -> Path:
    """The folder of the real files."""
    named = os.environ.get("PESAI_TAXONOMIES", "")
    folder = Path(named)
    if named and folder.is_dir():
        return folder
    reason = (
        "PESAI_TAXONOMIES names no folder with the published classifications; "
        "docs/reference/classifications.md says where they come from"
    )
    if os.environ.get("PESAI_REQUIRE_TAXONOMIES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def read() -> Read:
    def run(kind: str, paths: Iterable[Path], name: str = "test") -> Sink:
        sink = Sink()
        loader(kind).load(Source(kind, name, tuple(paths)), Context(BASE), sink)
        return sink

    return run


@pytest.fixture(scope="session")
def graph() -> Graph:
    def make(sink: Sink) -> Store:
        store = Store()
        store.bulk_load("\n".join(sink.lines()).encode(), RdfFormat.N_TRIPLES)
        return store

    return make


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(name: str, *rows: str, encoding: str = "utf-8", end: str = "\r\n") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((end.join(rows) + end).encode(encoding))
        return path

    return make


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[[str, dict[str, str]], Path]:
    """``zipped("a.zip", {"folder/a.csv": "text"})``: an archive of a test."""

    def make(name: str, files: dict[str, str]) -> Path:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for inner, text in files.items():
                archive.writestr(inner, text)
        path = tmp_path / name
        path.write_bytes(content.getvalue())
        return path

    return make
