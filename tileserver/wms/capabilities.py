"""GetCapabilities of both versions, made from the catalogue.

Elements stand in the order of the schema (OGC 06-042, annex E.1) and of the DTD
(OGC 01-068r3, annex A.1).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext
from lxml import etree

from tileserver.drawing import SYSTEMS
from tileserver.extents import Extent, extents
from tileserver.layers import MAP_LAYERS
from tileserver.limits import FIRST_DAY, LARGEST_PICTURE_PX, LAST_DAY, MOST_LAYERS
from tileserver.provider import provider
from tileserver.services import in_language
from tileserver.sight import layers_of_drafts
from tileserver.wms import legends, tree
from tileserver.wms.info import WRITERS
from tileserver.wms.parameters import PICTURE_FORMATS, systems

if TYPE_CHECKING:
    from tileserver.layer import Layer

WMS = "http://www.opengis.net/wms"
SLD = "http://www.opengis.net/sld"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# The empty prefix is None, which the types of lxml leave out.
_PREFIXES: Any = {None: WMS, "xlink": XLINK, "sld": SLD, "xsi": XSI}
_SCHEMAS = (
    f"{WMS} http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd"
    f" {SLD} http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd"
)
#: Of the service, and of the layer that holds all others.
KEYWORDS = ("Viet Nam", "planning", "cadastre", "quy hoạch", "địa chính")
_DTD = '<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd">'


@dataclass(frozen=True)
class Addresses:
    """Where the service and the catalogue's page are, as the asker names our host."""

    service: str
    catalogue: str


def document(version: str, addresses: Addresses, *, update_sequence: int) -> bytes:
    """Return the capabilities in the active language."""
    return (_Version130 if version == "1.3.0" else _Version111)(addresses, update_sequence).bytes()


