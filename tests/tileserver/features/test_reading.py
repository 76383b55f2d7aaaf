"""The feature engine against shapely, pyproj and arithmetic."""

from __future__ import annotations

import json

import pytest
import shapely
from django.conf import settings
from django.db import connection

from landdata import crs
from landdata.errors import Invalid
from tests.ground import LATER, add_parcel, add_road, add_unit, close_parcel, shape, square
from tileserver.features import conditions as c
from tileserver.features import geojson, read, systems
from tileserver.features.query import FeatureQuery, Keyset
from tileserver.layers import BY_ID, LAYERS

pytestmark = pytest.mark.django_db
OWN = systems.default()


def ask(layer="parcels", *, system=OWN, **values) -> list[dict]:
    """Return the features of one page, read by Python's own JSON."""
    known = values.pop("known_at", None)
    known = read.edition(None).revision if known is None else known
    query = FeatureQuery(BY_ID[layer], LATER, known, system.epsg, **values)
    page = read.page(query, geojson.one_column(system))
    return [json.loads(text) for (text,) in page]


def numbers(**values) -> list[str]:
    return [f["properties"]["number"] for f in ask(**values)]


@pytest.fixture
def street():
    """Five plots of 20 m in a row, numbers 1 to 5, the third without an area."""
    return [
        add_parcel(
            str(n),
            square(590000 + 20 * n, 2325000),
            legal_area_m2=None if n == 3 else 100 * n,
            address="Đội Cấn" if n % 2 else "Liễu Giai",
        )
        for n in range(1, 6)
    ]


def test_a_feature_says_all_attributes_of_its_kind(street):
    first = ask()[0]

    assert first["id"] == f"parcels.{street[0].parcel_id}"
    assert first["properties"]["area_m2"] == 100
    assert first["properties"]["is_disputed"] is False
    assert first["properties"]["valid_to"] is None
    assert first["properties"]["data_date"] == "2026-01-01"
    assert set(first["properties"]) == {a.name for a in BY_ID["parcels"].attributes}


