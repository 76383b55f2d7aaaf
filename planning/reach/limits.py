"""The limits of a norm for many places, from what is known of the circumstances of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from planning.norms.circumstances import EVERY, REASONS, span
from planning.reach.records import Limits

if TYPE_CHECKING:
    from planning.norms.circumstances import Circumstances
    from planning.norms.radii import Service


def limits_of(service: Service, places: Circumstances) -> Limits:
    """Return how far a norm lets each place lie. Raises ValueError if it names no distance."""
    measured = {one.measured for one in service.distances}
    if len(measured) != 1:
        raise ValueError(f"{service.id} names no distance, or several ways to measure it")
    # What holds in one place holds in all of the same circumstance: there are few of them.
    codes, row = np.unique(places.code, return_inverse=True)
    spans = [span(service, EVERY[code]) for code in codes.tolist()]
    strictest = np.array([np.nan if s.strictest_m is None else s.strictest_m for s in spans])
    laxest = np.array([np.nan if s.laxest_m is None else s.laxest_m for s in spans])
    reason = [REASONS.index(s.reason) if s.reason else -1 for s in spans]
    return Limits(
        norm=service.id,
        strictest_m=strictest.astype(float)[row],
        laxest_m=laxest.astype(float)[row],
        holds=np.array([s.holds for s in spans], dtype=bool)[row],
        reason=np.array(reason, dtype=np.int8)[row],
        reasons=REASONS,
        measured=cast("Literal['straight', 'walk']", measured.pop()),
    )
