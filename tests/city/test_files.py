"""The bytes of the files: TCVN3 text, a bare .prj, the same every time."""

from __future__ import annotations

import json
import sqlite3

import numpy as np
import pyogrio
import pytest

from fixtures.city.geohash import geohashes
from fixtures.city.shapefile import Field, projection_text
from fixtures.city.text import byte_of_letter, encode_tcvn3, is_expressible
from landdata import crs
from tests.city.conftest import made, tcvn3_letters

NAMES = {
    "CITY.json",
    "available_sites.json",
    "dem.tif",
    "facilities.gpkg",
    "flood.tif",
    "network.gpkg",
    "land_use_plan.gpkg",
    "parcels.dbf",
    "parcels.prj",
    "parcels.shp",
    "parcels.shx",
    "parcels_utf8.csv",
    "plans.gpkg",
    "population_census.csv",
    "population_estimate.csv",
}
TEXT_COLUMNS = (
    "SOTO", "SOTHUA", "LOAIDAT", "DIACHI", "TENCHU", "SOTOCU", "SOTHUACU", "MADINHDANH", "GHICHU",
)  # fmt: skip


def test_the_same_recipe_gives_the_same_bytes(tmp_path):
    one = made(tmp_path / "one", place="vung-tau", parcels=250, seed=7)
    again = made(tmp_path / "again", place="vung-tau", parcels=250, seed=7)

    assert {p.name for p in one.iterdir()} == NAMES
    assert {
        p.name for p in one.iterdir() if p.read_bytes() != (again / p.name).read_bytes()
    } == set()


def test_another_seed_gives_another_city(tmp_path, vung_tau):
    other = made(tmp_path / "other", place="vung-tau", parcels=400, seed=2)

    assert (other / "parcels.shp").read_bytes() != (vung_tau.folder / "parcels.shp").read_bytes()


def test_every_string_comes_back_from_tcvn3(city):
    letters = tcvn3_letters()
    for row, original in zip(city.rows, city.originals, strict=True):
        for column in TEXT_COLUMNS:
            decoded = "".join(letters.get(byte, chr(byte)) for byte in row[column])
            assert decoded == original[column].strip(" "), column


def test_the_dbf_holds_tcvn3_bytes_and_no_others(city):
    known = set(tcvn3_letters()) | set(range(0x20, 0x7F))
    text = b"".join(row["DIACHI"] + row["TENCHU"] for row in city.rows)

    assert set(text) <= known
    # "phố" is p, h and the one byte E8; in UTF-8 it would be p, h, E1, BB, 91.
    assert b"ph\xe8 " in text
    assert "phố".encode() not in city.dbf


def test_nothing_in_the_files_tells_the_encoding(city):
    assert city.dbf[29] == 0
    assert not list(city.folder.glob("*.cpg"))


def test_parcel_numbers_are_padded_with_blanks(city):
    size = int.from_bytes(city.dbf[10:12], "little")
    head = int.from_bytes(city.dbf[8:10], "little")
    first = city.dbf[head : head + size]

    # Deletion mark, KVHC_ID 9, SOTO 10, TYLE 6, then SOTHUA 10.
    assert first[26:36] == city.originals[0]["SOTHUA"].encode("ascii").ljust(10)


def test_some_sheets_and_numbers_have_blanks_before_them(city):
    for column in ("SOTO", "SOTHUA"):
        indented = [i for i, row in enumerate(city.originals) if row[column].startswith(" ")]
        assert 0 < len(indented) < len(city.rows) / 10
    begins = city.field("SOTHUA")
    assert begins[indented[0]].startswith(b" ")
    assert begins[indented[0]].strip(b" ") == city.rows[indented[0]]["SOTHUA"]


def test_capitals_with_a_tone_mark_cannot_be_written():
    assert not is_expressible("Phố Ấu Triệu")
    with pytest.raises(ValueError, match="Ấ"):
        encode_tcvn3("Phố Ấu Triệu")


def test_every_letter_of_the_table_has_one_byte():
    letters = tcvn3_letters()

    assert all(byte_of_letter()[letter] == byte for byte, letter in letters.items())
    assert len(set(byte_of_letter().values())) == len(byte_of_letter())


def test_a_value_that_does_not_fit_is_refused_not_cut():
    with pytest.raises(ValueError, match="GHICHU holds 4 bytes, 3 fit"):
        Field("GHICHU", "C", 3).to_bytes(["abcd"])
    with pytest.raises(ValueError, match="TYLE holds 5 bytes, 4 fit"):
        Field("TYLE", "N", 4).to_bytes(np.array([10000]))


@pytest.mark.parametrize("epsg", [5897, 5899])
def test_the_projection_names_its_grid_but_no_code_and_no_datum_shift(epsg):
    text = projection_text(epsg)

    assert crs.resolve(text) == epsg
    assert "AUTHORITY" not in text
    assert "TOWGS84" not in text


def test_geohashes_agree_with_the_published_vectors():
    lon = np.array([106.6936122445, 107.0669140160, 109.1697834138, 105.8676749941])
    lat = np.array([10.7774438600, 10.3531919580, 11.9075010087, 21.0162806732])

    found = geohashes(lon, lat)

    assert found.tolist() == ["w3gv7cgzjm5k", "w3u4ukexxyv7", "w6jespxn0r4d", "w7er91fkxwsj"]


def test_national_ids_are_unique(city):
    assert len({row["MADINHDANH"] for row in city.rows}) == len(city.rows)


def test_addresses_are_unique_and_name_the_ward(city):
    addresses = [row["DIACHI"] for row in city.originals]

    assert len(set(addresses)) == len(addresses)
    assert all(", phường " in a and a.startswith("Số ") for a in addresses)


def test_every_holder_is_marked_as_invented(city):
    assert all(row["TENCHU"].endswith("(tên giả định)") for row in city.originals)


def test_some_registered_areas_differ_from_the_survey(city):
    differ = [row["DIENTICH"] != row["DTPHAPLY"] for row in city.rows]

    assert 0.1 < np.mean(differ) < 0.5


def test_geopackages_carry_no_time_of_writing(city):
    for name in ("plans.gpkg", "network.gpkg", "facilities.gpkg"):
        with sqlite3.connect(city.folder / name) as file:
            stamps = {row[0] for row in file.execute("SELECT last_change FROM gpkg_contents")}
        assert stamps == {"2025-05-01T00:00:00.000Z"}


def test_the_summary_counts_what_was_written(city):
    summary = json.loads((city.folder / "CITY.json").read_text(encoding="utf-8"))

    assert summary["parcels_written"] == summary["parcels_requested"] == len(city.rows)
    assert summary["zones"] == len(city.layer("plans.gpkg", "zone"))
    assert "OpenStreetMap contributors (ODbL 1.0)" in summary["licence"]


def test_streets_are_real_and_have_widths(city):
    segments = city.layer("network.gpkg", "segment")
    streets = segments[segments["segment_key"].str.startswith("w")]

    assert "Phố Tràng Thi" in set(streets["name"])
    assert streets["width_m"].between(3, 60).all()


def test_lakes_say_that_they_are_invented(tmp_path):
    folder = made(tmp_path / "lake", place="hanoi", parcels=4000)
    water = pyogrio.read_dataframe(folder / "network.gpkg", layer="water")

    assert (water["kind"] == "lake").any()
    assert water["name"].str.contains("(giả định)", regex=False).all()
