"""A plan in figures beside the current one: what a table of its results must not leave behind."""

import datetime

import polars as pl

from workbench.promotion.plan import Plan, friday


def plan_facts(
    current: Plan, scenario: Plan, after: datetime.date, names: dict[str, str | None]
) -> pl.DataFrame:
    """Return fact | current | scenario, all as text, in the order of reading.

    Parameters
    ----------
    after : first day without data, from which the flight of a song that is out is counted.
    names : what people call the release: title, artist, genre; empty where nothing is known.
    """
    both = [_facts(plan, after, names) for plan in (current, scenario)]
    return pl.DataFrame(
        {
            "fact": list(both[0]),
            "current": list(both[0].values()),
            "scenario": list(both[1].values()),
        }
    )


def flight_days(plan: Plan, after: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of spend; weeks run Friday to Thursday."""
    release = plan.release_date
    begin = friday(release) if release and release >= after else after
    first = begin + datetime.timedelta(weeks=plan.flight[0])
    return first, first + datetime.timedelta(days=7 * plan.flight[1] - 1)


def _release_day(day: datetime.date | None, after: datetime.date) -> str | None:
    """Return a release date; of one to come that is no Friday also the day it is counted from."""
    if day is None or day < after or day == friday(day):
        return str(day) if day else None
    return f"{day}, counted from Friday {friday(day)}"


def _facts(plan: Plan, after: datetime.date, names: dict[str, str | None]) -> dict[str, str | None]:
    first, last = flight_days(plan, after)
    return {
        "release": names.get("title") or "not in the catalogue",
        "track": plan.track_id,
        "artist": names.get("artist") or None,
        "genre": names.get("genre") or None,
        "release date": _release_day(plan.release_date, after),
        "spend from": str(first),
        "spend until": str(last),
        "money in these weeks": plan.flighting,
        "budget": f"{plan.budget:.2f}",
        "playlist pitch": "{:,.0f} followers, {} weeks, chance {:.0%}".format(*plan.pitch)
        if plan.pitch
        else None,
        "weeks counted": str(plan.weeks),
        "payout a stream": f"{plan.payout:.4f}",
        "shares": ", ".join(f"{cell} {share:.1%}" for cell, share in plan.shares)
        or "as the audience",
        "shares of single channels": ", ".join(
            f"{channel} in {cell} {share:.1%}" for channel, cell, share in plan.channel_shares
        )
        or None,
    }
