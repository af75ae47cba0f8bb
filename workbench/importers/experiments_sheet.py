"""An experiment as a plain sheet: one row a unit, with its arm, what came of it, what was known.

Known by a column that names the arm beside one that names the unit. What the sheet does not say is
asked: the name of the test, and which column is the outcome where several may be. All else that is
a number, a yes or no, or a few words is taken as known before the test; what names a person is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from workbench.importers import casting, territories
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import CHOICE, ColumnRule, Mapping, Question, TableRule, checked
from workbench.importers.own_tables import spelt
from workbench.importers.recordings_named import OURS
from workbench.importers.records import EMAIL, personal
from workbench.importers.sheet import Sheet

SOURCE = "experiment"
# As spelt() has them; the first that the file has is taken.
ARMS = ("arm", "variant", "treatment", "treatment_group", "test_group", "test_cell",
        "experiment_group", "experiment_arm", "variante", "testgruppe")  # fmt: skip
PEOPLE = ("unit", "listener_id", "listener", "user_id", "userid", "user", "customer_id", "customer",
          "subscriber_id", "subscriber", "contact_id", "email", "e_mail", "email_address",
          "recipient")  # fmt: skip
PLACES = ("territory", "country", "market", "country_code", "land", "pays", "país")
TESTS = ("experiment", "experiment_name", "test", "test_name")
DAYS = ("date", "day", "sent_at", "sent", "treated_at", "start_date")
# What comes after treatment. One of them is the outcome; the others never are known before it.
OUTCOMES = ("outcome", "result", "response", "responded", "converted", "conversion", "visited",
            "visit", "clicked", "clicks", "opened", "streamed", "streams", "plays", "saved",
            "saves", "followed", "purchased", "bought", "purchases", "orders", "revenue", "spend",
            "spent")  # fmt: skip
NOT_TAKEN = ("id", "covariates", "name", "zip", "zip_code", "postcode", "plz", "birthday",
             "birth_date", "date_of_birth", "phone", "ip")  # fmt: skip
FEW, MOST_ARMS, NUMBERS = 20, 20, 0.95
MADE = {name: f"{OURS}{name}" for name in ("unit", "outcome", "covariates")}
ASKED = {
    "experiment": Question("experiment", "What is this test called?"),
    "outcome": "Which column is the outcome: what came of it after treatment?",
}


@dataclass(frozen=True)
class Here:
    """Columns of a file by what they say; `experiment` and `date` may be None."""

    unit: str
    arm: str
    experiment: str | None
    date: str | None
    outcomes: tuple[str, ...]


def recognised(incoming: Incoming) -> Understood | None:
    """Return a sheet of units, arms and outcomes."""
    sheet = incoming.sheet
    here = columns_of(sheet) if sheet is not None else None
    if here is None:
        return None
    questions = () if here.experiment else (ASKED["experiment"],)
    if len(here.outcomes) == 1:
        return _understood(sheet, here, here.outcomes[0], questions)
    asked = Question("outcome", ASKED["outcome"], CHOICE, here.outcomes)
    return Understood(
        sheet,
        _mapping(here, (*questions, asked), ColumnRule(answer="outcome"), person=True),
        completed=lambda said: _understood(sheet, here, said["outcome"], questions),
    )


def columns_of(sheet: Sheet) -> Here | None:
    """Return what stands in which column of an experiment; of other sheets nothing."""
    spelled = {spelt(name): name for name in reversed(sheet.columns)}

    def first(names: Sequence[str]) -> str | None:
        return next((spelled[name] for name in names if name in spelled), None)

    arm, unit = first(ARMS), first((*PEOPLE, *PLACES))
    if arm is None or unit is None:
        return None
    arms = sheet.frame[arm].drop_nulls().n_unique()
    told = (arm, unit, first(TESTS), first(DAYS))
    named = [spelled[name] for name in OUTCOMES if name in spelled and spelled[name] not in told]
    outcomes = [name for name in named if _numeric(sheet.frame[name])]
    if not outcomes:
        outcomes = [n for n in sheet.columns if n not in told and _numeric(sheet.frame[n])
                    and not _left_out(n, sheet.frame[n])]  # fmt: skip
    if not outcomes or not 1 <= arms <= MOST_ARMS:
        return None
    # of names that say no more than that, the plainest counts; else a person says which
    outcomes = outcomes[:1] if outcomes[0] == spelled.get("outcome") else outcomes
    return Here(unit, arm, told[2], told[3], tuple(outcomes))


def _understood(
    sheet: Sheet, here: Here, outcome: str, questions: tuple[Question, ...]
) -> Understood:
    """Return the sheet with our columns, and how it fills the table."""
    units, person = _units(sheet.frame[here.unit])
    told = {here.unit, here.arm, here.experiment, here.date, outcome}
    spelled = {name: spelt(name) for name in sheet.columns}
    left = [name for name in sheet.columns if name not in told]
    after = [name for name in left if spelled[name] in OUTCOMES]
    covariates, used, lost = _covariates(
        sheet.frame, [n for n in left if n not in after and not _left_out(n, sheet.frame[n])]
    )
    notes = [f"{outcome} is the outcome"]
    notes += [f"known before the test: {', '.join(used)}"] if used else ["nothing known before"]
    unused = [name for name in left if name not in used]
    notes += [f"not taken: {', '.join(unused)}"] if unused else []
    notes += [f"{name}: {rows:,} cells that are no number, taken as not known"
              for name, rows in lost.items()]  # fmt: skip
    frame = sheet.frame.with_columns(
        units.alias(MADE["unit"]),
        _yes_or_no(pl.col(outcome)).alias(MADE["outcome"]),
        covariates.alias(MADE["covariates"]),
    )
    made = replace(
        sheet,
        frame=frame,
        notes=(*sheet.notes, *notes),
        added=(*sheet.added, *MADE.values()),
        taken=(*sheet.taken, here.unit, outcome, *used),
    )
    column = ColumnRule(column=(MADE["outcome"],))
    return Understood(made, _mapping(here, questions, column, person=person))


def _mapping(
    here: Here, questions: tuple[Question, ...], outcome: ColumnRule, *, person: bool
) -> Mapping:
    """Return the mapping; before the outcome is known it only says what is asked."""
    ready = outcome.answer is None
    name = (
        ColumnRule(column=(here.experiment,))
        if here.experiment
        else ColumnRule(answer="experiment")
    )
    unit = MADE["unit"] if ready else here.unit
    columns = {
        "experiment": name,
        "unit": ColumnRule(column=(unit,), pseudonymise=person),
        "arm": ColumnRule(column=(here.arm,)),
        "outcome": outcome,
    }
    if here.date:
        columns["date"] = ColumnRule(column=(here.date,))
    if ready:
        columns["covariates"] = ColumnRule(column=(MADE["covariates"],))
    return checked(
        Mapping(
            name="experiment",
            title="Experiment: units, arms and what came of them",
            source=SOURCE,
            header=(here.unit, here.arm),
            tables=(TableRule("experiments", tuple(columns.items())),),
            questions=questions,
            about="A unit that is a person becomes a keyed pseudonym; a country stays what it is. "
            "Columns that are not named here are taken as known before the test.",
        )
    )


def _units(cells: pl.Series) -> tuple[pl.Series, bool]:
    """Return the units, and whether they are people: countries are where all cells name one."""
    known = cells.drop_nulls()
    codes = territories.alpha2(cells)
    if codes.null_count() == cells.null_count() and len(known) and known.n_unique() <= 250:
        return codes, False
    return cells, True


def _left_out(name: str, cells: pl.Series) -> bool:
    """Tell a column that says who somebody is, or where to find them."""
    plain = spelt(name)
    if personal(name) or plain in NOT_TAKEN or plain.endswith("_id"):
        return True
    return bool(cells.str.strip_chars().str.contains(EMAIL).any())


def _yes_or_no(cells: pl.Expr) -> pl.Expr:
    """Return cells with yes and no as 1 and 0; others as they are."""
    text = casting.bare(cells).str.to_lowercase()
    yes, no = (text.is_in([one for one in said if one not in "10"])
               for said in (casting.TRUE, casting.FALSE))  # fmt: skip
    return pl.when(yes).then(pl.lit("1")).when(no).then(pl.lit("0")).otherwise(cells)


def _value(cells: pl.Expr) -> pl.Expr:
    return casting.number(_yes_or_no(cells), pl.Float64).value


def _numeric(cells: pl.Series) -> bool:
    """Tell whether a column's cells are numbers, or yes and no, but for a few."""
    name = cells.name
    known = cells.to_frame().select(
        said=casting.bare(pl.col(name)).count(), read=_value(pl.col(name)).count()
    )
    said, read = known.row(0)
    return said > 0 and read >= NUMBERS * said


