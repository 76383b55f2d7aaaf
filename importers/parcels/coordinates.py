"""Settle in which system a delivery lies, and refuse what cannot lie there.

Nothing is swapped, shifted or guessed here: what does not fit is said, with what would fit, and a
person chooses. Source of the boxes and of the shifts: fixtures/reference/vn2000_provinces.csv and
measurements with the pinned systems of landdata.crs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.conf import settings

from importers import guard
from landdata import crs
from landdata.errors import Invalid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from importers.parcels.wards import Wards

#: In Việt Nam easting is 250 to 800 km and northing 900 to 2,600 km, in every zone.
EAST_M: Final = (250_000.0, 800_000.0)
NORTH_M: Final = (900_000.0, 2_600_000.0)
#: A wrong meridian shifts by 26 km (15 minutes) or more; wards are at most some 50 km wide.
FAR_FROM_WARD_M: Final = 10_000.0
#: Ward boundaries at hand are simplified to 50 m.
OUTSIDE_WARD_M: Final = 100.0


@dataclass(frozen=True)
class Settled:
    """The system of a delivery; `chosen_by` is "prj" or "operator"."""

    epsg: int
    datum_operation: str
    chosen_by: str
    axes_swapped: bool


@dataclass(frozen=True)
class Boxes:
    """West, south, east, north of each row in metres of the file's system, NaN without shape."""

    west: NDArray[np.float64]
    south: NDArray[np.float64]
    east: NDArray[np.float64]
    north: NDArray[np.float64]

    @property
    def there(self) -> NDArray[np.bool_]:
        """Rows that have a box."""
        return np.isfinite(self.west)

    @property
    def plausible(self) -> NDArray[np.bool_]:
        """Rows whose box lies where Việt Nam does."""
        return (
            (self.west >= EAST_M[0])
            & (self.east <= EAST_M[1])
            & (self.south >= NORTH_M[0])
            & (self.north <= NORTH_M[1])
        )

    def swapped(self) -> Boxes:
        """The same with first and second coordinate exchanged."""
        return Boxes(self.south, self.west, self.north, self.east)

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the middle of each box."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2


def parse_crs(text: str) -> int:
    """Return the code that an operator chose. Raises Invalid `crs_not_vn2000`."""
    try:
        epsg = crs.current_code(int(text.upper().removeprefix("EPSG:")))
    except ValueError as unreadable:
        raise Invalid("crs_not_vn2000", given=text, known=_all_systems()) from unreadable
    if epsg not in crs.VN2000:
        raise Invalid("crs_not_vn2000", given=text, known=_all_systems())
    return epsg


def settle(
    resolved: int | None, chosen: int | None, datum_operation: str, *, axes_swapped: bool
) -> Settled:
    """Return the system: the operator's word before the file's.

    Raises Invalid `crs_missing` without either, `crs_not_vn2000` for a system that is none of
    ours, `datum_unknown`.
    """
    if datum_operation not in crs.DATUM_OPERATIONS:
        raise Invalid("datum_unknown", given=datum_operation, known=", ".join(crs.DATUM_OPERATIONS))
    if chosen is not None:
        return Settled(chosen, datum_operation, "operator", axes_swapped)
    if resolved is None:
        raise Invalid("crs_missing", known=_all_systems())
    if resolved not in crs.VN2000:
        raise Invalid("crs_not_vn2000", given=f"EPSG:{resolved}", known=_all_systems())
    return Settled(resolved, datum_operation, "prj", axes_swapped)


def check_axes(boxes: Boxes) -> None:
    """Raise Invalid `axes_swapped` or `coordinates_implausible` if that holds for most rows."""
    there = int(boxes.there.sum())
    if not there:
        return
    if int(boxes.swapped().plausible.sum()) * 2 > there:
        raise Invalid("axes_swapped")
    if int(boxes.plausible.sum()) * 2 <= there:
        first = int(np.flatnonzero(boxes.there & ~boxes.plausible)[0])
        raise Invalid(
            "coordinates_implausible",
            row=first,
            east=round(float(boxes.west[first]), 3),
            north=round(float(boxes.south[first]), 3),
        )


