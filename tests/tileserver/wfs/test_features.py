"""What GetFeature and GetPropertyValue give out: formats, systems, pages."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pyogrio
import pytest
import shapely
from django.conf import settings
from django.db import connection
from django.test import Client
from lxml import etree

from landdata import crs
from tests.ground import add_parcel, add_road, close_parcel, shape, square
from tests.tileserver.wfs.asking import (
    NS,
    body,
    filtered,
    get,
    get_feature,
    kvp_filter,
    numbers,
    post,
    problem,
    read,
    texts,
    xml,
)
from tileserver import limits
from tileserver.features import systems
from tileserver.features.read import end_readings

pytestmark = pytest.mark.django_db
PARCELS = {"TYPENAMES": "diado:parcels"}
GML_ID = f"{{{NS['gml']}}}id"
BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"


def ring(root) -> np.ndarray:
    """Return the positions of the first ring as they were written."""
    values = np.array(root.find(".//gml:posList", NS).text.split(), dtype=float)
    return values.reshape(-1, 2)


def follow(link: str | None):
    """Ask a link that an answer gave."""
    assert link is not None
    parts = urlsplit(link)
    return read(Client().get(parts.path, dict(parse_qsl(parts.query))))


@pytest.mark.parametrize(
    ("srs_name", "epsg", "north_first"),
    [
        *((systems.urn(epsg), epsg, epsg == 4326) for epsg in systems.published()),
        ("EPSG:4326", 4326, False),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326, False),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", 4326, True),
    ],
)
def test_gml_has_the_coordinates_of_pyproj_in_the_systems_order_of_axes(
    street, srs_name, epsg, north_first
):
    root = xml(get(**PARCELS, SRSNAME=srs_name, COUNT=1))

    found = ring(root)[:, ::-1] if north_first else ring(root)
    stored = shapely.from_wkb(bytes(street[0].boundary.wkb))
    expected = crs.transform(stored, settings.STORAGE_EPSG, epsg)
    most = 2e-9 if epsg == 4326 else 0.002
    assert shapely.hausdorff_distance(shapely.Polygon(found), expected) < most
    (said,) = {str(e.get("srsName")) for e in root.iterfind(".//gml:MultiSurface", NS)}
    assert systems.named(said) == systems.named(srs_name)


@pytest.mark.parametrize("srs_name", ["", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_geojson_in_degrees_is_longitude_first_whatever_the_name(street, srs_name):
    response = get(**PARCELS, OUTPUTFORMAT="geojson", COUNT=1, SRSNAME=srs_name or None)

    whole = json.loads(body(response))
    lon, lat = whole["features"][0]["geometry"]["coordinates"][0][0][0]
    assert 105 < lon < 106
    assert 21 < lat < 22
    assert "crs" not in whole


def test_geojson_in_another_system_names_it(street):
    response = get(**PARCELS, OUTPUTFORMAT="application/json", SRSNAME="EPSG:5897")

    whole = json.loads(body(response))
    assert whole["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::5897"
    assert whole["numberReturned"] == whole["numberMatched"] == 5
    assert whole["features"][0]["geometry"]["coordinates"][0][0][0][0] > 590_000


def test_every_gml_id_of_an_answer_is_its_own_and_a_name(db):
    parts = shapely.MultiPolygon(
        [
            shapely.box(590000, 2325000, 590010, 2325010),
            shapely.box(590020, 2325000, 590030, 2325010),
        ]
    )
    add_parcel("1", shape(parts))
    road = shape(shapely.LineString([(590000, 2325000), (590040, 2325000)]))
    for key in ("way/1 <&>", "Đường số 2", "_x002F_"):
        add_road(key, road)

    for name, count in (("parcels", 1), ("roads", 3)):
        root = xml(get(TYPENAMES=name))
        ids = [str(e.get(GML_ID)) for e in root.iter() if e.get(GML_ID)]
        assert len(ids) == len(set(ids)) == count * (4 if name == "parcels" else 3)
        assert all(i.replace("_", "a").replace(".", "a").replace("-", "a").isalnum() for i in ids)
        for feature in root.iterfind(f".//diado:{name}", NS):
            again = xml(get(STOREDQUERY_ID=BY_ID, ID=feature.get(GML_ID)))
            assert etree.tostring(again[0]) is not None
            assert texts(again, "diado:name") == texts(feature, "diado:name")


def test_a_text_that_looks_like_markup_stays_a_text(db):
    add_parcel("1", square(590000, 2325000), address="<b>&amp;\x01\"'</b>]]>")

    (found,) = texts(xml(get(**PARCELS)), ".//diado:address")

    assert found == "<b>&amp;\"'</b>]]>"


def test_an_attribute_without_a_value_is_left_out(street):
    members = xml(get(**PARCELS)).findall(".//diado:parcels", NS)

    assert [len(member.findall("diado:area_m2", NS)) for member in members] == [1, 1, 0, 1, 1]


def test_only_the_properties_that_are_named_go_out(street):
    root = xml(get(**PARCELS, PROPERTYNAME="diado:number,shape", COUNT=1))

    (member,) = root.iterfind(".//diado:parcels", NS)
    assert [etree.QName(child).localname for child in member] == ["number", "shape"]


def test_hits_are_counted_and_nothing_else_goes_out(street):
    root = xml(get(**PARCELS, RESULTTYPE="hits", COUNT=2))

    assert (root.get("numberMatched"), root.get("numberReturned")) == ("5", "0")
    assert len(root) == 0
    assert texts(xml(follow(root.get("next"))), ".//diado:number") == ["1", "2"]


@pytest.mark.parametrize("form", ["gml", "geojson"])
@pytest.mark.parametrize("sort", [None, "area_m2 DESC", "address,number D"])
def test_following_next_while_others_edit_neither_repeats_nor_skips(street, form, sort):
    wanted = {None: "12345", "area_m2 DESC": "54213", "address,number D": "42531"}[sort]
    if sort == "address,number D":
        # "L" comes before "Đ" in the order of letters that the database keeps.
        wanted = "42531"
    response = get(**PARCELS, COUNT=2, OUTPUTFORMAT="gml32" if form == "gml" else form, SORTBY=sort)
    found: list[str] = []
    edits = iter(
        (lambda: close_parcel(street[3]), lambda: add_parcel("9", square(590300, 2325000)))
    )
    while True:
        if form == "gml":
            root = xml(response)
            found += texts(root, ".//diado:number")
            link = root.get("next")
        else:
            whole = json.loads(body(response))
            found += [f["properties"]["number"] for f in whole["features"]]
            link = next((x["href"] for x in whole["links"] if x["rel"] == "next"), None)
        next(edits, lambda: None)()
        if link is None:
            break
        response = follow(link)

    assert "".join(found) == wanted


def test_previous_leads_back_over_the_same_revision(street):
    first = xml(get(**PARCELS, COUNT=2))
    second = xml(follow(first.get("next")))
    close_parcel(street[0])

    back = xml(follow(second.get("previous")))

    assert first.get("previous") is None
    assert texts(back, ".//diado:number") == ["1", "2"]


def test_a_page_is_not_counted_and_says_so(street):
    root = xml(get(**PARCELS, COUNT=2))

    assert (root.get("numberMatched"), root.get("numberReturned")) == ("unknown", "2")


def test_pages_by_number_alone_are_served_within_bounds(street):
    assert numbers(get(**PARCELS, STARTINDEX=3, COUNT=1)) == "4"
    assert numbers(get(**PARCELS, STARTINDEX=9)) == ""
    too_far = get(**PARCELS, STARTINDEX=limits.LARGEST_START + 1)
    assert problem(too_far) == (400, "InvalidParameterValue", "startIndex")


def test_a_link_of_another_question_is_refused(street):
    link = xml(get(**PARCELS, COUNT=2)).get("next")

    changed = follow(str(link).replace("parcels", "roads"))

    assert problem(changed) == (400, "InvalidParameterValue", "PAGE")


def test_several_queries_make_a_collection_of_collections_that_pages_through_all(street):
    add_road("a", shape(shapely.LineString([(590000, 2325000), (590040, 2325000)])))
    response = get(TYPENAMES="(parcels)(roads)", COUNT=3)
    found: list[str] = []
    for _ in range(9):
        root = xml(response)
        found += [
            etree.QName(member[0]).localname
            for member in root.iterfind("wfs:member/wfs:FeatureCollection/wfs:member", NS)
        ]
        if root.get("next") is None:
            break
        response = follow(root.get("next"))

    assert found == ["parcels"] * 5 + ["roads"]


def test_older_times_are_asked_for_by_parameters_of_our_own(street):
    close_parcel(street[0])
    known = int(street[4].from_revision)

    assert numbers(get(**PARCELS)) == "2345"
    assert numbers(get(**PARCELS, KNOWN_AT=known)) == "12345"
    assert numbers(get(**PARCELS, KNOWN_AT=known, AS_OF="2025-12-31")) == ""
    for wrong in (
        {"KNOWN_AT": 10**8},
        {"KNOWN_AT": "-1"},
        {"AS_OF": "soon"},
        {"AS_OF": "9999-01-01"},
    ):
        assert problem(get(**PARCELS, **wrong))[:2] == (400, "InvalidParameterValue")


def test_a_table_opens_in_a_spreadsheet_and_carries_no_formula(db):
    add_parcel("=1+1", square(590000, 2325000), address='Đội Cấn, "12"', legal_area_m2=-5)
    response = get(**PARCELS, OUTPUTFORMAT="csv", SRSNAME="urn:ogc:def:crs:EPSG::4326")

    raw = body(response)

    assert raw.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    assert row["number"] == "'=1+1"
    assert row["address"] == 'Đội Cấn, "12"'
    assert row["area_m2"] == "-5.00"
    assert row["is_disputed"] == "false"
    lat, lon = shapely.get_coordinates(shapely.from_wkt(row["wkt"]))[0]
    assert (int(lat), int(lon)) == (21, 105)
    assert 'filename="parcels.csv"' in response["Content-Disposition"]


def test_a_table_that_goes_on_says_where(street):
    response = get(**PARCELS, OUTPUTFORMAT="csv", COUNT=3, SORTBY="number")

    link = response["Link"].partition(">")[0][1:]

    rows = csv.DictReader(io.StringIO(body(follow(link)).decode("utf-8-sig")))
    assert [row["number"] for row in rows] == ["4", "5"]


@pytest.mark.parametrize("kind", ["gpkg", "shapezip"])
def test_gdal_reads_back_a_file_with_its_letters_days_and_gaps(street, kind, tmp_path):
    content = body(get(**PARCELS, OUTPUTFORMAT=kind, SORTBY="number"))

    path = tmp_path / f"answer.{'gpkg' if kind == 'gpkg' else 'zip'}"
    path.write_bytes(content)
    frame = pyogrio.read_dataframe(path)

    assert list(frame["number"]) == list("12345")
    assert frame["address"][0] == "Đội Cấn"
    assert np.isnan(frame["area_m2"][2])
    assert str(frame["valid_from"][0])[:10] == "2026-01-01"
    assert frame.crs.to_epsg() == settings.STORAGE_EPSG
    stored = shapely.from_wkb(bytes(street[0].boundary.wkb))
    assert shapely.hausdorff_distance(frame.geometry[0], stored) < 1e-6
    if kind == "shapezip":
        assert "parcels.cpg" in zipfile.ZipFile(path).namelist()
        assert "is_dispute" in frame.columns


@pytest.mark.parametrize("layer", ["zones", "roads", "facilities", "wards"])
@pytest.mark.parametrize("kind", ["gpkg", "shapezip", "csv", "geojson", "gml32"])
def test_an_empty_layer_is_an_empty_answer_in_every_format(db, layer, kind):
    assert get(TYPENAMES=layer, OUTPUTFORMAT=kind).status_code == 200


def test_an_answer_is_packed_for_who_unpacks(street):
    asked = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", **PARCELS}
    packed = read(Client().get("/wfs", asked, headers={"Accept-Encoding": "gzip"}))

    assert packed["Content-Encoding"] == "gzip"
    assert len(texts(etree.fromstring(body(packed)), ".//diado:number")) == 5


def test_a_stream_of_many_is_the_same_as_its_pages(street):
    streamed = numbers(get(**PARCELS, COUNT=limits.MOST_FEATURES, SORTBY="number D"))

    assert streamed == numbers(get(**PARCELS, COUNT=5, SORTBY="number D")) == "54321"


@pytest.mark.parametrize("packed", ["gzip", ""])
def test_an_answer_that_nobody_reads_keeps_no_transaction_open(street, packed):
    asked = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", **PARCELS}
    asked |= {"OUTPUTFORMAT": "csv", "COUNT": "5000"}
    response = Client().get("/wfs", asked, headers={"Accept-Encoding": packed})
    assert cursors() == 1

    # What the end of a request sends; closing the answer here would close the test's connection.
    end_readings()

    assert cursors() == 0
    assert response.streaming


def cursors() -> int:
    """Return how many cursors the connection holds open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE '%%django%%'", [])
        return cursor.fetchone()[0]


