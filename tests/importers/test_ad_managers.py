"""Exports of Meta, Google Ads and TikTok, as spend by campaign and days."""

import datetime
from decimal import Decimal

import bringing
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import lyric_texts
from workbench.importers.reading import Source

DAY = datetime.date(2026, 7, 3)
SHOWN = ("campaign_id", "channel", "day", "days", "territory", "targeting", "spend", "currency",
         "impressions", "clicks", "results", "result_kind")  # fmt: skip
META = (
    "Reporting starts,Reporting ends,Campaign name,Ad set name,Country,Result indicator,Results,"
    "Reach,Frequency,Impressions,Link clicks,Amount spent (EUR)\n"
    "2026-07-01,2026-07-07,Tide,Fans DE,DE,actions:link_click,12,900,1.2,1100,40,25.50\n"
    "2026-07-01,2026-07-07,Tide,Fans US,US,actions:lead,3,500,1.1,600,20,10.25\n"
    "2026-07-01,2026-07-07,,,,,,1400,1.2,1700,60,35.75\n"
)
FRENCH = (
    "Jour;Nom de la campagne;Pays;Indicateur de résultats;Résultats;Impressions;Clics sur un lien;"
    "Montant dépensé (EUR);CTR\n"
    "2026-07-03;Marée;FR;actions:lead;3;1 100;40;1 025,50;1,25\n"
)
GOOGLE = (
    "Campaign report\n"
    '"July 1, 2026 - July 31, 2026"\n'
    "Campaign status,Campaign,Budget,Currency code,Campaign type,Impr.,Interactions,Clicks,"
    "Avg. cost,Cost,Conversions\n"
    'Enabled,Tide,10.00,EUR,Video,"1,334",80,70,0.12,"1,234.56",12.00\n'
    "Paused,Old, --,EUR,Video,0,0,0, --, --, --\n"
    'Total: Campaigns, --, --,EUR, --,"1,334",80,70,0.12,"1,234.56",12.00\n'
    'Total: Account, --, --,EUR, --,"1,334",80,70,0.12,"1,234.56",12.00\n'
)
TIKTOK = (
    "Campaign name,Ad group name,Date,Cost,Impressions,Clicks (destination),CTR,Conversions,"
    "2-second video views\n"
    'Tide,Fans,2026-07-03,"$1,020.50",5000,120,2.4,7,900\n'
    "Tide,Cold,2026-07-03,$18.50,500,12,2.4,0,90\n"
    'Total of 2 results,-,-,"$1,039.00",5500,132,2.4,7,990\n'
)


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    return bringing.empty_label(tmp_path_factory.mktemp("label") / "label")


def rows(planned) -> list[tuple]:
    frame = planned.settled[0].rows
    absent = [pl.lit(None).alias(name) for name in SHOWN if name not in frame.columns]
    return frame.with_columns(absent).sort("campaign_id").select(SHOWN).rows()


def test_meta_has_its_currency_in_the_header_and_its_total_in_a_row_without_a_name(label):
    planned = bringing.planned(label, META)
    assert rows(planned) == [
        ("meta:Tide · Fans DE", "meta", datetime.date(2026, 7, 1), 7, "DE", "Fans DE",
         Decimal("25.5"), "EUR", 1100, 40, 12, "actions:link_click"),
        ("meta:Tide · Fans US", "meta", datetime.date(2026, 7, 1), 7, "US", "Fans US",
         Decimal("10.25"), "EUR", 600, 20, 3, "actions:lead"),
    ]  # fmt: skip
    assert planned.report.unused == ("Reach", "Frequency")
    assert "spend: EUR 35.75 imported, as the file itself says" in planned.report.notes


def test_a_campaign_called_total_something_is_a_campaign(label):
    planned = bringing.planned(label, META.replace(",Tide,Fans DE", ",Total Eclipse,Fans DE"))
    assert [row[0] for row in rows(planned)] == [
        "meta:Tide · Fans US", "meta:Total Eclipse · Fans DE",
    ]  # fmt: skip


def test_meta_in_french(label):
    assert rows(bringing.planned(label, FRENCH)) == [
        ("meta:Marée", "meta", DAY, 1, "FR", None, Decimal("1025.5"), "EUR", 1100, 40, 3,
         "actions:lead"),
    ]  # fmt: skip


@pytest.mark.parametrize("encode", ["utf-8", "utf-16"])
def test_google_ads_below_its_title_with_totals_at_the_end(label, encode):
    text = GOOGLE
    if encode == "utf-16":  # what “Excel CSV” gives: tabs, and two bytes a letter
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerows(csv.reader(io.StringIO(GOOGLE)))
        text = out.getvalue()
    planned = bringing.planned(label, text.encode(encode))
    assert rows(planned) == [
        ("google:Tide", "google", datetime.date(2026, 7, 1), 31, "WW", None, Decimal("1234.56"),
         "EUR", 1334, 70, 12, "conversions"),
    ]  # fmt: skip
    table = planned.report.tables[0]
    assert (table.read, table.rejected) == (1, 0)
    assert "1 row without spend, impressions and clicks passed over" in planned.report.notes
    assert "2 rows of totals passed over" in planned.report.notes
    assert "spend: EUR 1,234.56 imported, as the file itself says" in planned.report.notes


