"""Experiments as plain sheets: units, their arm, what came of it, and what was known before."""

import random

from benchmarks.generated.files import Made, moment, table

PLACES = ("DE", "US", "GB", "JP", "FR", "BR", "MX", "SE")


def experiments(chance: random.Random) -> Made:
    """Return a test of people by their addresses or of countries, with or without its name."""
    people = chance.random() < 0.6
    count = chance.randint(4, 8)
    units = [f"fan{n}@example.org" for n in range(count)] if people else list(PLACES[:count])
    named, name = chance.random() < 0.5, chance.choice(("Letter in May", "Größe; Z", "夜のテスト"))
    day = moment(chance).date()
    header = ["Email" if people else "Country", "Arm", "Outcome", "Date", "Streams before"]
    cells: list[list[object]] = [[*(["Experiment"] if named else []), *header]]
    rows = []
    for number, unit in enumerate(units):
        arm, known = ("letter", "none")[number % 2], chance.randrange(500)
        outcome = chance.choice((0, 1, chance.randrange(10_000) / 100))
        cells.append([*([name] if named else []), unit, arm, outcome, day.isoformat(), known])
        rows.append({
            "experiment": name, "unit": unit, "arm": arm, "outcome": float(outcome), "date": day,
            "covariates": [{"name": "streams before", "value": float(known)}],
        })  # fmt: skip
    file, data = table(chance, cells, chance.choice(",;\t"))
    return Made(file, data, {"experiments": rows}, {} if named else {"experiment": name},
                people=tuple(units) if people else ())  # fmt: skip
