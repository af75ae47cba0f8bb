"""What is believed before the data speak: each figure with where it comes from.

Every prior is normal in an unbounded coordinate (a logarithm or a logit). "assumption" marks those
that no study pins down; they are ours, printed, and count for less as soon as data speak.
"""

import re
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Prior:
    """A normal prior.

    Attributes
    ----------
    mean, sd : in the coordinate of `scale`. scale : "log", "logit" or "identity".
    meaning : what it is, with its unit. source : where it comes from. assumption : ours alone.
    """

    mean: float
    sd: float
    scale: str
    meaning: str
    source: str
    assumption: bool


@dataclass(frozen=True)
class Channel:
    """What is published about a channel known by name.

    Spreads are wider than the published ranges: the sources are weak, and none counts the listeners
    who stay.

    Attributes
    ----------
    name : pattern of channel names. cost : money per stream at small spend, median.
    spread : sd of the log cost. weekly : usual money a week, where a label has no campaigns.
    """

    name: str
    cost: float
    spread: float
    weekly: float
    source: str


CHANNELS = (
    Channel("meta|facebook|instagram", 0.15, 1.0, 400.0, "trade guides: .05-.50, often .10-.30"),
    Channel("tiktok", 0.15, 1.2, 400.0, "as paid social; causal studies disagree on the sign"),
    Channel("youtube|google", 0.20, 1.0, 300.0, "as paid social, dearer clicks"),
    Channel("marquee|showcase", 0.25, 1.0, 300.0, "from .40 a click, 1 in 5 shown streams"),
    Channel("discovery", 0.05, 1.2, 150.0, "a 30 % commission on the streams it brings"),
    Channel("creator|influencer", 0.25, 1.3, 400.0, "no public figure"),
    Channel("radio", 0.60, 1.3, 500.0, "no public figure; television ads: median elasticity .014"),
    Channel("press|pr", 0.60, 1.3, 300.0, "no public figure"),
)

ELASTICITY = Prior(
    -3.0, 1.0, "log", "share of weekly streams that a usual week of spend brings",
    "Sethuraman et al. 2011 (.12), Shapiro et al. 2021 (median .014); used where a channel's "
    "name says nothing", False,
)  # fmt: skip

