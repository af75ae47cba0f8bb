"""Large files as services send them, with made-up content: for the speed of imports.

Sizes and shapes are those of real exports: a listening history in files of 16,000 plays with all
23 keys, and sales reports (DDEX DSR, both forms) of a few thousand recordings that were used in
tens of territories. Recordings follow a Zipf law.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
import polars as pl

HISTORY, BLOCKS, SINGLES = "history", "sales report, blocks", "sales report, single records"
IN_A_FILE = 16_000
TERRITORIES = ("US GB DE FR ES MX BR NL SE JP TW AU CA IT PL NO DK FI AT CH BE IE PT AR CL CO PE "
               "TR ZA IN ID PH TH MY SG HK KR NZ CZ HU")  # fmt: skip
MODELS = ("AdvertisementSupportModel", "SubscriptionModel")
WORDS = ("slow tide paper moon harbour glass river night copper field winter letter orange room "
         "silver road quiet engine summer bird hollow crown electric garden broken "
         "window")  # fmt: skip
HEAD = ("HEAD\tdsrf/30\tBasicAudioProfile\t{profile}\tM1\t2026-08-05T00:00:00Z\t1\t1\t2026-07-01\t"
        "2026-07-31\tPADPIDA2014111801Y\tWave\tPremium\tPADPIDA2014999999Z\tLabel\t")  # fmt: skip


def written(kind: str, folder: Path, rows: int) -> Path:
    """Write a file of a kind with so many rows into a folder and return where it is."""
    made = {HISTORY: _history, BLOCKS: _blocks, SINGLES: _singles}[kind](rows)
    path = folder / {HISTORY: "my_spotify_data.zip"}.get(kind, f"{kind.replace(' ', '_')}.tsv")
    path.write_bytes(made)
    return path


def _drawn(rng: np.random.Generator, count: int, rows: int) -> np.ndarray:
    """Draw so many of `count` things by a Zipf law."""
    ends = np.cumsum(1 / np.arange(1, count + 1))
    return np.searchsorted(ends, rng.random(rows) * ends[-1]).clip(0, count - 1)


def _named(rng: np.random.Generator, count: int, words: int) -> pl.Series:
    """Return names of some words, no two alike."""
    chosen = rng.choice(WORDS.split(), (count, words))
    numbers = np.arange(count)
    return pl.Series(
        [f"{' '.join(row)} {n}".title() for row, n in zip(chosen, numbers, strict=True)]
    )


def _recordings(rng: np.random.Generator, count: int) -> pl.DataFrame:
    artists = _named(rng, max(count // 5, 1), 1)
    return pl.DataFrame(
        {
            "isrc": [f"GBAYE{n // 99_999:02d}{n % 99_999:05d}" for n in range(count)],
            "title": _named(rng, count, 2),
            "artist": artists.gather(rng.integers(0, artists.len(), count)),
            "album": [f"{WORDS.split()[n % 26].title()} {n // 10}" for n in range(count)],
            "upc": [_checked(f"5{n // 10:011d}") for n in range(count)],
        }
    )


def _checked(digits: str) -> str:
    """Return an EAN with its check digit."""
    total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def _history(rows: int) -> bytes:
    rng = np.random.default_rng(3)
    songs = _recordings(rng, max(rows // 25, 10))
    drawn = songs[_drawn(rng, songs.height, rows)]
    played = np.where(rng.random(rows) < 0.7, rng.integers(120_000, 260_000, rows),
                      rng.integers(0, 60_000, rows))  # fmt: skip
    ended = np.datetime64("2013-01-01", "ms") + np.cumsum(played + rng.integers(0, 60_000, rows))
    spoken = pl.Series(rng.random(rows) < 0.03)
    of_song = {"title": "master_metadata_track_name", "artist": "master_metadata_album_artist_name",
               "album": "master_metadata_album_album_name"}  # fmt: skip
    song = [pl.when(~spoken).then(pl.col(n)).alias(name) for n, name in of_song.items()]
    none = pl.lit(None, pl.String)
    plays = drawn.select(
        *song,
        pl.Series("ts", ended).dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        platform=pl.Series(rng.choice(["ios", "android", "web_player windows 10"], rows)),
        ms_played=pl.Series(played),
        conn_country=pl.lit("DE"),
        ip_addr=pl.Series([f"203.0.113.{n}" for n in range(256)]).gather(
            rng.integers(0, 256, rows)
        ),
        spotify_track_uri=pl.when(~spoken).then(pl.format("spotify:track:{}{}", "isrc", "upc")),
        episode_name=pl.when(spoken).then(pl.lit("A talk")),
        episode_show_name=pl.when(spoken).then(pl.lit("Talks")),
        spotify_episode_uri=pl.when(spoken).then(pl.lit("spotify:episode:5x0zT0Zx0Zx0Zx0Zx0Zx0Z")),
        audiobook_title=none, audiobook_uri=none, audiobook_chapter_uri=none,
        audiobook_chapter_title=none,
        reason_start=pl.Series(rng.choice(["trackdone", "fwdbtn", "clickrow"], rows)),
        reason_end=pl.Series(rng.choice(["trackdone", "fwdbtn", "endplay"], rows)),
        shuffle=pl.Series(rng.random(rows) < 0.4),
        skipped=pl.Series(played < 60_000),
        offline=pl.lit(value=False),
        offline_timestamp=pl.Series(ended.astype("datetime64[s]").astype(np.int64)),
        incognito_mode=pl.lit(value=False),
    )  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, part in enumerate(plays.iter_slices(IN_A_FILE)):
            lines = part.select(pl.struct(pl.all()).struct.json_encode()).to_series()
            name = f"Spotify Extended Streaming History/Streaming_History_Audio_{number}.json"
            archive.writestr(name, "[" + ",".join(lines) + "]")
    return out.getvalue()


def _summaries() -> list[str]:
    """Return a summary a territory and model, with the revenue."""
    return [
        f"SY02.02\t{2 * place + paid + 1}\t\t\t{MODELS[paid]}\tOnDemandStream\t{territory}\t"
        f"Premium\t{5_000 + place}\t{2_000 + place}\tEUR\t900.00\tLabel\t\t1234\t"
        f"{10 + place}.00\t{7 + place}.1234\t\t\t\t\t"
        for place, territory in enumerate(TERRITORIES.split())
        for paid in (0, 1)
    ]


def _report(profile: str, records: list[str], foot: str) -> bytes:
    return "\n".join([HEAD.format(profile=profile), *records, foot, ""]).encode()


def _blocks(rows: int) -> bytes:
    """A block a recording: its release, its resource, and its usages by summary."""
    rng = np.random.default_rng(4)
    summaries = _summaries()
    usages = 3 * len(summaries)  # a block
    songs = _recordings(rng, max((rows - len(summaries) - 2) // (usages + 2), 1))
    counts = rng.integers(1, 50_000, (songs.height, usages))
    records = list(summaries)
    for n, song in enumerate(songs.iter_rows(named=True), 1):
        block = f"BL{n}"
        records.append(
            f"RE01.01\t{block}\tR1\tD{n}\tP{n}\tC{n}\t{song['upc']}\t{song['artist']}\t\t"
            f"{song['album']}\t\tAlbum\tLabel\t2024 Label\t"
        )
        records.append(
            f"AS01.01\t{block}\tA1\tD{n}\t{song['isrc']}\t{song['title']}\t\t{song['artist']}\t\t"
            "PT3M\tSoundRecording\t"
        )
        records += [
            f"SU02.02\t{block}\t{at % len(summaries) + 1}\tT{n}\tR1\tA1\ttrue\t{count}\t\t\t"
            for at, count in enumerate(counts[n - 1].tolist())
        ]
    lines = len(records) + 2
    foot = f"FOOT\t{lines}\t{lines}\t{len(summaries)}\t{songs.height}\t{songs.height}"
    return _report("1.2", records, foot)


def _singles(rows: int) -> bytes:
    """A line a recording and summary, with all that is said of both."""
    rng = np.random.default_rng(5)
    summaries = _summaries()
    songs = _recordings(rng, max(rows // 240, 1))
    gap = "\t" * 9
    said = [
        f"D{n}\t{s['isrc']}\t{s['title']}\t\t{s['artist']}\t\tPT3M\tSoundRecording\t2024 Label{gap}"
        f"\t\t\tC{n}\t{s['upc']}\t{s['artist']}\t\t{s['album']}\t\tAlbum\tLabel\t2024 Label\t\t"
        f"T{n}\ttrue"
        for n, s in enumerate(songs.iter_rows(named=True))
    ]
    of, counts = rng.integers(1, len(summaries) + 1, rows), rng.integers(1, 50_000, rows)
    drawn = _drawn(rng, songs.height, rows)
    records = summaries + [
        f"SR02.01\t{summary}\t{said[song]}\t{count}\t\t\tOnDemandStream"
        for summary, song, count in zip(of.tolist(), drawn.tolist(), counts.tolist(), strict=True)
    ]
    foot = f"SRFO\t{len(records) + 2}\t{len(summaries)}"
    return _report("1.2", records, foot)
