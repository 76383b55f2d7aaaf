"""The two grids, by hand and against MapProxy's own arithmetic."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import shapely
from django.conf import settings

from landdata import crs
from tileserver.mapproxy.grids import GRIDS, META_BUFFER_PX, VN2000, WEB_MERCATOR


def test_the_vn2000_grid_has_the_scales_of_map_sheets_from_a_round_corner():
    assert VN2000.box == (0.0, 506_240.0, 1_146_880.0, 2_800_000.0)
    assert [round(VN2000.scale_denominator(z)) for z in range(len(VN2000.resolutions))] == [
        *(4_000_000, 2_000_000, 1_000_000, 500_000, 250_000, 100_000, 50_000, 25_000),
        *(10_000, 5_000, 2_000, 1_000, 500, 200),
    ]
    # 1:1,000 is 0.28 m to the pixel, 71.68 m to the tile.
    assert VN2000.tile_box(11, 8231, 6626) == pytest.approx(
        (8231 * 71.68, 2_800_000 - 6627 * 71.68, 8232 * 71.68, 2_800_000 - 6626 * 71.68)
    )


def test_every_zone_lies_in_the_grid_as_far_as_it_is_used():
    table = Path(settings.BASE_DIR / "fixtures" / "reference" / "vn2000_crs.csv")
    rows = [
        row
        for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())
        if int(row["epsg"]) in crs.VN2000
    ]
    grid = shapely.box(*VN2000.box)

    assert len(rows) == len(crs.VN2000)
    for row in rows:
        west, south, east, north = (float(row[side]) for side in ("west", "south", "east", "north"))
        used = shapely.box(west, south, east, north)
        assert grid.contains(crs.transform(used, 4326, int(row["epsg"])))


def test_the_web_grid_is_that_of_all_web_maps():
    half = 20037508.342789244
    assert WEB_MERCATOR.scale_denominator(0) == pytest.approx(559082264.0287178)
    assert WEB_MERCATOR.tile_box(0, 0, 0) == pytest.approx((-half, -half, half, half))
    assert WEB_MERCATOR.tile_box(1, 1, 0) == pytest.approx((0, 0, half, half))
    assert WEB_MERCATOR.size(18) == (2**18, 2**18)


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.id)
def test_mapproxy_draws_what_we_judge_by(grid):
    for z in range(len(grid.resolutions)):
        columns, rows = grid.size(z)
        assert grid.tile_grid.grid_sizes[z] == (columns, rows)
        for x, y in ((0, 0), (columns - 1, rows - 1), (columns // 3, rows // 2)):
            assert grid.tile_grid.tile_bbox((x, y, z)) == pytest.approx(grid.tile_box(z, x, y))
            meta = grid.meta_grid.meta_tile((x, y, z))
            assert (x, y, z) in meta.tiles
            judged = shapely.box(*grid.drawn_box(z, x, y)).buffer(1e-3)
            assert judged.contains(shapely.box(*meta.bbox))
            assert max(meta.size) <= 4 * 256 + 2 * META_BUFFER_PX


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.id)
def test_rows_can_be_counted_from_the_south_as_well(grid):
    west, south, _, _ = grid.box
    for z in range(len(grid.resolutions)):
        _, rows = grid.size(z)
        assert grid.tile_box(z, 0, rows - 1)[:2] == pytest.approx((west, south), abs=1e-6)


def test_the_web_box_of_a_vn2000_tile_holds_every_point_of_it():
    box = VN2000.drawn_box(8, 819, 660)
    west, _, east, _ = box
    edge = shapely.segmentize(shapely.box(*box), (east - west) / 997)

    around = shapely.box(*VN2000.box_3857(box))

    assert around.contains(crs.transform(edge, VN2000.epsg, 3857))
    assert around.area < 1.1 * crs.transform(edge, VN2000.epsg, 3857).area


def test_a_tile_outside_a_grid_is_none():
    assert WEB_MERCATOR.holds(20, 2**20 - 1, 0)
    assert not WEB_MERCATOR.holds(21, 0, 0)
    assert not WEB_MERCATOR.holds(3, 8, 0)
    assert not VN2000.holds(0, -1, 0)
