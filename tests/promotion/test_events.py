"""Events: doses by hand, slopes against differences, and no credit for what a show brought."""

import datetime
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from tests.promotion import planted, slopes
from workbench.promotion import estimate
from workbench.promotion.coordinates import coordinates
from workbench.promotion.doubts import doubts
from workbench.promotion.events import doses, events_ahead, kinds_of, lifted, readable_events
from workbench.promotion.expected import curves
from workbench.promotion.observations import observed
from workbench.promotion.plan import Plan
from workbench.tables import table

FRIDAY = planted.FIRST
CATALOGUE = pl.DataFrame({"track_id": ["t0", "t1", "t2"], "artist_id": ["a", "b", "a"]})
STREAMS = pl.DataFrame({"territory": ["DE", "US", "FR"], "streams": [300, 600, 100]})


def rows(*events: tuple) -> pl.DataFrame:
    """Return events of name, kind, first and last day of the window, and what else is given."""
    found = [
        {"event": str(n), "name": name, "kind": kind, "first_day": day(first),
         "last_day": None if last is None else day(last), **more}
        for n, (name, kind, first, last, more) in enumerate(events)
    ]  # fmt: skip
    return pl.DataFrame(found, schema=table("events").polars_schema)


def day(number: int) -> datetime.date:
    return FRIDAY + datetime.timedelta(days=number)


def test_doses_are_the_days_that_an_event_fills_times_its_value():
    events = rows(
        ("Show", " TV ", 6, 7, {}),  # the last day of a week and the first of the next
        ("Award", "award", 0, None, {"artist_id": "a", "territory": "US"}),
        ("Heat", "heat", 0, 6, {"value": 30.0}),
        ("Heat", "heat", 7, 13, {"value": 15.0, "track_id": "t1"}),
        ("Small", "award", 7, 13, {"territory": "FR"}),  # a third of what is “Other”
    )
    more = pl.DataFrame({"territory": ["PL"], "streams": [200]})
    cells = ("US", "DE", "Other")
    read = readable_events(events, pl.concat([STREAMS, more]), cells, CATALOGUE)
    assert kinds_of(read) == ("award", "heat", "tv")
    weeks = np.array([day(0), day(7)], "datetime64[D]")
    found = doses(read, weeks, *CATALOGUE.to_numpy().T, 3)
    award, heat, show = np.moveaxis(found, 3, 0)
    np.testing.assert_allclose(show, np.full((2, 3, 3), 1 / 7))
    np.testing.assert_allclose(award[0], [[1 / 7, 0, 0], [0, 0, 0], [1 / 7, 0, 0]])
    np.testing.assert_allclose(award[1, :, 2], 1 / 3)
    np.testing.assert_allclose(heat[:, :, 0], [[1, 1, 1], [0, 0.5, 0]])
    np.testing.assert_allclose(lifted(found, np.log([1, 1, 2.0]))[0, 0, 0], 2 ** (1 / 7))


def test_an_event_of_a_value_below_zero_turns_its_interval_around():
    events = rows(("Cold", "heat", 0, 6, {"value": -10.0}), ("Hot", "heat", 0, 6, {"value": 20.0}))
    read = readable_events(events, STREAMS, ("US", "DE"), CATALOGUE)
    effects = {"kind": ["heat"], "weeks": [3], "low": [0.81], "median": [1.44], "high": [4.0]}
    fit = SimpleNamespace(frames={"events": read, "event_effects": pl.DataFrame(effects)})
    weeks = np.array([day(0)], "datetime64[D]")
    cold, hot = events_ahead(fit, Plan(track_id="t0"), weeks).to_dicts()
    assert [cold[edge] for edge in ("low", "median", "high")] == pytest.approx(
        [1 / 2, 1 / 1.2, 1 / 0.9]
    )
    assert [hot[edge] for edge in ("low", "median", "high")] == pytest.approx([0.81, 1.44, 4.0])


def test_what_cannot_be_used_says_why():
    read = readable_events(
        rows(
            ("Nobody", "tv", 0, None, {"artist_id": "z"}),
            ("Nowhere", "tv", 0, None, {"territory": "JP"}),
            ("Nothing", "rain", 0, None, {"value": 0.0}),
            ("World", "tv", 0, None, {"territory": "WW"}),
        ),
        STREAMS, ("US", "DE", "FR"), CATALOGUE,
    )  # fmt: skip
    why = dict(read.select("name", "left_out").iter_rows())
    assert "does not have" in why["Nobody"]
    assert "do not tell apart" in why["Nowhere"]
    assert "every value is zero" in why["Nothing"]
    assert why["World"] is None
    assert kinds_of(read) == ("tv",)


