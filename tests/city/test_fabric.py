"""The lots as a cadastre must have them, measured from the files alone."""

from __future__ import annotations

import collections
import csv
import gzip

import numpy as np
import pyogrio
import shapely

from fixtures.city.coverage import edges_of, longest_neighbour, outer_length
from fixtures.city.recipe import PLACES
from fixtures.city.sheets import load_wards, number_lots
from landdata import crs
from tests.city.conftest import REFERENCE

UNITS = REFERENCE.parent / "units"


def test_lots_cover_their_ground_without_gap_or_overlap(city):
    lots = city.lots

    assert shapely.is_valid(lots).all()
    assert shapely.coverage_is_valid(lots)
    ground = shapely.union_all(lots)
    assert abs(shapely.area(lots).sum() - ground.area) < 1e-6
    assert shapely.get_num_interior_rings(shapely.get_parts(ground)).sum() == 0


def test_every_corner_lies_on_the_millimetre(city):
    corners = shapely.get_coordinates(city.lots)

    assert np.array_equal(corners, np.round(corners, 3))


def test_nine_lots_in_ten_have_a_front_of_a_metre(city):
    lots = city.lots
    streets_and_alleys = shapely.boundary(shapely.union_all(lots))
    front_m = shapely.length(shapely.intersection(shapely.boundary(lots), streets_and_alleys))

    assert (front_m > 1.0).mean() > 0.9


def test_lots_are_as_large_as_in_a_vietnamese_city(city):
    assert 60 <= np.median(shapely.area(city.lots)) <= 90


def test_exactly_as_many_parcels_as_asked(hanoi, vung_tau):
    assert len(hanoi.lots) == 900
    assert len(vung_tau.lots) == 400


def test_vung_tau_lies_on_both_sides_of_the_datum_seam(vung_tau):
    longitude = shapely.get_x(crs.transform(shapely.centroid(vung_tau.lots), 5899, 4326))

    assert (longitude < 107.11).any()
    assert (longitude > 107.11).any()
    assert np.abs(longitude - 107.11).max() < 0.05


def test_a_parcel_belongs_to_the_ward_it_lies_in(city):
    wards = load_wards(PLACES[city.folder.name])
    by_code = dict(zip(wards.code, wards.boundary, strict=True))
    inside = [
        # Boundaries of Hà Nội's wards are simplified to 50 m and gape.
        by_code[f"{int(row['KVHC_ID']) - 100_000:05d}"].distance(lot.representative_point()) < 60
        for row, lot in zip(city.rows, city.lots, strict=True)
    ]

    assert all(inside)


def test_a_number_occurs_once_on_a_sheet(city):
    keys = collections.Counter(
        (row["KVHC_ID"], row["SOTO"], row["TYLE"], row["SOTHUA"])
        for row in city.rows
        if row["SOTHUA"] != b"KXD"
    )

    assert max(keys.values()) == 1


def test_several_lots_of_one_sheet_have_no_determined_number(city):
    sheets = collections.Counter(
        (row["KVHC_ID"], row["SOTO"], row["TYLE"]) for row in city.rows if row["SOTHUA"] == b"KXD"
    )

    assert 2 <= max(sheets.values()) <= 10
    assert sum(sheets.values()) <= max(10, 0.01 * len(city.rows))


def test_the_same_sheet_number_exists_at_two_scales_of_a_ward(city):
    scales: dict[tuple[bytes, ...], set[bytes]] = collections.defaultdict(set)
    for row in city.rows:
        scales[row["KVHC_ID"], row["SOTO"]].add(row["TYLE"])

    assert {b"500", b"1000"} in scales.values()


def test_an_old_number_names_one_old_parcel_and_its_parts_lie_side_by_side(city):
    parts: dict[tuple[bytes, ...], list[shapely.Polygon]] = collections.defaultdict(list)
    for row, lot in zip(city.rows, city.lots, strict=True):
        if row["SOTHUACU"]:
            parts[row["KVHCCU_ID"], row["SOTOCU"], row["SOTHUACU"]].append(lot)
    divided = [lots for lots in parts.values() if len(lots) > 1]

    assert 0 < len(divided) < 0.05 * len(parts)
    assert {len(lots) for lots in divided} <= {2, 3}
    assert all(shapely.union_all(lots).geom_type == "Polygon" for lots in divided)


def test_old_numbers_come_with_their_old_ward_and_sheet_or_not_at_all(city):
    for row in city.rows:
        known = {row["SOTOCU"] != b"", row["SOTHUACU"] != b"", row["KVHCCU_ID"] != b"0"}
        assert len(known) == 1
    assert 0.4 < np.mean([row["SOTHUACU"] != b"" for row in city.rows]) < 0.95


def test_the_old_ward_went_into_the_ward_of_today(city):
    with gzip.open(UNITS / "succession_2025-07-01.csv.gz", "rt", encoding="utf-8") as rows:
        became = {(row["old_ward"], row["new_ward"]) for row in csv.DictReader(rows)}

    for row in city.rows:
        if row["KVHCCU_ID"] != b"0":
            pair = tuple(f"{int(row[c]) - 100_000:05d}" for c in ("KVHCCU_ID", "KVHC_ID"))
            assert pair in became


def test_some_lots_have_several_uses_in_one_field(city):
    assert b"ODT+CLN" in {row["LOAIDAT"] for row in city.rows}


def test_a_sheet_shows_one_square_of_the_grid(city):
    squares: dict[tuple[bytes, ...], set[tuple[float, float]]] = collections.defaultdict(set)
    for row, lot in zip(city.rows, city.lots, strict=True):
        side = 250.0 if row["TYLE"] == b"500" else 500.0
        at = lot.point_on_surface()
        squares[row["KVHC_ID"], row["SOTO"], row["TYLE"]].add((at.x // side, at.y // side))

    assert all(len(found) == 1 for found in squares.values())


def test_numbers_run_like_a_snake():
    # Two rows of three on one sheet: 1 2 3 above, 6 5 4 below.
    points = shapely.points([(10, 490), (50, 490), (90, 490), (10, 460), (50, 460), (90, 460)])

    numbers = number_lots(points, np.zeros(6, dtype=np.int64))

    assert numbers.number.tolist() == [1, 2, 3, 6, 5, 4]
    assert set(numbers.sheet.tolist()) == {1}
    assert set(numbers.scale.tolist()) == {1000}


def test_a_ward_border_divides_a_square_into_two_sheets():
    points = shapely.points([(10, 10), (20, 10)])

    numbers = number_lots(points, np.array([0, 1]))

    assert numbers.number.tolist() == [1, 1]
    assert numbers.ward.tolist() == [0, 1]


def test_neighbours_are_found_by_their_common_edge():
    #   10 +---+------+
    #      | 0 |  1   |   2 lies apart
    #    0 +---+------+
    #      0   4     10
    lots = np.array(
        [shapely.box(0, 0, 4, 10), shapely.box(4, 0, 10, 10), shapely.box(50, 0, 51, 1)]
    )

    edges = edges_of(lots)

    assert outer_length(edges, 3).tolist() == [18.0, 22.0, 4.0]
    assert longest_neighbour(edges, 3).tolist() == [1, 0, -1]


def test_gdal_reads_the_shapefile_with_all_its_rows(city):
    info = pyogrio.read_info(city.folder / "parcels.shp", encoding="ISO-8859-1")

    assert info["features"] == len(city.rows) == len(city.originals)
    assert info["geometry_type"] == "Polygon"
    measured = np.array([float(row["DIENTICH"]) for row in city.rows])
    assert np.abs(measured - shapely.area(city.lots)).max() <= 0.0501
