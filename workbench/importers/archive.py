"""A zip on its way in: its files one after the other, never written to disk, within limits."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from workbench.errors import BadInput
from workbench.importers.reading import LIMITS, SPREADSHEET, Source
from workbench.importers.sheet import Limits

MOST_FILES = 5_000
HEAD = 1 << 16
_CHUNK = 1 << 20


def is_archive(source: Source) -> bool:
    """Tell a zip of files from a spreadsheet, which is a zip too."""
    data = source.unpacked
    return data.startswith(SPREADSHEET) and b"[Content_Types].xml" not in data


def heads(source: Source, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Return the first bytes of each file: of those in a zip, or of the file itself.

    Raises
    ------
    BadInput
        The zip is damaged, locked, or larger than the limits.
    """
    if not is_archive(source):
        return {source.name: source.unpacked[:HEAD]}
    with _opened(source, limits) as packed:
        return {part.filename: _read(packed, part, source.name, HEAD) for part in _parts(packed)}


def contents(source: Source, names: list[str], limits: Limits = LIMITS) -> Iterator[bytes]:
    """Give the bytes of these files one after the other, so that only one is held at a time.

    Raises
    ------
    BadInput
        The zip is damaged, or grows beyond the limits while it is unpacked.
    """
    if not is_archive(source):
        yield source.unpacked
        return
    left = limits.expanded
    with _opened(source, limits) as packed:
        for part in _parts(packed):
            if part.filename in names:
                data = _read(packed, part, source.name, left + 1)
                left -= len(data)
                if left < 0:
                    raise _too_large(source.name, limits)
                yield data


def bare(name: str) -> str:
    """Return the name of a file in a zip without its folders."""
    return PurePosixPath(name.replace("\\", "/")).name or name


def _opened(source: Source, limits: Limits) -> zipfile.ZipFile:
    try:
        packed = zipfile.ZipFile(BytesIO(source.unpacked))
        parts = packed.infolist()
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError) as error:
        raise BadInput(f"{source.name} is a damaged zip: download it again.") from error
    if len(parts) > MOST_FILES:
        raise BadInput(f"{source.name} holds {len(parts):,} files; at most {MOST_FILES:,}.")
    if any(part.flag_bits & 1 for part in parts):
        raise BadInput(f"{source.name} is locked with a password; unpack it and bring the files.")
    if sum(part.file_size for part in parts) > limits.expanded:
        raise _too_large(source.name, limits)
    return packed


def _parts(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files, without folders, hidden ones and what macOS adds."""
    return [
        part
        for part in packed.infolist()
        if not part.is_dir()
        and not part.filename.startswith("__MACOSX/")
        and not bare(part.filename).startswith(".")
    ]


def _read(packed: zipfile.ZipFile, part: zipfile.ZipInfo, file: str, most: int) -> bytes:
    """Unpack a file, at most so many bytes of it: what a zip says of its sizes is no proof."""
    out = bytearray()
    try:
        with packed.open(part) as stream:
            while len(out) < most and (piece := stream.read(min(_CHUNK, most - len(out)))):
                out += piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise BadInput(f"{file} is a damaged zip ({bare(part.filename)[:80]}).") from error
    except (ValueError, RuntimeError) as error:
        raise BadInput(f"{file} cannot be unpacked ({bare(part.filename)[:80]}).") from error
    return bytes(out)


def _too_large(file: str, limits: Limits) -> BadInput:
    return BadInput(f"{file} grows beyond {limits.expanded / 1e6:,.0f} MB when unpacked.")
