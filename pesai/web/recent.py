"""The small results that a process answered with lately, in its memory."""

import threading
from collections import OrderedDict

__all__ = ["Recent"]


class Recent:
    """Bytes by key; what was not used for longest makes place.

    Args:
        limit: bytes of all entries together; 0 keeps nothing.
        largest: bytes of one entry at most.
    """

    def __init__(self, limit: int, largest: int = 1 << 16) -> None:
        self.limit, self.largest = limit, largest
        self._entries: OrderedDict[str, bytes] = OrderedDict()
        self._used = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """The result, or ``None``."""
        with self._lock:
            data = self._entries.get(key)
            if data is not None:
                self._entries.move_to_end(key)
            return data

    def put(self, key: str, data: bytes) -> None:
        """Keep a result, if it is small enough."""
        if len(data) > self.largest:
            return
        with self._lock:
            self._used += len(data) - len(self._entries.pop(key, b""))
            self._entries[key] = data
            while self._used > self.limit:
                _, gone = self._entries.popitem(last=False)
                self._used -= len(gone)
