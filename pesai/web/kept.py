"""Pages that cost a while to make and change with the data only: kept in the process's memory.

Kept are pages for the public. The key holds all that such a page depends on: the store's checksum,
the release that its footer names, the address, the language, and the program's own texts.
"""

from collections.abc import Callable
from functools import wraps

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from pesai.web import state
from pesai.web.fetching import edition
from pesai.web.i18n import language
from pesai.web.problems import wants_html
from pesai.web.readers import current_principal, current_reader
from pesai.web.recent import Recent

__all__ = ["kept"]

_PAGES = Recent(limit=24 << 20, largest=400 << 10)


def kept(view: Callable[[], AnyResponse]) -> Callable[[], AnyResponse]:
    """Keep the pages that a view makes."""

    @wraps(view)
    def answer() -> AnyResponse:
        if request.method != "GET" or current_principal() is not None or not wants_html():
            return view()
        key = "\n".join(
            (state.checksum(), state.release().id, str(current_reader()), request.host_url,
             request.full_path, language(), edition())
        )  # fmt: skip
        page = _PAGES.get(key)
        if page is None:
            made = view()
            if made.status_code == 200 and made.mimetype == "text/html":
                _PAGES.put(key, made.get_data())
            return made
        return Response(page, mimetype="text/html")

    return answer
