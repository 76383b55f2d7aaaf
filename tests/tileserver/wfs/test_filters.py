"""Filters of FES 2.0, as pairs and as XML, on plots that can be counted by hand."""

from __future__ import annotations

import pytest

from landdata import crs
from tests.tileserver.wfs.asking import filtered, get, kvp_filter, numbers, problem

pytestmark = pytest.mark.usefixtures("street")


def compare(name: str, literal: str, *, operator: str = "PropertyIsEqualTo", more: str = "") -> str:
    return (
        f"<fes:{operator} {more}><fes:ValueReference>{name}</fes:ValueReference>"
        f"<fes:Literal>{literal}</fes:Literal></fes:{operator}>"
    )


def like(pattern: str, *, wild: str = "*", more: str = "") -> str:
    signs = f'wildCard="{wild}" singleChar="?" escapeChar="!" {more}'
    return compare("address", pattern, operator="PropertyIsLike", more=signs)


def spatial(operator: str, shape: str, *, reference: str = "diado:shape") -> str:
    named = f"<fes:ValueReference>{reference}</fes:ValueReference>" if reference else ""
    return f"<fes:{operator}>{named}{shape}</fes:{operator}>"


def near(operator: str, metres: str, *, unit: str = "m") -> str:
    return spatial(operator, f'{POINT}<fes:Distance uom="{unit}">{metres}</fes:Distance>')


def envelope(west, south, east, north, *, srs: str = 'srsName="urn:ogc:def:crs:EPSG::5897"') -> str:
    return (
        f"<gml:Envelope {srs}><gml:lowerCorner>{west} {south}</gml:lowerCorner>"
        f"<gml:upperCorner>{east} {north}</gml:upperCorner></gml:Envelope>"
    )


def polygon(west, south, east, north) -> str:
    ring = f"{west} {south} {east} {south} {east} {north} {west} {north} {west} {south}"
    return (
        '<gml:Polygon gml:id="a" srsName="urn:ogc:def:crs:EPSG::5897"><gml:exterior>'
        f"<gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing>"
        "</gml:exterior></gml:Polygon>"
    )


def lat_lon(east: float, north: float) -> str:
    lon, lat = crs.transformer(5897, 4326).transform(east, north)
    return f"{lat:.9f} {lon:.9f}"


POINT = (
    '<gml:Point gml:id="p" srsName="urn:ogc:def:crs:EPSG::5897">'
    "<gml:pos>590020 2325010</gml:pos></gml:Point>"
)
CURVE = (
    '<gml:Curve gml:id="c" srsName="EPSG:5897"><gml:segments><gml:LineStringSegment>'
    "<gml:posList>590000 2325010 590030 2325010</gml:posList>"
    "</gml:LineStringSegment></gml:segments></gml:Curve>"
)


def instant(day: str) -> str:
    return (
        f'<gml:TimeInstant gml:id="t"><gml:timePosition>{day}</gml:timePosition></gml:TimeInstant>'
    )


def period(begin: str, end: str) -> str:
    return (
        f'<gml:TimePeriod gml:id="t"><gml:beginPosition>{begin}</gml:beginPosition>'
        f"<gml:endPosition>{end}</gml:endPosition></gml:TimePeriod>"
    )


def temporal(operator: str, time: str, *, name: str = "valid_from") -> str:
    return spatial(operator, time, reference=name)


