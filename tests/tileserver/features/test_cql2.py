"""CQL2 text becomes conditions; the expected ones are read off the grammar of the standard."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landdata import crs
from landdata.errors import Invalid
from tileserver import limits
from tileserver.features import conditions as c
from tileserver.features.cql2 import condition
from tileserver.features.systems import CRS84, System, address, named
from tileserver.layers import BY_ID

PARCELS = BY_ID["parcels"]
OWN = System(5897, north_first=False, name="")


def read(text: str, system: System = OWN) -> c.Condition:
    return condition(text, PARCELS, system)


def shape_of(text: str, system: System = OWN):
    found = read(f"S_INTERSECTS(geometry, {text})", system)
    assert isinstance(found, c.Spatial)
    return found.shape


def is_(number: str) -> c.Compare:
    return c.Compare("number", "=", number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("number = '12'", is_("12")),
        ("'12' = number", is_("12")),
        ("\"number\"='12'", is_("12")),
        ("number <> '12'", c.Compare("number", "<>", "12")),
        ("area_m2 >= 1.5e2", c.Compare("area_m2", ">=", Decimal("1.5e2"))),
        ("100 < area_m2", c.Compare("area_m2", ">", Decimal(100))),
        ("area_m2 > -.5", c.Compare("area_m2", ">", Decimal("-0.5"))),
        ("is_disputed = TRUE", c.Compare("is_disputed", "=", True)),
        ("is_disputed", c.Compare("is_disputed", "=", True)),
        ("number = 'it''s'", is_("it's")),
        ("number = ''", is_("")),
        ("address = 'phố Huế'", c.Compare("address", "=", "phố Huế")),
        ("valid_from < DATE('2026-01-31')", c.Compare("valid_from", "<", dt.date(2026, 1, 31))),
        ("valid_from < '2026-01-31'", c.Compare("valid_from", "<", dt.date(2026, 1, 31))),
        (
            "valid_from < TIMESTAMP('2026-01-31T12:00:00Z')",
            c.Compare("valid_from", "<", dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)),
        ),
        ("number LIKE 'A%'", c.Like("number", "A%")),
        ("number NOT LIKE 'A_'", c.Not(c.Like("number", "A_"))),
        ("CASEI(number) LIKE CASEI('A%')", c.Like("number", "a%", match_case=False)),
        ("CASEI(number) = CASEI('Ab')", c.Compare("number", "=", "Ab", match_case=False)),
        ("number = CASEI('Ab')", is_("ab")),
        ("area_m2 BETWEEN 1 AND 2", c.Between("area_m2", Decimal(1), Decimal(2))),
        ("area_m2 NOT BETWEEN 1 AND 2", c.Not(c.Between("area_m2", Decimal(1), Decimal(2)))),
        ("number IN ('1', '2')", c.OneOf("number", ("1", "2"))),
        ("number NOT IN ('1')", c.Not(c.OneOf("number", ("1",)))),
        (
            "CASEI(number) IN (CASEI('a'))",
            c.Any((c.Compare("number", "=", "a", match_case=False),)),
        ),
        ("address IS NULL", c.IsNull("address")),
        ("address IS NOT NULL", c.Not(c.IsNull("address"))),
        ("geometry IS NULL", c.IsNull("shape")),
        ("TRUE", c.All(())),
        ("false", c.Nothing()),
        ("\n number\t= '1' \r\n", is_("1")),
    ],
)
def test_a_predicate_is_read(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "number='1' OR number='2' AND number='3'",
            c.Any((is_("1"), c.All((is_("2"), is_("3"))))),
        ),
        (
            "number='1' AND number='2' OR number='3'",
            c.Any((c.All((is_("1"), is_("2"))), is_("3"))),
        ),
        (
            "(number='1' OR number='2') AND number='3'",
            c.All((c.Any((is_("1"), is_("2"))), is_("3"))),
        ),
        ("NOT number='1' AND number='2'", c.All((c.Not(is_("1")), is_("2")))),
        ("NOT (number='1' AND number='2')", c.Not(c.All((is_("1"), is_("2"))))),
        ("not NOT number='1'", c.Not(c.Not(is_("1")))),
        (
            "area_m2 BETWEEN 1 AND 2 AND number='1'",
            c.All((c.Between("area_m2", Decimal(1), Decimal(2)), is_("1"))),
        ),
    ],
)
def test_and_binds_closer_than_or_and_not_closer_than_both(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize("relation", list(c.Relation))
def test_every_relation_of_shapes_is_offered(relation):
    found = read(f"s_{relation.name.lower()}(geometry, POINT(590000 2325000))")

    assert found == c.Spatial(relation, shapely.Point(590000, 2325000))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (c.Relation.WITHIN, c.Relation.CONTAINS),
        (c.Relation.CONTAINS, c.Relation.WITHIN),
        (c.Relation.TOUCHES, c.Relation.TOUCHES),
    ],
)
def test_a_relation_is_turned_when_the_feature_comes_second(written, meant):
    found = read(f"S_{written.name}(POINT(1 2), geometry)")

    assert found == c.Spatial(meant, shapely.Point(1, 2))


@pytest.mark.parametrize(
    "text",
    [
        "POINT (590000 2325000)",
        "POINT Z (590000 2325000 7)",
        "LINESTRING (590000 2325000, 590010 2325000)",
        "POLYGON ((0 0, 9 0, 9 9, 0 0), (1 .5, 2 .5, 2 1, 1 .5))",
        "MULTIPOINT ((0 0), (1 1))",
        "MULTIPOINT (0 0, 1 1)",
        "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
        "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)), ((20 0, 29 0, 29 9, 20 0)))",
        "GEOMETRYCOLLECTION (POINT (0 0), LINESTRING (0 0, 1 1))",
    ],
)
def test_shapes_are_those_that_shapely_reads(text):
    assert shape_of(text) == shapely.force_2d(shapely.from_wkt(text))


@pytest.mark.parametrize("name", ["BBOX", "ENVELOPE", "bbox"])
def test_a_box_is_a_shape(name):
    assert shape_of(f"{name}(1, 2, 3, 4)").equals(shapely.box(1, 2, 3, 4))


def test_coordinates_stand_in_the_order_of_their_system():
    lon, lat = crs.transformer(5897, 4326).transform(590000, 2325000)

    east_first = shape_of(f"POINT({lon} {lat})", CRS84)
    north_first = shape_of(f"POINT({lat} {lon})", named(address(4326)))

    assert (east_first.x, east_first.y) == pytest.approx((590000, 2325000), abs=1e-3)
    assert (north_first.x, north_first.y) == pytest.approx((590000, 2325000), abs=1e-3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "cql2_unfinished"),
        ("number", "cql2_unfinished"),
        ("number =", "cql2_unfinished"),
        ("number = = '1'", "cql2_unexpected"),
        ("number = '1' number = '2'", "cql2_unexpected"),
        ("number = '1", "cql2_no_word"),
        ("number = '1' ; DROP TABLE x", "cql2_no_word"),
        ("(number = '1'", "cql2_unfinished"),
        ("number = '1')", "cql2_unexpected"),
        ("number IN ()", "cql2_unexpected"),
        ("number LIKE 5", "feature_like_needs_text"),
        ("nobody = '1'", "feature_attribute_unknown"),
        ("S_INTERSECTS(nobody, POINT(1 2))", "feature_attribute_unknown"),
        ("S_INTERSECTS(geometry, geometry)", "cql2_two_shapes"),
        ("S_INTERSECTS(POINT(1 2), POINT(1 2))", "cql2_two_shapes"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))", "cql2_no_shape"),
        ("S_INTERSECTS(geometry, BBOX(3, 0, 1, 1))", "cql2_no_shape"),
        ("S_INTERSECTS(geometry, BBOX(1, 0, 1))", "cql2_no_shape"),
        ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2))))", None),
        ("number = address", "cql2_attribute_and_value"),
        ("1 = 1", "cql2_attribute_and_value"),
        ("area_m2 + 1 > 2", "cql2_unexpected"),
        ("T_BEFORE(valid_from, DATE('2026-01-01'))", "cql2_not_offered"),
        ("A_EQUALS(number, number)", "cql2_not_offered"),
        ("lower(number) = 'a'", "cql2_not_offered"),
        ("valid_from = DATE('2026-02-30')", "cql2_unexpected"),
        ("valid_from = 'someday'", "feature_value_kind"),
        ("uuid = 'x' AND " * 30 + "NOT " * 30 + "is_disputed", "feature_filter_too_large"),
        ("(" * (limits.DEEPEST_FILTER + 1), "feature_filter_too_large"),
        ("CASEI(" * (limits.DEEPEST_FILTER + 1), "feature_filter_too_large"),
    ],
)
def test_what_is_no_filter_is_refused_with_a_reason(text, code):
    with pytest.raises(Invalid) as refused:
        read(text)

    assert refused.value.code == (code or "cql2_unexpected")


def test_a_filter_may_be_so_long_and_no_longer():
    longest = "number = '" + "x" * (limits.LONGEST_FILTER - 11) + "'"

    assert read(longest)
    with pytest.raises(Invalid, match="cql2_too_long"):
        read(longest + " ")


def test_a_shape_may_have_so_many_corners_and_no_more():
    corners = ", ".join(["1 2"] * (limits.MOST_CORNERS + 1))

    with pytest.raises(Invalid, match="feature_shape_too_large"):
        read(f"S_INTERSECTS(geometry, LINESTRING({corners}))")


@given(st.text(alphabet="numbercasi '\"()=<>,.AND ORNOT12-+%\n\0[é", max_size=80))
def test_any_text_is_read_or_refused(text):
    with suppress(Invalid):
        read(text)


NUMBERS = st.sampled_from(["1", "2"]).map(lambda n: (f"number = '{n}'", lambda x: x == n))


def _joined(parts):
    left, right = parts

    return st.sampled_from(
        [
            (f"({left[0]} AND {right[0]})", lambda x: left[1](x) and right[1](x)),
            (f"({left[0]} OR {right[0]})", lambda x: left[1](x) or right[1](x)),
            (f"NOT ({left[0]})", lambda x: not left[1](x)),
        ]
    )


def holds(found: c.Condition, number: str) -> bool:
    """Judge a condition on the number alone, as the database would."""
    if isinstance(found, c.All):
        return all(holds(part, number) for part in found.conditions)
    if isinstance(found, c.Any):
        return any(holds(part, number) for part in found.conditions)
    if isinstance(found, c.Not):
        return not holds(found.condition, number)
    assert isinstance(found, c.Compare)
    return found.value == number


@given(
    st.recursive(NUMBERS, lambda inner: st.tuples(inner, inner).flatmap(_joined), max_leaves=8),
    st.sampled_from(["1", "2", "3"]),
)
def test_what_is_built_of_and_or_and_not_means_what_it_says(built, number):
    text, oracle = built

    assert holds(read(text), number) == oracle(number)
