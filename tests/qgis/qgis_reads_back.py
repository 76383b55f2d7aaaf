"""What Debian's QGIS reads of the services is what the database holds.

Not named test_…, so that only `make test-qgis` collects it: QGIS is half a gigabyte.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image

from tests.clients.places import assert_shows_the_lake, box
from tests.small_city.ground import PARCELS, ZONES
from tileserver.layers import LAYERS

READER = Path(__file__).parent / "reader.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("qgis")


@pytest.fixture(scope="module")
def seen(small_city, folder):
    """What QGIS saw, in one run: it takes seconds to start."""
    done = subprocess.run(
        ["/usr/bin/python3", str(READER), small_city.url, str(folder), ",".join(map(str, box()))],
        # A profile of its own: no plugin and no setting of whoever runs this.
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "QT_QPA_PLATFORM": "offscreen",
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def parcels(small_city):
    """The parcels of the database: number → uuid, registered area, shape in EPSG:3857."""
    rows = small_city.rows(
        "SELECT number, uuid::text, legal_area_m2, ST_AsBinary(boundary_3857)"
        " FROM public_parcels WHERE to_revision IS NULL"
    )
    assert {row[0] for row in rows} == set(PARCELS)
    return {
        number: (uuid, float(area), shapely.from_wkb(bytes(shape)))
        for number, uuid, area, shape in rows
    }


def assert_are(found, parcels, *numbers):
    """Hold features that QGIS read against the database, to a millimetre."""
    assert sorted(row["number"] for row in found) == sorted(numbers)
    for row in found:
        uuid, area, shape = parcels[row["number"]]
        assert (row["uuid"], row["area_m2"]) == (uuid, area)
        assert shapely.from_wkt(row["wkt"]).hausdorff_distance(shape) < 0.002


@pytest.mark.parametrize("service", ["wms", "wmts"])
def test_a_map_shows_the_lake_where_it_lies(seen, folder, service):
    assert seen[service]["valid"]

    picture = Image.open(folder / seen[service]["picture"]).convert("RGB")
    # Tiles are resampled to the frame, which blurs their edges.
    assert_shows_the_lake(np.asarray(picture).astype(int), slack_px=4)


def test_the_feature_under_the_cursor_is_the_lake(seen):
    assert "Hồ Thử" in seen["wms"]["identified"]


def test_wfs_in_pages_of_two_gives_every_parcel_once(seen, parcels):
    assert seen["wfs"]["valid"]
    assert_are(seen["wfs"]["rows"], parcels, "1", "2", "3")


def test_the_pages_were_pages(seen):
    pages = [url for url in seen["asked"] if "REQUEST=GetFeature&" in url and "COUNT=2&" in url]

    assert any("STARTINDEX=0" in url for url in pages)
    assert any("STARTINDEX=2" in url for url in pages)


def test_wfs_with_a_filter_gives_the_parcel_that_is_asked_for(seen, parcels):
    assert seen["wfs_filtered"]["valid"]
    assert_are(seen["wfs_filtered"]["rows"], parcels, "2")


def test_wfs_gives_the_zones_in_force_today(seen):
    assert seen["wfs_zones"]["valid"]
    found = {row["label"]: row["function"] for row in seen["wfs_zones"]["rows"]}
    assert set(found) == set(ZONES)
    assert found["C"] == "DAT_HTXH_Yte"


def test_ogc_api_features_gives_every_parcel_once(seen):
    assert seen["oapif"]["valid"]
    assert sorted(row["number"] for row in seen["oapif"]["rows"]) == ["1", "2", "3"]


def test_vector_tiles_show_the_lake_where_it_lies(seen, folder):
    assert seen["vector_tiles"]["valid"]

    picture = Image.open(folder / seen["vector_tiles"]["picture"]).convert("RGB")
    assert_shows_the_lake(np.asarray(picture).astype(int), slack_px=4)


def test_every_layer_of_the_project_file_opens(seen):
    assert seen["project"]["read"]
    assert seen["project"]["invalid"] == []
    assert seen["project"]["layers"] >= len(LAYERS)


def test_the_layer_definition_opens(seen):
    assert seen["definition"]["layers"] >= 1
    assert seen["definition"]["invalid"] == []
