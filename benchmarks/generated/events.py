"""Events as plain sheets: shows, festivals and series of numbers, everywhere or in a country."""

import datetime
import random

from benchmarks.generated.files import TERRITORIES, WORDS, Made, moment, table

KINDS = ("tv", "festival", "outage", "Größe; Z", "夜")


def events(chance: random.Random) -> Made:
    """Return events of some kinds, with or without their ends, strengths and countries."""
    ends, strengths, places = (chance.random() < 0.5 for _ in range(3))
    header = ["Event", "Type", "Start"]
    header += ["End"] * ends + ["Value"] * strengths + ["Country"] * places
    cells: list[list[object]] = [header]
    rows = []
    for number in range(chance.randint(1, 6)):
        name, kind = f"{chance.choice(WORDS)} {number}", chance.choice(KINDS)
        first = moment(chance).date()
        row: dict[str, object] = {"name": name, "kind": kind, "first_day": first}
        cell: list[object] = [name, kind, first.isoformat()]
        said = [name, first.isoformat()]
        if ends:
            last = first + datetime.timedelta(days=chance.randrange(9))
            row["last_day"] = last
            cell.append(last.isoformat())
        if strengths:
            row["value"] = chance.randrange(1, 900) / 100
            cell.append(row["value"])
        if places:
            code = chance.choice(("", *TERRITORIES))
            cell.append(TERRITORIES.get(code, ""))
            if code:
                row["territory"] = code
                said.append(TERRITORIES[code])
        cells.append(cell)
        rows.append(row | {"event": " · ".join(said)})
    file, data = table(chance, cells, chance.choice(",;\t"))
    return Made(file, data, {"events": rows})
