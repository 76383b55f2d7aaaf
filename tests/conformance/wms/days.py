"""Annexes C and D: the day as a dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.damages import dropped_all, first, half_dark, painted, refused, resized
from tests.conformance.wms import BOOK
from tests.conformance.wms.asking import (
    assert_map,
    assert_same,
    both,
    capabilities,
    corners,
    get_info,
    get_map,
)
from tests.conformance.wms.refusals import CODED, refuses
from tests.small_city.ground import CHANGE_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.answers import Answer, Service

#: Zone C, whose function changes on CHANGE_DAY.
_CHANGING = corners(1220, 20, 1580, 380)


def on(day: str | None, layers: str = "zones") -> Callable[[Service], Answer]:
    """Return a request for zone C on a day."""
    return get_map(LAYERS=layers, BBOX=_CHANGING, WIDTH="90", HEIGHT="90", TIME=day)


BEFORE, AFTER = "2020-06-15", CHANGE_DAY.isoformat()


def _differ(one: Answer, other: Answer) -> None:
    assert_map(one)
    assert_map(other)
    assert (one.pixels != other.pixels).any(axis=2).mean() > 0.5


def _alike(one: Answer, other: Answer) -> None:
    assert_same(one, other)


_SPOILT = (resized(), refused())


@BOOK.states("getmap.time.offered", capabilities, dropped_all("//wms:Dimension"))
def plans_have_days(answer: Answer) -> None:
    assert answer.find(
        "//wms:Layer[wms:Name='zones']/ancestor-or-self::wms:Layer/wms:Dimension[@name='time']"
    )


BOOK.demands("getmap.time.each-day", both(on(BEFORE), on(AFTER)), _differ, *_SPOILT)
BOOK.demands(
    "getmap.time.day-before",
    both(on(BEFORE), on("2020-12-31")),
    _alike,
    *_SPOILT,
    half_dark(),
    first(painted((1, 2, 3, 255))),
)
BOOK.demands("getmap.time.default", both(on(AFTER), on(None)), _alike, *_SPOILT, half_dark())
BOOK.demands("getmap.time.current", both(on(None), on("current")), _alike, *_SPOILT, half_dark())
BOOK.demands(
    "getmap.time.before-all",
    both(on("1990-01-01"), on(AFTER)),
    _differ,
    *_SPOILT,
)
BOOK.demands(
    "getmap.time.other-layer-too",
    both(on(BEFORE, "zones,water"), on(AFTER, "zones,water")),
    _differ,
    *_SPOILT,
)
for _name, _value in {
    "getmap.time.no-day": "2020-02-30",
    "getmap.time.no-date": "yesterday",
    "getmap.time.list": f"{BEFORE},{AFTER}",
    "getmap.time.interval": f"{BEFORE}/{AFTER}/P1D",
}.items():
    BOOK.demands(_name, on(_value), refuses("InvalidDimensionValue"), *CODED)

BOOK.demands(
    "getfeatureinfo.time.no-day",
    get_info(TIME="2020-02-30"),
    refuses("InvalidDimensionValue"),
    *CODED,
)
