"""The posterior of the response model: mode from several starts, Laplace, importance resampling."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.promotion.coordinates import Coordinates, coordinates
from workbench.promotion.exact import Chains, chains, whitened
from workbench.promotion.fisher import Arrow, information
from workbench.promotion.importance import effective_size, resampled, smoothed_weights
from workbench.promotion.observations import Observed, of_tracks
from workbench.promotion.posterior import Scatter, gradient, log_posterior, scatter
from workbench.promotion.search import mode
from workbench.promotion.taken import taken

STARTS = ((0.0, 0.0), (-1.0, 1.0), (1.2, -0.8))  # steps of carry and bend, in prior sd
FINE, ROUGH = 0.05, 2.0  # log units that a step may still gain where a search ends
NEAR = 5.0  # log units
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of the shared parameters and, given these, the normal law of each track's own.

    Attributes
    ----------
    at : layout and priors. shared : mode (Q,). own : mode (N, P).
    draws : (S, Q). own_factor : (N, P, P), lower. own_slope : (N, P, Q), own by shared.
    pareto_k, effective : of the importance weights; effective counts of `tried` proposals.
    modes : log posterior that each start reached. chains : of the exact sampler, if it was asked.
    """

    at: Coordinates
    shared: np.ndarray
    own: np.ndarray
    draws: np.ndarray
    own_factor: np.ndarray
    own_slope: np.ndarray
    pareto_k: float
    effective: float
    tried: int
    modes: tuple[float, ...]
    chains: Chains | None = None


def posterior(
    data: Observed,
    *,
    draws: int = 2000,
    tries: int = 2000,
    seed: int = 0,
    exact: bool = False,
    progress: Progress = lambda done, total, text: None,
) -> Posterior:
    """Return the posterior of the response model given weekly streams and spend.

    Parameters
    ----------
    draws : draws returned. tries : proposals weighted. seed : of all random numbers.
    exact : whether NUTS draws the shared parameters; the weights are then only told.
    progress : called with (steps done, steps in all, what is done).
    """
    at, pattern = coordinates(data), scatter(data)
    starts = STARTS if data.taught else STARTS[:1]
    total = len(starts) + 10
    shared, own, value, reached = at.mean.copy(), at.own_mean.copy(), -np.inf, []
    warm = own
    for number, (carry, bend) in enumerate(starts):
        progress(number, total, f"Looking for the best fit, start {number + 1} of {len(starts)}")
        begin = at.mean.copy()
        begin[at.at["carry"]] += carry * at.sd[at.at["carry"]]
        begin[at.at["bend"]] += bend * at.sd[at.at["bend"]]
        found = mode(data, at, pattern, begin, warm, close=ROUGH if number else FINE)
        if number and found[2] > value - NEAR:  # another hill that is as high is climbed to its top
            found = mode(data, at, pattern, *found[:2], close=FINE)
        reached.append(found[2])
        if found[2] > value:
            shared, own, value = found
        warm = own
    given_back = taken(data, at, pattern, shared, own)
    shared, own, _ = mode(data, at, pattern, shared, own, pull=given_back)
    arrow = information(data, at, pattern, shared, own)
    rng = np.random.default_rng(seed)

    def report(done: int) -> None:
        progress(len(starts) + done, total, "Weighing draws against the data")

    drawn, k, effective = _draws(data, at, (shared, own), arrow, draws, tries, rng, report)
    walked = None
    if exact:
        walked = chains(
            whitened(data, at, pattern, shared, own, arrow),
            seed=seed,
            progress=lambda done, of: progress(
                total - 1, total, f"Drawing exactly, step {done} of {of}"
            ),
        )
        pool = walked.draws.reshape(-1, at.size)
        drawn = pool[rng.permutation(len(pool))[np.arange(draws) % len(pool)]]
        effective = walked.effective
    return Posterior(
        at=at,
        shared=shared,
        own=own,
        draws=drawn,
        own_factor=np.linalg.cholesky((arrow.own_cov + arrow.own_cov.transpose(0, 2, 1)) / 2),
        own_slope=arrow.follow,
        pareto_k=k,
        effective=effective,
        tried=tries if data.taught else 0,
        modes=tuple(reached),
        chains=walked,
    )


