"""Figures of sales: orders by week, groups, and what mailings bring."""

import plotly.graph_objects as go
import polars as pl

from workbench.charts import theme
from workbench.charts.audience import TIER_TITLES
from workbench.sales.actuals import STREAMS, Actuals
from workbench.sales.buying import Buying
from workbench.sales.contacts import AGAIN, FIRST, Contacts
from workbench.sales.first import FirstPurchases
from workbench.sales.first_told import BY_CHANCE, STREAMS_SO_FAR
from workbench.sales.foretold import ORDERS_SO_FAR, Foretold

_SHOWN = 15
MARKS = {AGAIN: theme.GREY, FIRST: theme.ORANGE}
IN_ORDERS = "in orders, too"


def weekly_orders(found: Buying) -> go.Figure:
    """Draw repeat orders a week as they came, as the model has them, and those to come."""
    rows = found.weekly.to_dicts()
    figure = theme.figure(height=340, y="Repeat orders a week")
    seen = [row for row in rows if row["actual"] is not None]
    figure.add_scatter(
        x=[row["week"] for row in seen],
        y=[row["actual"] for row in seen],
        mode="lines",
        name="came",
        line={"color": theme.GREY, "width": 1.5},
        hovertemplate="week of %{x|%d %b %Y}<br>%{y:,} came<extra></extra>",
    )
    past = [row for row in rows if row["week"] <= found.until]
    ahead = [row for row in rows if row["week"] > found.until]
    for name, part, dash in (("model", past, "solid"), ("to come", past[-1:] + ahead, "dot")):
        figure.add_scatter(
            x=[row["week"] for row in part],
            y=[row["expected"] for row in part],
            mode="lines",
            name=name,
            line={"color": theme.BLUE, "dash": dash, "width": 2},
            hovertemplate="week of %{x|%d %b %Y}<br>%{y:,.1f} expected<extra></extra>",
        )
    figure.update_yaxes(rangemode="tozero")
    return figure


def group_dots(found: Buying) -> go.Figure:
    """Draw the money expected of each group with its 90 % interval, the largest on top."""
    rows = found.groups.drop_nulls("value").head(_SHOWN).reverse().to_dicts()
    figure = theme.figure(height=100 + 28 * max(len(rows), 2), x=f"{found.currency} to come")
    figure.add_scatter(
        x=[row["value"] for row in rows],
        y=[theme.text(TIER_TITLES.get(row["group"], row["group"])) for row in rows],
        mode="markers",
        marker={"size": 10, "color": theme.BLUE},
        showlegend=False,
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["value_high"] - row["value"] for row in rows],
            "arrayminus": [row["value"] - row["value_low"] for row in rows],
            "color": theme.GREY,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=[
            [row["buyers"], round(row["orders"]), row["value_low"], row["value_high"]]
            for row in rows
        ],
        hovertemplate="<b>%{y}</b><br>%{x:,.0f} (%{customdata[2]:,.0f} to %{customdata[3]:,.0f})"
        "<br>%{customdata[1]:,} orders of %{customdata[0]:,} buyers<extra></extra>",
    )
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(showgrid=False)
    return figure


def gains(found: Foretold) -> go.Figure:
    """Draw which share of later orders the best shares of buyers gave, by two rankings."""
    figure = theme.figure(height=320, x="Best share of buyers", y="Share of the orders that came")
    rankings = {found.model: "this model", ORDERS_SO_FAR: ORDERS_SO_FAR}
    return _gains(figure, found.gains, rankings, "any buyers")


def first_gains(found: FirstPurchases) -> go.Figure:
    """Draw which share of later first buyers stood in the first shares, by two rankings."""
    figure = theme.figure(
        height=320, x="Best share of those who never bought", y="Share of those who came"
    )
    rankings = {BY_CHANCE: "this model", STREAMS_SO_FAR: STREAMS_SO_FAR}
    return _gains(figure, found.gains, rankings, "anybody")


def _gains(
    figure: go.Figure, curves: pl.DataFrame, rankings: dict[str, str], anybody: str
) -> go.Figure:
    parts = curves.partition_by("ranking", as_dict=True)
    for (ranking, name), colour in zip(rankings.items(), (theme.BLUE, theme.ORANGE), strict=True):
        rows = parts[(ranking,)]
        figure.add_scatter(
            x=rows["contacted"].to_list(),
            y=rows["reached"].to_list(),
            mode="lines",
            name=name,
            line={"color": colour, "width": 2},
            hovertemplate="the best %{x:.0%} gave %{y:.0%}<extra></extra>",
        )
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name=anybody, hoverinfo="skip",
        line={"color": theme.GREY, "dash": "dot", "width": 1},
    )  # fmt: skip
    theme.percent_axis(figure.update_xaxes, [0.0, 1.0])
    theme.percent_axis(figure.update_yaxes, [0.0, 1.0])
    return figure