class _Document(ABC):
    """What both versions share. Public: `bytes`."""

    version: str
    namespace: str

    def __init__(self, addresses: Addresses, update_sequence: int) -> None:
        self.addresses = addresses
        self.update_sequence = str(update_sequence)
        self.extents = extents()
        self.legend_sizes = legends.sizes(today=timezone.localdate())

    @abstractmethod
    def bytes(self) -> bytes:
        """Return the document."""

    def element(
        self, parent: etree._Element, name: str, text: str = "", /, **attributes: str
    ) -> etree._Element:
        made = etree.SubElement(parent, f"{self.namespace}{name}", attributes)
        if text:
            made.text = text
        return made

    def online(self, parent: etree._Element, href: str) -> None:
        # Where the document type of 1.1.1 has the prefix declared; in 1.3.0 the root says it.
        made = etree.SubElement(parent, f"{self.namespace}OnlineResource", nsmap={"xlink": XLINK})
        made.set(f"{{{XLINK}}}type", "simple")
        made.set(f"{{{XLINK}}}href", href)

    def service(self, root: etree._Element, name: str) -> etree._Element:
        service = self.element(root, "Service")
        self.element(service, "Name", name)
        self.element(service, "Title", gettext("wms.title"))
        self.element(service, "Abstract", gettext("wms.abstract"))
        self.keywords(service, KEYWORDS)
        self.online(service, self.addresses.service)
        self.contact(service)
        self.element(service, "Fees", "none")
        self.element(service, "AccessConstraints", gettext("wms.constraints"))
        return service

    def contact(self, service: etree._Element) -> None:
        office = provider()
        if not office.can_be_reached:
            return
        made = self.element(service, "ContactInformation")
        asked = self.element(made, "ContactPersonPrimary")
        # The standard wants a person; nobody's name goes out, so it is the office's again.
        self.element(asked, "ContactPerson", office.name)
        self.element(asked, "ContactOrganization", office.name)
        if office.phone:
            self.element(made, "ContactVoiceTelephone", office.phone)
        if office.email:
            self.element(made, "ContactElectronicMailAddress", office.email)

    def keywords(self, parent: etree._Element, words: tuple[str, ...]) -> None:
        if words:
            listed = self.element(parent, "KeywordList")
            for word in words:
                self.element(listed, "Keyword", word)

    def operation(
        self, parent: etree._Element, name: str, formats: tuple[str, ...], *, space: str = ""
    ) -> None:
        made = etree.SubElement(parent, f"{space or self.namespace}{name}")
        for format_ in formats:
            self.element(made, "Format", format_)
        get = self.element(self.element(self.element(made, "DCPType"), "HTTP"), "Get")
        # The query is appended: the address ends in what separates it (OGC 06-042, 6.3.3).
        self.online(get, f"{self.addresses.service}?")

    def exceptions(self, capability: etree._Element, formats: tuple[str, ...]) -> None:
        listed = self.element(capability, "Exception")
        for format_ in formats:
            self.element(listed, "Format", format_)

    def root_layer(self, capability: etree._Element) -> None:
        """Write the tree of layers below the one that holds them all."""
        whole = self.layer(
            capability,
            tree.ROOT,
            gettext("wms.root"),
            self.around(MAP_LAYERS),
            is_queryable=True,
            abstract=gettext("wms.abstract"),
            keywords=KEYWORDS,
        )
        self.dimension(whole)
        authority = self.element(whole, "AuthorityURL", name="diado")
        self.online(authority, self.addresses.catalogue)
        for group in tree.groups():
            title = in_language(group.title_vi, group.title_en)
            titles = (in_language(y.title_vi, y.title_en) for y in group.layers)
            made = self.layer(
                whole,
                group.id,
                title,
                self.around(group.layers),
                is_queryable=True,
                abstract=f"{title}: {', '.join(titles)}.",
                keywords=tuple(dict.fromkeys(word for y in group.layers for word in y.keywords)),
            )
            for layer in group.layers:
                self.catalogue_layer(made, layer)
        for layer in layers_of_drafts():
            self.catalogue_layer(whole, layer)

    def around(self, layers: tuple[Layer, ...]) -> Extent:
        """Return the extent of several layers together."""
        return reduce(Extent.joined, (self.extents[layer.id] for layer in layers))

    def catalogue_layer(self, parent: etree._Element, layer: Layer) -> None:
        title = in_language(layer.title_vi, layer.title_en)
        abstract = in_language(layer.abstract_vi, layer.abstract_en)
        # Drafts change without a revision: what all layers cover is told for them.
        extent = self.extents.get(layer.id) or self.around(MAP_LAYERS)
        made = self.layer(
            parent,
            layer.id,
            title,
            extent,
            is_queryable=True,
            abstract=abstract,
            keywords=layer.keywords,
        )
        if layer.attribution:
            self.element(self.element(made, "Attribution"), "Title", layer.attribution)
        self.element(made, "Identifier", layer.id, authority="diado")
        self.metadata(made)
        data = self.element(made, "DataURL")
        self.element(data, "Format", "text/html")
        self.online(data, f"{self.addresses.catalogue}#{layer.id}")
        style = self.element(made, "Style")
        self.element(style, "Name", "default")
        self.element(style, "Title", gettext("wms.style"))
        if layer.id in self.legend_sizes:
            width, height = self.legend_sizes[layer.id]
            legend = self.element(style, "LegendURL", width=str(width), height=str(height))
            self.element(legend, "Format", legends.LEGEND_FORMAT)
            self.online(legend, legends.address(self.addresses.service, layer.id))
        self.scale(made, tree.largest_scale_denominator(layer))

    def layer(
        self,
        parent: etree._Element,
        name: str,
        title: str,
        extent: Extent,
        *,
        is_queryable: bool,
        abstract: str = "",
        keywords: tuple[str, ...] = (),
    ) -> etree._Element:
        made = self.element(parent, "Layer", queryable="1" if is_queryable else "0", opaque="0")
        self.element(made, "Name", name)
        self.element(made, "Title", title)
        if abstract:
            self.element(made, "Abstract", abstract)
        self.keywords(made, keywords)
        if name == tree.ROOT:
            for system in systems(self.version):
                self.element(made, self.crs_name, system)
        self.boxes(made, extent)
        return made

    crs_name: str

    @abstractmethod
    def metadata(self, made: etree._Element) -> None:
        """Name the record of a layer."""

    @abstractmethod
    def boxes(self, made: etree._Element, extent: Extent) -> None:
        """Write where a layer lies."""

    @abstractmethod
    def dimension(self, made: etree._Element) -> None:
        """Write for which days maps can be asked."""

    @abstractmethod
    def scale(self, made: etree._Element, largest: float) -> None:
        """Write up to which scale denominator a layer is drawn."""

    def bounding_boxes(self, made: etree._Element, extent: Extent) -> None:
        """Write a box for each system, its edges in the order of the version."""
        by_epsg = dict(zip(SYSTEMS, (extent.mercator, extent.degrees, extent.stored), strict=True))
        for system in systems(self.version).values():
            west, south, east, north = by_epsg[system.epsg]
            edges = (south, west, north, east) if system.is_flipped else (west, south, east, north)
            form = "{:.7f}" if system.epsg == 4326 else "{:.3f}"
            values = dict(
                zip(("minx", "miny", "maxx", "maxy"), map(form.format, edges), strict=True)
            )
            self.element(made, "BoundingBox", **{self.crs_name: system.name}, **values)