@pytest.mark.parametrize("epsg", systems.published())
def test_coordinates_are_those_that_pyproj_computes(street, epsg):
    system = systems.named(systems.urn(epsg))

    found = shapely.geometry.shape(ask(system=system)[0]["geometry"])

    stored = shapely.from_wkb(bytes(street[0].boundary.wkb))
    expected = crs.transform(stored, settings.STORAGE_EPSG, epsg)
    most = 2e-9 if epsg == 4326 else 0.002
    assert shapely.hausdorff_distance(found, expected) < most


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
@pytest.mark.parametrize("epsg", [settings.STORAGE_EPSG, 4326, 3857, 9210])
def test_every_layer_answers_in_every_kind_of_system(layer, epsg):
    query = FeatureQuery(
        layer, LATER, 0, epsg, sort=tuple((a.name, True) for a in layer.attributes)
    )

    assert list(read.page(query, geojson.one_column(systems.named(f"EPSG:{epsg}")))) == []
    assert read.count(query) == 0


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (c.Compare("number", "=", "2"), "2"),
        (c.Compare("area_m2", ">=", 400), "45"),
        (c.Compare("area_m2", "<>", 100), "245"),
        (c.Between("area_m2", 100, 200), "12"),
        (c.IsNull("area_m2"), "3"),
        (c.Not(c.IsNull("area_m2")), "1245"),
        (c.OneOf("number", ("1", "5", "9")), "15"),
        (c.Like("address", "Đội%"), "135"),
        (c.Like("address", "đội%"), ""),
        (c.Like("address", "đội%", match_case=False), "135"),
        (c.Like("address", "Đ_ C_n"), ""),
        (c.Like("address", "Đ_i C_n"), "135"),
        (c.Compare("address", "=", "ĐỘI CẤN", match_case=False), "135"),
        (c.Compare("is_disputed", "=", False), "12345"),
        (c.All(()), "12345"),
        (c.Any(()), ""),
        (c.Nothing(), ""),
        (c.Any((c.Compare("number", "=", "1"), c.Compare("number", "=", "4"))), "14"),
        (c.All((c.Compare("number", ">", "1"), c.Compare("number", "<", "4"))), "23"),
        (c.InBox(590000, 2325000, 590045, 2325001), "12"),
        (c.InBox(590030, 2325005, 590035, 2325006), "1"),
        (c.InBox(590019.9, 2325000, 590019.999, 2325001), ""),
        (c.Near(shapely.Point(590020, 2325010), 20.0), "12"),
        (c.Near(shapely.Point(590020, 2325010), 20.0, is_within=False), "345"),
        (c.Spatial(c.Relation.WITHIN, shapely.box(590020, 2325000, 590061, 2325020)), "12"),
        (c.Spatial(c.Relation.CONTAINS, shapely.Point(590050, 2325010)), "2"),
        (c.Spatial(c.Relation.TOUCHES, shapely.box(590000, 2325000, 590020, 2325020)), "1"),
        (c.Spatial(c.Relation.DISJOINT, shapely.box(590020, 2325000, 590061, 2325020)), "45"),
        (c.Spatial(c.Relation.EQUALS, shapely.box(590040, 2325000, 590060, 2325020)), "2"),
        (c.Spatial(c.Relation.OVERLAPS, shapely.box(590030, 2325000, 590060, 2325020)), "1"),
        (
            c.Spatial(
                c.Relation.CROSSES, shapely.LineString([(590000, 2325010), (590030, 2325010)])
            ),
            "1",
        ),
    ],
    ids=str,
)
def test_conditions_choose_what_arithmetic_says(street, condition, expected):
    if settings.STORAGE_EPSG != 5897:
        pytest.skip("written in metres of EPSG:5897")

    assert "".join(numbers(condition=condition)) == expected
    query = FeatureQuery(
        BY_ID["parcels"], LATER, read.edition(None).revision, 4326, condition=condition
    )
    assert read.count(query) == len(expected)


def test_a_delivered_object_is_found_by_data_set_and_key():
    road = shape(shapely.LineString([(590000, 2325000), (590040, 2325000)]))
    for key in ("way/1.5", "way/2"):
        add_road(key, road)

    (found,) = ask("roads", condition=c.Identified(("ground.way/1.5", "ground.way/9", "nodot")))

    assert found["id"] == "roads.ground.way/1.5"


def test_what_cannot_be_an_identity_finds_nothing(street):
    assert ask(condition=c.Identified(("'; DROP TABLE x", "\0", ""))) == []


@pytest.mark.parametrize("ascending", [True, False])
def test_pages_by_a_value_that_some_lack_put_those_last_and_repeat_none(street, ascending):
    for n in (6, 7):
        add_parcel(str(n), square(590000 + 20 * n, 2325000), legal_area_m2=None)
    known = read.edition(None).revision
    found: list[str] = []
    after: Keyset | None = None
    for _ in range(10):
        query = FeatureQuery(
            BY_ID["parcels"],
            LATER,
            known,
            4326,
            sort=(("area_m2", ascending),),
            after=after,
            limit=2,
        )
        page = read.page(query, geojson.one_column(systems.CRS84))
        found += [json.loads(text)["properties"]["number"] for (text,) in page]
        assert read.extent_of_page(query) == (page.returned, page.next)
        after = page.next
        if after is None:
            break

    assert "".join(found) == ("1245367" if ascending else "5421367")


def test_a_page_by_two_values_continues_within_equal_ones(street):
    sort = (("address", False), ("area_m2", True))
    known = read.edition(None).revision
    query = FeatureQuery(BY_ID["parcels"], LATER, known, 4326, sort=sort, limit=1)
    found = ""
    while True:
        page = read.page(query, geojson.one_column(systems.CRS84))
        found += "".join(json.loads(text)["properties"]["number"] for (text,) in page)
        if page.next is None:
            break
        query = FeatureQuery(
            BY_ID["parcels"], LATER, known, 4326, sort=sort, limit=1, after=page.next
        )

    # "Đ" comes after "L" in the order of letters that the database keeps.
    assert found == "15324"


