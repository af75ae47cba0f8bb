"""The one store of dear things in memory: loaded models, prepared draws, verified files.

Pages, notebooks and the command line share it. It is locked, bounded in bytes, and forgets what
was used longest ago.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from workbench.settings import settings

T = TypeVar("T")


class Memory:
    """Values by key, at most `limit` bytes in all; by default what the settings allow."""

    def __init__(self, limit: int | None = None) -> None:
        self._limit = limit
        self._forgotten = 0
        self._stamps: dict[str, object] = {}
        self._values: OrderedDict[str, tuple[object, int]] = OrderedDict()
        self._lock = threading.RLock()
        self._making: dict[str, threading.Lock] = {}

    def load(self, key: str, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """Return the value of `key`, made once however many threads ask at the same time.

        Parameters
        ----------
        key : what the value depends on. make : how to make it. size : its bytes.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key][0]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._values:
                    return self._values[key][0]
                begun = self._forgotten
            try:
                value = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            with self._lock:
                if begun == self._forgotten:  # else it was made of what must be forgotten
                    self._keep(key, value, size(value))
            return value

    def _keep(self, key: str, value: object, size: int) -> None:
        self._values[key] = (value, size)
        held = self.bytes
        while held > self.limit and len(self._values) > 1:
            held -= self._values.popitem(last=False)[1][1]

    @property
    def limit(self) -> int:
        """Bytes that may be held; read late, so that a wrong setting is told to the user."""
        return settings().memory_bytes if self._limit is None else self._limit

    @property
    def bytes(self) -> int:
        """Bytes held, as their makers declared them."""
        with self._lock:
            return sum(size for _, size in self._values.values())

    def forget(self, prefix: str = "") -> None:
        """Drop every value whose key begins with `prefix`."""
        with self._lock:
            self._forgotten += 1
            for key in [key for key in self._values if key.startswith(prefix)]:
                del self._values[key]

    def renew(self, owner: str, stamp: object) -> None:
        """Drop everything when `owner` comes with another stamp than the last time.

        A listener that another process erased must not live on in this one.
        """
        with self._lock:
            if self._stamps.setdefault(owner, stamp) != stamp:
                self._stamps[owner] = stamp
                self.forget()


memory = Memory()
