"""DescribeFeatureType, GetFeature, stored queries, GetPropertyValue: clauses 9 to 14."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from tests.conformance.damages import (
    doubled,
    dropped,
    dropped_all,
    emptied,
    first,
    marked,
    put,
    refused,
    renamed,
    retyped,
    rewritten,
)
from tests.conformance.wfs import BOOK
from tests.conformance.wfs.asking import (
    BY_ID,
    GML_ID,
    MEMBER,
    NAMESPACES,
    SYSTEMS,
    assert_collection,
    assert_members,
    expected_outline,
    features,
    ids,
    kvp,
    names,
    outline,
    paged,
    posted,
    query,
    several,
    value,
)
from tests.conformance.wfs.capabilities import CAPABILITIES
from tests.small_city.ground import LAKE, POND

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.answers import Answer, Answers, Service

_WATER = f"{MEMBER}/diado:water"
_ELEMENT = "/xsd:schema/xsd:element"
_PROPERTY = "//xsd:complexType[@name='waterType']//xsd:sequence/xsd:element"

# --- DescribeFeatureType --------------------------------------------------------------------------


def _assert_schema(answer: Answer) -> dict[str, Any]:
    """Hold an application schema (OGC 07-036 clause 21); return its types by name."""
    assert answer.status == 200, answer.content[:300]
    root = answer.xml
    assert root.tag == f"{{{NAMESPACES['xsd']}}}schema"
    assert root.get("targetNamespace") == NAMESPACES["diado"]
    assert root.get("elementFormDefault") == "qualified"
    assert NAMESPACES["gml32"] in [e.get("namespace") for e in answer.find("//xsd:import")]
    types = {e.get("name"): e for e in answer.find("/xsd:schema/xsd:complexType")}
    for element in answer.find(_ELEMENT):
        assert element.get("substitutionGroup") == "gml:AbstractFeature"
        assert element.get("type").partition(":")[2] in types
        kind = types[element.get("type").partition(":")[2]]
        base = kind.find("{*}complexContent/{*}extension").get("base")
        assert base == "gml:AbstractFeatureType"
    return types


@BOOK.states(
    "describefeaturetype.all",
    several(CAPABILITIES, kvp("DescribeFeatureType"), posted("DescribeFeatureType")),
    refused(),
    dropped(f"{_ELEMENT}[@name='parcels']"),
    marked(f"{_ELEMENT}[1]", "substitutionGroup", "gml:AbstractObject"),
    marked("/xsd:schema", "targetNamespace", "urn:x:other"),
    dropped("//xsd:import"),
)
def _every_type(offered: Answer, *answers: Answer) -> None:
    listed = {str(e.text).partition(":")[2] for e in offered.find("//wfs:FeatureType/wfs:Name")}
    for answer in answers:
        _assert_schema(answer)
        assert {e.get("name") for e in answer.find(_ELEMENT)} == listed


@BOOK.states(
    "describefeaturetype.one",
    several(
        kvp("DescribeFeatureType", TYPENAMES="diado:water"),
        # GDAL leaves out the last letter, as WFS 1 did.
        kvp("DescribeFeatureType", TYPENAMES=None, TYPENAME="diado:water"),
        posted("DescribeFeatureType", "<wfs:TypeName>diado:water</wfs:TypeName>"),
    ),
    refused(),
    emptied(),
    doubled(f"{_ELEMENT}[1]"),
    renamed("/xsd:schema/xsd:complexType[1]", "simpleType"),
)
def _one_type(*answers: Answer) -> None:
    for answer in answers:
        _assert_schema(answer)
        assert [e.get("name") for e in answer.find(_ELEMENT)] == ["water"]


#: How a value of a type is read; it raises ValueError for any other text.
_READ: dict[str, Callable[[str], object]] = {
    "xsd:string": str,
    "xsd:integer": int,
    "xsd:double": float,
    "xsd:date": lambda text: tuple(map(int, text.split("-"))),
    "xsd:boolean": {"true": True, "false": False}.__getitem__,
}


@BOOK.states(
    "describefeaturetype.fits-the-features",
    several(kvp("DescribeFeatureType", TYPENAMES="diado:water"), features()),
    first(dropped(f"{_PROPERTY}[@name='kind']")),
    first(marked(f"{_PROPERTY}[@name='shape']", "type", "gml:PointPropertyType")),
    put(f"{_WATER}/diado:valid_from", "soon"),
    doubled(f"{_WATER}/diado:kind"),
    renamed(f"{_WATER}/diado:kind", "sort"),
)
def _fits(schema: Answer, answer: Answer) -> None:
    kinds = {e.get("name"): e.get("type") for e in schema.find(_PROPERTY)}
    order = list(kinds)
    assert kinds["shape"] == "gml:MultiSurfacePropertyType"
    for member in assert_members(answer):
        found = [str(child.tag).rpartition("}")[2] for child in member]
        assert len(found) == len(set(found))
        assert found == [name for name in order if name in found]
        for child, name in zip(member, found, strict=True):
            if name == "shape":
                assert child[0].tag == f"{{{NAMESPACES['gml32']}}}MultiSurface"
            else:
                try:
                    _READ[kinds[name]](child.text or "")
                except (ValueError, KeyError) as wrong:
                    raise AssertionError(f"{name}: {child.text!r}") from wrong


# --- GetFeature -----------------------------------------------------------------------------------


@BOOK.states(
    "getfeature.minimal",
    several(features(), query()),
    refused(),
    retyped("text/html"),
    emptied(),
    renamed(_WATER, "roads"),
    dropped(MEMBER),
    marked("/wfs:FeatureCollection", "numberReturned", "3"),
    marked("/wfs:FeatureCollection", "timeStamp", None),
    marked("/wfs:FeatureCollection", "numberMatched", "many"),
    put(f"{_WATER}/diado:name", "Sông Thử"),
)
def _minimal(*answers: Answer) -> None:
    for answer in answers:
        assert sorted(map(str, names(answer))) == ["Ao Thử", "Hồ Thử"]


@BOOK.states(
    "getfeature.ids",
    features("parcels"),
    marked(f"{MEMBER}[2]/diado:parcels", "gml32:id", "1"),
    marked(f"{MEMBER}[1]/diado:parcels", "gml32:id", None),
)
def _ids(answer: Answer) -> None:
    every = [e.get(GML_ID) for e in answer.xml.iter() if e.get(GML_ID)]
    assert len(every) == len(set(every))
    assert all(not one[0].isdecimal() for one in every)
    assert len(ids(answer, "parcels")) == 3


@BOOK.states(
    "getfeature.schemalocation",
    features(),
    marked("/wfs:FeatureCollection", "xsi:schemaLocation", None),
    rewritten("DescribeFeatureType", "DescribeNothing"),
)
def _location(answer: Answer) -> None:
    pairs = (answer.xml.get(f"{{{NAMESPACES['xsi']}}}schemaLocation") or "").split()
    places = dict(zip(pairs[::2], pairs[1::2], strict=True))
    assert "REQUEST=DescribeFeatureType" in places.get(NAMESPACES["diado"], "")
    assert places.get(NAMESPACES["wfs"], "").endswith("/wfs/2.0/wfs.xsd")


def _assert_system(answer: Answer, srs_name: str) -> None:
    lake, pond = assert_members(answer)
    for member, corners in ((lake, LAKE), (pond, POND)):
        (said,) = {e.get("srsName") for e in member.iter() if e.get("srsName")}
        assert said == srs_name
        near = 1e-7 if "4326" in srs_name or "CRS84" in srs_name else 0.01
        assert (
            shapely.hausdorff_distance(outline(member), expected_outline(corners, srs_name)) < near
        )


_SHIFTED = rewritten('srsName="', 'srsName="x')

for _srs_name in SYSTEMS:

    def _check_system(*answers: Answer, wanted: str = _srs_name) -> None:
        for answer in answers:
            _assert_system(answer, wanted)

    BOOK.demands(
        f"getfeature.srsname.{_srs_name.rpartition(':')[2]}",
        several(features(SRSNAME=_srs_name), query(more=f'srsName="{_srs_name}"')),
        _check_system,
        refused(),
        _SHIFTED,
        put(f"{_WATER}//gml32:posList", "1 2 3 4 5 6 1 2"),
        dropped(f"{_WATER}//gml32:posList"),
    )


@BOOK.states(
    "getfeature.srsname.default",
    several(CAPABILITIES, features()),
    _SHIFTED,
    first(
        put("//wfs:FeatureType[wfs:Name='diado:water']/wfs:DefaultCRS", "urn:ogc:def:crs:EPSG::1")
    ),
)
def _default_system(offered: Answer, answer: Answer) -> None:
    said = offered.one("//wfs:FeatureType[wfs:Name='diado:water']/wfs:DefaultCRS").text
    assert said in SYSTEMS
    _assert_system(answer, said)


@BOOK.states(
    "getfeature.propertyname",
    several(
        features(PROPERTYNAME="name"),
        features(PROPERTYNAME="diado:name"),
        query("<wfs:PropertyName>diado:name</wfs:PropertyName>"),
    ),
    refused(),
    renamed(f"{_WATER}/diado:name", "kind"),
    doubled(f"{_WATER}/diado:name"),
)
def _projection(*answers: Answer) -> None:
    for answer in answers:
        for member in assert_members(answer):
            assert [str(child.tag).rpartition("}")[2] for child in member] == ["name"]


def _sorted_by(order: str) -> str:
    return (
        "<fes:SortBy><fes:SortProperty><fes:ValueReference>name</fes:ValueReference>"
        f"<fes:SortOrder>{order}</fes:SortOrder></fes:SortProperty></fes:SortBy>"
    )


@BOOK.states(
    "getfeature.sortby",
    several(
        features(SORTBY="name"),
        query(_sorted_by("ASC")),
        features(SORTBY="name DESC"),
        # OWSLib and GDAL write the order as WFS 1 did.
        features(SORTBY="name D"),
        query(_sorted_by("DESC")),
    ),
    refused(),
    put(f"{_WATER}/diado:name", "A"),
    first(put(f"{_WATER}/diado:name", "Ơ")),
)
def _order(*answers: Answer) -> None:
    ascending = ["Ao Thử", "Hồ Thử"]
    for at, answer in enumerate(answers):
        assert names(answer) == (ascending if at < 2 else ascending[::-1])


@BOOK.states(
    "getfeature.count",
    several(
        features(COUNT="1"),
        query(attributes='count="1"'),
        # OWSLib still says it so.
        features(MAXFEATURES="1"),
    ),
    refused(),
    doubled(MEMBER),
    dropped(MEMBER),
)
def _count(*answers: Answer) -> None:
    for answer in answers:
        assert len(assert_members(answer)) == 1


@BOOK.states(
    "getfeature.count.zero",
    features(COUNT="0"),
    refused(),
    marked("/wfs:FeatureCollection", "numberReturned", "2"),
)
def _nothing(answer: Answer) -> None:
    assert assert_members(answer) == []


@BOOK.states(
    "getfeature.hits",
    several(features(RESULTTYPE="hits"), query(attributes='resultType="hits"')),
    refused(),
    marked("/wfs:FeatureCollection", "numberMatched", "1"),
    marked("/wfs:FeatureCollection", "numberReturned", "2"),
)
def _hits(*answers: Answer) -> None:
    for answer in answers:
        assert assert_members(answer) == []
        assert answer.xml.get("numberMatched") == "2"


def _several_types(service: Service) -> Answers:
    inside = '<wfs:Query typeNames="diado:water"/><wfs:Query typeNames="diado:roads"/>'
    return (
        features(TYPENAMES="(diado:water)(diado:roads)")(service),
        posted("GetFeature", inside)(service),
    )


@BOOK.states(
    "getfeature.several-queries",
    _several_types,
    refused(),
    dropped(f"{MEMBER}[2]"),
    renamed(f"{MEMBER}[1]/wfs:FeatureCollection", "SimpleFeatureCollection"),
    dropped(f"{MEMBER}[1]/wfs:FeatureCollection/wfs:member"),
)
def _several(*answers: Answer) -> None:
    for answer in answers:
        inner = assert_collection(answer)
        assert [str(e.tag).rpartition("}")[2] for e in inner] == ["FeatureCollection"] * 2
        counts = [int(e.get("numberReturned")) for e in inner]
        assert counts == [len(e) for e in inner] == [2, 1]
        assert int(answer.xml.get("numberReturned")) == sum(counts)


def _by_resource_ids(service: Service) -> Answers:
    every = features(SORTBY="name")(service)
    one = ids(every)[1]
    rid = f'<fes:Filter><fes:ResourceId rid="{one}"/></fes:Filter>'
    return (
        every,
        features(RESOURCEID=one)(service),
        kvp("GetFeature", RESOURCEID=one)(service),
        query(rid)(service),
    )


@BOOK.states(
    "getfeature.resourceid",
    _by_resource_ids,
    refused(),
    doubled(MEMBER),
    marked(_WATER, "gml32:id", "water.x"),
)
def _identified(every: Answer, *answers: Answer) -> None:
    for answer in answers:
        assert ids(answer) == ids(every)[1:]


@BOOK.states(
    "getfeature.resourceid.unknown",
    several(
        features(RESOURCEID="uuid-0"),
        query('<fes:Filter><fes:ResourceId rid="uuid-0"/></fes:Filter>'),
    ),
    refused(),
    marked("/wfs:FeatureCollection", "numberReturned", "1"),
)
def _unknown_feature(*answers: Answer) -> None:
    for answer in answers:
        assert assert_members(answer) == []


# --- stored queries -------------------------------------------------------------------------------

_LISTED = "/wfs:ListStoredQueriesResponse/wfs:StoredQuery"
_DESCRIBED = "/wfs:DescribeStoredQueriesResponse/wfs:StoredQueryDescription"


@BOOK.states(
    "liststoredqueries",
    several(kvp("ListStoredQueries"), posted("ListStoredQueries")),
    refused(),
    marked(_LISTED, "id", "urn:x:other"),
    dropped_all(f"{_LISTED}/wfs:ReturnFeatureType"),
    dropped_all(f"{_LISTED}/wfs:Title"),
)
def _list(*answers: Answer) -> None:
    for answer in answers:
        assert answer.status == 200
        query_ = answer.one(f"{_LISTED}[@id='{BY_ID}']")
        assert query_.findtext("{*}Title")
        assert "diado:water" in [e.text for e in query_.iterfind("{*}ReturnFeatureType")]


@BOOK.states(
    "describestoredqueries",
    several(
        kvp("DescribeStoredQueries"),
        kvp("DescribeStoredQueries", STOREDQUERY_ID=BY_ID),
        posted("DescribeStoredQueries", f"<wfs:StoredQueryId>{BY_ID}</wfs:StoredQueryId>"),
    ),
    refused(),
    marked(_DESCRIBED, "id", "urn:x:other"),
    marked(f"{_DESCRIBED}/wfs:Parameter", "name", "KEY"),
    dropped(f"{_DESCRIBED}/wfs:QueryExpressionText"),
)
def _describe(*answers: Answer) -> None:
    for answer in answers:
        assert answer.status == 200
        found = answer.one(f"{_DESCRIBED}[@id='{BY_ID}']")
        parameter = found.find("{*}Parameter")
        assert (parameter.get("name").lower(), parameter.get("type")) == ("id", "xsd:string")
        text = found.find("{*}QueryExpressionText")
        assert text is not None
        assert "diado:water" in text.get("returnFeatureTypes").split()


def _by_id(service: Service) -> Answers:
    every = features(SORTBY="name")(service)
    one = ids(every)[1]
    stored = (
        f'<wfs:StoredQuery id="{BY_ID}"><wfs:Parameter name="ID">{one}</wfs:Parameter>'
        "</wfs:StoredQuery>"
    )
    return (
        every,
        kvp("GetFeature", STOREDQUERY_ID=BY_ID, ID=one)(service),
        kvp("GetFeature", STOREDQUERY_ID=BY_ID, id=one)(service),
        posted("GetFeature", stored)(service),
    )


@BOOK.states(
    "storedquery.by-id",
    _by_id,
    refused(),
    renamed("/diado:water", "roads"),
    marked("/diado:water", "gml32:id", "water.other"),
    put("/diado:water/diado:name", "Sông Thử"),
)
def _one_by_id(every: Answer, *answers: Answer) -> None:
    for answer in answers:
        assert answer.status == 200
        assert answer.xml.tag == f"{{{NAMESPACES['diado']}}}water"
        assert answer.xml.get(GML_ID) == ids(every)[1]
        assert value(answer.xml, "name") == "Hồ Thử"


# --- GetPropertyValue -----------------------------------------------------------------------------


def _value_query(reference: str, inside: str = "") -> Any:
    attributes = f'valueReference="{reference}"'
    return posted(
        "GetPropertyValue",
        f'<wfs:Query typeNames="diado:water">{inside}</wfs:Query>',
        attributes,
    )


_VALUES = "/wfs:ValueCollection/wfs:member"


@BOOK.states(
    "getpropertyvalue",
    several(
        kvp("GetPropertyValue", TYPENAMES="diado:water", VALUEREFERENCE="diado:name"),
        kvp("GetPropertyValue", TYPENAMES="diado:water", VALUEREFERENCE="name"),
        _value_query("diado:name"),
    ),
    refused(),
    renamed("/wfs:ValueCollection", "FeatureCollection"),
    dropped(_VALUES),
    put(f"{_VALUES}/diado:name", "Sông Thử"),
    marked("/wfs:ValueCollection", "numberReturned", "1"),
)
def _property_values(*answers: Answer) -> None:
    for answer in answers:
        found = assert_collection(answer, "ValueCollection")
        assert int(answer.xml.get("numberReturned")) == len(found)
        assert {e.tag for e in found} == {f"{{{NAMESPACES['diado']}}}name"}
        assert sorted(e.text for e in found) == ["Ao Thử", "Hồ Thử"]


@BOOK.states(
    "getpropertyvalue.shape",
    kvp("GetPropertyValue", TYPENAMES="diado:water", VALUEREFERENCE="shape"),
    refused(),
    renamed(f"{_VALUES}/diado:shape", "place"),
    dropped(f"{_VALUES}/diado:shape/gml32:MultiSurface"),
)
def _shape_values(answer: Answer) -> None:
    found = assert_collection(answer, "ValueCollection")
    assert [e[0].tag if len(e) else None for e in found] == [
        f"{{{NAMESPACES['gml32']}}}MultiSurface"
    ] * 2
    assert {e.tag for e in found} == {f"{{{NAMESPACES['diado']}}}shape"}


# --- response paging ------------------------------------------------------------------------------


@BOOK.states(
    "paging.forth-and-back",
    paged(features("parcels", COUNT="1"), "next", "next", "previous", "previous"),
    refused(),
    marked(f"{MEMBER}/diado:parcels", "gml32:id", "parcels.x"),
    first(dropped(MEMBER)),
)
def _both_ways(*pages: Answer) -> None:
    one, two, three, two_again, one_again = (ids(page, "parcels") for page in pages)
    assert all(len(page) == 1 for page in (one, two, three))
    assert len({*one, *two, *three}) == 3
    assert (one_again, two_again) == (one, two)


@BOOK.states(
    "paging.ends",
    paged(features("parcels", COUNT="2"), "next"),
    first(marked("/wfs:FeatureCollection", "previous", "http://elsewhere/")),
    marked("/wfs:FeatureCollection", "next", "http://elsewhere/"),
)
def _ends(one: Answer, last: Answer) -> None:
    assert one.xml.get("previous") is None
    assert last.xml.get("next") is None
    assert len(ids(last, "parcels")) == 1


@BOOK.states(
    "paging.hits",
    paged(features("parcels", COUNT="2", RESULTTYPE="hits"), "next"),
    refused(),
    first(marked("/wfs:FeatureCollection", "numberReturned", "2")),
    first(marked("/wfs:FeatureCollection", "previous", "http://elsewhere/")),
    dropped(MEMBER),
)
def _from_hits(hits: Answer, page: Answer) -> None:
    assert assert_members(hits, "parcels") == []
    assert hits.xml.get("previous") is None
    assert len(ids(page, "parcels")) == 2


@BOOK.states(
    "paging.startindex",
    several(
        features("parcels"),
        features("parcels", STARTINDEX="1", COUNT="1"),
        query(layer="parcels", attributes='startIndex="1" count="1"'),
        # GDAL asks on until nothing comes.
        features("parcels", STARTINDEX="3", COUNT="1"),
    ),
    first(dropped(MEMBER)),
    marked("/wfs:FeatureCollection", "numberReturned", "1"),
)
def _start(every: Answer, one: Answer, two: Answer, beyond: Answer) -> None:
    whole = ids(every, "parcels")
    assert ids(one, "parcels") == ids(two, "parcels") == whole[1:2]
    assert ids(beyond, "parcels") == []
    assert len(whole) == 3


@BOOK.states(
    "paging.values",
    paged(
        kvp("GetPropertyValue", TYPENAMES="diado:parcels", VALUEREFERENCE="number", COUNT="2"),
        "next",
    ),
    refused(),
    put(f"{_VALUES}/diado:number", "9"),
)
def _value_pages(one: Answer, two: Answer) -> None:
    found = [[e.text for e in assert_collection(page, "ValueCollection")] for page in (one, two)]
    assert [len(page) for page in found] == [2, 1]
    assert {text for page in found for text in page} == {"1", "2", "3"}


@BOOK.states(
    "paging.xml",
    paged(query(_sorted_by("DESC").replace("name", "number"), "parcels", 'count="2"'), "next"),
    refused(),
    put(f"{MEMBER}/diado:parcels/diado:number", "9"),
)
def _xml_pages(one: Answer, two: Answer) -> None:
    assert names(one, "parcels", "number") == ["3", "2"]
    assert names(two, "parcels", "number") == ["1"]
