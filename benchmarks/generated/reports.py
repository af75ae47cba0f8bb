"""Sales reports (DDEX DSR), as blocks of records and with a single record a line."""

import datetime
import random
from decimal import Decimal

from benchmarks.generated.files import (
    TERRITORIES,
    Made,
    Song,
    packed,
    recordings,
    songs,
)
from tests import dsr_rows

SAID = {
    "source": "ddex-dsr", "statement_period": "2026-07", "store": "Wave", "currency": "EUR",
    "sale_start": datetime.date(2026, 7, 1), "sale_end": datetime.date(2026, 7, 31),
}  # fmt: skip
OF_RELEASE = {"release_title": "Harbour", "release_artist": "Nora Vale", "upc": "5012345678900",
              "label": "L", "catalog_no": "C1"}  # fmt: skip


def dsr(chance: random.Random) -> Made:
    """A report with revenue by territory and usages by recording."""
    alone = chance.random() < 0.5
    places = chance.sample(list(TERRITORIES), chance.randint(1, len(TERRITORIES)))
    paid = [Decimal(chance.randrange(10**8)).scaleb(-4) for _ in places]
    records = [
        dsr_rows.summary(str(n + 1), place, gross=str(2 * net), net=str(net))
        for n, (place, net) in enumerate(zip(places, paid, strict=True))
    ]
    rows = [
        SAID | {"source_row": n + 2, "territory": place, "gross": 2 * net, "net": net,
                "sale_type": "SubscriptionModel · summary"}
        for n, (place, net) in enumerate(zip(places, paid, strict=True))
    ]  # fmt: skip
    named = songs(chance)
    for number, song in enumerate(named):
        records += [] if alone else _resource(f"b{number}", song)
        for summary, place in enumerate(places):
            used = chance.randrange(10**9)
            of = str(summary + 1)
            records.append(
                dsr_rows.single(of, song.isrc, _escaped(song.title), _escaped(song.artist),
                                str(used))
                if alone else dsr_rows.streams(f"b{number}", of, "A", str(used))
            )  # fmt: skip
            rows.append(SAID | OF_RELEASE | {
                "source_row": len(records) + 1, "territory": place, "quantity": used,
                "isrc": song.isrc, "track_title": song.title, "track_artist": song.artist,
                "release_artist": song.artist if alone else OF_RELEASE["release_artist"],
                "sale_type": "SubscriptionModel · OnDemandStream",
            })  # fmt: skip
    text = dsr_rows.report(*records, blocks=0 if alone else len(named))
    file, data = packed(chance, "report.tsv", text.encode())
    tracks = recordings(named, "isrc")
    of_release = {"album": "Harbour", "upc": OF_RELEASE["upc"], "label": "L"}
    tracks["tracks"] = [track | of_release for track in tracks["tracks"]]
    return Made(file, data, {"statements": rows} | tracks)


def _resource(block: str, song: Song) -> list[str]:
    return [
        dsr_rows.release(block),
        dsr_rows.resource(
            block, "A", song.isrc, _escaped(song.title), artist=_escaped(song.artist)
        ),
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")
