"""Money that would count twice is told, and named so that the earlier import can be taken back."""

import bringing
import dsr_rows as dsr
import pytest

from workbench.__main__ import main
from workbench.dataset import open_dataset
from workbench.importers import run
from workbench.importers.held_already import told_twice

HEADER = "Reporting starts,Reporting ends,Campaign name,{}Amount spent (EUR)\n"
BY_AD = HEADER.format("Ad name,") + (
    "2026-07-01,2026-07-01,Tide,One,10\n2026-07-02,2026-07-02,Tide,Two,20\n"
)
WHOLE = HEADER.format("") + "2026-07-02,2026-07-04,Tide,30\n"
BANDCAMP = (
    "date,item type,item name,artist,currency,item price,quantity,sub total,item total,"
    "amount you received,bandcamp transaction id\n"
    "7/{}/26 5:45pm,track,Slow Tide,Nora Vale,EUR,1.00,1,1.00,1.00,0.90,B{}\n"
)


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def again(label):
    return open_dataset(str(label.folder))


def told(report) -> list[str]:
    return [note for note in report.notes if "both count" in note]


def test_a_campaign_that_was_exported_by_ad_is_not_brought_whole_without_a_word(label):
    first = bringing.brought(label, BY_AD, "ads.csv")
    assert (first.held, told(first)) == ((), [])
    report = bringing.planned(again(label), WHOLE).report
    assert report.held == (first.source,)
    assert told(report) == [
        "the label holds spend of these campaigns for 2026-07-02 to 2026-07-02 (ads.csv); both "
        "count. If this file replaces the other or tells the same, take that import back"
    ]


@pytest.mark.parametrize(
    "other",
    [
        WHOLE.replace("2026-07-02", "2026-07-03"),  # the days after
        WHOLE.replace(",Tide,", ",Ebb,"),  # another campaign
        BY_AD.replace(",10\n", ",11\n"),  # the same rows, which give way
    ],
)
def test_spend_that_does_not_count_twice_is_no_matter(label, other):
    bringing.brought(label, BY_AD, "ads.csv")
    report = bringing.planned(again(label), other).report
    assert (report.held, told(report)) == ((), [])


def test_a_sales_report_delivered_again_is_told_and_that_of_another_country_not(label):
    def text(territory: str, net: str, **head: str) -> str:
        usage = dsr.single("1", "GBAYE2400001", "Slow Tide", "Nora Vale", "12")
        return dsr.report(dsr.summary("1", territory, net=net), usage, start=dsr.head(**head))

    first = bringing.brought(label, text("DE", "2.5"), "july.tsv")
    report = bringing.planned(again(label), text("DE", "2.6", message="M2")).report
    assert report.held == (first.source,)
    (note,) = told(report)
    assert note.startswith("the label holds lines of this sender for 2026-07 (july.tsv); both")
    assert bringing.planned(again(label), text("DE", "2.5")).report.held == ()
    assert bringing.planned(again(label), text("FR", "2.5", message="M3")).report.held == ()


def test_sales_without_a_period_are_held_against_each_other_by_their_days(label):
    first = bringing.brought(label, BANDCAMP.format(3, 1), "first.csv")
    report = bringing.planned(again(label), BANDCAMP.format(3, 2)).report
    assert report.held == (first.source,)
    assert "for 2026-07-03 to 2026-07-03 (first.csv); both count" in told(report)[0]
    assert bringing.planned(again(label), BANDCAMP.format(4, 2)).report.held == ()


def test_corrected_rows_stand_beside_their_file_which_is_not_offered_to_be_taken_back(label):
    from workbench.report.export import csv

    lines = BANDCAMP.format(3, 1) + BANDCAMP.format(3, 2).splitlines()[1].replace("3", "x", 1)
    first = bringing.planned(label, lines, "first.csv")
    run.store([first], label)
    rejects = csv(first.rejected_rows).decode()
    report = bringing.planned(again(label), rejects.replace("x", "3")).report
    assert (first.report.rejected, report.rejected, report.held) == (2, 0, ())
    assert any("beside them" in note for note in report.notes)


def test_two_files_of_one_drop_that_bring_the_same_money_are_told(label, tmp_path, capsys):
    files = {"ads.csv": BY_AD, "whole.csv": WHOLE, "ebb.csv": WHOLE.replace(",Tide,", ",Ebb,")}
    plans = [bringing.planned(label, text, name) for name, text in files.items()]
    words = (
        "ads.csv and whole.csv both bring spend of these campaigns for 2026-07-02 to 2026-07-04; "
        "both count. If they tell the same, leave one of them out"
    )
    assert told_twice(plans) == [words]
    assert told_twice([plans[0], plans[0], plans[2]]) == []
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = ["import", *(str(tmp_path / name) for name in files), "--label", str(label.folder)]
    assert main([*command, "--dry-run"]) == 0
    assert f"note: {words}" in capsys.readouterr().out
