"""What the promotion model knows: channels, releases to plan for, the fit itself."""

import datetime
from dataclasses import dataclass, replace

import polars as pl

from workbench.analysis import analysis
from workbench.errors import MissingTable, NotMade
from workbench.listening import streams
from workbench.promotion.booked import booked_plan
from workbench.promotion.draws import dated, to_come
from workbench.promotion.limits import DOMINANT, observed_weeks
from workbench.promotion.plan import Plan, checked
from workbench.store.artifacts import Fit

USUAL_FLIGHT = 8
NO_STREAMS = (
    "A plan is counted in streams, and this label has none yet. Import Spotify for Artists "
    "timelines, any table with track, day and streams, or a listening history; without campaigns "
    "the lab then works on published figures."
)


@analysis(reads="promotion")
def channel_summary(label) -> pl.DataFrame:
    """Return what is believed of each channel, with how much of it is prior.

    Returns
    -------
    channel | parameter (carry, bend, effect) | median | low | high (90 %) | prior_sd | sd |
    dominance (posterior sd over prior sd) | prior_louder | weeks | tracks | most | total of spend
    """
    fit = label.fit("promotion")
    return (
        fit.frames["channels"]
        .join(observed_weeks(fit).drop("dense"), on="channel", how="left")
        .with_columns(prior_louder=pl.col("dominance") > DOMINANT)
        .sort("channel", "parameter")
    )


@analysis(reads="promotion")
def brought_by_channel(label) -> pl.DataFrame:
    """Return what each channel brought in the observed weeks, people who stayed included.

    Returns
    -------
    channel | spend | brought_low | brought | brought_high (90 %) | per_money (streams)
    """
    return label.fit("promotion").frames["brought"].sort("channel")


def usual_campaign(fit: Fit) -> pl.DataFrame:
    """Return channel, usual: the median of what a track got, in tens where it reaches ten.

    Of spend that went on for longer, eight weeks count. A channel that was never used gets what
    its prior calls usual.
    """
    known = pl.DataFrame(
        {"channel": fit.meta["channels"], "published": fit.arrays["usual"] * USUAL_FLIGHT / 2}
    )
    whole = (
        fit.frames["spend"]
        .group_by("track_id", "channel")
        .agg(pl.col("spend").sum() * (USUAL_FLIGHT / pl.len()).clip(upper_bound=1.0))
    )
    median = whole.group_by("channel").agg(pl.col("spend").median())
    money = pl.coalesce("spend", "published")
    usual = pl.when(money >= 10).then((money / 10).round() * 10).otherwise(money)
    return (
        known.join(median, on="channel", how="left")
        .select("channel", usual=usual.cast(pl.Float64))
        .sort("channel")
    )


@dataclass(frozen=True, eq=False)
class Releases:
    """What a plan can be made for, and with.

    Attributes
    ----------
    tracks : track_id, title, artist, genre, release_date, to_come; those to come first.
    channels : channel, usual (money that one track gets), most (largest observed week or null).
    artists, genres : (id, name) and genres of the catalogue, for a release that is not in it.
    cells : cell, audience. currency : of the spend. last_week : last observed week.
    calibrated : whether campaigns taught the channels.
    dollar : what a US dollar is worth in the currency; None unknown.
    """

    tracks: pl.DataFrame
    channels: pl.DataFrame
    artists: tuple[tuple[str, str], ...]
    genres: tuple[str, ...]
    cells: pl.DataFrame
    currency: str
    last_week: datetime.date
    calibrated: bool
    dollar: float | None


