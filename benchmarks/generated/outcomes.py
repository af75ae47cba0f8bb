"""What the import of a made-up file would store, held against what the file was made of."""

from benchmarks.generated.files import Made


def planned(made: Made, data: bytes, label) -> list:
    """Return the plans of all that is in a file.

    Raises
    ------
    BadInput
        It is refused, or a part of it is left out.
    """
    from workbench.errors import BadInput
    from workbench.importers import gathering, run
    from workbench.importers.source import Source

    found = gathering.bundled([Source(made.name, data)])
    if found.left_out and not found.sources:
        raise BadInput("; ".join(found.left_out))
    return [run.plan(one, label, answers=made.answers, dry_run=True) for one in found.sources]


def not_adding_up(made: Made, data: bytes, label) -> str:
    """Return what does not add up in the import of a damaged file; raises BadInput if refused."""
    wrong = []
    for plan in planned(made, data, label):
        for table in plan.report.tables:
            kept = table.accepted + table.repaired
            if table.read != kept + table.rejected or kept != table.stored + table.repeated:
                wrong.append(f"{table.table}: {table}")
            if table.rejects["reason"].null_count():
                wrong.append(f"{table.table}: a row is rejected without a reason")
    return "; ".join(wrong)


def differences(made: Made, label) -> str:
    """Return how the plan of a good file differs from what it was made of; empty if it does not."""
    plans = planned(made, made.data, label)
    if len(plans) != 1:
        return f"became {len(plans)} imports"
    tables = {one.records.rule.name: one for one in plans[0].settled}
    frames = {name: one.rows for name, one in tables.items()}
    wrong = []
    for name in sorted({*made.rows, *frames}):
        found = _rows(name, frames, label, made) if name in frames else []
        lacking, more = _apart(made.rows.get(name, []), found)
        if lacking or more:
            wrong.append(f"{name}: {len(lacking)} rows lacking, {_told(lacking, more)}")
        if name in tables and tables[name].rejected:
            wrong.append(f"{name}: rejected {tables[name].rejects.head(3).rows()}")
    return "; ".join(wrong)


def _rows(name: str, frames: dict, label, made: Made) -> list[dict]:
    """Return the rows of a table as a made-up file has them: names for ids, nothing left out."""
    from workbench.store.pseudonyms import pseudonym, pseudonym_key

    people, titles = {}, {}
    if "artists" in frames:
        people = dict(frames["artists"].select("artist_id", "name").iter_rows())
    if "tracks" in frames:
        tracks = frames["tracks"].select("track_id", "title", "artist_id")
        titles = {track: (title, people.get(who, who)) for track, title, who in tracks.iter_rows()}
    key = pseudonym_key(label.home)
    whose = {pseudonym(key, person): person for person in made.people}
    rows = []
    for row in frames[name].drop("file_hash", "source_file", strict=False).iter_rows(named=True):
        kept = {column: value for column, value in row.items() if value is not None}
        track = kept.pop("track_id", None)
        if kept.get("entity") == "track":
            track = kept.pop("entity_id")
        if kept.get("entity") == "artist":
            kept["artist"] = people.get(kept["entity_id"], kept.pop("entity_id"))
        if name != "tracks" and track is not None:
            kept["track"] = titles.get(track, track)
        if "artist_id" in kept and (who := kept.pop("artist_id")) and name != "artists":
            kept["artist"] = people.get(who, who)
        if "listener_id" in kept:
            kept["listener"] = whose.get(kept.pop("listener_id"), "somebody else")
        if "unit" in kept:
            kept["unit"] = whose.get(kept["unit"], kept["unit"])
        rows.append(kept)
    return rows


def _apart(wanted: list[dict], found: list[dict]) -> tuple[list[dict], list[dict]]:
    """Return the rows of each side that the other lacks, as often as they stand there."""
    lacking = list(wanted)
    more = []
    for row in found:
        if row in lacking:
            lacking.remove(row)
        else:
            more.append(row)
    return lacking, more


def _told(lacking: list[dict], more: list[dict]) -> str:
    """Return how the first row that is lacking differs from the one there that is most like it."""
    if not lacking or not more:
        return f"for example {lacking[:1]}, and {len(more)} too many, for example {more[:1]}"
    wanted = lacking[0]
    found = max(more, key=lambda row: sum(wanted.get(name) == row[name] for name in row))
    apart = {name for name in {*wanted, *found} if wanted.get(name) != found.get(name)}
    told = (f"{n}: {wanted.get(n)!r} became {found.get(n)!r}" for n in sorted(apart))
    return f"for example {', '.join(told)}"
