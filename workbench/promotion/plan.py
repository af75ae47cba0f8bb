"""A promotion plan: what the sliders of the lab set, as one plain value."""

import datetime
import math
from dataclasses import dataclass, replace

import numpy as np

from workbench.audience.rules import Segment
from workbench.errors import BadInput
from workbench.promotion.counts import AT_FIRST, Counts, checked_counts

MAX_WEEKS = 104
MAX_SEGMENTS = 7  # with the rest as many cells as there are territories
MOST_FOLLOWERS = 100_000_000  # of a playlist
FLIGHTINGS = ("even", "burst", "pulsed")


@dataclass(frozen=True)
class Plan:
    """What is promoted, when, where and with how much money.

    Attributes
    ----------
    track_id : a track of the label, out or planned; None for a release that has no track yet.
    artist_id, genre : of a release without a track; None where the track says it.
    artist : name of an artist who is not in the catalogue, in place of the id; nothing is computed
        from it.
    release_date : of a release to come; None takes the track's own date.
    start : first day of the window that is counted (moved back to its Friday); None takes the
        release, or the week after the last observed one for a track that is out.
    weeks : length of the window.
    spend : (channel, money over the whole flight), each channel once.
    flight : first week of spend, counted from the release (or the start, for a track that is
        out), and number of weeks. A negative first week is spend before.
    flighting : how spend lies in these weeks: “even”, “burst” (all in their first quarter) or
        “pulsed” (every other week).
    shares : (cell, share of every channel's spend); empty splits by audience share.
    channel_shares : (channel, cell, share of this channel's spend), of channels that are split in
        another way than `shares` says.
    pitch : followers of a playlist that is pitched to, weeks on it from the release (or the start)
        on, and the chance that it takes the song; None without one. It costs nothing.
    segments : saved segments that are the cells, in place of territories; a listener counts in the
        first that fits, everybody else is the cell “rest”. Empty: territories.
    payout : money that one stream pays.
    counts : what the switches of money stood at, so that who opens the plan sees the same money.
        Analyses take `Money`, and nothing is computed from it.
    """

    track_id: str | None = None
    artist_id: str | None = None
    genre: str | None = None
    artist: str | None = None
    release_date: datetime.date | None = None
    start: datetime.date | None = None
    weeks: int = 26
    spend: tuple[tuple[str, float], ...] = ()
    flight: tuple[int, int] = (0, 8)
    shares: tuple[tuple[str, float], ...] = ()
    payout: float = 0.0035
    segments: tuple[Segment, ...] = ()
    flighting: str = "even"
    channel_shares: tuple[tuple[str, str, float], ...] = ()
    pitch: tuple[float, int, float] | None = None
    counts: Counts = AT_FIRST

    @property
    def budget(self) -> float:
        """Money over all channels."""
        return float(sum(amount for _, amount in self.spend))

    def with_spend(self, spend: dict[str, float]) -> "Plan":
        """Return the plan with other amounts, in the order of their names."""
        return replace(self, spend=tuple((name, float(spend[name])) for name in sorted(spend)))


def friday(day: datetime.date) -> datetime.date:
    """Return the Friday on or before a day: weeks run Friday to Thursday."""
    return day - datetime.timedelta(days=(day.weekday() - 4) % 7)


def same_week(one: Plan, other: Plan) -> bool:
    """Tell whether two dated plans are released in the same week: then a date changes nothing."""
    first, second = (plan.release_date and friday(plan.release_date) for plan in (one, other))
    return first == second


def checked(plan: Plan) -> Plan:
    """Return the plan, or say what is wrong with it.

    Raises
    ------
    BadInput
        Negative or unbounded money, a channel twice, shares that do not add up, an empty window, a
        release without a track that names no artist or two, or has no date.
    """
    _identified(plan)
    names = [name for name, _ in plan.spend]
    if len(set(names)) != len(names):
        raise BadInput("A channel stands twice in the plan; add its amounts up.")
    if any(not math.isfinite(amount) or amount < 0 for _, amount in plan.spend):
        raise BadInput("Spend must be zero or more, for every channel.")
    if not 1 <= plan.weeks <= MAX_WEEKS:
        raise BadInput(f"The window must be 1 to {MAX_WEEKS} weeks long.")
    if plan.flight[1] < 1:
        raise BadInput("Spend needs at least one week.")
    if max(abs(plan.flight[0]), plan.flight[1]) > MAX_WEEKS:
        raise BadInput(f"Spend lies within {MAX_WEEKS} weeks, and begins as near.")
    if not (math.isfinite(plan.payout) and plan.payout >= 0):
        raise BadInput("A stream cannot pay less than nothing.")
    checked_counts(plan.counts)
    if len({one.id for one in plan.segments}) != len(plan.segments):
        raise BadInput("A segment stands twice in the plan.")
    if len(plan.segments) > MAX_SEGMENTS:
        raise BadInput(f"A plan takes at most {MAX_SEGMENTS} segments.")
    if plan.flighting not in FLIGHTINGS:
        raise BadInput(f"Spend is {', '.join(FLIGHTINGS)}, not “{plan.flighting}”.")
    _split(plan)
    _pitched(plan)
    return plan


