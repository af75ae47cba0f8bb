"""Sales reports written for tests: records under the cells that DDEX gives them."""


def record(kind: str, width: int, **cells: str) -> str:
    """Return a record of so many cells; `c5="x"` fills the sixth."""
    row = [kind, *([""] * (width - 1))]
    for place, text in cells.items():
        row[int(place[1:])] = text
    return "\t".join(row)


def head(number: int = 1, files: int = 1, message: str = "M1") -> str:
    return record(
        "HEAD", 16, c1="dsrf/30", c2="BasicAudioProfile", c3="1.2", c4=message,
        c5="2026-08-05T00:00:00Z", c6=str(number), c7=str(files), c8="2026-07-01",
        c9="2026-07-31", c10="PADPIDA2014111801Y", c11="Wave", c12="Premium",
        c13="PADPIDA2014999999Z", c14="Label",
    )  # fmt: skip


def summary(number: str, territory: str, gross: str = "", net: str = "") -> str:
    return record(
        "SY02.02", 22, c1=number, c4="SubscriptionModel", c5="OnDemandStream", c6=territory,
        c7="Premium", c8="5000", c10="EUR", c11="900.00", c12="Label", c14="1234", c15=gross,
        c16=net,
    )  # fmt: skip


def release(block: str, title: str = "Harbour", upc: str = "5012345678900") -> str:
    return record("RE01", 15, c1=block, c2="R1", c5="C1", c6=upc, c7="Nora Vale", c9=title,
                  c11="Single", c12="L")  # fmt: skip


def resource(block: str, reference: str, isrc: str, title: str, subtitle: str = "",
             artist: str = "Nora Vale") -> str:  # fmt: skip
    return record("AS01.01", 12, c1=block, c2=reference, c3="d", c4=isrc, c5=title, c6=subtitle,
                  c7=artist, c9="PT3M", c10="SoundRecording")  # fmt: skip


def streams(block: str, of: str, resource: str, count: str, release: str = "") -> str:
    return record("SU02.02", 11, c1=block, c2=of, c3="t", c4=release, c5=resource, c6="true",
                  c7=count)  # fmt: skip


def single(of: str, isrc: str, title: str, artist: str, count: str) -> str:
    return record("SR02", 36, c1=of, c2="d", c3=isrc, c4=title, c6=artist, c9="SoundRecording",
                  c22="C1", c23="5012345678900", c24=artist, c26="Harbour", c29="L", c32="t",
                  c33="true", c34=count)  # fmt: skip


def report(
    *records: str, start: str | None = None, foot: str | None = None, blocks: int = 0
) -> str:
    """Return a whole file: HEAD, the records, and a FOOT that counts them."""
    lines = [start or head(), *records]
    summaries = sum(line.startswith("SY") for line in records)
    count = len(lines) + 1
    last = f"FOOT\t{count}\t{count}\t{summaries}\t{blocks}\t{blocks}"
    if any(line.startswith("SR") for line in records):
        last = f"SRFO\t{count}\t{summaries}"
    return "\n".join([*lines, foot or last]) + "\n"