def test_a_feature_by_its_id_stands_alone(street):
    name = f"parcels.{street[1].parcel_id}"

    root = xml(get(STOREDQUERY_ID=BY_ID, ID=name))

    assert root.tag == f"{{{NS['diado']}}}parcels"
    assert texts(root, "diado:number") == ["2"]
    alone = json.loads(body(get(STOREDQUERY_ID=BY_ID, ID=name, OUTPUTFORMAT="geojson")))
    assert alone["type"] == "Feature"


@pytest.mark.parametrize("name", ["parcels.no", "nothing", "owners.1", "parcels." + "0" * 32])
def test_a_feature_that_does_not_exist_is_not_found(street, name):
    assert problem(get(STOREDQUERY_ID=BY_ID, ID=name)) == (404, "NotFound", "ID")


def test_features_are_asked_for_by_their_ids(street):
    names = [f"parcels.{street[n].parcel_id}" for n in (4, 0)]

    assert numbers(get(RESOURCEID=",".join(names))) == "15"
    assert numbers(get(**PARCELS, RESOURCEID=names[0])) == "5"
    assert numbers(get(**PARCELS, RESOURCEID="nothing")) == ""
    wrong = get(TYPENAMES="roads", RESOURCEID=names[0])
    assert problem(wrong) == (400, "InvalidParameterValue", "resourceId")


