"""Results: what a campaign did, and what was planned."""

import streamlit as st

from workbench.charts import past as charts
from workbench.promotion.overview import releases
from workbench.promotion.past import past_campaigns
from workbench.promotion.past_result import campaign_result
from workbench.promotion.payouts import assumed_payout
from workbench.settings import settings
from workbench.ui import past as words
from workbench.ui.left_out import beside_campaign, left_out_line
from workbench.ui.page import open_page
from workbench.ui.past_causes import explained
from workbench.ui.plan_money import kept_of_streams, say_before
from workbench.ui.plan_warnings import show_warnings
from workbench.ui.tables import readable
from workbench.ui.text import digits, escaped

page = open_page("promote/results")
currency = page.compute(releases).currency or settings().currency
campaigns = page.compute(past_campaigns)
track, first, after = words.chosen_campaign(campaigns, currency)
paid = page.compute(assumed_payout, payout=settings().payout, currency=settings().currency)
answer = st.container()
with st.expander("What the label keeps", icon=":material/payments:"):
    money = kept_of_streams(page, "results", paid.payout, currency)
found = page.compute(
    campaign_result, track_id=track, first=first, after=after, payout=paid.payout, money=money,
)  # fmt: skip
with answer:
    page.strip(words.strip(found, currency))
    say_before(money)
    told = words.finding(found, currency)
    st.markdown(f"**{escaped(told)}**")
    if lost := beside_campaign(found):
        st.warning(lost, icon=":material/currency_exchange:")
    st.caption(words.doubt(found))
    page.chart(charts.weeks_without, found, key="weeks", alt=told)
    show_warnings(found.warnings)
st.subheader("By channel and market", anchor=False)
best = words.best_channel(found, currency)
st.caption(escaped(best))
beside = st.columns(2) if found.cells.height > 1 else [st.container()]
with beside[0]:
    page.chart(charts.won_dots, found, key="channel_dots", alt=best, by="channels")
if found.cells.height > 1:
    with beside[1]:
        page.chart(charts.won_dots, found, key="market_dots", alt="Streams by market", by="cells")
page.table(words.channels(found), key="channels", columns=words.CHANNELS)
if found.cells.height > 1:
    with st.expander("By market", icon=":material/public:"):
        page.table(readable(found.cells, words.CELLS), key="markets", columns=words.CELLS)
explained(page, found)
words.planned(page, track, first, after, money, currency)
with st.expander("All campaigns", icon=":material/list:"):
    left_out_line(page)
    page.table(words.listed(campaigns), key="campaigns", columns=words.CAMPAIGNS)
page.foot(
    "A campaign is all spend on one song until four weeks bring none. The response model is "
    "evaluated twice on the same 2,000 draws: with all spend of the song, and without this "
    "campaign's; the difference is what it brought, people who stayed included, to the last week "
    "that counts. Streams become money as in the Lab: by statements of the territory or, without "
    f"them, at {digits(paid.payout)} {escaped(currency)} (assumption), less the shares of others.",
    card="results",
)
