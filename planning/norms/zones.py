"""What one zone alone shows of a norm.

Norms of density and floor-area ratio hold by the lot, and limits fall as lots grow. A zone of a
detailed plan is a lot. Of any other zone we know only that none of its lots is larger than itself:
what is allowed on one lot of the zone's size is allowed on all of them, the reverse is not known.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from planning.norms.records import Doubt, Finding, Indicator, Norm, State, Subject
from planning.norms.table import (
    APARTMENTS,
    DETACHED,
    PUBLIC_SERVICES,
    SCALE,
    Apartments,
    DetachedHouses,
    new_and_existing,
    scales_of,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

# Which norm speaks of which function of TT 16/2025 is our own reading of the names.
HOUSING = "DAT_O_Nhomnhao"
VILLAGE = "DAT_O_Langxom"
HOUSES = frozenset({HOUSING, VILLAGE})
#: Where apartments, services or mixed high-rise buildings may stand.
HIGH_RISE = frozenset({HOUSING, "DAT_O_Honhop_Nhomo", "DAT_Dichvu"})
PUBLIC = frozenset(
    {
        "DAT_HTXH_Yte",
        "DAT_HTXH_Vanhoa",
        "DAT_HTXH_Theducthethao",
        "DAT_HTXH_TruongTHPT",
        "DAT_HTXH_Truonghoc",
    }
)
#: The row of SCALE that speaks of a level of plan.
_SCALE_KEYS = {
    "general": "general plan urban",
    "zoning": "zoning plan",
    "detailed": "detailed plan",
}
_DECIDED = {DETACHED, PUBLIC_SERVICES, APARTMENTS, SCALE}


class Book:
    """The table of norms as it stands on a day, made once for all zones of a plan.

    Norms that have ended stay in it, so that a zone is told that they have. Public: `check`.
    """

    def __init__(self, norms: Sequence[Norm], *, on: dt.date) -> None:
        by_topic: dict[str, tuple[Norm, ...]] = defaultdict(tuple)
        for norm in norms:
            by_topic[norm.topic] += (norm,)
        self._on = on
        self._detached = DetachedHouses(by_topic[DETACHED])
        self._apartments = Apartments(by_topic[APARTMENTS])
        self._services = by_topic[PUBLIC_SERVICES]

    def check(self, zone: Subject) -> list[Finding]:
        """Hold a zone against every norm that speaks of zones with its function."""
        findings: list[Finding] = []
        if zone.function in HOUSES and self._detached.rows:
            row = self._detached.row_for(zone.area_m2)
            findings += [
                _density_of_houses(zone, self._detached, row, self._on),
                _ratio_of_houses(zone, self._detached, row, self._on),
            ]
        if zone.function in PUBLIC:
            findings += [_density_of_services(zone, row, self._on) for row in self._services]
        if zone.function in HIGH_RISE and self._apartments.rows:
            findings.append(_ratio_of_high_rise(zone, self._apartments, self._on))
        return findings


def not_decided_by_a_zone(norms: Iterable[Norm]) -> list[Norm]:
    """Return the norms that speak of sums over a plan, of networks, or of what zones do not say."""
    return [norm for norm in norms if norm.topic not in _DECIDED]


def check_scale(level: str, scale: int, norms: Sequence[Norm], *, on: dt.date) -> list[Finding]:
    """Hold the scale of a plan against the norm of its level."""
    return [
        Finding(
            uid="",
            indicator=Indicator.SCALE,
            state=State.MET if scale in scales_of(norm) else State.NOT_MET,
            norm=norm,
            said="scale",
            values={"stated": scale},
        )
        for norm in norms
        if norm.topic == SCALE and norm.key == _SCALE_KEYS.get(level) and norm.holds_on(on)
    ]


def _density_of_houses(zone: Subject, table: DetachedHouses, row: Norm, on: dt.date) -> Finding:
    limit = table.limit(zone.area_m2)
    small_m2, small_share = table.small_lot

    def judge(density: float) -> _Verdict:
        if density <= limit:
            return State.MET, None
        if density > small_share:
            return State.NOT_MET, None
        if not zone.is_lot:
            return State.NOT_CHECKED, Doubt.LOTS_UNKNOWN
        if zone.area_m2 <= small_m2:
            return State.NOT_CHECKED, Doubt.EXISTING_UNKNOWN
        if zone.function == HOUSING:
            return State.NOT_CHECKED, Doubt.BUILDING_UNKNOWN
        return State.NOT_MET, None

    values = {"lot": zone.area_m2, "limit": limit}
    return _held(_Question(zone, Indicator.DENSITY, "density_of_houses", values), row, on, judge)


def _ratio_of_houses(zone: Subject, table: DetachedHouses, row: Norm, on: dt.date) -> Finding:
    limit = table.floor_area_ratio

    def judge(ratio: float) -> _Verdict:
        if ratio <= limit:
            return State.MET, None
        if zone.function == HOUSING:
            # Apartments are houses of the same function, and have a table of their own.
            return State.NOT_CHECKED, Doubt.BUILDING_UNKNOWN
        return State.NOT_MET, None

    asked = _Question(zone, Indicator.FLOOR_AREA_RATIO, "ratio_of_houses", {"limit": limit})
    return _held(asked, row, on, judge)


def _density_of_services(zone: Subject, row: Norm, on: dt.date) -> Finding:
    new, existing = new_and_existing(row)

    def judge(density: float) -> _Verdict:
        if density <= new:
            return State.MET, None
        if density > existing:
            return State.NOT_MET, None
        return State.NOT_CHECKED, Doubt.EXISTING_UNKNOWN

    values = {"limit": new, "existing": existing}
    return _held(_Question(zone, Indicator.DENSITY, "density_of_services", values), row, on, judge)


def _ratio_of_high_rise(zone: Subject, table: Apartments, on: dt.date) -> Finding:
    """Hold the ratio against the limits of the lowest and the highest buildings.

    Plans state storeys; the norm goes by metres, and nothing says how high a storey is.
    """
    lowest = table.lowest(zone.area_m2)
    highest = table.highest(zone.area_m2 if zone.is_lot else table.smallest_lot_m2)

    def judge(ratio: float) -> _Verdict:
        if ratio <= lowest:
            return State.MET, None
        if ratio > highest:
            return State.NOT_MET, None
        return State.NOT_CHECKED, Doubt.HEIGHT_UNKNOWN

    values = {"lot": zone.area_m2, "lowest": lowest, "limit": highest}
    asked = _Question(zone, Indicator.FLOOR_AREA_RATIO, "ratio_of_high_rise", values)
    return _held(asked, table.row_for(zone.area_m2), on, judge)


_Verdict = tuple[State, Doubt | None]


class _Question(NamedTuple):
    """What is asked of a zone. `said` names the sentence that `values` fill."""

    zone: Subject
    indicator: Indicator
    said: str
    values: dict[str, float]


def _held(asked: _Question, row: Norm, on: dt.date, judge: Callable[[float], _Verdict]) -> Finding:
    """Return what is found of the largest value that the zone states."""
    zone, indicator, said, values = asked
    bounds = zone.density if indicator is Indicator.DENSITY else zone.floor_area_ratio
    largest = bounds.high if bounds is not None else None
    if largest is not None and row.holds_on(on):
        state, doubt = judge(largest)
        return Finding(zone.uid, indicator, state, row, said, {**values, "stated": largest}, doubt)
    if not row.holds_on(on):
        doubt = Doubt.ENDED
    else:
        # "At least 40" allows anything above: there is no largest value to hold against a limit.
        doubt = Doubt.NOT_STATED if bounds is None else Doubt.NOT_READABLE
    return Finding(zone.uid, indicator, State.NOT_CHECKED, row, f"{said}_open", values, doubt)
