"""The sample label's songs, held against what they were written to: moods, themes, search.

Its lines are the reference that a family must stand out from; the planned moods and themes were
not used for that. How a search fuses its lists was chosen on these queries.

    python -m benchmarks.lyric_sample [--quick]
"""

import argparse
from collections.abc import Callable

import numpy as np
import polars as pl

from benchmarks.lyric_sets import sample, sample_plan
from benchmarks.lyric_shipped import calibration
from benchmarks.report import Figure, options, show

QUOTED = 100
PLACES = (1, 5, 10)


def figure(name: str, each: np.ndarray, **more) -> Figure:
    """Return the mean of what each song or query gave, with its interval."""
    from workbench.lyrics.training.evaluation import interval

    spread = interval(lambda drawn: float(each[drawn].mean()), len(each)) if len(each) > 1 else None
    return Figure(name, float(each.mean()), more_is_better=True, spread=spread, **more)


def planned(label) -> list[Figure]:
    """Measure where a song's planned mood stands among the families it shows most of."""
    from workbench.lyrics.catalogue import catalogue_moods
    from workbench.lyrics.families import CARRIED, FAMILIES

    songs = catalogue_moods(label).tracks.filter(pl.col("lead").is_not_null())
    songs = songs.join(sample_plan().select("track_id", "mood"), on="track_id").drop_nulls("mood")
    shared = songs.select(f"share_{family}" for family in CARRIED).to_numpy()
    order = np.argsort(-shared, axis=1, kind="stable")
    moods = songs["mood"].to_numpy()
    own = np.array([CARRIED.index(mood) if mood in CARRIED else -1 for mood in moods])
    place = np.where(own < 0, len(CARRIED), (order == own[:, None]).argmax(axis=1))
    said, chance = own >= 0, len(CARRIED)
    none = (songs["share_neutral"] + songs["share_unclear"]).to_numpy()
    found = [
        figure(
            f"Sample, {int(said.sum())} songs: planned mood among the first {first} of {chance} "
            "(anchor: chance)",
            place[said] < first, anchor=first / chance,
        )
        for first in (1, 3)
    ]  # fmt: skip
    for name in (family.name for family in FAMILIES):
        rows = moods == name
        title = f"Sample, planned {name}, {int(rows.sum())} songs"
        if name in CARRIED:
            found.append(figure(f"{title}: first", place[rows] < 1, anchor=1 / chance))
            found.append(figure(f"{title}: among the first 3", place[rows] < 3, anchor=3 / chance))
        found.append(figure(f"{title}: lines neutral or unclear", none[rows]))
    found.append(figure("Sample, all songs: lines neutral", songs["share_neutral"].to_numpy()))
    found.append(figure("Sample, all songs: lines unclear", songs["share_unclear"].to_numpy()))
    whole = shared.sum(axis=1, keepdims=True)
    odds = np.divide(shared, whole, out=np.full_like(shared, np.nan), where=whole > 0)
    return found + calibration("Sample", odds[said], np.array(CARRIED), moods[said])


def themes(label) -> list[Figure]:
    """Measure the themes found: how many songs have one, how they meet the planned moods."""
    from sklearn import metrics

    from workbench.lyrics.themes import song_themes

    found = song_themes(label)
    has = (found.songs["theme"] >= 0).to_numpy()
    again = found.themes["found_again"].drop_nulls()
    result = [
        Figure("Sample, themes", float(again.len()), "themes"),
        figure(f"Sample, {len(has)} songs: share with a theme", has),
        Figure("Sample, themes: mean overlap when found again", float(again.mean()),
               spread=(float(again.min()), float(again.max()))),
        Figure("Sample, themes: adjusted Rand index over seeds", float(found.seeds or 0)),
    ]  # fmt: skip
    moods = found.songs.filter(pl.col("theme") >= 0).join(sample_plan(), on="track_id")
    moods = moods.drop_nulls("mood")
    one, other = moods["theme"].to_numpy(), moods["mood"].to_numpy()
    # No interval: songs drawn twice meet themselves, which these two measures take for agreement.
    result += [
        Figure(
            f"Sample, {len(one)} songs with a theme: {name} with the planned mood",
            float(measure(one, other)), more_is_better=True,
        )
        for name, measure in (
            ("AMI", metrics.adjusted_mutual_info_score), ("ARI", metrics.adjusted_rand_score)
        )
    ]  # fmt: skip
    return result


