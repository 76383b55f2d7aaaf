"""The formats that features go out in, under all the names that clients send."""

from __future__ import annotations

from enum import Enum

from tileserver import limits
from tileserver.wfs.problems import problem


class Format(Enum):
    """A format by its exact name."""

    GML = "application/gml+xml; version=3.2"
    GEOJSON = "application/geo+json"
    CSV = "text/csv"
    GEOPACKAGE = "application/geopackage+sqlite3"
    SHAPEFILE = "application/zip; subtype=shapefile"


#: Names beside the exact one, in small letters without blanks.
_ALIASES = {
    Format.GML: (
        "application/gml+xml",
        "text/xml;subtype=gml/3.2",
        "text/xml;subtype=gml/3.2.1",
        "text/xml;subtype=gml/3.2.0",
        "gml32",
        "gml3",
    ),
    Format.GEOJSON: (
        "application/json",
        "application/vnd.geo+json",
        "application/json;subtype=geojson",
        "geojson",
        "json",
    ),
    Format.CSV: ("csv", "text/csv;charset=utf-8"),
    Format.GEOPACKAGE: ("geopackage", "gpkg", "application/x-gpkg"),
    Format.SHAPEFILE: ("shape-zip", "shapezip", "shapefile", "application/zip"),
}
_BY_NAME = {
    name: kind
    for kind, aliases in _ALIASES.items()
    for name in (*aliases, kind.value.replace(" ", ""))
}
#: Names of the schema language that DescribeFeatureType answers in.
_SCHEMAS = frozenset(("xmlschema", *(n for n, kind in _BY_NAME.items() if kind is Format.GML)))

#: Features without a count: who takes a table or a file wants all of it.
USUAL_COUNT = {
    Format.GML: limits.USUAL_FEATURES,
    Format.GEOJSON: limits.USUAL_FEATURES,
    Format.CSV: limits.MOST_FEATURES,
    Format.GEOPACKAGE: limits.MOST_FEATURES_IN_FILE,
    Format.SHAPEFILE: limits.MOST_FEATURES_IN_FILE,
}


def named(name: str) -> Format:
    """Return the format by any of its names. Raises Problem."""
    found = _BY_NAME.get(_plain(name))
    if found is None:
        raise problem("InvalidParameterValue", "outputFormat", "wfs_format", given=name[:60])
    return found


def check_schema(name: str) -> None:
    """Raise Problem unless it is a name of the schema language we describe types in."""
    if _plain(name) not in _SCHEMAS:
        raise problem("InvalidParameterValue", "outputFormat", "wfs_format", given=name[:60])


def _plain(name: str) -> str:
    # An unescaped plus in an address is a blank.
    return (
        name.strip()
        .lower()
        .replace("gml xml", "gml+xml")
        .replace("geo json", "geo+json")
        .replace(" ", "")
    )
