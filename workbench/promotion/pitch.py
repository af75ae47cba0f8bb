"""What a place on a playlist would bring, if a pitch were taken: an outcome that a plan assumes."""

import zlib

import numpy as np

from workbench.promotion.draws import Scene
from workbench.promotion.places import share_listening
from workbench.promotion.plan import Plan


def listed(one: Scene, plan: Plan, zero: int) -> np.ndarray:
    """Return streams of the list that a plan pitches to (T, S), from the release on.

    A follower of a large list listens more than one of a small list does, see the priors. On a
    draw the pitch is taken or not, by its chance: the same draws in every plan, so that a plan with
    a better chance is never worse.

    Parameters
    ----------
    zero : week of the window from which the plan counts.
    """
    streams = np.zeros((len(one.weeks), len(one.playlist_rate)), np.float32)
    if plan.pitch is None:
        return streams
    followers, weeks, chance = plan.pitch
    seed = zlib.crc32(f"pitch|{plan.track_id}|{plan.artist_id}|{plan.artist}".encode())
    taken = np.random.default_rng(seed).random(len(one.playlist_rate)) < chance
    week = 7 * followers * float(share_listening(followers))
    streams[max(zero, 0) : max(zero + weeks, 0)] = week * one.playlist_rate * taken
    return streams
