"""What the checks of the promotion model say, in words and tables."""

import polars as pl

from workbench.charts.promotion import spoken
from workbench.promotion.checks import MIXED, Checks, Health
from workbench.promotion.doubts import AND
from workbench.promotion.limits import TRUSTED_K
from workbench.ui.page import Headline
from workbench.ui.plan_warnings import worded
from workbench.ui.plan_words import in_words
from workbench.ui.tables import PERCENT, column, readable
from workbench.ui.text import escaped, percent

FEW = 5  # events that are named
FAIR = (0.85, 0.95)  # coverage of 90 % intervals that is called about right
WAPE = "What was off, over the streams that came: 0 is right, 100 % is all of it"
ERRORS = {
    "name": column.TextColumn("Weeks", pinned=True),
    "weeks": column.NumberColumn("Songs × weeks", format="localized"),
    "tracks": column.NumberColumn("Songs", format="localized"),
    "model": column.NumberColumn("Model off by", format=PERCENT, help=WAPE),
    "without": column.NumberColumn(
        "Without promotion", format=PERCENT, help="The same release curves and season, no spend"
    ),
    "naive": column.NumberColumn(
        "A year before", format=PERCENT, help="The same week a year before, else as last known"
    ),
    "bias": column.NumberColumn(
        "Too high by", format=PERCENT, help="All that was told over all that came; below 0: too low"
    ),
    "covered": column.NumberColumn("Inside 90 %", format=PERCENT),
}
BELIEFS = {
    "channel": column.TextColumn("Channel", pinned=True),
    "parameter": column.TextColumn("Parameter"),
    "prior_low": column.NumberColumn("Before, 5 %", format="%.3g"),
    "prior_median": column.NumberColumn("Before", format="%.3g"),
    "prior_high": column.NumberColumn("Before, 95 %", format="%.3g"),
    "low": column.NumberColumn("After, 5 %", format="%.3g"),
    "median": column.NumberColumn("After", format="%.3g"),
    "high": column.NumberColumn("After, 95 %", format="%.3g"),
    "narrower": column.NumberColumn(
        "Narrower by", format=PERCENT, help="How much of the prior's spread the data took away"
    ),
    "prior_own": column.CheckboxColumn("Your own prior"),
}
EVENTS = {
    "kind": column.TextColumn("Kind of event", pinned=True),
    "events": column.NumberColumn("Events seen", format="localized"),
    "weeks": column.NumberColumn("Songs × weeks", format="localized"),
    "prior_low": None, "prior_median": None, "prior_high": None,
    "low": column.NumberColumn("At least (5 %)", format="%.2f"),
    "median": column.NumberColumn(
        "Times the own streams", format="%.2f", help="Of a song, in a week that the event fills"
    ),
    "high": column.NumberColumn("At most (95 %)", format="%.2f"),
    "narrower": BELIEFS["narrower"],
    "prior_own": BELIEFS["prior_own"],
}  # fmt: skip
RESIDUALS = {
    "cell": column.TextColumn("Territory", pinned=True),
    "weeks": column.NumberColumn("Songs × weeks", format="localized"),
    "mean": column.NumberColumn("Off on average", format=PERCENT, help="Of log streams"),
    "spread": column.NumberColumn("Scatter", format=PERCENT),
    "memory": column.NumberColumn("As the week before", format="%.2f", help="Correlation"),
    "left": column.NumberColumn(
        "The same, left over", format="%.2f",
        help="Once what the model expects to last is taken out; near 0 if it is right",
    ),
}  # fmt: skip
DOUBTS = "Channels whose spend moved in ways that no model could learn from."
ORDER = {"all": 0, "horizon": 1, "promoted": 2, "channel": 3}  # of the errors of held weeks
NAMES = {"effect": "streams of a usual week", "carry": "left a week later", "bend": "bend"}


def strip(checks: Checks, health: Health) -> list[Headline]:
    """Return the numbers that answer first."""
    out = []
    if checks.errors.height:
        held = checks.errors.row(0, named=True)
        felt = promoted(checks)
        of = "with promotion" if felt else f"last {checks.weeks} weeks"
        judged = felt or held
        out += [
            Headline(f"Off, {of}", percent(judged["model"], 1),
                     note=f"{percent(judged['without'], 1)} without promotion, "
                     f"{percent(judged['naive'], 1)} as a year before",
                     help=f"{WAPE}. Of {judged['weeks']:,} weeks of {judged['tracks']} songs, held "
                     "out."),
            Headline("Held weeks inside 90 %", percent(held["covered"]),
                     note=f"of {held['weeks']:,} weeks of {held['tracks']} songs"),
        ]  # fmt: skip
    inside = checks.inside.row(0, named=True)
    out.append(
        Headline("Seen weeks inside 90 %", percent(inside["inside_90"]),
                 note=f"{percent(inside['inside_50'])} inside 50 %",
                 help=f"{inside['weeks']:,} weeks of songs, among weeks drawn from the model.")
    )  # fmt: skip
    fit, note = ("sound" if health.trusted else "in doubt"), "by the exact sampler"
    if not health.tried:
        fit, note = "–", "no draws to weigh"
    elif health.r_hat is None:
        k = "unknown" if health.pareto_k is None else f"{health.pareto_k:.2f}"
        note = f"Pareto-k {k}, trusted to {TRUSTED_K}"
    out.append(Headline("The fit", fit, note=note, help=health_words(health)))
    subjects = health.doubts.select(pl.col("subject").str.split(AND), "kind")
    alone = pl.when(pl.col("kind") == "with_event").then(pl.col("subject").list.head(1))
    several = subjects.select(alone.otherwise("subject")).explode("subject")["subject"].n_unique()
    out.append(Headline("Channels in doubt", str(several), note="see below", help=DOUBTS))
    return out


