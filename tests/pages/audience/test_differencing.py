"""Two settings of a filter that differ by a few people: what the pages show tells nothing of them.

The analyses are tested by themselves; here it is what a visitor can read, hover over and download.
"""

import datetime
import json
import re

import polars as pl
import pytest
from apptest import Visit

from tests.audience.conftest import catalogue, moment, plays
from tests.audience.planted import planted
from workbench.audience import clusters as clustering
from workbench.audience.rules import Segment, known_of
from workbench.audience.saved import save, saved
from workbench.audience.tier_rules import TIERS
from workbench.dataset import make, open_dataset
from workbench.store.change import change

FEW = 9
GROUP, STEP = 10, 5
# not the limits themselves, nor how large the panel is, whatever the filters
LIMITS = r"(?<!under )(?<!than )(?<!least )"
SAID = re.compile(rf"{LIMITS}\b([\d,]+) (?:listeners(?! in the panel)|buyers)")
# Columns of the tables that count people; what else they show are shares and streams.
COUNTS = {
    "listeners", "buyers", "before", "super", "moderate", "light", "previously_active",
    "programmed", "unknown", "both", "reach", "heard", "began", "lost", "gained",
    "moves",
}  # fmt: skip
STRIP = ("Listeners", "Audience", "Super", "Moderate", "Light", "Previously active")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A label of 320 listeners: nine, who all buy, are the only ones in Taiwan."""
    tables = planted()
    everyone = tables["listeners"]["listener_id"].to_list()
    away = pl.col("listener_id").is_in(everyone[:FEW])
    country = pl.when(away).then(pl.lit("TW")).otherwise("country")
    tables["listeners"] = tables["listeners"].with_columns(country.alias("country"))
    # The first one streams more than anybody, so that a rule fits nobody else.
    last = tables["plays"]["played_at"].max().date()
    # and is alone with a favourite of their own.
    tables["artists"] = pl.concat([tables["artists"], catalogue(["zedzed"])["artists"]])
    tables["tracks"] = pl.concat([tables["tracks"], catalogue(["zedzed"])["tracks"]])
    alone = [(everyone[0], "zedzed", last - datetime.timedelta(d), "search") for d in range(40)]
    again = plays(
        [*alone, *((everyone[0], "a00", last - datetime.timedelta(d), "search") for d in range(25))]
    )
    tables["plays"] = pl.concat([tables["plays"], again])
    buyers = everyone[:FEW] + everyone[100:200]
    tables["purchases"] = pl.DataFrame(
        {
            "order_id": [f"o-{who}" for who in buyers],
            "line": [1] * len(buyers),
            "listener_id": buyers,
            "quantity": [1] * len(buyers),
            "amount": [20.0] * len(buyers),
            "currency": ["EUR"] * len(buyers),
            "purchased_at": [moment(datetime.date(2026, 9, 1))] * len(buyers),
        }
    ).with_columns(pl.col("amount").cast(pl.Decimal(18, 4)))
    place = tmp_path_factory.mktemp("few") / "label"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "OFFERED", (3, 4))
        patch.setattr(clustering, "RESAMPLES", 3)
        with change(place) as writing:
            for name, frame in tables.items():
                writing.put(name, frame, source="test")
        make(open_dataset(str(place)), "segments", lambda *_: None)
        yield place


def people(visit: Visit) -> dict[str, int]:
    """Return every count of people that a page gives away, by the place where it stands."""
    found = {}
    for table, frame in visit.page.shown.items():
        for column in COUNTS & set(frame.columns):
            words = pl.concat_str(pl.col(pl.String), separator="/", ignore_nulls=True)
            names = frame.select(words).to_series()
            cells = zip(names, frame[column], strict=True)
            found |= {f"{table} {name} {column}": value for name, value in cells}
    for metric in visit.app.metric:
        if metric.label in STRIP and metric.value != "–":
            found[f"strip {metric.label}"] = int(metric.value.replace(",", ""))
    for kind in ("caption", "markdown"):
        for place, text in enumerate(getattr(visit.app, kind)):
            for nth, number in enumerate(SAID.findall(text.value)):
                found[f"{kind} {place} {nth}"] = int(number.replace(",", ""))
    for chart in visit.app.get("plotly_chart"):
        for trace in json.loads(chart.proto.spec)["data"]:
            template = trace.get("hovertemplate") or ""
            if "customdata[1]} listeners" in template:  # the map: customdata is cluster, listeners
                counts = [count for _, count in trace["customdata"]]
            elif "in the 28 days to" in template:  # the history: y is listeners
                counts = trace["y"]
            else:
                continue
            found |= {f"{trace['name']} dot {i}": count for i, count in enumerate(counts)}
    return {place: count for place, count in found.items() if count is not None}


@pytest.mark.parametrize(("route", "least"), [("audience/segments", 25), ("audience/tiers", 40)])
def test_all_countries_and_all_but_a_small_one_differ_by_fives(folder, monkeypatch, route, least):
    listeners = open_dataset(str(folder)).view(["listeners"]).table("listeners")
    countries = sorted(listeners["country"].unique())
    assert (listeners["country"] == "TW").sum() == FEW
    rest = [country for country in countries if country != "TW"]
    shown_to = []
    for chosen in (countries, rest):
        visit = Visit(monkeypatch, folder, route, country=chosen)
        assert f"countries={tuple(chosen)}" in visit.page.notebook().decode()
        shown_to.append(people(visit))
    first, second = shown_to
    for shown in shown_to:
        assert len(shown) >= least
        assert {place: n for place, n in shown.items() if n < GROUP or n % STEP} == {}
    both = first.keys() & second.keys()
    assert len(both) >= least // 2
    assert all((first[place] - second[place]) % STEP == 0 for place in both)


@pytest.mark.parametrize("route", ["audience/segments", "audience/tiers"])
def test_nothing_is_shown_of_a_country_of_few(folder, monkeypatch, route):
    few = Visit(monkeypatch, folder, route, country="TW")
    assert "countries=('TW',)" in few.page.notebook().decode()
    assert people(few) == {}
    for frame in few.page.shown.values():
        if COUNTS & set(frame.columns):
            assert frame.select(pl.selectors.numeric()).null_count().row(0) == (
                (frame.height,) * frame.select(pl.selectors.numeric()).width
            )


@pytest.mark.parametrize("route", ["audience/segments", "audience/tiers", "audience/overlap"])
def test_a_segment_of_one_and_one_that_lacks_one_single_nobody_out(folder, monkeypatch, route):
    """Rules are filters: one that only a planted listener fits, and one that all but they fit."""
    by_name = _saved_rules(folder)
    one = Visit(monkeypatch, folder, route, among="One")
    assert one.app.selectbox(key="among").value == by_name["One"].id
    told = {place: n for place, n in people(one).items() if "saved_segments" not in place}
    assert told == {}
    whole, rest = (
        people(Visit(monkeypatch, folder, route, among=n, lasting="true"))
        for n in ("All", "All but one")
    )
    both = whole.keys() & rest.keys()
    assert len(both) >= 15
    assert all((whole[place] - rest[place]) % STEP == 0 for place in both)


@pytest.mark.parametrize("route", ["scout/catalogue", "scout/artist", "songs/song"])
def test_streams_of_a_segment_of_one_are_nobodys(folder, monkeypatch, route):
    """Nor has a page of everybody, or of all but one, a row for the song that they alone hear."""
    _saved_rules(folder)
    one = Visit(monkeypatch, folder, route, among="One")
    assert "“One” has too few listeners" in one.words
    assert all("streams" not in frame.columns for frame in one.page.shown.values())
    if route == "scout/catalogue":
        for name in ("All", "All but one"):
            visit = Visit(monkeypatch, folder, route, among=name)
            own = visit.page.shown["tracks"].filter(artist="Zedzed")
            assert own["streams"].null_count() == own.height == 1


def _least(folder) -> int:
    """Return the streams in 28 days of the listener who has most of all."""
    view = open_dataset(str(folder)).view(["plays", "tracks", "listeners"])
    top = known_of(view)["streams_28d"].sort(descending=True)
    assert top[0] > top[1]
    return int(top[0])


def _saved_rules(folder) -> dict[str, Segment]:
    """Return the rules by name: one that only one listener fits, one for all, all but that one."""
    for name, rule in (
        ("One", Segment("", "One", least_streams=_least(folder))),
        ("All", Segment("", "All", tiers=tuple(TIERS))),
    ):
        if name not in {one.name for one in saved(folder).segments}:
            save(folder, "ada", rule)
    by_name = {one.name: one for one in saved(folder).segments}
    if "All but one" not in by_name:
        parts = (by_name["All"], by_name["One"])
        save(folder, "ada", Segment("", "All but one", parts=parts, how="without"))
    return {one.name: one for one in saved(folder).segments}


CHOICES = ({"artist": "Zedzed"}, {"among": "One"})


@pytest.mark.parametrize("route", ["audience/segments", "audience/tiers", "audience/overlap"])
def test_a_notebook_at_any_filter_names_no_single_listeners_artist(folder, monkeypatch, route):
    """The planted listener alone hears an artist: no result that a notebook makes says so."""
    if "One" not in {one.name for one in saved(folder).segments}:
        save(folder, "ada", Segment("", "One", least_streams=_least(folder)))
    ids = set(open_dataset(str(folder)).view(["listeners"]).table("listeners")["listener_id"])
    for query in CHOICES:
        visit = Visit(monkeypatch, folder, route, **query)
        visit.notebook_agrees()
        for name, found in visit.page._results:
            frames = [found] if isinstance(found, pl.DataFrame) else vars(found).values()
            for frame in (f for f in frames if isinstance(f, pl.DataFrame)):
                texts = {value for c in frame.select(pl.col(pl.String)) for value in c.to_list()}
                assert not texts & ids, (query, name)
                told = frame.filter(pl.any_horizontal(pl.col(pl.String) == "zedzed", False))
                counts = told.select(
                    pl.selectors.numeric()
                    - pl.selectors.by_name("rank", "segment", require_all=False)
                )
                assert all(c.null_count() == told.height for c in counts), (query, name)
        assert "Zedzed" not in visit.words, query
