"""A plan to hand on: one file that fetches and obeys nothing, and holds what was told."""

import datetime
import io
from html.parser import HTMLParser

import polars as pl

from workbench.report.export import csv, xlsx
from workbench.report.plan import PlanReport, plan_page, plan_sheets, plan_table

EVIL = "</td><script src=//x.y>1</script>=1+1"
WEEKS = [datetime.date(2027, 1, 1) + datetime.timedelta(weeks=n) for n in range(3)]
REPORT = PlanReport(
    title=EVIL, label="Lab & <b>", sample=True, author='"ada"', made=datetime.date(2027, 1, 2),
    version="abc", currency="EUR", finding="More & better",
    facts=pl.DataFrame({"fact": ["release"], "current": [None], "scenario": [EVIL]},
                       schema_overrides={"current": pl.String}),
    answers=pl.DataFrame(
        {"answer": ["Streams"], "current": ["1k"], "scenario": ["2k"], "change": ["-1k"]}
    ),
    figures=pl.DataFrame(
        {"answer": ["Streams"], "plan": ["change"], "low": [-1500.0], "median": [-1000.0],
         "high": [2.5], "unit": ["streams"]}
    ),
    spend=pl.DataFrame(
        {"channel": ["=Meta", "Radio"], "current": [0.0, 50.0], "scenario": [100.0, 50.0]}
    ),
    weekly=pl.DataFrame({
        "week": WEEKS, "current_low": [0.0] * 3, "current_median": [10.0, 20.0, None],
        "current_high": [90.0] * 3, "scenario_low": [5.0] * 3, "scenario_median": [50.0] * 3,
        "scenario_high": [100.0, 100.0, 50.0],
    }),
    warnings=("Never <tried>",), assumptions=("A stream pays 0.0035",),
)  # fmt: skip


class Read(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.words = [], {}, ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.setdefault(tag, []).append(dict(attrs))

    def handle_data(self, data):
        self.words += data


def test_the_page_is_one_file_that_fetches_and_runs_nothing():
    page = Read()
    page.feed(plan_page(REPORT).decode())
    assert not {"script", "link", "img", "iframe", "object", "b"} & set(page.tags)
    assert not any({"src", "href", "onload"} & set(one) for all_ in page.attributes.values()
                   for one in all_)  # fmt: skip
    assert page.attributes["meta"][1]["content"].startswith("default-src 'none'")
    for words in (EVIL, "Lab & <b>", '"ada"', "2027-01-02", "abc", "Never <tried>", "SAMPLE",
                  "A stream pays 0.0035", "More & better", "2k"):  # fmt: skip
        assert words in page.words
    assert len(plan_page(REPORT)) < 20_000


def test_the_figures_hold_the_numbers():
    page = Read()
    page.feed(plan_page(REPORT).decode())
    current, scenario = (one["points"].split() for one in page.attributes["polyline"])
    assert (len(current), len(scenario)) == (2, 3)  # an uncounted week is no zero
    (band,) = page.attributes["polygon"]
    assert len(band["points"].split()) == 6
    # 100 is at the top, 10 units under the edge; 50 is half way down
    assert scenario[0].endswith(",120.0")
    assert band["points"].split()[0].endswith(",10.0")
    first, second = (float(one["width"]) for one in page.attributes["rect"])
    assert first == 2 * second


def test_sheets_and_table_hold_the_same_and_obey_nothing():
    book = xlsx(plan_sheets(REPORT))
    spend = pl.read_excel(io.BytesIO(book), sheet_name="Spend")
    assert spend.rows() == [("=Meta", 0, 100), ("Radio", 50, 50)]
    notes = pl.read_excel(io.BytesIO(book), sheet_name="Notes")
    assert notes["kind"].to_list() == ["SAMPLE", "made", "finding", "warning", "assumption"]
    table = csv(plan_table(REPORT)).decode()
    assert table.startswith("section,item,plan,text,low,value,high,unit\n")
    assert "Spend,'=Meta,scenario,,,100.0,,EUR" in table
    # numbers, below zero, too, are numbers in both
    assert "Answers,Streams,change,,-1500.0,-1000.0,2.5,streams" in table
    answers = pl.read_excel(io.BytesIO(book), sheet_name="Answers")
    assert answers.select("low", "median", "high").row(0) == (-1500, -1000, 2.5)
    assert all(kind.is_numeric() for kind in answers.select("low", "median", "high").dtypes)
