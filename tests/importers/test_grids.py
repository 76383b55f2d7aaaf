"""Heights and depths that come in are kept as our own copy, which rules on terrain read."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import rasterio
from django.core.management import call_command

from importers.rasters import raster_way
from landdata import crs
from landdata.grids import height_grids
from tests.importers.test_import_raster import HEIGHTS, NO_DATA, SPRING, write

TODAY = dt.date(2026, 6, 30)
METRES = np.where(HEIGHTS == NO_DATA, np.nan, HEIGHTS)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dem.tif"


@pytest.fixture
def bring(bring):
    def take(path, *, kind="terrain", unit="m", **options):
        return bring(raster_way(kind=kind, epsg=None, unit=unit), path, SPRING, **options)

    return take


def test_heights_come_back_cell_by_cell_with_their_place(bring, path):
    bring(write(path))

    (grid,) = height_grids(on=TODAY)

    assert (grid.kind, grid.key) == ("terrain", "raster/rasters/dem.tif")
    assert (grid.west, grid.north) == (590_000, 2_325_300)
    assert (grid.cell_width, grid.cell_height) == (10, 10)
    assert grid.cells.dtype == np.float32
    assert np.array_equal(grid.cells, METRES.astype(np.float32), equal_nan=True)


def test_of_a_box_only_the_cells_that_meet_it_are_read(bring, path):
    bring(write(path))

    (grid,) = height_grids(on=TODAY, box=(590_105, 2_325_255, 590_130, 2_325_290))

    # Columns 10 to 12 and rows 1 to 4.
    assert (grid.west, grid.north) == (590_100, 2_325_290)
    assert np.array_equal(grid.cells, METRES[1:5, 10:13].astype(np.float32))
    assert height_grids(on=TODAY, box=(0, 0, 10, 10)) == []


def test_depths_are_kept_too_in_metres_and_the_finer_grid_comes_first(bring, path, tmp_path):
    bring(write(path))
    depths = np.where(HEIGHTS == NO_DATA, NO_DATA, HEIGHTS.clip(0) * 10)
    bring(write(tmp_path / "flood.tif", depths), kind="flood_depth", unit="cm")

    kinds = {grid.kind: grid for grid in height_grids(on=TODAY)}

    assert set(kinds) == {"terrain", "flood_depth"}
    assert np.nanmax(kinds["flood_depth"].cells) == pytest.approx(np.nanmax(METRES) / 10, rel=1e-6)


def test_a_deleted_copy_is_made_again_and_until_then_nobody_knows(bring, path, settings, caplog):
    bring(write(path))
    (copy,) = settings.GRIDS.iterdir()
    before = copy.read_bytes()
    copy.unlink()

    assert height_grids(on=TODAY) == []
    assert "run keep_grids" in caplog.text

    call_command("keep_grids")
    assert copy.read_bytes() == before


def test_a_raster_of_another_day_is_not_read(bring, path):
    bring(write(path))

    assert height_grids(on=dt.date(1990, 1, 1)) == []


def test_heights_of_another_zone_lie_where_the_ground_is(bring, path, tmp_path):
    # A slope of a metre in ten towards the north, in the zone of meridian 108, far west of it.
    east, north = crs.transformer(5897, 5899).transform(590_000.0, 2_325_000.0)
    cells = np.repeat(np.arange(40, dtype=np.float32)[::-1, None], 50, axis=1)
    other = tmp_path / "other.tif"
    with rasterio.open(
        other, "w", driver="GTiff", height=40, width=50, count=1, dtype="float32",
        crs=rasterio.CRS.from_epsg(5899), nodata=NO_DATA,
        transform=rasterio.transform.from_origin(east - 250, north + 200, 10, 10),
    ) as file:  # fmt: skip
        file.write(cells, 1)
    bring(other)

    (grid,) = height_grids(on=TODAY)

    def at(point):
        row = int((grid.north - point[1]) / grid.cell_height)
        column = int((point[0] - grid.west) / grid.cell_width)
        return float(grid.cells[row, column])

    here = crs.transformer(5899, 5897).transform(east, north + 100.0)
    # 100 m below the upper edge: between the tenth and the eleventh row.
    assert at(here) == pytest.approx(29.5, abs=1.0)
