"""Sales: who buys next, and what."""

import streamlit as st

from workbench.charts import sales as charts
from workbench.sales.buying import buying
from workbench.sales.contacts import contacts
from workbench.sales.foretold import foretold
from workbench.settings import settings
from workbench.ui import sales as words
from workbench.ui import sold
from workbench.ui.first import first_time
from workbench.ui.offered import next_offers
from workbench.ui.page import open_page
from workbench.ui.tables import readable

page = open_page("promote/sales")
if page.label.has("statements") and not page.label.has("purchases"):
    sold.statements(page)
    st.info(
        "Who buys next needs orders by buyer: an export of a shop.", icon=":material/storefront:"
    )
    page.foot("Lines of statements by month of sale, corrections included.", card="sales")
    st.stop()
group = settings().min_group
weeks, by = words.choices(page)
found = page.compute(buying, weeks=weeks, by=by, min_group=group)
page.strip(words.strip(found))
st.markdown(f"**{words.told(found)}** {words.left_out(found)}")
asked = words.question()

if asked == words.AGAIN:
    page.chart(charts.weekly_orders, found, key="orders", alt=words.told(found))
    page.chart(charts.group_dots, found, key="money", alt=words.told(found))
    page.table(words.groups(found), key="groups", columns=words.GROUPS)
    with st.expander("Models", icon=":material/functions:"):
        page.table(readable(found.models, words.MODELS), key="models", columns=words.MODELS)
elif asked == words.OFFER:
    next_offers(page, weeks, group)
elif asked == words.FIRST_TIME:
    first_time(page, weeks, group)
elif asked == words.MAILING and not page.label.has("listeners"):
    st.info("This needs who consented to be written to.", icon=":material/mail_lock:")
elif asked == words.MAILING:
    chosen = words.mailing_choices(found.currency, newcomers=page.label.has("plays"))
    mailing = page.attempt(contacts, weeks=weeks, min_group=group, **chosen)
    if mailing is not None:
        st.markdown(words.mailing_told(mailing))
        page.chart(charts.contact_curve, mailing, key="curve", alt=words.mailing_told(mailing))
        page.table(words.kinds(mailing), key="kinds_written", columns=words.KINDS)
        words.export(page, mailing, weeks, first=chosen["first"])
else:
    past = page.attempt(foretold, min_group=group)
    if past is not None:
        st.markdown(sold.told_before(past))
        page.chart(charts.months_expected, past, key="expected", alt=sold.told_before(past))
        page.table(sold.months(past), key="months", columns=sold.MONTHS, height="content")
        st.markdown(sold.ranked_before(past))
        page.chart(charts.gains, past, key="gains", alt=sold.ranked_before(past))
    sold.statements(page)
page.foot(
    "How often known buyers order follows BG/NBD, Pareto/NBD or NBD, whichever the orders make "
    "likeliest; what an order is worth, Gamma-Gamma, or what was seen where that does not settle. "
    "Intervals hold what is not known of the parameters, of the buyers and of chance, if buyers go "
    "on as they did. Offers come of a conditional logit over all products on sale, with the "
    "recommender's taste where that made later orders likelier; first purchases of a hazard by "
    "four weeks on how people listened; mailings of an assumption that is yours.",
    card="sales",
)
