"""Every table takes a whole row, and refuses each breach of its rules by the rule's name."""

import datetime
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.dataset import Dataset
from workbench.errors import BadInput, UsageError
from workbench.store.change import change
from workbench.store.files import hashed
from workbench.store.slices import scan, slice_path
from workbench.tables import SCHEMA_VERSION, TABLES, table
from workbench.tables.fitting import fitted
from workbench.tables.keys import standing_twice

DAY = datetime.date(2026, 7, 3)
NOON = datetime.datetime(2026, 7, 3, 12, tzinfo=datetime.UTC)
VALID = {
    "artists": {
        "artist_id": "ar-1", "name": "Ünal", "country": "DE", "genres": ["pop"], "signed": True,
    },
    "tracks": {
        "track_id": "tr-1", "isrc": "DEA012600001", "title": "Leaving", "version": "Live",
        "artist_id": "ar-1", "featured": [], "release_date": DAY, "genre": "pop", "language": "en",
        "duration_ms": 1, "album": "One", "upc": "012345678905", "label": "Own",
        "writers": ["A. Ünal"], "explicit": False, "status": "planned", "audio_valence": 0.0,
        "audio_energy": 1.0, "tempo": 120.0,
    },
    "lyrics": {
        "track_id": "tr-1", "source": "label", "text": "", "language": "en", "fetched_at": NOON,
    },
    "listeners": {
        "listener_id": "a1", "country": "US", "age_band": "18-24", "first_seen": DAY,
        "consent": False,
    },
    "plays": {
        "listener_id": "a1", "track_id": "tr-1", "played_at": NOON, "ms_played": 0,
        "source": "unknown", "skipped": None, "saved": True,
    },
    "listening_counts": {
        "listener_id": "a1", "entity": "artist", "entity_id": "ar-1", "plays": 0,
    },
    "daily_streams": {
        "entity": "track", "entity_id": "tr-1", "day": DAY, "territory": "WW", "store": "spotify",
        "streams": 0, "listeners": 1, "saves": 2, "followers": 3, "monthly_listeners": 4,
        "monthly_active_listeners": 5, "super_listeners": 6, "playlist_adds": 7,
    },
    "window_totals": {
        "entity": "artist", "entity_id": "ar-1", "window_start": DAY, "window_end": DAY,
        "territory": "US", "store": "apple", "metric": "shazams", "value": -1.5,
    },
    "playlist_spells": {
        "track_id": "tr-1", "playlist": "New", "added_at": NOON, "removed_at": NOON,
        "followers": 0, "kind": "editorial",
    },
    "campaigns": {
        "campaign_id": "c-1", "channel": "meta", "day": DAY, "territory": "WW", "track_id": "tr-1",
        "targeting": "fans", "spend": Decimal("0.0001"), "currency": "EUR", "impressions": 0,
        "clicks": 0, "results": 0, "result_kind": "saves", "days": 7,
    },
    "products": {
        "product_id": "p-1", "artist_id": "ar-1", "kind": "vinyl", "name": "LP",
        "price": Decimal("25.0000"), "unit_cost": Decimal("9.5000"), "currency": "EUR",
        "available_from": DAY,
    },
    "purchases": {
        "order_id": "o-1", "line": 1, "listener_id": "a1", "product_id": "p-1", "quantity": -1,
        "amount": Decimal("-25.0000"), "currency": "EUR", "purchased_at": NOON,
    },
    "experiments": {
        "experiment": "mail", "unit": "a1", "arm": "sent", "outcome": 0.0, "date": DAY,
        "covariates": [{"name": "plays", "value": None}],
    },
    "events": {
        "event": "late show", "name": "Late show", "kind": "tv", "first_day": DAY, "last_day": DAY,
        "value": 2.0, "artist_id": "ar-ada", "track_id": "tr-1", "territory": "US",
    },
    "lift_tests": {
        "test": "june", "channel": "meta", "track_id": "tr-1", "territory": "US", "start": DAY,
        "end": DAY, "control_spend": Decimal("0.0000"), "extra_spend": Decimal("-50.0000"),
        "currency": "EUR", "lift": -900.0, "standard_error": 200.0, "low": -1300.0, "high": -500.0,
        "confidence": 0.95,
    },
    "channel_draws": {
        "channel": "meta", "draw": 0, "adstock_kind": "geometric", "saturation_kind": "logistic",
        "adstock": 0.4, "saturation": 4.0, "effect": 3000.0, "spend_scale": 250.0,
    },
    "statements": {
        "file_hash": "ab", "source_row": 1, "source_file": "q1.csv", "source": "distributor",
        "statement_period": "2026-Q1", "sale_start": DAY, "sale_end": DAY, "store": "Spotify",
        "territory": "US", "isrc": "as printed", "track_title": "Leaving", "track_artist": "Ünal",
        "upc": "as printed", "release_title": "One", "release_artist": "Ünal", "label": "Own",
        "catalog_no": "OWN1", "sale_type": "stream", "quantity": -3,
        "gross": Decimal("0.0000000001"), "net": Decimal("0"), "currency": "EUR", "fx_rate": 1.1,
    },
    "fx_rates": {"currency": "USD", "day": DAY, "rate": 1.1, "source": "ECB"},
}  # fmt: skip

