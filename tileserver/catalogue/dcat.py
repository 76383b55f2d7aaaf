"""The catalogue as DCAT 3 in JSON-LD, for other catalogues to harvest.

Classes and properties are those of the W3C Recommendation of 2024-08-22 (vocab-dcat-3); places and
systems are written as GeoDCAT-AP does it. Every layer is a data set with its distributions, every
service a data service that serves them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tileserver.catalogue.licences import licence_address
from tileserver.catalogue.services import (
    STANDARDS,
    Protocol,
    has_features,
    services,
    spreadsheet,
    ways_out,
)
from tileserver.provider import provider

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from tileserver.catalogue.facts import Box, Facts
    from tileserver.layer import Layer

Node = dict[str, Any]

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_LANGUAGES = {
    "vi": "http://publications.europa.eu/resource/authority/language/VIE",
    "en": "http://publications.europa.eu/resource/authority/language/ENG",
}
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_MEDIA = "https://www.iana.org/assignments/media-types/"
#: Titles of services; standards have no Vietnamese names.
_TITLES = {
    Protocol.WMS: ("Bản đồ (WMS)", "Maps (WMS)"),
    Protocol.WMTS: ("Ô bản đồ (WMTS)", "Map tiles (WMTS)"),
    Protocol.WFS: ("Đối tượng (WFS)", "Features (WFS)"),
    Protocol.FEATURES: ("Đối tượng (OGC API Features)", "Features (OGC API Features)"),
    Protocol.TILES: ("Ô vectơ (TileJSON)", "Vector tiles (TileJSON)"),
}
_TITLE = ("Địa Đồ: các lớp dữ liệu đất đai và quy hoạch", "Địa Đồ: layers of land data and plans")
_DESCRIPTION = (
    "Các lớp dữ liệu đất đai và quy hoạch đô thị, không có thông tin cá nhân.",
    "Layers of land data and urban plans; nothing about persons.",
)


def catalogue(layers: Sequence[Layer], facts: Mapping[str, Facts], base: str) -> Node:
    """Return the catalogue of the installation at `base`, an address that ends in a slash."""
    issued = [known.issued for known in facts.values() if known.issued]
    modified = [known.modified for known in facts.values() if known.modified]
    return {
        "@context": CONTEXT,
        "@id": f"{base}layers/dcat.json",
        "@type": "dcat:Catalog",
        "dct:title": _texts(*_TITLE),
        "dct:description": _texts(*_DESCRIPTION),
        "dct:language": [{"@id": address} for address in _LANGUAGES.values()],
        "dct:publisher": {"@id": base, "@type": "foaf:Agent", "foaf:name": provider().name},
        "foaf:homepage": {"@id": f"{base}layers/"},
        **_when("dct:issued", min(issued, default=None)),
        **_when("dct:modified", max(modified, default=None)),
        "dcat:dataset": [_dataset(layer, facts[layer.id], base) for layer in layers],
        "dcat:service": _services(layers, base),
    }


def _dataset(layer: Layer, known: Facts, base: str) -> Node:
    page = f"{base}layers/{layer.id}/"
    return {
        "@id": page,
        "@type": "dcat:Dataset",
        "dct:identifier": layer.id,
        "dct:title": _texts(layer.title_vi, layer.title_en),
        "dct:description": _texts(layer.abstract_vi, layer.abstract_en),
        "dcat:keyword": list(layer.keywords),
        "dcat:landingPage": {"@id": page},
        "dct:accessRights": {"@id": _PUBLIC},
        "dct:publisher": {"@id": base},
        **_when("dct:issued", known.issued),
        **_when("dct:modified", known.modified),
        **_spatial(known.extent),
        **_temporal(known),
        "dct:source": [_source(source.title_vi, source.title_en) for source in known.sources],
        "dcat:distribution": _distributions(layer, known, base),
    }


def _distributions(layer: Layer, known: Facts, base: str) -> list[Node]:
    rights = _rights(layer, known)
    kinds = {
        Protocol.WMS: "image/png",
        Protocol.WMTS: "image/png",
        Protocol.WFS: "application/gml+xml",
        Protocol.FEATURES: "application/geo+json",
        Protocol.TILES: "application/vnd.mapbox-vector-tile",
    }
    found = [
        {
            "@id": f"{base}layers/{layer.id}/#{way.protocol.name.lower()}",
            "@type": "dcat:Distribution",
            "dct:title": _texts(*_TITLES[way.protocol]),
            "dcat:accessURL": {"@id": way.address},
            "dct:conformsTo": {"@id": STANDARDS[way.protocol]},
            "dcat:mediaType": {"@id": _MEDIA + kinds[way.protocol]},
            **(
                {"dcat:accessService": {"@id": _service_id(way.protocol, base)}}
                if way.protocol is not Protocol.TILES
                else {}
            ),
            **rights,
        }
        for way in ways_out(layer, base)
    ]
    if not has_features(layer):
        return found
    table = spreadsheet(layer, base)
    found.append(
        {
            "@id": f"{base}layers/{layer.id}/#csv",
            "@type": "dcat:Distribution",
            "dct:title": _texts("Bảng thuộc tính (CSV)", "Table of attributes (CSV)"),
            "dcat:accessURL": {"@id": table},
            "dcat:downloadURL": {"@id": table},
            "dcat:mediaType": {"@id": f"{_MEDIA}text/csv"},
            **rights,
        }
    )
    return found


def _services(layers: Sequence[Layer], base: str) -> list[Node]:
    served: dict[Protocol, list[Node]] = {}
    for layer in layers:
        for way in ways_out(layer, base):
            served.setdefault(way.protocol, []).append({"@id": f"{base}layers/{layer.id}/"})
    return [
        {
            "@id": _service_id(service.protocol, base),
            "@type": "dcat:DataService",
            "dct:title": _texts(*_TITLES[service.protocol]),
            "dcat:endpointURL": {"@id": service.endpoint},
            "dcat:endpointDescription": {"@id": service.description},
            "dct:conformsTo": {"@id": STANDARDS[service.protocol]},
            "dct:accessRights": {"@id": _PUBLIC},
            "dcat:servesDataset": served.get(service.protocol, []),
        }
        for service in services(base)
    ]


def _service_id(protocol: Protocol, base: str) -> str:
    return f"{base}layers/#{protocol.name.lower()}"


def _rights(layer: Layer, known: Facts) -> Node:
    """Return what is known of the licence; nothing is said where no data set names one."""
    words = list(dict.fromkeys(s.licence for s in known.sources if s.licence))
    addresses = list(dict.fromkeys(filter(None, map(licence_address, words))))
    rights: Node = {}
    if addresses:
        rights["dct:license"] = [{"@id": address} for address in addresses]
    if stated := [*words, *([layer.attribution] if layer.attribution else [])]:
        rights["dct:rights"] = [
            {"@type": "dct:RightsStatement", "rdfs:label": text} for text in dict.fromkeys(stated)
        ]
    return rights


def _source(vi: str, en: str) -> Node:
    return {"@type": "dcat:Dataset", "dct:title": _texts(vi, en)}


def _spatial(extent: Box | None) -> Node:
    if extent is None:
        return {}
    west, south, east, north = extent
    ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
    return {
        "dct:spatial": {
            "@type": "dct:Location",
            "dcat:bbox": {"@value": f"POLYGON(({ring}))", "@type": "geosparql:wktLiteral"},
        }
    }


def _temporal(known: Facts) -> Node:
    if known.valid_from is None:
        return {}
    return {
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": known.valid_from.isoformat(), "@type": "xsd:date"},
        }
    }


def _when(name: str, moment: dt.datetime | None) -> Node:
    if moment is None:
        return {}
    return {name: {"@value": moment.isoformat(timespec="seconds"), "@type": "xsd:dateTime"}}


def _texts(vi: str, en: str) -> list[Node]:
    return [{"@value": vi, "@language": "vi"}, {"@value": en, "@language": "en"}]