class _Version130(_Document):
    version = "1.3.0"
    namespace = f"{{{WMS}}}"
    crs_name = "CRS"

    def bytes(self) -> bytes:
        root = etree.Element(
            f"{self.namespace}WMS_Capabilities",
            {"version": self.version, "updateSequence": self.update_sequence},
            nsmap=_PREFIXES,
        )
        root.set(f"{{{XSI}}}schemaLocation", _SCHEMAS)
        service = self.service(root, "WMS")
        self.element(service, "LayerLimit", str(MOST_LAYERS))
        self.element(service, "MaxWidth", str(LARGEST_PICTURE_PX))
        self.element(service, "MaxHeight", str(LARGEST_PICTURE_PX))
        capability = self.element(root, "Capability")
        request = self.element(capability, "Request")
        self.operation(request, "GetCapabilities", ("text/xml",))
        self.operation(request, "GetMap", PICTURE_FORMATS)
        self.operation(request, "GetFeatureInfo", tuple(WRITERS))
        self.operation(request, "GetLegendGraphic", (legends.LEGEND_FORMAT,), space=f"{{{SLD}}}")
        self.exceptions(capability, ("XML", "INIMAGE", "BLANK"))
        self.root_layer(capability)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def boxes(self, made: etree._Element, extent: Extent) -> None:
        geographic = self.element(made, "EX_GeographicBoundingBox")
        west, south, east, north = extent.degrees
        for name, value in (
            ("westBoundLongitude", west),
            ("eastBoundLongitude", east),
            ("southBoundLatitude", south),
            ("northBoundLatitude", north),
        ):
            self.element(geographic, name, f"{value:.7f}")
        self.bounding_boxes(made, extent)

    def metadata(self, made: etree._Element) -> None:
        record = self.element(made, "MetadataURL", type="DCAT")
        self.element(record, "Format", "application/ld+json")
        self.online(record, f"{self.addresses.catalogue}dcat.json")

    def dimension(self, made: etree._Element) -> None:
        self.element(
            made,
            "Dimension",
            f"{FIRST_DAY}/{LAST_DAY}/P1D",
            name="time",
            units="ISO8601",
            default="current",
            current="1",
            nearestValue="0",
            multipleValues="0",
        )

    def scale(self, made: etree._Element, largest: float) -> None:
        self.element(made, "MaxScaleDenominator", f"{largest:.1f}")


class _Version111(_Document):
    version = "1.1.1"
    namespace = ""
    crs_name = "SRS"

    def bytes(self) -> bytes:
        root = etree.Element(
            "WMT_MS_Capabilities",
            {"version": self.version, "updateSequence": self.update_sequence},
        )
        self.service(root, "OGC:WMS")
        capability = self.element(root, "Capability")
        request = self.element(capability, "Request")
        self.operation(request, "GetCapabilities", ("application/vnd.ogc.wms_xml",))
        self.operation(request, "GetMap", PICTURE_FORMATS)
        self.operation(request, "GetFeatureInfo", tuple(WRITERS))
        self.operation(request, "GetLegendGraphic", (legends.LEGEND_FORMAT,))
        self.exceptions(
            capability,
            (
                "application/vnd.ogc.se_xml",
                "application/vnd.ogc.se_inimage",
                "application/vnd.ogc.se_blank",
            ),
        )
        self.root_layer(capability)
        return etree.tostring(
            root, xml_declaration=True, encoding="UTF-8", pretty_print=True, doctype=_DTD
        )

    def boxes(self, made: etree._Element, extent: Extent) -> None:
        edges = dict(
            zip(
                ("minx", "miny", "maxx", "maxy"),
                (f"{edge:.7f}" for edge in extent.degrees),
                strict=True,
            )
        )
        self.element(made, "LatLonBoundingBox", **edges)
        self.bounding_boxes(made, extent)

    def metadata(self, made: etree._Element) -> None:
        """Name none: 1.1.1 knows two kinds of records, and ours is neither."""

    def dimension(self, made: etree._Element) -> None:
        self.element(made, "Dimension", name="time", units="ISO8601")
        self.element(
            made,
            "Extent",
            f"{FIRST_DAY}/{LAST_DAY}/P1D",
            name="time",
            default="current",
            nearestValue="0",
        )

    def scale(self, made: etree._Element, largest: float) -> None:
        # The diagonal of a pixel in metres (OGC 01-068r3, 7.1.4.5.8).
        self.element(made, "ScaleHint", min="0", max=f"{largest * 0.00028 * 2**0.5:.6f}")
