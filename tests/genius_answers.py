"""What Genius answers, in its own form: hits, and pages with all that is printed on them."""

import answering
from answering import Answer, data, page

SEARCH = "/api.genius.com/search"
TOKEN = "a-token-that-must-never-be-seen-4711"
LINES = (
    "[Verse 1]<br/>The train pulls out and I am crying<br/>"
    'Every <a href="/1/x"><span>window shows</span></a> me you',
    "[Chorus]<br/>I miss you more than words can say<br/>I miss you more than words can say<br/>",
    "Now the morning finds me smiling<br/>Happy that the night is through",
)
TEXT = (
    "[Verse 1]\nThe train pulls out and I am crying\nEvery window shows me you\n[Chorus]\n"
    "I miss you more than words can say\nI miss you more than words can say\n\n"
    "Now the morning finds me smiling\nHappy that the night is through"
)


def slug(title: str, artist: str) -> str:
    """Return the last part of the address of a song's page."""
    words = f"{artist} {title}".lower()
    return "-".join("".join(c if c.isalnum() else " " for c in words).split()) + "-lyrics"


def song(title: str, artist: str, **facts: object) -> dict:
    """Return one hit."""
    return {
        "index": "song",
        "type": "song",
        "result": {
            "id": 1,
            "title": title,
            "url": f"https://genius.com/{slug(title, artist)}",
            "path": f"/{slug(title, artist)}",
            "lyrics_state": "complete",
            "primary_artist": {"id": 2, "name": artist},
            "featured_artists": [],
            **facts,
        },
    }


def listed(*songs: dict) -> Answer:
    """Answer a search with these hits."""
    return data({"meta": {"status": 200}, "response": {"hits": list(songs)}})


def by_query(**answers: Answer) -> Answer:
    """Answer a search by a word of its query; with no hit where no word is in it."""

    def answer(to) -> None:
        query = to.service.asked[-1].query.get("q", "").lower()
        told = [given for word, given in answers.items() if word.lower() in query]
        (told[0] if told else listed())(to)

    return answer


def lyric_page(title: str, artist: str, *parts: str, more: str = "") -> Answer:
    """Answer with the page of a song as Genius prints it."""
    parts = parts or LINES
    head = (
        '<div data-exclude-from-selection="true" class="LyricsHeader__Container-sc">'
        f"12 ContributorsTranslationsDeutsch{title} Lyrics</div>"
    )
    boxes = [
        f'<div class="Lyrics__Container-sc" data-lyrics-container="true">{text}</div>'
        '<div class="Ad">You might also like</div>'
        for text in (head + parts[0], *parts[1:])
    ]
    return page(
        f'<!doctype html><html><head><meta content="{artist} – {title}" property="og:title"/>'
        f'</head><body><div id="lyrics-root">{"".join(boxes)}{more}</div></body></html>'
    )


def serves(server: answering.Service, title: str, artist: str, answer: Answer) -> None:
    """Answer the page of a song so."""
    server.on(f"/genius.com/{slug(title, artist)}", answer)
