"""A zip on its way in: its files one after the other, never written to disk, within limits."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from workbench.errors import BadInput
from workbench.importers.sheet import Limits
from workbench.importers.source import LIMITS, Source, parts

MOST_FILES = 5_000
HEAD = 1 << 16
_CHUNK = 1 << 20
# What systems put into folders and zips of themselves; nobody brought it.
DROPPINGS = (".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX")


def is_archive(source: Source) -> bool:
    """Tell a zip of files from a spreadsheet, which is a zip too."""
    return source.is_zip and not source.is_workbook


def heads(source: Source, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Return the first bytes of each file: of those in a zip, or of the file itself.

    Raises
    ------
    BadInput
        The zip is damaged, locked, larger than the limits, or holds names that lead out of it.
    """
    if not is_archive(source):
        return {source.name: source.unpacked[:HEAD]}
    listed = _files(source, limits)
    with zipfile.ZipFile(BytesIO(source.unpacked)) as packed:
        return {name: _read(packed, part, source.name, HEAD) for name, part in listed.items()}


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
    left, listed = limits.expanded, _files(source, limits)
    with zipfile.ZipFile(BytesIO(source.unpacked)) as packed:
        for name, part in listed.items():
            if name in names:
                data = _read(packed, part, source.name, left + 1)
                left -= len(data)
                if left < 0:
                    raise _too_large(source.name, limits)
                yield data


def links(source: Source) -> list[str]:
    """Return the names in a zip that are links and no files; they are not followed."""
    return [part.filename for part in parts(source) if _is_link(part)]


def bare(name: str) -> str:
    """Return the name of a file in a zip without its folders."""
    return PurePosixPath(name.replace("\\", "/")).name or name


def _files(source: Source, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Return the files of a zip by name, without folders, links and what systems add."""
    listed = parts(source)
    if len(listed) > MOST_FILES:
        raise BadInput(f"{source.name} holds {len(listed):,} files; at most {MOST_FILES:,}.")
    if any(part.flag_bits & 1 for part in listed):
        raise BadInput(f"{source.name} is locked with a password; unpack it and bring the files.")
    if sum(part.file_size for part in listed) > limits.expanded:
        raise _too_large(source.name, limits)
    if leading := [part.filename for part in listed if _leads_out(part.filename)]:
        raise BadInput(
            f"{source.name} holds a file whose name leads out of it ({shown(leading[0])}), as no "
            "export does. It was not opened; get it again from where it comes."
        )
    found: dict[str, zipfile.ZipInfo] = {}
    for part in listed:
        if part.is_dir() or _is_link(part) or is_dropping(part.filename):
            continue
        if part.filename in found:
            raise BadInput(
                f"{source.name} holds several files named {shown(part.filename)}, and it is not "
                "known which counts. Unpack it and bring the files."
            )
        found[part.filename] = part
    return found


def is_dropping(name: str) -> bool:
    """Tell what a system put beside the files, and nobody meant to bring."""
    way = name.replace("\\", "/").split("/")
    return any(step in DROPPINGS for step in way) or way[-1].startswith("._")


def shown(name: str) -> str:
    """Return a name from a zip as it can be shown: short, and without signs that steer."""
    return "".join(sign if sign.isprintable() else "�" for sign in name)[:120]


def _leads_out(name: str) -> bool:
    way = name.replace("\\", "/")
    return way.startswith("/") or way[1:2] == ":" or ".." in way.split("/")


def _is_link(part: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(part.external_attr >> 16)
    return kind not in (0, stat.S_IFREG, stat.S_IFDIR)


def _read(packed: zipfile.ZipFile, part: zipfile.ZipInfo, file: str, most: int) -> bytes:
    """Unpack a file, at most so many bytes of it: what a zip says of its sizes is no proof."""
    out = bytearray()
    try:
        with packed.open(part) as stream:
            while len(out) < most and (piece := stream.read(min(_CHUNK, most - len(out)))):
                out += piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise BadInput(f"{file} is a damaged zip ({shown(bare(part.filename))}).") from error
    except (ValueError, RuntimeError) as error:
        raise BadInput(f"{file} cannot be unpacked ({shown(bare(part.filename))}).") from error
    return bytes(out)


def _too_large(file: str, limits: Limits) -> BadInput:
    return BadInput(f"{file} grows beyond {limits.expanded / 1e6:,.0f} MB when unpacked.")
