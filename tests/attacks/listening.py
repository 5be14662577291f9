"""A server on the loopback that counts who calls: nobody should."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["Listener", "listening"]

_BODY = b'<urn:fetched> <urn:fetched> "fetched by a query" .\n'


@dataclass
class Listener:
    """Where it listens, and the paths that were asked for."""

    address: str = ""
    hits: list[str] = field(default_factory=list)


@contextmanager
def listening(media: str = "text/turtle", body: bytes = _BODY) -> Iterator[Listener]:
    """Answer every request with a document, and remember it."""
    found = Listener()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.hits.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - as http.server has it

        def log_message(self, *_of_server: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
