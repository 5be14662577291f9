"""A reader who follows every link and fills in every form, in every format."""

import gzip
import html
import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter

from pesai.settings import DEFAULT_BASE
from tests.shortened import SOAK
from tests.web.conftest import Client, Reply

__all__ = ["Crawl", "Found", "texts_of"]

EACH, SAME = (6 if SOAK else 3), 1
"""Addresses of one page that links lead to, and of one page with the same parameters."""
_OURS = re.compile(re.escape(DEFAULT_BASE) + r"""([^\s"'<>\\{}|^`]*)""")


@dataclass(frozen=True)
class Found:
    """A word that should not be there, and where it is."""

    word: str
    address: str
    accept: str | None
    around: str


class _Links(HTMLParser):
    """Links of a page, and what its forms would ask."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._select = ""
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "src") if given.get(name)]
        if tag == "form":
            self._inside = given.get("method", "get").lower() == "get"
            if self._inside:
                self.forms.append((given.get("action", ""), {}))
        elif self._inside and self.forms:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        fields = self.forms[-1][1]
        if tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select:
            fields.setdefault(self._select, []).append(given.get("value", ""))
        elif tag in ("input", "textarea", "button") and given.get("name"):
            fields.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""

    def all(self) -> Iterator[str]:
        """Every address that one click leads to; each choice of each field once."""
        yield from self.links
        for action, fields in self.forms:
            first = {name: values[0] for name, values in fields.items()}
            yield f"{action}?{urlencode(first)}"
            for name, values in fields.items():
                for value in values[1:4]:
                    yield f"{action}?{urlencode({**first, name: value})}"


@dataclass
class Crawl:
    """One reader's way through the service.

    Attributes:
        client: asks.
        url_map: the addresses that there are.
        words: what should not be met, in lower case.
        headers: sent with each request.
    """

    client: Client
    url_map: Map
    words: tuple[str, ...]
    headers: dict[str, str] = field(default_factory=dict)
    visited: Counter[str] = field(default_factory=Counter)
    found: list[Found] = field(default_factory=list)
    _asked: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)
    _left: deque[tuple[str, str | None]] = field(default_factory=deque)

    def run(self, starts: Iterable[str], *, until_found: bool = False) -> None:
        """Follow everything from some addresses on.

        Args:
            starts: paths.
            until_found: stop when every word was met.
        """
        adapter = self.url_map.bind("localhost")
        for path in starts:
            self._add(adapter, path, always=True)
        while self._left:
            path, accept = self._left.popleft()
            reply = self.client.send("GET", path, Accept=accept, **self.headers)
            self._look(path, accept, reply)
            for link in self._links(path, reply):
                self._add(adapter, link)
            if until_found and {one.word for one in self.found} == set(self.words):
                return

    def _add(self, adapter: MapAdapter, address: str, *, always: bool = False) -> None:
        parts = urlsplit(address)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if path in self._seen or not parts.path.startswith("/"):
            return
        try:
            endpoint, values = adapter.match(unquote(parts.path), method="GET")
        except HTTPException:
            return
        self._seen.add(path)
        page = f"{endpoint} {values.get('kind', '')}"
        shape = f"{page} {sorted({name for name, _ in parse_qsl(parts.query)})}"
        limits = self._asked[page] < EACH and self._asked[shape] < SAME
        if endpoint == "static" or not (always or limits):
            return
        self._asked.update((page, shape))
        self.visited[endpoint] += 1
        self._left.append((path, "text/html"))
        if self._asked[shape] <= SAME:
            self._left.append((path, None))

    def _links(self, path: str, reply: Reply) -> Iterator[str]:
        """Local paths in an answer."""
        if location := reply.headers.get("location"):
            yield from self._local(path, [location])
        text = reply.body.decode("utf-8", "replace") if b"\0" not in reply.body[:1000] else ""
        if reply.type == "text/html":
            yield from self._local(path, _Links(text).all())
        for ours in _OURS.findall(html.unescape(text[:200_000])):
            yield f"/{ours}"
        for mine in re.findall(
            re.escape(self.client.address) + r"""([^\s"'<>]+)""", text[:200_000]
        ):
            yield html.unescape(mine)

    def _local(self, path: str, links: Iterable[str]) -> Iterator[str]:
        for link in links:
            parts = urlsplit(urljoin(f"http://localhost{path}", link))
            if parts.hostname == "localhost":
                yield f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _look(self, path: str, accept: str | None, reply: Reply) -> None:
        for text in texts_of(reply):
            for word in self.words:
                at = text.find(word)
                if at >= 0 and word not in unquote(path).lower():
                    around = text[max(0, at - 80) : at + 80]
                    self.found.append(Found(word, path, accept, around))


def texts_of(reply: Reply) -> Iterator[str]:
    """All that an answer says, unpacked, in lower case."""
    yield str(reply.headers).lower()
    bodies = [reply.body]
    if reply.body[:2] == b"\x1f\x8b":
        bodies.append(gzip.decompress(reply.body))
    elif reply.body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
            bodies += [archive.read(name) for name in archive.namelist()]
    for body in bodies:
        text = body.decode("utf-8", "replace").lower()
        yield text
        yield unquote(html.unescape(text))
