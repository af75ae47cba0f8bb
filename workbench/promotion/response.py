"""The closed formulas of the response model. Time is always the first axis.

streams = season * (level * release curve + retained(effect of saturated, adstocked spend))
"""

import numpy as np

NARROW = 2000  # numbers a week, below which the call of a step costs more than its arithmetic
GONE = 1e-18  # of a push: less than the rounding of what it is added to


def carried(fresh: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return what each week holds when a share of all before is carried on; `fresh` is used up.

    Parameters
    ----------
    fresh : what each week adds (weeks, ...). share : of one week, broadcasts against one week.

    Notes
    -----
    c[t] = fresh[t] + share * c[t - 1]. Narrow rows are added in doubling strides, so that a hundred
    weeks are seven steps: c = (1 + share L) (1 + share^2 L^2) (1 + share^4 L^4) ... fresh.
    """
    if fresh[:1].size > NARROW:
        for week in range(1, len(fresh)):
            fresh[week] += share * fresh[week - 1]
        return fresh
    stride, most = 1, float(np.max(share, initial=0.0))
    while stride < len(fresh) and most > GONE:
        fresh[stride:] += share * fresh[:-stride]
        stride, share, most = 2 * stride, share * share, most * most
    return fresh


def adstock(spend: np.ndarray, carry: np.ndarray) -> np.ndarray:
    """Return geometric adstock, normalised so that steady spend stays what it is.

    Parameters
    ----------
    spend : (weeks, ...). carry : share left after a week, broadcasts against one week.

    Notes
    -----
    a[t] = (1 - carry) * x[t] + carry * a[t - 1].
    """
    stock = np.empty(np.broadcast_shapes(spend.shape, (1, *np.shape(carry))), spend.dtype)
    np.multiply(spend, 1 - carry, out=stock)
    return carried(stock, carry)


def adstock_slope(spend: np.ndarray, stock: np.ndarray, carry: np.ndarray) -> np.ndarray:
    """Return the derivative of `adstock` by its carry, given its result."""
    slope = -spend.astype(stock.dtype)
    slope[1:] += stock[:-1]
    return carried(slope, carry)


def reached(x: np.ndarray, hill: bool) -> np.ndarray:
    """Return the share of a ceiling that x reaches, by one of two forms.

    Logistic, (1 - e^-x) / (1 + e^-x) = tanh(x / 2), or Hill's of slope 1, x / (1 + x), which is the
    same of y = log(1 + 2 x).
    """
    if hill:
        return x / (1 + x)
    return 1 - 2 / (np.exp(np.minimum(x, 80.0)) + 1)  # faster than tanh; 1 to the last digit there


def fade(minus: np.ndarray, hill: bool) -> np.ndarray:
    """Turn -x into e^-y in place: a share of 2 / (1 + e^-y) - 1 is `reached`."""
    if not hill:
        return np.exp(minus, out=minus)
    minus *= -2
    minus += 1
    return np.reciprocal(minus, out=minus)


def saturation(dose: np.ndarray, bend: np.ndarray, hill: bool = False) -> np.ndarray:
    """Return the saturation of a dose, 1 at a dose of 1."""
    return reached(bend * dose, hill) / reached(bend, hill)


def saturation_slopes(dose: np.ndarray, bend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the derivatives of the logistic `saturation` by dose and by bend."""
    top, unit = reached(bend * dose, False), reached(bend, False)
    steep = (1 - top**2) / (2 * unit)
    by_dose = bend * steep
    by_bend = dose * steep - top * ((1 - unit**2) / (2 * unit**2))
    return by_dose, by_bend


def retained(won: np.ndarray, kept: np.ndarray, stay: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return streams of won listeners and, of these, what earlier weeks left behind.

    Parameters
    ----------
    won : streams won in each week (weeks, ...). kept : share that stays on after its week.
    stay : share of those staying that is left after each further week.

    Notes
    -----
    r[t] = stay * (r[t - 1] + kept * won[t - 1]); the result is won + r.
    """
    rest = np.zeros(np.broadcast_shapes(won.shape, (1, *np.shape(stay))), won.dtype)
    np.multiply(won[:-1], stay * kept, out=rest[1:])
    rest = carried(rest, stay)
    return won + rest, rest


def retained_back(pull: np.ndarray, kept: np.ndarray, stay: np.ndarray) -> np.ndarray:
    """Return what one stream won in each week is worth: the transpose of `retained`.

    Parameters
    ----------
    pull : worth of a stream in each week (weeks, ...).
    """
    later = np.zeros_like(pull)
    np.multiply(pull[1:], stay, out=later[:-1])
    return pull + kept * carried(later[::-1], stay)[::-1]


def release_curve(
    age: np.ndarray, decay: np.ndarray, floor: np.ndarray, ramp: np.ndarray
) -> np.ndarray:
    """Return log size of a release by age: it is found, then decays towards a lasting share.

    Parameters
    ----------
    age : weeks since the release, >= 0. decay : weekly rate. floor : lasting share.
    ramp : weeks until it is found.
    """
    return np.log(-np.expm1(-(age + 1) / ramp)) + np.log((1 - floor) * np.exp(-decay * age) + floor)


def release_curve_slopes(
    age: np.ndarray, decay: np.ndarray, floor: np.ndarray, ramp: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the derivatives of `release_curve` by log decay, logit floor and log ramp."""
    fading = np.exp(-decay * age)
    size = (1 - floor) * fading + floor
    by_decay = -(1 - floor) * fading * age * decay / size
    by_floor = (1 - fading) * floor * (1 - floor) / size
    step = np.minimum((age + 1) / ramp, 50.0)  # found long ago: no slope is left
    by_ramp = -step / np.expm1(step)
    return by_decay, by_floor, by_ramp


def season_waves(weeks: np.ndarray, harmonics: int = 2) -> np.ndarray:
    """Return yearly sine and cosine at the middle of each week: (weeks, 2 * harmonics).

    Parameters
    ----------
    weeks : first days, datetime64[D].
    """
    middle = weeks.astype("datetime64[D]") + 3
    day = (middle - middle.astype("datetime64[Y]")).astype(float)
    angle = 2 * np.pi * day / 365.25
    waves = [wave(k * angle) for k in range(1, harmonics + 1) for wave in (np.sin, np.cos)]
    return np.stack(waves, axis=-1)