BREACHES = {
    "nullability": None, "check__check": "elsewhere", "min_length": "", "min_exclusive": 0.0,
    "nan": float("nan"), "inf": float("inf"), "inner_nullability": [None], "min": -1,
}  # fmt: skip
OF_COLUMNS = {
    "isrc|regex": "de-a01-26-00001", "upc|regex": "12345", "country|regex": "usa",
    "territory|regex": "us", "currency|regex": "EUR\n", "duration_ms|min": 0, "line|min": 0,
    "source_row|min": 0, "days|min": 0, "days|max": 367, "tempo|min": 0.5, "tempo|max": 401.0,
    "audio_valence|min": -0.01, "audio_energy|min": -0.01, "audio_valence|max": 1.01,
    "audio_energy|max": 1.01, "confidence|max_exclusive": 1.0,
    "adstock|max_exclusive": 1.0,
    "covariates|inner_inner_name_nullability": [{"name": None, "value": 1.0}],
    "covariates|inner_inner_value_nan": [{"name": "plays", "value": float("nan")}],
    "covariates|inner_inner_value_inf": [{"name": "plays", "value": float("inf")}],
}  # fmt: skip
OF_ROWS = {
    "window_is_not_negative": {"window_end": DAY - datetime.timedelta(1)},
    "ends_after_start": {"end": DAY - datetime.timedelta(1)},
    "ends_after_it_begins": {"last_day": DAY - datetime.timedelta(1)},
    "interval_is_wide": {"low": -500.0},
    "removed_after_added": {"removed_at": NOON - datetime.timedelta(milliseconds=1)},
}


def rows(name: str, *changes: dict) -> pl.DataFrame:
    """Return one whole row of a table for each change made to it."""
    whole = [VALID[name] | change for change in changes]
    return pl.DataFrame(whole, schema=table(name).polars_schema, strict=False)


def rules(name: str) -> list[str]:
    return sorted(table(name).schema._validation_rules(with_cast=False))


@pytest.mark.parametrize("name", TABLES)
def test_a_whole_row_is_taken_as_it_is(name):
    assert set(VALID[name]) == set(table(name).polars_schema), "the row shows every column"
    (back,) = fitted(table(name), rows(name, {})).rows(named=True)
    assert back == VALID[name]


