"""The strip of numbers that answers a page's question first."""

from dataclasses import dataclass

import streamlit as st

from workbench.ui.text import escaped, unbroken

NARROWEST = 165  # pixels of a card: five stand side by side on a laptop, two on half a screen


@dataclass(frozen=True)
class Headline:
    """One number of the strip.

    Attributes
    ----------
    label : what it is. value : as shown. change : with sign, as shown. note : the few words that
    the number needs beside it: its interval or of how many. help : the rest of it: sample size,
    definition. spark : values of a small line. good : whether up is good.
    """

    label: str
    value: str
    change: str | None = None
    note: str | None = None
    help: str | None = None
    spark: tuple[float, ...] = ()
    good: bool | None = True


def show(headlines: list[Headline]) -> None:
    """Show at most five numbers in a row, in several rows where the window is narrow."""
    if not headlines:
        return
    row = st.grid(len(headlines), min_column_width=NARROWEST, key="strip")
    for headline in headlines:
        colour = {True: "blue", False: "orange", None: "off"}[headline.good]
        card = row.container(border=True, height="stretch", gap="xxsmall")
        card.metric(
            headline.label,
            unbroken(headline.value),
            unbroken(headline.change) if headline.change else None,
            delta_color=colour if headline.change else "normal",
            help=headline.help,
            chart_data=list(headline.spark) or None,
        )
        if headline.note:
            card.caption(unbroken(escaped(headline.note)))


def in_a_line(headlines: list[Headline]) -> str:
    """Return the numbers in one line, for where the strip is scrolled out of sight."""
    return " · ".join(
        f"{one.label} **{unbroken(one.value)}**"
        + (f" ({unbroken(escaped(one.change))})" if one.change else "")
        for one in headlines
    )
