"""Reading the texts in which plans state their indicators."""

from __future__ import annotations

import re
from typing import NamedTuple

# Digits as on a Vietnamese keyboard: the client reads the same texts and must agree.
_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_RANGE = re.compile(rf"^(?:từ\s*)?({_NUMBER})\s*(?:-|–|÷|đến)\s*({_NUMBER})$")
_AT_MOST = re.compile(rf"^(?:<=|≤|<|tối đa)\s*({_NUMBER})$")
_AT_LEAST = re.compile(rf"^(?:>=|≥|>|tối thiểu)\s*({_NUMBER})$")
_EXACT = re.compile(rf"^({_NUMBER})$")


class Bounds(NamedTuple):
    """What an indicator allows; None means that this side is not bounded or not understood."""

    low: float | None
    high: float | None


UNREAD = Bounds(None, None)


def parse_bounds(text: str) -> Bounds:
    """Return the bounds that an indicator text states, UNREAD where we cannot tell.

    Decimal commas and points are both read; a per-cent sign or "tầng" (storeys) is ignored.

    >>> parse_bounds("40-60"), parse_bounds("<= 12"), parse_bounds("1,2")
    (Bounds(low=40.0, high=60.0), Bounds(low=None, high=12.0), Bounds(low=1.2, high=1.2))
    """
    plain = re.sub(r"%|tầng|lần", "", text.casefold()).strip()
    if found := _RANGE.match(plain):
        low, high = _number(found[1]), _number(found[2])
        return Bounds(low, high) if low <= high else UNREAD
    if found := _AT_MOST.match(plain):
        return Bounds(None, _number(found[1]))
    if found := _AT_LEAST.match(plain):
        return Bounds(_number(found[1]), None)
    if found := _EXACT.match(plain):
        return Bounds(_number(found[1]), _number(found[1]))
    return UNREAD


def bounds_of(density: str, storeys: str, floor_area_ratio: str) -> dict[str, float | None]:
    """Return the fields of a zone that hold what its indicator texts state.

    >>> bounds_of("40-60", "", "")["density_max"]
    60.0
    """
    texts = {"density": density, "storeys": storeys, "floor_area_ratio": floor_area_ratio}
    read = {name: parse_bounds(text) for name, text in texts.items()}
    return {
        f"{name}_{side}": bound
        for name, bounds in read.items()
        for side, bound in (("min", bounds.low), ("max", bounds.high))
    }


def _number(text: str) -> float:
    return float(text.replace(",", "."))
