"""A gunicorn worker that is patient with slow clients, up to a point.

A thread that reads a request or writes an answer is held by its client. Gunicorn waits for it
for ever, so that sixteen clients that read one byte a second would stop a service of sixteen
threads. Here such a connection is cut.
"""

import fcntl
import socket
import struct
import termios
import time
from dataclasses import dataclass, field

from gunicorn.http.message import Request
from gunicorn.workers.gthread import TConn, ThreadWorker

__all__ = ["PatientWorker"]

HEAD_SECONDS = 10.0
"""A request whose head has not come by then is given up."""

SILENT_SECONDS = 150.0
"""An answer of which nothing was sent by then is given up: its body never came, or worse."""

WINDOW = 20.0
PACE = 20_000
"""A client that takes fewer bytes of a waiting answer in so many seconds is cut."""

BETWEEN = 0.5
"""Seconds from one look at all connections, or one heartbeat, to the next."""

_ACKNOWLEDGED = struct.Struct("=120xQ")
"""``tcpi_bytes_acked`` of ``struct tcp_info`` (linux/tcp.h)."""


@dataclass
class _Progress:
    """How far a connection is with the request under way."""

    sock: socket.socket
    begun: float = field(default_factory=time.monotonic)
    has_head: bool = False
    taken_before: int = 0
    looked: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.first = self.taken_before = self.taken()

    def taken(self) -> int:
        """Bytes that the client acknowledged since it connected."""
        info = self.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ACKNOWLEDGED.size)
        (count,) = _ACKNOWLEDGED.unpack(info.ljust(_ACKNOWLEDGED.size, b"\0"))
        return int(count)

    def waiting(self) -> int:
        """Bytes sent that the client has not acknowledged."""
        answer = fcntl.ioctl(self.sock.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
        (count,) = struct.unpack("i", answer)
        return int(count)

    def too_slow(self, now: float) -> bool:
        """Whether this client has kept a thread long enough."""
        if not self.has_head:
            return now - self.begun > HEAD_SECONDS
        taken = self.taken()
        if taken == self.first and not self.waiting():
            return now - self.begun > SILENT_SECONDS
        if not self.waiting() or taken - self.taken_before >= PACE:
            self.taken_before, self.looked = taken, now
        return now - self.looked > WINDOW


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker with an eye on how fast its clients are."""

    def __init__(self, *of_gunicorn: object) -> None:
        super().__init__(*of_gunicorn)
        self._under_way: dict[int, _Progress] = {}
        self._told = self._looked = -BETWEEN

    def handle(self, conn: TConn) -> object:
        """Handle one request of a connection (in a thread)."""
        self._under_way[id(conn)] = _Progress(conn.sock)
        try:
            return super().handle(conn)
        finally:
            del self._under_way[id(conn)]

    def handle_request(self, req: Request, conn: TConn) -> object:
        """Answer a request whose head is there."""
        self._under_way[id(conn)].has_head = True
        return super().handle_request(req, conn)

    def notify(self) -> None:
        """Say that this worker lives. Gunicorn's loop would at each event, some times a request."""
        now = time.monotonic()
        if now - self._told >= BETWEEN:
            self._told = now
            super().notify()

    def murder_pending(self) -> None:
        """Cut what is too slow; gunicorn's loop calls this at each event, and once a second."""
        super().murder_pending()
        now = time.monotonic()
        if now - self._looked < BETWEEN:
            return
        self._looked = now
        for progress in list(self._under_way.values()):
            try:
                if progress.too_slow(now):
                    progress.sock.shutdown(socket.SHUT_RDWR)
            except OSError as error:  # it is gone already
                self.log.debug("%s", error)
