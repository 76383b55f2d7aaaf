"""GetCapabilities: clause 8 of OGC 09-025r2, clause 7 of OGC 09-026r2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.conformance.damages import (
    dropped,
    dropped_all,
    first,
    marked,
    put,
    refused,
    renamed,
    retyped,
    rewritten,
)
from tests.conformance.wfs import BOOK
from tests.conformance.wfs.asking import NAMESPACES, kvp, posted, several

if TYPE_CHECKING:
    from tests.conformance.answers import Answer

ROOT = "/wfs:WFS_Capabilities"
_OPERATION = f"{ROOT}/ows:OperationsMetadata/ows:Operation"
_CONSTRAINT = f"{ROOT}/ows:OperationsMetadata/ows:Constraint"
_TYPE = f"{ROOT}/wfs:FeatureTypeList/wfs:FeatureType"
_FILTER = f"{ROOT}/fes:Filter_Capabilities"
SECTIONS = {
    "ServiceIdentification": "ows",
    "ServiceProvider": "ows",
    "OperationsMetadata": "ows",
    "FeatureTypeList": "wfs",
    "Filter_Capabilities": "fes",
}
CAPABILITIES = kvp("GetCapabilities")

_BROKEN = (
    refused(),
    retyped("text/html"),
    marked(ROOT, "version", "1.1.0"),
    renamed(ROOT, "WFS_Features"),
)


def assert_capabilities(answer: Answer, *sections: str) -> None:
    """Hold the document's status, root, version and sections, in the order of the schema."""
    assert answer.status == 200, answer.content[:300]
    assert answer.media in ("text/xml", "application/xml")
    root = answer.xml
    assert root.tag == f"{{{NAMESPACES['wfs']}}}WFS_Capabilities"
    assert root.get("version") == "2.0.0"
    expected = [f"{{{NAMESPACES[SECTIONS[name]]}}}{name}" for name in sections or SECTIONS]
    assert [child.tag for child in root] == expected


@BOOK.states(
    "getcapabilities",
    several(CAPABILITIES, kvp("GetCapabilities", VERSION=None), posted("GetCapabilities")),
    *_BROKEN,
    *(dropped(f"{ROOT}/{prefix}:{name}") for name, prefix in SECTIONS.items()),
)
def _whole(*answers: Answer) -> None:
    for answer in answers:
        assert_capabilities(answer)


@BOOK.states(
    "getcapabilities.acceptversions",
    several(
        kvp("GetCapabilities", VERSION=None, ACCEPTVERSIONS="2.0.0"),
        kvp("GetCapabilities", VERSION=None, ACCEPTVERSIONS="3.0.0,2.0.0,1.1.0"),
    ),
    *_BROKEN,
)
def _versions(*answers: Answer) -> None:
    for answer in answers:
        assert_capabilities(answer)


@BOOK.states(
    "getcapabilities.sections",
    several(
        kvp("GetCapabilities", SECTIONS="FeatureTypeList"),
        kvp("GetCapabilities", SECTIONS="ServiceIdentification,Filter_Capabilities"),
    ),
    *_BROKEN,
    first(dropped(f"{ROOT}/wfs:FeatureTypeList")),
    dropped(_FILTER),
)
def _sections(one: Answer, two: Answer) -> None:
    assert_capabilities(one, "FeatureTypeList")
    assert_capabilities(two, "ServiceIdentification", "Filter_Capabilities")


@BOOK.states(
    "getcapabilities.case",
    lambda s: s.ask(service="WFS", Request="GetCapabilities", vErSiOn="2.0.0"),
    *_BROKEN,
)
def _case(answer: Answer) -> None:
    assert_capabilities(answer)


@BOOK.states(
    "service.identification",
    CAPABILITIES,
    put("//ows:ServiceType", "WMS"),
    put("//ows:ServiceTypeVersion", "1.1.0"),
    put("//ows:ServiceIdentification/ows:Title", ""),
    dropped("//ows:ServiceProvider/ows:ProviderName"),
)
def _identification(answer: Answer) -> None:
    assert answer.one("//ows:ServiceType").text == "WFS"
    assert "2.0.0" in [e.text for e in answer.find("//ows:ServiceTypeVersion")]
    assert answer.one("//ows:ServiceIdentification/ows:Title").text
    assert answer.one("//ows:ServiceProvider/ows:ProviderName").text