def test_boxes_follow_the_order_of_axes_of_their_name(street):
    low, high = (
        crs.transformer(5897, 4326).transform(*at) for at in ((590025, 2325002), (590035, 2325004))
    )
    lon_lat = ",".join(f"{x:.8f}" for x in (*low, *high))
    lat_lon = ",".join(f"{x:.8f}" for x in (*low[::-1], *high[::-1]))

    assert numbers(get(**PARCELS, BBOX="590025,2325002,590035,2325004")) == "1"
    assert numbers(get(**PARCELS, BBOX=f"{lon_lat},EPSG:4326")) == "1"
    assert numbers(get(**PARCELS, BBOX=f"{lon_lat},urn:ogc:def:crs:OGC:1.3:CRS84")) == "1"
    assert numbers(get(**PARCELS, BBOX=f"{lat_lon},urn:ogc:def:crs:EPSG::4326")) == "1"
    assert numbers(get(**PARCELS, BBOX="-90,-180,90,180,urn:ogc:def:crs:EPSG::4326")) == "12345"
    assert numbers(get(**PARCELS, BBOX="-20,-50,-10,-40,urn:ogc:def:crs:EPSG::4326")) == ""


def test_values_of_one_property_leave_out_features_without_it(street):
    root = xml(get("GetPropertyValue", **PARCELS, VALUEREFERENCE="diado:area_m2"))

    assert texts(root, "wfs:member/diado:area_m2") == ["100.00", "200.00", "400.00", "500.00"]
    assert root.get("numberReturned") == "4"


