"""A release that is not in the catalogue: who makes it decides its level, and how sure that is."""

import datetime
from dataclasses import replace

import labels
import numpy as np
import polars as pl
import pytest

from workbench.errors import BadInput
from workbench.promotion import draws, own_draws
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.overview import opening_plan, releases
from workbench.promotion.plan import Plan
from workbench.promotion.sizes import roster_spread

AFTER = labels.day(labels.DAYS)  # the first day without data, a Friday
BO = Plan(artist_id="ar-bo", genre="folk", release_date=AFTER + datetime.timedelta(weeks=4))
NEW = replace(BO, artist_id=None, artist="Nova")


def streams(label, plan):
    totals = plan_outcome(label, plan=plan, current=plan).totals
    return totals.row(by_predicate=pl.col("measure") == "streams", named=True)


def test_the_catalogue_offers_artists_and_genres(label):
    known = releases(label)
    assert known.artists == (("ar-ada", "Ada *Star*"), ("ar-bo", "Bo & the Bees"))
    assert known.genres == ("folk", "pop")


def test_it_opens_with_the_usual_spend_and_keeps_what_was_typed(label):
    opening = opening_plan(label, release=NEW)
    assert not opening.booked
    assert opening.plan == replace(NEW, spend=(("meta", 2400.0), ("radio", 1200.0)))


def test_a_planned_track_of_the_artist_has_the_same_law(label):
    # not the same draws: random numbers belong to the release
    planned = streams(label, Plan(track_id="tr-4"))
    typed = streams(label, BO)
    for edge in ("low", "median", "high"):
        assert typed[f"scenario_{edge}"] == pytest.approx(planned[f"scenario_{edge}"], rel=0.35)


def test_a_larger_artist_brings_more_and_an_unknown_one_is_less_sure(label):
    fit = label.fit("promotion")
    sizes = dict(fit.frames["artists"].iter_rows())
    larger, smaller = sorted(sizes, key=sizes.get, reverse=True)
    found = [streams(label, replace(BO, artist_id=one)) for one in (larger, smaller)]
    assert found[0]["scenario_median"] > found[1]["scenario_median"]

    def log_width(row):
        return np.log(row["scenario_high"] / row["scenario_low"])

    assert log_width(streams(label, NEW)) > max(map(log_width, found))


def test_the_name_of_an_unknown_artist_moves_nothing(label):
    assert streams(label, NEW) == streams(label, replace(NEW, artist="Somebody else"))


def test_how_large_an_unknown_artist_is(label):
    one = draws.scene(label.fit("promotion"), replace(NEW, start=NEW.release_date))
    known = draws.scene(label.fit("promotion"), replace(BO, start=BO.release_date))
    # saturation sits at a usual week over the size: the draws of size are what is left of the ratio
    own = own_draws.known_size(label.fit("promotion"), BO)
    sizes = known.gain[0] * own / one.gain[0]
    spread = roster_spread(label.fit("promotion").frames["artists"])
    assert np.log(sizes).std() == pytest.approx(0.5 * spread, rel=0.05)
    assert np.log(sizes).mean() == pytest.approx(0, abs=0.05)


def test_spread_of_a_roster_by_hand():
    none = pl.DataFrame({"size": []}, schema={"size": pl.Float64})
    assert roster_spread(none) == 1.0
    two = pl.DataFrame({"size": [np.e**2, np.e**-2]})
    assert roster_spread(two) == pytest.approx(np.sqrt((6 + 4 + 4) / 8))


def test_what_is_not_known_is_said(label):
    def said(plan):
        warnings = plan_outcome(label, plan=plan, current=plan).warnings
        kept = warnings.filter(pl.col("kind").is_in(["artist", "genre"]))
        return kept.select("kind", "subject").rows()

    assert said(BO) == []
    assert said(Plan(track_id="tr-2")) == []
    assert said(NEW) == [("artist", "Nova")]
    assert said(replace(BO, genre="polka")) == [("genre", "polka")]
    assert said(replace(NEW, genre=None)) == [("artist", "Nova"), ("genre", "")]


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (replace(NEW, artist="  "), "needs an artist"),
        (replace(NEW, artist=None), "needs an artist"),
        (replace(BO, artist="Nova"), "one artist"),
        (replace(BO, release_date=None), "needs a date"),
        (replace(BO, release_date=AFTER - datetime.timedelta(days=1)), "end with 2026-10-22"),
    ],
)
def test_a_release_that_cannot_be_is_refused(label, plan, words):
    with pytest.raises(BadInput, match=words):
        opening_plan(label, release=plan)
    with pytest.raises(BadInput, match=words):
        plan_outcome(label, plan=plan, current=plan)
    first = replace(BO, release_date=AFTER)
    assert opening_plan(label, release=first).plan.release_date == AFTER
