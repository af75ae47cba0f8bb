"""Which artist, which recording: names that people misspelt, and a catalogue against its copy.

Names: 576 of 587 known misspellings of Audioscrobbler 2005 have both names; each misspelt name is
taken out of the index of 29,961 dirty names, and the right artist is looked for. Bare character
trigrams through bm25s run beside it in the same call.

Recordings: every track of a public catalogue of 28,356 is written anew in one way (`WAYS`), with
its length rounded to seconds, give or take 1.5 s; hard negatives are tracks that were taken out of
the catalogue while the same title by another artist, or another version, stayed in, and versions
and artists that were made up. Thresholds are chosen on the artists of one half; every figure comes
from the other half.

    python -m benchmarks.matching [--quick]
"""

import itertools
import time
from dataclasses import replace

import polars as pl

from benchmarks.misspelt import PUBLIC, names
from benchmarks.report import Figure, measured, options, show
from benchmarks.variants import ADDED, Copy, copied
from workbench.catalogue import artists, matching
from workbench.catalogue.candidates import compared
from workbench.catalogue.names import known_names
from workbench.catalogue.recordings import recordings

# What the thresholds are chosen among; above 1 nothing that is spelt differently is sure.
CHOICES = {
    "title_sure": (0.75, 0.8, 0.85, 0.9, 0.95, 1.01),
    "artist_sure": (0.75, 0.8, 0.85, 0.9, 0.95, 1.01),
    "title_ask": (0.6, 0.7, 0.8),
    "artist_ask": (0.6, 0.7, 0.8),
}
ALLOWED = 0.999  # precision of "sure" on the half to choose on: above the goal of .995
NEAR = {"sure": 0.01, "found": 0.003}  # of recall, that strictness may cost


def catalogue() -> pl.DataFrame:
    """Return track_id | title | artist | duration_ms of the public catalogue."""
    file = PUBLIC / "spotify-songs-tidytuesday" / "spotify_songs.csv"
    rows = pl.read_csv(file, infer_schema=False)
    rows = rows.unique("track_id", keep="first", maintain_order=True)
    length = pl.col("duration_ms").cast(pl.Int64)
    return rows.select("track_id", title="track_name", artist="track_artist", duration_ms=length)


def judged(copy: Copy, found: matching.Matches) -> pl.DataFrame:
    """Return one row a written row: way | half | outcome | right (its best is the track) | listed.

    A best candidate is also right when the catalogue lists the track twice: same artist, same title
    letter for letter, lengths within 3 s.
    """
    twin = copy.tracks.select(
        "track_id",
        "duration_ms",
        alike=pl.concat_str(pl.col("title", "artist").str.to_lowercase(), separator="|"),
    )
    means = copy.rows.with_row_index("row").join(
        twin.rename({"track_id": "truth"}), on="truth", how="left", suffix="_truth"
    )
    listed = found.candidates.select("row", "place", "track_id").join(twin, on="track_id")
    listed = listed.join(means.select("row", "truth", "alike", "duration_ms_truth"), on="row")
    same = (pl.col("alike") == pl.col("alike_right")) & (
        (pl.col("duration_ms") - pl.col("duration_ms_truth")).abs() <= 3000
    )
    right = ((pl.col("track_id") == pl.col("truth")) | same).fill_null(value=False)
    each = (
        listed.with_columns(hit=right)
        .group_by("row")
        .agg(listed=pl.col("hit").any(), right=(pl.col("hit") & (pl.col("place") == 1)).any())
    )
    return (
        found.rows.select("row", "outcome")
        .join(means.select("row", "way", "half", "truth"), on="row")
        .join(each, on="row", how="left")
        .with_columns(pl.col("listed", "right").fill_null(value=False))
    )


def summed(rows: pl.DataFrame) -> dict[str, float]:
    """Return precision of sure, and recall of sure and of sure plus confirm among what is there."""
    sure = rows.filter(pl.col("outcome") == artists.SURE)
    there = rows.filter(pl.col("truth").is_not_null())
    kept = (pl.col("outcome") == artists.SURE) & pl.col("right")
    asked = (pl.col("outcome") == artists.CONFIRM) & pl.col("listed")
    return {
        "precision": sure["right"].mean() if sure.height else 1.0,
        "sure": there.select(kept.mean()).item(),
        "found": there.select((kept | asked).mean()).item(),
        "rows": rows.height,
        "wrong": sure.height - int(sure["right"].sum()),
    }