CASES = {
    "equal": (compare("number", "2"), "2"),
    "qualified": (compare("diado:parcels/diado:number", "2"), "2"),
    "turned": (
        "<fes:PropertyIsLessThan><fes:Literal>300</fes:Literal>"
        "<fes:ValueReference>area_m2</fes:ValueReference></fes:PropertyIsLessThan>",
        "45",
    ),
    "unequal": (compare("area_m2", "100", operator="PropertyIsNotEqualTo"), "245"),
    "less": (compare("area_m2", "200", operator="PropertyIsLessThan"), "1"),
    "at most": (compare("area_m2", "200", operator="PropertyIsLessThanOrEqualTo"), "12"),
    "greater": (compare("area_m2", "2e2", operator="PropertyIsGreaterThan"), "45"),
    "at least": (compare("area_m2", "400.0", operator="PropertyIsGreaterThanOrEqualTo"), "45"),
    "any case": (compare("address", "ĐỘI CẤN", more='matchCase="false"'), "135"),
    "this case": (compare("address", "ĐỘI CẤN", more='matchCase="true"'), ""),
    "truth": (compare("is_disputed", "false"), "12345"),
    "between": (
        "<fes:PropertyIsBetween><fes:ValueReference>area_m2</fes:ValueReference>"
        "<fes:LowerBoundary><fes:Literal>100</fes:Literal></fes:LowerBoundary>"
        "<fes:UpperBoundary><fes:Literal>200</fes:Literal></fes:UpperBoundary>"
        "</fes:PropertyIsBetween>",
        "12",
    ),
    "like": (like("Đội*"), "135"),
    "like one": (like("Đ?i C?n"), "135"),
    "like plain percent": (like("%"), ""),
    "like escaped": (like("Đội!*"), ""),
    "null": (
        "<fes:PropertyIsNull><fes:ValueReference>area_m2</fes:ValueReference></fes:PropertyIsNull>",
        "3",
    ),
    "nil": (
        "<fes:PropertyIsNil><fes:ValueReference>area_m2</fes:ValueReference></fes:PropertyIsNil>",
        "3",
    ),
    "and": (f"<fes:And>{compare('address', 'Đội Cấn')}{compare('number', '3')}</fes:And>", "3"),
    "or": (f"<fes:Or>{compare('number', '1')}{compare('number', '4')}</fes:Or>", "14"),
    "not": (f"<fes:Not>{compare('number', '1')}</fes:Not>", "2345"),
    "bbox": (spatial("BBOX", envelope(590000, 2325000, 590045, 2325001)), "12"),
    "bbox of GDAL": (
        spatial("BBOX", envelope(590000, 2325000, 590045, 2325001, srs=""), reference=""),
        "12",
    ),
    "bbox lat lon": (
        spatial(
            "BBOX",
            '<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326">'
            f"<gml:lowerCorner>{lat_lon(590015, 2325004)}</gml:lowerCorner>"
            f"<gml:upperCorner>{lat_lon(590045, 2325006)}</gml:upperCorner></gml:Envelope>",
        ),
        "12",
    ),
    "intersects": (spatial("Intersects", POINT), "1"),
    "within": (spatial("Within", polygon(590020, 2325000, 590061, 2325020)), "12"),
    "contains": (spatial("Contains", POINT.replace("590020", "590050")), "2"),
    "touches": (spatial("Touches", polygon(590000, 2325000, 590020, 2325020)), "1"),
    "crosses": (spatial("Crosses", CURVE), "1"),
    "overlaps": (spatial("Overlaps", polygon(590030, 2325000, 590060, 2325020)), "1"),
    "equals": (spatial("Equals", polygon(590040, 2325000, 590060, 2325020)), "2"),
    "disjoint": (spatial("Disjoint", polygon(590020, 2325000, 590061, 2325020)), "45"),
    "near": (near("DWithin", "20"), "12"),
    "near in km": (near("DWithin", "0.02", unit="km"), "12"),
    "beyond": (near("Beyond", "20"), "345"),
    "after": (temporal("After", instant("2025-12-31")), "12345"),
    "not after": (temporal("After", instant("2026-01-01")), ""),
    "before": (temporal("Before", instant("2026-01-01T00:00:01+07:00")), "12345"),
    "before the day": (temporal("Before", instant("2026-01-01T00:00:00+07:00")), ""),
    "equal day": (temporal("TEquals", instant("2026-01-01")), "12345"),
    "during": (temporal("During", period("2025-12-31", "2026-01-02")), "12345"),
    "its begin is not during it": (temporal("During", period("2026-01-01", "2026-01-02")), ""),
    "begins": (temporal("Begins", period("2026-01-01", "2026-01-02")), "12345"),
    "meets": (temporal("AnyInteracts", period("2026-01-01", "2026-01-02")), "12345"),
    "temporal among others": (
        f"<fes:And>{temporal('After', instant('2025-12-31'))}{compare('number', '2')}</fes:And>",
        "2",
    ),
}


