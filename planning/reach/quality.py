"""What looks wrong in a network. Nothing is mended: whoever sent it is told where to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planning.reach.records import Quality

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planning.reach.records import Network


def quality_of(network: Network, left_out: Mapping[str, int]) -> Quality:
    """Return the report of a network; `left_out` is counted already, by what it is."""
    degree = np.bincount(
        np.concatenate([network.tail, network.head]).astype(np.intp), minlength=network.nodes
    )
    counts = {
        **left_out,
        "dead_ends": int((degree == 1).sum()),
        "parts": len(network.part_length_m),
        "loops": int((network.tail == network.head).sum()),
        "zero_lengths": int((network.length_m == 0).sum()),
    }
    return Quality(
        counts=counts,
        metres={"streets": float(network.length_m.sum())},
        issues=(),
        is_cut=False,
    )
