"""Lyrics: what lyricsgenius saves, LRC files, text files, tables."""

import json
import random

from benchmarks.generated.files import Made, Song, packed, recordings, songs, table

SUNG = ("river", "oh", "café", "ночь", "愛してる", "don't", "night,", "moon", "“and”", "ho!", "[x]",
        "it's; over", "a = b", "tab|bar", "#1")  # fmt: skip
LANGUAGES = ("en", "de", "fr")


def _words(chance: random.Random, marks: tuple[str, ...] = SUNG) -> str:
    """Return a lyric of some lines, parted by an empty one now and then."""
    lines = [
        " ".join(("la", *chance.choices(marks, k=chance.randint(2, 6))))
        for _ in range(chance.randint(2, 8))
    ]
    return "\n".join(chance.choice((line, line, f"\n{line}")) for line in lines).strip()


def _lyric(song: Song, text: str, source: str, **more: object) -> dict:
    return {"track": (song.title, song.artist), "text": text, "source": source} | more


def genius_json(chance: random.Random) -> Made:
    """A song, an artist with songs, or an album with tracks, as lyricsgenius saves them."""
    known = songs(chance)
    texts = [_words(chance) for _ in known]
    bodies = [_body(song, text) for song, text in zip(known, texts, strict=True)]
    kind = chance.choice(("song", "artist", "album", "list"))
    if kind == "song":
        known, whole = known[:1], bodies[0]
    elif kind == "artist":
        whole = {"name": "Ada", "is_verified": True, "songs": bodies}
    elif kind == "album":
        tracks = [{"number": n + 1, "song": body} for n, body in enumerate(bodies)]
        whole = {"name": "Coast", "artist": {"name": "Ada"}, "tracks": tracks}
    else:
        whole = bodies
    data = json.dumps(whole, indent=chance.choice((None, 1)), ensure_ascii=chance.random() < 0.5)
    name, data = packed(chance, "saved.json", data.encode())
    made = recordings(known, "album")
    rows = [_lyric(song, text, "genius", language="en")
            for song, text in zip(known, texts, strict=False)]  # fmt: skip
    return Made(name, data, {"lyrics": rows} | made)


def _body(song: Song, text: str) -> dict:
    return {
        "annotation_count": 3, "api_path": "/songs/7", "full_title": song.title, "id": 7,
        "title": song.title, "lyrics_state": "complete", "lyrics_owner_id": 1, "path": "/x",
        "primary_artist": {"id": 1, "name": song.artist}, "artist": song.artist,
        "featured_artists": [], "album": {"name": song.album}, "language": "en",
        "instrumental": False, "stats": {"hot": False}, "lyrics": text,
    }  # fmt: skip


def lrc(chance: random.Random) -> Made:
    """A song with times before its lines, and tags that say which it is."""
    song = songs(chance, 1, marks=("", "'s", "!", ", Too"))[0]
    seconds, lines = 0, [f"[ti:{song.title}]", f"[ar:{song.artist}]", f"[al:{song.album}]"]
    if chance.random() < 0.5:
        lines += [f"[offset:{chance.randint(-2000, 2000)}]", "[by:somebody]"]
    minutes = chance.randint(1, 9)
    timed = chance.random() < 0.5
    lines += [f"[length:{minutes:02d}:07]"] if timed else []
    for line in _words(chance).split("\n"):
        seconds += chance.randint(1, 20)
        stamp = f"[{seconds // 60:02d}:{seconds % 60:02d}.{chance.randrange(100):02d}]"
        lines.append(f"{stamp * chance.choice((1, 1, 2))}{line}")
    text = "\n".join(lines) + "\n"
    data = text.replace("\n", chance.choice(("\n", "\r\n")))
    encoding = chance.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16"))
    name, data = packed(chance, "song.lrc", data.encode(encoding))
    made = recordings([song], "album")
    made["tracks"][0] |= {"duration_ms": (60 * minutes + 7) * 1000} if timed else {}
    return Made(name, data, {"lyrics": [_lyric(song, text, "label")]} | made)


KNOWN = ("Slow Tide", "Paper Moon", "Größe", "夜の海", "Don't Go")
CATALOGUE = "track_id,title,artist_id,status\n" + "".join(
    f"t{n},{title},name:Nora Vale,released\n" for n, title in enumerate(KNOWN)
)


def lyric_texts(chance: random.Random) -> Made:
    """A text file whose name is the title of a song that the label knows."""
    text = _words(chance, tuple(word for word in SUNG if word.isalpha()))
    text = text.replace("\n", chance.choice(("\n", "\r\n")))
    number = chance.randrange(len(KNOWN))
    name = chance.choice(("{}.txt", "01 - {}.txt", "Nora Vale - {}.txt", "t{1}.txt"))
    file, data = packed(chance, name.format(KNOWN[number], number), text.encode())
    return Made(file, data, {"lyrics": [{"track": f"t{number}", "text": text, "source": "label"}]})


HEADERS = (
    ("Song Title", "Artist Name", "ISRC", "Lyrics", "Language"),
    ("title", "artist", "isrc", "lyrics", "language"),
    ("track_name", "artist_name", "isrc", "plain_lyrics", "lang"),
)


def lyric_tables(chance: random.Random) -> Made:
    """A song a row, with its words in a cell; as a table or as JSON lines."""
    known, header = songs(chance), chance.choice(HEADERS)
    rows = [(song, _words(chance), chance.choice(LANGUAGES)) for song in known]
    cells = [[s.title, s.artist, s.isrc, text, language] for s, text, language in rows]
    if chance.random() < 0.3:
        lines = [json.dumps(dict(zip(header, row, strict=True))) for row in cells]
        name, data = packed(chance, "lyrics.jsonl", "\n".join(lines).encode())
    else:
        name, data = table(chance, [list(header), *cells], chance.choice(",;\t"))
    kept = [_lyric(song, text, "label", language=language) for song, text, language in rows]
    return Made(name, data, {"lyrics": kept} | recordings(known, "isrc"))