@pytest.mark.parametrize(("predicate", "expected"), CASES.values(), ids=CASES)
def test_a_filter_chooses_the_same_plots_as_xml_and_as_pairs(predicate, expected):
    assert numbers(filtered(predicate)) == expected
    pairs = {"TYPENAMES": "diado:parcels", "FILTER": kvp_filter(predicate)}
    assert numbers(get(**pairs)) == expected


REFUSED = {
    "unknown attribute": compare("owner", "x"),
    "text against number": compare("area_m2", "many"),
    "number too large": compare("area_m2", "9e999"),
    "shape compared": compare("shape", "1"),
    "two names": (
        "<fes:PropertyIsEqualTo><fes:ValueReference>number</fes:ValueReference>"
        "<fes:ValueReference>address</fes:ValueReference></fes:PropertyIsEqualTo>"
    ),
    "function": (
        '<fes:PropertyIsEqualTo><fes:Function name="pg_sleep"><fes:Literal>9</fes:Literal>'
        "</fes:Function><fes:Literal>1</fes:Literal></fes:PropertyIsEqualTo>"
    ),
    "pattern for a number": compare(
        "area_m2",
        "1*",
        operator="PropertyIsLike",
        more='wildCard="*" singleChar="?" escapeChar="!"',
    ),
    "pattern that ends in an escape": like("a!"),
    "signs alike": like("a", wild="?"),
    "xpath": compare("number[1]", "2"),
    "other type": compare("roads/number", "2"),
    "empty": "",
    "one operand": "<fes:PropertyIsEqualTo><fes:Literal>1</fes:Literal></fes:PropertyIsEqualTo>",
    "unknown operator": "<fes:PropertyIsOdd/>",
    "box upside down": spatial("BBOX", envelope(590045, 2325000, 590000, 2325001)),
    "degrees that do not exist": spatial(
        "BBOX", envelope(105, 21, 106, 22, srs='srsName="urn:ogc:def:crs:EPSG::4326"')
    ),
    "system not published": spatial("BBOX", envelope(1, 2, 3, 4, srs='srsName="EPSG:2154"')),
    "numbers that are none": spatial("BBOX", envelope("a", 2, 3, 4)),
    "infinite": spatial("BBOX", envelope("-inf", 2, "inf", 4)),
    "one number": spatial("Intersects", POINT.replace("590020 2325010", "1")),
    "three dimensions": spatial("Intersects", POINT.replace("590020 2325010", "1 2 3")),
    "no ring": spatial("Within", '<gml:Polygon gml:id="x"/>'),
    "open ring": spatial("Within", polygon(0, 0, 1, 1).replace("0 0 1 0 1 1 0 1 0 0", "0 0")),
    "crossing itself": spatial(
        "Within", polygon(0, 0, 1, 1).replace("0 0 1 0 1 1 0 1 0 0", "0 0 1 1 1 0 0 1 0 0")
    ),
    "arc": spatial("Crosses", CURVE.replace("LineStringSegment", "Arc")),
    "unit": near("DWithin", "1", unit="parsec"),
    "distance": near("DWithin", "-1"),
    "no distance": near("DWithin", ""),
    "too far": near("DWithin", "1e30"),
    "time of a text": temporal("After", instant("2026-01-01"), name="number"),
    "no day": temporal("After", instant("tomorrow")),
    "indeterminate": temporal("After", instant("")),
    "unknown relation": temporal("MetBy", period("2026-01-01", "2026-01-02")),
    "version": '<fes:ResourceId rid="parcels.1" version="1"/>',
    "another type's feature": '<fes:ResourceId rid="roads.ground.1"/>',
}


@pytest.mark.parametrize("predicate", REFUSED.values(), ids=REFUSED)
def test_a_filter_that_cannot_be_answered_is_an_exception_and_tells_nothing(predicate):
    pairs = {"TYPENAMES": "diado:parcels", "FILTER": kvp_filter(predicate)}
    for response in (filtered(predicate), get(**pairs)):
        status, code, _ = problem(response)

        assert status == 400
        assert code in ("InvalidParameterValue", "OperationParsingFailed")
        said = response.content.decode()
        assert "SELECT" not in said
        assert "psycopg2" not in said
        assert "boundary" not in said
