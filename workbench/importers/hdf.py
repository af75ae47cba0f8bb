"""Arrays of an HDF5 file, which is what netCDF4 writes: by name, bounded, and of this file alone.

An HDF5 file can point at other files, hold a terabyte in a kilobyte, and be damaged anywhere. So
only what is plainly in it is read, after a look at its size.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np

from workbench.errors import BadInput
from workbench.importers.source import Source

MARK = b"\x89HDF\r\n\x1a\n"
MOST = 20_000_000  # numbers of one array, and of one packed piece of it
MOST_TEXTS, LONGEST = 10_000, 100_000
THROWN = (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError, MemoryError,
          AttributeError)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Arrays:
    """The arrays of an open file; paths are “group/name”."""

    file: str
    root: Any

    def names(self, group: str) -> list[str]:
        """Return what is directly in a group, sorted; nothing where there is no such group."""
        import h5py

        found = self._held(group)
        return sorted(found) if isinstance(found, h5py.Group) else []

    def has(self, path: str) -> bool:
        """Tell whether there is an array of that path."""
        import h5py

        return isinstance(self._held(path), h5py.Dataset)

    def shape(self, path: str) -> tuple[int, ...]:
        """Return the lengths of an array's axes."""
        return self._array(path).shape

    def numbers(self, path: str, part: tuple = ()) -> np.ndarray:
        """Return an array, or the part of it that an index names, as floats.

        Raises
        ------
        BadInput
            It is not there, too large, or holds no numbers.
        """
        array = self._array(path)
        if array.dtype.kind not in "fiu":
            raise BadInput(f"{self.file}: `{path}` holds no numbers.")
        size = array.size
        for axis, one in zip(array.shape, part, strict=False):
            size = size // axis if isinstance(one, int) else size
        if max(size, int(np.prod(array.chunks or (1,), dtype=float))) > MOST:
            raise BadInput(f"{self.file}: `{path}` has more than {MOST:,} numbers.")
        return np.asarray(array[part], np.float64)

    def precision(self, path: str) -> float:
        """Return the relative rounding of an array's numbers."""
        kind = self._array(path).dtype
        return float(np.finfo(kind).eps) if kind.kind == "f" else 0.0

    def texts(self, path: str) -> list[str]:
        """Return an array of texts; raises as `numbers` does."""
        array = self._array(path)
        if array.dtype.kind not in "OS" or array.size > MOST_TEXTS:
            raise BadInput(f"{self.file}: `{path}` holds no names.")
        return [_text(one) for one in np.atleast_1d(array[()])]

    def attribute(self, path: str, name: str) -> str | None:
        """Return a text that stands at a group or array (the whole file: “/”); None without."""
        value = self._held(path).attrs.get(name)
        return _text(value) if isinstance(value, (str, bytes)) else None

    def _held(self, path: str):
        """Return a group or array of this very file; None where there is none."""
        import h5py

        held = self.root
        for name in path.strip("/").split("/") if path.strip("/") else ():
            link = held.get(name, getlink=True) if isinstance(held, h5py.Group) else None
            if not isinstance(link, h5py.HardLink):
                return None
            held = held[name]
        return held

    def _array(self, path: str):
        if not self.has(path):
            raise BadInput(f"{self.file} has no `{path}`.")
        array = self._held(path)
        if array.external or array.is_virtual:
            raise BadInput(f"{self.file}: `{path}` lies in another file. Save it as one.")
        return array


@contextlib.contextmanager
def arrays(source: Source) -> Iterator[Arrays]:
    """Open an HDF5 file.

    Raises
    ------
    BadInput
        It is damaged, however late that shows.
    """
    import h5py

    try:
        with h5py.File(BytesIO(source.unpacked), "r") as root:
            yield Arrays(source.name, root)
    except THROWN as error:
        raise BadInput(
            f"{source.name} is a damaged HDF5 file, or cut off: save it again."
        ) from error


def _text(value: str | bytes) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text[:LONGEST]
