"""Artists, tracks and lyrics: what the writers wrote, and what a catalogue sheet adds."""

import datetime
import tomllib
from pathlib import Path

import polars as pl

from sample_data.generator.world import LAST_DAY, stream

IMPRINT = "Lantern Street"

# Two letters of a real country and three of an invented registrant; the label's own, by country.
REGISTRANT = {"US": "QZL4S", "GB": "GBL4S", "DE": "DEL4S", "FR": "FRL4S", "ES": "ESL4S"}
# Distributors hand out codes under prefixes of their own.
DISTRIBUTORS = ("QZD1X", "QZH7R", "QM4TT", "QT2PV")

# Valence and energy that a mood tends to have, before genre and chance.
AUDIO = {
    "joy": (0.82, 0.74),
    "love": (0.66, 0.46),
    "desire": (0.62, 0.62),
    "hope": (0.63, 0.52),
    "pride": (0.60, 0.78),
    "calm": (0.56, 0.26),
    "longing": (0.36, 0.40),
    "sadness": (0.22, 0.30),
    "anger": (0.27, 0.86),
    "fear": (0.24, 0.62),
    "playfulness": (0.78, 0.70),
    "reflection": (0.45, 0.34),
}
MOODS = tuple(AUDIO)
ENERGY_OF_GENRE = {
    "latin": 0.09,
    "hip-hop": 0.06,
    "indie-pop": 0.02,
    "singer-songwriter": -0.13,
    "electronic": 0.14,
    "rnb-soul": -0.05,
}
TEMPO_OF_GENRE = {
    "latin": 98,
    "hip-hop": 90,
    "indie-pop": 118,
    "singer-songwriter": 97,
    "electronic": 125,
    "rnb-soul": 84,
}

_TRACK_COLUMNS = {
    "track_id": pl.String,
    "artist_id": pl.String,
    "family": pl.String,
    "title": pl.String,
    "version": pl.String,
    "featured": pl.List(pl.String),
    "release_date": pl.Date,
    "genre": pl.String,
    "language": pl.String,
    "duration_ms": pl.Int64,
    "album": pl.String,
    "writers": pl.List(pl.String),
    "explicit": pl.Boolean,
    "status": pl.String,
    "mood": pl.String,
    "theme": pl.String,
    "lyrics": pl.String,
}


def artists(folder: Path) -> pl.DataFrame:
    """Return table artists plus family (the roster file), sorted by id."""
    rows = [
        {
            "artist_id": artist["id"],
            "name": artist["name"],
            "country": artist["country"],
            "genres": list(artist["genres"]),
            "signed": artist["signed"],
            "family": family,
        }
        for family, artist in _artists(folder)
    ]
    return pl.DataFrame(rows).sort("artist_id")


def tracks(folder: Path) -> pl.DataFrame:
    """Return table tracks plus family, mood, theme and lyrics (file, instrumental, none)."""
    rows = []
    for family, artist in _artists(folder):
        for track in artist["tracks"]:
            row = {name: track.get(name) for name in _TRACK_COLUMNS}
            row |= {"track_id": track["id"], "artist_id": artist["id"], "family": family}
            row["release_date"] = _day(track.get("release_date"))
            rows.append(row | {"country": artist["country"], "signed": artist["signed"]})
    schema = _TRACK_COLUMNS | {"country": pl.String, "signed": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema).sort("track_id")
    if frame["track_id"].is_duplicated().any():
        raise ValueError(f"{folder}: two tracks share an id")
    return _with_audio(_with_codes(frame)).drop("country", "signed")


