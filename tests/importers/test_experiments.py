"""Experiments: a plain sheet fills the table, people become pseudonyms, what is open is asked."""

import bringing
import polars as pl
import pytest

from workbench.dataset import open_dataset
from workbench.importers.mapping import Unanswered
from workbench.store.pseudonyms import pseudonym, pseudonym_key

PLAIN = (
    "Experiment,Email,Arm,Outcome,Date,Age,Tier,Fan,Full name,Zip code,Note\n"
    "letter,Ann@example.org,letter,yes,2026-07-03,31,super,1,Ann Ode,10115,a b\n"
    "letter,bob@example.org,no letter,no,2026-07-03,n/a,light,0,Bob Ode,10117,c d\n"
    "letter,cid@example.org,letter,no,2026-07-03,44,light,,Cid Ode,10119,e f\n"
    "letter,dee@example.org,no letter,no,2026-07-03,52,light,0,Dee Ode,10119,\n"
)
SEVERAL = (
    "listener_id,variant,visit,spend,plays before,country\n"
    "l1,ad,1,9.50,12,de\nl2,control,0,0,3,us\nl3,ad,0,0,7,us\nl4,ad,0,0,8,de\n"
)


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def rows(label) -> pl.DataFrame:
    return open_dataset(str(label.folder), rows=True).table("experiments").sort("outcome", "unit")


def known(cell: list[dict]) -> dict[str, float | None]:
    return {one["name"]: one["value"] for one in cell}


def test_a_plain_sheet_fills_the_table_and_names_nobody(label):
    report = bringing.brought(label, PLAIN)
    assert report.tables[0].accepted == 4
    ann = rows(label).row(-1, named=True)
    assert ann["unit"] == pseudonym(pseudonym_key(label.home), "ann@example.org")
    assert (ann["experiment"], ann["arm"], ann["outcome"]) == ("letter", "letter", 1.0)
    assert known(ann["covariates"]) == {"age": 31, "Tier light": 0, "Tier super": 1, "fan": 1}
    ages = [known(cell)["age"] for cell in rows(label)["covariates"]]
    assert sorted(ages, key=str) == [31.0, 44.0, 52.0, None]
    assert "Outcome is the outcome" in report.notes
    assert "not taken: Full name, Zip code, Note" in report.notes
    whole = b"".join(path.read_bytes() for path in label.folder.rglob("*") if path.is_file())
    assert b"Ode" not in whole
    assert b"example.org" not in whole


def test_of_several_outcomes_one_is_chosen_and_no_other_is_known_before(label):
    with pytest.raises(Unanswered, match=r"experiment: What is this test called.*outcome: Which"):
        bringing.planned(label, SEVERAL)
    report = bringing.brought(label, SEVERAL, answers={"experiment": "july", "outcome": "visit"})
    assert "not taken: spend" in report.notes
    held = rows(label)
    assert held["experiment"].unique().to_list() == ["july"]
    assert held["outcome"].to_list() == [0.0, 0.0, 0.0, 1.0]
    assert known(held["covariates"][-1]) == {"plays before": 12, "country de": 1, "country us": 0}


def test_territories_stay_what_they_are(label):
    bringing.brought(label, "experiment,country,arm,outcome\ng,Germany,ad,12.5\ng,us,control,3\n")
    assert rows(label).select("unit", "arm", "outcome").rows() == [
        ("US", "control", 3.0), ("DE", "ad", 12.5),
    ]  # fmt: skip


def test_a_unit_in_both_arms_is_refused_and_an_empty_outcome_too(label):
    text = "experiment,user,arm,outcome\ng,a,ad,1\ng,a,control,0\ng,b,ad,\ng,c,control,0\n"
    planned = bringing.planned(label, text)
    (table,) = planned.report.tables
    assert (table.read, table.accepted, table.rejected) == (4, 1, 3)


def test_a_sheet_without_arms_is_no_experiment(label):
    assert bringing.planned(label, bringing.STREAMS).report.tables[0].table == "daily_streams"