def searches(label, quoted: int) -> list[Figure]:
    """Measure the search: planned themes, moods, ends, quotations."""
    from workbench.lyrics.catalogue import catalogue_moods
    from workbench.lyrics.families import CARRIED
    from workbench.lyrics.query import FEELS
    from workbench.lyrics.search import lyric_search

    songs = catalogue_moods(label).tracks.filter(pl.col("lead").is_not_null())
    songs = songs.select("track_id").join(sample_plan(), on="track_id")

    def hits(words: str, count: int) -> list[str]:
        return lyric_search(label, words=words, count=count).hits["track_id"].to_list()

    def precision(ask: Callable[[str], str], column: str) -> tuple[np.ndarray, float]:
        plans = dict(zip(songs["track_id"], songs[column], strict=True))
        each = [
            np.mean(
                [plans.get(track) == family for track in hits(ask(FEELS[family].split()[0]), 5)]
            )
            for family in CARRIED
        ]
        return np.array(each), float(songs[column].is_in(CARRIED).mean() / len(CARRIED))

    rows = songs.select("track_id", "theme").rows()
    first = [hits(theme, max(PLACES)) for _, theme in rows]
    place = np.array([found.index(own) if own in found else max(PLACES)
                      for (own, _), found in zip(rows, first, strict=True)])  # fmt: skip
    found = [
        figure(
            f"Search, planned theme of {len(rows)} songs: its song in the first {count}",
            place < count, anchor=count / len(rows),
        )
        for count in PLACES
    ]  # fmt: skip
    for name, ask, column in (
        ("“sad songs” and so on", lambda word: f"{word} songs", "mood"),
        ("“that start sad” and so on", lambda word: f"songs that start {word}", "start"),
        ("“that end sad” and so on", lambda word: f"songs that end {word}", "end"),
    ):
        each, chance = precision(ask, column)
        title = f"Search, {name}, {len(each)} families: precision of the first 5"
        found.append(figure(title, each, anchor=chance))
    moving = songs.filter("moves", pl.col("end").is_in(CARRIED))
    if moving.height:
        asked = moving.select("track_id", "theme", "end").rows()
        ended = [f"{theme} that end {FEELS[end].split()[0]}" for _, theme, end in asked]
        for name, queries in (("and planned end", ended), ("alone", [row[1] for row in asked])):
            right = np.array([own in hits(words, 5) for (own, *_), words in
                              zip(asked, queries, strict=True)])  # fmt: skip
            title = f"Search, planned theme {name}, {len(asked)} songs: in the first 5"
            found.append(figure(title, right))
    return [*found, quotations(label, songs, hits, quoted)]


def quotations(label, songs: pl.DataFrame, hits: Callable, count: int) -> Figure:
    """Measure whether a line of five words or more, quoted, finds a song that sings it."""
    from workbench.lyrics.lyric_lines import chosen_lyrics

    owners = chosen_lyrics(label.scan("lyrics")).select("track_id", "lyric_hash").lazy()
    lines = (
        label.scan("lyric_lines")
        .select("lyric_hash", "lines")
        .join(owners, on="lyric_hash")
        .join(songs.lazy().select("track_id"), on="track_id")
        .explode("lines")
        .unnest("lines")
        .filter(pl.col("text").str.split(" ").list.len() >= 5)
        .group_by("text")
        .agg("track_id")
        .sort("text")
        .collect()
        .sample(count, seed=0)
    )
    asked = lines.with_columns(pl.col("text").str.replace_all('"', "")).rows()
    right = np.array([bool(set(hits(f'"{text}"', 1)) & set(own)) for text, own in asked])
    return figure(f"Search, a line quoted ({len(asked)} lines): its song first", right)


def figures(quick: bool) -> list[Figure]:
    """Measure moods, themes and search of the sample."""
    label = sample("line_moods", "themes")
    return [*planned(label), *themes(label), *searches(label, 20 if quick else QUOTED)]


def main(asked: argparse.Namespace) -> None:
    """Measure and print."""
    show("Lyrics: the sample label", figures(asked.quick))


if __name__ == "__main__":
    main(options(__doc__))
