"""Recordings in doubt: what a file says, beside each track that it may mean."""

import polars as pl

from workbench.catalogue.artists import CONFIRM
from workbench.catalogue.matching import Matches
from workbench.dataset import Dataset
from workbench.importers import decisions
from workbench.importers.sheet import DOUBTFUL
from workbench.store.slices import scan
from workbench.tables import table

SHOWN, ASKED = 5, 50
HOLDING = ("daily_streams", "window_totals", "plays", "playlist_spells", "lyrics")
SIDE = ("title", "version", "artist", "isrc", "release_date", "duration_ms")


def doubts(said: pl.DataFrame, found: Matches, tracks: pl.DataFrame) -> pl.DataFrame:
    """Return the recordings in doubt, one row each track that they may be, as a sheet has them.

    Parameters
    ----------
    said : title | version | artist | isrc | duration_ms | rows, what a file names. found : what
    matching made of it, row by row. tracks : that it was held against.
    """
    open_ = found.rows.filter(pl.col("outcome") == CONFIRM).select("row", "said", why="doubt")
    asked = open_.join(said.with_row_index("row"), on="row", how="left", maintain_order="left")
    # names that differ in what matching does not see (capitals, say) are one question
    asked = asked.with_columns(pl.col("rows").sum().over("said").cast(pl.Int64))
    asked = asked.unique("said", keep="first", maintain_order=True)
    theirs = tracks.select("track_id", *(pl.col(name).alias(f"of_{name}") for name in SIDE))
    pairs = found.candidates.select("row", "place", "track_id", "score", "doubt")
    whole = asked.join(pairs, on="row").join(theirs, on="track_id", how="left")
    keys = pl.Series("decision", [decisions.key(one) for one in whole["said"]], pl.String)
    whole = whole.with_columns(keys, doubt=pl.coalesce("doubt", "why")).sort("row", "place")
    return whole.select(list(DOUBTFUL)).cast(DOUBTFUL)


def in_words(doubtful: pl.DataFrame) -> tuple[str, ...]:
    """Return one note of the recordings in doubt, none where there are none."""
    first = doubtful.filter(pl.col("place") == 1)
    if first.is_empty():
        return ()
    columns = ("title", "isrc", "artist", "doubt", "track_id")
    listed = [
        f"“{title or isrc}” by {artist or 'nobody'} ({doubt}; compare track {track})"
        for title, isrc, artist, doubt, track in first.head(SHOWN).select(columns).iter_rows()
    ]
    more = f" and {first.height - SHOWN:,} more" if first.height > SHOWN else ""
    return (
        f"{first.height:,} recordings are to be confirmed, so nothing was made of them: "
        f"{'; '.join(listed)}{more}",
    )


def questions(doubtful: pl.DataFrame, file: str) -> list[str]:
    """Return what the command line asks of recordings in doubt, one line each and each track."""
    lines = []
    keys = doubtful["decision"].unique(maintain_order=True)
    first = doubtful.filter(pl.col("decision").is_in(keys.head(ASKED).implode()))
    for row in first.iter_rows(named=True):
        if row["place"] == 1:
            said = _called(row, "")
            lines.append(
                f"{file}, {row['decision']}: is {said} ({row['rows']:,} "
                f"row{'s' * (row['rows'] > 1)}) one of these?"
            )
        score = f"{row['score']:.2f}"
        lines.append(f"  {row['track_id']}: {_called(row, 'of_')}, {score}: {row['doubt']}")
    if keys.len() > ASKED:
        lines.append(f"and {keys.len() - ASKED:,} more, which come once these are answered")
    if lines:
        key = doubtful["decision"][0]
        lines.append(
            f"Answer with --answer {key}={doubtful['track_id'][0]} where it is that track, or with "
            f"--answer {key}={decisions.ANOTHER} where it is another recording."
        )
    return lines


def _called(row: dict[str, object], side: str) -> str:
    """Return a recording as one says it: “Title (Version)” by artist, ISRC, length."""
    title, version, artist, isrc, length = (
        row[f"{side}{name}"] for name in ("title", "version", "artist", "isrc", "duration_ms")
    )
    parts = [f"“{title or isrc}{f' ({version})' if version else ''}” by {artist or 'nobody'}"]
    parts += [isrc] if isrc and title else []
    parts += [f"{length // 60_000}:{length // 1000 % 60:02}"] if length else []
    return ", ".join(parts)


def holdings(label: Dataset, tracks: list[str]) -> dict[str, str]:
    """Return by track which tables of the label have something of it, in words."""
    held: dict[str, list[str]] = {
        track: [] for track in label.scan("tracks").filter(pl.col("track_id").is_in(tracks))
        .select("track_id").collect()["track_id"]
    }  # fmt: skip
    for name in HOLDING:
        kind = table(name)
        about = pl.col("track_id" if "track_id" in kind.key else "entity_id")
        rows = scan(label.folder, kind, label.manifest.of(name))
        found = rows.filter(about.is_in(tracks)).select(track=about.unique()).collect()
        for track in found["track"]:
            held.get(track, []).append(kind.title.lower())
    return {track: ", ".join(names) or "nothing yet" for track, names in held.items()}
