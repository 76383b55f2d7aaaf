"""GetCapabilities (OGC 09-025r2 clause 8.3), made from the catalogue and from what works.

Elements stand in the order of the schemas of WFS 2.0, OWS 1.1 and FES 2.0.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext
from lxml import etree

from landdata import crs
from tileserver import limits
from tileserver.extents import Extent, extents
from tileserver.features import systems
from tileserver.provider import write_ows
from tileserver.services import in_language
from tileserver.sight import layers_in_sight
from tileserver.wfs.collection import GML, SCHEMAS, WFS, XSI
from tileserver.wfs.formats import Format
from tileserver.wfs.names import NAMESPACE, PREFIX, type_name
from tileserver.wfs.problems import OWS, XML_LANG
from tileserver.wfs.requests import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tileserver.layer import Layer

FES = "http://www.opengis.net/fes/2.0"
XLINK = "http://www.w3.org/1999/xlink"
XSD = "http://www.w3.org/2001/XMLSchema"
_PREFIXES = {
    "wfs": WFS,
    "ows": OWS,
    "fes": FES,
    "gml": GML,
    "xlink": XLINK,
    "xsi": XSI,
    "xsd": XSD,
    PREFIX: NAMESPACE,
}

SECTIONS = (
    "ServiceIdentification",
    "ServiceProvider",
    "OperationsMetadata",
    "FeatureTypeList",
    "Filter_Capabilities",
)

#: What a service says of itself (OGC 09-025r2 table 13), and what is true of this one.
CONSTRAINTS = {
    "ImplementsBasicWFS": True,
    "ImplementsTransactionalWFS": False,
    "ImplementsLockingWFS": False,
    "KVPEncoding": True,
    "XMLEncoding": True,
    "SOAPEncoding": False,
    "ImplementsInheritance": False,
    "ImplementsRemoteResolve": False,
    "ImplementsResultPaging": True,
    "ImplementsStandardJoins": False,
    "ImplementsSpatialJoins": False,
    "ImplementsTemporalJoins": False,
    "ImplementsFeatureVersioning": False,
    "ManageStoredQueries": False,
    "PagingIsTransactionSafe": True,
}
#: What its filters can do (OGC 09-026r2 clause 7.13.2).
FILTER_CONSTRAINTS = {
    "ImplementsQuery": True,
    "ImplementsAdHocQuery": True,
    "ImplementsFunctions": False,
    "ImplementsResourceId": True,
    "ImplementsMinStandardFilter": True,
    "ImplementsStandardFilter": True,
    "ImplementsMinSpatialFilter": True,
    "ImplementsSpatialFilter": True,
    "ImplementsMinTemporalFilter": True,
    "ImplementsTemporalFilter": False,
    "ImplementsVersionNav": False,
    "ImplementsSorting": True,
    "ImplementsExtendedOperators": False,
    "ImplementsMinimumXPath": True,
    "ImplementsSchemaElementFunc": False,
}
COMPARISONS = (
    "PropertyIsEqualTo",
    "PropertyIsNotEqualTo",
    "PropertyIsLessThan",
    "PropertyIsGreaterThan",
    "PropertyIsLessThanOrEqualTo",
    "PropertyIsGreaterThanOrEqualTo",
    "PropertyIsLike",
    "PropertyIsNull",
    "PropertyIsNil",
    "PropertyIsBetween",
)
SPATIAL = (
    "BBOX",
    "Equals",
    "Disjoint",
    "Intersects",
    "Touches",
    "Crosses",
    "Within",
    "Contains",
    "Overlaps",
    "DWithin",
    "Beyond",
)
SHAPES = (
    "Envelope",
    "Point",
    "LineString",
    "Curve",
    "Polygon",
    "Surface",
    "MultiPoint",
    "MultiCurve",
    "MultiSurface",
)
TEMPORAL = ("After", "Before", "Begins", "During", "TEquals", "AnyInteracts")
TIMES = ("TimeInstant", "TimePeriod")

#: Operations, and whether a request for them may be sent as XML.
OPERATIONS = (
    "GetCapabilities",
    "DescribeFeatureType",
    "ListStoredQueries",
    "DescribeStoredQueries",
    "GetPropertyValue",
    "GetFeature",
)


class Document:
    """The capabilities in the active language. Public: `bytes`."""

    def __init__(self, address: str, catalogue: str, update_sequence: int) -> None:
        self.address = address
        self.catalogue = catalogue
        self.update_sequence = update_sequence

    def bytes(self, sections: Iterable[str] = SECTIONS) -> bytes:
        """Return the document with these of its sections, in their own order."""
        wanted = set(sections)
        root = etree.Element(f"{{{WFS}}}WFS_Capabilities", nsmap=_PREFIXES, version=VERSION)
        root.set("updateSequence", str(self.update_sequence))
        root.set(XML_LANG, get_language() or "vi")
        root.set(
            f"{{{XSI}}}schemaLocation",
            f"{WFS} {SCHEMAS}/wfs/2.0/wfs.xsd {OWS} {SCHEMAS}/ows/1.1.0/owsAll.xsd",
        )
        for name, write in zip(
            SECTIONS,
            (self._identity, self._provider, self._operations, self._types, self._filters),
            strict=True,
        ):
            if name in wanted:
                write(root)
        return bytes(
            etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        )

    def _identity(self, root: etree._Element) -> None:
        made = _ows(root, "ServiceIdentification")
        _ows(made, "Title", gettext("wfs.title"))
        _ows(
            made,
            "Abstract",
            gettext("wfs.abstract")
            % {
                "usual": limits.USUAL_FEATURES,
                "most": limits.MOST_FEATURES,
                "file": limits.MOST_FEATURES_IN_FILE,
                "start": limits.LARGEST_START,
                "conditions": limits.MOST_CONDITIONS,
                "depth": limits.DEEPEST_FILTER,
                "corners": limits.MOST_CORNERS,
                "bytes": limits.LARGEST_BODY_BYTES,
                "seconds": limits.STATEMENT_SECONDS,
            },
        )
        _keywords(made, ("Viet Nam", "planning", "cadastre", "quy hoạch", "địa chính"))
        _ows(made, "ServiceType", "WFS", codeSpace="OGC")
        _ows(made, "ServiceTypeVersion", VERSION)
        _ows(made, "Fees", "none")
        _ows(made, "AccessConstraints", gettext("wms.constraints"))

    def _provider(self, root: etree._Element) -> None:
        write_ows(root, _ows, site=self.catalogue)

    def _operations(self, root: etree._Element) -> None:
        made = _ows(root, "OperationsMetadata")
        for name in OPERATIONS:
            operation = _ows(made, "Operation", name=name)
            http = _ows(_ows(operation, "DCP"), "HTTP")
            # A query is appended to the one; the other is posted to.
            for method, href in (("Get", f"{self.address}?"), ("Post", self.address)):
                _ows(http, method).set(f"{{{XLINK}}}href", href)
            for parameter, values in _PARAMETERS.get(name, {}).items():
                _allowed(_ows(operation, "Parameter", name=parameter), values)
            if name in ("GetPropertyValue", "GetFeature"):
                # GDAL and QGIS look for it here and page by it.
                _constraint(operation, "CountDefault", str(limits.USUAL_FEATURES))
        _allowed(_ows(made, "Parameter", name="version"), (VERSION,))
        _allowed(_ows(made, "Parameter", name="srsName"), _system_names())
        for name, holds in CONSTRAINTS.items():
            _constraint(made, name, "TRUE" if holds else "FALSE")
        _constraint(made, "CountDefault", str(limits.USUAL_FEATURES))
        queries = _ows(made, "Constraint", name="QueryExpressions")
        _allowed(queries, ("wfs:Query", "wfs:StoredQuery"))

    def _types(self, root: etree._Element) -> None:
        made = _wfs(root, "FeatureTypeList")
        reach = extents()
        for layer in layers_in_sight():
            # Drafts change without a revision: what all layers cover is told for them.
            self._type(made, layer, reach.get(layer.id) or reduce(Extent.joined, reach.values()))

    def _type(self, parent: etree._Element, layer: Layer, reach: Extent) -> None:
        made = _wfs(parent, "FeatureType")
        _wfs(made, "Name", type_name(layer))
        _wfs(made, "Title", in_language(layer.title_vi, layer.title_en))
        _wfs(made, "Abstract", in_language(layer.abstract_vi, layer.abstract_en))
        _keywords(made, layer.keywords)
        first, *others = _system_names()
        _wfs(made, "DefaultCRS", first)
        for other in others:
            _wfs(made, "OtherCRS", other)
        box = _ows(made, "WGS84BoundingBox")
        west, south, east, north = reach.degrees
        # Outwards, so that nothing lies beyond.
        _ows(box, "LowerCorner", f"{west - 5e-7:.6f} {south - 5e-7:.6f}")
        _ows(box, "UpperCorner", f"{east + 5e-7:.6f} {north + 5e-7:.6f}")
        link = _wfs(made, "MetadataURL")
        link.set(f"{{{XLINK}}}href", f"{self.catalogue}#{layer.id}")

    def _filters(self, root: etree._Element) -> None:
        made = _fes(root, "Filter_Capabilities")
        conformance = _fes(made, "Conformance")
        for name, holds in FILTER_CONSTRAINTS.items():
            constraint = _fes(conformance, "Constraint", name=name)
            _ows(constraint, "NoValues")
            _ows(constraint, "DefaultValue", "TRUE" if holds else "FALSE")
        ids = _fes(made, "Id_Capabilities")
        _fes(ids, "ResourceIdentifier", name="fes:ResourceId")
        scalar = _fes(made, "Scalar_Capabilities")
        _fes(scalar, "LogicalOperators")
        _listed(scalar, "ComparisonOperator", COMPARISONS)
        spatial = _fes(made, "Spatial_Capabilities")
        operands = _fes(spatial, "GeometryOperands")
        for shape in SHAPES:
            _fes(operands, "GeometryOperand", name=f"gml:{shape}")
        _listed(spatial, "SpatialOperator", SPATIAL)
        temporal = _fes(made, "Temporal_Capabilities")
        operands = _fes(temporal, "TemporalOperands")
        for time in TIMES:
            _fes(operands, "TemporalOperand", name=f"gml:{time}")
        _listed(temporal, "TemporalOperator", TEMPORAL)


_PARAMETERS: dict[str, dict[str, Sequence[str]]] = {
    "GetCapabilities": {
        "AcceptVersions": (VERSION,),
        "AcceptFormats": ("text/xml",),
        "Sections": SECTIONS,
    },
    "DescribeFeatureType": {"outputFormat": (Format.GML.value,)},
    "GetPropertyValue": {"outputFormat": (Format.GML.value,), "resolve": ("none", "local")},
    "GetFeature": {
        "outputFormat": tuple(kind.value for kind in Format),
        "resultType": ("results", "hits"),
        "resolve": ("none", "local"),
    },
}


def _system_names() -> list[str]:
    """Return the exact names of all systems, that of the default one first."""
    names = [systems.urn(epsg) for epsg in systems.published()]
    at = names.index(systems.urn(crs.GEOGRAPHIC))
    return [*names[: at + 1], "urn:ogc:def:crs:OGC:1.3:CRS84", *names[at + 1 :]]


def _element(
    namespace: str, parent: etree._Element, name: str, text: str, attributes: dict[str, str]
) -> etree._Element:
    made = etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
    if text:
        made.text = text
    return made


def _ows(parent: etree._Element, tag: str, text: str = "", /, **attributes: str) -> Any:
    return _element(OWS, parent, tag, text, attributes)


def _wfs(parent: etree._Element, tag: str, text: str = "", /, **attributes: str) -> Any:
    return _element(WFS, parent, tag, text, attributes)


def _fes(parent: etree._Element, tag: str, text: str = "", /, **attributes: str) -> Any:
    return _element(FES, parent, tag, text, attributes)


def _keywords(parent: etree._Element, words: Sequence[str]) -> None:
    if words:
        listed = _ows(parent, "Keywords")
        for word in words:
            _ows(listed, "Keyword", word)


def _allowed(parent: etree._Element, values: Sequence[str]) -> None:
    listed = _ows(parent, "AllowedValues")
    for value in values:
        _ows(listed, "Value", value)


def _constraint(parent: etree._Element, name: str, value: str) -> None:
    made = _ows(parent, "Constraint", name=name)
    _ows(made, "NoValues")
    _ows(made, "DefaultValue", value)


def _listed(parent: etree._Element, kind: str, names: Sequence[str]) -> None:
    listed = _fes(parent, f"{kind}s")
    for name in names:
        _fes(listed, kind, name=name)
