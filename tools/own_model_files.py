"""Fit two small models with PyMC-Marketing and Meridian and save what they save, for the tests.

Run in environments of their own, for the workbench needs neither:

    pip install pymc-marketing==0.19.2 h5netcdf && python tools/own_model_files.py pymc FOLDER
    pip install google-meridian==2.1.0 h5netcdf && python tools/own_model_files.py meridian FOLDER

The data are drawn here: two channels, forty weeks. Kept of the posterior are the draws and the
contributions of the channels; all that is kept is as those packages have it.
"""

import sys
from pathlib import Path

import numpy as np

WEEKS, CHAINS, DRAWS = 40, 2, 60
KEPT = {
    "pymc": ["adstock_alpha", "saturation_lam", "saturation_beta", "channel_contribution"],
    "meridian": ["alpha_m", "ec_m", "slope_m", "beta_gm", "knot_values"],
}


def drawn():
    """Return weeks, spend (T, 2) and streams (T,) of a made-up song."""
    rng = np.random.default_rng(7)
    weeks = np.datetime64("2024-01-05") + 7 * np.arange(WEEKS)
    spend = rng.gamma(2.0, 150.0, (WEEKS, 2)).round(2) * (rng.random((WEEKS, 2)) < 0.8)
    stock = np.zeros_like(spend)
    for week in range(WEEKS):
        stock[week] = 0.6 * spend[week] + (0.4 * stock[week - 1] if week else 0)
    won = 4000 * np.tanh(stock[:, 0] / 500) + 2500 * np.tanh(stock[:, 1] / 300)
    return weeks, spend, np.round(9000 + won + rng.normal(0, 300, WEEKS))


def table():
    """Return the same as the frame that both packages take."""
    import pandas as pd  # noqa: TID251 - both packages take nothing else

    weeks, spend, streams = drawn()
    frame = pd.DataFrame({"date": weeks, "meta": spend[:, 0], "radio": spend[:, 1]})
    return frame.assign(streams=streams)


def pymc(folder: Path) -> None:
    """Fit PyMC-Marketing's default model and save it."""
    import arviz as az
    from pymc_marketing.mmm import GeometricAdstock, LogisticSaturation
    from pymc_marketing.mmm.multidimensional import MMM

    frame = table()
    model = MMM(
        date_column="date",
        channel_columns=["meta", "radio"],
        target_column="streams",
        adstock=GeometricAdstock(l_max=8),
        saturation=LogisticSaturation(),
    )
    model.fit(
        frame.drop(columns="streams"), frame["streams"], chains=CHAINS, draws=DRAWS, tune=300,
        cores=1, random_seed=1, progressbar=False,
    )  # fmt: skip
    whole = folder / "whole.nc"
    model.save(str(whole))
    found = az.from_netcdf(whole)
    found.posterior = found.posterior[KEPT["pymc"]]
    del found.sample_stats, found.fit_data, found.observed_data
    found.to_netcdf(str(folder / "pymc_marketing.nc"), engine="h5netcdf")
    whole.unlink()


def meridian(folder: Path) -> None:
    """Fit Meridian's default national model and save it as docs/formats.md says."""
    import xarray as xr
    from meridian.analysis import analyzer
    from meridian.data import data_frame_input_data_builder as builder
    from meridian.model import model, spec

    frame = table()
    frame["time"] = frame["date"].dt.strftime("%Y-%m-%d")
    for name in ("meta", "radio"):
        frame[f"{name}_shown"] = 30 * frame[name]
    made = builder.DataFrameInputDataBuilder(kpi_type="non_revenue")
    made = made.with_kpi(frame, kpi_col="streams", time_col="time")
    made = made.with_media(
        frame, media_cols=["meta_shown", "radio_shown"], media_spend_cols=["meta", "radio"],
        media_channels=["meta", "radio"], time_col="time",
    )  # fmt: skip
    mmm = model.Meridian(input_data=made.build(), model_spec=spec.ModelSpec(knots=4, max_lag=8))
    mmm.sample_posterior(n_chains=CHAINS, n_adapt=100, n_burnin=100, n_keep=DRAWS, seed=1)
    found = mmm.inference_data
    media = np.asarray(mmm.input_data.media)[0]
    spend = np.asarray(mmm.input_data.media_spend)[0]
    cost = spend.sum(0) / media.sum(0)
    scale = np.array([np.median(one[one > 0]) for one in media.T]) * cost
    target = float(np.std(np.asarray(mmm.input_data.kpi)))
    won = np.asarray(
        analyzer.Analyzer(mmm).incremental_outcome(use_kpi=True, aggregate_times=False)
    )
    found.add_groups(
        constant_data=xr.Dataset(
            {
                "channel_data": (("date", "channel"), media * cost),
                "channel_scale": ("channel", scale),
                "target_scale": target,
                "l_max": 9,
            },
            coords={"date": found.posterior["time"].values},
        )
    )
    found.posterior["channel_contribution"] = (
        ("chain", "draw", "time", "media_channel"),
        won / target,
    )
    found.posterior = found.posterior[[*KEPT["meridian"], "channel_contribution"]]
    for group in [one for one in found.groups() if one not in ("posterior", "constant_data")]:
        del found[group]
    found.to_netcdf(str(folder / "meridian.nc"), engine="h5netcdf")


if __name__ == "__main__":
    {"pymc": pymc, "meridian": meridian}[sys.argv[1]](Path(sys.argv[2]))