def test_of_many_kinds_the_shortest_become_one():
    events = rows(*((str(n), f"kind {n:02}", 0, n, {}) for n in range(15)))
    kinds = kinds_of(readable_events(events, STREAMS, ("US", "DE", "FR"), CATALOGUE))
    assert kinds == (*(f"kind {n:02}" for n in range(4, 15)), "other kinds")


def stirred(data, *events):
    """Return arrays with these events on file."""
    catalogue = pl.DataFrame({"track_id": data.tracks, "artist_id": data.artists})
    weekly = pl.DataFrame({"territory": list(data.cells), "streams": data.audience})
    read = readable_events(rows(*events), weekly, data.cells, catalogue)
    dose = doses(read, data.weeks, data.tracks, data.artists, len(data.cells))
    return replace(data, event_kinds=kinds_of(read), events=dose)


@pytest.fixture(scope="module")
def point():
    _, _, shared, own, data = planted.planted()
    data = stirred(data, ("Show", "tv", 200, 230, {"artist_id": "a", "territory": "US"}),
                   ("Heat", "heat", 0, 300, {"value": 2.0}),
                   ("Heat", "heat", 150, 160, {"value": -1.0}))  # fmt: skip
    return slopes.near(data, np.append(shared, [0.4, -0.3]), own)


def test_gradient_against_differences(point):
    slopes.gradient_agrees(point, tracks=1)


def test_slopes_of_one_track_against_differences(point):
    slopes.slopes_agree(point, track=0)


def campaign_in_a_show():
    """Return arrays in which a show came three times, once with a campaign on t0; true streams."""
    weekly, spend, tracks = planted.frames()
    spend = spend.filter(pl.col("track_id").is_in(["t3", "t4"]), pl.col("channel") == "posters")
    ads = [("t0", "meta", planted.FIRST + datetime.timedelta(weeks=w), "US", 300.0)
           for w in (40, 41)]  # fmt: skip
    ads = pl.DataFrame(ads, schema=spend.schema, orient="row")
    shows = [("Show", "tv", 7 * w, 7 * w + 13, {"artist_id": "a"}) for w in (14, 27, 40)]
    data = stirred(observed(weekly, pl.concat([spend, ads]), tracks), *shows)
    at = coordinates(data)
    shared, own = at.mean.copy(), at.own_mean.copy()
    shared[at.at["effect"]] = np.log([400.0, 1400.0])
    shared[at.at["events"]] = 0.5
    own[:, 0] = np.log(6000)
    mean = curves(data, at, shared, own).mean
    noise = np.exp(0.05 * np.random.default_rng(1).standard_normal(mean.shape))
    return replace(data, streams=np.round(mean * noise)), planted.brought(data, at, shared, own)[0]


def ads_brought(data) -> np.ndarray:
    """Return the 5 %, 50 % and 95 % points of what meta brought."""
    found = estimate.posterior(data, draws=400, tries=600)
    drawn = [
        planted.brought(data, found.at, one, found.own + found.own_slope @ (one - found.shared))[0]
        for one in found.draws[:200]
    ]
    return np.quantile(drawn, [0.05, 0.5, 0.95])


def test_a_campaign_in_the_week_of_a_show_takes_no_credit_for_it():
    data, truth = campaign_in_a_show()
    low, median, high = ads_brought(data)
    assert low < truth < high
    assert median == pytest.approx(truth, rel=0.2)
    bare = replace(data, event_kinds=(), events=data.events[..., :0])
    low, median, _ = ads_brought(bare)
    assert low > 1.5 * truth


def test_an_event_that_only_comes_with_a_channel_is_a_doubt():
    data, _ = campaign_in_a_show()
    at = coordinates(data)
    kinds = doubts(data, at, at.mean, at.own_mean)["kind"]
    assert "with_event" not in kinds  # two more shows without the channel
    once = stirred(data, ("Show", "tv", 7 * 40, 7 * 40 + 13, {"track_id": "t0"}))
    at = coordinates(once)
    found = doubts(once, at, at.mean, at.own_mean).filter(kind="with_event")
    assert found["subject"].to_list() == ["meta + tv"]
    assert found["value"].to_list() == [1.0]