PRIORS = {
    "carry": Prior(-0.85, 0.8, "logit", "adstock: share of a week's push that is left a week later",
                   "Beta(1, 3) of the media-mix literature, as a logit-normal", True),
    "bend": Prior(0.2, 0.6, "log", "saturation: bend at a usual week of spend",
                  "a usual week stands at half of the ceiling, give or take", True),
    "cell": Prior(0.0, 0.3, "log", "a territory's response to a channel against the others'",
                  "partial pooling", True),
    "appeal": Prior(0.0, 0.5, "log", "a track's response to a channel against the others'",
                      "partial pooling", True),
    "follows": Prior(0.0, 0.5, "log", "how much more a channel seems to bring than it does, as its "
                     "spend follows demand; only where a lift test can tell",
                     "an experiment outranks the weekly series", True),
    "kept": Prior(-2.2, 0.8, "logit", "share of won listening that stays on after its week",
                  "one in five shown streams again within two weeks (Marquee, 2020)", True),
    "leaving": Prior(-1.9, 0.5, "log", "weekly rate at which kept listening ends",
                     "half-life of about five weeks", True),
    "ride": Prior(0.8, 0.4, "identity", "how far a channel's effect rides the season (1: fully)",
                  "weakly informative", True),
    "listing": Prior(-4.27, 1.0, "log", "streams a follower and day on a list of 18.5 M followers",
                     "Today's Top Hits: 1.05 streams a follower over 74 days (Aguiar and Waldfogel "
                     "2018), the upper end", False),
    "listing_kind": Prior(0.0, 0.5, "log", "a kind of list against the others", "partial pooling",
                          True),
    "listing_track": Prior(0.0, 0.5, "log", "what a place brings a track against the others",
                           "partial pooling", True),
    "personal": Prior(-2.3, 0.8, "log", "streams on a list made per listener, of the usual ones",
                      "no public figure: a tenth", True),
    "reach": Prior(0.25, 0.0, "identity", "how the share of followers who listen grows with a list",
                   "small lists bring less a follower; fourth root, fixed", True),
    "decay": Prior(-2.6, 0.9, "log", "weekly decay after the release",
                   "Philippine Top 200, 2017-21: log rate N(-3.2, .9) among survivors; faster "
                   "outside the chart", False),
    "decay_genre": Prior(0.0, 0.3, "log", "a genre's decay against the others'",
                         "partial pooling", True),
    "decay_track": Prior(0.0, 0.5, "log", "a track's decay against its genre's",
                         "partial pooling", True),
    "floor": Prior(-1.7, 0.7, "logit", "share of the launch level that lasts",
                   "attention decays twice, fast then slow (Candia et al. 2019)", False),
    "floor_track": Prior(0.0, 0.7, "logit", "a track's lasting share against the others'",
                         "partial pooling", True),
    "ramp": Prior(-0.3, 0.7, "log", "weeks until a release is found",
                  "Philippine Top 200: peak after 0 to 9 weeks, median 4, among survivors", False),
    "ramp_track": Prior(0.0, 0.5, "log", "a track's ramp against the others'",
                        "partial pooling", True),
    "drift": Prior(0.0, 0.004, "identity", "slow weekly growth of a track, log",
                   "partial pooling", True),
    "mix": Prior(0.0, 0.5, "log", "a track's share in a territory against the label's",
                 "partial pooling", True),
    "season": Prior(0.0, 0.12, "identity", "yearly wave, log",
                    "Philippine Top 200: weeks from .90 to 1.12 of the mean", False),
    "noise": Prior(-1.9, 0.7, "log", "weekly scatter of log streams", "weakly informative", True),
    "memory": Prior(0.5, 0.5, "identity", "scatter that lasts into the next week (atanh)",
                    "weakly informative", True),
    "together": Prior(-0.7, 0.5, "log", "how far territories scatter together",
                      "weakly informative", True),
    "size": Prior(0.5, 0.0, "identity", "how the ceiling of a channel grows with the artist's size",
                  "square root; fixed", True),
}  # fmt: skip


def channel(name: str) -> Channel | None:
    """Return what is published about a channel, or None for a name that says nothing."""
    return next((one for one in CHANNELS if re.search(one.name, name.lower())), None)


def table() -> pl.DataFrame:
    """Return the priors as printed: prior, low, median, high, meaning, source, assumption."""
    rows = [("elasticity", ELASTICITY), *PRIORS.items()]
    frame = pl.DataFrame(
        [(name, p.mean, p.sd, p.scale, p.meaning, p.source, p.assumption) for name, p in rows],
        schema=["prior", "mean", "sd", "scale", "meaning", "source", "assumption"],
        orient="row",
    )
    edges = {"low": -1.645, "median": 0.0, "high": 1.645}
    for column, step in edges.items():
        value = pl.col("mean") + step * pl.col("sd")
        natural = (
            pl.when(pl.col("scale") == "log")
            .then(value.exp())
            .when(pl.col("scale") == "logit")
            .then(1 / (1 + (-value).exp()))
            .otherwise(value)
        )
        frame = frame.with_columns(natural.alias(column))
    costs = pl.DataFrame(
        [
            (f"cost per stream: {one.name}", one.cost * 2.718281828 ** (-1.645 * one.spread),
             one.cost, one.cost * 2.718281828 ** (1.645 * one.spread),
             "money per stream at small spend", one.source, True)
            for one in CHANNELS
        ],
        schema=["prior", "low", "median", "high", "meaning", "source", "assumption"],
        orient="row",
    )  # fmt: skip
    return pl.concat([frame.select(costs.columns), costs]).sort("prior")
