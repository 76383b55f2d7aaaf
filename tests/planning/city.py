"""A city that can be checked by hand, in metres from a corner of the storage zone.

    0        100       200   250
100 +---------+---------+-----+
    |    A    |    B    |     |
    |  [1]  [ 2 ]       |     |  [3] lies outside every plan
  0 +---------+---------+--[3]+
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import shapely
from django.conf import settings
from django.utils import timezone

from accounts.models import Role, RoleAssignment, User
from landdata import crs
from landdata.geometry import to_multipolygon
from landdata.models import (
    CadastralSheet,
    Dataset,
    LandUseCode,
    Parcel,
    ParcelLandUse,
    ParcelVersion,
    Revision,
    SourceFile,
    Theme,
)
from landdata.operations.coverage import declare_coverage
from planning.content import PlanContent, ZoneSketch
from planning.models import Adjustment, PlanFunction, PlanLevel, PlanVersion
from planning.operations import approve_plan_version, create_draft, publish_plan_version

if TYPE_CHECKING:
    from django.contrib.gis.geos import MultiPolygon

#: Lower left corner of the city in the storage zone (EPSG:5897, Hà Nội).
EAST, NORTH = 587_000.0, 2_325_000.0
DATA_DAY = dt.date(2026, 6, 30)
TODAY = dt.date(2026, 11, 21)
FUNCTIONS = ("HOUSES", "GREEN", "ROAD", "SCHOOL")


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle in metres from the city's corner."""
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def ring(*corners: tuple[float, float]) -> shapely.Polygon:
    """A polygon by its corners in metres from the city's corner."""
    return shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])


def stored(shape: Any) -> MultiPolygon:
    return to_multipolygon(shape, settings.STORAGE_SRID)


def person(name: str, *roles: Role) -> User:
    user = User.objects.create(username=name)
    for role in roles:
        RoleAssignment.objects.create(user=user, role=role, valid_from=dt.date(2020, 1, 1))
    return user


def functions() -> None:
    """Four functions that need no table."""
    with Revision.open(by=None, why="functions") as revision:
        PlanFunction.objects.bulk_create(
            PlanFunction(
                code=code,
                name_vi=f"Đất {code.lower()}",
                name_en=code.title(),
                group="",
                aci=1,
                colour="#123456",
                source="test",
                confidence="high",
                valid_from=dt.date(2000, 1, 1),
                from_revision=revision.number,
            )
            for code in FUNCTIONS
        )


def codes_of_land_use() -> None:
    """The same four as codes of land use, in which land-use plans speak."""
    with Revision.open(by=None, why="codes of land use") as revision:
        LandUseCode.objects.bulk_create(
            LandUseCode(
                code=code,
                name_vi=f"Đất {code.lower()}",
                name_en=code.title(),
                group="",
                status="current",
                source="test",
                confidence="high",
                valid_from=dt.date(2000, 1, 1),
                from_revision=revision.number,
            )
            for code in FUNCTIONS
        )


def source_file(name: str = "parcels.shp", *, data_date: dt.date = DATA_DAY) -> SourceFile:
    dataset, _ = Dataset.objects.get_or_create(
        code="test", defaults={"title_vi": "thử", "title_en": "test", "kind": "parcels"}
    )
    return SourceFile.objects.create(
        dataset=dataset,
        name=name,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        size_bytes=1,
        stored_as=name,
        data_date=data_date,
    )