def _pitched(plan: Plan) -> None:
    """Say what is wrong with a pitch to a playlist."""
    if plan.pitch is None:
        return
    followers, weeks, chance = plan.pitch
    if not (0 < followers <= MOST_FOLLOWERS and 1 <= weeks <= MAX_WEEKS and 0 <= chance <= 1):
        raise BadInput(
            "A pitch needs followers of the list, a week on it or more, and a chance from 0 to 1."
        )


def _split(plan: Plan) -> None:
    """Say which shares do not add up."""
    splits = {"the cells": [share for _, share in plan.shares]} if plan.shares else {}
    for channel, _, share in plan.channel_shares:
        splits.setdefault(f"{channel}'s cells", []).append(share)
    for whose, shares in splits.items():
        if min(shares) < 0 or not math.isclose(sum(shares), 1, abs_tol=1e-6):
            raise BadInput(f"The shares of {whose} must add up to 1, not {sum(shares):.3f}.")


def _identified(plan: Plan) -> None:
    """Say what a release without a track lacks."""
    if plan.track_id is not None:
        return
    if not (plan.artist_id or (plan.artist or "").strip()):
        raise BadInput(
            "A release that is not in the catalogue needs an artist: one it has, or a name."
        )
    if plan.artist_id and plan.artist:
        raise BadInput("A release has one artist: of the catalogue, or by name.")
    if plan.release_date is None:
        raise BadInput("A release that is not in the catalogue needs a date.")


def not_covered(plan: Plan, last_week: datetime.date) -> Plan:
    """Return the plan, or say that the data cover the date of a release without a track.

    Raises
    ------
    BadInput
        The release has no date, or one before the end of the last observed week.
    """
    after = last_week + datetime.timedelta(weeks=1)
    if plan.track_id is None and (plan.release_date is None or plan.release_date < after):
        raise BadInput(
            "A release that is not in the catalogue comes after the data, which end with "
            f"{after - datetime.timedelta(days=1)}; its date is {plan.release_date or 'missing'}."
        )
    return plan


def flight_weights(plan: Plan) -> np.ndarray:
    """Return the share of spend that each week of the flight gets (weeks of the flight,)."""
    weeks = np.arange(plan.flight[1])
    held = {
        "even": weeks >= 0,
        "burst": weeks < math.ceil(plan.flight[1] / 4),
        "pulsed": weeks % 2 == 0,
    }[plan.flighting]
    return held / held.sum()


def weekly_spend(plan: Plan, channels: tuple[str, ...], first_week: int, weeks: int) -> np.ndarray:
    """Return spend (weeks, channels) on the plan's clock, week `first_week` first.

    Raises
    ------
    BadInput
        A channel that the model does not know.
    """
    spend = np.zeros((weeks, len(channels)), np.float32)
    begin = plan.flight[0] - first_week
    inside = slice(max(begin, 0), max(min(begin + plan.flight[1], weeks), 0))
    weights = flight_weights(plan)[max(-begin, 0) :][: max(inside.stop - inside.start, 0)]
    for name, amount in known_channels(plan, channels).spend:
        spend[inside, channels.index(name)] = amount * weights
    return spend


def known_channels(plan: Plan, channels: tuple[str, ...]) -> Plan:
    """Return the plan, or say which of its channels the model does not know."""
    for name in [*dict(plan.spend), *(name for name, _, _ in plan.channel_shares)]:
        if name not in channels:
            raise BadInput(f"The model knows no channel “{name}”; it knows {', '.join(channels)}.")
    return plan


def cell_shares(plan: Plan, cells: tuple[str, ...], audience: np.ndarray) -> np.ndarray:
    """Return each cell's share of all spend (cells,): the plan's own, or the audience's.

    Raises
    ------
    BadInput
        A cell that the plan does not have.
    """
    whole = _shares(plan.shares, cells, audience)
    if not plan.channel_shares:
        return whole
    by_channel = channel_shares(plan, tuple(name for name, _ in plan.spend), cells, audience)
    money = np.array([amount for _, amount in plan.spend])
    return money @ by_channel / plan.budget if plan.budget else whole


def channel_shares(
    plan: Plan, channels: tuple[str, ...], cells: tuple[str, ...], audience: np.ndarray
) -> np.ndarray:
    """Return each cell's share of each channel's spend (channels, cells)."""
    shares = np.tile(_shares(plan.shares, cells, audience), (len(channels), 1))
    for number, channel in enumerate(channels):
        own = tuple((cell, share) for name, cell, share in plan.channel_shares if name == channel)
        if own:
            shares[number] = _shares(own, cells, audience)
    return shares


def _shares(given: tuple[tuple[str, float], ...], cells: tuple[str, ...], audience: np.ndarray):
    if not given:
        return audience
    shares = np.zeros(len(cells))
    for name, share in given:
        if name not in cells:
            raise BadInput(f"This plan has no cell “{name}”; its cells are {', '.join(cells)}.")
        shares[cells.index(name)] = share
    return shares
