"""GDAL's WMS and WMTS drivers: Debian's programs, and the younger library within rasterio."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
import rasterio
from PIL import Image
from pyproj import Transformer
from rasterio.windows import from_bounds

from landdata import crs
from tests.clients.gdal import run
from tests.clients.places import DRY, SIZE_PX, WET, assert_shows_the_lake, box
from tests.small_city.ground import placed
from tileserver.layers import LAYERS

#: The lake's north-east corner, within the box of the layer: GDAL reads tiles in there only.
_SHORE = (100.0, 100.0, 600.0, 600.0)


@pytest.fixture
def no_cache():
    """Pictures kept from an earlier run would hide what the server answers now."""
    before = os.environ.get("GDAL_ENABLE_WMS_CACHE")
    os.environ["GDAL_ENABLE_WMS_CACHE"] = "NO"
    yield
    if before is None:
        del os.environ["GDAL_ENABLE_WMS_CACHE"]
    else:
        os.environ["GDAL_ENABLE_WMS_CACHE"] = before


def wmts_of(city, layer="water", grid="WebMercatorQuad"):
    metadata = f"{city.url}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"
    return f"WMTS:{metadata},layer={layer},tilematrixset={grid}"


def wms_of(city, version="1.3.0"):
    name = "CRS" if version == "1.3.0" else "SRS"
    west, south, east, north = box()
    return (
        f"WMS:{city.url}/wms?SERVICE=WMS&VERSION={version}&REQUEST=GetMap&LAYERS=water&STYLES="
        f"&{name}=EPSG:3857&BBOX={west},{south},{east},{north}&FORMAT=image/png"
        f"&OVERVIEWCOUNT=1&MINRESOLUTION=2"
    )


def test_gdal_lists_every_layer_of_the_wms(small_city):
    said = json.loads(run("gdalinfo", "-json", f"WMS:{small_city.url}/wms"))

    subdatasets = said["metadata"]["SUBDATASETS"]
    offered = "\n".join(subdatasets.values())
    assert all(f"&LAYERS={layer.id}&" in offered for layer in LAYERS)
    assert all(layer.title_vi in offered for layer in LAYERS)


@pytest.mark.parametrize("version", ["1.1.1", "1.3.0"])
def test_gdal_reads_the_wms_where_the_lake_lies(small_city, tmp_path, version):
    west, south, east, north = map(str, box())

    run(
        *("gdal_translate", "-q", "-of", "PNG"),
        *("-projwin", west, north, east, south, "-outsize", str(SIZE_PX), str(SIZE_PX)),
        *(wms_of(small_city, version), str(tmp_path / "lake.png")),
    )

    assert_shows_the_lake(np.asarray(Image.open(tmp_path / "lake.png").convert("RGB")))


@pytest.mark.parametrize(("place", "is_wet"), [(WET, True), (DRY, False)])
def test_gdal_reads_a_pixel_of_the_wmts_at_a_known_place(small_city, place, is_wet):
    x, y = placed(*place)

    values = run(
        *("gdallocationinfo", "-geoloc", "-valonly", wmts_of(small_city), repr(x), repr(y))
    ).split()

    assert len(values) == 4
    assert (int(values[3]) > 0) is is_wet


def test_gdal_reads_the_city_s_own_grid_at_a_known_place(small_city):
    dataset = wmts_of(small_city, grid="VN2000-5897")
    to_city = crs.transformer(3857, 5897)
    for place, is_wet in ((WET, True), (DRY, False)):
        east, north = placed(*place)
        x, y = to_city.transform(east, north)
        values = run("gdallocationinfo", "-geoloc", "-valonly", dataset, repr(x), repr(y)).split()

        assert (int(values[3]) > 0) is is_wet


def test_the_younger_gdal_reads_the_same_tiles(small_city, no_cache):
    with rasterio.open(wmts_of(small_city)) as tiles:
        assert tiles.crs.to_epsg() == 3857
        window = from_bounds(*box(_SHORE), transform=tiles.transform)
        bands = tiles.read(window=window, out_shape=(4, SIZE_PX, SIZE_PX))

    assert_shows_the_lake(np.moveaxis(bands, 0, 2).astype(int), _SHORE)


def test_the_younger_gdal_reads_the_wms(small_city, no_cache):
    with rasterio.open(wms_of(small_city)) as drawn:
        assert drawn.crs.to_epsg() == 3857
        window = from_bounds(*box(), transform=drawn.transform)
        bands = drawn.read(window=window, out_shape=(3, SIZE_PX, SIZE_PX))

    assert_shows_the_lake(np.moveaxis(bands, 0, 2).astype(int))


def test_the_box_of_the_wmts_layer_is_the_grid_s(small_city):
    said = json.loads(run("gdalinfo", "-json", wmts_of(small_city)))

    (left, top), (right, low) = (said["cornerCoordinates"][k] for k in ("upperLeft", "lowerRight"))
    west, south = placed(0, 0)
    east, north = placed(400, 400)
    assert left <= west
    assert top >= north
    assert right >= east
    assert low <= south
    assert Transformer.from_crs(3857, 4326, always_xy=True).transform(left, top)[1] < 90
