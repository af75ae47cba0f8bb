"""What was planted, written down, and how well somebody who knows it could find it again."""

import datetime
import json
from pathlib import Path

import numpy as np
import polars as pl

from sample_data.generator.audience import GROUPS, TIERS, WANDERING, Panel
from sample_data.generator.campaigns import Promotion
from sample_data.generator.channels import CHANNELS, COMMISSION, DISCOVERY, LAGS, RETAINED_DAYS
from sample_data.generator.world import CODES, DAYS, FIRST_DAY, PANEL_SCALE, PAYOUT, SEED

ENOUGH_PLAYS = 20


def taste(people: Panel) -> pl.DataFrame:
    """Return listener_id | group | weight | second_group | mixed | tier, sorted by id."""
    order = np.argsort(-people.taste, axis=1, kind="stable")
    names = np.array([g.name for g in GROUPS])
    top = people.taste[np.arange(len(order)), order[:, 0]]
    return pl.DataFrame(
        {
            "listener_id": people.ids,
            "group": names[order[:, 0]],
            "weight": top.round(4),
            "second_group": np.where(top < 1, names[order[:, 1]], ""),
            "mixed": top < 1,
            "tier": np.array(TIERS)[people.tier],
        }
    ).with_columns(pl.col("second_group").replace("", None))


def heard_by_group(people: Panel, streams: np.ndarray, ids: list[str]) -> pl.DataFrame:
    """Return group | track_id | probability: what one stream of a listener of pure taste is.

    `streams` are those of the panel by track and territory. It follows from the planted affinities
    and sizes alone, not from the plays that came of them.
    """
    normal = people.affinity / people.affinity.sum(axis=1, keepdims=True)
    alone = (1 - WANDERING) * normal + WANDERING / len(ids)
    table = np.zeros_like(alone)
    weight = people.activity[:, None] * people.liking
    for k in range(len(CODES)):
        here = people.country == k
        per_unit = streams[:, k] / np.maximum(weight[here].sum(axis=0), 1e-12)
        mass = people.activity[here] @ people.taste[here]
        table += mass[:, None] * alone * per_unit
    table /= table.sum(axis=1, keepdims=True)
    return pl.DataFrame(
        {
            "group": np.repeat([g.name for g in GROUPS], len(ids)),
            "track_id": ids * len(GROUPS),
            "probability": table.ravel(),
        }
    ).filter(pl.col("probability") > 0)


def oracle(plays: pl.DataFrame, planted: pl.DataFrame, heard: pl.DataFrame) -> dict:
    """Return how well the planted probabilities sort listeners back into their main group.

    The score of a group is the sum over tracks of weight(plays) x log probability, for three
    weights; adjusted Rand index against the main group. Hardly a method can do better.
    """
    from sklearn.metrics import adjusted_rand_score

    wide = heard.pivot("group", index="track_id", values="probability").fill_null(1e-12)
    counts = plays.group_by("listener_id", "track_id").agg(pl.len().alias("n"))
    names = [g.name for g in GROUPS]
    result: dict = {}
    weights = {
        "plays": pl.col("n"),
        "log_plays": pl.col("n").log1p(),
        "heard_at_all": pl.lit(1.0),
    }
    for kind, weight in weights.items():
        score = (
            counts.join(wide, on="track_id")
            .group_by("listener_id")
            .agg(
                pl.col("n").sum().alias("plays"),
                *[(weight * pl.col(name).log()).sum().alias(name) for name in names],
            )
            .join(planted, on="listener_id")
            .sort("listener_id")
        )
        best = score.select(names).to_numpy().argmax(axis=1)
        found = score.with_columns(pl.Series("found", np.array(names)[best]))
        some = found.filter(pl.col("plays") >= ENOUGH_PLAYS)
        parts = {
            "all": found,
            "with_20_plays": some,
            "pure_with_20_plays": some.filter(~pl.col("mixed")),
        }
        result[kind] = {
            part: {
                "listeners": rows.height,
                "adjusted_rand_index": round(adjusted_rand_score(rows["group"], rows["found"]), 4),
                "accuracy": round(float((rows["group"] == rows["found"]).mean()), 4),
            }
            for part, rows in parts.items()
        }
    return result