def test_values_can_be_ids_and_shapes_and_pages(street):
    ids = xml(get("GetPropertyValue", **PARCELS, VALUEREFERENCE="@gml:id", COUNT=1))
    shapes = xml(get("GetPropertyValue", **PARCELS, VALUEREFERENCE="shape", COUNT=1))

    assert texts(ids, "wfs:member") == [f"parcels.{street[0].parcel_id}"]
    assert len(shapes.findall("wfs:member/diado:shape/gml:MultiSurface", NS)) == 1
    second = xml(follow(shapes.get("next")))
    assert (ring(second) != ring(shapes)).any()
    hits = xml(get("GetPropertyValue", **PARCELS, VALUEREFERENCE="area_m2", RESULTTYPE="hits"))
    assert hits.get("numberMatched") == "4"


def test_an_xml_request_goes_on_by_a_link_too(street):
    inside = (
        "<wfs:PropertyName>diado:number</wfs:PropertyName><fes:Filter><fes:PropertyIsNotEqualTo>"
        "<fes:ValueReference>diado:number</fes:ValueReference><fes:Literal>2</fes:Literal>"
        "</fes:PropertyIsNotEqualTo></fes:Filter><fes:SortBy><fes:SortProperty>"
        "<fes:ValueReference>number</fes:ValueReference><fes:SortOrder>DESC</fes:SortOrder>"
        "</fes:SortProperty></fes:SortBy>"
    )
    first = xml(get_feature(inside, attributes='count="3"'))

    second = xml(follow(first.get("next")))

    assert texts(first, ".//diado:number") == ["5", "4", "3"]
    assert texts(second, ".//diado:number") == ["1"]
    assert second.find(".//diado:shape", NS) is None


