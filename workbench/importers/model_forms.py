"""The forms of other people's models that are ours, and the proof that a file has one of them.

A file holds what its channels brought by its own reckoning. The same must come out of its draws by
the formula of the form; a model with any part changed is found out so.
"""

from dataclasses import dataclass

import numpy as np

from workbench.errors import BadInput
from workbench.importers.hdf import Arrays

CHECKED = 24  # draws
ROUNDING = 1e-6  # of the largest contribution
SPEND, WON = "constant_data/channel_data", "posterior/channel_contribution"


@dataclass(frozen=True)
class Form:
    """A form of model that is ours, by the names of its parameters.

    Attributes
    ----------
    who : saves it so. kind : of saturation, as `channel_draws` has it. adstock, bend, height :
        names; bend is lam, or the dose of half the height. channels : the axis of channels.
    """

    who: str
    kind: str
    adstock: str
    bend: str
    height: str
    channels: str

    def won(self, spend: np.ndarray, at: np.ndarray, window: int) -> np.ndarray:
        """Return streams by week and channel (T, C) of scaled spend, over the outcome's scale.

        Parameters
        ----------
        at : adstock, bend and height of one draw (3, C). window : weeks that spend works.
        """
        carry, bend, height = at
        weights = carry ** np.arange(window)[:, None]
        weights /= weights.sum(0)
        stock = np.zeros_like(spend)
        for lag, weight in enumerate(weights[: len(spend)]):
            stock[lag:] += weight * spend[: len(spend) - lag]
        if self.kind == "logistic":
            return height * np.tanh(bend * stock / 2)
        return height * stock / (stock + bend)


FORMS = (
    Form("PyMC-Marketing", "logistic", "adstock_alpha", "saturation_lam", "saturation_beta",
         "channel"),
    Form("PyMC-Marketing", "michaelis_menten", "adstock_alpha", "saturation_lam",
         "saturation_alpha", "channel"),
    Form("Meridian", "michaelis_menten", "alpha_m", "ec_m", "beta_gm", "media_channel"),
)  # fmt: skip


def proved(held: Arrays, form: Form, values: np.ndarray, scale: np.ndarray, window: int) -> str:
    """Say that the file's own contributions come out of its draws, or refuse it."""
    if not (held.has(WON) and held.has(SPEND)):
        return "the file holds no contributions of its own, so that its form was not checked"
    chains, draws, *rest = held.shape(WON)
    if chains * draws != values.shape[1] or rest != list(held.shape(SPEND)) or len(rest) != 2:
        raise BadInput(f"{held.file}: its contributions are not by draw, week and channel.")
    spend = held.numbers(SPEND) / scale
    error, largest = 0.0, 1e-300
    for one in np.linspace(0, values.shape[1] - 1, CHECKED).astype(int):
        own = held.numbers(WON, (int(one) // draws, int(one) % draws))
        error = max(error, float(np.abs(own - form.won(spend, values[:, one], window)).max()))
        largest = max(largest, float(np.abs(own).max()))
    if not error <= max(ROUNDING, 20 * held.precision(WON)) * largest:
        raise BadInput(
            f"{held.file}: by {form.who}'s usual form its draws bring other contributions than the "
            f"file has, by up to {error / largest:.2g} of the largest. A part of the model was "
            "changed; only its usual form is read."
        )
    return f"its own contributions come out of its draws, to {error / largest:.0e} of the largest"
