"""The strip of numbers that answers a page's question first."""

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Headline:
    """One number of the strip.

    Attributes
    ----------
    label : what it is. value : as shown. change : with sign, as shown. help : the rest of it:
    interval, sample size, definition. spark : values of a small line. good : whether up is good.
    """

    label: str
    value: str
    change: str | None = None
    help: str | None = None
    spark: tuple[float, ...] = ()
    good: bool | None = True


def show(headlines: list[Headline]) -> None:
    """Show at most five numbers in a row, in several rows where the window is narrow."""
    row = st.container(horizontal=True, key="strip")
    for headline in headlines:
        colour = {True: "blue", False: "orange", None: "off"}[headline.good]
        row.metric(
            headline.label,
            headline.value,
            headline.change,
            delta_color=colour if headline.change else "normal",
            help=headline.help,
            chart_data=list(headline.spark) or None,
            border=True,
            height="stretch",
        )
