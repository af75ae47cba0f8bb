"""Files whose columns are those of one of our tables, as exports of the workbench have them."""

from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import OF_FILE, ColumnRule, Mapping, TableRule, needed
from workbench.importers.sheet import Sheet
from workbench.tables import TABLES, Table

SOURCE = "own-table"


def recognised(incoming: Incoming) -> Understood | None:
    """Return a file as the one table whose needed columns it has; None where two fit equally."""
    if incoming.sheet is None or (kind := kind_of(incoming.sheet)) is None:
        return None
    return of_table(incoming.sheet, kind)


def of_table(sheet: Sheet, kind: Table) -> Understood:
    """Return a sheet as a table that it has the needed columns of."""
    here = {spelt(name): name for name in sheet.columns}
    return Understood(sheet, _mapping(kind, here))


def kind_of(sheet: Sheet) -> Table | None:
    """Return the table whose columns a sheet has, None where none or two fit."""
    here = {spelt(name) for name in sheet.columns}
    shares = []
    for kind in TABLES.values():
        ours = [name for name in kind.polars_schema if name in here]
        if {*needed(kind), *OF_FILE.get(kind.name, ())} <= set(ours):
            shares.append((len(ours), len(ours) / len(kind.polars_schema), kind))
    shares.sort(key=lambda entry: entry[:2], reverse=True)
    if not shares or (len(shares) > 1 and shares[0][:2] == shares[1][:2]):
        return None
    return shares[0][2]


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
