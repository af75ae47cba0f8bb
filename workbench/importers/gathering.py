"""The files that somebody brings: those of folders and zips one by one, and what belongs together.

What is not taken is listed with the reason, never dropped in silence.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import BadInput
from workbench.importers import (
    archive,
    catalogue_sheet,
    dsr_sets,
    json_rows,
    listenbrainz,
    lyric_files,
    own_tables,
    reading,
    spotify_history,
)
from workbench.importers.source import Source, opened

MOST_FILES = 5_000
MOST_BYTES = 2_000_000_000
MOST_CATALOGUE = 50_000_000  # bytes; what is larger lists more than recordings
TURNS = ("artists", "tracks", "a sheet")
# Exports that are one import as a whole zip: their JSON files are parts of one history.
WHOLE = (spotify_history.EXTENDED, spotify_history.SHORT, listenbrainz.SHAPE)


@dataclass(frozen=True, eq=False)
class Gathered:
    """What somebody brought.

    Attributes
    ----------
    sources : the files to be read. left_out : the others, each with the reason.
    """

    sources: list[Source]
    left_out: tuple[str, ...] = ()


def gathered(paths: list[Path]) -> Gathered:
    """Return the files of these paths: files, folders and zips.

    Raises
    ------
    BadInput
        One that was named cannot be read, or there are too many or too much of them.
    """
    left_out: list[str] = []

    def found() -> Iterator[Source]:
        for path in paths:
            if path.is_dir():
                yield from _readable(_in_folder(path, left_out), left_out)
            else:
                yield from _unzipped(opened(path), left_out)

    return _together(found(), left_out)


def bundled(sources: list[Source]) -> Gathered:
    """Return sources with the files of zips one by one, and with what belongs together as one.

    Lyric texts are one source together, and so is a sales report in several files. Of files with
    the same bytes the first counts.

    Raises
    ------
    BadInput
        There are too many files, or too much of them once they are unpacked.
    """
    left_out: list[str] = []
    return _together(_readable(sources, left_out), left_out)


def _readable(sources: Iterable[Source], left_out: list[str]) -> Iterator[Source]:
    """Give sources with zips unpacked; a zip that cannot be is left out as a whole."""
    for source in sources:
        try:
            yield from list(_unzipped(source, left_out))
        except BadInput as error:
            left_out.append(str(error))


def _together(sources: Iterable[Source], left_out: list[str]) -> Gathered:
    each, room = [], MOST_BYTES
    for source in sources:
        each.append(source)
        room -= _size(source)
        if room < 0:
            raise BadInput(
                f"These files hold more than {MOST_BYTES / 1e6:,.0f} MB together; bring fewer "
                "at once, for example a folder at a time."
            )
        if len(each) > MOST_FILES:
            raise BadInput(f"These are more than {MOST_FILES:,} files; bring fewer at once.")
    each = lyric_files.combined(dsr_sets.combined(each))
    return Gathered(sorted(_once(each, left_out), key=_turn), tuple(left_out))


def _in_folder(folder: Path, left_out: list[str]) -> Iterator[Source]:
    """Give the files in a folder and below it, by name; hidden folders are not entered."""
    for path in _paths(folder, left_out):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            left_out.append(f"{name}: is a link; bring the file that it leads to")
            continue
        try:
            source = opened(path, name=name)
            reason = source.foreign
        except BadInput as error:
            left_out.append(str(error))
            continue
        if reason:
            left_out.append(f"{name}: is {reason}")
        else:
            yield source


def _paths(folder: Path, left_out: list[str]) -> list[Path]:
    def unread(error: OSError) -> None:
        left_out.append(f"{error.filename}: cannot be opened: {error.strerror}")

    found: list[Path] = []
    for here, folders, files in os.walk(folder, onerror=unread):
        within = Path(here)
        hidden = [name for name in folders if name.startswith(".")]
        left_out += [f"{(within / name).relative_to(folder)}: a hidden folder" for name in hidden]
        found += [within / name for name in folders if (within / name).is_symlink()]
        folders[:] = sorted(set(folders) - set(hidden) - set(archive.DROPPINGS))
        found += [within / name for name in files if not archive.is_dropping(name)]
        if len(found) > MOST_FILES:
            raise BadInput(f"{folder} holds more than {MOST_FILES:,} files; bring fewer at once.")
    return sorted(found)


def _unzipped(source: Source, left_out: list[str]) -> Iterator[Source]:
    """Give the files of a zip; other files, and exports that are read as a whole, as they are."""
    if not _is_archive(source) or source.foreign:
        yield source
        return
    heads, taken = archive.heads(source), set()
    left_out += [
        f"{source.name}/{archive.shown(name)}: is a link; bring the file that it leads to"
        for name in archive.links(source)
    ]
    if any(json_rows.fits(head, shape) for head in heads.values() for shape in WHOLE):
        yield source
        taken = {name for name, head in heads.items() if json_rows.is_json(head)}
    elif not heads:
        left_out.append(f"{source.name}: holds no files")
    names = [name for name in heads if name not in taken]
    for name, data in zip(names, archive.contents(source, names), strict=True):
        way = archive.shown(name.replace("\\", "/"))
        inner = Source(f"{source.name}/{way}", data)
        if _is_archive(inner) and not inner.foreign:
            left_out.append(
                f"{inner.name}: is a zip within a zip, which is not opened; unpack it and bring it "
                "on its own"
            )
        elif reason := _foreign(inner):
            left_out.append(f"{inner.name}: is {reason}")
        else:
            yield inner


def _is_archive(source: Source) -> bool:
    try:
        return archive.is_archive(source)
    except BadInput:  # a damaged gzip; said when it is read
        return False


def _foreign(inner: Source) -> str | None:
    try:
        return inner.foreign
    except BadInput:  # said when it is read
        return None


def _once(sources: list[Source], left_out: list[str]) -> list[Source]:
    """Leave out files with the same bytes as another: they are one import."""
    first: dict[str, Source] = {}
    for source in sources:
        other = first.setdefault(source.sha256, source)
        if other is not source:
            left_out.append(f"{source.name}: the same file as {other.name}")
    return list(first.values())


def _turn(source: Source) -> int:
    """Return when it is a file's turn: what says most of recordings goes before what names them."""
    if len(source.data) > MOST_CATALOGUE:
        return len(TURNS)
    try:
        sheet = reading.sheet(source)
    except BadInput:  # no table, or said when it is read
        return len(TURNS)
    kind = own_tables.kind_of(sheet)
    said = kind.name if kind else "a sheet" if catalogue_sheet.columns_of(sheet) else ""
    return TURNS.index(said) if said in TURNS else len(TURNS)


def _size(source: Source) -> int:
    try:
        return len(source.unpacked)
    except BadInput:
        return len(source.data)
