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
    """Values by key, at most `limit` bytes in all."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
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
            value = make()
            with self._lock:
                self._values[key] = (value, size(value))
                self._making.pop(key, None)
                while self.bytes > self.limit and len(self._values) > 1:
                    self._values.popitem(last=False)
            return value

    @property
    def bytes(self) -> int:
        """Bytes held, as their makers declared them."""
        with self._lock:
            return sum(size for _, size in self._values.values())

    def forget(self, prefix: str = "") -> None:
        """Drop every value whose key begins with `prefix`."""
        with self._lock:
            for key in [key for key in self._values if key.startswith(prefix)]:
                del self._values[key]


memory = Memory(settings().memory_bytes)
