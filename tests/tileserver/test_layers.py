"""Layers of networks, sites and land-use plans, in tiles and in the legend."""

from __future__ import annotations

import gzip

import mapbox_vector_tile
import pytest
import shapely

from landdata import crs
from landdata.models import Facility, LandUseCode, PowerLine, Revision
from landdata.models.coverage import Theme
from tests.ground import DAY, LATER, Shape, shape, source_file, square, tile_of
from tests.tileserver.test_picture import add_zone
from tileserver import tiles
from tileserver.layers import BY_ID, LAYERS
from tileserver.legend import legend_entries

pytestmark = pytest.mark.django_db


def line() -> Shape:
    return shape(shapely.LineString([(590000, 2325000), (590040, 2325000)]))


def fetch(layer: str, ground: Shape, z: int):
    at = tiles.place(layer, z, *tile_of(ground, z))
    body = gzip.decompress(tiles.current_tile(at, today=LATER).body)
    return mapbox_vector_tile.decode(body)[layer]["features"] if body else []


def add_power_line(voltage_kv: float, axis: Shape) -> None:
    with Revision.open(by=None, why="test") as revision:
        PowerLine.objects.create(
            source_key=f"{voltage_kv}",
            name=f"{voltage_kv} kV",
            voltage_kv=voltage_kv,
            placement="overhead",
            axis=axis.stored,
            axis_3857=axis.mercator,
            source_file=source_file(),
            source_row=0,
            valid_from=DAY,
            from_revision=revision.number,
        )


def add_facility(name: str, ground: Shape) -> None:
    position = ground.stored.centroid
    with Revision.open(by=None, why="test") as revision:
        Facility.objects.create(
            source_key=name,
            name=name,
            kind="primary_school",
            is_synthetic=False,
            position=position,
            position_3857=ground.mercator.centroid,
            source_file=source_file(),
            source_row=0,
            valid_from=DAY,
            from_revision=revision.number,
        )


def add_land_use_code(code: str, colour: str) -> None:
    with Revision.open(by=None, why="test") as revision:
        LandUseCode.objects.create(
            code=code,
            name_vi="Đất ở tại đô thị",
            name_en="Urban residential land",
            group="PNN",
            status="current",
            colour=colour,
            source="",
            confidence="",
            valid_from=DAY,
            from_revision=revision.number,
        )


def test_lines_of_a_town_are_left_out_of_small_scales():
    for voltage_kv in (22, 110):
        add_power_line(voltage_kv, line())

    assert [f["properties"]["voltage_kv"] for f in fetch("power_lines", line(), 13)] == [110]
    assert len(fetch("power_lines", line(), 14)) == 2


def test_a_facility_goes_out_as_a_point_where_it_stands():
    ground = square(590000, 2325000)
    add_facility("Trường Tiểu học", ground)

    (feature,) = fetch("facilities", ground, 18)

    assert feature["geometry"]["type"] == "Point"
    assert feature["properties"]["name"] == "Trường Tiểu học"
    width = 2 * 20037508.342789244 / 2**18
    x, y = tile_of(ground, 18)
    east, north = feature["geometry"]["coordinates"]
    units = BY_ID["facilities"].tile_units(18)
    mercator = (
        (x + east / units) * width - 20037508.342789244,
        20037508.342789244 - (y + 1 - north / units) * width,
    )
    # The middle of the square of 20 m.
    assert crs.transformer(3857, 5897).transform(*mercator) == pytest.approx(
        (590010, 2325010), abs=0.01
    )


def test_a_zone_of_a_land_use_plan_has_the_colour_of_its_code():
    ground = square(590000, 2325000, 100)
    add_land_use_code("ODT", "#ffa0ff")
    add_zone("OTHER", "#112233", square(591000, 2325000))
    add_zone("ODT", "", ground, level="land_use")

    (feature,) = fetch("zones", ground, 18)

    assert feature["properties"]["level"] == "land_use"
    assert feature["properties"]["colour"] == "#ffa0ff"


def test_codes_of_land_use_stand_in_the_legend_in_a_group_of_their_own():
    add_land_use_code("ODT", "#ffa0ff")
    add_zone("NHOM_O", "#112233", square(590000, 2325000, 100))
    assert [entry.value for entry in legend_entries(BY_ID["zones"], as_of=LATER)] == ["NHOM_O"]

    add_zone("ODT", "", square(590000, 2325000, 100), level="land_use")

    function, land_use = legend_entries(BY_ID["zones"], as_of=LATER)
    assert function.value == "NHOM_O"
    assert (land_use.value, land_use.title_en, land_use.colour, land_use.group) == (
        "ODT",
        "ODT Urban residential land",
        "#ffa0ff",
        "Land-use plan",
    )


def test_every_theme_of_objects_has_a_layer_that_can_be_switched():
    themes = set(Theme) - {
        Theme.GENERAL_PLAN,
        Theme.ZONING_PLAN,
        Theme.DETAILED_PLAN,
        Theme.LAND_USE_PLAN,
        Theme.ANNUAL_PLAN,
    }

    assert {str(theme) for theme in themes} <= {layer.id for layer in LAYERS if layer.group}