@pytest.mark.parametrize(
    ("name", "rule"), [(name, rule) for name in TABLES for rule in rules(name)]
)
def test_each_broken_rule_is_named(name, rule):
    column, _, kind = rule.partition("|")
    if rule == "primary_key":
        frame = rows(name, {}, {})
    elif rule in OF_ROWS:
        frame = rows(name, OF_ROWS[rule])
    elif rule in OF_COLUMNS:
        frame = rows(name, {column: OF_COLUMNS[rule]})
    elif kind == "regex":
        frame = pl.concat([rows(name, {column: bad}) for bad in ("", "a\nb", "x" * 201)])
    else:
        frame = rows(name, {column: BREACHES[kind]})
    with pytest.raises(BadInput) as caught:
        fitted(table(name), frame)
    assert f"'{rule}': " in str(caught.value)
    assert f"the table {name}" in str(caught.value)


@pytest.mark.parametrize("name", TABLES)
def test_what_a_source_lacks_is_null(name):
    kind = table(name)
    needed = {rule.partition("|")[0] for rule in rules(name) if rule.endswith("|nullability")}
    given = {column: VALID[name][column] for column in kind.polars_schema if column in needed}
    (back,) = fitted(kind, rows(name, {}).select(list(given))).rows(named=True)
    assert back == {column: given.get(column) for column in kind.polars_schema}


def test_a_column_that_a_table_has_not_is_refused_by_name():
    with pytest.raises(BadInput, match="fx_rates has no column rat; it has"):
        fitted(table("fx_rates"), pl.DataFrame({"currency": ["USD"], "day": [DAY], "rat": [1.0]}))


def test_tables_are_found_by_name():
    with pytest.raises(UsageError, match="no table “track”"):
        table("track")
    assert {name: kind.name for name, kind in TABLES.items()} == {name: name for name in TABLES}


@pytest.mark.parametrize("name", TABLES)
def test_dates_people_and_keys_are_columns_of_their_table(name):
    kind = table(name)
    assert kind.key
    assert {*kind.key, *filter(None, (kind.dated, kind.listener))} <= set(kind.polars_schema)
    if kind.dated:
        assert kind.polars_schema[kind.dated] in (pl.Date, pl.Datetime("ms", "UTC"))
    people = {"listener_id", "unit"} & set(kind.polars_schema)
    assert kind.listener == (people.pop() if people else None)


# --- Types: nothing changes its value on the way in ---------------------------------------------


def purchase(**given: object) -> pl.DataFrame:
    return pl.DataFrame([VALID["purchases"] | given])


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({"amount": 19.99}, Decimal("19.9900")),
        ({"amount": 0.1 + 0.2}, Decimal("0.3000")),
        ({"amount": -33.33335}, Decimal("-33.3334")),
        ({"amount": "12.5"}, Decimal("12.5000")),
        ({"amount": 7}, Decimal("7.0000")),
        ({"quantity": 2.0}, 2),
        ({"quantity": "3"}, 3),
        ({"order_id": 17}, "17"),
        ({"purchased_at": datetime.date(2026, 7, 3)}, NOON.replace(hour=0)),
        ({"purchased_at": NOON.replace(tzinfo=None)}, NOON),
        ({"purchased_at": NOON.replace(microsecond=999_999)}, NOON.replace(microsecond=999_000)),
    ],
)
def test_a_value_of_another_type_means_the_same(given, stored):
    (column,) = given
    assert fitted(table("purchases"), purchase(**given))[column].to_list() == [stored]


def test_another_time_zone_is_the_same_moment():
    berlin = pl.Series("purchased_at", [NOON]).dt.convert_time_zone("Europe/Berlin")
    assert berlin[0].hour == 14
    back = fitted(table("purchases"), purchase().with_columns(berlin))
    assert back["purchased_at"].to_list() == [NOON]


