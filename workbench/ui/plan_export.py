"""The plan that is set, as files: a page of HTML, a workbook, a table."""

import datetime
from functools import partial

import polars as pl
import streamlit as st

from workbench.dataset import SAMPLE
from workbench.promotion.outcome import Outcome
from workbench.promotion.plan import MAX_WEEKS
from workbench.promotion.shares import before_shares
from workbench.report.export import csv, xlsx
from workbench.report.plan import PlanReport, plan_page, plan_sheets, plan_table
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.plan_answers import Asked, figures, told_answers
from workbench.ui.plan_money import per_listener_words
from workbench.ui.plan_warnings import plain_warnings
from workbench.ui.plan_words import finding, in_words
from workbench.ui.text import percent

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def exports(page: Page, asked: Asked, outcome: Outcome, facts: pl.DataFrame) -> None:
    """Show downloads of the plan; files are written when they are asked for."""
    report = partial(_report, page, asked, outcome, facts)
    stem = f"{'SAMPLE-' if page.label.name == SAMPLE else ''}plan-{asked.plan.track_id or 'new'}"
    row = st.container(horizontal=True, vertical_alignment="center")
    row.caption("This plan as a file, with its warnings and assumptions:")
    for name, kind, write in (
        ("html", "text/html", lambda: plan_page(report())),
        ("xlsx", SHEET, lambda: xlsx(plan_sheets(report()))),
        ("csv", "text/csv", lambda: csv(plan_table(report()))),
    ):
        row.download_button(
            name.upper(), data=write, file_name=f"{stem}.{name}", mime=kind, on_click="ignore",
            icon=":material/download:", key=f"plan-{name}",
        )  # fmt: skip


def _report(page: Page, asked: Asked, outcome: Outcome, facts: pl.DataFrame) -> PlanReport:
    told = dict(facts.select("fact", "scenario").iter_rows())
    return PlanReport(
        title=f"Promotion plan: {told['release']}",
        label=page.label.title,
        sample=page.label.manifest.sample,
        author=settings().current_user,
        made=datetime.datetime.now(datetime.UTC).date(),
        version=page.label.version_of("promotion"),
        currency=asked.currency,
        finding=finding(outcome),
        facts=facts,
        answers=told_answers(outcome.totals, asked.currency),
        figures=figures(outcome.totals, asked.currency),
        spend=in_words(outcome.channels).select(
            "channel", current="current_spend", scenario="scenario_spend"
        ),
        weekly=outcome.weekly,
        warnings=tuple(plain_warnings(outcome.warnings)),
        assumptions=tuple(assumptions(asked)),
    )


def assumptions(asked: Asked) -> list[str]:
    """Return what is assumed of money and listeners, a sentence each."""
    money = asked.money
    paid = ", ".join(f"{name} {rate:.4f}" for name, rate in money.payouts)
    found = [
        f"A stream pays, by statements: {paid}; elsewhere {asked.plan.payout:.4f}."
        if paid
        else f"A stream pays {asked.plan.payout:.4f} {asked.currency} everywhere.",
        f"Distribution keeps {percent(money.distribution)} of that payout, and the artist gets "
        f"{percent(money.artist)} of what arrives.",
    ]
    if before := before_shares(money):
        found.append(f"Money is {before}.")
    if money.beyond:
        found.append(f"What promotion leads to after the window counts, to {MAX_WEEKS} weeks.")
    if money.spill:
        found.append(f"Each stream won leads to {money.spill:.2f} streams of other songs.")
    if money.purchases:
        found.append(
            f"As long as won listeners stay, each spends {money.purchases:.2f} {asked.currency} "
            "a year."
        )
    if asked.listeners is not None:
        found.append(per_listener_words(asked.listeners))
    return found
