"""Sales reports that come in several files: put together before they are read."""

from workbench.importers import dsr_records
from workbench.importers.dsr_records import HEAD
from workbench.importers.source import Source


def combined(sources: list[Source]) -> list[Source]:
    """Return sources with the files of one report as one; the others as they are, in order.

    Whether a set is whole is asked when it is read: dsr_records.head_of.
    """
    sets: dict[str, dict[str, Source]] = {}
    rest = []
    for source in sources:
        head = _head(source)
        if head is None or head["files"] in ("", "1"):
            rest.append(source)
        else:  # the same file twice is one file
            sets.setdefault(head["message"], {})[source.sha256] = source
    return [*rest, *(_joined(list(files.values())) for files in sets.values())]


def _joined(files: list[Source]) -> Source:
    if len(files) == 1:
        return files[0]
    numbered = sorted(files, key=lambda source: (_number(source), source.name))
    texts = [source.unpacked.removeprefix(b"\xef\xbb\xbf").rstrip(b"\n") for source in numbered]
    name = f"{numbered[0].name} and {len(files) - 1} more"
    return Source(name, b"\n".join(texts) + b"\n")


def _number(source: Source) -> int:
    number = _head(source)["number"]
    return int(number) if number.isdecimal() else 0


def _head(source: Source) -> dict[str, str] | None:
    """Return what the first record of a sales report says; None where it is none."""
    if not dsr_records.is_report(source):
        return None
    cells = dsr_records.first_record(source)
    return {name: cells[place] if place < len(cells) else "" for name, place in HEAD.items()}
