"""Page, vector tile and extract put a corner where the received file says it is, within 1 cm.

The file is read with GDAL and moved to WGS 84 by the official operation spelled out step by step;
tiles are decoded by a library of others. Nothing of our own arithmetic stands on that side.
"""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import mapbox_vector_tile
import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from tests.browser.live import LiveCity, running_city
from tests.landdata.test_crs import PIPELINE
from tests.servers import own_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

ZOOM = 18
WORLD_M = 40_075_016.685578488


@pytest.fixture(scope="module")
def other_city(tmp_path_factory) -> Iterator[LiveCity]:
    """A city in another zone, made from nothing as on a new machine."""
    folder, database = tmp_path_factory.mktemp("vung-tau"), own_name("corners")
    with running_city(folder, database, place="vung-tau", epsg=5899) as city:
        yield city


@pytest.fixture(scope="module", params=[("live_city", 105.0), ("other_city", 107.75)])
def place(request) -> tuple[LiveCity, Path, Transformer]:
    name, meridian = request.param
    city: LiveCity = request.getfixturevalue(name)
    (file,) = Path(city.environment["DIADO_VAR"]).glob("city/*/parcels.shp")
    return city, file, Transformer.from_pipeline(PIPELINE.format(cm=meridian, k=0.9999))


def answer(url: str) -> bytes:
    with urlopen(url) as response:
        body: bytes = response.read()
        return gzip.decompress(body) if response.headers["Content-Encoding"] == "gzip" else body


def corners(geometry: dict[str, Any]) -> NDArray[np.float64]:
    return shapely.get_coordinates(shapely.from_geojson(json.dumps(geometry)))


def metres(wanted: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    """How far the worst of the wanted corners is from the found ring, on the ground.

    From the ring, not from its corners: a tile leaves out a corner that lies on a straight line,
    as where only the neighbour's fence ends.
    """
    scale = np.array([111_320.0 * math.cos(math.radians(wanted[0][1])), 111_320.0])
    ring = shapely.LinearRing((found - wanted[0]) * scale)
    return float(shapely.distance(shapely.points((wanted - wanted[0]) * scale), ring).max())


def in_tile(lonlat: NDArray[np.float64], x: int, y: int) -> NDArray[np.bool_]:
    across = (lonlat[:, 0] + 180) / 360 * 2**ZOOM
    latitude = np.radians(lonlat[:, 1])
    down = (1 - np.log(np.tan(latitude) + 1 / np.cos(latitude)) / np.pi) / 2 * 2**ZOOM
    inside: NDArray[np.bool_] = (np.floor(across) == x) & (np.floor(down) == y)
    return inside


def tile_of(lon: float, lat: float) -> tuple[int, int]:
    down = 1 - math.log(math.tan(math.radians(lat)) + 1 / math.cos(math.radians(lat))) / math.pi
    return int((lon + 180) / 360 * 2**ZOOM), int(down / 2 * 2**ZOOM)


def tile_corners(content: bytes, uuid: str, x: int, y: int) -> NDArray[np.float64]:
    """The corners that a tile draws for a plot, in degrees."""
    layer = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})["parcels"]
    (feature,) = [f for f in layer["features"] if f["properties"]["uuid"] == uuid]
    drawn = corners(feature["geometry"]) / layer["extent"]
    east = ((x + drawn[:, 0]) / 2**ZOOM - 0.5) * WORLD_M
    north = (0.5 - (y + drawn[:, 1]) / 2**ZOOM) * WORLD_M
    to_degrees = Transformer.from_crs(3857, 4326, always_xy=True)
    return np.column_stack(to_degrees.transform(east, north))


def test_everything_puts_a_corner_within_a_centimetre_of_the_received_one(place):
    city, file, official = place
    received = pyogrio.read_dataframe(file, encoding="ISO-8859-1", columns=[]).geometry.values
    plots = city.rows(
        "SELECT uuid::text, source_row FROM public_parcels WHERE to_revision IS NULL"
        " ORDER BY md5(uuid::text) LIMIT 12"
    )
    sides = set()
    for uuid, row in plots:
        wanted = np.column_stack(official.transform(*shapely.get_coordinates(received[row]).T))
        sides.add(bool(wanted[0][0] < 107.11))

        extract = json.loads(answer(f"{city.url}/api/parcels/{uuid}/extract"))
        assert metres(wanted, corners(extract["parcel"]["boundary"])) < 0.01

        page = json.loads(answer(f"{city.url}/parcels/{uuid}/answer/"))
        assert metres(wanted, corners(page["boundary"])) < 0.01

        x, y = tile_of(*wanted[0])
        tile = answer(f"{city.url}/tiles/parcels/{ZOOM}/{x}/{y}.pbf")
        here = wanted[in_tile(wanted, x, y)]
        assert len(here) > 0
        assert metres(here, tile_corners(tile, uuid, x, y)) < 0.01
    if "5899" in city.database_url:
        # The city lies on both sides of the meridian at which PROJ changes the datum.
        assert sides == {True, False}