@BOOK.states(
    "service.languages",
    several(kvp("GetCapabilities", LANGUAGE="vi"), kvp("GetCapabilities", LANGUAGE="en")),
    rewritten("Water", "Mặt nước"),
    first(rewritten("Mặt nước", "Water")),
)
def _languages(vietnamese: Answer, english: Answer) -> None:
    for answer, title in ((vietnamese, "Mặt nước"), (english, "Water")):
        assert answer.one(f"{_TYPE}[wfs:Name='diado:water']/wfs:Title").text == title


def _declared(answer: Answer, name: str) -> str:
    found = answer.one(f"{_CONSTRAINT}[@name='{name}']/ows:DefaultValue").text
    return str(found).upper()


#: What table 13 wants said, and what is true of a Basic WFS with paging and nothing beyond.
_SAID = {
    "ImplementsBasicWFS": "TRUE",
    "ImplementsTransactionalWFS": "FALSE",
    "ImplementsLockingWFS": "FALSE",
    "KVPEncoding": "TRUE",
    "XMLEncoding": "TRUE",
    "SOAPEncoding": "FALSE",
    "ImplementsInheritance": "FALSE",
    "ImplementsRemoteResolve": "FALSE",
    "ImplementsResultPaging": "TRUE",
    "ImplementsStandardJoins": "FALSE",
    "ImplementsSpatialJoins": "FALSE",
    "ImplementsTemporalJoins": "FALSE",
    "ImplementsFeatureVersioning": "FALSE",
    "ManageStoredQueries": "FALSE",
}


@BOOK.states(
    "constraints.service",
    CAPABILITIES,
    dropped(f"{_CONSTRAINT}[@name='ImplementsBasicWFS']"),
    put(f"{_CONSTRAINT}[@name='ImplementsResultPaging']/ows:DefaultValue", "FALSE"),
    put(f"{_CONSTRAINT}[@name='SOAPEncoding']/ows:DefaultValue", "perhaps"),
)
def _constraints(answer: Answer) -> None:
    assert {name: _declared(answer, name) for name in _SAID} == _SAID


def _operations(answer: Answer) -> dict[str, Any]:
    return {element.get("name"): element for element in answer.find(_OPERATION)}


def _assert_offered(answer: Answer, names: tuple[str, ...]) -> None:
    offered = _operations(answer)
    for name in names:
        assert name in offered, name
        for method in ("Get", "Post"):
            path = f"{{*}}DCP/{{*}}HTTP/{{*}}{method}"
            found = offered[name].find(path)
            assert found is not None, f"{name} by {method}"
            href = found.get(f"{{{NAMESPACES['xlink']}}}href")
            assert href.partition("?")[0].endswith("/wfs")


@BOOK.states(
    "operations.simple",
    CAPABILITIES,
    dropped(f"{_OPERATION}[@name='ListStoredQueries']"),
    dropped(f"{_OPERATION}[@name='DescribeFeatureType']//ows:Post"),
    marked(f"{_OPERATION}[@name='GetFeature']//ows:Get", "xlink:href", "http://elsewhere/"),
)
def _simple(answer: Answer) -> None:
    _assert_offered(
        answer,
        (
            "GetCapabilities",
            "DescribeFeatureType",
            "ListStoredQueries",
            "DescribeStoredQueries",
            "GetFeature",
        ),
    )


@BOOK.states(
    "operations.basic",
    CAPABILITIES,
    dropped(f"{_OPERATION}[@name='GetPropertyValue']"),
    put(f"{_CONSTRAINT}[@name='QueryExpressions']//ows:Value[1]", "fes:Query"),
)
def _basic(answer: Answer) -> None:
    _assert_offered(answer, ("GetPropertyValue",))
    found = answer.find(f"{_CONSTRAINT}[@name='QueryExpressions']//ows:Value")
    assert {e.text for e in found} == {"wfs:Query", "wfs:StoredQuery"}


@BOOK.states(
    "operations.getfeature.parameters",
    CAPABILITIES,
    dropped(f"{_OPERATION}[@name='GetFeature']/ows:Parameter[@name='outputFormat']"),
    dropped(f"{_OPERATION}[@name='GetFeature']/ows:Constraint[@name='CountDefault']"),
    rewritten("application/gml+xml; version=3.2", "application/gml"),
)
def _parameters(answer: Answer) -> None:
    here = f"{_OPERATION}[@name='GetFeature']"
    formats = {
        e.text for e in answer.find(f"{here}/ows:Parameter[@name='outputFormat']//ows:Value")
    }
    assert "application/gml+xml; version=3.2" in formats
    # By it GDAL and QGIS decide how large their pages are.
    assert int(answer.one(f"{here}/ows:Constraint[@name='CountDefault']/ows:DefaultValue").text) > 0


