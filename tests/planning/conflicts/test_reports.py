"""Conflicts to take along: a table, layers, a document. Each is read back by another program."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import subprocess

import pyogrio
import pytest
import shapely
from django.utils.translation import override
from shapely import box

from planning.conflict_reports import as_csv
from planning.conflict_reports.as_geopackage import geopackage
from planning.conflict_reports.as_pdf import pdf
from planning.conflict_reports.drawing import Frame
from planning.conflict_reports.records import Report, ReportParty, ReportRow
from tests.planning.conflicts.test_words import RULE

EAST, NORTH = 587_000.0, 2_325_000.0
NOW = dt.datetime(2026, 11, 20, 3, 15, tzinfo=dt.UTC)


def row(number, *, severity="blocks", name="Ô A1", east=0.0, **given):
    ground = box(EAST + east, NORTH, EAST + east + 100, NORTH + 50)
    zone = box(EAST + east - 40, NORTH - 30, EAST + east + 100, NORTH + 90)
    other = box(EAST + east, NORTH - 60, EAST + east + 160, NORTH + 50)
    values = {
        "key": f"k{number}",
        "rule": RULE,
        "severity": severity,
        "state": "open",
        "text_vi": f"Ô {number} có chức năng đất ở trong đất cây xanh: 5.000 m².",
        "text_en": f"Zone {number} is housing on public green: 5,000 m².",
        "area_m2": 5000.0,
        "parcels": 12,
        "people": 37.5,
        "wards": [("00001", "Phúc Xá")],
        "parties": [
            ReportParty("zone", f"z{number}", name, zone),
            ReportParty("zone", f"u{number}", "Cây xanh", other),
        ],
        "place": (EAST + east + 50, NORTH + 25),
        "ground": ground,
        "first_seen": NOW,
        "first_run": 1,
        "by_edit": 17,
        "by": "Lan",
        "assigned_to": "",
        "decision": "",
        "values": {"function": "DAT_O"},
    }
    return ReportRow(**{**values, **given})


def report(rows):
    return Report(
        scope="QHPK-01",
        name_vi="Quy hoạch phân khu số 1",
        name_en="Zoning plan no. 1",
        run=3,
        on=dt.date(2026, 11, 20),
        revision=42,
        edits=17,
        finished_at=NOW,
        is_current=True,
        made_at=NOW,
        by="Nguyễn Thị Lan",
        by_severity={"blocks": 2, "warns": 1, "notes": 1},
        by_family={"plans": {"blocks": 2, "warns": 1, "notes": 1}},
        total=len([one for one in rows if "reason" not in one.values]),
        unchecked=len([one for one in rows if "reason" in one.values]),
        epsg=5897,
        rows=iter(rows),
        extent=box(EAST - 500, NORTH - 400, EAST + 900, NORTH + 500),
    )


def table_of(rows):
    text = b"".join(as_csv.lines(rows, 5897)).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_the_table_has_a_line_for_each_conflict_with_the_law_behind_it():
    (line,) = table_of([row(1)])

    assert line["rule"] == "P01"
    assert line["text_vi"].startswith("Ô 1 có chức năng")
    assert line["text_en"].startswith("Zone 1")
    assert (line["area_m2"], line["parcels"], line["people"]) == ("5000.0", "12", "37.5")
    assert line["parties"] == "zone:z1 zone:u1"
    assert line["ward_names"] == "Phúc Xá"
    assert line["law"] == "own choice"
    assert (line["east"], line["north"]) == ("587050.0", "2325025.0")
    # EPSG:5897 by PROJ's own definition, without our grids, agrees to some metres.
    assert float(line["latitude"]) == pytest.approx(21.0, abs=0.1)
    assert line["first_seen"] == "2026-11-20T03:15:00+00:00"


def test_what_is_not_known_is_empty_and_not_nought():
    (line,) = table_of([row(1, parcels=None, people=None, by_edit=None, first_seen=None)])

    assert (line["parcels"], line["people"], line["by_edit"], line["first_seen"]) == ("",) * 4


@pytest.mark.parametrize("evil", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "＝1"])
def test_no_name_becomes_a_formula_in_a_spreadsheet(evil):
    (line,) = table_of([row(1, name=evil, text_vi=evil, by=evil, assigned_to=evil)])

    for column in ("text_vi", "by", "assigned_to"):
        assert line[column] == f"'{evil}"
    assert line["party_names"] == f"'{evil}; Cây xanh"


def test_a_long_list_comes_in_pieces():
    pieces = list(as_csv.lines((row(n) for n in range(500)), 5897))

    assert len(pieces) > 2
    assert len(b"".join(pieces).decode().splitlines()) == 501


def test_the_geopackage_has_layers_by_severity_places_and_both_shapes(tmp_path):
    rows = [
        row(1),
        row(2, severity="warns", east=300.0, parcels=None),
        row(3, severity="notes", ground=None, area_m2=0.0),
    ]
    path = tmp_path / "made.gpkg"
    with geopackage(report(rows)) as file:
        path.write_bytes(file.read())

    layers = {str(name): str(kind) for name, kind in pyogrio.list_layers(path)}
    assert layers == {
        "conflicts_blocks": "MultiPolygon",
        "conflicts_warns": "MultiPolygon",
        "conflicts_notes": "MultiPolygon",
        "conflict_places": "Point",
        "conflict_parties": "Unknown",
    }
    blocks = pyogrio.read_dataframe(path, layer="conflicts_blocks")
    assert blocks.crs.to_epsg() == 5897
    assert blocks.area.tolist() == pytest.approx([5000])
    assert blocks.iloc[0]["law"] == "own choice"
    places = pyogrio.read_dataframe(path, layer="conflict_places")
    assert places["key"].tolist() == ["k1", "k2", "k3"]
    assert places["parcels"].isna().tolist() == [False, True, False]
    parties = pyogrio.read_dataframe(path, layer="conflict_parties")
    assert parties["conflict"].tolist() == ["k1", "k1", "k2", "k2", "k3", "k3"]
    assert parties.area.iloc[0] == pytest.approx(140 * 120)
    assert not len(pyogrio.read_dataframe(path, layer="conflicts_notes"))


def test_a_geopackage_of_no_conflicts_has_its_layers_too(tmp_path):
    path = tmp_path / "none.gpkg"
    with geopackage(report([])) as file:
        path.write_bytes(file.read())

    assert len(pyogrio.list_layers(path)) == 5


def text_of(content, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    return subprocess.run(
        ["/usr/bin/pdftotext", "-layout", str(path), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


ROWS = [
    *(row(n, east=n * 120.0 - 300) for n in range(1, 4)),
    row(4, severity="warns", east=500.0, state="accepted"),
    row(5, severity="notes", east=-350.0, parcels=None, people=None),
    row(
        6,
        severity="notes",
        ground=None,
        area_m2=0.0,
        text_vi="Không có số dân nên không kiểm tra được.",
        text_en="Not checked: the population is unknown.",
        values={"reason": "population_unknown"},
    ),
]


def test_the_document_says_in_vietnamese_what_blocks_and_by_which_law(tmp_path):
    with override("vi"):
        text = text_of(pdf(report(ROWS)), tmp_path)

    assert "Báo cáo xung đột quy hoạch" in text
    assert "Quy hoạch phân khu số 1" in text
    assert "Các xung đột chặn phê duyệt" in text
    assert text.count("own choice") == 3
    assert "Không có số dân nên không kiểm tra được." in text
    assert "đã chấp nhận" in text
    assert "EPSG:5897" in text


def test_the_document_is_in_english_too(tmp_path):
    with override("en"):
        text = text_of(pdf(report(ROWS)), tmp_path)

    assert "Report on conflicts of plans" in text
    assert "Not checked: the population is unknown." in text
    assert "Conflicts that block approval" in text
    assert "1 things could not be checked" in text
    # 2 blocks, 1 warning, 1 note, for the family and in all.
    assert [
        line.split()[-3:] for line in text.splitlines() if line.strip().startswith("In all")
    ] == [["2", "1", "1"]]


def test_a_document_of_no_conflicts_says_so(tmp_path):
    with override("en"):
        none = report([])
        text = text_of(pdf(none), tmp_path)

    assert "No conflicts." in text
    assert "Every rule had the data that it needs." in text


def test_a_document_that_is_older_than_the_draft_says_so(tmp_path):
    with override("en"):
        text = text_of(pdf(dataclasses.replace(report([]), is_current=False)), tmp_path)

    assert "older than the drawing" in text


def test_what_is_too_much_for_paper_is_counted(tmp_path):
    rows = [row(n, east=n % 30 * 10.0) for n in range(650)]

    with override("en"):
        text = text_of(pdf(report(rows)), tmp_path)

    assert "50 more are not printed here" in text
    assert "590 more that block are not drawn here" in text


def test_names_are_never_read_as_typst(tmp_path):
    evil = '#read("/etc/passwd") *bold* $x$ #{panic()}'

    with override("en"):
        text = text_of(pdf(report([row(1, text_en=evil, name=evil)])), tmp_path)

    assert '#read("/etc/passwd")' in text


def test_a_drawing_is_to_scale_and_north_is_up():
    frame = Frame.around((EAST, NORTH, EAST + 100, NORTH + 50), 62.0, 62.0)

    # 100 m and 12 % on both sides fill 62 mm: half a millimetre a metre.
    assert frame.mm_per_m == pytest.approx(0.5)
    (path,) = frame.paths(box(EAST, NORTH, EAST + 100, NORTH + 50))
    assert path["is_closed"]
    assert sorted({x for x, _ in path["rings"][0]}) == pytest.approx([6.0, 56.0])
    assert sorted({y for _, y in path["rings"][0]}) == pytest.approx([18.5, 43.5])
    assert frame.at((EAST, NORTH + 50)) == pytest.approx((6.0, 18.5))
    assert frame.bar() == {"m": 50, "mm": 25.0}
    assert frame.paths(shapely.LineString([(EAST, NORTH), (EAST + 10, NORTH)]))[0]["rings"] == [
        [[6.0, 43.5], [11.0, 43.5]]
    ]