def test_one_selection_excludes_the_others(street):
    wrong = get(**PARCELS, BBOX="1,2,3,4", FILTER=kvp_filter("<fes:Or/>"))

    assert problem(wrong)[:2] == (400, "InvalidParameterValue")


OPENED = f'xmlns:wfs="{NS["wfs"]}" service="WFS" version="2.0.0"'
BOMB = (
    '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f"<wfs:GetCapabilities {OPENED}>&b;</wfs:GetCapabilities>"
)


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        BOMB.replace('"aaaaaaaaaa"', 'SYSTEM "file:///etc/passwd"'),
        "<a>" * 100_000,
        "<a>" * 5_000 + "</a>" * 5_000,
        "x" * (limits.LARGEST_BODY_BYTES + 1),
        "",
        "<wfs",
        "\0",
        "<html/>",
        '<?xml version="1.0" encoding="nonsense"?><a/>',
        b"\xff\xfe\x00",
        f"<wfs:GetFeature {OPENED}/>",
        f"<wfs:Transaction {OPENED}/>",
    ],
    ids=range(13),
)
def test_hostile_or_broken_xml_is_an_exception(db, content):
    status, code, _ = problem(post(content))

    assert status == 400
    assert code in ("OperationParsingFailed", "MissingParameterValue", "OperationNotSupported")


def test_filters_nested_too_deep_or_too_long_are_exceptions(db):
    one = "<fes:PropertyIsNull><fes:ValueReference>number</fes:ValueReference></fes:PropertyIsNull>"
    deep = "<fes:Not>" * 22 + one + "</fes:Not>" * 22
    corners = "1 2 " * (limits.MOST_CORNERS + 1)
    outline = (
        f'<fes:Intersects><fes:ValueReference>shape</fes:ValueReference><gml:LineString gml:id="l">'
        f"<gml:posList>{corners}</gml:posList></gml:LineString></fes:Intersects>"
    )

    for predicate in (deep, f"<fes:Or>{one * 501}</fes:Or>", outline):
        assert problem(filtered(predicate))[0] == 400


