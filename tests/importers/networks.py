"""Small network files, written with GDAL as the city's are.

n1 ---s1--- n2 ---s2--- n3      100 m each, from (590000, 2325000) eastwards
"""

from __future__ import annotations

import geopandas
import pandas
import pyogrio
import shapely

EAST, NORTH = 590_000.0, 2_325_000.0
EPSG = 5897


def point(metres, north=0.0):
    return shapely.Point(EAST + metres, NORTH + north)


def line(start, end, north=0.0):
    return shapely.LineString([(EAST + start, NORTH + north), (EAST + end, NORTH + north)])


def square(west, south, size=10.0):
    return shapely.MultiPolygon(
        [shapely.box(EAST + west, NORTH + south, EAST + west + size, NORTH + south + size)]
    )


def node(key, metres, **given):
    return {"node_key": key, "geometry": point(metres), **given}


def segment(key, start, end, **given):
    usual = {
        "segment_key": key,
        "name": f"Phố {key}",
        "name_en": f"{key} Street",
        "class": "residential",
        "technical_class": "",
        "width_m": 7.5,
        "from_node": f"n{start // 100 + 1}",
        "to_node": f"n{end // 100 + 1}",
        "level": 0,
        "one_way": "both",
        "is_urban": True,
        "strip_m": None,
        "red_line_m": 8.25,
        "planned_by": "",
        "geometry": line(start, end),
    }
    return {**usual, **given}


def network():
    """Return the layers of a sound file of every kind."""
    return {
        "node": [node("n1", 0), node("n2", 100), node("n3", 200)],
        "segment": [segment("s1", 0, 100), segment("s2", 100, 200, one_way="forward", level=1)],
        "power_line": [
            {
                "line_key": "p1",
                "name": "Đường dây 110 kV",
                "name_en": "110 kV line",
                "voltage_kv": 110.0,
                "conductor": "bare",
                "placement": "overhead",
                "outer_conductor_m": 3.5,
                "geometry": line(0, 300, 50),
            }
        ],
        "pipeline": [
            {
                "pipe_key": "g1",
                "name": "Ống khí",
                "name_en": "Gas main",
                "kind": "gas",
                "diameter_mm": 300.0,
                "pressure_bar": 16.0,
                "outer_m": 0.15,
                "geometry": line(0, 300, 60),
            }
        ],
        "water": [
            {
                "water_key": "w1",
                "name": "Hồ",
                "name_en": "Lake",
                "kind": "lake",
                "function": "culture",
                "is_urban": True,
                "bank": "",
                "geometry": square(0, 100, 50),
            }
        ],
        "dyke": [
            {
                "dyke_key": "d1",
                "name": "Đê",
                "name_en": "Dyke",
                "kind": "river",
                "grade": "I",
                "protected_side": "left",
                "foot_left_m": 12.0,
                "foot_right_m": 10.0,
                "is_urban": False,
                "geometry": line(0, 300, 200),
            }
        ],
        "railway": [
            {
                "rail_key": "r1",
                "name": "Đường sắt",
                "name_en": "Railway",
                "kind": "national",
                "strip_m": 5.6,
                "is_urban": True,
                "geometry": line(0, 300, 220),
            }
        ],
        "control_line": [
            {
                "line_key": "c1",
                "name": "Chỉ giới",
                "name_en": "Red line",
                "kind": "red_line",
                "plan_code": "QHPK-1",
                "decision_number": "12/QĐ-UBND",
                "decision_date": "2025-03-01",
                "authority": "UBND thành phố",
                "valid_from": "2025-03-01",
                "valid_to": None,
                "geometry": square(0, -10, 20),
            }
        ],
        "theme_coverage": [
            {
                "theme": "power_lines",
                "is_complete": True,
                "data_date": "2026-01-01",
                "valid_from": "2026-01-01",
                "geometry": square(-100, -100, 1000),
            }
        ],
    }


def write(path, layers, *, epsg=EPSG):
    """Write a GeoPackage with these layers; columns of a row that lacks them are null."""
    path.unlink(missing_ok=True)
    for name, rows in layers.items():
        if "geometry" in rows[0]:
            frame = geopandas.GeoDataFrame(rows, geometry="geometry", crs=epsg)
            frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio")
        else:
            pyogrio.write_dataframe(
                pandas.DataFrame(rows), path, layer=name, driver="GPKG", append=path.exists()
            )
    return path
