"""Exports of ad managers: Meta, Google Ads, TikTok."""

import datetime
import random
from decimal import Decimal

from benchmarks.generated.files import (
    TERRITORIES,
    Made,
    count,
    day,
    grouped,
    maybe,
    table,
    without_nothing,
)

CAMPAIGNS = ("Tide", "Größe & Mehr", "Launch, phase 2", 'The "Big" One', "夜", "Total Eclipse")
SETS = ("Fans", "Cold; broad", "Lookalike 1%", "18-24")
META = {
    ".": ("Campaign name", "Ad set name", "Country", "Result indicator", "Results", "Impressions",
          "Link clicks", "Amount spent ({})", "Reporting starts", "Reporting ends"),
    ",": ("Nom de la campagne", "Nom de l'ensemble de publicités", "Pays",
          "Indicateur de résultats", "Résultats", "Impressions", "Clics sur un lien",
          "Montant dépensé ({})", "Début des rapports", "Fin des rapports"),
}  # fmt: skip


def ad_managers(chance: random.Random) -> Made:
    """Campaigns of one of the three."""
    return chance.choice((_meta, _google, _tiktok))(chance)


def _campaigns(chance: random.Random) -> list[dict]:
    """Return rows of spend, no two of which are the same campaign, set, place and day."""
    found = {}
    for _ in range(chance.randint(1, 8)):
        of = (chance.choice(CAMPAIGNS), chance.choice(SETS), chance.choice(list(TERRITORIES)),
              day(chance))  # fmt: skip
        spend = Decimal(chance.randrange(1, 10**7)).scaleb(-2)
        found[of[:2]] = dict(zip(("campaign", "set", "territory", "day"), of, strict=True)) | {
            "spend": spend, "impressions": count(chance), "clicks": maybe(chance, count(chance)),
            "results": maybe(chance, count(chance)),
        }  # fmt: skip
    return list(found.values())


def _row(one: dict, channel: str, currency: str, **more: object) -> dict:
    return without_nothing({
        "campaign_id": f"{channel}:{one['campaign']} · {one['set']}", "channel": channel,
        "day": one["day"], "territory": one["territory"], "targeting": one["set"],
        "spend": one["spend"], "currency": currency, "impressions": one["impressions"],
        "clicks": one["clicks"], "results": one["results"], "days": 1,
    } | more)  # fmt: skip


def _number(value: Decimal | int | None, sign: str) -> str | None:
    if value is None:
        return None
    return grouped(value, 2 if isinstance(value, Decimal) else 0, sign)


def _meta(chance: random.Random) -> Made:
    sign, currency = chance.choice(".,"), chance.choice(("EUR", "USD"))
    length, rows = chance.randint(1, 28), _campaigns(chance)
    cells: list[list[object]] = [[name.format(currency) for name in META[sign]]]
    for one in rows:
        last = one["day"] + datetime.timedelta(days=length - 1)
        numbers = [_number(one[n], sign) for n in ("results", "impressions", "clicks", "spend")]
        cells.append([one["campaign"], one["set"], one["territory"], "actions:lead", *numbers,
                      one["day"], last])  # fmt: skip
    if chance.random() < 0.5:
        total = _number(sum(one["spend"] for one in rows), sign)
        cells.append([*[None] * 7, total, None, None])
    file, data = table(chance, cells, "," if sign == "." else ";")
    more = {"days": length, "result_kind": "actions:lead"}
    return Made(file, data, {"campaigns": [_row(one, "meta", currency, **more) for one in rows]})


def _google(chance: random.Random) -> Made:
    rows, currency = _campaigns(chance), chance.choice(("EUR", "USD"))
    cells: list[list[object]] = [
        ["Campaign", "Ad group", "Day", "Country/Territory (User location)", "Currency code",
         "Impr.", "Clicks", "Cost", "Conversions"]
    ]  # fmt: skip
    for one in rows:
        numbers = [_number(one[n], ".") for n in ("impressions", "clicks", "spend", "results")]
        cells.append([one["campaign"], one["set"], one["day"], TERRITORIES[one["territory"]],
                      currency, *numbers])  # fmt: skip
    if chance.random() < 0.5:
        total = _number(sum(one["spend"] for one in rows), ".")
        cells.append(["Total: Account", "--", "--", "--", currency, "1", "1", total, "1"])
    above = chance.choice(("", 'Campaign report\n"July 1, 2026 - July 31, 2026"\n'))
    file, data = table(chance, cells, above=above)
    kept = [_row(one, "google", currency, result_kind="conversions") for one in rows]
    return Made(file, data, {"campaigns": kept})


def _tiktok(chance: random.Random) -> Made:
    rows = _campaigns(chance)
    cells: list[list[object]] = [
        ["Campaign name", "Ad group name", "Date", "Country/region", "Cost", "Currency",
         "Impressions", "Clicks (destination)", "Conversions", "2-second video views"]
    ]  # fmt: skip
    cells += [
        [one["campaign"], one["set"], one["day"], one["territory"], _number(one["spend"], "."),
         "USD", *(_number(one[n], ".") for n in ("impressions", "clicks", "results")), "1"]
        for one in rows
    ]  # fmt: skip
    if chance.random() < 0.5:
        total = _number(sum(one["spend"] for one in rows), ".")
        cells.append([f"Total of {len(rows)} results", "-", "-", "-", total, "USD", "1", "1", "1",
                      "1"])  # fmt: skip
    file, data = table(chance, cells)
    kept = [_row(one, "tiktok", "USD", result_kind="conversions") for one in rows]
    return Made(file, data, {"campaigns": kept})
