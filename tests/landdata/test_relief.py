"""Shading terrain: slopes whose brightness can be worked out by hand, at places that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import rasterio

from landdata import crs
from landdata.relief import (
    LEVEL,
    Terrain,
    file_name,
    hillshade,
    tinted,
    write_shaded,
)

DIGEST = "ab" * 32


def plane(to_east: float, to_north: float, cell_m: float = 10.0):
    """Return heights that rise so much a metre; the first row lies in the north."""
    rows, columns = np.mgrid[0:9, 0:9]
    return (columns * to_east * cell_m - rows * to_north * cell_m).astype(np.float32)


@pytest.mark.parametrize(
    ("to_east", "to_north", "bright"),
    [
        (0, 0, math.sqrt(0.5)),
        # Rising to the east it faces west, half towards the lamp: (√½ + ½) / √2.
        (1, 0, (math.sqrt(0.5) + 0.5) / math.sqrt(2)),
        (-1, 0, (math.sqrt(0.5) - 0.5) / math.sqrt(2)),
        # Rising to the south it faces north, as much.
        (0, -1, (math.sqrt(0.5) + 0.5) / math.sqrt(2)),
        # Straight towards the lamp at 45°: as bright as can be.
        (math.sqrt(0.5), -math.sqrt(0.5), 1.0),
        # Straight away from it, its light passes along the slope.
        (-math.sqrt(0.5), math.sqrt(0.5), 0.0),
    ],
)
def test_a_slope_is_as_bright_as_it_faces_the_lamp_in_the_north_west(to_east, to_north, bright):
    shade = hillshade(plane(to_east, to_north), 10, 10)

    assert shade[4, 4] == pytest.approx(bright, abs=1e-5)


def test_a_slope_is_metres_over_metres_whatever_the_cells_are():
    fine = hillshade(plane(0.3, 0.1, 5.0), 5, 5)
    coarse = hillshade(plane(0.3, 0.1, 30.0), 30, 30)

    assert fine[4, 4] == pytest.approx(coarse[4, 4], abs=1e-5)


def test_heights_may_be_taken_higher_than_they_are():
    assert hillshade(plane(0.1, 0), 10, 10, exaggeration=4)[4, 4] == pytest.approx(
        hillshade(plane(0.4, 0), 10, 10)[4, 4], abs=1e-5
    )


def test_where_no_height_is_known_there_is_no_shade_and_beside_it_no_cliff():
    heights = np.zeros((5, 5), np.float32)
    heights[2, 2] = np.nan

    shade = hillshade(heights, 10, 10)

    assert np.isnan(shade[2, 2])
    assert shade[2, 1] == pytest.approx(LEVEL, abs=1e-6)
    assert tinted(shade)[2, 2, 3] == 0


def test_level_ground_lets_the_whole_map_through_and_a_shadow_little_of_it():
    picture = tinted(np.array([[LEVEL, 0.0, 1.0]], np.float32))

    assert picture[0, 0, 3] == 0
    assert picture[0, 1, 3] > 150
    assert picture[0, 1, :3].max() < picture[0, 2, :3].min()


@pytest.mark.parametrize("target", [3857, 5897])
def test_a_step_lies_where_it_lies_in_both_grids(tmp_path, target):
    # 1 km of level ground in cells of 10 m; at 590500 east it falls by 20 m: a shadow.
    heights = np.zeros((100, 100), np.float32)
    heights[:, 50:] = -20
    terrain = Terrain(heights, 5897, 590000.0, 2326000.0, 10.0, 10.0)

    (path,) = write_shaded(terrain, tmp_path, sha256=DIGEST, unit="m", targets=(target,))

    with rasterio.open(path) as made:
        opacity = made.read(4)
        rows, columns = np.nonzero(opacity > 60)
        xs, _ = made.transform * (columns + 0.5, rows + 0.5)
        step_east, _ = crs.transformer(5897, target).transform(590500.0, 2325500.0)
        middle = rows[np.abs(rows - made.height // 2) < 3]
        assert len(middle) > 0
        near_middle = np.abs(rows - made.height // 2) < 3
        assert np.abs(xs[near_middle] - step_east).max() <= 1.5 * made.transform.a
        assert made.transform.a == pytest.approx(10 if target == 5897 else 10.7, abs=0.1)


def test_degrees_are_shaded_as_metres(tmp_path):
    # 0.0001° at 21° north: 10.39 m to the east, 11.13 m to the north.
    terrain = Terrain(np.zeros((10, 10), np.float32), 4326, 105.8, 21.0005, 0.0001, 0.0001)

    width, height = terrain.cell_m

    assert width == pytest.approx(10.39, abs=0.01)
    assert height == pytest.approx(11.13, abs=0.01)


def test_what_is_there_is_not_made_again(tmp_path):
    terrain = Terrain(np.zeros((10, 10), np.float32), 5897, 590000, 2326000, 10, 10)
    (path,) = write_shaded(terrain, tmp_path, sha256=DIGEST, unit="m", targets=(5897,))
    made = path.stat().st_mtime_ns

    write_shaded(terrain, tmp_path, sha256=DIGEST, unit="m", targets=(5897,))

    assert path.stat().st_mtime_ns == made
    assert path.name == file_name(DIGEST, 5897, "m", 5897)
    assert [other.name for other in tmp_path.iterdir()] == [path.name]
