"""What made-up files share: songs, names and days to fill them with, and ways to write a table."""

import csv
import datetime
import gzip
import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import xlsxwriter

WORDS = (
    "harbour", "lantern", "quartz", "mosaic", "dahlia", "tundra", "citadel", "nimbus", "walnut",
    "gravel", "piccolo", "velvet", "sahara", "juniper", "obelisk", "marzipan", "zeppelin",
    "compass", "kumquat", "thunder", "bramble", "saffron", "glacier", "trombone", "fjord",
    "pyramid", "whisper", "cobalt", "monsoon", "parsley", "ivory", "cactus", "daybreak",
    "hurdle", "ölberg", "größe", "éclair", "żubr", "夜の海", "тишина", "señal", "άνεμος",
)  # fmt: skip
MARKS = ("", "", "", "", ", Too", ' "Bis"', "'s", "!", " & Co.", " = 1", " #2", "; Yes")
NAMES = (
    "Nora Vale", "Otto Brandt", "Ximena Ruiz", "Þóra Jökulsdóttir", "Kimiko Abe", "Wu Zhen",
    "Fela Oduya", "Gwyneth Pryce", "Ljubav Zorić", "Bjarki", "Ödön Szűcs", "Quill Hammond",
)  # fmt: skip
TERRITORIES = {"DE": "Germany", "US": "United States", "JP": "Japan", "BR": "Brazil"}
FIRST, LAST = datetime.date(2015, 1, 1), datetime.date(2026, 6, 30)


@dataclass(frozen=True)
class Song:
    """A recording as files name it."""

    title: str
    artist: str
    album: str
    isrc: str
    upc: str
    label: str


@dataclass(frozen=True)
class Made:
    """A file and what it means.

    Attributes
    ----------
    name, data : the file. rows : by table, each row as what it says by column, without what it
    does not say. A recording stands as “track”: its title and artist, and a listener as what they
    are called in the file. answers : to what is asked. people : listeners that it names.
    """

    name: str
    data: bytes
    rows: dict[str, list[dict]]
    answers: dict[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()


def songs(chance: random.Random, most: int = 5, marks: Sequence[str] = MARKS) -> list[Song]:
    """Return a few songs, so unlike each other that none may be meant by the name of another."""
    words = chance.sample(WORDS, len(WORDS))
    people = chance.sample(NAMES, 3)
    made = []
    for n in range(chance.randint(1, most)):
        title = " ".join(words.pop() for _ in range(chance.randint(1, 2)))
        number = 10 * chance.randrange(10_000) + n
        made.append(
            Song(
                title=title[:1].upper() + title[1:] + chance.choice(marks),
                artist=chance.choice(people),
                album=f"{words.pop().title()} {n}",
                isrc=f"GBAYE{chance.randrange(100):02d}{number:05d}",
                upc=checked(f"5{number:011d}"),
                label=f"{words.pop().title()} Records",
            )
        )
    return made


def checked(digits: str) -> str:
    """Return an EAN: twelve digits with the one that checks them."""
    total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def recordings(named: Iterable[Song], *said: str) -> dict[str, list[dict]]:
    """Return the rows of tracks and artists that songs make; `said` is what files say of them."""
    each = list(dict.fromkeys(named))
    tracks = [
        {"title": song.title, "artist": song.artist, "status": "released"}
        | {name: getattr(song, name) for name in said}
        for song in each
    ]
    return {"tracks": tracks, "artists": [{"name": n} for n in {s.artist for s in each}]}


def day(chance: random.Random) -> datetime.date:
    """Return a day."""
    return FIRST + datetime.timedelta(days=chance.randrange((LAST - FIRST).days))


def days(chance: random.Random, most: int = 12) -> list[datetime.date]:
    """Return some days, none twice."""
    return list({day(chance): None for _ in range(chance.randint(1, most))})


def moment(chance: random.Random) -> datetime.datetime:
    """Return a time, to the second."""
    seconds = chance.randrange(86_400)
    start = datetime.datetime.combine(day(chance), datetime.time(), datetime.UTC)
    return start + datetime.timedelta(seconds=seconds)


def count(chance: random.Random) -> int:
    """Return a count of any size, nought among them."""
    return chance.choice((0, chance.randrange(1000), chance.randrange(10**9)))


def maybe(chance: random.Random, value: object) -> object:
    """Return a value, or nothing."""
    return value if chance.random() < 0.8 else None


def without_nothing(row: dict) -> dict:
    """Return a row without the columns of which it says nothing."""
    return {name: value for name, value in row.items() if value is not None}


def grouped(number: object, places: int, sign: str, *, thousands: bool = True) -> str:
    """Return a number as it is written where that is the decimal sign."""
    text = f"{number:,.{places}f}"
    text = text if thousands else text.replace(",", "")
    return text.translate(str.maketrans(",.", ".,")) if sign == "," else text


def table(
    chance: random.Random, cells: list[list[object]], mark: str = ",", *, above: str = "",
    quotes: bool = True,
) -> tuple[str, bytes]:  # fmt: skip
    """Return the name and the bytes of a file with these rows, in one of the forms of a table.

    Parameters
    ----------
    chance : decides encoding, line ends and whether it is a workbook or packed. cells : rows, the
    header among them; None is empty. mark : between cells. above : lines over the header.
    quotes : whether a cell may stand in quotes.
    """
    if not above and quotes and chance.random() < 0.08:
        return "table.xlsx", _workbook(cells)
    out = io.StringIO(newline="")
    how = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
    end = chance.choice(("\n", "\n", "\r\n"))
    writer = csv.writer(out, delimiter=mark, quoting=how, quotechar='"' if quotes else None,
                        lineterminator=end)  # fmt: skip
    writer.writerows(cells)
    text = above.replace("\n", end) + out.getvalue()
    encoding = chance.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16"))
    return packed(chance, "table.csv", text.encode(encoding))


def packed(chance: random.Random, name: str, data: bytes) -> tuple[str, bytes]:
    """Return a file as it is or, now and then, in a .gz or .zip."""
    kind = chance.choice(("", "", "", "", "", "", "", "", "", "", "", "", "", "", "gz", "zip"))
    if kind == "gz":
        return f"{name}.gz", gzip.compress(data, 1, mtime=0)
    return (f"{name}.zip", zipped({name: data})) if kind else (name, data)


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip with these files, the same bytes whenever it is made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _workbook(cells: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.datetime(2026, 7, 1)})  # noqa: DTZ001
        sheet = book.add_worksheet()
        for number, row in enumerate(cells):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(number, place, str(cell))
    return out.getvalue()
