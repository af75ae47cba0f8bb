"""Make the sample label: `python -m sample_data.generate`.

Everything is drawn from one seed; the same rosters and lyrics give the same tables. What was
planted goes to truth/. It takes about a minute; nothing else in the project runs it.
"""

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from sample_data.generator import (
    audience,
    campaigns,
    commerce,
    demand,
    letters,
    panel,
    plausibility,
    playlists,
    roster,
    streams,
    truth,
    write,
)
from sample_data.generator.world import CODES, DAYS, PANEL_SCALE, stream
from workbench.tables import TABLES

HERE = Path(__file__).parent


def generate(source: Path, out: Path) -> None:
    """Read rosters and lyrics below `source`; write label/ and truth/ below `out`."""
    artists = roster.artists(source / "roster")
    tracks = roster.tracks(source / "roster")
    texts = roster.lyrics(source / "lyrics", tracks)
    size = demand.sizes(artists, tracks)
    people = audience.panel(tracks, size / size.mean())
    base = demand.baseline(artists, tracks, people, size)
    unrecorded = hidden_stay(tracks, base, size, artists)
    placed = playlists.placements(tracks, base, unrecorded)
    promoted = campaigns.promotion(artists, tracks, base, base.programmed + placed.algorithmic)
    viral, rising = streams.breakouts(artists, tracks, base)
    whole = streams.audience(base, placed, promoted, viral, rising, tracks)
    plays = panel.plays(tracks, base, whole, people)
    habits = plausibility.habits(plays, tracks, artists)
    goods = commerce.products(artists, tracks, size)
    tested, mailed = letters.mail_tests(plays, people)
    first = plays.group_by("listener_id").agg(pl.col("played_at").min().dt.date().alias("day"))
    tables = {
        "artists": artists.drop("family"),
        "tracks": tracks.select(list(TABLES["tracks"].polars_schema)),
        "lyrics": texts,
        "listeners": audience.listeners(people, first),
        "plays": plays,
        "daily_streams": pl.concat(
            [
                streams.track_days(whole, tracks),
                streams.artist_days(whole, tracks, artists, habits),
            ]
        ),
        "playlist_spells": placed.spells,
        "campaigns": promoted.table,
        "products": goods,
        "purchases": commerce.purchases(plays, tracks, people, goods),
        "fx_rates": commerce.fx_rates(),
        "experiments": tested,
    }
    write.label(out / "label", tables)
    truth.write_json(out / "truth" / "mail_tests.json", mailed)
    write_truth(out / "truth", tables, tracks, artists, base, placed, promoted, whole, people, size)
    plausibility.report(tables, promoted.truth, out)


def hidden_stay(tracks: pl.DataFrame, base, size: np.ndarray, artists: pl.DataFrame) -> tuple:
    """Return the stay on a list that no table records.

    A song of middling size, from the fourth week on: adverts of its release still run, so that who
    does not know of the list is tempted to thank the adverts.
    """
    ids = artists["artist_id"].to_list()
    rank = np.argsort(np.argsort(-size))[[ids.index(a) for a in tracks["artist_id"]]]
    plain = np.array([v is None for v in tracks["version"]])
    signed = tracks.join(artists, on="artist_id", maintain_order="left")["signed"].to_numpy()
    fit = (rank >= 6) & (rank < 18) & (base.release > 7) & (base.release < DAYS - 120)
    fit &= plain & signed
    i = int(stream("unrecorded").choice(np.flatnonzero(fit)))
    first = int(base.release[i]) + 22
    return tracks["track_id"][i], first, 38, 520_000


def write_truth(
    folder: Path, tables, tracks, artists, base, placed, promoted, whole, people, size
) -> None:
    """Write every planted fact, and what an oracle that knows them reaches."""
    planted = truth.taste(people)
    panel_streams = whole.streams.sum(axis=1) / PANEL_SCALE
    heard = truth.heard_by_group(people, panel_streams, tracks["track_id"].to_list())
    stays = placed.effects
    hidden = stays.filter(~pl.col("recorded")).select(
        "track_id", "added_at", "removed_at", "followers", "streams_brought"
    )
    curves = base.curves.join(
        tracks.select("track_id", "artist_id", "mood", "theme"), on="track_id"
    )
    write.parquet(folder / "taste.parquet", planted)
    write.parquet(folder / "heard_by_group.parquet", heard)
    write.parquet(folder / "playlist_effects.parquet", stays)
    write.parquet(folder / "campaign_effects.parquet", promoted.truth)
    effects = truth.weekly_effects(promoted.extra, tracks["track_id"].to_list())
    write.parquet(folder / "weekly_effects.parquet", effects)
    write.parquet(folder / "release_curves.parquet", curves)
    by_artist = pl.DataFrame({"artist_id": artists["artist_id"], "planned_share": size})
    write.parquet(folder / "artist_sizes.parquet", by_artist)
    row = hidden.with_columns(pl.col("added_at", "removed_at").dt.date()).row(0, named=True)
    truth.write_json(folder / "promotion.json", truth.promotion(promoted, row))
    truth.write_json(folder / "breakouts.json", whole.breakouts.to_dicts())
    groups = [
        {
            "name": g.name,
            "share": g.share,
            "listeners": int((planted["group"] == g.name).sum()),
            "genres": g.genres,
            "moods": g.moods,
            "countries": {c: g.countries.get(c, 1.0) for c in CODES},
        }
        for g in audience.GROUPS
    ]
    reached = truth.oracle(tables["plays"], planted, heard)
    truth.write_json(folder / "groups.json", {"groups": groups, "oracle": reached} | truth.about())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=HERE / "source")
    parser.add_argument("--out", type=Path, default=HERE)
    arguments = parser.parse_args()
    generate(arguments.source, arguments.out)