def promotion(promoted: Promotion, hidden: dict) -> dict:
    """Return the true response of every channel as plain values, whole and by territory."""
    total = promoted.truth.group_by("channel").agg(pl.col("spend", "streams_brought").sum())
    sums = {row["channel"]: row for row in total.iter_rows(named=True)}
    channels = {}
    for name, channel in CHANNELS.items():
        kappa = dict(zip(CODES, channel.kappa().round(4).tolist(), strict=True))
        half = dict(zip(CODES, channel.half_by_territory().round(2).tolist(), strict=True))
        response = channel.group_response().round(4).tolist()
        channels[name] = {
            "streams_per_eur_at_half": channel.streams_per_eur,
            "hill_slope": channel.slope,
            "hill_half_eur_a_day": half,
            "adstock_memory": channel.memory,
            "adstock_delay_days": channel.delay,
            "adstock_lags_days": LAGS,
            "retained": channel.retained,
            "retained_days": RETAINED_DAYS,
            "kappa": kappa,
            "group_response": dict(zip([g.name for g in GROUPS], response, strict=True)),
            "spread_of_track_appeal": channel.unequal,
            "reported": channel.scope,
            **_sums(sums.get(name)),
            "by_territory": _by_territory(promoted, name),
        }
    lift = {"commission": COMMISSION, "lift_of_programmed_streams": 1.34, **_sums(sums[DISCOVERY])}
    return {
        "formula": "see sample_data/generator/channels.py",
        "payout_eur": PAYOUT,
        "panel_scale": PANEL_SCALE,
        "channels": channels | {DISCOVERY: lift},
        "unrecorded_playlist": hidden,
    }


def write_json(path: Path, value: object) -> None:
    """Write plain values as JSON, dates as ISO text, one stable order of keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, indent=1, ensure_ascii=False, default=_plain)
    path.write_text(text + "\n", encoding="utf-8")


def about() -> dict:
    """Return what holds for all of it: seed and period."""
    last = FIRST_DAY + datetime.timedelta(DAYS - 1)
    return {"seed": SEED, "first_day": FIRST_DAY, "last_day": last, "panel_scale": PANEL_SCALE}


def weekly_effects(extra: dict[str, np.ndarray], ids: list[str]) -> pl.DataFrame:
    """Return channel | track_id | territory | week | streams that promotion truly brought."""
    frames = []
    for channel, streams in sorted(extra.items()):
        whole = streams[:, : DAYS // 7 * 7].reshape(len(ids), -1, 7, len(CODES)).sum(axis=2)
        i, w, k = np.nonzero(whole >= 1)
        start = (FIRST_DAY - datetime.date(1970, 1, 1)).days
        frames.append(
            pl.DataFrame(
                {
                    "channel": np.full(len(i), channel),
                    "track_id": np.array(ids)[i],
                    "territory": np.array(CODES)[k],
                    "week": pl.Series(start + 7 * w, dtype=pl.Int32).cast(pl.Date),
                    "streams": pl.Series(whole[i, w, k].round(), dtype=pl.Int32),
                }
            )
        )
    return pl.concat(frames).sort("channel", "track_id", "territory", "week")


def _by_territory(promoted: Promotion, channel: str) -> dict:
    streams = promoted.extra[channel].sum(axis=(0, 1))
    return {
        code: _sums({"spend": float(spend), "streams_brought": round(float(brought))})
        for code, spend, brought in zip(CODES, promoted.spent[channel], streams, strict=True)
        if spend > 0
    }


def _sums(row: dict | None) -> dict:
    if row is None:
        return {"spend_eur": 0.0, "streams_brought": 0, "return": None}
    spend, brought = row["spend"], row["streams_brought"]
    return {
        "spend_eur": round(spend, 2),
        "streams_brought": brought,
        "return": round(brought * PAYOUT / spend, 4),
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value).__name__)