def far_from_wards(
    settled: Settled, boxes: Boxes, units: NDArray[Any], wards: Wards
) -> NDArray[np.bool_]:
    """Return which rows lie outside their ward, for a note.

    Raises Invalid `crs_does_not_fit` if most rows lie far from the ward that they name, with the
    systems in which they would lie there.
    """
    usable = boxes.plausible & np.isin(units, [c for c, g in wards.ground.items() if g is not None])
    if not usable.any():
        return np.zeros(len(units), bool)
    near = _near(settled, boxes, units, wards, FAR_FROM_WARD_M, usable)
    if int(near.sum()) * 2 <= int(usable.sum()):
        raise Invalid(
            "crs_does_not_fit",
            epsg=settled.epsg,
            fitting=_fitting(settled, boxes, units, wards, usable) or "–",
        )
    return usable & ~_near(settled, boxes, units, wards, OUTSIDE_WARD_M, usable)


def to_storage(shapes: list[bytes | None], settled: Settled) -> tuple[list[bytes | None], bool]:
    """Return WKB in the storage system, and whether anything had to be computed.

    In the storage system itself the received bytes are stored as they are.
    """
    same = settled.epsg == settings.STORAGE_EPSG and settled.datum_operation == crs.OFFICIAL_DATUM
    if same and not settled.axes_swapped:
        return shapes, False
    for shape in shapes:
        problem = guard.wkb_problem(shape) if shape is not None else None
        if problem is not None:
            raise Invalid("reader_ended", status=problem, timed_out=False)
    moved = shapely.from_wkb(np.array(shapes, object))
    if settled.axes_swapped:
        moved = shapely.transform(moved, lambda xy: xy[:, ::-1])
    there = ~shapely.is_missing(moved)
    moved[there] = _moved(moved[there], settled)
    return shapely.to_wkb(moved).tolist(), True


def _moved(shapes: Any, settled: Settled) -> Any:
    """Go through WGS 84 when another datum operation made the data: 0.8 m in the south."""
    if settled.datum_operation == crs.OFFICIAL_DATUM:
        return crs.transform(shapes, settled.epsg, settings.STORAGE_EPSG)
    on_the_globe = crs.transform(
        shapes, settled.epsg, crs.GEOGRAPHIC, datum_operation=settled.datum_operation
    )
    return crs.transform(on_the_globe, crs.GEOGRAPHIC, settings.STORAGE_EPSG)


def _near(
    settled: Settled,
    boxes: Boxes,
    units: NDArray[Any],
    wards: Wards,
    metres: float,
    usable: NDArray[np.bool_],
    epsg: int | None = None,
) -> NDArray[np.bool_]:
    east, north = boxes.centres()
    pinned = crs.transformer(epsg or settled.epsg, settings.STORAGE_EPSG)
    x, y = pinned.transform(east[usable], north[usable])
    points = shapely.points(x, y)
    named = units[usable]
    found = np.zeros(len(points), bool)
    for code in np.unique(named):
        ground = wards.ground[code]
        shapely.prepare(ground)
        mine = named == code
        # A ward that is only a point: wards are some kilometres wide.
        reach = max(metres, FAR_FROM_WARD_M) if ground.geom_type == "Point" else metres
        found[mine] = shapely.dwithin(ground, points[mine], reach)
    near = np.zeros(len(units), bool)
    near[np.flatnonzero(usable)] = found
    return near


def _fitting(
    settled: Settled, boxes: Boxes, units: NDArray[Any], wards: Wards, usable: NDArray[np.bool_]
) -> str:
    # A thousand rows tell a meridian as well as all of them.
    sample = np.zeros(len(usable), bool)
    sample[np.flatnonzero(usable)[:1000]] = True
    fitting = [
        epsg
        for epsg in crs.VN2000
        if _near(settled, boxes, units, wards, FAR_FROM_WARD_M, sample, epsg).sum() * 2
        > sample.sum()
    ]
    return ", ".join(f"EPSG:{epsg}" for epsg in fitting)


def _all_systems() -> str:
    return ", ".join(f"EPSG:{epsg}" for epsg in crs.VN2000)