def contact_curve(found: Contacts) -> go.Figure:
    """Draw the gain of a mailing by how many are written, with the best number marked.

    Where those who never bought are in it, too, each kind has a line of its own.
    """
    rows = found.curve.to_dicts()
    figure = theme.figure(
        height=320, x="People written to, best first", y=f"Gain, {found.currency}"
    )
    parts = found.apart.partition_by("kind", as_dict=True)
    for (kind,), part in parts.items() if len(parts) > 1 else ():
        figure.add_scatter(
            x=part["contacted"].to_list(), y=part["gain"].to_list(), mode="lines",
            name=f"only who {kind}",
            line={"color": MARKS[kind], "width": 1.5, "dash": "dash"},
            hovertemplate=f"the best %{{x:,}} who {kind} bring %{{y:,.0f}}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=[row["contacted"] for row in rows],
        y=[row["gain"] for row in rows],
        mode="lines+markers",
        name="both, in one order",
        line={"color": theme.BLUE, "width": 2},
        showlegend=len(parts) > 1,
        hovertemplate="the best %{x:,} bring %{y:,.0f}<extra></extra>",
    )
    top = rows[found.best]
    figure.add_scatter(
        x=[top["contacted"]], y=[top["gain"]], mode="markers", showlegend=False, hoverinfo="skip",
        marker={"size": 13, "color": theme.ORANGE},
    )  # fmt: skip
    return figure


def months_expected(found: Foretold) -> go.Figure:
    """Draw the money of each month that came against what was expected, with its interval."""
    rows = found.months.to_dicts()
    figure = theme.figure(height=320, y=f"{found.currency} a month, known buyers")
    months = [row["since"].replace(day=1) for row in rows]
    figure.add_bar(
        x=months, y=[row["money_came"] for row in rows], name="came",
        marker={"color": theme.GREY}, opacity=0.55,
        customdata=[row["orders_came"] for row in rows],
        hovertemplate="%{x|%b %Y}<br>%{y:,.0f} came, %{customdata:,} orders<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=months, y=[row["money"] for row in rows], mode="markers",
        name=f"expected on {found.learnt_until}", marker={"size": 9, "color": theme.BLUE},
        error_y={
            "type": "data", "symmetric": False, "thickness": 1.5, "width": 0,
            "array": [row["money_high"] - row["money"] for row in rows],
            "arrayminus": [row["money"] - row["money_low"] for row in rows],
            "color": theme.BLUE,
        },
        customdata=[[row["money_low"], row["money_high"], row["orders"]] for row in rows],
        hovertemplate="%{x|%b %Y}<br>%{y:,.0f} expected (%{customdata[0]:,.0f} to "
        "%{customdata[1]:,.0f})<br>%{customdata[2]:,.0f} orders<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(rangemode="tozero", tickformat="~s")
    return figure


def statement_months(found: Actuals, *, streams: bool = False) -> go.Figure:
    """Draw what arrived by month and kind of goods, or for streams alone.

    Goods that orders hold, too, are hatched.
    """
    figure = theme.figure(height=320, y=f"{found.currency} that arrived a month")
    kinds = found.kinds.select("kind", "in_orders").rows()
    kinds = [(kind, held) for kind, held in kinds if (kind == STREAMS) == streams]
    colours = dict(zip(sorted({kind for kind, _ in kinds}), theme.SERIES, strict=False))
    parts = found.months.partition_by("kind", "in_orders", as_dict=True)
    for kind, in_orders in kinds:
        rows = parts[kind, in_orders].to_dicts()
        name = f"{kind}, {IN_ORDERS}" if in_orders else kind
        figure.add_bar(
            x=[row["month"] for row in rows], y=[row["money"] for row in rows], name=name,
            marker={
                "color": colours.get(kind, theme.GREY),
                "pattern": {"shape": "/" if in_orders else ""},
            },
            customdata=[row["units"] for row in rows],
            hovertemplate=f"{name}, %{{x|%b %Y}}<br>%{{y:,.2f}} for %{{customdata:,}}"
            "<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="relative")
    return figure
