"""The shop: products, who buys them, and exchange rates.

Buyers were asked to join the panel, so they are far commoner in it than among all listeners: what
the panel buys must not be multiplied by 500.
"""

import datetime
from decimal import Decimal

import numpy as np
import polars as pl

from sample_data.generator.audience import Panel
from sample_data.generator.world import CODES, DAYS, FIRST_DAY, stream, weekday

INTENTIONAL = ("library", "artist_page", "listener_playlist", "search")
# Orders of a listener from an artist, in two years: RATE x intentional streams to the POWER.
RATE = 0.0045
POWER = 1.15
CEILING = 9.0
KINDS = {  # price, cost of one, how often bought
    "vinyl": (27.0, 10.4, 0.24),
    "cd": (13.5, 3.1, 0.10),
    "t-shirt": (28.0, 8.2, 0.26),
    "hoodie": (56.0, 19.5, 0.10),
    "ticket": (26.0, 14.0, 1.6),
    "bundle": (62.0, 21.0, 0.08),
}
CITIES = {"US": "Chicago", "GB": "Manchester", "DE": "Leipzig", "FR": "Lyon", "ES": "Valencia",
          "MX": "Guadalajara", "BR": "Recife", "NL": "Utrecht", "SE": "Göteborg", "JP": "Ōsaka",
          "TW": "臺南", "AU": "Hobart"}  # fmt: skip


def products(artists: pl.DataFrame, tracks: pl.DataFrame, size: np.ndarray) -> pl.DataFrame:
    """Return table products: merchandise of the signed, records by album, tickets by show."""
    rows = []
    for a, artist in enumerate(artists.iter_rows(named=True)):
        rng = stream("products", artist["artist_id"])
        if not artist["signed"]:
            continue
        mine = tracks.filter(
            (pl.col("artist_id") == artist["artist_id"]) & (pl.col("status") == "released")
        )
        rows += [_product(artist, kind, kind, None, rng) for kind in ("t-shirt", "hoodie")
                 if size[a] > 0.006 or kind == "t-shirt"]  # fmt: skip
        albums = mine.filter(pl.col("album").is_not_null()).group_by("album")
        for album, day in albums.agg(pl.col("release_date").min()).sort("album").rows():
            kinds = ("vinyl", "cd", "bundle") if size[a] > 0.02 else ("vinyl",)
            rows += [_product(artist, kind, album, day, rng) for kind in kinds]
        for show in range(int(np.clip(round(size[a] * 90), 0, 7))):
            day = FIRST_DAY + datetime.timedelta(int(rng.integers(60, DAYS - 20)))
            odds = np.array(
                [0.24, 0.20, 0.24, 0.06, 0.05, 0.04, 0.04, 0.06, 0.04, 0.01, 0.01, 0.01]
            )
            code = str(rng.choice(CODES, p=odds / odds.sum()))
            name = f"{CITIES[code]}, {day:%d.%m.%Y}"
            rows.append(_product(artist, "ticket", name, day, rng, extra=f"{code}{show}"))
    return pl.DataFrame(rows, schema_overrides=_MONEY).sort("product_id")


def purchases(
    plays: pl.DataFrame, tracks: pl.DataFrame, people: Panel, goods: pl.DataFrame
) -> pl.DataFrame:
    """Return table purchases: more from those who sought the artist out more often."""
    rng = stream("purchases")
    fans = (
        plays.filter(pl.col("source").is_in(INTENTIONAL) & (pl.col("ms_played") >= 30_000))
        .join(tracks.select("track_id", "artist_id"), on="track_id")
        .group_by("listener_id", "artist_id")
        .agg(pl.len().alias("streams"), pl.col("played_at").min().dt.date().alias("first"))
        .join(goods.select("artist_id").unique(), on="artist_id", how="semi")
        .sort("listener_id", "artist_id")
    )
    purse = dict(zip(people.ids, np.exp(rng.normal(-0.4, 0.9, len(people.ids))), strict=True))
    home = dict(zip(people.ids, np.array(CODES)[people.country], strict=True))
    rows: list[dict] = []
    for listener, artist, streams, first in fans.rows():
        mean = min(RATE * streams**POWER * purse[listener], CEILING)
        for _ in range(int(rng.poisson(mean))):
            rows += _order(rng, len(rows), listener, home[listener], artist, first, goods)
    frame = pl.DataFrame(rows, schema_overrides={"amount": pl.Decimal(18, 4)})
    return _numbered(frame)


