"""Frames between web, engine and workers: a JSON header, then bytes that it announces.

``struct`` and plain sockets instead of a message library: a worker has nothing else loaded.
"""

import json
import select
import socket
import struct
import time
from typing import Any, BinaryIO

__all__ = ["Closed", "Late", "read_exactly", "receive", "receive_into", "send", "send_file"]

_LENGTH = struct.Struct("!I")
_CHUNK = 1 << 20
Header = dict[str, Any]


class Closed(Exception):
    """The other side went away."""


class Late(Exception):
    """The other side did not speak in time."""


def send(sock: socket.socket, header: Header, body: bytes = b"") -> None:
    """Send one frame."""
    head = json.dumps({**header, "size": len(body)}).encode()
    try:
        sock.sendall(_LENGTH.pack(len(head)) + head + body)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise Closed from error


def send_file(sock: socket.socket, header: Header, file: BinaryIO, size: int) -> None:
    """Send one frame whose body is the first ``size`` bytes of a file."""
    head = json.dumps({**header, "size": size}).encode()
    try:
        sock.sendall(_LENGTH.pack(len(head)) + head)
        if size:
            sock.sendfile(file, 0, size)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise Closed from error


def receive(sock: socket.socket, deadline: float | None = None) -> Header:
    """Receive the header of a frame; its body of ``header["size"]`` bytes follows.

    Raises:
        Closed: the other side went away.
        Late: nothing came before ``deadline`` (on the clock of ``time.monotonic``).
    """
    if deadline is not None:
        ready, _, _ = select.select([sock], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise Late
    (length,) = _LENGTH.unpack(read_exactly(sock, _LENGTH.size))
    header: Header = json.loads(read_exactly(sock, length))
    return header


def read_exactly(sock: socket.socket, size: int) -> bytes:
    """Read so many bytes."""
    parts: list[bytes] = []
    while size:
        try:
            part = sock.recv(min(size, _CHUNK))
        except ConnectionResetError as error:
            raise Closed from error
        if not part:
            raise Closed
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def receive_into(sock: socket.socket, size: int, target: BinaryIO) -> None:
    """Read the body of a frame into a file."""
    while size:
        part = read_exactly(sock, min(size, _CHUNK))
        target.write(part)
        size -= len(part)
