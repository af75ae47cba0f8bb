"""Whatever is done to a file, the counts add up and nothing but a clear refusal is raised."""

import bringing
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import profiles

STRANGE = st.one_of(
    st.sampled_from(
        ["", "NaN", "1.234,56", "1,234", "2010", "03/04/2026", "1970-01-01", "2999-01-01", "=1+1",
         "<b>", "a@b.org", "\0", '"', '""', "'", "-", "1e400", "9" * 30, "true", "[", "[1]",
         '{"a":', "2026-07-03T25:00:00Z", "\u202e", "🎵"]
    ),
    st.text(max_size=12),
)  # fmt: skip
COLUMNS = {
    "tracks": ["track_id", "title", "artist_id", "status", "isrc", "release_date", "tempo",
               "writers", "explicit"],
    "daily_streams": ["entity", "entity_id", "day", "territory", "store", "streams"],
    "plays": ["listener_id", "track_id", "played_at", "source", "ms_played", "saved"],
    "campaigns": ["campaign_id", "channel", "day", "territory", "spend", "currency", "days"],
}  # fmt: skip
GOOD = {
    "tracks": ["t1", "Leaving", "a1", "released", "USRC17607839", "2024-05-01", "120", "A, B", "1"],
    "daily_streams": ["track", "t1", "2026-07-03", "US", "spotify", "12"],
    "plays": ["ann", "t1", "2026-07-03T10:00:00Z", "search", "30000", "yes"],
    "campaigns": ["c1", "meta", "2026-07-03", "US", "12.50", "EUR", "1"],
}


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    return bringing.empty_label(tmp_path_factory.mktemp("label") / "label")


@st.composite
def tables(draw) -> tuple[str, str]:
    """Draw a table's name and a file that began as a good one."""
    name = draw(st.sampled_from(sorted(COLUMNS)))
    rows = []
    for number in range(draw(st.integers(1, 6))):
        row = list(GOOD[name])
        row[0] = f"{row[0]}{number % 4}" if name != "daily_streams" else row[0]
        for _ in range(draw(st.integers(0, 2))):
            row[draw(st.integers(0, len(row) - 1))] = draw(STRANGE)
        rows.append(",".join(row))
    return name, "\n".join([",".join(COLUMNS[name]), *rows]) + "\n"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables())
def test_counts_add_up_for_every_mutated_table(label, table):
    name, text = table
    try:
        report = bringing.planned(label, text.encode("utf-8", "replace"), dry_run=True).report
    except BadInput:
        return
    for one in report.tables:
        assert one.table == name
        assert one.read == one.accepted + one.repaired + one.rejected
        assert one.stored + one.repeated == one.accepted + one.repaired
        assert one.rejects["file_row"].n_unique() == one.rejected
        assert one.rejects["reason"].null_count() == 0


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.builds(
        lambda head, rest: head + rest,
        st.sampled_from([b"", b"artist_id,name\n", b"PAR1", b"PK\x03\x04", b"\x1f\x8b", b"{"]),
        st.binary(max_size=300),
    )
)
def test_any_bytes_at_all_are_read_or_refused(label, data):
    try:
        report = bringing.planned(label, data, dry_run=True).report
    except BadInput:
        return
    for one in report.tables:
        assert one.read == one.accepted + one.repaired + one.rejected


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 400), position=st.integers(0, 400), byte=st.integers(0, 255))
def test_a_cut_or_damaged_file_costs_rows_but_never_hides_them(label, cut, position, byte):
    lines = [f"track,t{n},2026-07-03,US,spotify,{n}" for n in range(9)]
    whole = "\n".join([",".join(COLUMNS["daily_streams"]), *lines]).encode()
    damaged = bytearray(whole[:cut])
    if position < len(damaged):
        damaged[position] = byte
    try:
        report = bringing.planned(label, bytes(damaged), dry_run=True).report
    except BadInput:
        return
    table = report.tables[0]
    assert table.read == table.accepted + table.repaired + table.rejected
    assert table.read >= bytes(damaged).count(b"\n") - 1


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1,
    max_size=30,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAMES, min_size=1, max_size=8))
def test_generated_rows_come_back_exactly(tmp_path_factory, names):
    label = bringing.empty_label(tmp_path_factory.mktemp("round") / "label")
    stated = profiles.parsed(
        '[[tables]]\nname = "artists"\n[tables.columns]\nartist_id = "id"\nname = "who"\n', "mine"
    )
    ids = [f"a{n}" for n in range(len(names))]
    frame = pl.DataFrame({"id": ids, "who": names}, schema={"id": pl.String, "who": pl.String})
    kept = [
        (one, name)
        for one, name in zip(ids, names, strict=True)
        if not ("@" in name and "." in name) and name[0] != "'"
    ]
    try:
        bringing.brought(label, frame.write_csv(quote_style="always"), mapping=stated)
    except BadInput:
        assert not any(name.strip() for name in names)
        return
    rows = open_dataset(str(label.folder)).table("artists").select("artist_id", "name").rows()
    assert [row for row in rows if row in kept] == kept