def lyrics(folder: Path, frame: pl.DataFrame) -> pl.DataFrame:
    """Return table lyrics: the text of every track whose roster entry says `file`."""
    rows = [
        {
            "track_id": track_id,
            "source": "label",
            "text": (folder / f"{track_id}.txt").read_text(encoding="utf-8").strip() + "\n",
            "language": language,
        }
        for track_id, language in frame.filter(pl.col("lyrics") == "file")
        .select("track_id", "language")
        .rows()
    ]
    fetched = datetime.datetime.combine(LAST_DAY, datetime.time(6), tzinfo=datetime.UTC)
    return pl.DataFrame(rows).with_columns(
        pl.lit(fetched).cast(pl.Datetime("ms", "UTC")).alias("fetched_at")
    )


def check_digit(digits: str) -> str:
    """Return the GS1 check digit of 11 or 12 digits (weights 3 and 1 from the right)."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def _artists(folder: Path) -> list[tuple[str, dict]]:
    """Return (family, artist) of every roster file; the file's name is the family of genres."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        roster = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [(path.stem, artist) for artist in roster["artists"]]
    return found


def _day(value: object) -> datetime.date | None:
    if value is None or isinstance(value, datetime.date):
        return value
    return datetime.date.fromisoformat(value) if value else None


def _with_codes(frame: pl.DataFrame) -> pl.DataFrame:
    """Add isrc, upc and label: recordings are numbered per registrant and year, as issued."""
    numbers: dict[str, int] = {}
    codes: dict[str, tuple] = {}
    upcs: dict[tuple, str] = {}
    ordered = frame.sort("release_date", "track_id", nulls_last=True)
    for row in ordered.iter_rows(named=True):
        day, artist = row["release_date"], row["artist_id"]
        label = IMPRINT if row["signed"] else None
        if row["status"] == "demo" or day is None:
            codes[row["track_id"]] = (None, None, label)
            continue
        rng = stream("codes", artist)
        own = REGISTRANT.get(row["country"], REGISTRANT["DE"])
        stem = f"{own if row['signed'] else rng.choice(DISTRIBUTORS)}{day:%y}"
        step = int(stream("isrc", row["track_id"]).integers(1, 9))
        numbers[stem] = numbers.get(stem, 100) + step
        release = (artist, row["album"] or row["track_id"])
        if release not in upcs:
            # GS1 keeps EAN-13 of 04 (UPC of 4) for use inside shops: valid, and no real product.
            body = f"4{len(upcs) * 7_919_317 + 20_300_011:010d}"
            upcs[release] = "0" + body + check_digit(body)
        codes[row["track_id"]] = (f"{stem}{numbers[stem]:05d}", upcs[release], label)
    rows = [(track, *values) for track, values in sorted(codes.items())]
    schema = dict.fromkeys(("track_id", "isrc", "upc", "label"), pl.String)
    return frame.join(pl.DataFrame(rows, schema=schema, orient="row"), on="track_id")


def _with_audio(frame: pl.DataFrame) -> pl.DataFrame:
    """Add audio_valence, audio_energy and tempo; a demo has not been analysed."""
    rows = []
    for track, family, mood, status in frame.select("track_id", "family", "mood", "status").rows():
        rng = stream("audio", track)
        valence, energy = AUDIO.get(mood, (0.5, 0.5))
        valence += rng.normal(0, 0.10)
        energy += ENERGY_OF_GENRE[family] + rng.normal(0, 0.09)
        tempo = TEMPO_OF_GENRE[family] + 26 * (energy - 0.55) + rng.normal(0, 9)
        if family == "hip-hop" and rng.random() < 0.35:
            tempo *= 1.55  # trap is counted in double time
        values = (
            (None, None, None)
            if status == "demo"
            else (
                round(float(min(max(valence, 0.03), 0.97)), 3),
                round(float(min(max(energy, 0.04), 0.98)), 3),
                round(float(min(max(tempo, 58), 182)), 1),
            )
        )
        rows.append((track, *values))
    schema = {"track_id": pl.String} | dict.fromkeys(
        ("audio_valence", "audio_energy", "tempo"), pl.Float64
    )
    return frame.join(pl.DataFrame(rows, schema=schema, orient="row"), on="track_id")