def test_google_ads_with_localised_numbers_and_days(label):
    text = (
        "Kampagnenbericht\n1. Juli 2026 - 31. Juli 2026\n"
        "Kampagnenstatus;Kampagne;Tag;Währungscode;Impr.;Klicks;Kosten\n"
        "Aktiv;Tide;03.07.2026;EUR;1.334;70;1.234,46\n"
    )
    assert rows(bringing.planned(label, text)) == [
        ("google:Tide", "google", DAY, 1, "WW", None, Decimal("1234.46"), "EUR", 1334, 70, None,
         None),
    ]  # fmt: skip


def test_tiktok_asks_for_the_currency_that_a_sign_does_not_settle(label):
    with pytest.raises(BadInput, match="In which currency"):
        bringing.planned(label, TIKTOK)
    planned = bringing.planned(label, TIKTOK, answers={"currency": "CAD"})
    assert rows(planned) == [
        ("tiktok:Tide · Cold", "tiktok", DAY, 1, "WW", "Cold", Decimal("18.5"), "CAD", 500, 12, 0,
         "conversions"),
        ("tiktok:Tide · Fans", "tiktok", DAY, 1, "WW", "Fans", Decimal("1020.5"), "CAD", 5000,
         120, 7, "conversions"),
    ]  # fmt: skip
    assert "spend: CAD 1,039 imported, as the file itself says" in planned.report.notes


def test_results_of_no_stated_kind_are_of_none(label):
    text = (
        "Campaign name,Day,Impressions,Link clicks,Amount spent (EUR),Results\n"
        "Tide,2026-07-03,10,2,5,3\n"
    )
    (row,) = rows(bringing.planned(label, text))
    assert row[-2:] == (3, None)


def test_the_days_are_asked_for_where_the_file_has_none(label):
    text = "Campaign name,Cost,Currency,Impressions,Video views\nTide,5,EUR,10,2\n"
    with pytest.raises(BadInput, match="On which day does the report begin"):
        bringing.planned(label, text)
    answers = {"from": "2026-07-01", "to": "2026-07-14"}
    (row,) = rows(bringing.planned(label, text, answers=answers))
    assert row[2:4] == (datetime.date(2026, 7, 1), 14)


def test_a_report_of_ads_is_no_song_text():
    assert not lyric_texts.is_prose(Source("x", GOOGLE.encode()))
    one_row = "".join(GOOGLE.splitlines(keepends=True)[:4])
    assert not lyric_texts.is_prose(Source("x", one_row.encode()))
    assert lyric_texts.is_prose(Source("x", b"Oh, la, la, la, my love\nI am gone\nWhere are you\n"))
    assert lyric_texts.is_prose(Source("x", b"Oh, la, la, la, my love\nI am gone\n"))


def test_spend_is_stored_by_campaign(label):
    bringing.brought(label, META)
    stored = open_dataset(str(label.folder)).table("campaigns")
    assert stored["spend"].sum() == Decimal("35.75")


CAMPAIGNS = st.lists(
    st.tuples(
        st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 11, 1)),
        st.text("abcdefghij äé", min_size=1, max_size=8).map(lambda t: f"c{t}".strip()),
        st.decimals(0, 99_999, places=2),
        st.integers(0, 9_999_999),
        st.sampled_from(["US", "DE"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: (row[0], row[1], row[4]),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(campaigns=CAMPAIGNS, comma=st.booleans())
def test_generated_campaigns_come_back_exactly(label, campaigns, comma):
    def number(value) -> str:
        plain = f"{value:,}"
        return plain.translate(str.maketrans(",.", ".,")) if comma else plain

    text = "Day\tCampaign name\tAmount spent (EUR)\tImpressions\tCountry\tCPM\n" + "".join(
        f"{day}\t{name}\t{number(spend)}\t{number(seen)}\t{place}\t{number(Decimal('0.25'))}\n"
        for day, name, spend, seen, place in campaigns
    )
    planned = bringing.planned(label, text, dry_run=True)
    found = planned.settled[0].rows.select("day", "campaign_id", "spend", "impressions",
                                           "territory")  # fmt: skip
    expected = [(day, f"meta:{name}", spend, seen, place)
                for day, name, spend, seen, place in campaigns]  # fmt: skip
    assert sorted(found.rows()) == sorted(expected)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.sampled_from([META, FRENCH, GOOGLE, TIKTOK]), start=st.integers(0, 900),
    junk=st.binary(max_size=12), cut=st.integers(0, 40),
)  # fmt: skip
def test_counts_add_up_for_every_damaged_report(label, text, start, junk, cut):
    data = text.encode()
    data = data[:start] + junk + data[start + cut :]
    answers = {"currency": "EUR", "from": "2026-07-01", "to": "2026-07-14"}
    try:
        planned = bringing.planned(label, data, answers=answers, dry_run=True)
    except BadInput:
        return
    for one in planned.report.tables:
        assert one.read == one.accepted + one.repaired + one.rejected
    assert planned.understood.sheet.rows == planned.report.tables[0].read
