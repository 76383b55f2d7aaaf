"""The terrain of a city, read with rasterio."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.features import geometry_mask

from tests.city.test_network import network, shapes

EPSG = {"hanoi": 5897, "vung-tau": 5899}


def heights(city) -> tuple[np.ma.MaskedArray, rasterio.Affine]:
    with rasterio.open(city.folder / "dem.tif") as file:
        return file.read(1, masked=True), file.transform


def on(city, geometries) -> np.ndarray:
    """Heights of the cells whose middle lies on the shapes."""
    height, transform = heights(city)
    inside = geometry_mask(geometries, height.shape, transform, invert=True)
    return height[inside]


def at(city, points) -> np.ndarray:
    with rasterio.open(city.folder / "dem.tif") as file:
        return np.array([v[0] for v in file.sample(shapely.get_coordinates(points))])


def test_it_is_a_compressed_grid_of_ten_metres_in_the_system_of_the_place(city):
    with rasterio.open(city.folder / "dem.tif") as file:
        assert file.count == 1
        assert file.dtypes == ("float32",)
        assert file.res == (10.0, 10.0)
        assert file.nodata == -9999.0
        assert file.crs.to_epsg() == EPSG[city.folder.name]
        assert file.compression.name == "deflate"
        assert file.transform.c % 10 == 0
        assert file.transform.f % 10 == 0


def test_every_lot_has_a_height_and_far_outside_there_is_none(city):
    height, _ = heights(city)

    assert (at(city, shapely.point_on_surface(city.lots)) > -100).all()
    assert height[0, 0] is np.ma.masked
    assert height[-1, -1] is np.ma.masked


def test_the_land_is_low_and_flat_as_along_the_red_river(city):
    found = at(city, shapely.point_on_surface(city.lots))

    assert np.percentile(found, 5) > 3.0
    assert np.percentile(found, 95) < 12.5
    assert found.max() <= 12.6
    assert 5.0 < np.median(found) < 8.5


def test_the_dyke_is_higher_than_land_and_water_is_lower(city):
    crest = [
        point
        for dyke in shapes(network(city, "dyke"))
        for point in shapely.line_interpolate_point(dyke, np.linspace(0.2, 0.8, 5), normalized=True)
    ]
    land = np.median(at(city, shapely.point_on_surface(city.lots)))
    water = on(city, [w.buffer(-12.0) for w in shapes(network(city, "water")) if w.area > 4000])

    assert np.median(at(city, crest)) > land + 2.0
    assert len(water) > 20
    assert np.ma.median(water) < land - 1.5


def test_land_has_no_cliffs_away_from_dykes(city):
    height, transform = heights(city)
    near = [d.buffer(60.0) for d in shapes(network(city, "dyke"))]
    near += [w.buffer(60.0) for w in shapes(network(city, "water"))]
    away = geometry_mask(near, height.shape, transform)
    step = np.ma.abs(np.ma.diff(height, axis=1))

    assert step[away[:, 1:]].max() < 0.5


def test_water_stands_on_low_ground_up_to_one_level_and_no_depth_is_said_of_lakes(city):
    height, _ = heights(city)
    with rasterio.open(city.folder / "flood.tif") as file:
        depth = file.read(1, masked=True)
        assert (file.dtypes, file.res, file.nodata) == (("float32",), (10.0, 10.0), -9999.0)
    known = ~np.ma.getmaskarray(depth)

    assert known.mean() > 0.3
    assert 0.02 < (depth[known] > 0).mean() < 0.6
    assert (height + depth)[known & (depth > 0).filled(False)].data == pytest.approx(5.9, abs=0.02)
    assert (height[known & (depth == 0).filled(False)] >= 5.89).all()
    lakes = [w.buffer(-12.0) for w in shapes(network(city, "water")) if w.area > 4000]
    with rasterio.open(city.folder / "flood.tif") as file:
        inside = geometry_mask(lakes, file.shape, file.transform, invert=True)
    assert not known[inside].any()
