"""Random small registers: every plot is found by each of its spellings, and nothing else is.

Plots are squares of 20 m side by side from (590000, 2325000), EPSG:5897; the first half lies in
Ba Đình, the rest in Hoàn Kiếm. Before, the ground of both was Ngọc Hà's and Hàng Bài's crosswise,
so every old ward is divided.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landdata import crs
from landdata.models import ParcelVersion, Revision, UnitSuccession
from landdata.search.fold import fold
from landdata.search.search import search
from tests.ground import add_alias, add_parcel, add_unit, sheet, square

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 9, 1)
REORGANISED = dt.date(2025, 7, 1)
TODAYS = {"00004": "Phường Ba Đình", "00070": "Phường Hoàn Kiếm"}
FORMER = {"00013": "Phường Ngọc Hà", "00079": "Phường Hàng Bài"}
NATIONAL_IDS = ("w7er91fkxwsj", "w7er91fkxwsk", "w7er91fkxwsm", "w7er91fkxwsn")
STREETS = ("phố Đội Cấn", "phố Kim Mã", "đường Láng", "ngõ Huế")
#: What a hit found elsewhere, or for want of another, is told with.
SECOND_CHOICES = {"listed_elsewhere", "place_unknown", "no_old_number"}


@dataclass(frozen=True)
class Plot:
    """What a register says of a plot; `old` is ward code, sheet and number."""

    sheet: str
    scale: int
    number: str
    old: tuple[str, str, str] | None


SMALL = st.sampled_from(["1", "2", "12"])
PLOTS = st.lists(
    st.builds(
        Plot,
        sheet=SMALL,
        scale=st.sampled_from([500, 1000]),
        number=st.sampled_from(["1", "2", "12", "12a", "KXD"]),
        old=st.none() | st.tuples(st.sampled_from(["", *FORMER]), SMALL, SMALL),
    ),
    min_size=2,
    max_size=4,
    unique_by=lambda plot: (plot.sheet, plot.scale, plot.number),
)


def make_units() -> None:
    add_unit("01", "Thành phố Hà Nội", level="province", parent_code="")
    for n, (code, name) in enumerate(TODAYS.items()):
        add_unit(code, name, square(589000 + n * 1040, 2324000, 1040))
    for code, name in FORMER.items():
        add_unit(code, name, valid_from=dt.date(2025, 1, 1), valid_to=REORGANISED)
    with Revision.open(by=None, why="test") as revision:
        UnitSuccession.objects.bulk_create(
            UnitSuccession(
                old_code=old,
                new_code=new,
                kind="part",
                is_default=True,
                source="",
                confidence="",
                valid_from=REORGANISED,
                from_revision=revision.number,
            )
            for old in FORMER
            for new in TODAYS
        )


def make_register(plots: list[Plot]) -> list[ParcelVersion]:
    rows = []
    for place, plot in enumerate(plots):
        ward = list(TODAYS)[place >= len(plots) / 2]
        # Squares stand on both sides of the wards' common boundary, 1 m from each other.
        row = add_parcel(
            plot.number,
            square(590040 + 21 * (place - len(plots) / 2), 2325000),
            on=sheet(plot.sheet, unit_code=ward, scale=plot.scale),
            national_id=NATIONAL_IDS[place],
            address=f"Số {place + 1} {STREETS[place]}",
        )
        if plot.old is not None:
            add_alias(row, plot.old[1], plot.old[2], unit_code=plot.old[0])
        rows.append(row)
    return rows


def numbers_of_today(plot: Plot, ward: str) -> list[str]:
    return [
        f"tờ {plot.sheet} thửa {plot.number} {ward}",
        f"Thửa đất số {plot.number}, tờ bản đồ số {plot.sheet}, {ward}",
        f"so thua {plot.number} so to {plot.sheet}",
        f"tờ 0{plot.sheet} (1/{plot.scale}) thửa {plot.number}",
        f"tờ {plot.sheet} thửa {plot.number.upper()} tỷ lệ 1:{plot.scale} {ward.upper()}",
        f"{plot.sheet}/{plot.number} {ward}",
        f"tờ {plot.sheet} thửa {plot.number}",
    ]


def numbers_of_before(plot: Plot, today: str) -> list[str]:
    if plot.old is None:
        return []
    code, old_sheet, old_number = plot.old
    wards = [FORMER[code]] if code else list(FORMER.values())
    return [
        f"thửa cũ {old_number} tờ cũ {old_sheet}",
        f"thửa {old_number} tờ {old_sheet}",
        f"{old_number}/{old_sheet}",
        f"tờ {old_sheet} thửa {old_number} {today}",
        *(f"thửa {old_number} tờ {old_sheet} {ward}" for ward in wards),
        *(f"t{old_sheet}/{old_number} {ward.removeprefix('Phường ')} cũ" for ward in wards),
    ]


def other_names(place: int, row: ParcelVersion) -> list[str]:
    assert row.boundary is not None
    national_id, ward = row.national_id, TODAYS[row.unit_code]
    inside = row.boundary.point_on_surface
    lon, lat = crs.transformer(5897, crs.GEOGRAPHIC).transform(inside.x, inside.y)
    return [
        national_id.upper(),
        f"{national_id[:4]} {national_id[4:8]} {national_id[8:]}",
        row.address,
        f"{place + 1} {STREETS[place].partition(' ')[2]}, {ward}",
        f"so {place + 1} {fold(STREETS[place])}, {fold(ward)}, ha noi",
        *(f"{row.address}, {former}" for former in FORMER.values()),
        f"{lat:.8f}, {lon:.8f}",
        f"{lon:.8f} {lat:.8f}",
    ]


def in_every_grid(row: ParcelVersion) -> list[str]:
    assert row.boundary is not None
    inside = row.boundary.point_on_surface
    spelled = []
    for epsg in crs.VN2000:
        east, north = crs.transformer(5897, epsg).transform(inside.x, inside.y)
        spelled += [
            f"{east:.3f} {north:.3f}",
            f"X={north:.2f} Y={east:.2f}",
            f"{east:.3f} {north:.3f} EPSG:{epsg}",
            f"{north:.3f} {east:.3f} {crs.title(epsg)}",
        ]
    return spelled


def contradictions(query: str, found) -> list[str]:
    """Return what a hit says that the question denies, by the register's own rows."""
    wrong = []
    told = {message.code for message in found.messages}
    for hit in found.parcels:
        row = ParcelVersion.objects.get(parcel_id=hit.uuid)
        match hit.matched:
            case "sheet_and_number" | "old_sheet_and_number":
                old = hit.matched_as
                said = {old.sheet, old.number} if old else {hit.sheet, hit.number}
                meant = found.understood
                asked = {meant.sheet.lstrip("0"), meant.number}
                if {s.upper() for s in said} != {a.upper() for a in asked}:
                    wrong.append(f"{query}: {said}")
                if old is None and meant.scale not in (None, hit.scale):
                    wrong.append(f"{query}: 1:{hit.scale}")
                if meant.is_old and old is None and not told & SECOND_CHOICES:
                    wrong.append(f"{query}: not old")
                for code, ward in FORMER.items():
                    named = ward.removeprefix("Phường ").upper() in meant.place.upper()
                    if (
                        named
                        and old
                        and old.unit_code not in ("", code)
                        and not (told & SECOND_CHOICES)
                    ):
                        wrong.append(f"{query}: of {old.unit_name}")
                for code, ward in TODAYS.items():
                    named = ward.upper() in meant.place.upper()
                    if named and hit.unit_code != code and not told & SECOND_CHOICES:
                        wrong.append(f"{query}: in {hit.unit_name}")
            case "national_id":
                if row.national_id != found.understood.value:
                    wrong.append(f"{query}: {row.national_id}")
            case "address":
                street = row.address.split(" ", 3)[3]
                if fold(street) not in fold(query):
                    wrong.append(f"{query}: {row.address}")
            case "coordinate":
                # 1 m apart, so the point of one place lies in one plot only.
                boundary: Any = row.boundary
                there = [
                    crs.transformer(crs.GEOGRAPHIC, 5897).transform(place.lon, place.lat)
                    for place in found.places
                ]
                if all(boundary.distance(Point(*xy, srid=boundary.srid)) > 0.01 for xy in there):
                    wrong.append(f"{query}: not there")
    return wrong


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plots=PLOTS)
def test_every_plot_is_found_by_each_of_its_spellings_and_nothing_contradicts_them(plots):
    with transaction.atomic():
        make_units()
        rows = make_register(plots)
        missed, wrong = [], []
        for place, (plot, row) in enumerate(zip(plots, rows, strict=True)):
            ward = TODAYS[row.unit_code]
            for query in (
                *numbers_of_today(plot, ward),
                *numbers_of_before(plot, ward),
                *other_names(place, row),
                *(in_every_grid(row) if place == 0 else []),
            ):
                found = search(query, as_of=TODAY)
                if row.parcel_id not in {hit.uuid for hit in found.parcels}:
                    missed.append((query, found))
                wrong += contradictions(query, found)
        transaction.set_rollback(True)

    assert missed == []
    assert wrong == []
