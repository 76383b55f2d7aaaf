"""Real extracts: the ids, tags and coordinates of OpenStreetMap and nothing else."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pyarrow.parquet
import pyogrio
import pytest
from django.core.management import CommandError, call_command

OSM = Path(__file__).parents[2] / "fixtures" / "osm"


def extract(name: str, folder: Path) -> Path:
    call_command("make_city", "--extract", name, "--out", str(folder), stdout=io.StringIO())
    return folder / "network.osm"


@pytest.fixture(scope="module")
def hanoi_osm(tmp_path_factory) -> ET.Element:
    file = extract("hanoi", tmp_path_factory.mktemp("extract") / "hanoi")
    return ET.parse(file).getroot()  # noqa: S314 (our own file)


def test_every_way_of_hanoi_has_its_tags_and_nodes(hanoi_osm):
    rows = pyarrow.parquet.read_table(OSM / "hanoi_roads.parquet").to_pylist()
    spelled = {"name_en": "name:en"}
    columns = [
        "highway", "name", "name_en", "oneway", "lanes", "maxspeed", "surface", "bridge", "layer",
    ]  # fmt: skip

    ways = {int(way.get("id")): way for way in hanoi_osm.iter("way")}

    assert len(ways) == len(rows) == 24_690
    for row in rows:
        way = ways[row["osm_id"]]
        assert [int(nd.get("ref")) for nd in way.iter("nd")] == row["node_ids"]
        assert {tag.get("k"): tag.get("v") for tag in way.iter("tag")} == {
            spelled.get(c, c): row[c] for c in columns if row[c] is not None
        }


def test_every_node_of_hanoi_lies_where_openstreetmap_has_it(hanoi_osm):
    at = {}
    for row in pyarrow.parquet.read_table(OSM / "hanoi_roads.parquet").to_pylist():
        for number, x, y in zip(row["node_ids"], row["lon_e7"], row["lat_e7"], strict=True):
            at[number] = (x, y)

    written = {
        int(node.get("id")): (
            int(node.get("lon").replace(".", "")),
            int(node.get("lat").replace(".", "")),
        )
        for node in hanoi_osm.iter("node")
    }

    assert written == at


def test_gdal_reads_hanoi_as_openstreetmap(tmp_path):
    file = extract("hanoi", tmp_path / "hanoi")

    lines = pyogrio.read_dataframe(file, layer="lines")

    assert len(lines) == 24_690
    bridge = lines[lines["osm_id"] == "9656730"].iloc[0]
    assert bridge["name"] == "Cầu Chương Dương"
    assert bridge.geometry.coords[0] == pytest.approx((105.8656403, 21.0397556), abs=1e-9)


def test_the_map_of_ho_chi_minh_city_comes_out_as_it_is_kept(tmp_path):
    written = extract("hcmc", tmp_path / "hcmc").read_bytes()

    assert written == gzip.decompress((OSM / "hcmc_d1_d3.osm.gz").read_bytes())
    root = ET.fromstring(written)  # noqa: S314 (our own file)
    kinds = [tag.get("k") for element in root for tag in element.iter("tag")]
    assert kinds.count("building") == 696
    assert kinds.count("highway") == 504
    nodes = {node.get("id") for node in root.iter("node")}
    assert all(nd.get("ref") in nodes for way in root.iter("way") for nd in way.iter("nd"))


def test_no_extract_leads_to_a_person():
    text = gzip.decompress((OSM / "hcmc_d1_d3.osm.gz").read_bytes()).decode()
    keys = set(re.findall(r'<tag k="([^"]+)"', text))

    assert not re.search(r' (user|uid|changeset|timestamp)="', text)
    assert not {
        k for k in keys if re.search(r"phone|fax|email|contact|website|operator|owner|note", k)
    }
    assert not re.search(r"[\w.]+@\w+\.\w", text)
    with (OSM / "hanoi_hospitals.csv").open(encoding="utf-8") as rows:
        assert rows.readline() == "osm_type,osm_id,lon,lat,amenity,name,name_en\n"


def test_an_extract_says_its_licence(tmp_path):
    summary = extract("hcmc", tmp_path / "hcmc").with_name("CITY.json")

    assert "OpenStreetMap contributors (ODbL 1.0)" in json.loads(summary.read_text())["licence"]


def test_an_extract_that_there_is_not_is_refused_in_both_languages(tmp_path):
    with pytest.raises(CommandError) as refused:
        extract("hue", tmp_path / "out")

    assert "Không có trích lục OSM “hue”" in str(refused.value)
    assert "There is no OSM extract “hue”" in str(refused.value)
    assert refused.value.returncode == 2
    assert os.listdir(tmp_path) == []


def test_a_city_and_an_extract_are_not_made_at_once(tmp_path):
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("make_city", "--parcels", "200", "--extract", "hcmc", "--out", str(tmp_path))
