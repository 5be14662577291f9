"""Frames between web, engine and workers: a JSON header, then a body.

A small body follows its header. A large one lies in a file whose descriptor is passed along
(``SCM_RIGHTS``, unix 7), so that a result is written once, by the worker, and copied by nobody.
Plain sockets instead of a message library: a worker has nothing else loaded.
"""

import json
import os
import socket
import struct
import time
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

__all__ = ["Closed", "Frame", "Header", "Late", "receive", "send"]

_LENGTHS = struct.Struct("!II")
_CHUNK = 1 << 17
Header = dict[str, Any]


class Closed(Exception):
    """The other side went away."""


class Late(Exception):
    """The other side did not speak in time."""


@dataclass
class Frame:
    """One message. ``file`` is the descriptor of its body when that is not in ``body``."""

    header: Header
    body: bytes = b""
    file: int | None = None

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return len(self.body) if self.file is None else os.fstat(self.file).st_size

    def open(self) -> BinaryIO:
        """The body as a file at its start; the caller closes it."""
        if self.file is None:
            return BytesIO(self.body)
        opened = os.fdopen(self.file, "rb")
        opened.seek(0)
        return opened

    def close(self) -> None:
        """Close the file of a frame that was not opened."""
        if self.file is not None:
            os.close(self.file)


def send(
    sock: socket.socket,
    header: Header,
    body: bytes = b"",
    *,
    file: int | None = None,
    deadline: float | None = None,
) -> None:
    """Send one frame. A descriptor that is sent stays open here.

    Raises:
        Closed: the other side went away.
        Late: the other side had not taken it at ``deadline`` (as for ``receive``).
    """
    head = json.dumps(header).encode()
    message = _LENGTHS.pack(len(head), len(body)) + head + body
    sock.settimeout(_left(deadline))
    try:
        sent = socket.send_fds(sock, [message], [file]) if file is not None else 0
        sock.sendall(message[sent:])
    except TimeoutError as error:
        raise Late from error
    except (BrokenPipeError, ConnectionResetError) as error:
        raise Closed from error


def receive(sock: socket.socket, deadline: float | None = None) -> Frame:
    """Receive one frame, whole.

    The two sides speak in turn, so what has come is of one frame, and a small one is there at
    the first look.

    Raises:
        Closed: the other side went away.
        Late: the frame was not whole at ``deadline`` (on the clock of ``time.monotonic``).
    """
    files: list[int] = []
    try:
        data = bytearray(_some(sock, deadline, files))
        while len(data) < _LENGTHS.size:
            data += _some(sock, deadline)
        head, body = _LENGTHS.unpack_from(data)
        begin = _LENGTHS.size + head
        while len(data) < begin + body:
            data += _some(sock, deadline)
        header = json.loads(data[_LENGTHS.size : begin])
        return Frame(header, bytes(data[begin:]), files.pop() if files else None)
    finally:
        for left in files:
            os.close(left)


def _left(deadline: float | None) -> float | None:
    return None if deadline is None else max(0.001, deadline - time.monotonic())


def _some(sock: socket.socket, deadline: float | None, files: list[int] | None = None) -> bytes:
    """Some bytes, at least one. A descriptor comes with the first bytes of its frame."""
    sock.settimeout(_left(deadline))
    try:
        if files is None:
            part = sock.recv(_CHUNK)
        else:
            part, passed, _, _ = socket.recv_fds(sock, _CHUNK, 1)
            files.extend(passed)
    except TimeoutError as error:
        raise Late from error
    except ConnectionResetError as error:
        raise Closed from error
    if not part:
        raise Closed
    return part
