"""Shares and gaps of every cluster and mood, from listeners and songs; nothing is hidden here."""

from __future__ import annotations

import numpy as np
import polars as pl

from workbench.audience import mood_shares
from workbench.lyrics.catalogue import SHARES
from workbench.lyrics.families import CARRIED

EVERYBODY = -2
BLOCKS = 100
SHARED = ("demand", "demand_low", "demand_high", "offered", "gap", "gap_low", "gap_high")
INDEX = ("index", "index_low", "index_high")
PLANNED = ("plan_gap", "plan_gap_low", "plan_gap_high")


def measured(
    heard: pl.DataFrame, songs: pl.DataFrame, moods: pl.DataFrame, ids: list[int], seed: int
) -> pl.DataFrame:
    """Return segment | mood | shares and gaps with their intervals | p, nothing hidden yet.

    Parameters
    ----------
    heard : listener_id | segment | song | share. songs : song | artist_id | mood | weight, by
    artist. moods : mood | planned | plan_share | plan_low, families first. ids : segments,
    EVERYBODY last.
    """
    number = {mood: place for place, mood in enumerate(SHARES)}
    arrays = mood_shares.Songs(
        artist=songs["artist_id"].rank("dense").to_numpy().astype(np.int64) - 1,
        mood=songs["mood"].replace_strict(number, return_dtype=pl.Int64).to_numpy(),
        weight=songs["weight"].to_numpy(),
        moods=len(number),
    )
    blocks, sizes = [], []
    for segment in ids[:-1]:
        held, size = _in_blocks(heard.filter(segment=segment), songs.height, seed)
        blocks.append(held)
        sizes.append(size)
    listened = np.stack([held.sum(axis=0) for held in blocks])
    people = np.array([size.sum() for size in sizes], dtype=np.float64)
    played = np.concatenate([listened, listened.sum(axis=0, keepdims=True)])
    played /= np.append(people, people.sum())[:, None]
    demand, offered = mood_shares.played_and_offered(played, arrays)
    parts = [np.concatenate(mood_shares.played_and_offered(b, arrays), axis=1) for b in blocks]
    drawn = mood_shares.drawn_listeners(parts, sizes, seed=seed)
    drawn_demand, drawn_offer = np.split(drawn, 2, axis=-1)
    shuffled = mood_shares.shuffled_gaps(played, arrays, seed=seed)
    gap = demand - offered
    low, high = mood_shares.between(gap, drawn_demand - drawn_offer, shuffled)
    demand_low, demand_high = np.quantile(drawn_demand, mood_shares.TAILS, axis=0)
    index = _index(demand, drawn_demand)
    plan, drawn_plan = _planned(moods, seed)
    ahead = np.quantile(drawn_demand - drawn_plan[:, None, :], mood_shares.TAILS, axis=0)
    values = {
        "demand": demand, "demand_low": demand_low, "demand_high": demand_high,
        "offered": offered, "gap": gap, "gap_low": low, "gap_high": high,
        "p": mood_shares.by_chance(gap, shuffled),
        **dict(zip(INDEX, index, strict=True)),
        "plan_gap": demand - plan, "plan_gap_low": ahead[0], "plan_gap_high": ahead[1],
    }  # fmt: skip
    cells = {name: value[:, : len(CARRIED)].ravel() for name, value in values.items()}
    keys = {
        "segment": np.repeat(ids, len(CARRIED)),
        "mood": [*CARRIED] * len(ids),
    }
    return pl.DataFrame({**keys, **cells}).with_columns(pl.col(*INDEX, *PLANNED).fill_nan(None))


def _index(demand: np.ndarray, drawn: np.ndarray) -> list[np.ndarray]:
    """Return demand over that of all groups together x 100, and its interval over listeners.

    NaN for all groups together, and for what nobody plays.
    """
    low, high = np.quantile(
        np.divide(drawn, drawn[:, -1:], out=np.zeros_like(drawn), where=drawn[:, -1:] > 0),
        mood_shares.TAILS,
        axis=0,
    )
    whole = demand[-1:]
    index = np.divide(demand, whole, out=np.full_like(demand, np.nan), where=whole > 0)
    found = [100 * index, 100 * low, 100 * high]
    for part in found:
        part[np.isnan(index)] = np.nan
        part[-1] = np.nan
    return found


def _planned(moods: pl.DataFrame, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the plan's shares of SHARES, and draws of them (Jeffreys); NaN where few are planned.

    The moods that are no family (neutral, unclear) are not asked for, and stay NaN.
    """
    first = moods.head(len(CARRIED))
    share = np.full(len(SHARES), np.nan)
    drawn = np.full((mood_shares.DRAWS, len(SHARES)), np.nan)
    if first["plan_low"].null_count() == 0:
        songs = first["planned"].to_numpy()
        total = round(float((first["planned"] / first["plan_share"]).max() or 0))
        share[: len(CARRIED)] = songs / total
        random = np.random.default_rng(seed)
        drawn[:, : len(CARRIED)] = random.beta(
            songs + 0.5, total - songs + 0.5, (mood_shares.DRAWS, len(CARRIED))
        )
    return share, drawn


def _in_blocks(heard: pl.DataFrame, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return summed shares of up to BLOCKS blocks of listeners by song, and the blocks' sizes."""
    who = heard["listener_id"].rank("dense").to_numpy().astype(np.int64) - 1
    people = int(who.max()) + 1
    order = np.random.default_rng(seed).permutation(people)
    block = np.arange(people)[order] % BLOCKS
    blocks = min(BLOCKS, people)
    flat = np.bincount(
        block[who] * count + heard["song"].to_numpy(), heard["share"].to_numpy(), blocks * count
    )
    return flat.reshape(blocks, count), np.bincount(block, minlength=blocks)
