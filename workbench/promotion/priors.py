"""What is believed before the data speak: each figure with where it comes from.

Every prior is normal in an unbounded coordinate (a logarithm or a logit). "assumption" marks those
that no study pins down; they are ours, printed, and count for less as soon as data speak.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

EDGE = 1.645  # standard deviations to either end of 90 %
COST = "cost per stream: "  # then a channel
NO_FIGURE = "no public figure: it follows the prior elasticity"
NO_RATE = "figures are in US dollars, without a rate: it follows the prior elasticity"


@dataclass(frozen=True)
class Prior:
    """A normal prior.

    Attributes
    ----------
    mean, sd : in the coordinate of `scale`. scale : "log", "logit" or "identity".
    meaning : what it is, with its unit. source : where it comes from. assumption : ours alone.
    own : whether a label put it in the place of the published one.
    """

    mean: float
    sd: float
    scale: str
    meaning: str
    source: str
    assumption: bool
    own: bool = False

    @property
    def fixed(self) -> bool:
        """Whether it is a number that no data can move."""
        return self.sd == 0

    @property
    def range(self) -> tuple[float, float, float]:
        """The 5 %, 50 % and 95 % points as people read them."""
        return tuple(natural(self.scale, self.mean + step * self.sd) for step in (-EDGE, 0, EDGE))


def natural(scale: str, value: float) -> float:
    """Return what a value in the coordinate of a scale means."""
    if scale == "log":
        return math.exp(value)
    return 1 / (1 + math.exp(-value)) if scale == "logit" else value


def unbounded(scale: str, value: float) -> float:
    """Return a value in the coordinate of its scale; the inverse of `natural`."""
    if scale == "log":
        return math.log(value)
    return math.log(value / (1 - value)) if scale == "logit" else value


@dataclass(frozen=True)
class Channel:
    """What is published about a channel known by name.

    Spreads are wider than the published ranges: the sources are weak, and none counts the listeners
    who stay.

    Attributes
    ----------
    name : pattern of channel names. cost : US dollars per stream at small spend, median.
    spread : sd of the log cost. weekly : usual dollars a week, where a label has no campaigns.
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
    "elasticity": Prior(-3.0, 1.0, "log", "share of weekly streams that a usual week of spend "
                        "brings", "Sethuraman et al. 2011 (.12), Shapiro et al. 2021 (median "
                        ".014); used where a channel's name says nothing", False),
    "drift": Prior(0.0, 0.004, "identity", "slow weekly growth of a track, log",
                   "partial pooling", True),
    "lasting": Prior(0.9, 0.0, "identity", "share of what a track lay off its curve that is left "
                     "a week later", "fixed; least off on the sample label in the 13 weeks before "
                     "those that Checks holds out", True),
    "mix": Prior(0.0, 0.5, "log", "a track's share in a territory against the label's",
                 "partial pooling", True),
    "event": Prior(0.0, 0.3, "log", "what an event of a kind makes of a song's own streams "
                   "in a week that it fills", "weakly informative", True),
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


def cost(name: str, held: Mapping[str, Prior] = PRIORS, dollar: float | None = 1.0) -> Prior | None:
    """Return the prior of a channel's cost per stream; None where nothing is known of it.

    Parameters
    ----------
    held : the priors in force, of which the label's own go before what is published.
    dollar : what one is worth in the label's money; None unknown: then nothing published counts.
    """
    if COST + name in held:
        return held[COST + name]
    known = channel(name)
    return None if known is None or dollar is None else _cost(known, dollar)


def weekly(name: str, dollar: float | None) -> float | None:
    """Return the usual money a week that is published of a channel; None where nothing is known."""
    known = channel(name)
    return None if known is None or dollar is None else known.weekly * dollar


def _cost(one: Channel, dollar: float = 1.0) -> Prior:
    meaning = "money per stream at small spend"
    return Prior(math.log(one.cost * dollar), one.spread, "log", meaning, one.source, True)


def table(
    held: Mapping[str, Prior] = PRIORS,
    channels: Iterable[str] | None = None,
    dollar: float | None = 1.0,
) -> pl.DataFrame:
    """Return priors as printed: prior, low, median, high, meaning, source, assumption, own.

    Parameters
    ----------
    held : the priors in force. channels : whose costs are printed; by default all that are
        published, by the pattern of their names. One of which nothing is known has no numbers.
    """
    rows = dict(held)
    if channels is None:
        rows |= {COST + one.name: _cost(one) for one in CHANNELS}
    for name in channels or ():
        rows[COST + name] = cost(name, held, dollar)
    frame = [
        (name, *one.range, one.meaning, one.source, one.assumption, one.own)
        if one is not None
        else (name, None, None, None, "money per stream at small spend",
              NO_FIGURE if dollar else NO_RATE, True, False)
        for name, one in rows.items()
    ]  # fmt: skip
    numbers = dict.fromkeys(["low", "median", "high"], pl.Float64)
    texts = dict.fromkeys(["meaning", "source"], pl.String)
    flags = dict.fromkeys(["assumption", "own"], pl.Boolean)
    schema = {"prior": pl.String} | numbers | texts | flags
    return pl.DataFrame(frame, schema=schema, orient="row").sort("prior")
