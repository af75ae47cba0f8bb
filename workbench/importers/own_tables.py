"""Files whose columns are those of one of our tables, as exports of the workbench have them."""

from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import ColumnRule, Mapping, TableRule, needed
from workbench.tables import TABLES, Table

SOURCE = "own-table"


def recognised(incoming: Incoming) -> Understood | None:
    """Return a file as the one table whose needed columns it has; None where two fit equally."""
    if incoming.sheet is None:
        return None
    here = {spelt(name): name for name in incoming.sheet.columns}
    shares = []
    for kind in TABLES.values():
        ours = [name for name in kind.polars_schema if name in here]
        if set(needed(kind)) <= set(ours):
            shares.append((len(ours), len(ours) / len(kind.polars_schema), kind))
    shares.sort(key=lambda entry: entry[:2], reverse=True)
    if not shares or (len(shares) > 1 and shares[0][:2] == shares[1][:2]):
        return None
    return Understood(incoming.sheet, _mapping(shares[0][2], here))


def _mapping(kind: Table, here: dict[str, str]) -> Mapping:
    columns = tuple(
        (name, ColumnRule(column=(here[name],))) for name in kind.polars_schema if name in here
    )
    return Mapping(
        name=f"table_{kind.name}",
        title=f"Our table {kind.title.lower()}",
        source=SOURCE,
        header=tuple(column.column[0] for _, column in columns),
        tables=(TableRule(kind.name, columns),),
    )


def spelt(name: str) -> str:
    """Return a header as our columns are spelt: “Track ID” is track_id."""
    return "_".join(name.strip().casefold().replace("-", " ").split())