@analysis(reads="tracks", optional=f"promotion artists {streams.SOURCES}")
def releases(label) -> Releases:
    """Return tracks, channels and territories that a plan can name.

    Raises
    ------
    MissingTable
        Nothing gives streams, so that no model can be made. NotMade : it can, but is not yet.
    """
    if streams.source(label) is None:
        raise MissingTable("daily_streams", NO_STREAMS)
    if not label.has("promotion"):
        raise NotMade("promotion")
    fit = label.fit("promotion")
    last = datetime.date.fromisoformat(fit.meta["last_week"])
    artists = label.scan("artists").select("artist_id", artist="name").collect()
    known = fit.frames["tracks"].select("track_id", heard=pl.lit(True))
    tracks = (
        fit.frames["catalogue"]
        .join(artists, on="artist_id", how="left")
        .join(known, on="track_id", how="left")
        .with_columns(pl.col("heard").fill_null(False))
        .with_columns(to_come=(pl.col("release_date") > last).fill_null(False) & ~pl.col("heard"))
        .filter(pl.col("to_come") | pl.col("heard"))
        .with_columns(
            title=pl.coalesce("title", "track_id"), artist=pl.coalesce("artist", "artist_id")
        )
        .select("track_id", "title", "artist", "genre", "release_date", "to_come")
        .sort(
            ["to_come", "release_date", "track_id"],
            descending=[True, True, False],
            nulls_last=True,
        )
    )
    channels = usual_campaign(fit).join(
        observed_weeks(fit).select("channel", "most", "tracks"), on="channel", how="left"
    )
    return Releases(
        tracks=tracks,
        channels=channels.sort("channel"),
        artists=tuple(
            artists.select("artist_id", pl.coalesce("artist", "artist_id").alias("name"))
            .sort("name", "artist_id")
            .iter_rows()
        ),
        genres=tuple(fit.frames["catalogue"]["genre"].drop_nulls().unique().sort().to_list()),
        cells=fit.frames["cells"].sort("cell"),
        currency=fit.meta["currency"],
        last_week=last,
        calibrated=fit.meta["calibrated"],
        dollar=fit.meta["dollar"],
    )


@dataclass(frozen=True, eq=False)
class Opening:
    """The plan that the lab opens with.

    Attributes
    ----------
    plan : the plan, dated where its release is to come. booked : whether it is the label's own
        campaign bookings, or a usual one. moved : share of what is booked that lies in other weeks
        than in the plan, which has one flight for all channels.
    """

    plan: Plan
    booked: bool
    moved: float = 0.0


@analysis(reads="promotion", optional="campaigns fx_rates")
def opening_plan(
    label,
    *,
    track_id: str | None = None,
    release: Plan | None = None,
    payout: float = 0.0035,
    weeks: int = 26,
) -> Opening:
    """Return what is booked for a track, else what a promoted track usually got on each channel.

    Booked is spend dated after the last observed week, in its weeks and territories as far as a
    plan can say them; every channel of the model has an amount, those not booked none.

    Parameters
    ----------
    track_id : of the label. release : in its place, artist or name, genre and date of a release
        that is not in the catalogue, for which nothing can be booked.

    Raises
    ------
    BadInput
        No such track; or the release has no artist, no date, or one that the data cover.
    """
    fit = label.fit("promotion")
    own = Plan(track_id=track_id) if release is None else release
    known = dated(fit, checked(own))
    if to_come(fit, known):
        own = replace(own, release_date=known.release_date)
    own = replace(own, weeks=weeks, payout=payout)
    found = booked_plan(label, fit, own) if track_id is not None else None
    if found is None:
        return Opening(own.with_spend(dict(usual_campaign(fit).iter_rows())), False)
    return Opening(found[0], True, found[1])


@dataclass(frozen=True, eq=False)
class FitReport:
    """How the model was fitted.

    Attributes
    ----------
    facts : fact, value, as text. seconds : of the fit. pareto_k : None without campaigns.
    """

    facts: pl.DataFrame
    seconds: float
    pareto_k: float | None


@analysis(reads="promotion")
def fit_report(label) -> FitReport:
    """Return how the model was fitted and how far its weights can be trusted."""
    meta = label.fit("promotion").meta
    names = ["tracks", "runs", "launches", "effective", "tried", "split", "exact", "noise",
             "source", "first_week", "last_week"]  # fmt: skip
    rows = sorted((name, str(meta[name])) for name in names)
    facts = pl.DataFrame(rows, schema=["fact", "value"], orient="row")
    return FitReport(facts, float(meta["seconds"]), meta["pareto_k"])