@BOOK.states(
    "featuretypes",
    CAPABILITIES,
    put(f"{_TYPE}[2]/wfs:Name", "diado:water"),
    put(f"{_TYPE}[1]/wfs:Name", "x:water"),
    dropped(f"{_TYPE}[1]/wfs:DefaultCRS"),
    put(f"{_TYPE}[1]/wfs:OtherCRS", "EPSG:4326"),
    dropped(f"{_TYPE}[1]/ows:WGS84BoundingBox"),
    put(f"{_TYPE}[1]/ows:WGS84BoundingBox/ows:LowerCorner", "200 100"),
    dropped_all(_TYPE),
)
def _types(answer: Answer) -> None:
    found = answer.find(_TYPE)
    assert len(found) >= 10
    listed = [element.findtext("{*}Name") for element in found]
    assert len(listed) == len(set(listed))
    for element, name in zip(found, listed, strict=True):
        prefix, _, local = name.partition(":")
        assert element.nsmap.get(prefix) == NAMESPACES["diado"]
        assert local
        systems = [e.text for e in element if e.tag.endswith(("DefaultCRS", "OtherCRS"))]
        assert element.find("{*}DefaultCRS") is not None
        assert all(system.startswith("urn:ogc:def:crs:") for system in systems)
        box = element.find("{*}WGS84BoundingBox")
        assert box is not None
        low, high = (
            [float(x) for x in box.findtext(f"{{*}}{end}").split()]
            for end in ("LowerCorner", "UpperCorner")
        )
        assert -180 <= low[0] <= high[0] <= 180
        assert -90 <= low[1] <= high[1] <= 90


_WANTED = (
    *("PropertyIsEqualTo", "PropertyIsNotEqualTo", "PropertyIsLessThan", "PropertyIsGreaterThan"),
    *("PropertyIsLessThanOrEqualTo", "PropertyIsGreaterThanOrEqualTo", "PropertyIsLike"),
    *("PropertyIsNull", "PropertyIsNil", "PropertyIsBetween"),
)


def _names(answer: Answer, element: str) -> set[str]:
    return {e.get("name") for e in answer.find(f"{_FILTER}//fes:{element}")}


@BOOK.states(
    "filters.conformance",
    CAPABILITIES,
    put(f"{_FILTER}//fes:Constraint[@name='ImplementsSorting']/ows:DefaultValue", "FALSE"),
    dropped(f"{_FILTER}//fes:Constraint[@name='ImplementsMinSpatialFilter']"),
)
def _filter_conformance(answer: Answer) -> None:
    said = {
        e.get("name"): str(e.findtext("{*}DefaultValue")).upper()
        for e in answer.find(f"{_FILTER}/fes:Conformance/fes:Constraint")
    }
    assert len(said) == 15
    for name in (
        *("Query", "AdHocQuery", "ResourceId", "MinStandardFilter", "StandardFilter"),
        *("MinSpatialFilter", "SpatialFilter", "MinTemporalFilter", "Sorting", "MinimumXPath"),
    ):
        assert said[f"Implements{name}"] == "TRUE", name
    for name in ("Functions", "VersionNav", "ExtendedOperators", "SchemaElementFunc"):
        assert said[f"Implements{name}"] == "FALSE", name


@BOOK.states(
    "filters.operators",
    CAPABILITIES,
    dropped(f"{_FILTER}//fes:ComparisonOperator[@name='PropertyIsLike']"),
    dropped(f"{_FILTER}//fes:LogicalOperators"),
    dropped(f"{_FILTER}//fes:SpatialOperator[@name='BBOX']"),
    dropped(f"{_FILTER}//fes:TemporalOperator[@name='During']"),
    marked(f"{_FILTER}//fes:GeometryOperand", "name", "gml:Ellipse"),
    dropped(f"{_FILTER}//fes:ResourceIdentifier"),
)
def _operators(answer: Answer) -> None:
    assert _names(answer, "ComparisonOperator") == set(_WANTED)
    assert answer.one(f"{_FILTER}//fes:LogicalOperators") is not None
    assert {"BBOX", "Intersects", "DWithin"} <= _names(answer, "SpatialOperator")
    assert "During" in _names(answer, "TemporalOperator")
    assert _names(answer, "ResourceIdentifier") == {"fes:ResourceId"}
    assert {"gml:Envelope", "gml:Point", "gml:Polygon"} <= _names(answer, "GeometryOperand")
    assert "gml:Ellipse" not in _names(answer, "GeometryOperand")
