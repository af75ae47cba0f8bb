"""What the promotion model does not use of streams and spend, and why."""

from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.promotion.doubts import SCHEMA as WARNING
from workbench.promotion.observations import Observed
from workbench.promotion.spend import Spend, netted
from workbench.store.artifacts import Fit

SCHEMA = {
    "kind": pl.String(), "subject": pl.String(), "money": pl.Float64(), "streams": pl.Int64(),
    "songs": pl.Int64(),
}  # fmt: skip
TO_COME = "after"
OWN = ("before", "limit", "no_track", "unheard")  # in the model's currency, of weeks gone by


def left_out(
    data: Observed, spent: Spend, counted: pl.DataFrame, heard: pl.DataFrame, tracks: pl.DataFrame
) -> pl.DataFrame:
    """Return what is in no array.

    Parameters
    ----------
    counted : track_id, week, streams. heard : the same of songs that were out. tracks : track_id.

    Returns
    -------
    kind | subject (a currency, where it is not the model's) | money | streams | songs, by kind:
    `no_track` (spend that names no song), `no_rate` (in a currency without a rate), `credit` (taken
    back beyond what was spent), `unheard` (on songs without streams, or not in the catalogue),
    `limit` (on songs beyond as many as are fitted), `before` and `after` (the weeks of the arrays),
    `early` (streams before the week of a song's release)
    """
    rows = [("no_track", None, spent.without_track, None, None)] if spent.without_track else []
    rows += [("no_rate", name, money, None, None) for name, money in spent.without_rate]
    rows += [("credit", name, money, None, None) for name, money in spent.credits]
    first, last = data.weeks[0].item(), data.weeks[-1].item()
    known = heard.join(tracks, on="track_id", how="semi")["track_id"].unique()
    why = (
        pl.when(pl.col("week") > last)
        .then(pl.lit(TO_COME))
        .when(pl.col("week") < first)
        .then(pl.lit("before"))
        .when(~pl.col("track_id").is_in(known.implode()))
        .then(pl.lit("unheard"))
        .when(~pl.col("track_id").is_in(data.tracks.tolist()))
        .then(pl.lit("limit"))
    )
    sums = (
        spent.weekly.group_by(kind=why)
        .agg(money=pl.col("spend").sum(), songs=pl.col("track_id").n_unique().cast(pl.Int64))
        .drop_nulls("kind")
    )
    rows += [(kind, None, money, None, songs) for kind, money, songs in sums.iter_rows()]
    early = counted.join(heard, on=["track_id", "week"], how="anti")
    early = early.filter(pl.col("streams") > 0)
    if early.height:
        rows.append(
            ("early", None, None, int(early["streams"].sum()), early["track_id"].n_unique())
        )
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("kind", "subject")


def untaught(label, fit: Fit) -> pl.DataFrame:
    """Return why no campaign taught the channels, as a warning; no row where one did.

    Returns
    -------
    kind | subject | value | limit, of the kinds `published` (no campaigns), `unspent_all` (they
    have no spend), `apart` (no spend of theirs is on a song and in a week that the model has)
    """
    rows = []
    if not fit.meta["calibrated"]:
        campaigns = label.table("campaigns")
        spent = netted(campaigns).filter(pl.col("spend") > 0)
        kind = "unspent_all" if spent.is_empty() else "apart"
        rows.append(("published" if campaigns.is_empty() else kind, "all channels", 0.0, 0.0))
    return pl.DataFrame(rows, schema=WARNING, orient="row")


@dataclass(frozen=True, eq=False)
class LeftOut:
    """What the model does not use.

    Attributes
    ----------
    rows : as `left_out` has them. used : money that it learns from, in `currency`.
    missing : money of the same currency, spent by now, that it does not.
    dollar : what a US dollar, in which costs are published, is worth in it; None unknown.
    """

    rows: pl.DataFrame
    used: float
    missing: float
    currency: str
    dollar: float | None


@analysis(reads="promotion")
def not_in_the_model(label) -> LeftOut:
    """Return what the model does not use of streams and spend, and why."""
    fit = label.fit("promotion")
    rows = fit.frames["left_out"].sort("kind", "subject")
    own = rows.filter(pl.col("kind").is_in(OWN))
    used = fit.frames["spend"]["spend"].sum()
    return LeftOut(rows, float(used), float(own["money"].sum()), fit.meta["currency"],
                   fit.meta["dollar"])  # fmt: skip