def fx_rates() -> pl.DataFrame:
    """Return table fx_rates: units of a currency for one euro, each Friday; a random walk."""
    weeks = [FIRST_DAY + datetime.timedelta(7 * w) for w in range((DAYS + 6) // 7)]
    rows = []
    for currency, middle in (("USD", 1.105), ("GBP", 0.853)):
        rng = stream("fx", currency)
        path = np.zeros(len(weeks))
        for w in range(1, len(weeks)):
            path[w] = 0.97 * path[w - 1] + rng.normal(0, 0.007)
        rows += [
            {"currency": currency, "day": day, "rate": round(float(middle * np.exp(x)), 4),
             "source": "generated"}
            for day, x in zip(weeks, path, strict=True)
        ]  # fmt: skip
    return pl.DataFrame(rows).sort("currency", "day")


_MONEY = {"price": pl.Decimal(18, 4), "unit_cost": pl.Decimal(18, 4)}


def _product(artist: dict, kind: str, name: str, day, rng, extra: str = "") -> dict:
    price, cost, _ = KINDS[kind]
    price = round(price * float(np.exp(rng.normal(0, 0.08))) * 2) / 2
    slug = artist["artist_id"].removeprefix("ar-")
    where = extra or "".join(c for c in name.casefold() if c.isalnum())[:14]
    start = day if kind != "ticket" else day - datetime.timedelta(60)
    titles = {
        "t-shirt": "T-shirt",
        "hoodie": "Hoodie",
        "vinyl": f"{name} (LP)",
        "cd": f"{name} (CD)",
        "bundle": f"{name} (LP + T-shirt)",
        "ticket": name,
    }
    return {
        "product_id": f"{kind}-{slug}" + (f"-{where}" if name != kind else ""),
        "artist_id": artist["artist_id"],
        "kind": kind,
        "name": f"{artist['name']}: {titles[kind]}",
        "price": Decimal(str(price)),
        "unit_cost": Decimal(str(round(cost * float(np.exp(rng.normal(0, 0.05))), 2))),
        "currency": "EUR",
        "available_from": max(start, FIRST_DAY - datetime.timedelta(900)) if start else None,
    }


def _order(rng, number, listener, country, artist, first, goods: pl.DataFrame) -> list[dict]:
    """Return the lines of one order; none when there was nothing to buy that day."""
    start = max((first - FIRST_DAY).days + int(rng.integers(2, 60)), 0)
    if start >= DAYS - 1:
        return []
    day = int(rng.integers(start, DAYS))
    if weekday()[day] in (1, 2) and rng.random() < 0.4:
        day = min(day + 3, DAYS - 1)  # shops sell best from Friday to Sunday
    date = FIRST_DAY + datetime.timedelta(day)
    offer = [
        row
        for row in goods.filter(pl.col("artist_id") == artist).iter_rows(named=True)
        if _on_sale(row, date, country)
    ]
    if not offer:
        return []
    odds = np.array([KINDS[row["kind"]][2] for row in offer])
    count = min(1 + int(rng.random() < 0.22) + int(rng.random() < 0.06), len(offer))
    chosen = rng.choice(len(offer), count, False, odds / odds.sum())
    second = int(rng.integers(0, 86_400))
    moment = datetime.datetime.combine(date, datetime.time(), tzinfo=datetime.UTC)
    lines = []
    for place in chosen:
        row = offer[int(place)]
        quantity = 2 if row["kind"] == "ticket" and rng.random() < 0.45 else 1
        rebate = Decimal("0.85") if rng.random() < 0.08 else Decimal(1)
        lines.append(
            {
                "order": number,
                "listener_id": listener,
                "product_id": row["product_id"],
                "quantity": quantity,
                "amount": (row["price"] * quantity * rebate).quantize(Decimal("0.01")),
                "currency": "EUR",
                "purchased_at": moment + datetime.timedelta(seconds=second),
            }
        )
    return lines


def _on_sale(row: dict, date: datetime.date, country: str) -> bool:
    start = row["available_from"]
    if start is not None and date < start:
        return False
    if row["kind"] != "ticket":
        return True
    show = start + datetime.timedelta(60)
    return date < show and row["product_id"].split("-")[-1][:2] == country


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Give orders their numbers in order of time, and take one line in fifty back later."""
    rng = stream("returns")
    frame = frame.sort("purchased_at", "order", "product_id")
    order = frame.group_by("order", maintain_order=True).agg().with_row_index("place", 10_001)
    frame = frame.join(order, on="order").with_columns(
        pl.format("O-{}", "place").alias("order_id"),
        (pl.col("product_id").cum_count().over("place")).cast(pl.Int64).alias("line"),
        pl.col("purchased_at").cast(pl.Datetime("ms", "UTC")),
    )
    back = frame.filter(
        pl.Series(rng.random(frame.height) < 0.02) & ~pl.col("product_id").str.starts_with("ticket")
    ).with_columns(
        pl.col("line") + 10,
        -pl.col("quantity"),
        (-pl.col("amount")).cast(pl.Decimal(18, 4)),
        pl.col("purchased_at") + pl.duration(days=9),
    )
    end = FIRST_DAY + datetime.timedelta(DAYS)
    columns = ["order_id", "line", "listener_id", "product_id", "quantity", "amount", "currency",
               "purchased_at"]  # fmt: skip
    whole = pl.concat([frame.select(columns), back.select(columns)])
    return whole.filter(pl.col("purchased_at").dt.date() < end).sort("order_id", "line")