def test_an_older_revision_still_gives_what_was_known_then(street):
    before = read.edition(None).revision
    close_parcel(street[1])
    add_parcel("6", square(590200, 2325000))

    assert "".join(numbers()) == "13456"
    assert "".join(numbers(known_at=before)) == "12345"


def test_a_stream_through_the_servers_cursor_gives_the_same_as_a_page(street):
    few = ask(limit=5)

    assert ask(limit=50_000) == few


def test_a_stream_that_is_left_half_read_leaves_no_transaction_behind(street):
    query = FeatureQuery(BY_ID["parcels"], LATER, 99, 4326, limit=50_000)
    page = read.page(query, geojson.one_column(systems.CRS84))
    next(iter(page))

    page.close()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (c.Compare("owner", "=", "x"), "feature_attribute_unknown"),
        (c.Compare("number", "=", 5), "feature_value_kind"),
        (c.Compare("area_m2", "=", "5"), "feature_value_kind"),
        (c.Compare("area_m2", "=", True), "feature_value_kind"),
        (c.Compare("area_m2", "=", float("nan")), "feature_value_kind"),
        (c.Compare("area_m2", "=", 10**400), "feature_value_kind"),
        (c.Compare("number", "=", "a\0b"), "feature_value_kind"),
        (c.Compare("is_disputed", "<", True), "feature_truth_has_no_order"),
        (c.Like("area_m2", "1%"), "feature_like_needs_text"),
        (c.Like("number", "1\\"), "feature_pattern_unfinished"),
        (c.OneOf("number", ("1",) * 1001), "feature_too_many_values"),
        (c.Any((c.IsNull("number"),) * 501), "feature_filter_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_layer_cannot_answer_is_refused(condition, code):
    with pytest.raises(Invalid) as refused:
        ask(condition=condition)

    assert refused.value.code == code


def test_a_filter_nested_too_deep_is_refused():
    condition: c.Condition = c.IsNull("number")
    for _ in range(30):
        condition = c.Not(condition)

    with pytest.raises(Invalid, match="feature_filter_too_large"):
        ask(condition=condition)


def test_a_ward_is_its_code_only_while_it_is_a_ward():
    ground = square(590000, 2325000, 500)
    add_unit("00004", "Phường Ba Đình", ground)

    (found,) = ask("wards", condition=c.Identified(("00004",)))

    assert found["properties"]["full_name"] == "Phường Ba Đình"


@pytest.mark.parametrize(
    ("name", "epsg", "north_first"),
    [
        ("EPSG:4326", 4326, False),
        ("epsg:4326", 4326, False),
        ("urn:ogc:def:crs:EPSG::4326", 4326, True),
        ("urn:ogc:def:crs:EPSG:6.9:4326", 4326, True),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", 4326, True),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", 4326, False),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326, False),
        ("urn:ogc:def:crs:OGC::CRS84", 4326, False),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, False),
        ("CRS:84", 4326, False),
        ("urn:ogc:def:crs:EPSG::5897", 5897, False),
        ("EPSG:3857", 3857, False),
    ],
)
def test_a_system_is_known_by_all_its_names_with_its_order_of_axes(name, epsg, north_first):
    system = systems.named(name)

    assert (system.epsg, system.north_first) == (epsg, north_first)


@pytest.mark.parametrize(
    "name", ["EPSG:2154", "", "urn:ogc:def:crs:EPSG::99999", "x" * 5000, "4326;"]
)
def test_a_system_that_is_not_published_is_refused(name):
    with pytest.raises(Invalid, match="feature_crs_unknown"):
        systems.named(name)
