"""The names of files are kept without the people that they name."""

import datetime

import bringing
import pytest
import scrobbles
from scrobbles import Scrobble

from workbench.dataset import open_dataset
from workbench.importers import file_names, history
from workbench.store import state

AT = datetime.datetime(2026, 7, 3, 10, tzinfo=datetime.UTC)
PLAYS = [Scrobble(AT, "Slow Tide", "Nora Vale", ms_played=200_000, skipped=False)]


@pytest.mark.parametrize(
    ("file", "people", "kept"),
    [
        ("jane@roe.com.zip", [], "…@….zip"),
        ("jane.roe+x@mail.roe.co.uk.csv.gz", [], "…@….csv.gz"),
        ("of_jane@roe.com_2024.csv", [], "…@…_2024.csv"),
        ("jane@roe.com.zip/plays.json", [], "…@….zip/plays.json"),
        ("jane@roe.com", [], "…@…"),
        ("listenbrainz_janeroe_1700000000.zip", [], "listenbrainz_…_1700000000.zip"),
        ("recenttracks-janeroe.csv", [], "recenttracks-….csv"),
        ("recenttracks-jane-roe-1700000000.csv", [], "recenttracks-…-1700000000.csv"),
        ("plays of JaneRoe (2).csv", ["janeroe"], "plays of … (2).csv"),
        ("janeroes_2012.csv", ["janeroe", "12"], "janeroes_2012.csv"),
        ("Royalties @ 2024.csv", [], "Royalties @ 2024.csv"),
        ("listenbrainz.zip", [], "listenbrainz.zip"),
    ],
)
def test_a_name_is_kept_without_people(file, people, kept):
    assert file_names.without_people(file, people) == kept


@pytest.mark.parametrize("file", ["ann.csv", "ann@roe.com.csv", "my_ann_plays.csv"])
@pytest.mark.parametrize("who", ["column", "answer"])
def test_neither_the_history_nor_its_file_names_the_listener(tmp_path, file, who):
    label = bringing.empty_label(tmp_path / "label")
    if who == "column":
        data = scrobbles.listenbrainz_list(PLAYS).replace(
            b'"listened_at"', b'"user_name": "ann", "listened_at"'
        )
        report = bringing.brought(label, data, file)
    else:
        report = bringing.brought(
            label, scrobbles.lastfm_csv(PLAYS), file, answers={"listener": "ann"}
        )
    assert report.file == file
    (kept,) = set(history.history(open_dataset(str(label.folder)))["file"])
    assert kept == {"ann.csv": "….csv", "my_ann_plays.csv": "my_…_plays.csv"}.get(file, "…@….csv")
    assert state.rows(label.home, state.Import)["file"].unique().to_list() == [kept]
    assert not any(b"ann." in path.read_bytes() or b"ann@" in path.read_bytes()
                   for path in label.home.rglob("*") if path.is_file())  # fmt: skip
