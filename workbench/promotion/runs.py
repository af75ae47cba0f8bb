"""Rows of spend as runs: the weeks of one channel for one track, by territory."""

import numpy as np
import polars as pl

from workbench.promotion.priors import weekly as published

MAX_CELLS, REST = 8, "Other"


def position(names: pl.Series, index: dict[str, int]) -> np.ndarray:
    """Return where each name stands, -1 where it does not."""
    return names.replace_strict(index, default=-1, return_dtype=pl.Int64).to_numpy()


def cell_names(weekly: pl.DataFrame) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the cells, largest first, and their shares of streams.

    Up to eight territories stand for themselves; of more, the smallest become “Other”.
    """
    sizes = (
        weekly.group_by("territory")
        .agg(pl.col("streams").sum())
        .sort(["streams", "territory"], descending=[True, False])
    )
    names, streams = sizes["territory"].to_list(), sizes["streams"].to_numpy().astype(float)
    if len(names) > MAX_CELLS:
        names = [*names[: MAX_CELLS - 1], REST]
        streams = np.append(streams[: MAX_CELLS - 1], streams[MAX_CELLS - 1 :].sum())
    streams = np.maximum(streams, 1.0)
    return tuple(names), streams / streams.sum()


def at_cell(names: pl.Series, cells: tuple[str, ...]) -> np.ndarray:
    """Return the cell of each territory; what has no cell of its own is in “Other”, else -1."""
    index = {name: i for i, name in enumerate(cells)}
    return names.replace_strict(
        index, default=index.get(REST, -1), return_dtype=pl.Int64
    ).to_numpy()


def at_week(rows: pl.DataFrame, weeks: np.ndarray) -> np.ndarray:
    """Return the number of each row's week."""
    day = rows["week"].to_numpy().astype("datetime64[D]")
    return ((day - weeks[0]).astype(int) // 7).astype(int)


def runs_of(spend, channels, weeks, index, cells, audience):
    """Return (track, channel, spend (T, J, K)) of every run, and the share that was split."""
    rows = spend.filter(
        pl.col("track_id").is_in(list(index)),
        pl.col("week").is_between(weeks[0].item(), weeks[-1].item()),
        pl.col("spend") > 0,
    )
    pairs = rows.select("track_id", "channel").unique().sort(["track_id", "channel"])
    run = rows.join(pairs.with_row_index("run"), on=["track_id", "channel"], how="left")
    money = np.zeros((len(weeks), pairs.height, len(cells)))
    cell = at_cell(run["territory"].fill_null("WW"), cells)
    whole = (run["territory"].fill_null("WW") == "WW").to_numpy() | (cell < 0)
    week, at_run = at_week(run, weeks), run["run"].to_numpy().astype(int)
    amount = run["spend"].to_numpy().astype(float)
    single = len(cells) == 1
    own = ~whole if not single else np.zeros(len(whole), bool)
    np.add.at(money, (week[own], at_run[own], cell[own]), amount[own])
    parts = amount[~own, None] * audience
    np.add.at(money, (week[~own], at_run[~own]), parts)
    split = float(amount[whole].sum() / amount.sum()) if len(amount) and not single else 0.0
    channel_at = {name: i for i, name in enumerate(channels)}
    return (
        (position(pairs["track_id"], index), position(pairs["channel"], channel_at), money),
        split,
    )


def usual_week(
    runs, size: np.ndarray, channels: tuple[str, ...], dollar: float | None
) -> np.ndarray:
    """Return weekly spend per channel at which half of its money went out, at usual artist size.

    Small always-on weeks may be many; money, not weeks, says where a channel is used. Without any
    spend it is the one that the channel's prior names, or else that of the other channels.
    """
    track, channel, money = runs
    total = money.sum(2) / size[track] if len(track) else np.zeros((len(money), 0))
    usual = np.array([published(name, dollar) or np.nan for name in channels], float)
    for c in range(len(channels)):
        spent = total[:, channel == c]
        if (spent > 0).any():
            ordered = np.sort(spent[spent > 0])
            usual[c] = ordered[np.searchsorted(np.cumsum(ordered), ordered.sum() / 2)]
    held = usual[np.unique(channel)]
    return np.where(np.isnan(usual), np.exp(np.log(held).mean()) if len(held) else 1.0, usual)