def promoted(checks: Checks) -> dict | None:
    """Return the errors of the held weeks in which promotion was felt; None where it never was."""
    rows = checks.errors.filter(name="with promotion").to_dicts()
    return rows[0] if rows else None


def finding(checks: Checks, health: Health) -> str:
    """Return the answer in a few sentences, judged by the held weeks with promotion."""
    if not checks.errors.height:
        return (
            "**Not proven.** The label has too few weeks to hold any out. "
            + health_words(health)
        )  # fmt: skip
    held, felt = checks.errors.row(0, named=True), promoted(checks)
    fair = FAIR[0] <= held["covered"] <= FAIR[1]
    width = "about right" if fair else "too narrow" if held["covered"] < FAIR[0] else "too wide"
    whole = (
        f"All {held['weeks']:,} came out {_off(held)}; {percent(held['covered'])} of them lay in "
        f"their 90 % intervals, which are {width}. {health_words(health)}"
    )
    if felt is None:
        return (
            f"**Not proven.** Promotion was felt in none of the {held['weeks']:,} weeks of songs "
            f"among the last {checks.weeks} weeks, so that they do not tell what it does. {whole}"
        )
    sound = fair and health.trusted and health.doubts.is_empty()
    if felt["model"] > 1.05 * min(felt["without"], felt["naive"]):
        verdict = "No."
    else:
        verdict = "Yes." if sound and felt["model"] < felt["without"] else "In part."
    return (
        f"**{verdict}** Promotion was felt in {felt['weeks']:,} of {held['weeks']:,} weeks of "
        f"songs among the last {checks.weeks} weeks. Told from all before them, these came out "
        f"{_off(felt)}. {whole}"
    )


def _off(row: dict) -> str:
    return (
        f"{percent(row['model'], 1)} off, against {percent(row['without'], 1)} by the model "
        f"without promotion and {percent(row['naive'], 1)} as a year before"
    )


def health_words(health: Health) -> str:
    """Return in a sentence whether the fit may be relied on."""
    if health.own_model:
        return (
            "Channels are draws of your own model, which is to be checked where it was made; weeks "
            "were held out from the fit that the workbench makes itself."
        )
    if not health.tried:
        return "No campaign teaches the channels: they stand on published figures alone."
    agree = f"{health.agreeing} of {health.starts} starts of the search reached the best fit"
    worth = f"{health.effective:,.0f} of {health.tried:,} weighted draws count"
    trust = "can be trusted" if health.trusted else "cannot be trusted fully"
    if health.r_hat is not None:
        return (
            f"The fit itself {trust}: drawn by the exact sampler, R-hat {health.r_hat:.2f} (limit "
            f"{MIXED}), {health.effective:,.0f} independent draws, {agree}."
        )
    k = "unknown" if health.pareto_k is None else f"{health.pareto_k:.2f}"
    return f"The fit itself {trust}: Pareto-k {k} (limit {TRUSTED_K}), {worth}, {agree}."


def doubt_words(health: Health) -> list[str]:
    """Return what spend cannot tell apart, a sentence each."""
    return [worded(row) for row in health.doubts.to_dicts()]


def errors(checks: Checks) -> pl.DataFrame:
    """Return errors by horizon and channel as shown."""
    channel = pl.col("kind") == "channel"
    names = [spoken(name) for name in checks.errors["name"]]
    frame = checks.errors.with_columns(
        name=pl.when(channel).then(pl.Series(names, dtype=pl.String)).otherwise("name")
    )
    order = pl.col("kind").replace_strict(ORDER, return_dtype=pl.Int64)
    return readable(frame.sort(order, "place", "name").select(list(ERRORS)), ERRORS)


def beliefs(health: Health) -> pl.DataFrame:
    """Return prior against posterior as shown."""
    frame = in_words(health.beliefs).with_columns(pl.col("parameter").replace(NAMES))
    return readable(frame.select(list(BELIEFS)), BELIEFS)


def residuals(checks: Checks) -> pl.DataFrame:
    """Return residuals by territory as shown."""
    return readable(checks.residual_cells.fill_nan(None), RESIDUALS)


def events(health: Health) -> str:
    """Return what events do, and which count for nothing, in sentences."""
    told = [
        f"{escaped(row['kind'])} {row['median']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
        if row["weeks"]
        else f"{escaped(row['kind'])} was never seen, so that its effect is the prior's"
        for row in health.events.to_dicts()
    ]
    out = "No event on file can be used."
    if told:
        out = f"Times a song's own streams in a week that it fills, 90 %: {'; '.join(told)}."
    lost = health.events_left_out.to_dicts()
    if lost:
        shown = "; ".join(f"{escaped(row['name'])} {row['left_out']}" for row in lost[:FEW])
        more = f" and {len(lost) - FEW:,} more" if len(lost) > FEW else ""
        out += f" Left out: {shown}{more}."
    return out


def narrowed(health: Health) -> str:
    """Return which effects the data taught, in a sentence."""
    effects = health.beliefs.filter(parameter="effect").sort("narrower", "channel")
    if effects.is_empty():
        return ""
    least, most = effects.row(0, named=True), effects.row(-1, named=True)
    return (
        f"The data took {percent(most['narrower'])} of the prior's spread away for "
        f"{escaped(spoken(most['channel']))} and {percent(least['narrower'])} for "
        f"{escaped(spoken(least['channel']))}: the less, the more is still the prior's word."
    )