def chosen(copy: Copy, rows: pl.DataFrame, tracks: pl.DataFrame, pairs: pl.DataFrame):
    """Return the strictest rules that come near the best recall on the half to choose on."""
    ours = copy.rows.with_row_index("row").filter(pl.col("half") == 0)["row"]
    mine = rows.filter(pl.col("row").is_in(ours.implode()))
    pairs = pairs.filter(pl.col("row").is_in(ours.implode()))
    none = matching.decided(mine, copy.tracks, None)

    def tried(rules: matching.Rules) -> dict[str, float]:
        found = matching.settled(mine, pairs, none, rules)
        return summed(judged(copy, found).filter(pl.col("half") == 0))

    rules = matching.Rules(title_ask=0.6, artist_ask=0.6)
    for pair, aim in (
        (("title_sure", "artist_sure"), "sure"),
        (("title_ask", "artist_ask"), "found"),
    ):
        options_ = [
            replace(rules, **dict(zip(pair, values, strict=True)))
            for values in itertools.product(*(CHOICES[name] for name in pair))
        ]
        results = [(option, tried(option)) for option in options_]
        results = [(o, r) for o, r in results if r["precision"] >= ALLOWED]
        most = max(r[aim] for _, r in results)
        near = [o for o, r in results if r[aim] >= most - NEAR[aim]]
        rules = max(near, key=lambda o: (sum(getattr(o, n) for n in pair), getattr(o, pair[0])))
    return rules, tried(rules)


def songs(repeats: int) -> list[Figure]:
    """Measure matching of the catalogue against its copy."""
    tracks = catalogue()
    same = tracks.drop("track_id")
    seconds = []
    for _ in range(repeats):
        began, worked = time.perf_counter(), time.process_time()
        matching.matches(same, tracks)
        seconds.append(time.perf_counter() - began)
    busy = time.process_time() - worked
    copy = copied(tracks)
    known = known_names(copy.tracks["artist"].unique())
    mine, theirs = recordings(copy.rows, known), recordings(copy.tracks, known)
    pairs = compared(mine, theirs, title=0.6, artist=0.6)
    pairs = pairs.with_columns(track_id=copy.tracks["track_id"].gather(pairs["track"]))
    rules, on_first = chosen(copy, mine, theirs, pairs)
    print(f"Chosen on one half: {rules}: {on_first}")
    print(f"Shipped:            {matching.RULES}")
    found = judged(copy, matching.matches(copy.rows, copy.tracks)).filter(pl.col("half") == 1)
    total = summed(found)
    print(f"{total['rows']:,} rows reported on, {total['wrong']} wrongly sure")
    untimed = matching.matches(copy.rows.drop("duration_ms"), copy.tracks.drop("duration_ms"))
    blind = summed(judged(copy, untimed).filter(pl.col("half") == 1))
    figures = [
        Figure("recordings: precision of sure", total["precision"], goal=0.995,
               more_is_better=True),
        Figure("recordings: recall of sure plus confirm", total["found"], goal=0.95,
               more_is_better=True),
        Figure("recordings: recall of sure", total["sure"]),
        Figure("recordings, no lengths: precision of sure", blind["precision"]),
        Figure("recordings, no lengths: recall of sure plus confirm", blind["found"]),
        Figure("recordings, no lengths: recall of sure", blind["sure"]),
    ]  # fmt: skip
    for (way,), rows in found.group_by("way", maintain_order=True):
        share = {o: (rows["outcome"] == o).mean() for o in (artists.SURE, artists.CONFIRM)}
        n = rows.height
        if rows["truth"].null_count():
            figures += [
                Figure(f"{way} ({n}), not there: sure", share[artists.SURE]),
                Figure(f"{way}, not there: to confirm", share[artists.CONFIRM]),
            ]
        else:
            one = summed(rows)
            figures += [Figure(f"{way} ({n}): sure and right", one["sure"]),
                        Figure(f"{way}: sure or to confirm", one["found"]),
                        Figure(f"{way}: precision of sure", one["precision"])]  # fmt: skip
    added = found.filter(pl.col("way") == ADDED)
    silent = float((added["outcome"] == artists.SURE).mean())
    return [
        *figures,
        Figure("a remaster merged with the song silently", silent, goal=0.0),
        measured("28,356 tracks against themselves", seconds),
        Figure("28,356 tracks against themselves, processor time", busy, "s"),
        measured("a row", [1000 * s / tracks.height for s in seconds], "ms"),
    ]


def main() -> None:
    quick = options(__doc__.splitlines()[0]).quick
    repeats = 1 if quick else 3
    show("Matching: artists and recordings", [*names(repeats), *songs(repeats)])


if __name__ == "__main__":
    main()