def test_a_database_that_is_away_is_said_in_the_services_own_words(db, monkeypatch):
    from django.db import OperationalError

    def away(*_):
        raise OperationalError("connection to server at 10.0.0.1 failed")

    monkeypatch.setattr("tileserver.features.read.newest_edition", away)

    response = get(**PARCELS)

    assert problem(response) == (503, "NoApplicableCode", "service")
    assert b"10.0.0.1" not in response.content


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ({"SERVICE": None}, ("MissingParameterValue", "service")),
        ({"SERVICE": "WMS"}, ("InvalidParameterValue", "service")),
        ({"REQUEST": None}, ("MissingParameterValue", "request")),
        ({"REQUEST": "Transaction"}, ("OperationNotSupported", "request")),
        ({"VERSION": None}, ("MissingParameterValue", "VERSION")),
        ({"VERSION": "1.0.0"}, ("InvalidParameterValue", "version")),
        ({"TYPENAMES": None}, ("MissingParameterValue", "typeNames")),
        ({"TYPENAMES": "owners"}, ("InvalidParameterValue", "typeNames")),
        ({"TYPENAMES": "parcels,roads"}, ("OperationNotSupported", "typeNames")),
        ({"SRSNAME": "EPSG:2154"}, ("InvalidParameterValue", "srsName")),
        ({"SORTBY": "owner"}, ("InvalidParameterValue", "sortBy")),
        ({"SORTBY": "number SIDEWAYS"}, ("InvalidParameterValue", "sortby")),
        ({"PROPERTYNAME": "owner"}, ("InvalidParameterValue", "propertyName")),
        ({"COUNT": "-1"}, ("InvalidParameterValue", "count")),
        ({"COUNT": "many"}, ("InvalidParameterValue", "count")),
        ({"STARTINDEX": "-1"}, ("InvalidParameterValue", "startIndex")),
        ({"RESULTTYPE": "some"}, ("InvalidParameterValue", "resultType")),
        ({"RESOLVE": "remote"}, ("OptionNotSupported", "resolve")),
        ({"RESOLVE": "odd"}, ("InvalidParameterValue", "resolve")),
        ({"OUTPUTFORMAT": "application/pdf"}, ("InvalidParameterValue", "outputFormat")),
        ({"BBOX": "1,2,3"}, ("InvalidParameterValue", "bbox")),
        ({"BBOX": "a,b,c,d"}, ("InvalidParameterValue", "bbox")),
        ({"BBOX": "nan,0,1,1"}, ("InvalidParameterValue", "bbox")),
        ({"BBOX": "0,0,1,1,EPSG:2154"}, ("InvalidParameterValue", "bbox")),
        ({"FILTER": "x"}, ("OperationParsingFailed", "filter")),
        ({"FILTER": "<Filter/>"}, ("OperationParsingFailed", "filter")),
        ({"FILTER_LANGUAGE": "cql"}, ("InvalidParameterValue", "filterLanguage")),
        ({"STOREDQUERY_ID": "urn:x"}, ("InvalidParameterValue", "STOREDQUERY_ID")),
        ({"PAGE": "x"}, ("InvalidParameterValue", "PAGE")),
        ({"TYPENAMES": "par\0cels"}, ("OperationParsingFailed", "TYPENAMES")),
    ],
    ids=str,
)
def test_a_wrong_parameter_is_an_exception_that_names_it(db, pairs, expected):
    whole = {"SERVICE": "WFS", "REQUEST": "GetFeature", **PARCELS, **pairs}

    assert problem(get(whole.pop("REQUEST"), **whole)) == (400, *expected)