def _covariates(
    frame: pl.DataFrame, names: list[str]
) -> tuple[pl.Series, list[str], dict[str, int]]:
    """Return each row's covariates as JSON, the columns taken, and unread cells by column."""
    values: dict[str, pl.Expr] = {}
    used, lost = [], {}
    for name in names:
        cells = pl.col(name).str.strip_chars()
        if _numeric(frame[name]):
            values[spelt(name).replace("_", " ")] = _value(pl.col(name))
            gone = frame.select(casting.bare(pl.col(name)).count() - _value(pl.col(name)).count())
            lost |= {name: gone.item()} if gone.item() else {}
        else:
            levels = frame.select(cells.drop_nulls().unique().sort()).to_series().to_list()
            levels = [level for level in levels if level]
            if not 2 <= len(levels) <= min(FEW, frame[name].count() // 2):
                continue  # words of a single unit are a remark, not a covariate
            values |= {f"{name} {level}": (cells == level).cast(pl.Float64) for level in levels}
        used.append(name)
    if not values:
        return pl.Series([None] * frame.height, dtype=pl.String), [], {}
    pairs = [pl.struct(pl.lit(name).alias("name"), value.alias("value"))
             for name, value in values.items()]  # fmt: skip
    told = frame.select(pl.struct(pl.concat_list(pairs).alias("c")).struct.json_encode())
    return told.to_series().str.strip_prefix('{"c":').str.strip_suffix("}"), used, lost