@pytest.mark.parametrize(
    "given",
    [
        {"quantity": 1.5},
        {"quantity": "1.5"},
        {"quantity": float("nan")},
        {"quantity": True},
        {"quantity": 1e30},
        {"amount": "12,50"},
        {"amount": 1e20},
        {"amount": float("inf")},
        {"order_id": 17.0},
        {"order_id": True},
        {"purchased_at": 1_783_080_000},
        {"purchased_at": "2026-07-03T12:00:00"},
        {"purchased_at": "yesterday"},
        {"line": b"1"},
    ],
)
def test_a_value_that_would_change_is_refused(given):
    with pytest.raises(BadInput, match=next(iter(given))):
        fitted(table("purchases"), purchase(**given))


def test_a_day_is_neither_a_number_nor_an_hour():
    for day in (20260703, "2026-07-03", NOON, 46206.0):
        with pytest.raises(BadInput, match="day"):
            fitted(table("fx_rates"), pl.DataFrame([VALID["fx_rates"] | {"day": day}]))
    midnight = pl.DataFrame([VALID["fx_rates"] | {"day": NOON.replace(hour=0)}])
    assert fitted(table("fx_rates"), midnight)["day"].to_list() == [DAY]


@given(some.lists(some.floats(allow_nan=True, allow_infinity=True) | some.none(), max_size=20))
def test_a_count_is_taken_only_if_it_is_one(values):
    frame = pl.DataFrame(
        [
            VALID["daily_streams"] | {"entity_id": f"t{n}", "streams": v}
            for n, v in enumerate(values)
        ],
        schema={**table("daily_streams").polars_schema, "streams": pl.Float64},
    )
    whole = all(v is None or (v.is_integer() and 0 <= v < 2**63) for v in values)
    try:
        back = fitted(table("daily_streams"), frame)["streams"].to_list()
    except BadInput:
        assert not whole
    else:
        assert whole
        assert back == values


# --- Files of another schema --------------------------------------------------------------------


def test_a_slice_carries_the_version_of_its_schema(tmp_path):
    with change(tmp_path) as writing:
        writing.put("fx_rates", rows("fx_rates", {}), source="test")
    (entry,) = Dataset("test", tmp_path, tmp_path).entries("fx_rates")
    assert entry.schema_version == SCHEMA_VERSION == 1
    assert (entry.first, entry.last) == ("2026-07-03", "2026-07-03")


def test_a_slice_without_a_new_column_reads_null(tmp_path):
    with change(tmp_path) as writing:
        writing.put("fx_rates", rows("fx_rates", {}), source="test")
    (entry,) = Dataset("test", tmp_path, tmp_path).entries("fx_rates")
    path = slice_path(tmp_path, entry)
    old = pl.read_parquet(path).drop("source").with_columns(dropped_since=pl.lit(1))
    digest, _ = hashed(path.parent, ".parquet", lambda place: old.write_parquet(place))
    read = scan(tmp_path, table("fx_rates"), [entry, replace(entry, hash=digest)]).collect()
    assert read.schema == table("fx_rates").polars_schema
    assert read["source"].to_list() == ["ECB", None]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_rows_has_its_columns(tmp_path, name):
    with change(tmp_path) as writing:
        writing.describe(title="empty")
    label = Dataset("test", tmp_path, tmp_path, rows=True)
    assert label.table(name).schema == table(name).polars_schema
    assert not label.has(name)
    for nothing in (pl.DataFrame(), pl.DataFrame(schema=table(name).polars_schema)):
        with change(tmp_path) as writing:
            assert writing.put(name, nothing, source="test").rows == 0


@given(some.lists(some.tuples(some.sampled_from("ab"), some.integers(0, 3)), max_size=12))
def test_rows_of_one_key_are_found_whichever_column_tells_them_apart(keys):
    frame = pl.DataFrame(keys, schema={"a": pl.String, "b": pl.Int64}, orient="row")
    again = [place for place, key in enumerate(keys) if keys.count(key) > 1]
    assert standing_twice(frame, ["a", "b"]).to_list() == again
    assert standing_twice(frame, ["b", "a"]).to_list() == again
