"""The rows of the small city; run as a program it writes them into the database of its settings."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from typing import TYPE_CHECKING, Any

import shapely

if TYPE_CHECKING:
    from tests.ground import Shape

#: The corner from which all is measured, in EPSG:3857: in Hà Nội, near 105.82° E 21.02° N.
CORNER = (11_780_000.0, 2_394_000.0)
#: Long ago, so that no test depends on the day on which it runs.
FIRST_DAY = dt.date(2020, 1, 1)
#: On this day zone C changes its function.
CHANGE_DAY = dt.date(2021, 1, 1)
LAKE = (0, 0, 400, 400)
POND = (1300, 650, 1500, 850)
ZONES = {
    "A": (400, 0, 800, 400),
    "A1": (400, 0, 600, 400),
    "B": (800, 0, 1200, 400),
    "C": (1200, 0, 1600, 400),
    "D": (1200, 600, 1600, 900),
}
PARCELS = {"1": (500, 100, 540, 140), "2": (540, 100, 580, 140), "3": (580, 100, 620, 140)}
ROAD = ((0, 500), (1600, 500))
SCHOOL = (1000, 700)
WARD = (-100, -100, 1700, 900)
#: Functions of the reference table whose prescribed colours lie far apart.
HOUSING, HEALTH, LAKE_GROUND = "DAT_O_Nhomnhao", "DAT_HTXH_Yte", "DAT_KHAC_Honuoc"


def placed(*numbers: float) -> tuple[float, ...]:
    """Return x, y, x, y … measured from the corner as coordinates of EPSG:3857."""
    return tuple(CORNER[place % 2] + number for place, number in enumerate(numbers))


def box(*numbers: float) -> Shape:
    """Return a box measured from the corner as both columns hold it."""
    from tests.ground import shape

    west, south, east, north = placed(*numbers)
    return shape(shapely.box(west, south, east, north), epsg=3857)


def lay() -> None:
    """Write every row of the city, each in a revision of its own."""
    from tests.ground import add_parcel, add_road, add_unit, shape, sheet

    add_unit("00004", "Phường Thử", box(*WARD), valid_from=FIRST_DAY)
    for number, corners in PARCELS.items():
        add_parcel(number, box(*corners), on=sheet(), valid_from=FIRST_DAY, legal_area_m2=1394.0)
    along = shapely.LineString([placed(*point) for point in ROAD])
    add_road("Đường Thử", shape(along, epsg=3857))
    _lay_water("lake", "Hồ Thử", LAKE)
    _lay_water("pond", "Ao Thử", POND)
    _lay_school()
    general, detailed = _plan("general"), _plan("detailed")
    _zone("A", general, HOUSING)
    _zone("A1", detailed, HEALTH)
    _zone("B", general, LAKE_GROUND)
    _zone("C", general, HOUSING, valid_to=CHANGE_DAY)
    _zone("C", general, HEALTH, valid_from=CHANGE_DAY)
    _zone("D", general, HOUSING)


def _delivered(key: str) -> dict[str, Any]:
    from tests.ground import source_file

    return {
        "source_key": key,
        "source_file": source_file(),
        "source_row": 0,
        "valid_from": FIRST_DAY,
    }


def _lay_water(key: str, name: str, corners: tuple[int, ...]) -> None:
    from landdata.models import Revision, WaterBody

    ground = box(*corners)
    with Revision.open(by=None, why="test") as revision:
        WaterBody.objects.create(
            **_delivered(key),
            name=name,
            kind="lake",
            boundary=ground.stored,
            boundary_3857=ground.mercator,
            from_revision=revision.number,
        )


def _lay_school() -> None:
    from landdata.models import Facility, Revision
    from tests.ground import shape

    at = shape(shapely.Point(*placed(*SCHOOL)), epsg=3857)
    with Revision.open(by=None, why="test") as revision:
        Facility.objects.create(
            **_delivered("school"),
            name="Trường Thử",
            kind="school",
            capacity=500,
            capacity_unit="pupils",
            is_synthetic=True,
            position=at.stored,
            position_3857=at.mercator,
            from_revision=revision.number,
        )


def _plan(level: str) -> Any:
    from landdata.models import Revision
    from planning.models import Plan, PlanVersion
    from tests.ground import a_user

    with Revision.open(by=None, why="test") as revision:
        plan = Plan.objects.create(code=f"QH-{level}", level=level)
        return PlanVersion.objects.create(
            plan=plan,
            sequence=1,
            adjustment="first",
            status="published",
            published_in=revision,
            name_vi="Quy hoạch thử",
            name_en="Trial plan",
            scale=10000,
            authority="",
            decision_number="1/QĐ",
            decision_date=FIRST_DAY,
            extent=box(400, 0, 1600, 900).stored,
            valid_from=FIRST_DAY,
            data_date=FIRST_DAY,
            created_by=a_user(),
        )


def _zone(
    label: str,
    version: Any,
    function: str,
    *,
    valid_from: dt.date = FIRST_DAY,
    valid_to: dt.date | None = None,
) -> None:
    from landdata.models import Revision
    from planning.models import Zone

    ground = box(*ZONES[label])
    with Revision.open(by=None, why="test") as revision:
        Zone.objects.create(
            uid=uuid.uuid5(uuid.NAMESPACE_OID, label),
            plan=version.plan,
            introduced_by=version,
            label=label,
            function=function,
            boundary=ground.stored,
            boundary_3857=ground.mercator,
            valid_from=valid_from,
            valid_to=valid_to,
            from_revision=revision.number,
        )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    lay()
