"""What describes the tiles, and tiles that GDAL reads by it."""

from __future__ import annotations

import gzip
import json
import subprocess

import pytest
import shapely
from django.utils import timezone

from landdata import crs
from tests.ground import add_parcel, square, tile_of
from tileserver import tiles

pytestmark = pytest.mark.django_db

HOME = square(590_000, 2_325_000)


def test_the_fields_are_those_that_the_tiles_carry(client):
    add_parcel("45", HOME)

    (described,) = client.get("/tiles/parcels.json?lang=en").json()["vector_layers"]
    at = tiles.place("parcels", 18, *tile_of(HOME, 18))
    body = gzip.decompress(tiles.render(at, day=timezone.localdate()).body)

    fields = described["fields"]
    assert set(fields) == {"uuid", "number", "land_use", "label_here"}
    assert all(name.encode() in body for name in fields)
    assert fields["uuid"] == "String: Record identifier, from zoom 17"


def test_gdal_reads_a_tile_where_the_plot_lies(tmp_path):
    add_parcel("45", HOME)
    x, y = tile_of(HOME, 18)
    at = tiles.place("parcels", 18, x, y)
    (tmp_path / "tile.pbf").write_bytes(tiles.render(at, day=timezone.localdate()).body)

    subprocess.run(
        [
            *("ogr2ogr", "-f", "GeoJSON", "-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=4"),
            *("-oo", "Z=18", "-oo", f"X={x}", "-oo", f"Y={y}", "-oo", "CLIP=NO"),
            *(tmp_path / "found.json", f"MVT:{tmp_path / 'tile.pbf'}", "parcels"),
        ],
        check=True,
    )

    (feature,) = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))["features"]
    assert feature["properties"]["number"] == "45"
    found = shapely.from_geojson(json.dumps(feature["geometry"]))
    surveyed = shapely.box(590_000, 2_325_000, 590_020, 2_325_020)
    # The tile's own rounding is under a centimetre.
    back = crs.transform(found, 3857, 5897)
    assert back.symmetric_difference(surveyed).area < 4 * 20 * 0.01
