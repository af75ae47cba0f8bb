"""A file that somebody brought: its bytes, and what kind of thing they are before any reading."""

import contextlib
import hashlib
import io
import os
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workbench.errors import BadInput
from workbench.importers.sheet import Limits

ZIP, PACKED = b"PK\x03\x04", b"\x1f\x8b"
EMPTY_ZIP, ENTRY = b"PK\x05\x06", b"PK\x01\x02"
MOST_PARTS = 10_000
CHUNK = 1 << 20
LIMITS = Limits()
_UNPACK, _SAVE = "unpack it and bring the files inside", "save it as .xlsx or CSV"
# What holds no table and no text, by its first bytes: what to call it, and what to do.
FOREIGN = (
    (0, b"%PDF", "a PDF; tables cannot be taken from it reliably"),
    (0, b"7z\xbc\xaf\x27\x1c", f"a .7z archive: {_UNPACK}"),
    (0, b"Rar!\x1a\x07", f"a .rar archive: {_UNPACK}"),
    (4, b"1AY&SY", f"packed with bzip2: {_UNPACK}"),
    (0, b"\xfd7zXZ\x00", f"packed with xz: {_UNPACK}"),
    (0, b"\x28\xb5\x2f\xfd", f"packed with zstd: {_UNPACK}"),
    (257, b"ustar", f"a .tar archive: {_UNPACK}"),
    (0, EMPTY_ZIP, "a zip without files"),
    (0, b"\xd0\xcf\x11\xe0", "an old .xls file: save it as .xlsx or CSV"),
    (0, b"\x89PNG", "a picture"), (0, b"\xff\xd8\xff", "a picture"), (0, b"GIF8", "a picture"),
    (0, b"RIFF", "sound or a picture"), (0, b"FORM", "sound"), (0, b"ID3", "sound"),
    (0, b"fLaC", "sound"), (0, b"OggS", "sound"), (4, b"ftyp", "sound or video"),
    (0, b"SQLite format 3", "a database"),
)  # fmt: skip
# A zip that is itself one document, by the beginning of a name in it.
DOCUMENTS = (
    ("Index/Document.iwa", f"a Numbers or Pages document: {_SAVE}"),
    ("word/document", f"a Word document: {_SAVE}"),
    ("mimetype", f"an OpenDocument file or an e-book: {_SAVE}"),
)
WORKBOOK = "xl/workbook."


@dataclass(frozen=True, eq=False)
class Source:
    """A file that somebody brought: its name and its bytes, read once.

    Attributes
    ----------
    name : as people know it; in a folder or a zip with the way to it, “exports.zip/may.csv”.
    data : the bytes as they came.
    """

    name: str
    data: bytes

    @cached_property
    def sha256(self) -> str:
        """Hash of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def unpacked(self) -> bytes:
        """The bytes, without the gzip around them."""
        if isinstance(self._unpacked, BadInput):
            raise self._unpacked
        return self._unpacked

    @cached_property
    def _unpacked(self) -> bytes | BadInput:
        """The bytes, or why there are none: each format asks, and a bomb takes seconds to find."""
        try:
            return _gunzipped(self.data, self.name, LIMITS)
        except BadInput as error:
            return error

    @property
    def is_zip(self) -> bool:
        """Whether it is a zip, a spreadsheet included."""
        return self.unpacked.startswith(ZIP)

    @cached_property
    def is_workbook(self) -> bool:
        """Whether it is a spreadsheet, which is a zip too, and not a zip of files."""
        if not self.is_zip:
            return False
        try:
            return any(part.filename.startswith(WORKBOOK) for part in parts(self))
        except BadInput:  # damaged: by what most writers of spreadsheets put first
            return b"[Content_Types].xml" in self.unpacked[:200]

    @cached_property
    def foreign(self) -> str | None:
        """What it is where neither a table nor text can be in it; None otherwise."""
        head = self.unpacked[:512]
        for place, mark, words in FOREIGN:
            # a header may begin with letters such as FORM, but holds no zero byte
            if head.startswith(mark, place) and (b"\0" in head or not mark.isalnum()):
                return words
        if self.is_zip and not self.is_workbook:
            with contextlib.suppress(BadInput):
                names = [part.filename for part in parts(self)]
                return next((said for mark, said in DOCUMENTS
                             if any(name.startswith(mark) for name in names)), None)  # fmt: skip
        return None


def opened(path: Path, limits: Limits = LIMITS, *, name: str | None = None) -> Source:
    """Return a file of this machine with its bytes; its size is looked at first.

    Raises
    ------
    BadInput
        It is not there, no plain file, too large, or it changed while it was read.
    """
    name = name or path.name
    try:
        if not path.is_file():
            raise BadInput(f"{path} is not a file.")
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            if before.st_size > limits.bytes:
                raise BadInput(
                    f"{name} has {before.st_size / 1e6:,.0f} MB; at most "
                    f"{limits.bytes / 1e6:,.0f} MB are read at once. Split it, for example by year."
                )
            data = file.read(limits.bytes + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
        raise BadInput(
            f"{name} changed while it was read. Wait until it is whole and bring it again."
        )
    return Source(name, data)


def parts(source: Source) -> list[zipfile.ZipInfo]:
    """Return what the directory of a zip lists, once it is no longer than a directory may be.

    Raises
    ------
    BadInput
        The zip is damaged or has too many parts.
    """
    data = source.unpacked
    # counted first: a directory of millions of entries fills the memory as it is read
    if (count := data.count(ENTRY)) > MOST_PARTS:
        raise BadInput(f"{source.name} is a zip of {count:,} files; at most {MOST_PARTS:,}.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            listed = packed.infolist()
        if not all(part.filename for part in listed):
            raise zipfile.BadZipFile("a file without a name")
        return listed
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as error:
        raise BadInput(f"{source.name} is a damaged zip: download it again.") from error


def _gunzipped(data: bytes, file: str, limits: Limits) -> bytes:
    """Unpack gzip piece by piece, so that a bomb is refused before it fills the memory."""
    if not data.startswith(PACKED):
        return data
    out, stream = io.BytesIO(), zlib.decompressobj(wbits=31)
    rest = data
    try:
        while rest:
            out.write(stream.decompress(rest, CHUNK))
            if out.tell() > limits.expanded:
                raise BadInput(
                    f"{file} grows beyond {limits.expanded / 1e6:,.0f} MB when unpacked."
                )
            rest = stream.unconsumed_tail
            if stream.eof:  # several packed parts may follow one another
                rest = stream.unused_data
                stream = zlib.decompressobj(wbits=31)
                if not rest.startswith(PACKED):
                    break
            elif not rest:
                raise BadInput(f"{file} ends in the middle: download it again.")
    except zlib.error as error:
        raise BadInput(f"{file} is a damaged gzip file: download it again.") from error
    if out.getvalue().startswith(PACKED):
        raise BadInput(f"{file} is packed twice; unpack it once.")
    return out.getvalue()
