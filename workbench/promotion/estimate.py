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
from workbench.promotion.search import TIMES, mode
from workbench.promotion.taken import taken

STARTS = ((0.0, 0.0), (-1.0, 1.0), (1.2, -0.8))  # carry and bend, in prior sd off its mean
STAGES, LEAST = 8, 150  # of proposals, at most; draws of each, at least
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

    def drawn_own(
        self, shared: np.ndarray, rng: np.random.Generator, tracks: np.ndarray | slice = slice(None)
    ) -> np.ndarray:
        """Return the tracks' own parameters drawn beside a draw of the shared ones (N, P)."""
        own = self.own[tracks]
        noise = rng.standard_normal(own.shape)
        own = own + self.own_slope[tracks] @ (shared - self.shared)
        return own + np.einsum("npq,nq->np", self.own_factor[tracks], noise)


def posterior(
    data: Observed,
    *,
    draws: int = 2000,
    tries: int = 1500,
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

    def started(number: int) -> None:
        progress(number, total, f"Looking for the best fit, start {number + 1} of {len(starts)}")

    shared, own, reached = _best_fit(data, at, pattern, starts, started)
    given_back = taken(data, at, pattern, shared, own)
    shared, own, _ = mode(data, at, pattern, shared, own, pull=given_back, times=0)
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
        modes=tuple(map(float, reached)),
        chains=walked,
    )


def _best_fit(
    data: Observed, at: Coordinates, pattern: Scatter, starts, report: Callable[[int], None]
) -> tuple[np.ndarray, np.ndarray, list[float]]:
    """Return the best mode, shared (Q,) and own (N, P), and the log posterior of each start."""
    shared, own, value, reached = at.mean.copy(), at.own_mean.copy(), -np.inf, []
    for number, steps in enumerate(starts):
        report(number)
        begin = shared.copy()
        for name, step in zip(("carry", "bend"), steps, strict=True):
            begin[at.at[name]] = (at.mean + step * at.sd)[at.at[name]]
        # songs were tried on all their hills by the first search; the others move channels
        found = mode(data, at, pattern, begin, own, times=0 if number else TIMES)
        reached.append(found[2])
        if found[2] > value:
            shared, own, value = found
    return shared, own, reached


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


def _weighted(log_target, cov: np.ndarray, tries: int, rng, report):
    """Return steps from the mode (tries, B), their normalised weights and Pareto-k.

    Proposals are drawn in stages, each placed by what all before it weigh, and every draw is
    weighted against the mixture of all (adaptive multiple importance sampling, Cornuet et al.
    2012): a direction that one proposal reaches too rarely another may reach.
    """
    size = len(cov)
    # the radius of a heavy tail varies too much in many dimensions: weights would die of it
    tail = max(6.0, 2.0 * size)
    wide = np.linalg.cholesky(cov)
    centre, factor = np.zeros(size), wide
    steps, values, laws = np.zeros((0, size)), np.zeros(0), []
    stages = min(STAGES, max(tries // LEAST, 1))
    for stage in range(stages):
        report(10 * stage // stages)
        count = tries * (stage + 1) // stages - tries * stage // stages
        normal = rng.standard_normal((count, size))
        radius = np.sqrt(tail / rng.chisquare(tail, count))
        fresh = centre + normal * radius[:, None] @ factor.T
        steps = np.concatenate([steps, fresh])
        values = np.concatenate([values, [log_target(one) for one in fresh]])
        laws.append((np.log(count), centre, np.linalg.inv(factor), np.log(np.diag(factor)).sum()))
        proposal = [
            many
            - (tail + size) / 2 * np.log1p((((steps - mid) @ inner.T) ** 2).sum(1) / tail)
            - log
            for many, mid, inner, log in laws
        ]
        weights, k = smoothed_weights(values - np.logaddexp.reduce(proposal))
        if effective_size(weights) > 4 * size:
            centre = weights @ steps
            apart = steps - centre
            # half the Laplace scale stays in, so that no direction is lost to few draws
            blend = 0.5 * (apart * weights[:, None]).T @ apart + 0.5 * wide @ wide.T
            factor = np.linalg.cholesky(blend)
    return steps, weights, k


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

    def log_target(step: np.ndarray) -> float:
        move = np.zeros(at.size)
        move[bent], move[rest] = step, follow @ step
        return along(move)

    steps, weights, k = _weighted(log_target, cov[np.ix_(bent, bent)], tries, rng, report)
    chosen = steps[resampled(weights, draws, rng)]
    spread = cov[np.ix_(rest, rest)] - follow @ cov[np.ix_(bent, rest)]
    noise = rng.standard_normal((draws, len(rest))) @ np.linalg.cholesky((spread + spread.T) / 2).T
    out = np.tile(shared, (draws, 1))
    out[:, bent] += chosen
    out[:, rest] += chosen @ follow.T + noise
    return out[rng.permutation(draws)], k, effective_size(weights)