@dataclass(frozen=True, eq=False)
class Target:
    """The log posterior along the best fit, as cheap as it can be had.

    Only tracks with spend or a test are evaluated; what all others say of the shared parameters
    enters by its second-order expansion at the mode, where it is exact.
    """

    data: Observed
    at: Coordinates
    pattern: Scatter
    shared: np.ndarray
    own: np.ndarray
    own_slope: np.ndarray
    pull: np.ndarray
    rest: np.ndarray

    def __call__(self, move: np.ndarray) -> float:
        """Return the log posterior at a step of the shared parameters from the mode (Q,)."""
        own = self.own + self.own_slope @ move
        here = log_posterior(self.data, self.at, self.pattern, self.shared + move, own)
        return here + float(self.pull @ move - 0.5 * move @ self.rest @ move)


def target(data: Observed, at: Coordinates, shared: np.ndarray, own: np.ndarray, arrow: Arrow):
    """Return the target of the importance weights at a mode."""
    funded = data.funded
    other = np.setdiff1d(np.arange(len(data.tracks)), funded)
    part = of_tracks(data, funded)
    layout = at.for_tracks(funded)
    pattern = scatter(part)
    _, by_shared, by_own = gradient(part, layout, pattern, shared, own[funded])
    slope = arrow.follow
    # at the mode all tracks together pull nowhere, so the others pull against these
    pull = -(by_shared + np.einsum("np,npq->q", by_own, slope[funded]))
    funded_only = information(part, layout, pattern, shared, own[funded])
    rest = arrow.shared - funded_only.shared
    rest = rest + np.einsum("npq,npr->qr", arrow.cross[other], slope[other], optimize=True)
    return Target(part, layout, pattern, shared, own[funded], slope[funded], pull, rest)


def _draws(data, at, best, arrow: Arrow, draws, tries, rng, report):
    """Return draws of the shared parameters (draws, Q), Pareto-k and the effective size.

    Only the parameters that bend (adstock, saturation, effect, retention) are weighted; all others
    follow them along the best fit, which is linear in the Laplace approximation.
    """
    shared, own = best
    cov = arrow.shared_cov
    bent = at.nonlinear
    rest = np.setdiff1d(np.arange(at.size), bent)
    if not data.taught:
        factor = np.linalg.cholesky(cov)
        return shared + rng.standard_normal((draws, at.size)) @ factor.T, float("nan"), float(draws)
    along = target(data, at, shared, own, arrow)
    follow = np.linalg.solve(cov[np.ix_(bent, bent)], cov[np.ix_(bent, rest)]).T
    # the radius of a heavy tail varies too much in many dimensions: weights would die of it
    tail = max(6.0, 2.0 * len(bent))
    centre, factor = np.zeros(len(bent)), np.linalg.cholesky(cov[np.ix_(bent, bent)])
    for attempt, count in enumerate((tries // 4, tries)):
        normal = rng.standard_normal((count, len(bent)))
        wide = np.sqrt(tail / rng.chisquare(tail, count))
        standard = normal * wide[:, None]
        steps = centre + standard @ factor.T
        log_proposal = -(tail + len(bent)) / 2 * np.log1p((standard**2).sum(1) / tail)
        log_target = np.empty(count)
        for one in range(count):
            if one % 250 == 0:
                report(1 + 9 * one // count if attempt else 0)
            move = np.zeros(at.size)
            move[bent], move[rest] = steps[one], follow @ steps[one]
            log_target[one] = along(move)
        weights, k = smoothed_weights(log_target - log_proposal)
        if attempt == 0 and effective_size(weights) > 4 * len(bent):
            centre = weights @ steps
            apart = steps - centre
            # half the Laplace scale stays in, so that no direction is lost to few draws
            blend = 0.5 * (apart * weights[:, None]).T @ apart + 0.5 * factor @ factor.T
            factor = np.linalg.cholesky(blend)
    chosen = steps[resampled(weights, draws, rng)]
    spread = cov[np.ix_(rest, rest)] - follow @ cov[np.ix_(bent, rest)]
    noise = rng.standard_normal((draws, len(rest))) @ np.linalg.cholesky((spread + spread.T) / 2).T
    out = np.tile(shared, (draws, 1))
    out[:, bent] += chosen
    out[:, rest] += chosen @ follow.T + noise
    return out[rng.permutation(draws)], k, effective_size(weights)
