"""Filters: OGC API Features, part 3 (19-079r2), and CQL2 text (21-065r2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.conformance.damages import first, json_changed, refused, retyped
from tests.conformance.oapif import BOOK
from tests.conformance.oapif.asking import (
    MERCATOR,
    WGS84,
    assert_features,
    assert_ok,
    document,
    items,
    moved,
    names,
    one_link,
    several,
)
from tests.conformance.oapif.descriptions import member_gone, without
from tests.conformance.oapif.features import ONE_LESS, ONE_TWICE, PROBLEM_SPOILT, refuses
from tests.small_city.ground import placed

if TYPE_CHECKING:
    from tests.conformance.answers import Answer
    from tests.conformance.assertions import Check

_SCHEMA = "application/schema+json"
_QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"


def filtered(text: str, layer: str = "parcels", **further: str) -> Any:
    """Return a request for the features that a filter names."""
    pairs = [("filter", text), *((n.replace("_", "-"), t) for n, t in further.items())]
    return items(layer, pairs)


def gives(*numbers: str) -> Check:
    """Return the checker of the numbers of the parcels that come back."""

    def check(answer: Answer) -> None:
        found = [feature["properties"]["number"] for feature in assert_features(answer)]
        assert sorted(found) == sorted(numbers)

    return check


@BOOK.states("queryables.link", document("collections/parcels"), without(_QUERYABLES))
def _link(answer: Answer) -> None:
    link = one_link(assert_ok(answer), _QUERYABLES)
    assert link["href"].endswith("/collections/parcels/queryables")


@BOOK.states(
    "queryables.response",
    several(document("collections/parcels/queryables"), items("parcels")),
    first(member_gone("$schema")),
    first(retyped("application/json")),
    first(json_changed("no properties", lambda value: value["properties"].clear())),
)
def _queryables(answer: Answer, features: Answer) -> None:
    found = assert_ok(answer, _SCHEMA)
    assert found.get("$schema") == "https://json-schema.org/draft/2020-12/schema"
    assert found["$id"].endswith("/collections/parcels/queryables")
    assert found["type"] == "object"
    assert found["properties"].get("geometry", {}).get("format") == "geometry-multipolygon"
    for feature in assert_features(features):
        for name, value in feature["properties"].items():
            described = found["properties"][name]
            assert value is None or _fits(described["type"], value), name


def _fits(kind: str, value: Any) -> bool:
    kinds = {"string": str, "integer": int, "number": int | float, "boolean": bool}
    return isinstance(value, kinds[kind])


BOOK.demands(
    "queryables.parameter", items("parcels", [("number", "2")]), gives("2"), ONE_LESS, ONE_TWICE
)
BOOK.demands(
    "queryables.parameter-of-a-wrong-kind",
    items("parcels", [("area_m2", "large")]),
    refuses(400),
    *PROBLEM_SPOILT,
)

for _name, _text, _numbers in (
    ("cql2.equal", "number = '2'", ("2",)),
    ("cql2.unequal", "number <> '2'", ("1", "3")),
    ("cql2.less", "number < '2'", ("1",)),
    ("cql2.greater-or-equal", "number >= '2'", ("2", "3")),
    ("cql2.number", "area_m2 > 1393.5", ("1", "2", "3")),
    ("cql2.date", "valid_from = DATE('2020-01-01')", ("1", "2", "3")),
    ("cql2.timestamp", "valid_from < TIMESTAMP('2030-01-01T00:00:00Z')", ("1", "2", "3")),
    ("cql2.boolean", "is_disputed = FALSE", ("1", "2", "3")),
    ("cql2.and-or", "number = '1' OR number = '2' AND number = '3'", ("1",)),
    ("cql2.not", "NOT (number = '1' OR number = '2')", ("3",)),
    ("cql2.is-not-null", "number IS NOT NULL", ("1", "2", "3")),
    ("cql2.like", "number LIKE '_' AND number NOT LIKE '3%'", ("1", "2")),
    ("cql2.between", "area_m2 BETWEEN 1394 AND 1395", ("1", "2", "3")),
    ("cql2.in", "number IN ('1', '3')", ("1", "3")),
    ("cql2.casei", "CASEI(land_use) = CASEI('odt')", ("1", "2", "3")),
):
    BOOK.demands(_name, filtered(_text), gives(*_numbers), ONE_LESS, ONE_TWICE, refused(400))


@BOOK.states("cql2.is-null", filtered("number IS NULL"), refused(400))
def _nothing(answer: Answer) -> None:
    assert assert_features(answer) == []


def _wkt(kind: str, corners: tuple[float, ...], system: str) -> str:
    flat = placed(*corners)
    points = [moved((flat[i], flat[i + 1]), system) for i in range(0, len(flat), 2)]
    body = ", ".join(f"{x:.9f} {y:.9f}" for x, y in points)
    return {"POINT": f"POINT({body})", "LINE": f"LINESTRING({body})", "AREA": f"POLYGON(({body}))"}[
        kind
    ]


#: Parcels 1, 2 and 3 are 40 m squares side by side, from (500, 100).
_AROUND_2 = (539, 99, 581, 99, 581, 141, 539, 141, 539, 99)
_IN_2 = (550, 110, 570, 110, 570, 130, 550, 130, 550, 110)
_OVER_1_AND_2 = (530, 110, 550, 110, 550, 130, 530, 130, 530, 110)
_THROUGH_ALL = (480, 120, 640, 120)
_AT = (560, 120)
for _name, _relation, _kind, _corners, _numbers in (
    ("intersects", "S_INTERSECTS", "POINT", _AT, ("2",)),
    ("intersects-area", "S_INTERSECTS", "AREA", _OVER_1_AND_2, ("1", "2")),
    ("disjoint", "S_DISJOINT", "AREA", _OVER_1_AND_2, ("3",)),
    ("within", "S_WITHIN", "AREA", _AROUND_2, ("2",)),
    ("contains", "S_CONTAINS", "AREA", _IN_2, ("2",)),
    ("overlaps", "S_OVERLAPS", "AREA", _OVER_1_AND_2, ("1", "2")),
    ("crosses", "S_CROSSES", "LINE", _THROUGH_ALL, ("1", "2", "3")),
):
    BOOK.demands(
        f"cql2.{_name}",
        filtered(f"{_relation}(geometry, {_wkt(_kind, _corners, MERCATOR)})", filter_crs=MERCATOR),
        gives(*_numbers),
        ONE_LESS,
        ONE_TWICE,
    )


@BOOK.states(
    "filter.filter-crs",
    several(
        filtered(f"S_INTERSECTS(geometry, {_wkt('POINT', _AT, WGS84)})", filter_crs=WGS84),
        filtered(f"S_INTERSECTS(geometry, {_wkt('POINT', _AT, MERCATOR)})", filter_crs=MERCATOR),
    ),
    ONE_LESS,
    replace(first(ONE_LESS), name="one less in degrees"),
)
def _in_each_system(degrees: Answer, metres: Answer) -> None:
    for answer in (degrees, metres):
        gives("2")(answer)


@BOOK.states(
    "filter.filter-crs-wgs84",
    filtered(
        "S_INTERSECTS(geometry, "
        + _wkt("POINT", _AT, "http://www.opengis.net/def/crs/OGC/1.3/CRS84")
        + ")"
    ),
    ONE_LESS,
)
def _core_system(answer: Answer) -> None:
    gives("2")(answer)


@BOOK.states(
    "filter.filter-lang", filtered("number = '2'", filter_lang="cql2-text"), refused(400), ONE_LESS
)
def _language(answer: Answer) -> None:
    gives("2")(answer)


@BOOK.states(
    "filter.mixing-expressions",
    items("water", [("filter", "kind = 'lake'"), ("name", "Ao Thử")]),
    ONE_LESS,
    ONE_TWICE,
)
def _mixed(answer: Answer) -> None:
    found = assert_features(answer)
    assert names(found) == {"Ao Thử"}
    assert len(found) == 1


for _name, _ask in (
    ("filter.filter-lang-unknown", filtered("number = '2'", filter_lang="cql2-json")),
    ("filter.filter-crs-unknown", filtered("number = '2'", filter_crs="http://nowhere")),
    ("filter.not-queryable", filtered("holder = 'x'")),
    ("filter.unreadable", filtered("number = ")),
    ("filter.too-deep", filtered("(" * 60 + "number = '2'" + ")" * 60)),
):
    BOOK.demands(_name, _ask, refuses(400), *PROBLEM_SPOILT)