class Register:
    """Writes parcels as a delivery would."""

    def __init__(self, *, epsg: int | None = None) -> None:
        self.file = source_file()
        self.sheet = CadastralSheet.objects.create(
            unit_code="00004", number="12", scale=500, epsg=epsg or settings.STORAGE_EPSG
        )

    def parcel(
        self,
        number: str,
        shape: Any,
        *,
        state: str = "valid",
        is_disputed: bool = False,
        legal_area_m2: float | None = None,
        valid_from: dt.date = DATA_DAY,
        land_use: str = "ODT",
    ) -> uuid.UUID:
        parcel = Parcel.objects.create()
        self.version(
            parcel.uuid,
            number,
            shape,
            state=state,
            is_disputed=is_disputed,
            legal_area_m2=legal_area_m2,
            valid_from=valid_from,
            land_use=land_use,
        )
        return parcel.uuid

    def version(
        self,
        parcel: uuid.UUID,
        number: str,
        shape: Any,
        *,
        state: str = "valid",
        is_disputed: bool = False,
        legal_area_m2: float | None = None,
        valid_from: dt.date = DATA_DAY,
        land_use: str = "ODT",
    ) -> ParcelVersion:
        """Say something new of a parcel."""
        boundary = drawn = None
        if state == "valid":
            boundary = stored(shape)
            drawn = to_multipolygon(
                crs.transform(shape, settings.STORAGE_EPSG, crs.WEB_MERCATOR), 3857
            )
        with Revision.open(by=None, why="parcels", source_file=self.file) as revision:
            version = ParcelVersion.objects.create(
                parcel_id=parcel,
                sheet=self.sheet,
                number=number,
                boundary=boundary,
                boundary_3857=drawn,
                geometry_state=state,
                legal_area_m2=None if legal_area_m2 is None else Decimal(str(legal_area_m2)),
                unit_code="00004",
                is_disputed=is_disputed,
                source_file=self.file,
                source_row=0,
                fingerprint=b"0" * 32,
                valid_from=valid_from,
                from_revision=revision.number,
            )
            ParcelLandUse.objects.create(version=version, position=0, code=land_use)
        return version


class Office:
    """Puts plans into force, as planner and approver do."""

    def __init__(self) -> None:
        self.planner = person("planner", Role.PLANNER)
        self.approver = person("approver", Role.APPROVER)

    @classmethod
    def at_work(cls) -> Office:
        """The office whose people are there already."""
        office = cls.__new__(cls)
        office.planner = User.objects.get(username="planner")
        office.approver = User.objects.get(username="approver")
        return office

    def draft(
        self,
        code: str,
        extent: Any,
        zones: dict[str, tuple[str, Any]],
        *,
        level: PlanLevel = PlanLevel.ZONING,
        adjustment: Adjustment = Adjustment.FIRST,
        valid_from: dt.date = dt.date(2026, 1, 1),
        valid_to: dt.date | None = None,
    ) -> PlanVersion:
        content = PlanContent(
            code=code,
            level=level,
            adjustment=adjustment,
            name_vi=f"Quy hoạch {code}",
            name_en=f"Plan {code}",
            scale=2000,
            information_code="",
            authority="UBND thành phố",
            decision_number=f"{code}/QĐ-UBND",
            decision_date=valid_from,
            extent=stored(extent),
            valid_from=valid_from,
            valid_to=valid_to,
            data_date=DATA_DAY,
            accuracy_m=0.3,
        )
        sketches = [
            ZoneSketch(uid=uuid.uuid4(), label=label, function=function, boundary=stored(shape))
            for label, (function, shape) in zones.items()
        ]
        return create_draft(plan=content, zones=sketches, by=self.planner, on=TODAY)

    def approve(self, version: PlanVersion) -> PlanVersion:
        return approve_plan_version(version_id=version.pk, by=self.approver, on=TODAY)

    def publish(self, version: PlanVersion) -> Revision:
        return publish_plan_version(version_id=version.pk, by=self.approver, on=TODAY)

    def in_force(self, *args: Any, **options: Any) -> Revision:
        """Draft, approve and publish."""
        return self.publish(self.approve(self.draft(*args, **options)))


def register_complete(theme: Theme, shape: Any, *, is_complete: bool = True) -> None:
    """Declare the register of a theme complete on some ground."""
    declare_coverage(
        theme=theme,
        boundary=stored(shape),
        is_complete=is_complete,
        data_date=DATA_DAY,
        valid_from=dt.date(2026, 1, 1),
        dataset=source_file(f"register {theme} {timezone.now()}").dataset,
        by=None,
    )
