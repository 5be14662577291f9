"""Changes between two releases as an Atom document, one entry a thing.

It tells of the same two releases for ever. What a feed reader keeps is the feed of the releases
(``pesai.web.releases``): each of its entries leads to such a document.
"""

from urllib.parse import quote, urlencode

from flask import Response, render_template, url_for

from pesai.releases.changes import Changes
from pesai.releases.layout import ReleaseFolder
from pesai.web import changed, headers, state
from pesai.web.feeds import atom, plain

__all__ = ["FEED", "response"]

FEED: dict[str, tuple[str, str]] = {"atom": ("application/atom+xml", "Atom")}
"""The format by its ending: media type and name."""

_MOST = 500
"""Things in one document; the files have all."""


def response(found: Changes, old: ReleaseFolder, new: ReleaseFolder) -> Response:
    """What differs between two releases."""
    query = urlencode({"since": old.id, "until": new.id})
    page = f"{headers.root()}{url_for('changes.page')}?{query}"
    listed = found.things[:_MOST]
    text = render_template(
        "changes/feed.xml",
        page=page,
        old=old,
        new=new,
        made=state.manifest_of(new).created,
        root=headers.root(),
        entries=[
            (f"{page}#{quote(one.thing.iri, safe='')}", one) for one in changed.entries(listed)
        ],
        more=len(found.things) - len(listed),
        plain=plain,
    )
    answer = atom(text)
    answer.headers["X-Release"] = new.id
    answer.vary.add("Accept")
    return answer
